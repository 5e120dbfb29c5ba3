"""CSV as shops have it: encodings, headers, and cells that are no data."""

import pytest

from app.services.table_file import (
    CellError,
    Layout,
    MissingColumns,
    NoRows,
    Row,
    Table,
    UnknownColumns,
    WrongEncoding,
    read_table,
)

LAYOUT = Layout(required=("name", "price"), optional=("phone",))
GOODS = "name,price\n纯牛奶 250ml,59.00\n红富士苹果,12.80\n茉莉花茶 100g,36.00\n"


@pytest.mark.parametrize(
    ("codec", "encoding"),
    [("utf-8", "utf-8"), ("utf-8-sig", "utf-8"), ("gb18030", "gb18030"), ("gbk", "gb18030")],
)
def test_the_two_encodings_of_chinese_shops_are_read(codec: str, encoding: str) -> None:
    table = read_table(GOODS.encode(codec), LAYOUT)
    assert isinstance(table, Table)
    assert table.encoding == encoding
    assert table.rows[0] == Row(2, {"name": "纯牛奶 250ml", "price": "59.00"})
    assert len(table.rows) == 3


@pytest.mark.parametrize(
    ("content", "named"),
    [
        pytest.param(GOODS.encode("utf-16"), "UTF-16", id="Excel's Unicode text"),
        pytest.param("name,price\n紅富士蘋果,12\n純牛奶,5\n".encode("big5"), "Big5", id="Taiwan"),
        pytest.param(b"name,price\nCaf\xe9\n", "Windows-1252", id="Western Excel"),
    ],
)
def test_other_encodings_are_named(content: bytes, named: str) -> None:
    assert read_table(content, LAYOUT) == WrongEncoding(named)


def test_missing_columns_are_named_with_what_was_found() -> None:
    assert read_table(b"name,cost\na,1\n", LAYOUT) == MissingColumns(("price",), ("name", "cost"))


def test_a_mistyped_column_is_not_guessed() -> None:
    answer = read_table(b"name,price,phnoe\na,1,2\n", LAYOUT)
    assert answer == UnknownColumns(("phnoe",), ("name", "price", "phone"))


@pytest.mark.parametrize("content", [b"", b"name,price\n", b"name,price\n\n ,\n"], ids=repr)
def test_a_file_without_rows_says_so(content: bytes) -> None:
    assert read_table(content, LAYOUT) == NoRows()


@pytest.mark.parametrize("cell", ["=cmd|' /C calc'!A0", "@SUM(A1)", "-2+3", "+A1"])
def test_a_formula_is_never_data(cell: str) -> None:
    table = read_table(f'name,price\n"{cell}",1\n'.encode(), LAYOUT)
    assert isinstance(table, Table)
    assert table.rows == ()
    assert table.errors == (CellError(2, "name", cell, "formula"),)


def test_a_number_with_a_sign_is_no_formula() -> None:
    table = read_table(b"name,price,phone\nTea,-1,+8613800138000\n", LAYOUT)
    assert isinstance(table, Table)
    assert table.rows[0].text("phone") == "+8613800138000"
    assert table.rows[0].text("no such column") == ""


def test_errors_name_row_and_column_as_a_spreadsheet_counts() -> None:
    content = "name,price\nTea,1\n\n,2\nCoffee\n" + "x" * 501 + ",3\n"
    table = read_table(content.encode(), LAYOUT)
    assert isinstance(table, Table)
    assert table.errors == (
        CellError(4, "name", "", "missing"),
        CellError(5, "", "Coffee", "row_length"),
        CellError(6, "name", "x" * 40, "too_long"),
    )
    assert [row.number for row in table.rows] == [2]


def test_a_quote_that_never_ends_is_a_mistake_of_its_row_not_a_crash() -> None:
    table = read_table((GOODS + '"未完,1.00\n' + "酱油,9.90\n" * 20_000).encode(), LAYOUT)
    assert isinstance(table, Table)
    assert table.errors == (CellError(5, "", "", "too_long"),)
    assert len(table.rows) == 3


def test_a_column_named_twice_is_refused() -> None:
    twice = read_table("name,price,price\n茶,1.00,2.00\n".encode(), LAYOUT)
    assert twice == UnknownColumns(("price",), LAYOUT.known)

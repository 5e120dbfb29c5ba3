"""Tables as files: what a spreadsheet reads of them, and what it must not run."""

from __future__ import annotations

import csv
import io
import zipfile
from xml.etree import ElementTree

import pytest

from app.services.spreadsheet import Number, Sheet, csv_bytes, xlsx_bytes

_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


def a_sheet(*cells: object, title: str = "指标") -> Sheet:
    return Sheet(title, ("名称", "金额"), (cells,))  # type: ignore[arg-type]  # cells as the test names them


def cells_of(data: bytes, number: int = 1) -> list[list[str]]:
    """What stands in a sheet of a workbook, texts and numbers alike."""
    with zipfile.ZipFile(io.BytesIO(data)) as book:
        assert book.testzip() is None
        for name in book.namelist():
            ElementTree.fromstring(book.read(name))
        tree = ElementTree.fromstring(book.read(f"xl/worksheets/sheet{number}.xml"))
    rows = tree.find(f"{_MAIN}sheetData")
    assert rows is not None
    return [["".join(cell.itertext()) for cell in row] for row in rows]


@pytest.mark.parametrize(
    "text",
    ["=1+1", "+86138", "-2", "@SUM(A1)", "\t=1", "\r=1", '=HYPERLINK("http://x","y")'],
)
def test_no_text_in_a_csv_begins_as_a_formula(text: str) -> None:
    data = csv_bytes([a_sheet(text, Number(-12345, 2))])
    assert data.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))
    assert rows == [["名称", "金额"], [f"'{text}", "-123.45"]]


def test_a_workbook_holds_texts_as_texts_and_numbers_as_numbers() -> None:
    odd = 'a<b>&"c" \x07=1'
    data = xlsx_bytes([a_sheet(odd, Number(4137, 4, "share")), a_sheet(None, "张*", title="a/b:c")])
    assert cells_of(data) == [["名称", "金额"], ['a<b>&"c"  =1', "0.4137"]]
    assert cells_of(data, 2)[1] == ["", "张*"]
    with zipfile.ZipFile(io.BytesIO(data)) as book:
        assert 'name="2 a b c"' in book.read("xl/workbook.xml").decode()
        assert "<f>" not in book.read("xl/worksheets/sheet1.xml").decode()
    assert xlsx_bytes([a_sheet("x", None)]) == xlsx_bytes([a_sheet("x", None)])


def test_several_tables_stand_below_each_other_with_their_titles() -> None:
    text = csv_bytes([a_sheet("x", Number(5)), a_sheet("y", None, title="=2")]).decode("utf-8-sig")
    assert text.split("\r\n") == [
        "指标", "名称,金额", "x,5", "", "'=2", "名称,金额", "y,", "",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (Number(-5, 2), "-0.05"),
        (Number(5, 2), "0.05"),
        (Number(0, 2), "0.00"),
        (Number(123456, 3), "123.456"),
        (Number(-7), "-7"),
    ],
)
def test_numbers_have_a_point_and_no_separators(number: Number, text: str) -> None:
    assert number.text == text

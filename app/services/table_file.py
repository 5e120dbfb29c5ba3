"""Table files: CSV and XLSX as shops have them, read row by row; errors name row and column.

Owns: encodings, the header, which column of a file is which, cells that are no data (formulas), and
the error record. Does not own: what a column means (import_products.py, import_members.py),
workbooks (workbook.py), files on a disk.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from app.services.workbook import NotAWorkbookError, is_workbook, workbook_rows

CELL_MAX = 500
FORMULA_STARTS = "=+-@\t\r"
"""What a spreadsheet would run: refused, so that an export never carries it on."""

CellProblem = Literal[
    "missing", "formula", "too_long", "not_an_amount", "not_a_rate", "not_a_date", "not_a_number",
    "bad_barcode", "bad_phone", "bad_card", "unknown_tier", "not_yes_or_no", "duplicate",
    "row_length", "already_known", "in_the_past", "forgotten",
]  # fmt: skip


Encoding = Literal["utf-8", "gb18030", "xlsx"]


@dataclass(frozen=True, slots=True)
class CellError:
    """One cell that cannot be taken. `row` counts as a spreadsheet does: the header is row 1."""

    row: int
    column: str
    value: str
    problem: CellProblem
    other_row: int | None = None
    """For duplicates: the row that had it first."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row of data: its number in the file and its cells by column name, blanks trimmed."""

    number: int
    cells: dict[str, str]

    def text(self, column: str) -> str:
        return self.cells.get(column, "")


@dataclass(frozen=True, slots=True)
class Table:
    """A readable file."""

    encoding: Encoding
    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    errors: tuple[CellError, ...] = ()


@dataclass(frozen=True, slots=True)
class WrongEncoding:
    """Neither UTF-8 nor GB18030. `looks_like` names the encoding it seems to be in."""

    looks_like: str


@dataclass(frozen=True, slots=True)
class MissingColumns:
    """The header lacks columns that are needed."""

    missing: tuple[str, ...]
    found: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NoRows:
    """An empty file, or a header alone."""


@dataclass(frozen=True, slots=True)
class UnknownColumns:
    """Columns nobody knows or that stand there twice; perhaps mistyped, so nothing is guessed."""

    unknown: tuple[str, ...]
    known: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class BadWorkbook:
    """It looks like an XLSX file and cannot be read as one."""


Unreadable = WrongEncoding | BadWorkbook | MissingColumns | UnknownColumns | NoRows


@dataclass(frozen=True, slots=True)
class Layout:
    """Which columns a file may have."""

    required: tuple[str, ...]
    optional: tuple[str, ...] = field(default=())

    @property
    def known(self) -> tuple[str, ...]:
        return self.required + self.optional


@dataclass(frozen=True, slots=True)
class Header:
    """What a file calls its columns, and its first rows: for somebody who says which is which."""

    encoding: Encoding
    columns: tuple[str, ...]
    samples: tuple[tuple[str, ...], ...]


def read_header(content: bytes, samples: int = 3) -> Header | WrongEncoding | BadWorkbook | NoRows:
    """The first row of a file as it stands, with some of the rows below."""
    opened = _opened(content)
    if not isinstance(opened, _Lines):
        return opened
    found: list[tuple[str, ...]] = []
    for _, cells in opened.rows:
        if len(found) < samples and cells is not None:
            found.append(tuple(cells))
    return Header(opened.encoding, opened.header, tuple(found))


def read_table(
    content: bytes, layout: Layout, mapping: Mapping[str, str] | None = None
) -> Table | Unreadable:
    """The rows of a file, with errors for every cell that no column could take.

    `mapping`: the file's name of each of our columns, where somebody has said so; what is not named
    there is not read. Without one the file must call its columns as we do.
    """
    opened = _opened(content)
    if not isinstance(opened, _Lines):
        return opened
    header = _named(opened.header, layout, mapping)
    if not isinstance(header, tuple):
        return header
    rows: list[Row] = []
    errors: list[CellError] = []
    for number, cells in opened.rows:
        row = _row(number, cells, header, from_sheet=opened.encoding == "xlsx")
        problems = [row] if isinstance(row, CellError) else list(_problems(row, layout))
        errors.extend(problems)
        if isinstance(row, Row) and not problems:
            rows.append(row)
    if not rows and not errors:
        return NoRows()
    return Table(opened.encoding, tuple(filter(None, header)), tuple(rows), tuple(errors))


@dataclass(frozen=True, slots=True)
class _Lines:
    encoding: Encoding
    header: tuple[str, ...]
    rows: Iterator[tuple[int, Sequence[str] | None]]


def _opened(content: bytes) -> _Lines | WrongEncoding | BadWorkbook | NoRows:
    if is_workbook(content):
        try:
            all_rows = list(workbook_rows(content))
        except NotAWorkbookError:
            return BadWorkbook()
        if not all_rows:
            return NoRows()
        (_, first), rest = all_rows[0], all_rows[1:]
        return _Lines("xlsx", tuple(cell.strip() for cell in first), iter(rest))
    decoded = _decode(content)
    if isinstance(decoded, WrongEncoding):
        return decoded
    encoding, text = decoded
    lines = csv.reader(io.StringIO(text, newline=""))
    header = tuple(cell.strip() for cell in next(lines, []))
    return _Lines(encoding, header, _numbered(lines)) if header else NoRows()


def _named(
    found: tuple[str, ...], layout: Layout, mapping: Mapping[str, str] | None
) -> tuple[str, ...] | Unreadable:
    """Each column of the file by our name; empty where it is not read."""
    if mapping is not None:
        ours = {theirs: name for name, theirs in mapping.items() if theirs}
        header = tuple(ours.get(name, "") for name in found)
        if missing := tuple(name for name in layout.required if name not in header):
            return MissingColumns(missing, found)
        return header
    header = tuple(name.lower() for name in found)
    if missing := tuple(name for name in layout.required if name not in header):
        return MissingColumns(missing, header)
    doubled = (name for place, name in enumerate(header) if name in header[:place])
    if unknown := (*(name for name in header if name not in layout.known), *doubled):
        return UnknownColumns(unknown, layout.known)
    return header


def _row(
    number: int, cells: Sequence[str] | None, header: tuple[str, ...], *, from_sheet: bool
) -> Row | CellError:
    if cells is None:
        return CellError(number, "", "", "too_long")
    if from_sheet:
        # A sheet ends a row with its last cell that holds something.
        cells = (*cells[: len(header)], *("" for _ in range(len(header) - len(cells))))
    if len(cells) != len(header):
        return CellError(number, "", ",".join(cells)[:CELL_MAX], "row_length")
    return Row(number, {n: c.strip() for n, c in zip(header, cells, strict=True) if n})


def _numbered(lines: Iterator[Sequence[str]]) -> Iterator[tuple[int, Sequence[str] | None]]:
    """Rows that are not empty; None where one has no end (a quote that is never closed)."""
    number = 1
    try:
        for number, cells in enumerate(lines, start=2):
            if any(cell.strip() for cell in cells):
                yield number, cells
    except csv.Error:
        yield number + 1, None


def _problems(row: Row, layout: Layout) -> Iterator[CellError]:
    for column, value in row.cells.items():
        if not value:
            if column in layout.required:
                yield CellError(row.number, column, value, "missing")
        elif len(value) > CELL_MAX:
            yield CellError(row.number, column, value[:40], "too_long")
        elif value[0] in FORMULA_STARTS and not _is_signed_number(value):
            yield CellError(row.number, column, value, "formula")


def _is_signed_number(value: str) -> bool:
    """A phone such as +8613800138000, or a negative number (answered by its own column)."""
    digits = value[1:].replace(".", "", 1)
    return value[0] in "+-" and digits.isascii() and digits.isdigit()


HAN_PERCENT_MIN = 80
"""Of the signs beyond ASCII in a Chinese table, at least so many are Han or full-width."""


def _decode(content: bytes) -> tuple[Literal["utf-8", "gb18030"], str] | WrongEncoding:
    if content[:2] in {b"\xff\xfe", b"\xfe\xff"} or b"\x00" in content:
        return WrongEncoding("UTF-16")
    try:
        return "utf-8", content.decode("utf-8-sig")
    except UnicodeDecodeError:
        pass
    try:
        text = content.decode("gb18030")
    except UnicodeDecodeError:
        return WrongEncoding(_guess(content))
    # GB18030 takes almost any bytes: text of another encoding shows itself by signs nobody writes.
    return (
        WrongEncoding(_guess(content))
        if _han_percent(text) < HAN_PERCENT_MIN
        else ("gb18030", text)
    )


def _guess(content: bytes) -> str:
    chinese = _han_percent(content.decode("big5", "replace")) >= HAN_PERCENT_MIN
    return "Big5" if chinese else "Windows-1252"


def _han_percent(text: str) -> int:
    """For text that holds signs beyond ASCII (else it were UTF-8)."""
    beyond = [sign for sign in text if sign > "\x7f"]
    han = sum(1 for sign in beyond if "\u4e00" <= sign <= "\u9fff" or "\uff00" <= sign <= "\uffef")
    return 100 * han // len(beyond)

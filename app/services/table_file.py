"""Table files: CSV as shops have it, read row by row with errors that name row and column.

Owns: encodings, the header, cells that are no data (formulas), and the error record.
Does not own: what a column means (import_products.py, import_members.py), files on a disk.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal

CELL_MAX = 500
FORMULA_STARTS = "=+-@\t\r"
"""What a spreadsheet would run: refused, so that an export never carries it on."""

CellProblem = Literal[
    "missing", "formula", "too_long", "not_an_amount", "not_a_rate", "not_a_date", "not_a_number",
    "bad_barcode", "bad_phone", "bad_card", "unknown_tier", "not_yes_or_no", "duplicate",
    "row_length", "already_known", "in_the_past",
]  # fmt: skip


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

    encoding: Literal["utf-8", "gb18030"]
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


Unreadable = WrongEncoding | MissingColumns | UnknownColumns | NoRows


@dataclass(frozen=True, slots=True)
class Layout:
    """Which columns a file may have."""

    required: tuple[str, ...]
    optional: tuple[str, ...] = field(default=())

    @property
    def known(self) -> tuple[str, ...]:
        return self.required + self.optional


def read_table(content: bytes, layout: Layout) -> Table | Unreadable:
    """The rows of a file, with errors for every cell that no column could take."""
    decoded = _decode(content)
    if isinstance(decoded, WrongEncoding):
        return decoded
    encoding, text = decoded
    lines = csv.reader(io.StringIO(text, newline=""))
    header = tuple(cell.strip().lower() for cell in next(lines, []))
    if not header:
        return NoRows()
    if missing := tuple(name for name in layout.required if name not in header):
        return MissingColumns(missing, header)
    doubled = (name for place, name in enumerate(header) if name in header[:place])
    if unknown := (*(name for name in header if name not in layout.known), *doubled):
        return UnknownColumns(unknown, layout.known)
    rows: list[Row] = []
    errors: list[CellError] = []
    for number, cells in _numbered(lines):
        if cells is None:
            errors.append(CellError(number, "", "", "too_long"))
            continue
        if len(cells) != len(header):
            errors.append(CellError(number, "", ",".join(cells)[:CELL_MAX], "row_length"))
            continue
        row = Row(number, {n: c.strip() for n, c in zip(header, cells, strict=True)})
        problems = list(_problems(row, layout))
        errors.extend(problems)
        if not problems:
            rows.append(row)
    if not rows and not errors:
        return NoRows()
    return Table(encoding, header, tuple(rows), tuple(errors))


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

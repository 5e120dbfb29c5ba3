"""Spreadsheets: tables as CSV and XLSX files that open anywhere and run nothing.

Owns: the two forms. CSV in UTF-8 with its mark, so that Excel reads Chinese; no text in it begins
as a formula does. XLSX as the least workbook there is: texts are texts in it, numbers are numbers.
Does not own: what stands in a table, reading tables (table_file.py), where a file goes (a screen).
"""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal
from xml.sax.saxutils import escape

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")
TITLE_LENGTH_MAX = 31
Style = Literal["plain", "money", "share"]
Form = Literal["csv", "xlsx"]


@dataclass(frozen=True, slots=True)
class Number:
    """A number with so many decimals: 12345 with two is 123.45. A share of 1 is 100 %."""

    whole: int
    decimals: int = 0
    style: Style = "plain"

    @property
    def text(self) -> str:
        """As both files hold it: an ASCII minus, a point, no separators."""
        if not self.decimals:
            return str(self.whole)
        units, rest = divmod(abs(self.whole), 10**self.decimals)
        return f"{'-' if self.whole < 0 else ''}{units}.{rest:0{self.decimals}d}"


Cell = str | Number | None
"""None is an empty cell: nothing is known, which is not zero."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """One table with its header."""

    title: str
    header: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]


def csv_bytes(sheets: Sequence[Sheet]) -> bytes:
    """All tables one below the other, each under its title, an empty line between them."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    for place, sheet in enumerate(sheets):
        if place:
            writer.writerow(())
        if len(sheets) > 1:
            writer.writerow((_harmless(sheet.title),))
        writer.writerow([_harmless(name) for name in sheet.header])
        writer.writerows([_csv_cell(cell) for cell in row] for row in sheet.rows)
    return text.getvalue().encode("utf-8-sig")


def _csv_cell(cell: Cell) -> str:
    match cell:
        case None:
            return ""
        case Number():
            return cell.text
        case _:
            return _harmless(cell)


def _harmless(text: str) -> str:
    """A text that a spreadsheet would run is shown as text instead."""
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text


# ------------------------------------------------------------------ a workbook

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_FORMS: dict[Style, int] = {"plain": 0, "money": 1, "share": 2}
_HEADER_FORM = 3
_STYLES = (
    f'{_XML}<styleSheet xmlns="{_MAIN}"><fonts count="2"><font/><font><b/></font></fonts>'
    '<fills count="2"><fill><patternFill patternType="none"/></fill>'
    '<fill><patternFill patternType="gray125"/></fill></fills><borders count="1"><border/>'
    '</borders><cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="4"><xf/>'
    '<xf numFmtId="4" applyNumberFormat="1"/><xf numFmtId="10" applyNumberFormat="1"/>'
    '<xf fontId="1" applyFont="1"/></cellXfs><cellStyles count="1">'
    '<cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
)
_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
_NOT_IN_TITLE = re.compile(r"[\[\]:*?/\\]")
_OLDEST = (1980, 1, 1, 0, 0, 0)
"""The same tables make the same file, whenever they are written."""


def xlsx_bytes(sheets: Sequence[Sheet]) -> bytes:
    """A workbook with a sheet for each table."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as book:
        for name, content in _parts(sheets):
            place = zipfile.ZipInfo(name, _OLDEST)
            place.compress_type = zipfile.ZIP_DEFLATED
            book.writestr(place, content)
    return packed.getvalue()


def _parts(sheets: Sequence[Sheet]) -> Iterator[tuple[str, str]]:
    numbers = range(1, len(sheets) + 1)
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    overrides = "".join(
        f'<Override PartName="/xl/worksheets/sheet{n}.xml" ContentType="{kind}.worksheet+xml"/>'
        for n in numbers
    )
    types = (
        f'{_XML}<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels"'
        ' ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{kind}.sheet.main+xml"/>'
        f'<Override PartName="/xl/styles.xml" ContentType="{kind}.styles+xml"/>'
        f"{overrides}</Types>"
    )
    yield "[Content_Types].xml", types
    yield "_rels/.rels", _relations([("officeDocument", "xl/workbook.xml")])
    yield "xl/styles.xml", _STYLES
    own = [("worksheet", f"worksheets/sheet{n}.xml") for n in numbers]
    yield "xl/_rels/workbook.xml.rels", _relations([*own, ("styles", "styles.xml")])
    yield "xl/workbook.xml", _workbook(sheets)
    for number, sheet in enumerate(sheets, start=1):
        yield f"xl/worksheets/sheet{number}.xml", _worksheet(sheet)


def _relations(targets: Sequence[tuple[str, str]]) -> str:
    each = "".join(
        f'<Relationship Id="rId{n}" Type="{_OFFICE}/{kind}" Target="{target}"/>'
        for n, (kind, target) in enumerate(targets, start=1)
    )
    return f'{_XML}<Relationships xmlns="{_PACKAGE}/relationships">{each}</Relationships>'


def _workbook(sheets: Sequence[Sheet]) -> str:
    each = "".join(
        f'<sheet name={_quoted(_title(sheet, n))} sheetId="{n}" r:id="rId{n}"/>'
        for n, sheet in enumerate(sheets, start=1)
    )
    return f'{_XML}<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>{each}</sheets></workbook>'


def _title(sheet: Sheet, number: int) -> str:
    """Titles are short, without some signs, and never two alike."""
    return f"{number} {_NOT_IN_TITLE.sub(' ', sheet.title)}"[:TITLE_LENGTH_MAX]


def _worksheet(sheet: Sheet) -> str:
    rows = [_row(1, [_text_cell(name, _HEADER_FORM) for name in sheet.header])]
    rows += [_row(n, [_cell(cell) for cell in row]) for n, row in enumerate(sheet.rows, start=2)]
    # The header stays in sight.
    view = (
        '<sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2"'
        ' activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>'
    )
    body = "".join(rows)
    return f'{_XML}<worksheet xmlns="{_MAIN}">{view}<sheetData>{body}</sheetData></worksheet>'


def _row(number: int, cells: Sequence[str]) -> str:
    return f'<row r="{number}">{"".join(cells)}</row>'


def _cell(cell: Cell) -> str:
    match cell:
        case None:
            return "<c/>"
        case Number():
            return f'<c s="{_FORMS[cell.style]}"><v>{cell.text}</v></c>'
        case _:
            return _text_cell(cell, 0)


def _text_cell(text: str, form: int) -> str:
    inside = escape(_NOT_IN_XML.sub(" ", text))
    return f'<c s="{form}" t="inlineStr"><is><t xml:space="preserve">{inside}</t></is></c>'


def _quoted(text: str) -> str:
    inside = escape(_NOT_IN_XML.sub(" ", text), {'"': "&quot;"})
    return f'"{inside}"'

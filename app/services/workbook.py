"""Workbooks: the first sheet of an XLSX file as rows of text, read with what Python brings.

Owns: shared and inline texts, whole numbers as people typed them, days as ISO days, sizes beyond
which nothing is read. Does not own: writing workbooks (spreadsheet.py), what a column means.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from typing import IO, Any
from xml.etree import ElementTree

UNPACKED_MAX = 300 * 1024 * 1024
"""A file that unpacks to more is none a shop made."""
ROWS_MAX = 1_000_000
_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_CELL = re.compile(r"([A-Z]{1,3})(\d{1,7})$")
_DAYS = {*range(14, 18), 22, *range(27, 37), *range(50, 59)}
"""Forms of a day that a workbook need not spell out."""
_DAY_ZERO = date(1899, 12, 30)
_NOT_A_DAY = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]')


class NotAWorkbookError(Exception):
    """The bytes are no XLSX file this product can read. Caught by whoever reads tables."""


def is_workbook(content: bytes) -> bool:
    """Whether it begins as an XLSX file does."""
    return content[:4] == b"PK\x03\x04"


def workbook_rows(content: bytes) -> Iterator[tuple[int, list[str]]]:
    """The rows of the first sheet that hold anything, each with its number in the file.

    Raises NotAWorkbookError.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as book:
            if sum(part.file_size for part in book.infolist()) > UNPACKED_MAX:
                raise NotAWorkbookError("too large")
            names = set(book.namelist())
            sheet = _first_sheet(book, names)
            texts = _texts(book) if "xl/sharedStrings.xml" in names else []
            days = _day_styles(book) if "xl/styles.xml" in names else set()
            with book.open(sheet) as part:
                yield from _rows(part, texts, days)
    except (zipfile.BadZipFile, ElementTree.ParseError, KeyError, RuntimeError, OSError) as error:
        raise NotAWorkbookError(str(error)) from error


def _parsed(part: IO[bytes], tag: str) -> Iterator[ElementTree.Element]:
    """Elements of this name, one after the other; a document with entities of its own is none."""
    head = part.read(2048)
    if b"<!DOCTYPE" in head:
        raise NotAWorkbookError("a document type")
    parser: Any = ElementTree.XMLPullParser(["end"])  # what it gives depends on what is asked
    parser.feed(head)
    while True:
        for _, element in parser.read_events():
            if element.tag == f"{_MAIN}{tag}":
                yield element
                element.clear()
        piece = part.read(64 * 1024)
        if not piece:
            return
        parser.feed(piece)


def _first_sheet(book: zipfile.ZipFile, names: set[str]) -> str:
    sheets = sorted(
        (name for name in names if re.fullmatch(r"xl/worksheets/sheet\d+\.xml", name)),
        key=lambda name: int(re.sub(r"\D", "", name.rpartition("/")[2])),
    )
    if not sheets:
        raise NotAWorkbookError("no sheet")
    return sheets[0]


def _texts(book: zipfile.ZipFile) -> list[str]:
    with book.open("xl/sharedStrings.xml") as part:
        return [_text_of(element) for element in _parsed(part, "si")]


def _text_of(element: ElementTree.Element) -> str:
    """The text without its phonetic help."""
    runs = [element, *element.findall(f"{_MAIN}r")]
    return "".join(each.findtext(f"{_MAIN}t") or "" for each in runs)


def _day_styles(book: zipfile.ZipFile) -> set[int]:
    """Places of the cell forms that show a day."""
    with book.open("xl/styles.xml") as part:
        data = part.read()
    if b"<!DOCTYPE" in data:
        raise NotAWorkbookError("a document type")
    root = ElementTree.fromstring(data)
    own = {
        int(each.get("numFmtId", "0"))
        for each in root.iter(f"{_MAIN}numFmt")
        if _shows_day(each.get("formatCode", ""))
    }
    forms = root.find(f"{_MAIN}cellXfs")
    found = [] if forms is None else forms.findall(f"{_MAIN}xf")
    days = _DAYS | own
    return {place for place, each in enumerate(found) if int(each.get("numFmtId", "0")) in days}


def _shows_day(code: str) -> bool:
    plain = _NOT_A_DAY.sub("", code.lower())
    return "y" in plain or "d" in plain


def _rows(part: IO[bytes], texts: list[str], days: set[int]) -> Iterator[tuple[int, list[str]]]:
    number = 0
    for element in _parsed(part, "row"):
        number = int(element.get("r", number + 1))
        if number > ROWS_MAX:
            return
        cells: list[str] = []
        for cell in element.findall(f"{_MAIN}c"):
            place = _place(cell.get("r", ""), len(cells))
            cells += [""] * (place - len(cells))
            cells.append(_cell(cell, texts, days))
        if any(cell.strip() for cell in cells):
            yield number, cells


def _place(name: str, after: int) -> int:
    """Which column it is, from 0; a cell without a name stands behind the one before."""
    found = _CELL.match(name)
    if found is None:
        return after
    place = 0
    for letter in found.group(1):
        place = place * 26 + ord(letter) - ord("A") + 1
    return max(after, place - 1)


def _cell(cell: ElementTree.Element, texts: list[str], days: set[int]) -> str:
    kind, value = cell.get("t", "n"), cell.findtext(f"{_MAIN}v") or ""
    if kind == "s":
        place = int(value) if value.isdigit() else -1
        return texts[place] if 0 <= place < len(texts) else ""
    if kind == "inlineStr":
        inside = cell.find(f"{_MAIN}is")
        return "" if inside is None else _text_of(inside)
    if kind == "b":
        return "yes" if value == "1" else "no"
    if kind != "n":
        return value
    return _number(value, is_day=int(cell.get("s", "0")) in days)


def _number(value: str, *, is_day: bool) -> str:
    """As a person typed it: 13800138000, not 1.3800138E10; a day as 2026-11-21."""
    try:
        number = Decimal(value)
    except InvalidOperation:
        return value
    if is_day and 0 < number < 2_958_466:
        return (_DAY_ZERO + timedelta(days=int(number))).isoformat()
    if number == number.to_integral_value() and abs(number) < 10**18:
        return str(int(number))
    return format(number.normalize(), "f")

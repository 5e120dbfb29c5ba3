"""A receipt (or a report of a shift) as lines of text for paper of 32 to 56 columns.

Owns: columns, line breaks, centring; the law that no line is wider than the paper and that a
figure is never cut. Does not own: the rows themselves (paper_rows.py), printer bytes
(receipt_escpos.py), which prints exactly these lines.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum

from app.devices.link_mark import LinkMark
from app.devices.paper_rows import PrintedPaper, paper_rows
from app.devices.paper_text import printable, width, wrapped
from app.devices.receipt_rows import (
    Centred,
    CodeMark,
    Heading,
    Item,
    Pair,
    Row,
    Rule,
    TableHead,
    WordsFor,
)

COLUMNS_MIN = 32
COLUMNS_MAX = 56
_NAME_COLUMNS_MIN = 14
_INDENT = "  "


class LineStyle(Enum):
    """How a printer may stress a line; plain text does not show it."""

    PLAIN = "plain"
    STRONG = "strong"
    HEADING = "heading"
    CODES = "codes"
    """The receipt's code in letters: printers draw QR and bars above it."""
    LINK = "link"
    """The first line of an address in letters: printers draw its QR above it."""


@dataclass(frozen=True, slots=True)
class TextLine:
    """One line, at most as wide as the paper, without trailing blanks."""

    text: str
    style: LineStyle = LineStyle.PLAIN


@dataclass(frozen=True, slots=True)
class _Columns:
    """The widths of quantity, price and amount with the gap before each; all 0 when narrow."""

    quantity: int
    price: int
    amount: int


def receipt_text(receipt: PrintedPaper, words_for: WordsFor, *, columns: int) -> str:
    """The whole paper as text with a final newline, for `columns` from 32 to 56."""
    lines = receipt_lines(receipt, words_for, columns=columns)
    return "".join(f"{line.text}\n" for line in lines)


def receipt_lines(
    receipt: PrintedPaper, words_for: WordsFor, *, columns: int
) -> tuple[TextLine, ...]:
    """The paper's lines with their stress, for `columns` from 32 to 56."""
    if not COLUMNS_MIN <= columns <= COLUMNS_MAX:
        raise ValueError(f"receipt paper has {COLUMNS_MIN} to {COLUMNS_MAX} columns, not {columns}")
    rows = paper_rows(receipt, words_for)
    table = _table_columns(rows, columns)
    return tuple(line for row in rows for line in _row_lines(row, table, columns))


def _table_columns(rows: Sequence[Row], columns: int) -> _Columns | None:
    """Widths that hold every figure of this receipt, or None where names had no room left."""
    cells = [row for row in rows if isinstance(row, Item | TableHead)]
    table = _Columns(
        quantity=max([6] + [width(printable(cell.quantity)) + 1 for cell in cells]),
        price=max([8] + [width(printable(cell.price)) + 1 for cell in cells]),
        amount=max([9] + [width(printable(cell.amount)) + 1 for cell in cells]),
    )
    name = columns - table.quantity - table.price - table.amount
    return table if name >= _NAME_COLUMNS_MIN else None


def _row_lines(row: Row, table: _Columns | None, columns: int) -> Iterator[TextLine]:
    match row:
        case Heading(text):
            yield from _sentence_lines(text, LineStyle.HEADING, columns)
        case Centred(text, strong):
            style = LineStyle.STRONG if strong else LineStyle.PLAIN
            yield from _sentence_lines(text, style, columns)
        case Pair():
            yield from _pair_lines(row, columns)
        case TableHead() if table is None:
            yield from _pair_lines(Pair(row.name, row.amount), columns)
        case Item() if table is None:
            yield from _narrow_item_lines(row, columns)
        case Item() | TableHead():
            assert table is not None
            yield from _wide_item_lines(row, table, columns)
        case Rule():
            yield TextLine("-" * columns)
        case CodeMark(code):
            yield TextLine(_centred(code, columns), LineStyle.CODES)
        case LinkMark(url):
            first, *rest = wrapped(printable(url), columns)
            yield TextLine(_centred(first, columns), LineStyle.LINK)
            yield from (TextLine(_centred(part, columns)) for part in rest)


def _sentence_lines(text: str, style: LineStyle, columns: int) -> Iterator[TextLine]:
    for sentence in text.splitlines():
        for part in wrapped(printable(sentence), columns):
            yield TextLine(_centred(part, columns), style)


def _centred(text: str, columns: int) -> str:
    return " " * ((columns - width(text)) // 2) + text


def _pair_lines(pair: Pair, columns: int) -> Iterator[TextLine]:
    """The figure stands at the right edge: beside the label, or below it where both are long."""
    style = LineStyle.STRONG if pair.strong else LineStyle.PLAIN
    indent = _INDENT if pair.indent else ""
    right = printable(pair.right)
    *above, last = wrapped(printable(pair.left), columns - len(indent))
    for part in above:
        yield TextLine(indent + part, style)
    if width(indent) + width(last) + 1 + width(right) <= columns:
        gap = columns - width(indent) - width(last) - width(right) if right else 0
        yield TextLine(indent + last + " " * gap + right, style)
        return
    yield TextLine(indent + last, style)
    for part in wrapped(right, columns):
        yield TextLine(" " * (columns - width(part)) + part, style)


def _narrow_item_lines(item: Item, columns: int) -> Iterator[TextLine]:
    for part in wrapped(printable(item.name), columns):
        yield TextLine(part)
    # A refund says no price of its own: goods of one line may be worth a fen more or less.
    each = f"{item.quantity} x {item.price}" if item.price else f"x {item.quantity}"
    yield from _pair_lines(Pair(each, item.amount, indent=True), columns)


def _wide_item_lines(item: Item | TableHead, table: _Columns, columns: int) -> Iterator[TextLine]:
    name_columns = columns - table.quantity - table.price - table.amount
    first, *rest = wrapped(printable(item.name), name_columns)
    cells = (
        (item.quantity, table.quantity),
        (item.price, table.price),
        (item.amount, table.amount),
    )
    text = first + " " * (name_columns - width(first))
    for cell, cell_columns in cells:
        shown = printable(cell)
        text += " " * (cell_columns - width(shown)) + shown
    yield TextLine(text)
    for part in rest:
        yield TextLine(part)

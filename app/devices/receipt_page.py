"""The receipt as a page: the same rows set in a proportional font on 58 or 80 mm roll.

Owns: places in micrometres. Does not own: the rows (receipt_rows.py), painting (ui/printing),
the font's widths (an argument).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from app.devices.codes import QR_QUIET_MODULES, code128_bars, qr_matrix
from app.devices.link_mark import LinkMark
from app.devices.paper_rows import PrintedPaper, paper_rows
from app.devices.paper_text import visible, wrapped
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
from app.domain.page import (
    Mark,
    Measure,
    Page,
    PlacedBars,
    PlacedModules,
    PlacedRule,
    PlacedText,
)

_BODY_UM = 2_900
_LINE_UM = 4_000
_STRONG_UM = 4_200
_STRONG_LINE_UM = 6_200
_HEADING_UM = 4_600
_HEADING_LINE_UM = 6_600
_RULE_LINE_UM = 3_000
_MARGIN_TOP_UM = 4_000
_MARGIN_BOTTOM_UM = 6_000
_INDENT_UM = 2_900
_COLUMN_GAP_UM = 3_400
_PAIR_GAP_UM = 2_000
_NAME_UM_MIN = 26_000
_QR_MODULE_UM = 750
_BAR_MODULE_UM_MAX = 250
_BAR_HEIGHT_UM = 9_000


@dataclass(frozen=True, slots=True)
class Roll:
    """Paper of a roll: its width and the part a print head reaches, both in micrometres."""

    width_um: int
    printable_um: int


ROLL_58 = Roll(width_um=58_000, printable_um=48_000)
ROLL_80 = Roll(width_um=80_000, printable_um=72_000)


def receipt_page(
    receipt: PrintedPaper, words_for: WordsFor, measure: Measure, *, roll: Roll
) -> Page:
    """The whole paper on one piece of roll, as long as it needs."""
    rows = paper_rows(receipt, words_for)
    setter = _Setter(roll, measure)
    setter.choose_columns(rows)
    for row in rows:
        setter.set_row(row)
    height = setter.y_um + _MARGIN_BOTTOM_UM
    return Page(roll.width_um, height, receipt.code, tuple(setter.marks))


def _figure(text: str) -> str:
    """With a real minus: the hyphen of a proportional font is too short to be seen."""
    return re.sub(r"(?<!\S)-(?=\d)", "−", visible(text))


@dataclass
class _Setter:
    """Sets rows one below the other; `y_um` is the lower edge of what is set so far."""

    roll: Roll
    measure: Measure
    marks: list[Mark] = field(default_factory=list)
    y_um: int = _MARGIN_TOP_UM
    _ends: tuple[int, int] | None = None
    """Right edges of quantity and price, None where goods take two lines."""

    @property
    def left(self) -> int:
        return (self.roll.width_um - self.roll.printable_um) // 2

    @property
    def right(self) -> int:
        return self.left + self.roll.printable_um

    def choose_columns(self, rows: Sequence[Row]) -> None:
        cells = [row for row in rows if isinstance(row, Item | TableHead)]
        price_end = self.right - self._widest([cell.amount for cell in cells]) - _COLUMN_GAP_UM
        quantity_end = price_end - self._widest([cell.price for cell in cells]) - _COLUMN_GAP_UM
        name_end = quantity_end - self._widest([cell.quantity for cell in cells]) - _COLUMN_GAP_UM
        fits = name_end - self.left >= _NAME_UM_MIN
        self._ends = (quantity_end, price_end) if fits else None
        self._name_end = name_end

    _name_end: int = 0

    def _widest(self, texts: list[str]) -> int:
        return max((self.measure(_figure(text), _BODY_UM, False) for text in texts), default=0)

    def set_row(self, row: Row) -> None:
        match row:
            case Heading(text):
                self._sentence(text, _HEADING_UM, _HEADING_LINE_UM, bold=True)
            case Centred(text, strong):
                self._sentence(text, _BODY_UM, _LINE_UM, bold=strong)
            case Pair():
                self._pair(row)
            case Item() | TableHead():
                self._goods(row)
            case Rule():
                self._rule()
            case CodeMark(code):
                self._codes(code)
            case LinkMark(url):
                self._link(url)

    def _line(self, height_um: int, size_um: int) -> int:
        """Take a line's height; gives its baseline."""
        self.y_um += height_um
        return self.y_um - (height_um - size_um) // 2 - size_um // 8

    def _sentence(self, text: str, size_um: int, line_um: int, *, bold: bool) -> None:
        centre = self.roll.width_um // 2
        for sentence in text.splitlines():
            for part in self._wrapped(sentence, self.roll.printable_um, size_um, bold):
                baseline = self._line(line_um, size_um)
                self.marks.append(PlacedText(centre, baseline, size_um, part, "centre", bold))

    def _wrapped(self, text: str, limit_um: int, size_um: int, bold: bool) -> list[str]:
        return wrapped(visible(text), limit_um, lambda part: self.measure(part, size_um, bold))

    def _pair(self, pair: Pair) -> None:
        size, line = (_STRONG_UM, _STRONG_LINE_UM) if pair.strong else (_BODY_UM, _LINE_UM)
        left = self.left + (_INDENT_UM if pair.indent else 0)
        figure = _figure(pair.right)
        figure_um = self.measure(figure, size, pair.strong)
        baseline = 0
        used_um = 0
        for part in self._wrapped(_figure(pair.left), self.right - left, size, pair.strong):
            baseline = self._line(line, size)
            used_um = self.measure(part, size, pair.strong)
            self.marks.append(PlacedText(left, baseline, size, part, bold=pair.strong))
        if left + used_um + _PAIR_GAP_UM + figure_um <= self.right:
            self.marks.append(PlacedText(self.right, baseline, size, figure, "right", pair.strong))
            return
        for part in self._wrapped(figure, self.roll.printable_um, size, pair.strong):
            baseline = self._line(line, size)
            self.marks.append(PlacedText(self.right, baseline, size, part, "right", pair.strong))

    def _goods(self, item: Item | TableHead) -> None:
        if self._ends is None:
            if isinstance(item, TableHead):
                self._pair(Pair(item.name, item.amount))
            else:
                for part in self._wrapped(item.name, self.roll.printable_um, _BODY_UM, False):
                    self._text(part, self._line(_LINE_UM, _BODY_UM))
                each = f"{item.quantity} × {item.price}" if item.price else f"× {item.quantity}"
                self._pair(Pair(each, item.amount, indent=True))
            return
        name_um = self._name_end - self.left
        first, *rest = self._wrapped(item.name, name_um, _BODY_UM, False)
        baseline = self._line(_LINE_UM, _BODY_UM)
        self._text(first, baseline)
        cells = zip(
            (*self._ends, self.right), (item.quantity, item.price, item.amount), strict=True
        )
        for end_um, cell in cells:
            self.marks.append(PlacedText(end_um, baseline, _BODY_UM, _figure(cell), "right"))
        for part in rest:
            self._text(part, self._line(_LINE_UM, _BODY_UM))

    def _text(self, text: str, baseline_um: int) -> None:
        self.marks.append(PlacedText(self.left, baseline_um, _BODY_UM, text))

    def _rule(self) -> None:
        self.y_um += _RULE_LINE_UM
        middle = self.y_um - _RULE_LINE_UM // 2
        self.marks.append(PlacedRule(self.left, middle, self.roll.printable_um, 200, dashed=True))

    def _codes(self, code: str) -> None:
        bars, qr = code128_bars(code), qr_matrix(code)
        module = min(_BAR_MODULE_UM_MAX, self.roll.printable_um // bars.modules)
        self.y_um += 2_000
        bars_x = (self.roll.width_um - module * bars.modules) // 2
        self.marks.append(PlacedBars(bars_x, self.y_um, module, _BAR_HEIGHT_UM, bars.widths))
        quiet = QR_QUIET_MODULES * _QR_MODULE_UM
        self.y_um += _BAR_HEIGHT_UM + quiet
        qr_x = (self.roll.width_um - _QR_MODULE_UM * qr.size) // 2
        self.marks.append(PlacedModules(qr_x, self.y_um, _QR_MODULE_UM, qr.rows))
        self.y_um += _QR_MODULE_UM * qr.size + quiet // 2
        self._sentence(code, _BODY_UM, _LINE_UM, bold=False)

    def _link(self, url: str) -> None:
        """As large as the codes where the paper has the room."""
        qr = qr_matrix(url)
        module = min(_QR_MODULE_UM, self.roll.printable_um // (qr.size + 2 * QR_QUIET_MODULES))
        quiet = QR_QUIET_MODULES * module
        self.y_um += quiet
        qr_x = (self.roll.width_um - module * qr.size) // 2
        self.marks.append(PlacedModules(qr_x, self.y_um, module, qr.rows))
        self.y_um += module * qr.size + quiet

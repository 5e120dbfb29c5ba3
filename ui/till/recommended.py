"""Recommended: what the member likely wants next, as lines of the member card.

Owns: the words of each, its row. Does not own: which they are (app/services/recommendation.py),
asking for them (recommend_acts.py), which rows there is room for (member_card.py).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from app.services.recommendation import RecommendedOnTill
from app.wording import Wording
from ui.key_map import Action, KeyMap
from ui.kit.text import ElidedText, IconLabel, KeyHint

RECOMMENDED_ACTS = (Action.RECOMMENDED_1, Action.RECOMMENDED_2, Action.RECOMMENDED_3)
ROW_SPACING = 4
_ICONS = {"due": "clock", "together": "basket"}


@dataclass(frozen=True, slots=True)
class RecommendedLine:
    """One product to name. `shorter`: where there is no room for why."""

    sku: str
    text: str
    shorter: str
    icon: str
    key: str


def recommended_lines(
    named: Sequence[RecommendedOnTill], wording: Wording, keys: KeyMap
) -> tuple[RecommendedLine, ...]:
    """The words of each, with the key that rings it up."""
    return tuple(
        RecommendedLine(
            each.sku,
            wording.t("{product}, {why}", product=each.name, why=_why(each, wording)),
            each.name,
            _ICONS[each.because],
            keys.hint(action),
        )
        for each, action in zip(named, RECOMMENDED_ACTS, strict=False)
    )


def _why(each: RecommendedOnTill, wording: Wording) -> str:
    if each.because == "together" and each.beside:
        return wording.t("goes with {product}", product=each.beside)
    days = each.days_since
    if days is None:
        return wording.t("often in such baskets")
    if days == 0:
        return wording.t("last bought today")
    return wording.n("last bought {count} day ago", "last bought {count} days ago", days)


class RecommendedRow(QFrame):
    """One product, framed as something to tap; the key beside it does the same.

    Signals:
        pressed: It is wanted. arg: its sku.
    """

    pressed = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kit", "benefits")
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.sku = ""
        row = QHBoxLayout(self)
        row.setContentsMargins(10, 2, 3, 2)
        row.setSpacing(8)
        self._icon = IconLabel("clock", tone="text_secondary")
        self._text = ElidedText(role="body", tone="text_primary")
        self._key = KeyHint("")
        row.addWidget(self._icon)
        row.addWidget(self._text, 1)
        row.addWidget(self._key)

    @property
    def text(self) -> str:
        return self._text.whole_text

    def show_line(self, line: RecommendedLine) -> None:
        self.sku = line.sku
        self._icon.set_icon(line.icon, tone="text_secondary")
        self._text.set_text(line.text, shorter=line.shorter)
        self._key.setVisible(bool(line.key))
        self._key.set_text(line.key)
        self.setAccessibleName(line.text)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        if self.rect().contains(event.position().toPoint()):
            self.pressed.emit(self.sku)


class RecommendedRows(QWidget):
    """At most three rows; the card hides those it has no room for.

    Signals:
        changed: There are other lines to draw.
        taken: One is wanted. arg: its sku.
    """

    changed = Signal()
    taken = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._lines: tuple[RecommendedLine, ...] = ()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(ROW_SPACING)
        self._rows = [RecommendedRow() for _ in RECOMMENDED_ACTS]
        for row in self._rows:
            row.pressed.connect(self.taken)
            row.hide()
            column.addWidget(row)
        self.hide()

    @property
    def lines(self) -> tuple[RecommendedLine, ...]:
        return self._lines

    @property
    def named(self) -> list[RecommendedRow]:
        """The rows with something to say, in their order."""
        return self._rows[: len(self._lines)]

    def show_lines(self, lines: tuple[RecommendedLine, ...]) -> None:
        if lines == self._lines:
            return
        self._lines = lines
        for row in self._rows[len(lines) :]:
            row.hide()
        for row, line in zip(self.named, lines, strict=True):
            row.show_line(line)
        self.setVisible(bool(lines))
        self.changed.emit()

    def shows(self, number: int) -> bool:
        """Whether the row of that number, from 1, is to be seen: only then its key does it."""
        return number <= len(self.named) and self._rows[number - 1].isVisible()

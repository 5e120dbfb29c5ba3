"""Reason picker: why something is done, by its figure or a tap, with a few words where wanted.

Owns: the rows, which one is chosen, the field for one's own words. Does not own: which reasons
there are (the shop's list), what is done for them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from ui.kit.choice_row import ChoiceRow
from ui.kit.fields import FieldRow, TillLineEdit

NOTE_LENGTH_MAX = 80
FIGURES = "123456789"
_OPEN = ("circle", "text_secondary")
_CHOSEN = ("check-filled", "primary")


@dataclass(frozen=True, slots=True)
class ReasonRow:
    """One reason as it is shown."""

    reason_id: str
    words: str
    needs_note: bool = False


class ReasonPicker(QWidget):
    """The list. Figures are given to `press_figure` by the dialog it stands in.

    Signals:
        picked: A reason was chosen that wants no words. arg: its id.
        changed: Another reason is chosen, or its words are other ones.
    """

    picked = Signal(str)
    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._reasons: tuple[ReasonRow, ...] = ()
        self._rows: list[ChoiceRow] = []
        self._chosen = ""
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(8)
        self.note = TillLineEdit(for_names=True)
        self.note.setMaxLength(NOTE_LENGTH_MAX)
        self.note.textChanged.connect(self.changed)
        self._note_row = FieldRow("", self.note)
        self._column.addWidget(self._note_row)
        self._note_row.hide()

    @property
    def chosen(self) -> str:
        """The id of the reason; empty: none yet."""
        return self._chosen

    @property
    def words(self) -> str:
        """What was typed, where the reason wants it."""
        wants = any(each.needs_note for each in self._reasons if each.reason_id == self._chosen)
        return self.note.text().strip() if wants else ""

    @property
    def rows(self) -> list[ChoiceRow]:
        return self._rows

    def show_reasons(self, reasons: Sequence[ReasonRow], note_label: str) -> None:
        """These reasons in their order; what was chosen and typed stays."""
        self._note_row.set_words(note_label)
        self.note.setAccessibleName(note_label)
        if tuple(reasons) == self._reasons:
            return
        self._reasons = tuple(reasons)
        for row in self._rows:
            row.hide()
            row.deleteLater()
        self._rows = []
        for place, reason in enumerate(self._reasons):
            hint = FIGURES[place] if place < len(FIGURES) else ""
            row = ChoiceRow(reason.words, icon=_OPEN[0], hint=hint)
            row.clicked.connect(lambda _=False, at=place: self._choose(at))
            self._column.insertWidget(place, row)
            self._rows.append(row)
        self._mark()

    def press_figure(self, text: str) -> bool:
        """Choose the reason of this figure. False: it is none."""
        place = FIGURES.find(text) if len(text) == 1 else -1
        if not 0 <= place < len(self._reasons):
            return False
        self._choose(place)
        return True

    def ask_for_words(self, sentence: str) -> None:
        """The chosen reason wants words: say so beside the field."""
        self._note_row.show_error(sentence)
        self.note.setFocus(Qt.FocusReason.OtherFocusReason)

    def _choose(self, place: int) -> None:
        reason = self._reasons[place]
        self._chosen = reason.reason_id
        self._mark()
        self.changed.emit()
        if reason.needs_note:
            self.note.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self.picked.emit(reason.reason_id)

    def _mark(self) -> None:
        wants = False
        for reason, row in zip(self._reasons, self._rows, strict=True):
            is_chosen = reason.reason_id == self._chosen
            row.set_current(is_chosen)
            row.set_icon(*(_CHOSEN if is_chosen else _OPEN))
            wants = wants or (is_chosen and reason.needs_note)
        self._note_row.setVisible(wants)

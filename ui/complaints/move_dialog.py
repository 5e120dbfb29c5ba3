"""Move dialog: choices by digits, then words, then it is sent; widgets only.

Owns: the layout, which digit chooses what, where the focus goes next. Does not own: what is asked
for (moves.py), sending it (move_acts.py). Nothing that was typed is ever cleared.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from app.domain.solution import Solution
from app.wording import Wording
from ui.complaints.moves import Filled, Form, Group
from ui.kit.buttons import ChoiceButton, PrimaryButton, SecondaryButton
from ui.kit.choice_row import ChoiceRow
from ui.kit.dialogs import KitDialog
from ui.kit.fields import FieldRow, TillLineEdit
from ui.kit.scrolling import RoomArea
from ui.kit.text import Text
from ui.kit.text_area import TextArea
from ui.theme.theme import Theme

WIDTH, EDGE = 760, 24
ACROSS = 3
FIGURES = "1234567890"
"""In the order of a keyboard."""
_FIGURE_KEYS = range(Qt.Key.Key_0, Qt.Key.Key_9 + 1)
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class Choices(QWidget):
    """One group of answers: a figure or a tap takes one.

    Signals:
        taken: arg: its place.
    """

    taken = Signal(int)

    def __init__(self, group: Group, *, most_across: int = ACROSS) -> None:
        super().__init__()
        self._ids = [each for each, _ in group.choices]
        self.chosen = group.chosen
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addWidget(Text(group.name, role="body", tone="text_secondary", weight=500))
        grid = QGridLayout()
        grid.setSpacing(8)
        across = 2 if len(group.choices) == 4 else most_across
        self.keys: list[ChoiceButton] = []
        for place, (_, label) in enumerate(group.choices):
            key = ChoiceButton()
            key.set_label(label)
            key.clicked.connect(lambda _=False, at=place: self.choose(at))
            grid.addWidget(key, place // across, place % across)
            self.keys.append(key)
        for column_number in range(across):
            grid.setColumnStretch(column_number, 1)
        column.addLayout(grid)
        self._fault = Text(role="body", tone="danger", wrap=True)
        column.addWidget(self._fault)
        self._fault.hide()
        self._mark()

    def choose(self, place: int) -> None:
        if place < len(self._ids):
            self.chosen = self._ids[place]
            self.show_fault("")
            self._mark()
            self.taken.emit(place)

    def show_keys(self, held: str = "", first: int = 0) -> None:
        """The keys that choose now: figures alone, or with `held`, counted from `first`."""
        for place, key in enumerate(self.keys, first):
            figure = FIGURES[place] if place < len(FIGURES) else ""
            key.set_label(key.text(), hint=f"{held}{figure}" if figure else "")

    def take(self, chosen: str) -> None:
        """Mark it again as somebody had left it; empty: none."""
        if chosen in self._ids or not chosen:
            self.chosen = chosen
            self._mark()

    def show_fault(self, sentence: str) -> None:
        self._fault.setText(sentence)
        self._fault.setVisible(bool(sentence))

    @property
    def fault(self) -> str:
        return self._fault.text()

    def _mark(self) -> None:
        for each, key in zip(self._ids, self.keys, strict=True):
            key.setChecked(each == self.chosen)


class MoveDialog(KitDialog):
    """One move.

    Signals:
        sent: Ctrl+Enter, the button, or the last figure where nothing is typed.
        typed: The words changed. arg: the whole text.
    """

    sent = Signal()
    typed = Signal(str)

    def __init__(self, parent: QWidget, form: Form, wording: Wording) -> None:
        room = parent.window().width() - 2 * EDGE
        width = min(Theme.current().size(WIDTH), room)
        super().__init__(parent, title=form.title, width=width, padding=24)
        self.frame.setMaximumHeight(parent.window().height() - 2 * EDGE)
        self.body.setSpacing(12)
        self._form, self._wording = form, wording
        self.solution: str | None = None
        self._offered: list[Solution] = []
        self.body.addWidget(Text(form.title, role="title", weight=600, wrap=True))
        if form.says:
            self.body.addWidget(Text(form.says, role="body", tone="text_secondary", wrap=True))
        self.area = RoomArea()
        self._in_sight: FieldRow | None = None
        self.area.verticalScrollBar().rangeChanged.connect(self._look_again)
        self.body.addWidget(self.area, 1)
        self.groups = [Choices(each) for each in form.groups]
        for group in self.groups:
            group.taken.connect(self._taken)
            self.area.body.addWidget(group)
        self._build_words(form)
        self._suggestions = QVBoxLayout()
        self._suggestions.setSpacing(8)
        self.suggestion_rows: list[ChoiceRow] = []
        self.area.body.addLayout(self._suggestions)
        self._build_answers(form)
        self._show_keys()

    def first_focus(self) -> QWidget | None:
        if self._next_group() is None:
            return self.words if self._form.text else self.send
        return self

    @property
    def filled(self) -> Filled:
        """As it stands; what a day means is read by `read_day`."""
        text = self.words.text() if self._form.text else ""
        chosen = tuple(group.chosen for group in self.groups)
        return Filled(chosen, text, None, self.solution)

    @property
    def has_words(self) -> bool:
        """Whether something can be typed."""
        return bool(self._form.text)

    @property
    def day_text(self) -> str:
        return self.day.text().strip() if self._form.day else ""

    def read_day(self) -> date | None:
        """The day that was named; None = none. Raises ValueError for what is no day."""
        typed = self.day_text.replace("/", "-").replace(".", "-")
        return date.fromisoformat(typed) if typed else None

    def restore(self, kept: Filled, day: str) -> None:
        """What somebody had typed before he was called away."""
        for group, chosen in zip(self.groups, kept.chosen, strict=False):
            group.take(chosen)
        self._show_keys()
        if self._form.text:
            self.words.setText(kept.text)
        if self._form.day:
            self.day.setText(day)
        self.solution = kept.solution

    def show_about_day(self, sentence: str) -> None:
        """What is worth knowing of what was typed there; empty: nothing."""
        if sentence:
            self.day_row.show_info(sentence)
            self._keep_in_sight(self.day_row)
        else:
            self.day_row.show_error("")

    def show_fault(self, field: str, sentence: str) -> None:
        """Beside the field; `field`: text, day, or the place of a group."""
        self.words_row.show_error(sentence if field == "text" else "")
        self.day_row.show_error(sentence if field == "day" else "")
        for place, group in enumerate(self.groups):
            group.show_fault(sentence if field == str(place) else "")
        if field == "text":
            self.words.setFocus(Qt.FocusReason.OtherFocusReason)
        elif field == "day":
            self.day.setFocus(Qt.FocusReason.OtherFocusReason)
            self._keep_in_sight(self.day_row)
        elif field:
            self.setFocus(Qt.FocusReason.OtherFocusReason)

    def suggest(self, found: Sequence[Solution]) -> None:
        """What helped before; Ctrl with its figure puts it into the words."""
        if not self._form.suggests:
            return
        self._offered = list(found[:3])
        for row in self.suggestion_rows:
            row.hide()
            row.deleteLater()
        self.suggestion_rows = []
        for place, each in enumerate(self._offered):
            row = ChoiceRow(each.title, each.answer, icon="sparkles", hint=f"Ctrl+{place + 1}")
            row.clicked.connect(lambda _=False, at=place: self.take_suggestion(at))
            self._suggestions.addWidget(row)
            self.suggestion_rows.append(row)

    def take_suggestion(self, place: int) -> None:
        """Its answer stands in the words, to be made fitting."""
        if place < len(self._offered):
            taken = self._offered[place]
            self.solution = taken.solution_id
            before = self.words.text().rstrip()
            self.words.setText(f"{before}\n{taken.answer}" if before else taken.answer)
            self.words.setFocus(Qt.FocusReason.OtherFocusReason)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self._show_keys()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._show_keys()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        held = event.modifiers()
        control, alt = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.AltModifier
        place = FIGURES.find(chr(event.key())) if event.key() in _FIGURE_KEYS else -1
        is_figure, plain = place >= 0, self._plain_group()
        if event.key() in _ENTER and (held & control or self._form.is_plain):
            self.sent.emit()
        elif is_figure and held & control:
            self.take_suggestion(place)
        elif is_figure and held & alt:
            self._choose_again(place)
        elif is_figure and plain is not None:
            self.groups[plain].choose(place)
        elif event.key() in _ENTER:
            event.accept()
            return
        else:
            super().keyPressEvent(event)
            return
        event.accept()

    def _next_group(self) -> int | None:
        """The first that nobody has answered; None = all are."""
        return next((at for at, each in enumerate(self.groups) if not each.chosen), None)

    def _plain_group(self) -> int | None:
        """The one that figures alone answer: they are typed wherever words are."""
        return self._next_group() if self.focusWidget() in (None, self) else None

    def _choose_again(self, place: int) -> None:
        """With Alt the figures count on from group to group, and reach each of them always."""
        for group in self.groups:
            if place < len(group.keys):
                group.choose(place)
                return
            place -= len(group.keys)

    def _show_keys(self) -> None:
        """Beside each answer the key that gives it now."""
        first, plain = 0, self._plain_group()
        for at, group in enumerate(self.groups):
            if at == plain:
                group.show_keys()
            else:
                group.show_keys("Alt+", first)
            first += len(group.keys)

    def _taken(self, _: int) -> None:
        if self._next_group() is not None:
            self.setFocus(Qt.FocusReason.OtherFocusReason)
        elif self._form.is_plain:
            self.sent.emit()
        else:
            self._write()
        self._show_keys()

    def _write(self) -> None:
        self.words.setFocus(Qt.FocusReason.OtherFocusReason)
        self._keep_in_sight(self.words_row)

    def _keep_in_sight(self, row: FieldRow) -> None:
        """Also when it becomes higher: what is said below a field is part of it."""
        self._in_sight = row
        QTimer.singleShot(0, self, self._look_again)

    def _look_again(self) -> None:
        if self._in_sight is not None:
            self.area.ensureWidgetVisible(self._in_sight)

    def _build_words(self, form: Form) -> None:
        self.words = TextArea(lines=3)
        self.words.edited.connect(self.typed)
        self.words_row = FieldRow(form.text, self.words)
        self.day = TillLineEdit()
        self.day.setMaxLength(10)
        self.day_row = FieldRow(form.day, self.day)
        for row, label in ((self.words_row, form.text), (self.day_row, form.day)):
            self.area.body.addWidget(row)
            row.setVisible(bool(label))

    def _build_answers(self, form: Form) -> None:
        row = QHBoxLayout()
        row.setSpacing(12)
        self.cancel = SecondaryButton(
            self._wording.t("Back"), icon="arrow-left", hint="Esc", height=64
        )
        self.cancel.clicked.connect(self.reject)
        hint = "Enter" if form.is_plain else "Ctrl+Enter"
        self.send = PrimaryButton(form.send, icon="check", hint=hint)
        self.send.clicked.connect(self.sent)
        row.addWidget(self.cancel)
        row.addWidget(self.send, 1)
        self.body.addLayout(row)

"""Wizard screen: the five pages of a new campaign; widgets only.

Owns: the layout, the digits of rows. Does not own: what stands on a page (wizard_view.py), going on
(wizard_controller.py).
"""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import (
    QGridLayout,
    QHBoxLayout,
    QVBoxLayout,
    QWidget,
)

from app.wording import Wording
from ui.audit.story_panel import story_rows
from ui.campaigns.wizard_view import STEPS, PageView
from ui.kit.buttons import IconButton, PrimaryButton, SecondaryButton
from ui.kit.choice_row import ChoiceRow
from ui.kit.feedback import Banner, Busy
from ui.kit.fields import FieldRow, TillLineEdit
from ui.kit.panels import Card
from ui.kit.scrolling import ScrollArea
from ui.kit.text import Text
from ui.theme.theme import Theme

WIDTH, MARGIN = 860, 32
WIDE = ("text_zh", "text_en")
"""Whole sentences: a row each."""
_FIGURES = "123456789"


class WizardScreen(QWidget):
    """The wizard.

    Signals:
        row_chosen: A row. arg: its place.
        typed: Something was typed. args: the field, its text.
        next_requested, back_requested, stop_requested: pressed.
    """

    row_chosen = Signal(int)
    typed = Signal(str, str)
    next_requested = Signal()
    back_requested = Signal()
    stop_requested = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.rows: list[ChoiceRow] = []
        self.edits: dict[str, TillLineEdit] = {}
        self._field_rows: dict[str, FieldRow] = {}
        self._shown_rows: tuple[tuple[str, str, str], ...] = ()
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 16, 16, 16)
        column.setSpacing(12)
        column.addLayout(self._build_head())
        self._card = Card(padding=(24, 20), spacing=14)
        self.notice = Banner()
        self.busy = Busy()
        self.busy.cancelled.connect(self.stop_requested)
        self.busy.hide()
        self._card.body.addWidget(self.notice)
        self._card.body.addWidget(self._build_page(), 1)
        self._card.body.addWidget(self.busy)
        self._card.body.addLayout(self._build_foot())
        column.addWidget(self._card, 1, Qt.AlignmentFlag.AlignHCenter)

    def render_view(self, view: PageView, wording: Wording) -> None:
        """Show a page; what is the same stays, with its focus."""
        self._title.setText(view.title)
        at = [f"{place + 1} {wording.t(name)}" for place, name in enumerate(STEPS)]
        self._steps.setText("   ".join(f"▸{each}" if place == view.step else each
                                       for place, each in enumerate(at)))  # fmt: skip
        self.notice.show_banner(view.problem, tone="danger")
        if view.rows != self._shown_rows:
            self._make_rows(view.rows)
        for place, row in enumerate(self.rows):
            row.set_current(place == view.current)
            if place == view.current:
                self._area.ensureWidgetVisible(row)
        self._show_fields(view)
        story_rows(self._lines, view.lines)
        self._warnings.setText("\n".join(f"• {each}" for each in view.notices))
        self._warnings.setVisible(bool(view.notices))
        self.go_on.set_label(view.go_on, hint="Enter")
        self.go_on.setEnabled(view.can_go_on)

    def set_words(self, wording: Wording) -> None:
        """Names in the language of the moment."""
        self.back.set_name(wording.t("One step back"))
        self.before.set_label(wording.t("Back"), hint="Esc")

    def show_busy(self, sentence: str, done: int, of: int, cancel: str) -> None:
        """What is being reckoned; empty: nothing is."""
        self.busy.setVisible(bool(sentence))
        if sentence:
            self.busy.show_wait(sentence, done=done, of=of, cancel_label=cancel)

    def focus_first(self) -> None:
        """The field that is wrong, else the first; the page where it has none."""
        wrong = [name for name, row in self._field_rows.items() if row.error_text]
        names = wrong or ([] if self.rows else list(self.edits))
        if names:
            self.edits[names[0]].setFocus(Qt.FocusReason.TabFocusReason)
            self.edits[names[0]].selectAll()
        else:
            self.setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        place = _FIGURES.find(event.text()) if len(event.text()) == 1 else -1
        if 0 <= place < len(self.rows):
            self.row_chosen.emit(place)
            event.accept()
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._card.setFixedWidth(min(Theme.current().size(WIDTH), self.width() - MARGIN))

    def _build_head(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(12)
        self.back = IconButton("arrow-left", "back", framed=True)
        self.back.clicked.connect(self.back_requested)
        self._title = Text(role="h1", weight=600)
        self._steps = Text(role="body_l", tone="text_secondary")
        row.addWidget(self.back)
        row.addWidget(self._title)
        row.addStretch(1)
        row.addWidget(self._steps)
        return row

    def _build_page(self) -> ScrollArea:
        self._area = area = ScrollArea(spacing=12)
        column = area.body
        self._choices = QVBoxLayout()
        self._choices.setSpacing(8)
        self._grid = QGridLayout()
        self._grid.setSpacing(16)
        self._lines = QVBoxLayout()
        self._lines.setSpacing(10)
        self._warnings = Text(role="body", tone="warning", wrap=True)
        column.addWidget(self._warnings)
        for part in (self._choices, self._grid, self._lines):
            column.addLayout(part)
        column.addStretch(1)
        return area

    def _build_foot(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(12)
        self.before = SecondaryButton(icon="arrow-left", height=64)
        self.before.clicked.connect(self.back_requested)
        self.go_on = PrimaryButton(icon="arrow-right")
        self.go_on.clicked.connect(self.next_requested)
        row.addWidget(self.before, 1)
        row.addWidget(self.go_on, 2)
        return row

    def _make_rows(self, rows: tuple[tuple[str, str, str], ...]) -> None:
        self._shown_rows = rows
        for row in self.rows:
            row.hide()
            row.deleteLater()
        self.rows = []
        for place, (name, detail, icon) in enumerate(rows):
            hint = _FIGURES[place] if place < len(_FIGURES) else ""
            row = ChoiceRow(name, detail, icon=icon, hint=hint)
            row.clicked.connect(lambda _=False, at=place: self.row_chosen.emit(at))
            self._choices.addWidget(row)
            self.rows.append(row)

    def _show_fields(self, view: PageView) -> None:
        if [each.name for each in view.fields] != list(self.edits):
            self._make_fields([each.name for each in view.fields])
        for each in view.fields:
            row, edit = self._field_rows[each.name], self.edits[each.name]
            edit.setAccessibleName(each.label)
            edit.setPlaceholderText(each.empty)
            row.set_words(each.label)
            row.show_error(each.error)
            if edit.text() != each.text:
                edit.setText(each.text)
                if not edit.hasFocus():
                    edit.setCursorPosition(0)  # a long message is read from its beginning

    def _make_fields(self, names: list[str]) -> None:
        for row in self._field_rows.values():
            row.hide()
            row.deleteLater()
        self.edits, self._field_rows = {}, {}
        place = 0
        for name in names:
            edit = TillLineEdit(for_names=name in ("title", "category", *WIDE))
            edit.textEdited.connect(lambda text, which=name: self.typed.emit(which, text))
            row = FieldRow(name, edit)
            self.edits[name], self._field_rows[name] = edit, row
            wide = 2 if name in WIDE else 1
            at = (place // 2, place % 2, 1, wide)
            self._grid.addWidget(row, *at, Qt.AlignmentFlag.AlignTop)
            place += wide

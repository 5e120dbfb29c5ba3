"""Form of a limit: for one role and one act; widgets only.

Owns: the choices, the two fields with plus and minus, what is wrong beside them. Does not own:
texts (view_model.py), what is saved (page.py).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from app.domain.rights import Verdict
from app.wording import Wording
from ui.kit.buttons import ChoiceButton, IconButton, PrimaryButton, SecondaryButton
from ui.kit.feedback import Banner
from ui.kit.fields import FieldRow, TillLineEdit
from ui.kit.panels import Card
from ui.kit.text import Text
from ui.kit.tick_row import TickRow
from ui.settings.editor import scrolling
from ui.settings.limits.view_model import FieldName, LimitForm, RoleChoice


class SteppedField(QWidget):
    """A field with minus and plus below it. `step` in what is typed.

    Signals:
        edited: The text changed by hand or by a press.
    """

    edited = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.step = 1
        self.edit = TillLineEdit()
        self.edit.set_lets_keys_through(False)
        self.edit.textChanged.connect(self.edited)
        self.row = FieldRow("", self.edit)
        self.minus, self.plus = (
            IconButton("minus", "", framed=True),
            IconButton("plus", "", framed=True),
        )
        self.minus.clicked.connect(lambda: self._count(-1))
        self.plus.clicked.connect(lambda: self._count(1))
        beside = QHBoxLayout()
        beside.setSpacing(8)
        beside.addWidget(self.minus)
        beside.addWidget(self.plus)
        beside.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self.row)
        column.addLayout(beside)

    def set_words(self, label: str, less: str, more: str) -> None:
        self.row.set_words(label)
        self.edit.setAccessibleName(label)
        self.minus.set_name(less)
        self.plus.set_name(more)

    def _count(self, by: int) -> None:
        whole = self.edit.text().partition(".")[0].strip()
        here = int(whole) if whole.isascii() and whole.isdigit() and len(whole) < 10 else 0
        self.edit.setText(str(max(0, here + by * self.step)))


class LimitCard(Card):
    """What one role may do of one act.

    Signals:
        role_chosen, verdict_chosen: arg: which.
        changed: Something in the form is another one.
        save_requested, reset_requested: pressed.
    """

    role_chosen = Signal(str)
    verdict_chosen = Signal(str)
    changed = Signal()
    save_requested = Signal()
    reset_requested = Signal()

    def __init__(self) -> None:
        super().__init__(padding=(20, 20), spacing=10)
        self.roles: dict[str, ChoiceButton] = {}
        self.verdicts: dict[Verdict, ChoiceButton] = {}
        self._name = Text(role="title", weight=600, wrap=True)
        self._role_grid, self._verdict_grid = QGridLayout(), QGridLayout()
        self.up_to, self.approves_up_to = SteppedField(), SteppedField()
        self.approves = TickRow()
        self.approves.toggled.connect(lambda _: self.changed.emit())
        self._default = Text(role="body", tone="text_secondary", wrap=True)
        self.notice = Banner()
        self.save = PrimaryButton(hint="Enter")
        self.save.clicked.connect(self.save_requested)
        self.reset = SecondaryButton(icon="undo")
        self.reset.clicked.connect(self.reset_requested)
        self._lay_out()

    def retranslate(self, wording: Wording) -> None:
        t = wording.t
        self.save.set_label(t("Save"))
        self.reset.set_label(t("Restore the default"))
        words = t("By badge or PIN, where the act began.")
        self.approves.set_words(t("May say yes for others"), words)

    def show_roles(self, roles: Sequence[RoleChoice], current: str) -> None:
        """Who is looked at; keys are made anew only where there are other roles."""
        if [role.role_id for role in roles] != list(self.roles):
            _put_away(self.roles.values())
            self.roles = {role.role_id: ChoiceButton(role.words) for role in roles}
            for place, (name, key) in enumerate(self.roles.items()):
                key.clicked.connect(lambda _=False, role=name: self.role_chosen.emit(role))
                self._role_grid.addWidget(key, place // 2, place % 2)
        for role in roles:
            self.roles[role.role_id].set_label(role.words)
            self.roles[role.role_id].setChecked(role.role_id == current)

    def show_verdicts(self, words: dict[Verdict, str], current: Verdict) -> None:
        """What may be chosen for this act."""
        if list(words) != list(self.verdicts):
            _put_away(self.verdicts.values())
            self.verdicts = {verdict: ChoiceButton(said) for verdict, said in words.items()}
            for place, (name, key) in enumerate(self.verdicts.items()):
                key.clicked.connect(lambda _=False, verdict=name: self.verdict_chosen.emit(verdict))
                self._verdict_grid.addWidget(key, place // 2, place % 2)
        for verdict, said in words.items():
            self.verdicts[verdict].set_label(said)
            self.verdicts[verdict].setChecked(verdict == current)

    def show_fields(self, name: str, unit: str, default: str, wording: Wording) -> None:
        """The act and the unit of its values; without one there are no fields."""
        t = wording.t
        self._name.setText(name)
        self._default.setText(default)
        self.reset.setEnabled(bool(default))
        label = t("{unit}, at most", unit=unit)
        self.up_to.set_words(label, t("Less"), t("More"))
        beyond = t("{unit}, for others at most; empty: any", unit=unit)
        self.approves_up_to.set_words(beyond, t("Less"), t("More"))

    def show_form(self, form: LimitForm, *, has_unit: bool, asks: bool) -> None:
        """Only the fields that belong to what is chosen are there. `asks`: others may say yes."""
        self.approves.setVisible(asks)
        self.up_to.setVisible(has_unit and form.verdict == "up_to")
        self.approves_up_to.setVisible(has_unit and form.approves)
        if self.up_to.edit.text() != form.up_to:
            self.up_to.edit.setText(form.up_to)
        if self.approves_up_to.edit.text() != form.approves_up_to:
            self.approves_up_to.edit.setText(form.approves_up_to)
        if self.approves.isChecked() != form.approves:
            self.approves.setChecked(form.approves)

    def show_error(self, sentence: str, field: FieldName | None) -> None:
        """What is wrong, beside its field or in the card. Empty: all is well."""
        self.up_to.row.show_error(sentence if field == "up_to" else "")
        self.approves_up_to.row.show_error(sentence if field == "approves_up_to" else "")
        self.notice.show_banner("" if field is not None else sentence, tone="danger")

    @property
    def error_text(self) -> str:
        rows = (self.up_to.row, self.approves_up_to.row)
        return next(filter(None, (row.error_text for row in rows)), self.notice.sentence)

    def take_focus(self) -> None:
        """On the verdict in force."""
        for key in self.verdicts.values():
            if key.isChecked():
                key.setFocus(Qt.FocusReason.OtherFocusReason)

    def _lay_out(self) -> None:
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        column.addWidget(self._name)
        for grid in (self._role_grid, self._verdict_grid):
            grid.setSpacing(8)
            column.addLayout(grid)
            column.addSpacing(6)
        for part in (self.up_to, self.approves, self.approves_up_to, self._default, self.notice):
            column.addWidget(part)
        column.addStretch(1)
        self.body.addWidget(scrolling(inside), 1)
        self.body.addWidget(self.save)
        self.body.addWidget(self.reset)


def _put_away(keys: Iterable[ChoiceButton]) -> None:
    for key in keys:
        key.hide()
        key.deleteLater()

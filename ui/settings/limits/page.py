"""Limits page: which act, which role, and what it may do of it.

Owns: the list of acts, what is chosen and typed, asking the service. Does not own: the form's
widgets (form.py), texts (view_model.py), what is sound (app/domain/rights.py).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import cast

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.domain.limit import SUBJECTS, Subject, default_limit, limit_of, unit_of, with_limit
from app.domain.rights import Rights, Verdict
from app.services.answers import Changed
from app.services.approval import ApprovalNeeded
from app.services.rights import change_rights, read_rights
from app.wording import N_, Wording
from ui.key_map import Action, KeyAction
from ui.kit.choice_row import ChoiceRow
from ui.kit.panels import Card
from ui.kit.text import Text
from ui.navigation import AskApproval
from ui.settings.editor import scrolling
from ui.settings.limits.form import LimitCard
from ui.settings.limits.view_model import (
    ActRow,
    FieldRefused,
    LimitForm,
    act_rows,
    default_words,
    form_of,
    has_approval,
    has_roles,
    read_form,
    refusal_words,
    role_choices,
    unit_words,
    verdict_words,
)
from ui.settings.page import PageWidget, SettingsPage
from ui.settings.screen import EDITOR_NARROW, EDITOR_WIDE, NARROW_BELOW
from ui.theme.theme import follow
from ui.window_parts import WindowParts

_STEPS = {"rate": 1, "money": 10, "points": 100, "steps": 1, "none": 1}
"""How far plus and minus go: percent, whole money, points."""


class LimitsPage(PageWidget):
    """Roles and limits. Whoever may not change them sees them all the same."""

    def __init__(self, parts: WindowParts) -> None:
        super().__init__()
        self._parts = parts
        self._rights: Rights | None = None
        self._act: Subject = SUBJECTS[0]
        self._role = ""
        self._form = LimitForm("not_allowed")
        self._answer: object | None = None
        self._is_drawing = False
        self.rows: list[ChoiceRow] = []
        self._shown: tuple[ActRow, ...] = ()
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.card = card = LimitCard()
        card.role_chosen.connect(self._choose_role)
        card.verdict_chosen.connect(self._choose_verdict)
        card.changed.connect(self._typed)
        card.up_to.edited.connect(self._typed)
        card.approves_up_to.edited.connect(self._typed)
        card.save_requested.connect(self.save)
        card.reset_requested.connect(self.reset)
        self._theme = follow(self, self._share_room)
        columns = QHBoxLayout(self)
        columns.setContentsMargins(0, 0, 0, 0)
        columns.setSpacing(16)
        columns.addWidget(self._build_list(), 1)
        columns.addWidget(card)
        self.speak(parts.wording)

    # ------------------------------------------------------------------ the settings ask

    def enter(self) -> None:
        self._answer = None
        self._take_focus()
        self._parts.look_up(read_rights, self._read)

    def key_actions(self) -> Sequence[KeyAction]:
        t = self._parts.wording.t
        return (
            KeyAction(Action.CONFIRM, t("Change the marked setting, or save it"), self.confirm),
            KeyAction(Action.LINE_UP, t("Setting above"), partial(self.step, -1)),
            KeyAction(Action.LINE_DOWN, t("Setting below"), partial(self.step, 1)),
            KeyAction(Action.REMOVE_LINE, t("Restore the default"), self.reset),
        )

    def back(self) -> bool:
        """Esc: out of the form first; what was not saved is as it was."""
        if not self._is_in_form():
            return False
        self._answer = None
        self._begin()
        self._take_focus()
        return True

    def speak(self, wording: Wording) -> None:
        self._title.setText(wording.t("Roles and limits"))
        self.card.retranslate(wording)
        self._draw()

    # ------------------------------------------------------------------ acts

    def confirm(self) -> None:
        """Enter: press what has the focus in the form, save from its fields, else go there."""
        pressable = [*self.card.roles.values(), *self.card.verdicts.values(), self.card.reset]
        pressed = next((key for key in pressable if key.hasFocus()), None)
        if pressed is not None:
            pressed.click()
        elif self._is_in_form():
            self.save()
        else:
            self.card.take_focus()

    def step(self, by: int) -> None:
        """The act above or below."""
        acts = [row.act for row in self._shown]
        if acts:
            place = max(0, min(len(acts) - 1, acts.index(self._act) + by))
            self._choose_act(acts[place])

    def save(self) -> None:
        """Put the form in force."""
        limit = read_form(self._form, self._act, self._currency)
        if isinstance(limit, FieldRefused):
            self._answered(limit)
        elif self._rights is not None:
            rights = with_limit(self._rights, self._role, self._act, limit)
            self._parts.ask(change_rights, self._answered, rights=rights)

    def reset(self) -> None:
        """This limit as it ships."""
        limit = default_limit(self._role, self._act)
        if limit is not None and self._rights is not None:
            rights = with_limit(self._rights, self._role, self._act, limit)
            self._parts.ask(change_rights, self._answered, rights=rights)

    def _choose_act(self, act: Subject) -> None:
        self._act = act
        self._answer = None
        self._begin()

    def _choose_role(self, role_id: str) -> None:
        self._role = role_id
        self._answer = None
        self._begin()

    def _choose_verdict(self, verdict: str) -> None:
        self._form = replace(self._form, verdict=cast(Verdict, verdict))
        self._draw()

    def _typed(self) -> None:
        if self._is_drawing:
            return
        card = self.card
        self._form = replace(
            self._form,
            up_to=card.up_to.edit.text(),
            approves=card.approves.isChecked(),
            approves_up_to=card.approves_up_to.edit.text(),
        )
        self._draw()

    # ------------------------------------------------------------------ answers

    def _read(self, rights: Rights) -> None:
        self._rights = rights
        if rights.role(self._role) is None and rights.roles:
            self._role = rights.roles[0].role_id
        self._begin()

    def _answered(self, answer: object) -> None:
        if isinstance(answer, ApprovalNeeded):
            self._parts.navigation.open_dialog(AskApproval(answer, self._answered))
            return
        if isinstance(answer, Changed):
            self._answer = None
            self._parts.tell(lambda wording: wording.t("Limit changed."))
            self._parts.look_up(read_rights, self._read)
            return
        self._answer = answer
        self._parts.notifier.signal("scan_error")
        self._draw()
        self._parts.notifier.announce(self.card.error_text, urgent=True)

    # ------------------------------------------------------------------ drawing

    @property
    def _currency(self) -> str:
        return self._parts.state.program.currency

    def _begin(self) -> None:
        """The form shows what is kept."""
        if self._rights is not None:
            limit = limit_of(self._rights, self._role, self._act)
            self._form = form_of(limit, self._act, self._currency)
        self._draw()

    def _draw(self) -> None:
        if self._rights is None:
            return
        self._is_drawing = True
        wording, currency, card = self._parts.wording, self._currency, self.card
        self._show_rows(act_rows(self._rights, currency, wording))
        name = next(row.name for row in self._shown if row.act == self._act)
        unit = unit_words(self._act, wording)
        roles = role_choices(self._rights, wording) if has_roles(self._act) else ()
        card.show_roles(roles, self._role)
        words = {each: wording.t(said) for each, said in verdict_words(self._act).items()}
        card.show_verdicts(words, self._form.verdict)
        card.show_fields(
            name, unit, default_words(self._role, self._act, currency, wording), wording
        )
        card.up_to.step = card.approves_up_to.step = _STEPS[unit_of(self._act)]
        card.show_form(self._form, has_unit=bool(unit), asks=has_approval(self._act))
        field = self._answer.field if isinstance(self._answer, FieldRefused) else None
        said = "" if self._answer is None else refusal_words(self._answer, currency, wording)
        card.show_error(said, field)
        self._is_drawing = False

    def _show_rows(self, rows: tuple[ActRow, ...]) -> None:
        if rows != self._shown:
            for old in self.rows:
                old.hide()
                old.deleteLater()
            self._shown, self.rows = rows, []
            for place, each in enumerate(rows):
                row = ChoiceRow(each.name, each.detail)
                row.clicked.connect(lambda _=False, act=each.act: self._choose_act(act))
                self._column.insertWidget(place, row)
                self.rows.append(row)
        self._mark()

    def _mark(self) -> None:
        for row, each in zip(self.rows, self._shown, strict=True):
            row.set_current(each.act == self._act)
            if each.act == self._act:
                self._area.ensureWidgetVisible(row)

    def _build_list(self) -> QWidget:
        card = Card(padding=(16, 16), spacing=8)
        self._title = Text(role="title", weight=600)
        inside = QWidget()
        self._column = QVBoxLayout(inside)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(8)
        self._column.addStretch(1)
        self._area = scrolling(inside)
        self._area.verticalScrollBar().rangeChanged.connect(self._mark)
        card.body.addWidget(self._title)
        card.body.addWidget(self._area, 1)
        return card

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._share_room()

    def _share_room(self) -> None:
        narrow = self.window().width() < NARROW_BELOW
        wanted = self._theme.size(EDITOR_NARROW if narrow else EDITOR_WIDE)
        self.card.setFixedWidth(min(wanted, self.width() // 2) if self.width() > 100 else wanted)

    def _is_in_form(self) -> bool:
        return any(part.hasFocus() for part in self.card.findChildren(QWidget))

    def _take_focus(self) -> None:
        self.setFocus(Qt.FocusReason.OtherFocusReason)


LIMITS = SettingsPage(
    "limits",
    N_("Limits"),
    LimitsPage,
    icon="shield-check",
    finds=(N_("Roles and limits"), N_("With approval"), N_("Discount on a line")),
)

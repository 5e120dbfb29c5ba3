"""Staff controller: who is looked at, what is done with him.

Owns: the list that is shown, the current person, the way from a key to an act and its answer. Does
not own: widgets (screen.py, person_dialog.py), texts (view_model.py), the acts (services).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtWidgets import QWidget

from app.domain.staff import PIN_LENGTH_MAX, PIN_LENGTH_MIN
from app.services.staff import (
    NewStaff,
    PinRefused,
    StaffSaved,
    add_staff,
    change_pin,
    change_role,
    lock_till,
    unlock_staff,
)
from app.services.staff_desk import (
    LastActs,
    PersonSeen,
    StaffDesk,
    last_acts,
    let_go,
    rename_staff,
    renew_badge,
    staff_desk,
    take_back,
)
from app.services.till_state import TillState
from app.wording import Wording
from ui.audit.story_reader import told_of
from ui.key_map import Action, KeyAction
from ui.kit.dialogs import ConfirmDialog, Question
from ui.kit.pick_dialog import PickDialog
from ui.navigation import Destination, ScreenController, ToDesk
from ui.printing.card_file import save_card
from ui.rows import Pick
from ui.staff.person_dialog import Asked, PersonDialog, Typed
from ui.staff.screen import StaffScreen
from ui.staff.training_acts import TrainingActs
from ui.staff.view_model import (
    act_picks,
    person_acts,
    person_view,
    refusal_words,
    role_picks,
    staff_rows,
)
from ui.window_parts import WindowParts


class StaffController(ScreenController):
    """Who works here."""

    def __init__(self, parts: WindowParts) -> None:
        super().__init__()
        self._parts = parts
        self._desk: StaffDesk | None = None
        self._acts: LastActs | None = None
        self._current = 0
        self._wanted = ""
        self._training = TrainingActs(
            parts, ask=self._pick, done=self._say_done, refuse=self._refuse, draw=self._draw
        )
        self.folder: Path | None = None
        """Where badges go; None = the documents of whoever runs the till."""
        self.dialog: PersonDialog | None = None
        self.screen = screen = StaffScreen()
        screen.back_requested.connect(self.back)
        screen.add_requested.connect(self.add)
        screen.change_requested.connect(self.change)
        screen.steps_requested.connect(self._training.choose)
        screen.person_chosen.connect(self._choose)
        self.speak(parts.wording)

    @property
    def widget(self) -> QWidget:
        return self.screen

    def enter(self, to: Destination) -> None:
        self.screen.notice.show_banner("")
        self.screen.setFocus()
        self._current = 0
        self._read()

    def take_scan(self, text: str) -> bool:
        """Nothing is sold here: the tone says that it was not taken."""
        self._parts.notifier.signal("scan_error")
        return True

    def show_state(self, state: TillState) -> None:
        self._draw()

    def speak(self, wording: Wording) -> None:
        hints = [self._parts.keys.hint(act) for act in (Action.CHOOSE_1, Action.CHOOSE_2)]
        self.screen.set_words(wording, *hints)
        self.screen.notice.show_banner("")
        self._draw()

    def key_actions(self) -> Sequence[KeyAction]:
        t = self._parts.wording.t
        return (
            KeyAction(Action.LINE_UP, t("Colleague above"), partial(self._step, -1)),
            KeyAction(Action.LINE_DOWN, t("Colleague below"), partial(self._step, 1)),
            KeyAction(Action.CONFIRM, t("Change the marked colleague"), self.change),
            KeyAction(Action.CHOOSE_1, t("Add a colleague"), self.add),
            KeyAction(Action.CHOOSE_2, t("Training steps"), self._training.choose),
            KeyAction(Action.LOCK, t("Lock, change the cashier"), self._lock),
            KeyAction(Action.BACK, t("One step back"), self.back),
        )

    # ------------------------------------------------------------------ acts

    def back(self) -> None:
        """Esc: to the desk."""
        self._parts.navigation.go(ToDesk())

    def add(self) -> None:
        """Somebody new: first his role, then name, PIN, badge."""
        if self._desk is not None and self._desk.may_manage:
            title = self._parts.wording.t("Role of the new colleague")
            self._pick(title, role_picks(self._desk, self._parts.wording), self._add_in_role)

    def change(self) -> None:
        """Enter: what may be done with the marked one."""
        person = self._person()
        if person is None or self._desk is None:
            return
        acts = person_acts(person, self._desk)
        if acts:
            self._pick(person.name, act_picks(acts, self._parts.wording), self._begin)

    def _begin(self, act: str) -> None:
        person, t = self._person(), self._parts.wording.t
        assert person is not None, "somebody was marked when the acts were shown"
        match act:
            case "pin":
                asked = Asked(t("New PIN for {name}", name=person.name), pin=True)
                self._ask(asked, lambda typed: self._do(change_pin, pin=typed.pin))
            case "name":
                asked = Asked(t("Another name"), name=person.name)
                self._ask(asked, lambda typed: self._do(rename_staff, name=typed.name))
            case "role":
                assert self._desk is not None
                picks = role_picks(self._desk, self._parts.wording)
                self._pick(person.name, picks, self._give_role, chosen=person.role_id)
            case "badge":
                self._do(renew_badge)
            case "unlock":
                self._do(unlock_staff)
            case "take_back":
                self._do(take_back)
            case "training":
                self._training.tick(person.name)
            case _:
                self._let_go(person)

    def _let_go(self, person: PersonSeen) -> None:
        t = self._parts.wording.t
        question = Question(
            title=t("Does {name} work here no more?", name=person.name),
            sentence=t(
                "PIN and badge open nothing from now on. What was done stays under this name."
            ),
            go_on=t("Works here no more"),
            stay=t("Cancel"),
            is_destructive=True,
            icon="user-off",
        )
        dialog = ConfirmDialog(self.screen, question)
        dialog.accepted.connect(partial(self._do, let_go))
        dialog.open()

    def _add_in_role(self, role_id: str) -> None:
        asked = Asked(self._parts.wording.t("New colleague"), name="", pin=True, badge=True)
        self._ask(asked, partial(self._add, role_id))

    def _add(self, role_id: str, typed: Typed) -> None:
        person = NewStaff(typed.name, role_id, typed.pin or None, with_badge=typed.badge)
        self._parts.ask(add_staff, self._answered, person=person)

    def _give_role(self, role_id: str) -> None:
        self._do(change_role, role_id=role_id)

    def _do(self, service: Callable[..., Any], **wanted: Any) -> None:
        person = self._person()
        if person is not None:
            self._parts.ask(service, self._answered, staff_id=person.staff_id, **wanted)

    def _pick(
        self, title: str, picks: Sequence[Pick], then: Callable[[str], None], *, chosen: str = ""
    ) -> None:
        back = self._parts.wording.t("Back")
        dialog = PickDialog(self.screen, title=title, picks=picks, chosen=chosen, back=back)
        dialog.picked.connect(then)
        dialog.open()

    def _ask(self, asked: Asked, then: Callable[[Typed], None]) -> None:
        t = self._parts.wording.t
        hint = t("{least} to {most} digits", least=PIN_LENGTH_MIN, most=PIN_LENGTH_MAX)
        self.dialog = PersonDialog(self.screen, asked, self._parts.wording, pin_hint=hint)
        self.dialog.given.connect(then)
        self.dialog.finished.connect(self._forget_dialog)
        self.dialog.open()

    def _forget_dialog(self) -> None:
        self.dialog = None

    def _choose(self, place: int) -> None:
        self._current = place
        self._read_acts()
        self._draw()

    def _step(self, by: int) -> None:
        if self._desk is not None:
            self._choose(max(0, min(len(self._desk.people) - 1, self._current + by)))

    def _lock(self) -> None:
        self._parts.ask(lock_till)

    # ------------------------------------------------------------------ answers

    def _read(self) -> None:
        self._parts.ask(staff_desk, self._listed)

    def _listed(self, answer: object) -> None:
        self._desk = answer if isinstance(answer, StaffDesk) else None
        if self._desk is None:
            self._refuse(refusal_words(answer, self._parts.wording))
        else:
            ids = [person.staff_id for person in self._desk.people]
            if self._wanted in ids:
                self._current = ids.index(self._wanted)
            self._wanted = ""
        self._read_acts()
        self._draw()

    def _read_acts(self) -> None:
        self._acts, person = None, self._person()
        self._training.read(person.staff_id if person is not None else None)
        if person is not None:
            self._parts.ask(last_acts, self._came, staff_id=person.staff_id)

    def _came(self, answer: object) -> None:
        self._acts = answer if isinstance(answer, LastActs) else None
        self._draw()

    def _answered(self, answer: object) -> None:
        if not isinstance(answer, StaffSaved):
            self._not_done(answer)
            return
        self._wanted = answer.staff_id
        sentence = self._parts.wording.t("Saved and recorded.")
        if answer.badge_code is not None:
            sentence = f"{sentence} {self._save_badge(answer.staff_id, answer.badge_code)}"
        if self.dialog is not None:
            self.dialog.accept()
        self._say_done(sentence.strip())
        self._read()

    def _say_done(self, sentence: str) -> None:
        self.screen.notice.show_banner(sentence, tone="success")
        self._parts.notifier.announce(sentence)

    def _save_badge(self, staff_id: str, code: str) -> str:
        """The badge is a key: it is named after who carries it, and its code is not kept here."""
        people = self._desk.people if self._desk is not None else ()
        known = next((one.name for one in people if one.staff_id == staff_id), "")
        typed = self.dialog.name.text().strip() if self.dialog is not None else ""
        return save_card(self._parts, code, self.folder, holder=known or typed)

    def _not_done(self, answer: object) -> None:
        sentence = refusal_words(answer, self._parts.wording)
        if self.dialog is not None:
            self.dialog.show_error(sentence, of_pin=isinstance(answer, PinRefused))
        else:
            self._refuse(sentence)

    def _refuse(self, sentence: str) -> None:
        self.screen.notice.show_banner(sentence, tone="danger")
        self._parts.notifier.signal("scan_error")
        self._parts.notifier.announce(sentence, urgent=True)

    # ------------------------------------------------------------------ drawing

    def _person(self) -> PersonSeen | None:
        people = self._desk.people if self._desk is not None else ()
        return people[self._current] if self._current < len(people) else None

    def _draw(self) -> None:
        if self._parts.live.state is None:
            return
        desk, person, wording = self._desk, self._person(), self._parts.wording
        rows = staff_rows(desk, wording) if desk is not None else ()
        self.screen.render_people(rows, self._current, may_add=desk is not None and desk.may_manage)
        view = None
        if desk is not None and person is not None:
            people = self._acts.people if self._acts is not None else {}
            told = told_of(self._parts, people)
            view = person_view(person, desk, self._acts, self._training.found, told)
        self.screen.show_person(view, "")

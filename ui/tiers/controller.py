"""Tier desk controller: which list, which member, and what somebody does about his tier.

Owns: the current list and row, the form, asking again after an act, the walk behind the lists.
Does not own: widgets (screen.py, form.py), texts (view_model.py), rights and records (services).
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

from PySide6.QtWidgets import QWidget

from app.domain.program import Program
from app.services.find_member import MembersFound, find_members
from app.services.staff import lock_till
from app.services.tier_change import decide_request, undo_grant
from app.services.tier_desk import (
    DeskCounts,
    DeskPage,
    RequestPage,
    RequestRow,
    desk_page,
    waiting_requests,
)
from app.services.tier_member import TierOfMember, tier_of_member
from app.services.tier_photo import read_evidence
from app.services.till_state import TillState
from app.wording import Wording
from ui.key_map import Action, KeyAction
from ui.navigation import Destination, ScreenController, ToDesk, ToTiers
from ui.photos.beside import PhotosBeside
from ui.tiers.answers import answer_words, is_done
from ui.tiers.form import TierForm
from ui.tiers.form_acts import FormActs
from ui.tiers.ladder_acts import LadderActs
from ui.tiers.screen import TiersScreen
from ui.tiers.trial_acts import TrialActs
from ui.tiers.view_model import (
    LISTS,
    ListRow,
    empty_words,
    found_rows,
    member_view,
    page_rows,
    photos_beside,
    request_rows,
    tab_words,
)
from ui.tiers.walk import Walk
from ui.window_parts import WindowParts

FOUND = -1


class TiersController(ScreenController):
    """Who is near a tier, due, falling or has one by hand; and what waits to be decided."""

    def __init__(self, parts: WindowParts) -> None:
        super().__init__()
        self._parts = parts
        self._shown, self._current = 0, 0
        self._rows: tuple[ListRow, ...] = ()
        self._counts: DeskCounts | None = None
        self._seen: TierOfMember | None = None
        self._program: Program | None = None
        self._is_asking = False
        self.screen = screen = TiersScreen()
        self.walk = Walk(parts, screen, self._ask_list)
        self.acts = FormActs(parts, screen, self._answered, self._refuse)
        self.trials = TrialActs(parts, screen, self._answered)
        screen.back_requested.connect(self.back)
        screen.list_chosen.connect(self.show_list)
        screen.row_chosen.connect(self._choose)
        screen.looked_for.connect(self.look_for)
        screen.change_requested.connect(self.open_form)
        screen.approve_requested.connect(partial(self.decide, "approved"))
        screen.refuse_requested.connect(partial(self.decide, "refused"))
        screen.undo_requested.connect(self.undo)
        self.ladder = LadderActs(parts, screen)
        self.photos = PhotosBeside(parts, screen, screen.photos, read_evidence, self._refuse)
        self.speak(parts.wording)

    @property
    def widget(self) -> QWidget:
        return self.screen

    def enter(self, to: Destination) -> None:
        self.screen.look.clear()
        self.screen.notice.show_banner("")
        self.screen.setFocus()
        if isinstance(to, ToTiers) and to.member_id:
            self._ask_member(to.member_id)
        self.show_list(0)
        self.walk.begin()

    def leave(self) -> None:
        self.walk.stop()
        self.acts.close()
        self.photos.close()

    def take_scan(self, text: str) -> bool:
        """A member's card finds him; it types and presses nothing."""
        self.look_for(text)
        return True

    def show_state(self, state: TillState) -> None:
        self._draw()

    def speak(self, wording: Wording) -> None:
        keys = (Action.WHY, Action.CHOOSE_1, Action.CHOOSE_2, Action.CHOOSE_4)
        find, yes, no, undo = map(self._parts.keys.hint, keys)
        self.screen.set_words(wording, hints=(find, yes, no, undo))
        self.screen.notice.show_banner("")
        self._draw()

    def key_actions(self) -> Sequence[KeyAction]:
        t = self._parts.wording.t
        approve, refuse = (partial(self.decide, each) for each in ("approved", "refused"))
        lock = partial(self._parts.ask, lock_till)
        return (
            KeyAction(Action.LINE_UP, t("Member above"), partial(self._step, -1)),
            KeyAction(Action.LINE_DOWN, t("Member below"), partial(self._step, 1)),
            KeyAction(Action.WHY, t("Find a member"), self.focus_find),
            KeyAction(Action.FIND_ITEM, t("Find a member"), self.focus_find),
            KeyAction(Action.CONFIRM, t("Change the tier"), self.open_form),
            KeyAction(Action.CHOOSE_1, t("Grant it"), approve),
            KeyAction(Action.CHOOSE_2, t("Refuse"), refuse),
            KeyAction(Action.CHOOSE_3, t("Next list"), self._next_list),
            KeyAction(Action.CHOOSE_4, t("Undo or take back"), self.undo),
            KeyAction(Action.LOCK, t("Lock, change the cashier"), lock),
            KeyAction(Action.BACK, t("One step back"), self.back),
        )

    # ------------------------------------------------------------------ lists

    def back(self) -> None:
        """Esc: from who was looked for to the lists, then the desk."""
        if self._shown == FOUND:
            self.screen.look.clear()
            self.screen.setFocus()
            self.show_list(0)
        else:
            self._parts.navigation.go(ToDesk())

    def focus_find(self) -> None:
        self.screen.look.edit.setFocus()
        self.screen.look.edit.selectAll()

    def show_list(self, place: int) -> None:
        """One of the lists."""
        if place != self._shown:
            self._current = 0
        self._shown = place
        self._ask_list()

    def look_for(self, text: str) -> None:
        """By phone, card or name."""
        if text.strip():
            self._parts.ask(find_members, self._found, text=text)

    def _next_list(self) -> None:
        self.show_list((self._shown + 1) % len(LISTS))

    def _ask_list(self) -> None:
        if self._shown == FOUND:
            return
        which = LISTS[self._shown]
        if which == "waiting":
            self._parts.ask(waiting_requests, self._listed)
        else:
            self._parts.ask(desk_page, self._listed, which=which)

    def _listed(self, answer: object) -> None:
        match answer:
            case RequestPage():
                self._rows = request_rows(answer, self._parts.wording)
            case DeskPage():
                self._rows = page_rows(answer, self._parts.wording)
            case _:
                self._say(answer)
                return
        self._counts, self._program = answer.counts, answer.program
        self._choose(max(0, min(self._current, len(self._rows) - 1)), keep=True)

    def _found(self, answer: object) -> None:
        if not isinstance(answer, MembersFound):
            self._refuse(self._parts.wording.t("Nobody here fits. Type the whole number or name."))
            return
        self._shown, self._current = FOUND, 0
        self._rows = found_rows(answer, self._parts.wording)
        self.screen.setFocus()
        self._choose(0)

    def _choose(self, place: int, *, keep: bool = False) -> None:
        self._current = place
        if not keep:
            self.screen.note.clear()
        if self._rows:
            self._ask_member(self._rows[place].member_id)
        else:
            self._seen = None
            self._draw()

    def _step(self, by: int) -> None:
        if self._rows:
            self._choose(max(0, min(len(self._rows) - 1, self._current + by)))

    def _ask_member(self, member_id: str) -> None:
        self._parts.ask(tier_of_member, self._told, member_id=member_id)

    def _told(self, answer: object) -> None:
        self._seen = answer if isinstance(answer, TierOfMember) else None
        if self._seen is not None:
            self._program = self._seen.program
        self._draw()

    # ------------------------------------------------------------------ acts

    @property
    def _request(self) -> RequestRow | None:
        row = self._rows[self._current] if self._rows else None
        return row.request if row is not None else None

    def decide(self, verdict: str) -> None:
        """Say yes or no to the current request."""
        request = self._request
        if request is not None:
            self._do(
                decide_request, request_id=request.request.op_id, verdict=verdict,
                note=self.screen.note.text(),
            )  # fmt: skip

    @property
    def form(self) -> TierForm | None:
        return self.acts.form

    def open_form(self) -> None:
        """T: change the tier of whoever is shown."""
        if self._seen is not None:
            self.acts.open(self._seen)

    def undo(self) -> None:
        """Take back one's own request, or undo the newest grant."""
        request, seen = self._request, self._seen
        if request is not None and request.is_own:
            self.decide("withdrawn")
        elif seen is not None and seen.grants:
            self._do(
                undo_grant, member_id=seen.member.member_id, grant=seen.grants[0],
                note=self.screen.note.text(),
            )  # fmt: skip

    def _do(self, service: Any, **wanted: Any) -> None:
        if self._is_asking:
            return
        self._is_asking = True
        self._parts.ask(service, self._answered, on_error=self._failed, **wanted)

    def _answered(self, answer: object) -> None:
        self._is_asking = False
        self._say(answer)
        self._ask_list()
        if self._seen is not None:
            self._ask_member(self._seen.member.member_id)

    def _say(self, answer: object) -> None:
        sentence = answer_words(answer, self._program, self._parts.wording)
        if not is_done(answer):
            self._refuse(sentence)
            return
        self.screen.note.clear()
        self.screen.setFocus()
        self.screen.notice.show_banner(sentence, tone="success")
        self._parts.notifier.announce(sentence)

    def _refuse(self, sentence: str) -> None:
        self.screen.notice.show_banner(sentence, tone="danger")
        self._parts.notifier.signal("scan_error")
        self._parts.notifier.announce(sentence, urgent=True)

    def _failed(self, error: BaseException) -> None:
        self._is_asking = False
        if self._parts.on_fault is not None:
            self._parts.on_fault(error)

    # ------------------------------------------------------------------ drawing

    def _draw(self) -> None:
        wording = self._parts.wording
        tabs = tab_words(self._counts, wording)
        empty = empty_words(LISTS[max(0, self._shown)], wording)
        self.screen.render_view(tabs, self._shown, self._rows, self._current, empty)
        request, seen = self._request, self._seen
        view = member_view(seen, request, wording) if seen is not None else None
        self.photos.show(photos_beside(seen, request))
        hint = wording.t("Choose a member to see the tier and its history.")
        undo = ""
        if request is not None and request.is_own:
            undo = wording.t("Take it back")
        elif request is None and seen is not None and seen.grants:
            undo = wording.t("Undo the grant")
        decides = request is not None and request.may
        self.screen.show_member(view, hint, decides=decides, undo=undo, notes=decides or bool(undo))
        self.trials.offer(seen if request is None else None)

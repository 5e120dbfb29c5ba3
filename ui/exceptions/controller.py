"""Exceptions controller: which case is read, what somebody decides about it.

Owns: the list that is shown, the current case, asking again after a decision. Does not own:
widgets (screen.py), texts (view_model.py), the trail of a decision (services).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial

from PySide6.QtWidgets import QWidget

from app.domain.exception_case import ExceptionCase
from app.domain.money import Money
from app.services.exception_case import (
    CaseClosed,
    CaseCount,
    CaseStory,
    OpenCases,
    case_story,
    close_case,
    count_open_cases,
    decided_cases,
    open_cases,
)
from app.services.staff import lock_till
from app.services.till_state import TillState
from app.services.trail_context import CouponThen
from app.wording import Wording
from ui.audit.story import Told
from ui.audit.story_reader import told_of
from ui.exceptions.screen import ExceptionsScreen
from ui.exceptions.view_model import answer_words, case_view, exceptions_view
from ui.key_map import Action, KeyAction
from ui.navigation import Destination, ScreenController, ToAudit, ToDesk
from ui.window_parts import WindowParts


class ExceptionsController(ScreenController):
    """What somebody should look at. It asks nobody: whoever has time opens it."""

    def __init__(self, parts: WindowParts) -> None:
        super().__init__()
        self._parts = parts
        self._cases: tuple[ExceptionCase, ...] = ()
        self._coupons: Mapping[str, CouponThen] = {}
        self._worth: Mapping[str, Money] = {}
        self._people: dict[str, str] = {}
        self._story: CaseStory | None = None
        self._current = 0
        self._decided = False
        self._waiting = 0
        self._is_asking = False
        self._may_see = True
        self.screen = screen = ExceptionsScreen()
        screen.back_requested.connect(self.back)
        screen.log_requested.connect(self.show_log)
        screen.case_chosen.connect(self._choose)
        screen.list_chosen.connect(self.show_list)
        screen.decided.connect(self.decide)
        self.speak(parts.wording)

    @property
    def widget(self) -> QWidget:
        return self.screen

    def enter(self, to: Destination) -> None:
        self.screen.notice.show_banner("")
        self.screen.note.clear()
        self.screen.setFocus()
        self._current = 0
        self.show_list(False)

    def take_scan(self, text: str) -> bool:
        """Nothing is sold here: the tone says that it was not taken."""
        self._parts.notifier.signal("scan_error")
        return True

    def show_state(self, state: TillState) -> None:
        self._draw()

    def speak(self, wording: Wording) -> None:
        hint = self._parts.keys.hint
        keys = (Action.FIND_ITEM, Action.CHOOSE_1, Action.CHOOSE_2, Action.CHOOSE_3)
        log, accept, follow, lists = (hint(action) for action in keys)
        self.screen.set_words(wording, hints=(log, accept, follow, lists))
        self.screen.notice.show_banner("")
        self._draw()

    def key_actions(self) -> Sequence[KeyAction]:
        t = self._parts.wording.t
        other = partial(self.show_list, not self._decided)
        return (
            KeyAction(Action.LINE_UP, t("Case above"), partial(self._step, -1)),
            KeyAction(Action.LINE_DOWN, t("Case below"), partial(self._step, 1)),
            KeyAction(Action.CHOOSE_1, t("In order"), partial(self.decide, "accepted")),
            KeyAction(Action.CHOOSE_2, t("Taken up"), partial(self.decide, "followed_up")),
            KeyAction(Action.CHOOSE_3, t("Open or decided cases"), other),
            KeyAction(Action.FIND_ITEM, t("Show in the log"), self.show_log),
            KeyAction(Action.LOCK, t("Lock, change the cashier"), self._lock),
            KeyAction(Action.BACK, t("One step back"), self.back),
        )

    # ------------------------------------------------------------------ acts

    def back(self) -> None:
        """Esc: to the desk."""
        self._parts.navigation.go(ToDesk())

    def show_list(self, decided: bool) -> None:
        """The open cases, or those that were decided."""
        self._decided, self._story = decided, None
        self._parts.ask(decided_cases if decided else open_cases, self._listed)
        self._parts.ask(count_open_cases, self._counted)

    def show_log(self) -> None:
        """The case in the audit log: everything around it."""
        if self._story is not None:
            about = self._story.receipt or self._story.case.subject
            self._parts.navigation.go(ToAudit(about))

    def decide(self, choice: str) -> None:
        """Close the current case; nobody closes his own."""
        story = self._story
        if story is None or story.case.end is not None or self._is_asking:
            return
        self._is_asking = True
        self._parts.ask(
            close_case,
            self._answered,
            on_error=self._failed,
            case_id=story.case.case_id,
            choice=choice,
            note=self.screen.note.text(),
        )

    def _choose(self, place: int) -> None:
        self._current = place
        self.screen.note.clear()
        self._ask_story()
        self._draw()

    def _step(self, by: int) -> None:
        if self._cases:
            self._choose(max(0, min(len(self._cases) - 1, self._current + by)))

    def _lock(self) -> None:
        self._parts.ask(lock_till)

    # ------------------------------------------------------------------ answers

    def _listed(self, answer: object) -> None:
        self._may_see = isinstance(answer, OpenCases)
        if isinstance(answer, OpenCases):
            self._cases, self._people = answer.cases, answer.staff
            self._coupons, self._worth = answer.coupons, answer.worth
        else:
            self._cases = ()
            self._refuse(self._parts.wording.t("Your role may not see the exceptions."))
        self._current = max(0, min(self._current, len(self._cases) - 1))
        self._ask_story()
        self._draw()

    def _counted(self, answer: object) -> None:
        self._waiting = answer.count if isinstance(answer, CaseCount) else 0
        if self._parts.on_cases is not None:
            self._parts.on_cases(self._waiting)
        self._draw()

    def _ask_story(self) -> None:
        self._story = None
        if self._cases:
            case_id = self._cases[self._current].case_id
            self._parts.ask(case_story, self._told_story, case_id=case_id)

    def _told_story(self, answer: object) -> None:
        if isinstance(answer, CaseStory):
            self._story = answer
        self._draw()

    def _answered(self, answer: object) -> None:
        self._is_asking = False
        sentence = answer_words(answer, self._parts.wording)
        if isinstance(answer, CaseClosed):
            self.screen.note.clear()
            self.screen.setFocus()
            self.screen.notice.show_banner(sentence, tone="success")
            self._parts.notifier.announce(sentence)
            self.show_list(self._decided)
        else:
            self._refuse(sentence)

    def _refuse(self, sentence: str) -> None:
        self.screen.notice.show_banner(sentence, tone="danger")
        self._parts.notifier.signal("scan_error")
        self._parts.notifier.announce(sentence, urgent=True)

    def _failed(self, error: BaseException) -> None:
        self._is_asking = False
        if self._parts.on_fault is not None:
            self._parts.on_fault(error)

    # ------------------------------------------------------------------ drawing

    def _told(self, people: dict[str, str]) -> Told:
        return told_of(self._parts, people)

    def _draw(self) -> None:
        if self._parts.live.state is None:
            return
        told, t = self._told(self._people), self._parts.wording.t
        view = exceptions_view(
            self._cases, told,
            decided=self._decided, waiting=self._waiting, may_see=self._may_see,
            coupons=self._coupons, worth=self._worth,
        )  # fmt: skip
        self.screen.render_view(view, self._current)
        case = None
        if self._story is not None:
            case = case_view(self._story, self._told({**self._people, **self._story.staff}))
        hint = t("Choose one to read what happened.") if self.screen.rows else ""
        self.screen.show_case(case, hint)

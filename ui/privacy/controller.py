"""Privacy controller: who was found, what is known of him, what somebody asks for.

Owns: the list that is shown, the current row, the dialogs. Does not own: widgets (screen.py),
texts (view_model.py), files (files.py).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QWidget

from app.services.data_copy import PrivacyPage, privacy_page
from app.services.erasure import (
    ErasureStanding,
    erasures,
)
from app.services.find_member import MemberHit, MembersFound, find_members
from app.services.staff import lock_till
from app.services.till_state import TillState
from app.wording import Wording
from ui.key_map import Action, KeyAction
from ui.navigation import Destination, ScreenController, ToDesk, ToMember, ToPrivacy
from ui.privacy.files import PrivacyFile
from ui.privacy.questions import PrivacyQuestions
from ui.privacy.screen import PrivacyScreen
from ui.privacy.view_model import (
    PanelView,
    answer_words,
    erasure_panel,
    erasure_row,
    hit_row,
    member_panel,
    when_in,
)
from ui.window_lane import WindowLane
from ui.window_parts import WindowParts

LOOK_EVERY_MS = 1_000
"""So often the list is read again while it is shown: other tills report in their own time."""


class PrivacyController(ScreenController):
    """The privacy room of the desk."""

    def __init__(self, parts: WindowParts) -> None:
        super().__init__()
        self._parts = parts
        self._text = ""
        self._hits: tuple[MemberHit, ...] = ()
        self._standing: tuple[ErasureStanding, ...] = ()
        self._page: PrivacyPage | None = None
        self._current = 0
        self.screen = screen = PrivacyScreen()
        self.questions = PrivacyQuestions(parts, screen)
        self.questions.said.connect(self._say)
        self.questions.asked.connect(self._asked)
        self.questions.ended.connect(screen.field.edit.setFocus)
        self.files = PrivacyFile(parts, screen)
        self.files.said.connect(self._file_said)
        screen.back_requested.connect(self.back)
        screen.text_edited.connect(self.search)
        screen.committed.connect(self.search)
        screen.row_chosen.connect(self._choose)
        screen.correct_requested.connect(self.correct)
        screen.copy_requested.connect(self.copy)
        screen.erase_requested.connect(self.ask_to_erase)
        screen.breach_requested.connect(self.ask_breach)
        screen.retention_requested.connect(self.ask_retention)
        self._again = QTimer(screen)
        self._again.setInterval(LOOK_EVERY_MS)
        self._again.timeout.connect(self._ask_erasures)
        self.speak(parts.wording)

    @property
    def widget(self) -> QWidget:
        return self.screen

    def enter(self, to: Destination) -> None:
        self.screen.notice.show_banner("")
        if isinstance(to, ToPrivacy) and to.resumes:
            self.search(self._text)
        else:
            self.screen.field.edit.clear()
            self.search("")
        self.screen.field.edit.setFocus()
        self._again.start()

    def leave(self) -> None:
        self._again.stop()
        self.questions.put_away()

    def take_scan(self, text: str) -> bool:
        """A member's card finds him."""
        if self.questions.dialog is not None:
            self._parts.notifier.signal("scan_error")
            return True
        self.screen.field.edit.setText(text)
        self.search(text)
        return True

    def show_state(self, state: TillState) -> None:
        self._draw()

    def speak(self, wording: Wording) -> None:
        hint = self._parts.keys.hint
        keys = (Action.EXPORT, Action.CHOOSE_2, Action.CHOOSE_3, Action.CHOOSE_4, Action.CHOOSE_1)
        self.screen.set_words(wording, hints=[hint(action) for action in keys])
        self._draw()

    def key_actions(self) -> Sequence[KeyAction]:
        t, field = self._parts.wording.t, self.screen.field.edit
        return (
            KeyAction(Action.LINE_UP, t("Row above"), partial(self._step, -1)),
            KeyAction(Action.LINE_DOWN, t("Row below"), partial(self._step, 1)),
            KeyAction(Action.FIND_ITEM, t("Find a member"), field.setFocus),
            KeyAction(Action.EXPORT, t("Copy of the data, or the proof"), self.copy),
            KeyAction(Action.CHOOSE_1, t("Correct the data"), self.correct),
            KeyAction(Action.CHOOSE_2, t("Erase this member's data"), self.ask_to_erase),
            KeyAction(Action.CHOOSE_3, t("After a breach"), self.ask_breach),
            KeyAction(Action.CHOOSE_4, t("Retention periods"), self.ask_retention),
            KeyAction(Action.LOCK, t("Lock, change the cashier"), self._lock),
            KeyAction(Action.BACK, t("One step back"), self.back),
        )

    # ------------------------------------------------------------------ finding

    def search(self, text: str) -> None:
        """Members for what is typed; nothing typed: the erasures."""
        self._text, self._current, self._page = text.strip(), 0, None
        self._hits = ()
        if self._text:
            self._parts.ask(find_members, partial(self._found, self._text), text=self._text)
        self._ask_erasures()
        self._draw()

    def _found(self, asked: str, answer: Any) -> None:
        if asked != self._text:
            return
        self._hits = answer.hits if isinstance(answer, MembersFound) else ()
        self._choose(0)

    def _ask_erasures(self) -> None:
        self._parts.ask(erasures, self._listed)

    def _listed(self, answer: Any) -> None:
        self._standing = answer if isinstance(answer, tuple) else ()
        self._draw()

    def _choose(self, place: int) -> None:
        self._current, self._page = place, None
        if self._text and place < len(self._hits):
            member_id = self._hits[place].member_id
            shop, lane = self._parts.shop, WindowLane(self._parts.runner)
            self._parts.runner.run_aside(
                lambda: privacy_page(shop=shop, lane=lane, member_id=member_id),
                partial(self._paged, member_id),
                self._parts.on_fault,
            )
        self._draw()

    def _paged(self, member_id: str, answer: object) -> None:
        hits = self._hits if self._text else ()
        if self._current >= len(hits) or hits[self._current].member_id != member_id:
            return  # somebody else was chosen meanwhile
        self._page = answer if isinstance(answer, PrivacyPage) else None
        if self._page is None:
            self._say(*answer_words(answer, self._parts.wording))
        self._draw()

    def _step(self, by: int) -> None:
        count = len(self._hits if self._text else self._standing)
        if count:
            self._choose(max(0, min(count - 1, self._current + by)))

    @property
    def _erasure(self) -> ErasureStanding | None:
        """The one that is chosen in the list of erasures."""
        if self._text or self._current >= len(self._standing):
            return None
        return self._standing[self._current]

    # ------------------------------------------------------------------ acts

    def back(self) -> None:
        """Esc: what was typed goes first, then to the desk."""
        if self._text:
            self.screen.field.edit.clear()
            self.search("")
            self.screen.field.edit.setFocus()
        else:
            self._parts.navigation.go(ToDesk())

    def correct(self) -> None:
        """The page where the data of whoever is chosen is changed."""
        if self._page is not None and self._page.member.status != "erased":
            self._parts.navigation.go(ToMember(self._page.member.member_id, back="privacy"))

    def copy(self) -> None:
        """A copy of the data of whoever is chosen, or the proof of the erasure."""
        if self._page is not None and self._page.member.status != "erased":
            self.files.copy(self._page.member.member_id)
        elif (standing := self._erasure) is not None and standing.proof.erasure.erasure_id:
            self.files.prove(standing)

    def ask_to_erase(self) -> None:
        """What goes, what stays; then the word."""
        if self._page is None or self._page.member.status == "erased":
            return
        self.questions.erase(self._page.member.member_id)

    def ask_breach(self) -> None:
        """Which members, and how much of them."""
        self.questions.breach(self.files.tell_breach)

    def ask_retention(self) -> None:
        """What goes by itself tonight."""
        self.questions.retention()

    def _asked(self) -> None:
        """It stands in the list now."""
        self.screen.field.edit.clear()
        self.search("")

    def _lock(self) -> None:
        self._parts.ask(lock_till)

    # ------------------------------------------------------------------ saying and drawing

    def _file_said(self, say: Callable[[Wording], str], tone: str) -> None:
        self._say(say(self._parts.wording), tone)

    def _say(self, sentence: str, tone: str) -> None:
        self.screen.notice.show_banner(sentence, tone=tone)
        self._parts.notifier.announce(sentence, urgent=tone == "danger")
        if tone == "danger":
            self._parts.notifier.signal("scan_error")

    def _draw(self) -> None:
        if self._parts.live.state is None:
            return
        wording = self._parts.wording
        t, when = wording.t, when_in(self._parts.shop.desk.state.program.timezone)
        if self._text:
            rows = tuple(hit_row(each, wording) for each in self._hits)
            heading, empty = t("Members"), t("Nobody found. Type more, or scan the card.")
        else:
            rows = tuple(erasure_row(each, when, wording) for each in self._standing)
            heading = t("Erasures")
            empty = t("Nobody asked to be erased. Find a member above.")
        self.screen.show_list(heading, rows, self._current, empty)
        panel: PanelView | None = None
        if self._page is not None:
            panel = member_panel(self._page, when, wording)
        elif (standing := self._erasure) is not None:
            panel = erasure_panel(standing, when, wording)
        self.screen.show_panel(panel, t("Find a member to see consents, copy or erase the data."))

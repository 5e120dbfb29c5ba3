"""Controller of a member's page: whose it is, which tab is read, the number that is shown.

Owns: asking for head and tab, the ten seconds of a revealed number. Does not own: widgets
(screen.py), texts (view_model.py, tabs), acts on the member (acts.py).
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QWidget

from app.services.member_page import MemberHead, member_head
from app.services.reveal import PhoneRevealed, reveal_phone
from app.services.staff import lock_till
from app.services.till_state import TillState
from app.wording import Wording
from ui import formatting
from ui.figure_intents import ToFigures, ToSegments
from ui.key_map import Action, KeyAction
from ui.member.acts import MemberActs
from ui.member.merge_acts import MergeActs
from ui.member.merge_tab import MERGES
from ui.member.screen import MemberScreen
from ui.member.view_model import head_view
from ui.member_tabs import MemberTab, TabTold
from ui.navigation import (
    Destination,
    ScreenController,
    ToComplaints,
    ToMember,
    ToMembers,
    ToPrivacy,
)
from ui.till.reveal_dialog import RevealDialog
from ui.window_parts import WindowParts

_ROOMS: dict[str, Destination] = {
    "figures": ToFigures(True),
    "segments": ToSegments(resumes=True),
    "privacy": ToPrivacy(resumes=True),
}
REVEALED_MS = 10_000
LEDGER = "points"
"""The tab in which an entry that was made by hand is taken back."""


class MemberController(ScreenController):
    """One member. Who lacks the right is told so; everything is masked until somebody says why."""

    def __init__(self, parts: WindowParts) -> None:
        super().__init__()
        self._parts = parts
        self._member_id = ""
        self._back: str | ToComplaints = ""
        self._head: MemberHead | None = None
        self._answer: Any = None
        self._tab = 0
        self._hint = ""
        self._revealed = ""
        self._hide = QTimer(self)
        self._hide.setSingleShot(True)
        self._hide.setInterval(REVEALED_MS)
        self._hide.timeout.connect(self._hide_phone)
        self.dialog: RevealDialog | None = None
        self.screen = screen = MemberScreen()
        screen.back_requested.connect(self.back)
        screen.tab_chosen.connect(self.choose_tab)
        screen.reveal_requested.connect(self.reveal)
        screen.table.opened.connect(self._open_row)
        self.acts = MemberActs(parts, screen, self)
        self.acts.done.connect(self.refresh)
        self.acts.said.connect(lambda words, tone: screen.notice.show_banner(words, tone=tone))
        self.merging = MergeActs(parts, screen, self.told, self)
        self.merging.done.connect(self.refresh)
        self.merging.said.connect(lambda words, tone: screen.notice.show_banner(words, tone=tone))
        screen.merge_requested.connect(self.merge)
        screen.edit_requested.connect(self.edit)
        screen.adjust_requested.connect(self.adjust)
        self.speak(parts.wording)

    @property
    def widget(self) -> QWidget:
        return self.screen

    @property
    def head(self) -> MemberHead | None:
        """Whose page it is; None until it was read."""
        return self._head

    def enter(self, to: Destination) -> None:
        assert isinstance(to, ToMember), "the window leads here only so"
        self.merging.put_away()  # of one member to another nobody leaves the page
        self._member_id, self._back = to.member_id, to.back
        keys = [tab.key for tab in self._tabs]
        self._tab = keys.index(to.tab) if to.tab in keys else 0
        self._head, self._hint = None, ""
        self.screen.notice.show_banner("")
        self.screen.setFocus()
        self.refresh()
        self._ask_aside()

    def leave(self) -> None:
        self._hide_phone()
        self.acts.put_away()
        self.merging.put_away()
        if self.dialog is not None and self.dialog.is_open:
            self.dialog.reject()

    def take_scan(self, text: str) -> bool:
        """Nothing is sold here: the tone says that it was not taken. A card may be the other one's
        whom this member is merged with."""
        if not self.merging.take_scan(text):
            self._parts.notifier.signal("scan_error")
        return True

    def show_state(self, state: TillState) -> None:
        self._draw()

    def speak(self, wording: Wording) -> None:
        self.screen.set_words(wording, self._parts.keys.hint)
        self._draw()

    def key_actions(self) -> Sequence[KeyAction]:
        t, table = self._parts.wording.t, self.screen.table
        return (
            KeyAction(Action.CONFIRM, t("Open the row"), table.open_current),
            KeyAction(Action.LINE_UP, t("Row above"), partial(table.step, -1)),
            KeyAction(Action.LINE_DOWN, t("Row below"), partial(table.step, 1)),
            KeyAction(Action.REVEAL, t("Show the phone number"), self.reveal),
            KeyAction(Action.CHOOSE_1, t("Tags and notes"), self.edit),
            KeyAction(Action.CHOOSE_2, t("Points by hand"), self.adjust),
            KeyAction(Action.CHOOSE_3, t("Merge with another member"), self.merge),
            KeyAction(Action.LOCK, t("Lock, change the cashier"), self._lock),
            KeyAction(Action.BACK, t("One step back"), self.back),
        )

    # ------------------------------------------------------------------ acts

    def back(self) -> None:
        """Esc: to the list or the case he was opened from."""
        to: Destination = ToMembers()
        if isinstance(self._back, ToComplaints):
            to = self._back
        elif self._back:
            to = _ROOMS[self._back]
        self._parts.navigation.go(to)

    def refresh(self) -> None:
        """Read head and tab again: something about the member changed."""
        self._parts.ask(member_head, self._head_came, member_id=self._member_id)
        self._ask_tab()

    def choose_tab(self, place: int) -> None:
        if 0 <= place < len(self._tabs):
            self._tab = place
            self._ask_tab()
            self._ask_aside()

    def reveal(self) -> None:
        """Why is the number needed? Then it is shown for ten seconds; again: it is hidden."""
        if self._revealed:
            self._hide_phone()
        elif self.dialog is None and self._head is not None and self._head.phone_masked:
            self.dialog = RevealDialog(self.screen, self._parts.wording)
            self.dialog.chosen.connect(self._reveal)
            self.dialog.finished.connect(self._dialog_gone)
            self.dialog.open()

    def _dialog_gone(self) -> None:
        self.dialog = None

    def _reveal(self, reason: str) -> None:
        wanted = self._member_id
        self._parts.ask(reveal_phone, self._revealed_came, member_id=wanted, reason=reason)

    def _revealed_came(self, answer: object) -> None:
        if isinstance(answer, PhoneRevealed):
            self._revealed = formatting.national_phone(answer.phone)
            self._hide.start()
        else:
            words = self._parts.wording.t("Your role may not see phone numbers.")
            self.screen.notice.show_banner(words, tone="danger")
        self._draw()

    def _hide_phone(self) -> None:
        self._hide.stop()
        self._revealed = ""
        self._draw()

    def edit(self) -> None:
        if self._head is not None:
            self.acts.edit(self._head)

    def adjust(self) -> None:
        if self._head is not None:
            self.acts.adjust(self._head)

    def merge(self) -> None:
        if self._head is not None:
            self.merging.begin(self._head.member_id)

    def _open_row(self, key: str) -> None:
        tab = self._tabs[self._tab]
        if tab.key == LEDGER and self._head is not None:
            self.acts.take_back(self._head, key)
        elif tab.key == MERGES and self._head is not None:
            self.merging.take_back(self._head.member_id, key)
        elif tab.open_row is not None:
            tab.open_row(self._parts, key)

    def _lock(self) -> None:
        self._parts.ask(lock_till)

    # ------------------------------------------------------------------ answers

    @property
    def _tabs(self) -> Sequence[MemberTab]:
        return self._parts.member_tabs.tabs

    def _ask_tab(self) -> None:
        self._answer = None
        self._draw()
        tab, member_id = self._tabs[self._tab], self._member_id

        def answered(answer: object) -> None:
            if (tab, member_id) == (self._tabs[self._tab], self._member_id):
                self._answer = answer
                self._draw()

        self._parts.ask(tab.ask, answered, member_id=member_id)

    def _ask_aside(self) -> None:
        """Only when a tab is opened: its answer makes the tab be read again."""
        tab, member_id = self._tabs[self._tab], self._member_id
        if tab.ask_aside is None:
            return

        def came(_: object) -> None:
            if (tab, member_id) == (self._tabs[self._tab], self._member_id):
                self._ask_tab()

        self._parts.ask_aside(tab.ask_aside, came, member_id=member_id)

    def _head_came(self, answer: object) -> None:
        t = self._parts.wording.t
        self._head = answer if isinstance(answer, MemberHead) else None
        self._hint = "" if self._head is not None else t("This member is not there any more.")
        if self._head is not None:
            self._member_id = self._head.member_id
        self._draw()

    # ------------------------------------------------------------------ drawing

    def told(self) -> TabTold:
        """What texts are made with."""
        live = self._parts.live.state
        state = self._parts.shop.desk.state
        currency = live.program.currency if live is not None else "CNY"
        return TabTold(self._parts.wording, currency, state.program.timezone, state.rights)

    def _draw(self) -> None:
        if self._parts.live.state is None or not self._member_id:
            return
        t, told = self._parts.wording.t, self.told()
        head = self._head
        view = head_view(head, told, revealed=self._revealed) if head is not None else None
        self.screen.render_head(view, self._hint)
        self.screen.render_tabs([t(tab.name) for tab in self._tabs], self._tab)
        tab, wait = self._tabs[self._tab], t("One moment …")
        is_there = self._answer is not None and head is not None
        self.screen.render_tab(tab.draw(self._answer, told) if is_there else None, wait)

"""Controller of the list of members: what is chosen, what is looked for, who is opened.

Owns: the state of the list, what a key does. Does not own: reading rows (reader.py), widgets
(screen.py), texts (view_model.py), one member's page (ui/member).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import cast

from PySide6.QtWidgets import QWidget

from app.domain.member_list import ListChoice
from app.services.member_list import ListFacts, MemberRow, keep_list_choice, list_facts
from app.services.staff import lock_till
from app.services.till_state import TillState
from app.wording import Wording
from ui.key_map import Action, KeyAction
from ui.kit.pick_dialog import PickDialog
from ui.members.export import MembersExport
from ui.members.reader import MembersReader
from ui.members.screen import MembersScreen
from ui.members.view_model import (
    Filter,
    ListState,
    columns,
    filter_names,
    members_view,
    picks,
    rows_of,
    with_choice,
)
from ui.navigation import Destination, ScreenController, ToDesk, ToMember, ToMemberImport
from ui.table_rows import TableRow
from ui.window_parts import WindowParts


class MembersController(ScreenController):
    """Everybody this till knows. Whoever comes back from a member's page finds the same list."""

    def __init__(self, parts: WindowParts) -> None:
        super().__init__()
        self._parts = parts
        self._state = ListState()
        self._facts: ListFacts | None = None
        self._last_opened = ""
        self.dialog: PickDialog | None = None
        self.reader = MembersReader(parts, self)
        self.screen = screen = MembersScreen()
        screen.back_requested.connect(self.back)
        screen.filter_requested.connect(self.choose)
        screen.look.committed.connect(self._committed)
        screen.table.opened.connect(self._open)
        screen.table.near_end.connect(self.reader.more)
        self.reader.begun.connect(lambda: self._show_rows([]))
        self.reader.came.connect(self._came)
        self.reader.rested.connect(self._draw)
        self.reader.judged.connect(self._judged)
        self.reader.refused.connect(self._refused)
        self.export = MembersExport(parts, screen, self)
        self.export.said.connect(lambda words, tone: screen.notice.show_banner(words, tone=tone))
        screen.export_requested.connect(self.ask_export)
        screen.import_requested.connect(self.go_import)
        self.speak(parts.wording)

    @property
    def widget(self) -> QWidget:
        return self.screen

    def enter(self, to: Destination) -> None:
        self.screen.notice.show_banner("")
        self.screen.look.edit.setFocus()
        self._parts.ask(list_facts, self._began)

    def leave(self) -> None:
        self.reader.stop()
        self.export.put_away()
        if self.dialog is not None and self.dialog.is_open:
            self.dialog.reject()

    def take_scan(self, text: str) -> bool:
        """A member's card opens his page; anything else is looked for in vain, and said so."""
        if self.dialog is not None and self.dialog.is_open:
            self.dialog.reject()
        self._look_for(text)
        return True

    def show_state(self, state: TillState) -> None:
        self._draw()

    def speak(self, wording: Wording) -> None:
        self.screen.set_words(wording, self._parts.keys.hint)
        if self.dialog is not None and self.dialog.is_open:
            self.dialog.reject()
        table = self.screen.table
        table.say_again(columns(wording), self._texts(self.reader.rows))
        self._draw()

    def key_actions(self) -> Sequence[KeyAction]:
        t, table = self._parts.wording.t, self.screen.table
        return (
            KeyAction(Action.CONFIRM, t("Open the member"), self.confirm),
            KeyAction(Action.LINE_UP, t("Member above"), partial(table.step, -1)),
            KeyAction(Action.LINE_DOWN, t("Member below"), partial(table.step, 1)),
            KeyAction(Action.WHY, t("Look for a member"), self.focus_look),
            KeyAction(Action.FIND_ITEM, t("Look for a member"), self.focus_look),
            KeyAction(Action.CHOOSE_1, t("Order of the list"), partial(self.choose, "order")),
            KeyAction(Action.CHOOSE_2, t("Choose a tier"), partial(self.choose, "tier")),
            KeyAction(Action.CHOOSE_3, t("Choose a state"), partial(self.choose, "state")),
            KeyAction(Action.CHOOSE_4, t("Choose by last visit"), partial(self.choose, "visited")),
            KeyAction(Action.OFFERS, t("Choose a tag"), partial(self.choose, "tag")),
            KeyAction(Action.EXPORT, t("Export the members"), self.ask_export),
            KeyAction(Action.RECALL, t("Import members"), self.go_import),
            KeyAction(Action.LOCK, t("Lock, change the cashier"), self._lock),
            KeyAction(Action.BACK, t("One step back"), self.back),
        )

    # ------------------------------------------------------------------ acts

    def back(self) -> None:
        """Esc: stop what runs, let go of what was looked for and of what narrows, then the desk."""
        if self.export.is_running:
            self.export.stop()
        elif self._state.looked_up or self.screen.look.text():
            self.screen.look.clear()
            self._begin(self._state.choice)
        elif self._state.choice.is_narrowed:
            self._choose(ListChoice(order=self._state.choice.order))
        else:
            self._parts.navigation.go(ToDesk())

    def confirm(self) -> None:
        """Enter: look for what was typed; where that was done, open the current row."""
        self._committed(self.screen.look.text().strip())

    def ask_export(self) -> None:
        """Everybody in the list as it is narrowed; what was looked up is no list."""
        self.export.ask(self._state.choice)

    def go_import(self) -> None:
        """Members of another system, out of a file."""
        self._parts.navigation.go(ToMemberImport())

    def focus_look(self) -> None:
        self.screen.look.edit.setFocus()
        self.screen.look.edit.selectAll()

    def choose(self, which: str) -> None:
        """Open the list of one choice."""
        if self.dialog is not None or self._facts is None:
            return
        part, wording = cast(Filter, which), self._parts.wording
        self.dialog = PickDialog(
            self.screen,
            title=filter_names(wording)[part],
            picks=picks(part, self._facts, wording),
            chosen=str(getattr(self._state.choice, part)),
            back=wording.t("Back"),
        )
        self.dialog.picked.connect(
            lambda key: self._choose(with_choice(self._state.choice, part, key))
        )
        self.dialog.finished.connect(self._dialog_gone)
        self.dialog.open()

    def _dialog_gone(self) -> None:
        self.dialog = None

    def _choose(self, choice: ListChoice) -> None:
        self._parts.ask(keep_list_choice, choice=choice)
        self.screen.look.clear()
        self._begin(choice)

    def _committed(self, text: str) -> None:
        if text == self._state.looked_up:
            self.screen.table.open_current()
        elif text:
            self._look_for(text)
        else:
            self._begin(self._state.choice)

    def _look_for(self, text: str) -> None:
        self._state = replace(self._state, looked_up=text)
        self.screen.look.edit.setText(text)
        self.reader.look_for(text)

    def _open(self, member_id: str) -> None:
        self._last_opened = member_id
        self._parts.navigation.go(ToMember(member_id))

    def _lock(self) -> None:
        self._parts.ask(lock_till)

    # ------------------------------------------------------------------ answers

    def _began(self, answer: object) -> None:
        if not isinstance(answer, ListFacts):
            self._refused(answer)
            return
        self._facts = answer
        self._state = replace(self._state, listed=answer.listed, members=answer.members)
        if self._state.looked_up:
            self.reader.look_for(self._state.looked_up)
        else:
            self._begin(answer.choice)
        self.reader.judge()

    def _begin(self, choice: ListChoice) -> None:
        self._state = replace(self._state, choice=choice, looked_up="")
        self.reader.begin(choice)

    def _came(self, rows: Sequence[MemberRow]) -> None:
        table = self.screen.table
        table.add_rows(self._texts(rows))
        if self._state.looked_up and len(rows) == 1:
            table.go_to(0)  # Enter opens whom a whole number or a card names
        elif self._last_opened in [row.member_id for row in rows]:
            table.go_to([row.key for row in table.rows].index(self._last_opened))
            self._last_opened = ""
        self._draw()

    def _judged(self, count: int) -> None:
        """More of them can be in the list: show it again where it was still short of a page."""
        state = self._state
        if not state.is_judging:
            return
        listed = state.members if count < 0 else min(state.members, state.listed + count)
        self._state = replace(state, listed=listed)
        # A page that is being read may have begun before the last of them was judged.
        is_short = count < 0 or not (self.reader.has_more or self.reader.is_reading)
        if is_short and not state.looked_up:
            self.reader.begin(state.choice)
        else:
            self._draw()

    def _refused(self, answer: object) -> None:
        sentence = self._parts.wording.t("Your role may not see the list of members.")
        self.screen.notice.show_banner(sentence, tone="danger")
        self._show_rows([])

    # ------------------------------------------------------------------ drawing

    def _texts(self, rows: Sequence[MemberRow]) -> list[TableRow]:
        count = len(self._facts.tiers) if self._facts is not None else 1
        live = self._parts.live.state
        currency = live.program.currency if live is not None else "CNY"
        return rows_of(rows, self._parts.wording, tier_count=count, currency=currency)

    def _show_rows(self, rows: Sequence[MemberRow]) -> None:
        self.screen.table.show_rows(columns(self._parts.wording), self._texts(rows))
        self._draw()

    def _draw(self) -> None:
        reader = self.reader
        self._state = replace(
            self._state,
            count=len(reader.rows),
            is_reading=reader.is_reading,
            has_more=reader.has_more,
        )
        self.screen.render_view(members_view(self._state, self._facts, self._parts.wording))

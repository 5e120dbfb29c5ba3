"""Complaints controller: which list, which case, and what somebody does about it.

Owns: the current list and case, reading both anew while the clocks run, the ten seconds of a
number. Does not own: widgets (screen.py), texts (view_model.py, case_view.py), moves
(move_acts.py), rights and records (services).
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QWidget

from app.domain.codes import Code, CodeKind, parse_code
from app.services.complaint import NoSuchComplaint
from app.services.complaint_view import (
    CaseList,
    CaseView,
    ComplaintChoices,
    colleagues_for_complaints,
    complaint_choices,
    list_complaints,
    read_complaint,
)
from app.services.staff import lock_till
from app.services.till_state import TillState
from app.wording import Wording
from ui.complaints.answers import refusal_words
from ui.complaints.aside_view import aside_shown
from ui.complaints.case_view import CaseTold, case_shown
from ui.complaints.contact import Contact
from ui.complaints.drafts import Drafts
from ui.complaints.give_acts import GiveActs
from ui.complaints.library_acts import LibraryActs
from ui.complaints.move_acts import MoveActs
from ui.complaints.moves import LIBRARY, MOVES, moves_of
from ui.complaints.photo_acts import PhotoActs
from ui.complaints.screen import ComplaintsScreen
from ui.complaints.view_model import DESKS, SHOWN_MAX, empty_words, queue_row, tab_words
from ui.complaints.ways import Ways
from ui.key_map import Action, KeyAction
from ui.navigation import (
    Destination,
    LogComplaint,
    ScreenController,
    ToComplaints,
)
from ui.window_parts import WindowParts

READ_EVERY_MS = 20_000
"""Clocks are shown in minutes."""
STORE = DESKS.index("store")
NO_ROW = -1
"""The case in front stands on another list."""


class ComplaintsController(ScreenController):
    """What customers complained about, what is due first at the top."""

    def __init__(self, parts: WindowParts, drafts: Drafts) -> None:
        super().__init__()
        self._parts = parts
        self._shown, self._current = STORE, 0
        self._wanted = ""
        self._list: CaseList | None = None
        self._view: CaseView | None = None
        self._choices = ComplaintChoices((), ())
        self.screen = screen = ComplaintsScreen()
        self.moves = MoveActs(parts, screen, drafts, self._changed)
        self.gifts = GiveActs(parts, screen, drafts, self._given)
        self.library = LibraryActs(parts, screen, drafts, self._given)
        self.photos = PhotoActs(parts, screen, self._changed)
        self.contact = Contact(parts, screen)
        self.ways = Ways(parts, screen, lambda: self._view)
        screen.back_requested.connect(self.ways.go_back)
        screen.new_requested.connect(self.log_new)
        screen.desk_chosen.connect(self.show_desk)
        screen.queue.chosen.connect(self._choose)
        screen.case.move_requested.connect(self.begin)
        screen.case.contact_requested.connect(self.contact.ask)
        screen.case.receipt_requested.connect(self.ways.show_receipt)
        screen.case.member_requested.connect(self.ways.show_member)
        self._again = QTimer(self)
        self._again.setInterval(READ_EVERY_MS)
        self._again.timeout.connect(self.refresh)
        self.speak(parts.wording)

    @property
    def widget(self) -> QWidget:
        return self.screen

    @property
    def view(self) -> CaseView | None:
        """The case in the middle."""
        return self._view

    def enter(self, to: Destination) -> None:
        self.screen.notice.show_banner("")
        self.screen.setFocus()
        self.ways.came(to)
        if isinstance(to, ToComplaints) and to.case_id:
            self._wanted, self._shown = to.case_id, STORE
        self._parts.ask(complaint_choices, self._chosen_from)
        self._parts.ask(colleagues_for_complaints, self._colleagues_came)
        self.refresh()
        self._again.start()

    def leave(self) -> None:
        self._again.stop()
        self.moves.close()
        self.gifts.close()
        self.photos.close()
        self.library.close()
        self.contact.hide()

    def take_scan(self, text: str) -> bool:
        """A receipt begins a new case; anything else is refused by its tone."""
        code = parse_code(text)
        if isinstance(code, Code) and code.kind is CodeKind.RECEIPT:
            self.log(code.text)
        else:
            self._parts.notifier.signal("scan_error")
        return True

    def show_state(self, state: TillState) -> None:
        self._draw()

    def speak(self, wording: Wording) -> None:
        hint = self._parts.keys.hint
        self.screen.set_words(wording, hint(Action.COMPLAINT), hint(Action.CHOOSE_1))
        self.screen.notice.show_banner("")
        self._draw()

    def key_actions(self) -> Sequence[KeyAction]:
        t = self._parts.wording.t
        return (
            KeyAction(Action.LINE_UP, t("Case above"), partial(self._step, -1)),
            KeyAction(Action.LINE_DOWN, t("Case below"), partial(self._step, 1)),
            KeyAction(Action.COMPLAINT, t("Log a complaint"), self.log_new),
            *self.ways.key_actions(),
            KeyAction(Action.CHOOSE_3, t("Next list"), self._next_desk),
            KeyAction(Action.REVEAL, t("Show the phone number"), self.contact.ask),
            KeyAction(Action.REPRINT, t("Show the receipt"), self.ways.show_receipt),
            KeyAction(Action.LOCK, t("Lock, change the cashier"), self._lock),
            KeyAction(Action.BACK, t("One step back"), self.ways.go_back),
        )

    # ------------------------------------------------------------------ lists

    def show_desk(self, place: int) -> None:
        """One of the lists."""
        self._current, self._view = 0, None
        self._shown = place
        self.contact.hide()
        self.refresh()

    def refresh(self) -> None:
        """Read the list again, and the case."""
        self._parts.read_page(
            list_complaints, partial(self._listed, self._shown), desk=DESKS[self._shown]
        )

    def _next_desk(self) -> None:
        self.show_desk((self._shown + 1) % len(DESKS))

    def _listed(self, shown: int, answer: object) -> None:
        if shown != self._shown:
            return
        if not isinstance(answer, CaseList):
            self._list, self._view = None, None
            self._refuse(answer)
            self._draw()
            return
        self._list = answer
        ids = [line.case_id for line in answer.lines[:SHOWN_MAX]]
        kept = self._wanted or (self._view.line.case_id if self._view is not None else "")
        self._wanted = ""
        if kept:  # a case that went to another list stays in front until somebody chooses
            self._current = ids.index(kept) if kept in ids else NO_ROW
        else:
            self._current = max(0, min(self._current, len(ids) - 1))
            kept = ids[self._current] if ids else ""
        self._read(kept)

    def _choose(self, place: int) -> None:
        if self._list is not None and place < len(self._list.lines):
            self._current = place
            self.contact.hide()
            self.screen.notice.show_banner("")
            self.screen.setFocus()
            self._read(self._list.lines[place].case_id)

    def _step(self, by: int) -> None:
        if self._list is not None and self._list.lines:
            last = min(len(self._list.lines), SHOWN_MAX) - 1
            self._choose(max(0, min(last, self._current + by)))

    def _read(self, case_id: str) -> None:
        if case_id:
            self._parts.ask(read_complaint, self._told, case_id=case_id)
        else:
            self._view = None
            self._draw()

    def _told(self, answer: object) -> None:
        self._view = answer if isinstance(answer, CaseView) else None
        if self._view is not None:
            self.gifts.prepare(self._view.line.case_id)
        if isinstance(answer, NoSuchComplaint):
            self._refuse(answer)
        self._draw()

    def _chosen_from(self, answer: object) -> None:
        if isinstance(answer, ComplaintChoices):
            self._choices = answer
            self.moves.causes = answer.causes
            self._draw()

    def _colleagues_came(self, answer: object) -> None:
        if isinstance(answer, tuple):
            self.moves.colleagues = answer

    # ------------------------------------------------------------------ acts

    def log_new(self) -> None:
        """Take a case down of somebody who is still to be named."""
        self.log("")

    def log(self, receipt: str) -> None:
        """Take a case down about a receipt."""
        self._parts.navigation.open_dialog(LogComplaint(receipt=receipt))

    def begin(self, act: str) -> None:
        """A letter, or its key on the screen."""
        view = self._view
        if view is not None:
            move = next(each for each in MOVES if each.act == act)
            if act == "compensate":
                self.gifts.begin(view)
            elif act == "photo":
                self.photos.begin(view)
            elif act == LIBRARY:
                self.library.begin(view)
            else:
                self.moves.begin(move, view)

    def _changed(self) -> None:
        self._given(self._parts.wording.t("Done and recorded."))

    def _given(self, sentence: str) -> None:
        """Something was done: say so, read both again."""
        self.screen.notice.show_banner(sentence, tone="success")
        self.screen.setFocus()
        if self._view is not None:
            self._wanted = self._view.line.case_id
        self.refresh()

    def _refuse(self, answer: object) -> None:
        sentence = refusal_words(answer, self._parts.wording)
        self.screen.notice.show_banner(sentence, tone="danger")
        self._parts.notifier.announce(sentence, urgent=True)

    def _lock(self) -> None:
        self._parts.ask(lock_till)

    # ------------------------------------------------------------------ drawing

    def _draw(self) -> None:
        if self._parts.live.state is None:
            return
        wording, program = self._parts.wording, self._parts.shop.desk.state.program
        found = self._list
        lines = found.lines[:SHOWN_MAX] if found is not None else ()
        rows = [queue_row(line, program, wording) for line in lines]
        self.screen.render_list(
            tab_words(found.counts if found is not None else None, wording), self._shown, rows,
            self._current, (empty_words(DESKS[self._shown], wording), self._foot()),
        )  # fmt: skip
        self._draw_case()

    def _foot(self) -> str:
        t, found = self._parts.wording.t, self._list
        if found is not None and (found.there_are_more or len(found.lines) > SHOWN_MAX):
            return t("The first {count}; there are more.", count=SHOWN_MAX)
        return (
            t("What was closed last on top")
            if DESKS[self._shown] == "closed"
            else t("Most urgent first")
        )

    def _draw_case(self) -> None:
        wording, view, case = self._parts.wording, self._view, self.screen.case
        self.photos.show(view)
        hint = wording.t("Choose a complaint to see its story.")
        if view is None:
            case.show_case(None, hint, wording)
            return
        program = self._parts.shop.desk.state.program
        told = CaseTold(program, self._choices.causes, self._parts.local_now(), wording)
        case.show_case(case_shown(view, told), hint, wording)
        case.show_moves(moves_of(view), wording)
        case.show_member_key(wording.t("Member page") if view.member_id else "")
        self.contact.show(view)
        self.screen.aside.show_aside(aside_shown(view, program.prices.currency, wording))

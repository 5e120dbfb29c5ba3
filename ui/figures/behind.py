"""Behind: the page of what stands behind a figure, and what its rows open.

Owns: showing what was read, opening a member, a day or a receipt from it. Does not own: reading
(drill_reader.py), texts (drill.py), the widgets (list_page.py).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from functools import partial

from PySide6.QtCore import QObject

from app.domain.figures import FigureId
from app.domain.server_answer import LookedUp, LookUpAnswer, LookUpWanted
from app.services.figures import FiguresRead
from app.services.look_up import look_up_member
from ui.figures.answers import AnswerKey, answer_key
from ui.figures.chain_drill import ChainDrill
from ui.figures.drill import closed_row, day_of, stranger_of
from ui.figures.drill_reader import DrillReader
from ui.figures.list_page import ListPage
from ui.key_map import Action, KeyAction
from ui.navigation import LogComplaint, ToAudit, ToMember
from ui.window_parts import WindowParts


class Behind(QObject):
    """`show`: puts the page in front, or (False) away."""

    def __init__(
        self, parts: WindowParts, page: ListPage, show: Callable[[bool], object], parent: QObject
    ) -> None:
        super().__init__(parent)
        self._parts, self._page, self._show = parts, page, show
        self._found: FiguresRead | None = None
        self._is_shown = False
        self._shops, self.chains = DrillReader(parts, self), ChainDrill(parts, self)
        for drill in (self._shops, self.chains):
            drill.changed.connect(self._draw)
            drill.closed.connect(partial(self._put, is_shown=False))
        page.table.opened.connect(self._open_row)
        page.table.near_end.connect(self._more)
        page.table.current_changed.connect(self._offer)
        page.complaint_requested.connect(self.complain)

    @property
    def drill(self) -> DrillReader:
        """The pages that are open: the shop's own, or the whole chain's."""
        is_of_chain = self._found is not None and self._found.of_chain
        return self.chains if is_of_chain else self._shops

    def _more(self) -> None:
        self.drill.more()

    @property
    def people_of(self) -> FigureId | None:
        """The figure whose members are in front; None where there are none."""
        page = self.drill.page if self._is_shown else None
        return page.figure if page is not None and page.is_people else None

    @property
    def is_answers(self) -> bool:
        """Whether answers are in front."""
        page = self.drill.page if self._is_shown else None
        return page is not None and page.is_answers

    def open_figure(self, key: FigureId, found: FiguresRead) -> None:
        self._found = found
        self.drill.open_figure(key, found)

    def open_day(self, day: date, found: FiguresRead) -> None:
        self._found = found
        self.drill.open_day(day, found)

    def resume(self) -> bool:
        """The page that was open when somebody went elsewhere from it; False where none was."""
        if self.drill.page is None:
            return False
        self._put(is_shown=True)
        return True

    def close(self) -> None:
        """All pages at once."""
        self._shops.close_all()
        self.chains.close_all()
        self._put(is_shown=False)

    def key_actions(self) -> Sequence[KeyAction]:
        t, table = self._parts.wording.t, self._page.table
        return (
            KeyAction(Action.CONFIRM, t("Open the row"), table.open_current),
            KeyAction(Action.LINE_UP, t("Row above"), partial(table.step, -1)),
            KeyAction(Action.LINE_DOWN, t("Row below"), partial(table.step, 1)),
            KeyAction(Action.COMPLAINT, t("Log a complaint"), self.complain, self._can_complain),
        )

    def complain(self) -> None:
        """Ctrl+N: a low score is made a complaint about its purchase, with one key."""
        row = self._low_answer
        if row is not None and self._can_complain():
            self._parts.navigation.open_dialog(LogComplaint(receipt=row.receipt))

    def _offer(self, _: str = "") -> None:
        """The key stands there while the answer in front is a low one."""
        self._page.complaint.setVisible(self._can_complain())

    @property
    def _low_answer(self) -> AnswerKey | None:
        table = self._page.table
        if not self._is_shown or not table.rows:
            return None
        row = answer_key(table.current_key or table.rows[0].key)
        return row if row is not None and row.is_low else None

    def _can_complain(self) -> bool:
        return self._low_answer is not None and self._parts.navigation.can_open(LogComplaint)

    def _open_row(self, key: str) -> None:
        day, page = day_of(key), self.drill.page
        if page is not None:
            page.current = key
        if day is not None and self._found is not None:
            self.drill.open_day(day, self._found)
        elif (answer := answer_key(key)) is not None:
            if answer.member_id:
                self._parts.navigation.go(ToMember(answer.member_id, back="figures"))
            else:
                self._open_receipt(answer.receipt)
        elif stranger := stranger_of(key):
            self._ask_for(stranger)
        elif closed := closed_row(key, self._parts.wording):
            self._say(closed)
        elif key.startswith("receipt:"):
            self._open_receipt(key.removeprefix("receipt:"))
        elif key:
            self._parts.navigation.go(ToMember(key, back="figures"))

    def _ask_for(self, member_id: str) -> None:
        """Somebody this till does not know: head office tells of him. Two seconds at most."""
        page, t = self.drill.page, self._parts.wording.t
        self._say(t("Head office is asked for this member…"))

        def told(answer: LookUpAnswer) -> None:
            if not self._is_shown or self.drill.page is not page:
                return
            if isinstance(answer, LookedUp) and answer.member_ids:
                self._page.notice.show_banner("")
                self._parts.navigation.go(ToMember(answer.member_ids[0], back="figures"))
            elif isinstance(answer, LookedUp):
                self._say(t("Head office does not know this member yet."))
            else:
                self._say(t("Head office cannot be asked now, and this till does not know this "
                            "member: he has not been served here."))  # fmt: skip

        wanted = LookUpWanted(member_id=member_id)
        self._parts.ask_aside(look_up_member, told, wanted=wanted)

    def _say(self, sentence: str) -> None:
        self._page.notice.show_banner(sentence, tone="info")
        self._parts.notifier.announce(sentence)

    def _open_receipt(self, code: str) -> None:
        staff = self._parts.state.staff
        if staff is not None and "see_audit" in staff.permissions:
            self._parts.navigation.go(ToAudit(code))
            return
        sentence = self._parts.wording.t("Your role may not see the audit log.")
        self._page.notice.show_banner(sentence, tone="danger")
        self._parts.notifier.announce(sentence, urgent=True)

    def _draw(self, whole: bool) -> None:
        page = self.drill.page
        if page is None:
            return
        if whole or not self._is_shown:
            self._page.render_view(page.view, page.rows, current=page.current)
        else:
            self._page.table.add_rows(page.rows[len(self._page.table.rows) :])
        self._put(is_shown=True)

    def _put(self, *, is_shown: bool) -> None:
        self._is_shown = is_shown
        self._show(is_shown)
        self._offer()

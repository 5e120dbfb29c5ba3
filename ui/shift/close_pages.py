"""Close pages: the four pages of a close, one in front, drawn from what is known.

Owns: the stack, which page is in front, what is typed on it. Does not own: acts
(close_controller.py), texts (check_view.py, close_view.py).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from PySide6.QtWidgets import QStackedLayout, QWidget

from app.domain.money import Money, NotAnAmount
from app.services.shift_close import CloseInSight, ShiftWasClosed
from app.services.till_state import TillState
from app.wording import Wording
from ui import formatting
from ui.shift.check_page import CheckPage
from ui.shift.check_view import check_view, proposed_float
from ui.shift.close_view import Blocked, blocked_view, done_view
from ui.shift.count_page import CountPage
from ui.shift.count_view import CountView, Denominations, count_view
from ui.shift.done_page import DonePage
from ui.shift.start_page import SILENT, Notice, StartPage
from ui.window_parts import Renderers

Step = Literal["blocked", "count", "check", "done"]


@dataclass(frozen=True, slots=True)
class CloseFacts:
    """What the close knows so far, and what is said about it."""

    sight: CloseInSight | None = None
    why: Blocked | None = None
    closed: ShiftWasClosed | None = None
    notice: Notice = SILENT


class ClosePages(QWidget):
    """The stack."""

    def __init__(self, renderers: Renderers) -> None:
        super().__init__()
        self._renderers = renderers
        self._stack = QStackedLayout(self)
        self.blocked, self.count = StartPage(), CountPage()
        self.check, self.done = CheckPage(), DonePage()
        self._pages: dict[Step, QWidget] = {
            "blocked": self.blocked, "count": self.count, "check": self.check, "done": self.done,
        }  # fmt: skip
        for page in self._pages.values():
            self._stack.addWidget(page)

    @property
    def step(self) -> Step:
        here = self._stack.currentWidget()
        return next(name for name, page in self._pages.items() if page is here)

    def show_step(self, step: Step) -> None:
        self._stack.setCurrentWidget(self._pages[step])

    def take_focus(self) -> None:
        """Where keys go on the page in front."""
        match self.step:
            case "count":
                self.count.grid.go_to_first()
            case "check":
                self.check.take_focus()
            case "done":
                self.done.start.take_focus()
            case "blocked":
                self.blocked.take_focus()

    def retranslate(self, wording: Wording, recount_key: str) -> None:
        self.count.retranslate(wording)
        self.check.retranslate(wording, recount_key)
        self.check.forget()

    def counted(self, sight: CloseInSight, wording: Wording) -> CountView:
        """What is typed on the count's page."""
        kinds = Denominations(sight.denominations, sight.shift.currency)
        return count_view(kinds, self.count.grid.typed, wording)

    def left(self, sight: CloseInSight) -> Money | None:
        """What is to stay; None: what was typed is no amount."""
        typed = self.check.typed()
        if isinstance(typed, NotAnAmount):
            return None
        return proposed_float(sight) if typed is None else typed

    def draw(self, facts: CloseFacts, state: TillState, wording: Wording) -> None:
        """Draw the page in front."""
        step = self.step
        if step == "done" and facts.closed is not None:
            self._draw_done(facts.closed, wording)
        elif step == "blocked" and facts.why is not None:
            self.blocked.render_view(blocked_view(facts.why, state, wording))
        elif step == "count" and facts.sight is not None:
            self._draw_count(facts.sight, facts.notice, wording)
        elif step == "check" and facts.sight is not None and facts.sight.count is not None:
            self._draw_check(facts.sight, facts.notice, wording)

    def _draw_count(self, sight: CloseInSight, notice: Notice, wording: Wording) -> None:
        t = wording.t
        hint = t("Blind count: what has to be there is said once it is saved.")
        self.count.set_words(t("1 Count → 2 Check → 3 Done"), hint, t("Back"), t("Save count"))
        self.count.render_view(self.counted(sight, wording), wording, notice=notice)

    def _draw_check(self, sight: CloseInSight, notice: Notice, wording: Wording) -> None:
        currency = sight.shift.currency
        assert sight.count is not None, "checked after it was counted"
        self.check.left.set_hint(formatting.figure(proposed_float(sight), currency=currency))
        handed = sight.count.count.total - (self.left(sight) or Money(0))
        self.check.render_view(
            check_view(sight, wording),
            title=wording.t("1 Count → 2 Check → 3 Done"),
            handed=formatting.money(handed, currency=currency),
            notice=notice,
        )

    def _draw_done(self, closed: ShiftWasClosed, wording: Wording) -> None:
        lay_out = self._renderers.receipt_page
        page = lay_out(closed.paper) if lay_out is not None else None
        name = wording.t("Z report No. {number}", number=closed.paper.number)
        self.done.render_view(done_view(closed, wording), page, name)

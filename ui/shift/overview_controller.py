"""Shift controller: X at any time, cash in and out, the Zs again, and the way to the close.

Owns: which service an act asks, the paper that is shown. Does not own: widgets, words, counting
(close_controller.py), moving cash (drawer_controller.py).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from functools import partial

from PySide6.QtWidgets import QWidget

from app.domain.moment import Moment
from app.domain.shift import ClosedShift
from app.domain.shift_paper import ShiftPaper
from app.services.answers import Changed
from app.services.shift import ShiftWasTakenOver, take_over_shift
from app.services.shift_report import XReport, ZReprinted, closed_shifts, make_x_report, reprint_z
from app.services.staff import lock_till
from app.services.sync_state import Agreement, days_agreement
from app.services.till_state import TillState
from app.wording import Wording
from ui.arrival import place_to_begin
from ui.key_map import Action, KeyAction
from ui.navigation import (
    CashDrawer,
    Destination,
    ScreenController,
    ToShiftClose,
    ToShiftOpen,
)
from ui.shift.overview_screen import ShiftScreen
from ui.shift.overview_view import overview_view
from ui.shift.sentences import sentence
from ui.shift.start_page import Notice
from ui.window_parts import WindowParts

_NOTHING = Notice()


class ShiftController(ScreenController):
    """The shift and its papers."""

    def __init__(self, parts: WindowParts) -> None:
        super().__init__()
        self._parts = parts
        self.screen = screen = ShiftScreen()
        self._closed: tuple[ClosedShift, ...] = ()
        self._agreed: Mapping[date, Agreement] = {}
        self._paper: ShiftPaper | None = None
        self._notice = _NOTHING
        screen.act_chosen.connect(self._act)
        screen.z_chosen.connect(self._print_z)
        screen.back_requested.connect(self.back)
        self.speak(parts.wording)

    @property
    def widget(self) -> QWidget:
        return self.screen

    def enter(self, to: Destination) -> None:
        self._notice, self._paper = _NOTHING, None
        self._parts.ask(closed_shifts, self._listed)
        self._draw()
        self.screen.take_focus()

    def take_scan(self, text: str) -> bool:
        """Goods and members wait at the till."""
        self._refuse(self._parts.wording.t("Go back to the till first; then scan it again."))
        return True

    def refuse_scan(self, length: int) -> None:
        self._parts.notifier.signal("scan_error")

    def key_actions(self) -> Sequence[KeyAction]:
        t, screen = self._parts.wording.t, self.screen
        drawer = partial(self._parts.navigation.open_dialog, CashDrawer())
        return (
            KeyAction(Action.CONFIRM, t("Go on"), self.confirm),
            KeyAction(Action.LINE_UP, t("Shift above"), partial(screen.step, -1)),
            KeyAction(Action.LINE_DOWN, t("Shift below: Enter prints it again"),
                      partial(screen.step, 1)),
            KeyAction(Action.DRAWER, t("Cash drawer"), drawer),
            KeyAction(Action.LOCK, t("Lock, change the cashier"), self._lock),
            KeyAction(Action.BACK, t("One step back"), self.back),
        )  # fmt: skip

    def show_state(self, state: TillState) -> None:
        self._draw()

    def speak(self, wording: Wording) -> None:
        self._notice = _NOTHING
        self._draw()

    # ------------------------------------------------------------------ acts

    def confirm(self) -> None:
        """Enter: the chosen Z again, else the first act."""
        if not self.screen.take_current():
            self.screen.press(1)

    def back(self) -> None:
        """Esc: to the till."""
        self.screen.forget_current()
        self._parts.navigation.go(place_to_begin(self._parts.state, self._parts.navigation))

    def _lock(self) -> None:
        self._parts.ask(lock_till)

    def _act(self, act: str) -> None:
        navigation = self._parts.navigation
        if act == "open":
            navigation.go(ToShiftOpen())
        elif act == "close":
            navigation.go(ToShiftClose())
        elif act == "take_over":
            self._parts.ask(take_over_shift, self._taken_over)
        elif act == "x":
            self._parts.ask(make_x_report, self._made)
        else:
            navigation.open_dialog(CashDrawer(act))

    def _print_z(self, number: int) -> None:
        self._parts.ask(reprint_z, self._made, number=number)

    # ------------------------------------------------------------------ answers

    def _listed(self, answer: object) -> None:
        if isinstance(answer, tuple):
            self._closed = answer
            days = sorted({each.business_day for each in answer})
            self._parts.look_up(days_agreement, self._compared, days=days)
        self._draw()

    def _compared(self, agreed: Mapping[date, Agreement]) -> None:
        self._agreed = agreed
        self._draw()

    def _made(self, answer: object) -> None:
        t = self._parts.wording.t
        if isinstance(answer, XReport | ZReprinted):
            self._paper = answer.paper
            words = t("X report printed.")
            if isinstance(answer, ZReprinted):
                words = t("Printed again, marked as reprint {number}.", number=answer.copy - 1)
            self._notice = Notice(words, "success")
            self._parts.notifier.announce(words)
            self._draw()
        else:
            self._refuse(sentence(answer, self._parts.state, self._parts.wording))

    def _taken_over(self, answer: object) -> None:
        if isinstance(answer, ShiftWasTakenOver | Changed):
            self._notice = Notice(
                self._parts.wording.t("You answer for this drawer now."), "success"
            )
            self._draw()
        else:
            self._refuse(sentence(answer, self._parts.state, self._parts.wording))

    def _refuse(self, said_sentence: str) -> None:
        self._notice = Notice(said_sentence)
        self._parts.notifier.signal("scan_error")
        self._parts.notifier.announce(said_sentence, urgent=True)
        self._draw()

    def _draw(self) -> None:
        state, wording = self._parts.live.state, self._parts.wording
        if state is None:
            return
        opened = None
        if state.shift is not None:
            zone = self._parts.shop.desk.state.program.timezone
            opened = Moment(state.shift.opened_ms, 0, "").local(zone)
        view = overview_view(state, self._closed, wording, opened=opened, agreed=self._agreed)
        self.screen.render_view(view, wording.t("Back to the till"), self._notice)
        lay_out, paper = self._parts.renderers.receipt_page, self._paper
        page = lay_out(paper) if lay_out is not None and paper is not None else None
        self.screen.show_page(page, wording.t("X report"))

"""Payment controller: from the amount to the finished sale.

Owns: the form, cash, points, scans at the payment, where to go next.
Does not own: widgets (screen.py), texts (view_model.py), terminals (terminal_flow.py), the money
(services/payment.py).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from PySide6.QtWidgets import QWidget

from app.domain.money import Money, NotAnAmount
from app.services.answers import SignInFirst
from app.services.checkout import SaleDone
from app.services.payment import (
    ConfirmAmount,
    pay_cash,
)
from app.services.scan import PayByCode, scan_code
from app.services.staff import lock_till
from app.services.till_state import TillState
from app.wording import Wording
from ui.key_map import Action, KeyAction
from ui.kit.dialogs import ConfirmDialog
from ui.navigation import (
    Destination,
    ScreenController,
    ToPayment,
    ToReceipt,
    ToSignIn,
    ToTill,
)
from ui.payment import sentences, view_model
from ui.payment.keys import TENDER_KEYS, payment_keys
from ui.payment.points_act import PointsAct
from ui.payment.screen import PaymentScreen
from ui.payment.terminal_flow import TerminalFlow
from ui.payment.view_model import TENDERS, PayForm, Phase
from ui.said import said
from ui.window_parts import WindowParts


class PaymentController(ScreenController):
    """Takes the money for the open basket."""

    def __init__(self, parts: WindowParts) -> None:
        super().__init__()
        self._parts = parts
        self._form = PayForm()
        self._state: TillState | None = None
        self._screen = screen = PaymentScreen()
        self._flow = flow = TerminalFlow(parts)
        flow.setParent(self)
        self.points = PointsAct(parts, screen, self.is_free)
        self.points.setParent(self)
        self.points.changed.connect(self._points_changed)
        self.points.refused.connect(self._refused)
        flow.changed.connect(self._draw)
        flow.needs_attention.connect(self._need_attention)
        flow.done.connect(self._show_done)
        flow.ended.connect(self._refused)
        flow.was_set_aside.connect(self._set_aside)
        flow.refused.connect(self._refused)
        screen.tender_chosen.connect(self.choose_tender)
        screen.amount_changed.connect(self._amount_changed)
        screen.quick_chosen.connect(self._choose_quick)
        screen.confirm_requested.connect(self.confirm)
        screen.back_requested.connect(self.go_back)
        screen.points_toggled.connect(self.points.toggle)
        screen.points_edit_requested.connect(self.edit_points)
        screen.act_requested.connect(flow.act)
        self.speak(parts.wording)

    # ------------------------------------------------------------------ the window asks

    @property
    def widget(self) -> QWidget:
        return self._screen

    @property
    def phase(self) -> Phase:
        """Where taking the money stands."""
        return self._flow.phase

    def enter(self, to: Destination) -> None:
        self._state = self._parts.state
        attempt = self._state.attempt
        self._flow.begin(attempt)
        self._form = PayForm(tender=attempt.kind if attempt is not None else "cash")
        self._screen.show_typed("")
        self._draw()
        self._screen.take_focus()
        if isinstance(to, ToPayment) and to.pay_by is not None and attempt is None:
            self._start_terminal(to.pay_by.secret)

    def leave(self) -> None:
        self._screen.show_typed("")
        self.points.close()

    def take_scan(self, text: str) -> bool:
        if self.is_free():
            self._parts.ask(scan_code, self._scanned, text=text)
        else:
            self._parts.notifier.signal("scan_error")
        return True

    def show_state(self, state: TillState) -> None:
        # The snapshot of a sale just done shows the next, empty basket: that is not ours to draw.
        if self._state is not None and state.basket_id == self._state.basket_id:
            self._state = state
            self._draw()

    def speak(self, wording: Wording) -> None:
        hint = self._parts.keys.hint
        self._screen.points.show_hint(hint(Action.OFFERS))
        self._screen.retranslate(
            wording,
            back_hint=hint(Action.BACK),
            tender_hints=tuple(hint(action) for action in TENDER_KEYS),
        )
        self._form = replace(self._form, notice="")
        self._draw()

    def key_actions(self) -> Sequence[KeyAction]:
        return payment_keys(self, self._parts.wording)

    # ------------------------------------------------------------------ acts

    def confirm(self) -> None:
        """Enter or F9: take what was typed, or exactly what is due."""
        if not self.is_free():
            return
        if self._form.tender != "cash":
            self._start_terminal(None)
            return
        typed = self._screen.typed()
        if isinstance(typed, NotAnAmount):
            self._complain(self._parts.wording.t("This is no amount"))
        else:
            self._pay_cash(typed)

    def go_back(self) -> None:
        """Esc: back to the basket, nothing was taken."""
        if self.is_free():
            self._parts.navigation.go(ToTill())

    def edit_points(self) -> None:
        """Another number of points than the most."""
        if self._state is not None:
            self.points.edit(view_model.points_most(self._state))

    def _pay_cash(self, received: Money | None, *, confirmed: bool = False) -> None:
        shown = self._shown_due()
        self._form = replace(self._form, is_busy=True, notice="")
        self._draw()
        self._parts.ask(
            pay_cash,
            self._cash_answered,
            on_error=self._failed,
            received=received,
            shown=shown,
            confirmed=confirmed,
        )

    def _start_terminal(self, payer_code: str | None) -> None:
        tender = "mobile" if payer_code is not None else self._form.tender
        self._form = replace(self._form, tender=tender, notice="")
        self._flow.start(tender, self._shown_due(), payer_code)

    def _shown_due(self) -> Money:
        """What the person at the till reads now, and says to the customer."""
        assert self._state is not None, "nothing is paid before the screen was entered"
        return view_model.due_of(self._state, self._form.tender)

    def lock(self) -> None:
        self._parts.ask(lock_till)

    # ------------------------------------------------------------------ answers

    def _cash_answered(self, answer: Any) -> None:
        self._form = replace(self._form, is_busy=False)
        match answer:
            case SaleDone():
                self._show_done(answer)
            case ConfirmAmount(received, _):
                self._draw()
                question = sentences.amount_question(
                    received, self._parts.state, self._parts.wording
                )
                dialog = ConfirmDialog(self._screen, question)
                dialog.accepted.connect(lambda: self._pay_cash(received, confirmed=True))
                dialog.open()
            case _:
                self._refused(answer)

    def _need_attention(self) -> None:
        self._parts.notifier.signal("need_attention")
        if self._flow.attempt is not None:
            self._form = replace(self._form, tender=self._flow.attempt.kind, notice="")
        self._draw()
        self._parts.notifier.announce(self._screen.terminal.headline, urgent=True)
        self._screen.take_focus()

    def _set_aside(self) -> None:
        sentence = self._parts.wording.t(
            "Take cash. If the other payment turns out to be paid, the manager is told."
        )
        self._form = PayForm(notice=sentence, notice_tone="warning")
        self._draw()
        self._screen.take_focus()

    def _points_changed(self) -> None:
        # What is due is another sum now: an amount typed before was for the old one.
        self._screen.show_typed("")
        self._form = replace(self._form, notice="", received=None)
        self._draw()

    def _scanned(self, answer: Any) -> None:
        match answer:
            case PayByCode(_, secret):
                self._start_terminal(secret)
            case _ if getattr(answer, "line_id", None) is not None:
                # More goods: the basket shows them; what is due is another sum now.
                self._parts.navigation.go(ToTill())
            case _ if isinstance(getattr(answer, "state", None), TillState):
                words = said(answer, self._parts.state, self._parts.wording)
                self._parts.notifier.signal(words.sound or "member_ok")
                self._form = replace(self._form, notice="")
                self._draw()
            case _:
                self._refused(answer)

    def _refused(self, answer: object) -> None:
        """An act did not happen: say why, beside what was pressed."""
        if isinstance(answer, SignInFirst):
            self._parts.navigation.go(ToSignIn())
            return
        self._complain(sentences.no_sentence(answer, self._parts.state, self._parts.wording))

    # ------------------------------------------------------------------ helpers

    def is_free(self) -> bool:
        busy = self._form.is_busy or self._flow.is_busy
        return self._flow.phase is Phase.CHOOSE and not busy

    def has_points(self) -> bool:
        state = self._state
        return self.is_free() and state is not None and view_model.points_most(state) > 0

    def choose_tender(self, place: int) -> None:
        if self.is_free():
            self._form = replace(self._form, tender=TENDERS[place], notice="")
            self._draw()
            self._screen.take_focus()

    def _amount_changed(self) -> None:
        received = typed if isinstance(typed := self._screen.typed(), Money) else None
        self._form = replace(self._form, received=received, notice="")
        self._draw()

    def _choose_quick(self, place: int) -> None:
        if self._state is None:
            return
        amounts = view_model.present(self._state, self._form, self._parts.wording).quick_amounts
        text = view_model.typed_text(amounts[place], self._state.program.currency)
        self._screen.show_typed(text)
        self._amount_changed()

    def _show_done(self, done: SaleDone) -> None:
        self._parts.notifier.signal("paid")
        before, self._state = self._state, None
        self._parts.navigation.go(ToReceipt(done, before))

    def _complain(self, sentence: str) -> None:
        self._form = replace(self._form, notice=sentence, notice_tone="danger", is_busy=False)
        self._parts.notifier.signal("scan_error")
        self._parts.notifier.announce(sentence, urgent=True)
        self._draw()
        self._screen.take_focus()

    def _failed(self, error: BaseException) -> None:
        self._form = replace(self._form, is_busy=False)
        self._draw()
        if self._parts.on_fault is not None:
            self._parts.on_fault(error)

    def _draw(self) -> None:
        if self._state is None:
            return
        flow, busy = self._flow, self._form.is_busy or self._flow.is_busy
        form = replace(self._form, phase=flow.phase, elapsed_s=flow.elapsed_s, is_busy=busy)
        self._screen.render_view(view_model.present(self._state, form, self._parts.wording))

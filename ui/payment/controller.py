"""Payment controller: from the amount to the finished sale.

Owns: the form, scans at the payment, where to go next.
Does not own: widgets (screen.py), texts (view_model.py), cash (cash_act.py), points
(points_act.py), terminals (terminal_flow.py), giving a part back (part_back.py), the money
(services/payment.py, tender.py).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from PySide6.QtWidgets import QWidget

from app.domain.money import Money, NotAnAmount
from app.services.answers import PaymentUnderWay, SignInFirst
from app.services.checkout import SaleDone
from app.services.scan import PayByCode
from app.services.staff import lock_till
from app.services.till_state import TillState
from app.wording import Wording
from ui.code_scan import ask_code
from ui.key_map import Action, KeyAction
from ui.navigation import (
    Destination,
    ScreenController,
    ToPayment,
    ToReceipt,
    ToSignIn,
    ToTill,
)
from ui.payment import sentences, taken, view_model
from ui.payment.keys import SPLIT_KEY, TENDER_KEYS, payment_keys
from ui.payment.money_acts import MoneyActs
from ui.payment.points_act import PointsAct
from ui.payment.screen import PaymentScreen
from ui.payment.sentences import PartWords
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
        self.money = money = MoneyActs(parts, screen)
        money.setParent(self)
        self.points = PointsAct(parts, screen, self.is_free)
        self.points.changed.connect(self._points_changed)
        self.points.refused.connect(self._refused)
        self.points.waiting_changed.connect(self._draw)
        money.changed.connect(self._draw)
        money.needs_attention.connect(self._need_attention)
        money.done.connect(self._show_done)
        money.said.connect(self._say)
        money.refused.connect(self._refused)
        screen.tender_chosen.connect(self.choose_tender)
        screen.split_toggled.connect(self.toggle_split)
        screen.amount_changed.connect(self._amount_changed)
        screen.confirm_requested.connect(self.confirm)
        screen.back_requested.connect(self.go_back)
        screen.back_part_requested.connect(self._give_back)
        screen.points_toggled.connect(self.points.toggle)
        screen.points_edit_requested.connect(self.points.edit)
        screen.act_requested.connect(money.act)
        self.speak(parts.wording)

    # ------------------------------------------------------------------ the window asks

    @property
    def widget(self) -> QWidget:
        return self._screen

    @property
    def phase(self) -> Phase:
        """Where taking the money, or giving a part of it back, stands."""
        return self.money.phase

    def enter(self, to: Destination) -> None:
        self._state = self._parts.state
        attempt = self._state.attempt
        self.money.begin(self._state)
        self._form = PayForm(tender=attempt.kind if attempt is not None else "cash")
        self._screen.show_typed("")
        self._draw()
        self._screen.take_focus()
        self.points.reserve()
        if isinstance(to, ToPayment) and to.pay_by is not None and attempt is None:
            self._start_terminal(to.pay_by.secret)

    def leave(self) -> None:
        self._screen.show_typed("")
        self.points.close()
        self.money.back.close()

    def may_leave(self) -> bool:
        if not self.is_free():
            self._refused(PaymentUnderWay())
        return self.is_free()

    def take_scan(self, text: str) -> bool:
        if self.is_free():
            ask_code(self._parts, self._scanned, text=text)
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
            remove_hint=hint(Action.REMOVE_LINE),
            tender_hints=tuple(hint(action) for action in (*TENDER_KEYS, SPLIT_KEY)),
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
        elif not isinstance(typed := self._typed(), NotAnAmount):
            self._form = replace(self._form, notice="")
            then, take = self.points.then, self.money.cash.take
            then(take, typed, self._shown_due(), in_parts=self._is_split())

    def go_back(self) -> None:
        """Esc: back to the basket; parts that were taken stand on it."""
        if self.is_free():
            self._parts.navigation.go(ToTill())

    def toggle_split(self) -> None:
        """Alt+4: what is typed is a part; or one sum again, while no part was taken."""
        if self.has_parts():
            t = self._parts.wording.t
            self._complain(t("A part is paid: give it back before paying in one sum."))
        elif self.is_free():
            self._form = replace(self._form, wants_split=not self._form.wants_split, notice="")
            self._amount_changed()
            self._screen.take_focus()

    def give_last_back(self) -> None:
        """Del: the part that was taken last."""
        if self._state is not None and (place := taken.last_place(self._state)) is not None:
            self._give_back(place)

    def _give_back(self, place: int) -> None:
        if self.is_free() and self._state is not None:
            self.money.back.ask(place, self._state)

    def _start_terminal(self, payer_code: str | None) -> None:
        part = self._typed() if self._is_split() else None
        if not isinstance(part, NotAnAmount):
            tender = "mobile" if payer_code is not None else self._form.tender
            self._form = replace(self._form, tender=tender, notice="")
            then, start = self.points.then, self.money.flow.start
            then(start, tender, self._shown_due(), part=part, payer_code=payer_code)

    def _typed(self) -> Money | NotAnAmount | None:
        """The amount in the field; what is none is said."""
        typed = self._screen.typed()
        if isinstance(typed, NotAnAmount):
            self._complain(self._parts.wording.t("This is no amount"))
        return typed

    def _is_split(self) -> bool:
        return self._state is not None and view_model.is_split(self._state, self._form)

    def _shown_due(self) -> Money:
        """What the person at the till reads now, and says to the customer."""
        assert self._state is not None, "nothing is paid before the screen was entered"
        return view_model.due_of(self._state, self._form.tender)

    def lock(self) -> None:
        self._parts.ask(lock_till)

    # ------------------------------------------------------------------ answers

    def _need_attention(self) -> None:
        self._parts.notifier.signal("need_attention")
        if (asked := self.money.asked) is not None:
            self._form = replace(self._form, tender=asked.kind, notice="")
        self._draw()
        self._parts.notifier.announce(self._screen.terminal.headline, urgent=True)
        self._screen.take_focus()

    def _say(self, words: PartWords) -> None:
        """Money has moved: what is still to pay is the sum to type against now."""
        if words.sound:
            self._parts.notifier.signal(words.sound)
        self._screen.show_typed("")
        self._form = PayForm(
            wants_split=self.has_parts(), notice=words.sentence, notice_tone=words.tone
        )
        self._draw()
        self._parts.notifier.announce(words.sentence)
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

    def is_free(self) -> bool:
        return self.money.is_free and not self.points.kept.is_waiting

    def has_points(self) -> bool:
        state = self._state
        return self.is_free() and state is not None and view_model.points_most(state) > 0

    def has_parts(self) -> bool:
        return self._state is not None and taken.has_parts(self._state)

    def choose_tender(self, place: int) -> None:
        if self.is_free():
            self._form = replace(self._form, tender=TENDERS[place], notice="")
            self._draw()
            self._screen.take_focus()

    def _amount_changed(self) -> None:
        received = typed if isinstance(typed := self._screen.typed(), Money) else None
        self._form = replace(self._form, received=received, notice="")
        self._draw()

    def _show_done(self, done: SaleDone) -> None:
        self._parts.notifier.signal("paid")
        before, self._state = self._state, None
        self._parts.navigation.go(ToReceipt(done, before))

    def _complain(self, sentence: str) -> None:
        self._form = replace(self._form, notice=sentence, notice_tone="danger")
        self._parts.notifier.signal("scan_error")
        self._parts.notifier.announce(sentence, urgent=True)
        self._draw()
        self._screen.take_focus()

    def _draw(self) -> None:
        if self._state is None:
            return
        money, asked = self.money, self.money.asked
        form = replace(
            self._form, phase=money.phase, elapsed_s=money.elapsed_s, is_busy=money.is_busy
        )
        if asked is not None:
            form = replace(form, tender=asked.kind, asked=asked.amount)
        self._screen.render_view(view_model.present(self._state, form, self._parts.wording))

"""Till controller: from a key, a tap or a scan to a service, and from its answer to the screen.

Owns: which service an intent asks, when dialogs open.
Does not own: typing (input_line.py), the member (member_acts.py), sheets (sheets.py), keys
(keys.py), emptying the basket (clearance.py), holding (ui/holds), discounts by hand
(ui/discount), sentences (voice.py, ui/said.py), drawing
(screen.py).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QWidget

from app.domain.quantity import Quantity
from app.services.answers import LineChanged, NoSuchLine
from app.services.approval import ApprovalNeeded
from app.services.lines import (
    LineUnresolved,
    add_product,
    remove_line,
    resolve_line,
    select_line,
    set_quantity,
    step_quantity,
    undo_step,
)
from app.services.receipt import ReceiptShown, reprint_receipt, show_receipt
from app.services.scan import FinishBasketFirst, PayByCode, ReceiptFound, ScanTooLong
from app.services.staff import lock_till
from app.services.till_state import TillLine, TillState
from app.wording import Wording
from ui.choice.acts import ChoiceActs
from ui.code_scan import ask_code
from ui.key_map import Action, KeyAction
from ui.navigation import (
    AskApproval,
    Destination,
    LookUpMember,
    ScreenController,
    ToPayment,
    ToReceipt,
    ToRefund,
)
from ui.said import Said, said
from ui.till.clearance import Clearance
from ui.till.discount_acts import DiscountActs
from ui.till.hold_acts import HoldActs
from ui.till.input_line import InputLine
from ui.till.keys import TillKeys
from ui.till.member_acts import MemberActs
from ui.till.screen import TillScreen
from ui.till.sheets import Sheets
from ui.till.view_model import TillView, is_international_phone, present, refuse_payment
from ui.till.voice import Voice
from ui.window_parts import WindowParts


class TillController(ScreenController):
    """The till."""

    def __init__(self, parts: WindowParts) -> None:
        super().__init__()
        self.parts = parts
        self.screen = TillScreen()
        self.voice = Voice(parts, self.screen, self)
        self.typed = InputLine(parts, self.screen, self)
        self.sheets = Sheets(parts, self.screen, self)
        self.member_acts = MemberActs(parts, self.screen, self.sheets, self.voice, self)
        self.clearance = Clearance(parts, self.screen, self.voice, self)
        self.choice_acts = ChoiceActs(parts, self.screen, self.voice.answered, self)
        self.hold_acts = HoldActs(parts, self.screen, self.voice, self)
        self.discount_acts = DiscountActs(parts, self.screen, self.voice, self)
        self._keys = TillKeys(self, self)
        self._view: TillView | None = None
        self._is_drawing = False
        self._connect()
        self.speak(parts.wording)

    def _connect(self) -> None:
        screen, typed = self.screen, self.typed
        screen.pay_requested.connect(self.pay)
        screen.why_requested.connect(self.sheets.toggle_why)
        screen.clear_requested.connect(self.clearance.ask)
        screen.reprint_requested.connect(self.reprint)
        screen.notice_acted.connect(self.undo)
        screen.table.stepped.connect(self._on_stepped)
        screen.table.current_changed.connect(self._on_line_chosen)
        screen.member.find_requested.connect(self.find_member)
        screen.member.coupons_requested.connect(self.sheets.toggle_coupons)
        screen.member.choices_requested.connect(self.sheets.toggle_points)
        screen.member.benefit_requested.connect(self.member_acts.tap_benefit)
        self.sheets.choice_made.connect(self.choice_acts.take)
        screen.key_bar.pressed.connect(self._keys.do)
        typed.code_entered.connect(self._on_code)
        typed.product_chosen.connect(self._on_product)
        typed.phone_entered.connect(self.find_member)
        typed.quantity_entered.connect(self._on_quantity)
        typed.link_chosen.connect(self._on_link)
        typed.emptied.connect(self.confirm)
        typed.refused.connect(self.voice.refuse)

    # -- what the window asks

    @property
    def widget(self) -> QWidget:
        return self.screen

    @property
    def view(self) -> TillView:
        assert self._view is not None, "the till was not drawn yet"
        return self._view

    def enter(self, to: Destination) -> None:
        self.show_state(self.parts.state)
        self.screen.focus_input()

    def leave(self) -> None:
        self.member_acts.hide_phone()
        self.sheets.close()
        self.typed.reset()
        self.screen.show_notice(None)

    def take_scan(self, text: str) -> bool:
        if is_international_phone(text):
            self.typed.reset()
            self.parts.navigation.open_dialog(LookUpMember(text))
            return True
        self._on_code(text, self.typed.take_quantity())
        return True

    def refuse_scan(self, length: int) -> None:
        words = said(ScanTooLong(length), self.parts.state, self.parts.wording)
        self.voice.say(replace(words, sound=""))  # the window has played it

    def key_actions(self) -> Sequence[KeyAction]:
        return self._keys.actions(self.parts.wording)

    def show_state(self, state: TillState) -> None:
        key = self.parts.keys.hint(Action.MEMBER)
        self._view = present(state, self.parts.wording, member_key=key)
        self.member_acts.follow()
        self._is_drawing = True
        self.screen.render_view(self._view)
        self._is_drawing = False
        self.screen.show_can_reprint(state.last_sale_id is not None)
        self.screen.show_keys(self._keys.bar(self.parts.wording))
        self.sheets.refresh()

    def speak(self, wording: Wording) -> None:
        self.screen.retranslate(wording, self.parts.keys)
        self.screen.show_keys(self._keys.bar(wording))
        if self._view is not None:
            self.screen.show_notice(None)
            self.show_state(self.parts.state)
            self.typed.speak(wording)

    # -- acts: keys, the key bar and buttons lead here

    @Slot()
    def pay(self) -> None:
        """F9: to the payment screen, also to what is open there; or why not."""
        state = self.parts.state
        refusal = refuse_payment(state, self.parts.wording)
        if not refusal:
            self.parts.navigation.go(ToPayment())
            return
        self.voice.say(Said(refusal, "warning", "scan_error"))
        self._go_to_unresolved()

    def refund(self) -> None:
        """F8: take goods back; the basket stays as it is."""
        self.parts.navigation.go(ToRefund())

    def _go_to_unresolved(self) -> None:
        """Whoever hears that a line is in the way finds it under his hands."""
        state = self.parts.state
        blocked = next((line for line in state.lines if line.problem is not None), None)
        if blocked is not None and state.selected != blocked.line_id:
            self.parts.ask(select_line, line_id=blocked.line_id)

    @Slot()
    def confirm(self) -> None:
        """Enter on the empty input: the sheet's row, the line to resolve, else pay."""
        if self.sheets.take_current():
            return
        line = self.current_line
        if line is not None and line.problem == "members_only":
            self.find_member()
        elif line is not None and line.problem is not None:
            self.typed.begin_link(line)
        elif self.parts.state.lines:
            self.pay()

    def back(self) -> None:
        """Esc: one step back; never destroys work."""
        if not self.typed.back() and not self.sheets.close():
            self.screen.show_notice(None)
        self.screen.focus_input()

    @Slot()
    def find_member(self) -> None:
        is_quantity = self.typed.mode == "quantity"
        text = "" if is_quantity else self.screen.input.text().strip()
        self.typed.reset()
        self.parts.navigation.open_dialog(LookUpMember(text))

    def find_item(self) -> None:
        self.sheets.close()
        self.screen.focus_input()

    def quantity(self) -> None:
        self.typed.star(self.current_line)

    def step(self, by: int) -> None:
        line = self.current_line
        if line is not None and not line.is_gift:
            self._on_stepped(line.line_id, by)

    def move(self, step: int) -> None:
        """Up and down: in the drop list, in the coupons, else in the basket."""
        if self.screen.suggestions.is_open:
            self.screen.suggestions.move_choice(step)
        elif not self.sheets.move(step):
            self.screen.table.move_current(step)

    def remove(self) -> None:
        line = self.current_line
        if line is not None and not line.is_gift:
            self.parts.ask(remove_line, self.voice.answered, line_id=line.line_id)

    @Slot()
    def undo(self) -> None:
        self.screen.show_notice(None)
        self.parts.ask(undo_step, self.voice.answered)

    @Slot()
    def reprint(self) -> None:
        self.parts.ask(reprint_receipt, self._on_scanned)

    def lock(self) -> None:
        self.parts.ask(lock_till)

    @property
    def current_line(self) -> TillLine | None:
        chosen = self.screen.table.current_id or self.parts.state.selected
        return next((line for line in self.parts.state.lines if line.line_id == chosen), None)

    # -- intents with values

    @Slot(str, object)
    def _on_code(self, text: str, quantity: Quantity) -> None:
        ask_code(self.parts, self._on_scanned, text=text, quantity=quantity)

    def _on_scanned(self, answer: object) -> None:
        if isinstance(answer, PayByCode):
            self.parts.navigation.go(ToPayment(pay_by=answer))
            return
        if isinstance(answer, ApprovalNeeded):
            self.parts.navigation.open_dialog(AskApproval(answer, self._on_scanned))
            return
        if isinstance(answer, ReceiptFound) and not self.parts.state.lines:
            self.parts.ask(show_receipt, self._on_receipt, sale_id=answer.sale.sale_id)
        self.voice.answered(answer)
        self.typed.goods_answered(answer)
        if isinstance(answer, FinishBasketFirst):
            self._go_to_unresolved()

    def _on_receipt(self, answer: object) -> None:
        """A receipt scanned at an empty till: print it again, or take goods of it back."""
        if isinstance(answer, ReceiptShown) and self.parts.navigation.can_go(ToReceipt):
            self.parts.navigation.go(ToReceipt(answer))

    @Slot(str, object)
    def _on_product(self, sku: str, quantity: object) -> None:
        self.parts.ask(add_product, self._on_scanned, sku=sku, quantity=quantity)

    @Slot(str, str)
    def _on_quantity(self, line_id: str, text: str) -> None:
        def answered(answer: object) -> None:
            self.voice.answered(answer)
            is_set = isinstance(answer, LineChanged | LineUnresolved | NoSuchLine)
            words = said(answer, self.parts.state, self.parts.wording)
            self.typed.quantity_answered(text, "" if is_set else words.sentence)

        self.parts.ask(set_quantity, answered, line_id=line_id, text=text)

    @Slot(str, int)
    def _on_stepped(self, line_id: str, by: int) -> None:
        self.parts.ask(step_quantity, self.voice.answered, line_id=line_id, by=by)

    @Slot(str, str)
    def _on_link(self, line_id: str, sku: str) -> None:
        line = next((x for x in self.parts.state.lines if x.line_id == line_id), None)
        known_code = line is not None and line.problem == "unknown"
        self.parts.ask(
            resolve_line, self.voice.answered, line_id=line_id, sku=sku, remember=known_code
        )

    @Slot(str)
    def _on_line_chosen(self, line_id: str) -> None:
        if self._is_drawing or not line_id or line_id == self.parts.state.selected:
            return
        line = self.current_line
        if line is not None and not line.is_gift:
            self.parts.ask(select_line, line_id=line_id)

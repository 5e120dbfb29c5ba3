"""Refund controller: from a key, a tap or a scan to whoever knows what to do with it.

Owns: which of the three is in front (looking, goods of a sale, goods without a receipt), what is
said. Does not own: searching (search.py), the goods (goods.py, unlinked.py), the money
(giving_back.py), keys (keys.py), typed quantities (quantity_entry.py), drawing (drawing.py).
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

from PySide6.QtWidgets import QWidget

from app.domain.codes import Code, CodeKind, parse_code
from app.services.answers import PaymentUnderWay, SignInFirst
from app.services.refund_answers import ReasonMissing
from app.services.refund_search import NotSoldHere
from app.services.staff import lock_till
from app.services.till_state import TillState
from app.wording import Wording
from ui.key_map import KeyAction
from ui.kit.dialogs import ConfirmDialog
from ui.navigation import (
    Destination,
    ScreenController,
    ToPayment,
    ToReceipt,
    ToRefund,
    ToSignIn,
    ToTill,
)
from ui.refund.drawing import Drawing
from ui.refund.find_view import FindForm
from ui.refund.giving_back import GivingBack
from ui.refund.goods import GoodsBack
from ui.refund.keys import hints, refund_keys
from ui.refund.line_acts import LineActs
from ui.refund.quantity_entry import QuantityEntry
from ui.refund.screen import RefundScreen
from ui.refund.search import SaleSearch
from ui.refund.sentences import give_up_question
from ui.refund.unlinked import UnlinkedReturn
from ui.refund.voice import Voice
from ui.window_parts import WindowParts


class RefundController(ScreenController):
    """F8."""

    def __init__(self, parts: WindowParts) -> None:
        super().__init__()
        self._parts = parts
        self.screen = RefundScreen()
        self.search = SaleSearch(parts, self)
        self.goods = GoodsBack(parts, self)
        self.unlinked = UnlinkedReturn(parts, self)
        self.giving = GivingBack(parts, self)
        self.lines = LineActs(self.goods, self.unlinked, self.has_goods, self)
        self._entry = QuantityEntry(parts, self.screen, self)
        self._voice = Voice(parts, self.screen)
        self._drawing = Drawing(
            parts, self.screen, search=self.search, goods=self.goods,
            unlinked=self.unlinked, giving=self.giving,
        )  # fmt: skip
        self._before: TillState | None = None
        self._receipt = ""
        self._connect_screen()
        self._connect_parts()
        self.speak(parts.wording)

    def _connect_screen(self) -> None:
        screen = self.screen
        screen.text_edited.connect(self._draw)
        screen.row_chosen.connect(self.search.choose)
        screen.line_chosen.connect(self.lines.make_current)
        screen.stepped.connect(self.lines.step)
        screen.reason_chosen.connect(self.lines.give_reason)
        screen.confirm_requested.connect(self.confirm)
        screen.back_requested.connect(self.back)
        screen.unlinked_requested.connect(self.unlinked_return)
        screen.exchange_requested.connect(self.goods.toggle_exchange)
        screen.other_requested.connect(self.other)
        screen.act_requested.connect(self.giving.act)
        self.lines.current_changed.connect(self._draw)
        self._entry.entered.connect(self.lines.choose)
        self._entry.ended.connect(self._entry_ended)

    def _connect_parts(self) -> None:
        goods, giving = self.goods, self.giving
        self.search.changed.connect(self._draw)
        self.search.found.connect(goods.begin)
        self.search.failed.connect(self._not_found)
        self.search.refused.connect(self._refused)
        goods.opened.connect(self._opened)
        goods.changed.connect(self._changed)
        goods.none_open.connect(self._look)
        goods.all_back.connect(self._not_found)
        goods.refused.connect(self._refused)
        goods.rung_up.connect(self._rung_up)
        giving.changed.connect(self._draw)
        giving.shown.connect(goods.adopt)
        giving.needs_attention.connect(self._need_attention)
        giving.done.connect(self._done)
        giving.left_to_pay.connect(partial(self._parts.navigation.go, ToPayment()))
        giving.refused.connect(self._refused)
        self.unlinked.changed.connect(self._changed)
        self.unlinked.done.connect(self._done)
        self.unlinked.refused.connect(self._refused)

    @property
    def widget(self) -> QWidget:
        return self.screen

    def enter(self, to: Destination) -> None:
        self._receipt = to.receipt if isinstance(to, ToRefund) else ""
        self._changed()
        self.goods.find_open()

    def leave(self) -> None:
        self._entry.end()
        self.unlinked.end()
        self._voice.quiet()

    def may_leave(self) -> bool:
        if not self.is_free():
            self._refused(PaymentUnderWay())
        return self.is_free()

    def take_scan(self, text: str) -> bool:
        code = parse_code(text)
        is_receipt = isinstance(code, Code) and code.kind is CodeKind.RECEIPT
        self._entry.end()
        if not self.is_free():
            self._parts.notifier.signal("scan_error")
        elif is_receipt and not self.lines.front.has_chosen:
            self._receipt = text
            self.goods.give_up()
        elif self.is_looking():
            self.search.look(text)
        else:
            self.lines.front.scan(text)
        return True

    def show_state(self, state: TillState) -> None:
        self.goods.refresh_exchange()
        self._draw()

    def speak(self, wording: Wording) -> None:
        self.screen.retranslate(wording, hints=hints(self._parts.keys))
        self._changed()

    def key_actions(self) -> Sequence[KeyAction]:
        return refund_keys(self, self._parts.wording)

    def is_free(self) -> bool:
        return self.giving.is_free and not self.unlinked.is_busy

    def is_looking(self) -> bool:
        return self.goods.state is None and not self.unlinked.is_on

    def has_sale(self) -> bool:
        return self.goods.state is not None and self.is_free()

    def has_goods(self) -> bool:
        return not self.is_looking() and self.is_free()

    def confirm(self) -> None:
        """Enter: what stands in the field, the current row, else the refund."""
        typed = self.screen.field.text().strip()
        if self._entry.is_on:
            self._entry.take(typed)
        elif not self.is_free():
            return
        elif self.unlinked.is_on and typed:
            self.screen.field.clear()
            self.unlinked.scan(typed)
        elif self.unlinked.is_on:
            self.unlinked.confirm()
        elif self.goods.state is not None:
            self._before = self._parts.state
            self.giving.confirm(self.goods.state, self.goods.exchange)
        elif typed:
            self.search.look(typed)
        else:
            self.search.choose(self.search.form.current)

    def back(self) -> None:
        """Esc: one step back; what was chosen of a sale is kept and found again with F8."""
        self._voice.quiet()
        if self._entry.is_on:
            self._entry.end()
        elif self.unlinked.is_on:
            self.other()
        elif self.goods.state is not None and not self.goods.has_chosen:
            self.goods.give_up()
        elif self.is_looking() and (self.screen.field.text() or self.search.can_go_back):
            self._look()
        else:
            self._parts.navigation.go(ToTill())

    def move(self, step: int) -> None:
        if self.is_looking():
            self.search.move(step)
        else:
            self.lines.front.move(step)

    def quantity(self) -> None:
        """`*`: type how many of the current line."""
        self._entry.begin(self.lines.front.current_name)

    def unlinked_return(self) -> None:
        """Goods without a receipt: gathered by scans, always with an approval."""
        if self.is_looking() and self.is_free():
            answer = self.search.form.answer
            self.screen.field.clear()
            self.unlinked.begin(answer.receipt_code if isinstance(answer, NotSoldHere) else "")
            self.screen.focus_goods()

    def other(self) -> None:
        """Give this one up; chosen goods are asked about first."""
        give_up = self._look if self.unlinked.is_on else self.goods.give_up
        if self.lines.front.has_chosen:
            dialog = ConfirmDialog(self.screen, give_up_question(self._parts.wording))
            dialog.accepted.connect(give_up)
            dialog.open()
        else:
            give_up()

    def lock(self) -> None:
        self._parts.ask(lock_till)

    def _opened(self) -> None:
        self.unlinked.end()
        self._receipt, self.search.form = "", FindForm()
        self._voice.quiet()
        assert self.goods.state is not None, "it was just opened"
        self.giving.begin(self.goods.state)
        self._parts.notifier.signal("scan_ok")
        self._draw()
        self.screen.focus_goods()

    def _changed(self) -> None:
        self._voice.quiet()
        self._draw()

    def _look(self) -> None:
        """No refund is open: look for a sale."""
        receipt, self._receipt = self._receipt, ""
        self.unlinked.end()
        self.goods.forget()
        self.screen.field.clear()
        self._voice.quiet()
        self.search.begin()
        self._draw()
        self.screen.focus_field()
        if receipt:
            self.search.look(receipt)

    def _not_found(self, answer: Any) -> None:
        self._draw()
        self._voice.not_found(answer)

    def _rung_up(self, answer: Any) -> None:
        """New goods of an exchange went into the basket, or not."""
        if not self._voice.rung_up(answer):
            self._refused(answer)

    def _need_attention(self) -> None:
        self._draw()
        self._voice.ask_for_attention()
        self.screen.focus_goods()

    def _done(self, answer: Any) -> None:
        before, self._before = self._before, None
        self.goods.forget()
        self._parts.notifier.signal("paid")
        self._parts.navigation.go(ToReceipt(answer, before))

    def _refused(self, answer: object) -> None:
        if isinstance(answer, SignInFirst):
            self._parts.navigation.go(ToSignIn())
            return
        if isinstance(answer, ReasonMissing):
            self.lines.front.current = answer.line_id
        self._draw()
        self._voice.refuse(answer, self.lines.front.current_name)
        if not self.is_looking():
            self.screen.focus_goods()

    def _entry_ended(self) -> None:
        self._draw()
        self.screen.focus_goods()

    def _draw(self) -> None:
        self._drawing.draw(with_field=not self._entry.is_on)

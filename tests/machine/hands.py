"""The hands at one till: what a cashier does, and what went through his hands meanwhile.

Owns: selling, paying, cash and the shift through the real services, with the notes a cashier could
keep (cash in the drawer, the slips of the card terminal, papers, benefits ticked). It never looks
at a fact or a row. Does not own: taking goods back (taking_back.py), reckoning (books.py).
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from app.devices.terminals import Behaviour
from app.domain.money import Money, total
from app.domain.payment import Approved as GivenBack
from app.services.approval import (
    ApprovalNeeded,
    Approved,
    SecondProofNeeded,
    SelfApproval,
    approve_with_badge,
    approve_with_pin,
    cancel_approval,
)
from app.services.checkout import SaleDone
from app.services.discount import DiscountGiven, Wish, WishRefused, discount_line, discount_order
from app.services.entitlement import EntitlementTicked, tick_entitlement
from app.services.expiring import PointsExchanged, exchange_expiring
from app.services.hold import HoldEnded, SaleHeld, SaleRecalled, hold_sale, recall_sale
from app.services.payment import (
    ask_terminal,
    confirm_by_hand,
    finish_payment,
    pay_cash,
    query_terminal,
    remaining_of,
    start_payment,
)
from app.services.payment_answer import (
    ConfirmByHand,
    PartRefused,
    PaymentDeclined,
    PaymentStarted,
    PaymentUnknown,
    TenderTaken,
)
from app.services.reward import RewardCoupon, RewardRefused, RewardTaken, take_reward
from app.services.shop import Desk, DeskState
from app.services.tender import (
    AskTenderBack,
    ConfirmTenderBack,
    CreditStays,
    TenderBackUnknown,
    TenderRemoved,
    TenderStays,
    ask_tender_back,
    query_tender_back,
    remove_tender,
    take_cash_part,
)
from app.services.void import SaleVoided, void_sale
from tests.machine.shop import Bank, sign_in
from tests.real_shop import PINS, RealShop

MANAGER = "王芳"
NOBODY_ELSE = "nobody else may say yes"


@dataclass(frozen=True, slots=True)
class Tick:
    """A benefit (or a coupon for points) that a member had, while this basket was open."""

    member: str
    name: str
    basket: str


@dataclass(slots=True)
class Hands:
    """One till and whoever stands at it."""

    shop: RealShop
    bank: Bank
    at_till: str = "李明"
    in_drawer: int = 0
    card_slips: int = 0
    """What the separate card terminal has taken, less what it gave back."""
    by_bank: int = 0
    """What the bank has taken for this till, less what it gave back."""
    sold: list[str] = field(default_factory=list)
    sold_here: set[str] = field(default_factory=set)
    voided: set[str] = field(default_factory=set)
    voided_before: set[str] = field(default_factory=set)
    """Elsewhere, before this till had its own file."""
    held: list[str] = field(default_factory=list)
    ticked: list[Tick] = field(default_factory=list)
    swapped: dict[str, Counter[int]] = field(default_factory=dict)
    """Points a member gave for a coupon, by the month they were given in."""
    refund: str = ""
    """The refund that is open."""
    zs: int = 0
    unknown_yes: int = 0
    """Acts nobody could say yes to."""

    @property
    def state(self) -> DeskState:
        return self.shop.shop.desk.state

    @property
    def today(self) -> date:
        """By the clock on the wall of the shop."""
        seconds = self.shop.clock.now().wall_ms // 1000
        return datetime.fromtimestamp(seconds, ZoneInfo("Asia/Shanghai")).date()

    @property
    def has_goods(self) -> bool:
        return not self.state.basket.is_empty

    @property
    def is_paid_in_part(self) -> bool:
        return bool(self.state.basket.tenders)

    @property
    def may_sell(self) -> bool:
        shift = self.state.shift
        return shift is not None and not shift.is_counting

    @property
    def remaining(self) -> int:
        return remaining_of(self.state).minor

    @property
    def cash_on_basket(self) -> int:
        tenders = self.state.basket.tenders
        return sum(one.amount.minor for one in tenders if one.kind == "cash")

    # -------------------------------------------------------------- asking

    def do(self, service: Any, **wanted: Any) -> Any:
        """Ask; where a yes is needed 王芳 gives it, by badge and, where it takes both, by PIN."""
        answer = self.shop.do(service, **wanted)
        while isinstance(answer, ApprovalNeeded):
            yes = self.shop.do(
                approve_with_badge,
                request_id=answer.request_id,
                badge=self.shop.badges[MANAGER],
            )
            if isinstance(yes, SecondProofNeeded):
                yes = self.shop.do(
                    approve_with_pin,
                    request_id=answer.request_id,
                    staff_id=self.shop.staff[MANAGER],
                    pin=PINS[MANAGER],
                )
            if isinstance(yes, SelfApproval):
                assert self.at_till == MANAGER
                self.shop.do(cancel_approval)
                self.unknown_yes += 1
                return NOBODY_ELSE
            assert isinstance(yes, Approved), yes
            answer = yes.answer
        return answer

    def restart(self) -> None:
        """The process died between two acts; the basket costs what it cost."""
        before = self.state.quote
        self.shop.shop = replace(self.shop.shop, desk=Desk())
        self.shop.open()
        sign_in(self.shop, self.at_till)
        assert not self.has_goods or self.state.quote == before

    def change_cashier(self, name: str) -> None:
        sign_in(self.shop, name)
        self.at_till = name

    # -------------------------------------------------------------- the basket

    def give(self, kind: str, number: int, place: int) -> None:
        """Something off by hand: a rate on a line, an amount on the order, another price."""
        lines = self.state.basket.lines
        line = lines[place % len(lines)]
        if kind == "order":
            wish = Wish("amount", amount=Money(number * 37), reason="goodwill")
            answer = self.do(discount_order, wish=wish)
        elif kind == "price":
            wish = Wish("price", amount=Money(number * 50), reason="price_tag")
            answer = self.do(discount_line, line_id=line.line_id, wish=wish)
        else:
            wish = Wish("rate", rate=Decimal(number) / 100, reason="damaged")
            answer = self.do(discount_line, line_id=line.line_id, wish=wish)
        assert isinstance(answer, DiscountGiven | WishRefused) or answer == NOBODY_ELSE, answer

    def tick(self, benefit: str) -> None:
        seat = self.state.seat
        if isinstance(self.do(tick_entitlement, entitlement_id=benefit), EntitlementTicked):
            assert seat is not None
            basket = self.state.basket.basket_id
            self.ticked.append(Tick(seat.member.member_id, benefit, basket))

    def have_reward(self, reward: str) -> None:
        """For points: goods in this sale, or a coupon at once and for good."""
        seat = self.state.seat
        answer = self.do(take_reward, reward_id=reward)
        if isinstance(answer, RewardCoupon):
            assert seat is not None
            self.ticked.append(Tick(seat.member.member_id, f"reward:{reward}", ""))
            self._gave_points(seat.member.member_id, answer.points)
        else:
            assert isinstance(answer, RewardTaken | RewardRefused), answer

    def swap_points(self) -> None:
        """Points that expire soon become a coupon."""
        seat = self.state.seat
        answer = self.do(exchange_expiring)
        if isinstance(answer, PointsExchanged):
            assert seat is not None
            self._gave_points(seat.member.member_id, answer.points)

    def _gave_points(self, member: str, points: int) -> None:
        of_member = self.swapped.setdefault(member, Counter())
        of_member[self.today.year * 12 + self.today.month - 1] += points

    def hold(self) -> None:
        answer = self.do(hold_sale)
        assert isinstance(answer, SaleHeld), answer
        self.held.append(answer.hold_id)

    def recall(self, place: int) -> None:
        """A sale that is held comes back; one that came back already is said to have ended."""
        hold_id = self.held.pop(place % len(self.held))
        assert isinstance(self.do(recall_sale, hold_id=hold_id), SaleRecalled)

    def recall_again(self, hold_id: str) -> None:
        assert isinstance(self.do(recall_sale, hold_id=hold_id), HoldEnded)

    def void(self) -> None:
        basket_id = self.state.basket.basket_id
        answer = self.do(void_sale, reason="customer_left")
        assert isinstance(answer, SaleVoided), answer
        self.voided.add(basket_id)

    # -------------------------------------------------------------- money

    def pay_all_in_cash(self, more: int) -> None:
        """What is asked for or more is handed over."""
        given = self.remaining + more
        self.is_sold(self.do(pay_cash, received=Money(given), confirmed=True), given)

    def pay_some_cash(self, minor: int) -> None:
        answer = self.do(take_cash_part, received=Money(minor), confirmed=True)
        if isinstance(answer, TenderTaken):
            self.in_drawer += minor
        elif not isinstance(answer, PartRefused):
            self.is_sold(answer, minor)

    def pay_by_terminal(self, kind: str, minor: int | None, behaviour: Behaviour) -> None:
        """The bank behaves so; beside the card terminal the cashier says what its paper said."""
        self.bank.behaviour = behaviour
        part = None if minor is None else Money(min(minor, self.remaining))
        answer = self.do(start_payment, kind=kind, part=part or None)
        if isinstance(answer, SaleDone):
            self.is_sold(answer, 0)
            return
        assert isinstance(answer, PaymentStarted), answer
        attempt = answer.attempt
        taken = behaviour not in ("decline", "expired")
        said = ask_terminal(shop=self.shop.shop, attempt=attempt, payer_code="1" * 18)
        answer = self.do(finish_payment, attempt_id=attempt.attempt_id, result=said)
        while isinstance(answer, PaymentUnknown):
            known = query_terminal(shop=self.shop.shop, attempt=attempt)
            answer = self.do(finish_payment, attempt_id=attempt.attempt_id, result=known)
        if isinstance(answer, ConfirmByHand):
            answer = self.do(confirm_by_hand, attempt_id=attempt.attempt_id, taken=taken)
            self.card_slips += attempt.amount.minor if taken else 0
        elif taken:
            self.by_bank += attempt.amount.minor
        assert isinstance(answer, PaymentDeclined) == (not taken), answer
        if isinstance(answer, SaleDone):
            self.is_sold(answer, 0)
        else:
            assert isinstance(answer, TenderTaken | PaymentDeclined), answer

    def give_a_part_back(self, place: int, behaviour: Behaviour) -> None:
        self.bank.behaviour = behaviour
        place %= len(self.state.basket.tenders)
        tender = self.state.basket.tenders[place]
        answer = self.do(remove_tender, place=place)
        key = ""
        if isinstance(answer, AskTenderBack):
            key = answer.key
            back = ask_tender_back(shop=self.shop.shop, tender=tender, key=key)
            answer = self.do(remove_tender, place=place, back=back)
        while isinstance(answer, TenderBackUnknown):
            known = query_tender_back(shop=self.shop.shop, tender=tender, key=key)
            answer = self.do(remove_tender, place=place, back=known)
        if isinstance(answer, ConfirmTenderBack):
            yes = self.do(remove_tender, place=place, back=GivenBack("", ""))
            self.card_slips -= tender.amount.minor
            assert isinstance(yes, TenderRemoved), yes
        elif isinstance(answer, TenderRemoved):
            self.in_drawer -= tender.amount.minor if tender.kind == "cash" else 0
            self.by_bank -= tender.amount.minor if tender.kind == "mobile" else 0
        else:
            assert isinstance(answer, CreditStays | TenderStays), answer

    def is_sold(self, done: Any, given: int) -> None:
        """What was handed over came into the drawer, change and what was due back went out."""
        assert isinstance(done, SaleDone), done
        assert given or not done.change, "change of what nobody gave"
        self.in_drawer += given - done.change.minor - done.cash_back.minor
        self.sold.append(done.sale_id)
        self.sold_here.add(done.sale_id)
        printed = self.shop.paper.receipts[-1]
        assert printed == done.receipt, "the paper is what the screen said"
        paid = total(Money(each.amount_minor) for each in printed.tenders)
        assert paid.minor - printed.change_minor == printed.due_minor == done.due.minor
        if done.refund is not None:
            assert self.shop.paper.others[-1] == done.refund
            self.refund = ""

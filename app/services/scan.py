"""Scanning: one code read at the till, and where it goes.

Owns: the routing of what the classifier found. Does not own: telling codes apart (scanning.py),
what happens at each place (basket.py, members.py, coupons.py, staff.py, payment.py).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from app.domain.quantity import Quantity, pieces
from app.domain.sale import SaleSummary
from app.domain.scanning import (
    BadCheckDigit,
    CodeTooLong,
    CouponCode,
    Gs1Item,
    Gtin,
    InternalCode,
    MemberCard,
    MemberPass,
    PaymentChannel,
    PaymentCode,
    ReceiptCode,
    Scanned,
    ScanRules,
    StaffBadge,
    UnknownCode,
    WeighedItem,
    WeighedRule,
    WeighedValue,
    classify,
)
from app.domain.server_answer import LookUpAnswer
from app.domain.settings import Settings
from app.services.answers import BasketFull, LineChanged, Refusal
from app.services.coupon import CouponAnswer, enter_code, scan_coupon
from app.services.desk import allowed, may_change
from app.services.find_member import PutOnAnswer, put_on_by_card
from app.services.label import LabelAnswer, ring_up_label
from app.services.lines import LineUnresolved, QuantityRefused, ring_up
from app.services.member_pass import PassAnswer, put_on_by_pass
from app.services.member_pass import PassNeedsServer as PassNeedsServer  # noqa: PLC0414 - an answer of a scan
from app.services.ports import UnitOfWork
from app.services.shop import Shop
from app.services.staff import SignInAnswer, sign_in_with_badge

ONE = pieces(1)


@dataclass(frozen=True, slots=True)
class PayByCode:
    """The customer showed a payment code and the basket can be paid: charge it now.

    The secret goes to the terminal and nowhere else.
    """

    channel: PaymentChannel
    secret: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class FinishBasketFirst:
    """A payment code came too early.

    `empty`: nothing to pay; `unresolved`: a line is no goods yet; `pay_first`: in this shop a
    payment begins by hand, on the payment screen.
    """

    cause: Literal["empty", "unresolved", "pay_first"]


@dataclass(frozen=True, slots=True)
class ReceiptFound:
    """A receipt of this till's store."""

    sale: SaleSummary


@dataclass(frozen=True, slots=True)
class ReceiptUnknown:
    """A receipt number that no sale here has."""

    code: str


@dataclass(frozen=True, slots=True)
class ScanTooLong:
    """More characters than any code has; dropped. Only the length is known."""

    length: int


ScanAnswer = (
    LineChanged
    | LineUnresolved
    | QuantityRefused
    | LabelAnswer
    | BasketFull
    | PutOnAnswer
    | CouponAnswer
    | SignInAnswer
    | PayByCode
    | FinishBasketFirst
    | ReceiptFound
    | ReceiptUnknown
    | PassAnswer
    | ScanTooLong
    | Refusal
)


def scan_code(
    *,
    shop: Shop,
    work: UnitOfWork,
    text: str,
    quantity: Quantity = ONE,
    looked_up: LookUpAnswer | None = None,
) -> ScanAnswer:
    """Take a scanned (or typed) code at the till, with `3*` typed before it for goods.

    `looked_up`: what the server said of a member nobody here knew (MemberElsewhere).
    Changes: the basket, the member on it, its choices or who is signed in - by what it is.
    """
    scanned = classify(text, scan_rules(shop.desk.state.settings))
    if isinstance(scanned, StaffBadge):
        return sign_in_with_badge(shop=shop, work=work, badge=scanned.code.text)
    refusal = _refusal(shop, scanned)
    if refusal:
        return refusal
    match scanned:
        case MemberCard(code):
            return put_on_by_card(shop=shop, work=work, card=code, looked_up=looked_up)
        case MemberPass(code):
            return put_on_by_pass(shop=shop, work=work, code=code, looked_up=looked_up)
        case _:
            return _route(shop, work, scanned, quantity)


def _refusal(shop: Shop, scanned: Scanned) -> Refusal | None:
    """A basket that is paid in part takes no goods; a payment code pays the rest of it."""
    state = shop.desk.state
    is_asked = state.attempt is not None or bool(state.basket.giving_back)
    if isinstance(scanned, PaymentCode) and state.basket.tenders and not is_asked:
        return allowed(shop, "sell")
    return may_change(shop)


def _route(shop: Shop, work: UnitOfWork, scanned: Scanned, quantity: Quantity) -> ScanAnswer:
    match scanned:
        case PaymentCode(channel, secret):
            return _payment_code(shop, channel, secret)
        case CouponCode(code):
            return scan_coupon(shop=shop, work=work, coupon=code)
        case ReceiptCode(code):
            found = work.sales.by_receipt(code.text)
            return ReceiptFound(found) if found else ReceiptUnknown(code.text)
        case CodeTooLong(length):
            return ScanTooLong(length)
        case StaffBadge() | MemberCard() | MemberPass():
            raise AssertionError("people were routed before")
        case _:
            return _goods(shop, work, scanned, quantity)


def _goods(
    shop: Shop,
    work: UnitOfWork,
    scanned: Gs1Item | WeighedItem | Gtin | InternalCode | BadCheckDigit | UnknownCode,
    quantity: Quantity,
) -> ScanAnswer:
    match scanned:
        case Gs1Item() | WeighedItem():
            return ring_up_label(shop=shop, work=work, label=scanned, quantity=quantity)
        case BadCheckDigit(text):
            return ring_up(shop=shop, work=work, code=text, quantity=quantity, misread=True)
        case Gtin(text):
            return ring_up(shop=shop, work=work, code=text, quantity=quantity)
        case InternalCode(text) | UnknownCode(text):
            answer = enter_code(shop=shop, work=work, text=text)
            if answer is not None:
                return answer
            return ring_up(shop=shop, work=work, code=text, quantity=quantity)


def _payment_code(shop: Shop, channel: PaymentChannel, secret: str) -> ScanAnswer:
    basket = shop.desk.state.basket
    if basket.is_empty:
        return FinishBasketFirst("empty")
    if basket.unresolved:
        return FinishBasketFirst("unresolved")
    if not shop.desk.state.settings.scan_to_pay:
        return FinishBasketFirst("pay_first")
    return PayByCode(channel, secret)


def scan_rules(settings: Settings) -> ScanRules:
    """The store's own formats as the classifier wants them."""
    values = {"weight": WeighedValue.WEIGHT_GRAMS, "price": WeighedValue.PRICE_MINOR}
    weighed = tuple(WeighedRule(rule.prefix, values[rule.value]) for rule in settings.weighed)
    return ScanRules(weighed, settings.internal_pattern)

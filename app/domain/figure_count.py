"""Counting for figures: what one fact adds to the sums of its day and to its member's visits.

Owns: the names of those sums and what each kind of fact adds to them. Pure, so that a till and the
server count alike, in any order. Does not own: what is made of the sums (figures.py), keeping them
(a repository), proof that two sides hold the same facts (agreement.py).
Amounts are minor units and positive, named by their direction. The day is the one stated in the
fact, as on the receipt and the Z report.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from app.domain import effects as do
from app.domain.codes import CodeKind, NotACode, parse_code, receipt_number
from app.domain.fact_parts import FactTender
from app.domain.facts import Fact, MemberJoined, SaleRecorded
from app.domain.payment import TenderKind
from app.domain.refund_fact import AnyRefund, FirstRefundRecorded, RefundRecorded, ReturnRecorded

TENDERS: tuple[TenderKind, ...] = ("cash", "card", "mobile", "other")

SALES, MEMBER_SALES = "sales", "member_sales"
PAID, MEMBER_PAID = "paid", "member_paid"
"""Money received: what the customers of these sales paid."""
LISTED, TOTAL, ROUND_OFF, POINTS_OFF = "listed", "total", "round_off", "points_off"
REFUNDS, MEMBER_REFUNDS = "refunds", "member_refunds"
WORTH, BACK, MEMBER_BACK, KEPT_BACK = "worth", "back", "member_back", "kept_back"
"""What came back was worth, what of it was paid out, and what was kept back."""
EARNED, SPENT = "points_earned", "points_spent"
TAKEN_BACK, GIVEN_BACK = "points_taken_back", "points_given_back"
JOINED = "joined"
COUPONS_GIVEN, COUPONS_USED = "coupons_given", "coupons_used"
COUPONS_RETURNED, COUPONS_OFF = "coupons_returned", "coupons_off"


def received(kind: TenderKind) -> str:
    """The sum of money received by one kind of tender."""
    return f"in_{kind}"


def paid_out(kind: TenderKind) -> str:
    """The sum of money paid out by one kind of tender."""
    return f"out_{kind}"


@dataclass(frozen=True, slots=True)
class Visit:
    """What a fact adds to its member's day. All zero: a contact without money."""

    member: str
    sales: int = 0
    paid_minor: int = 0
    back_minor: int = 0
    returned: int = 0
    """Sales of which nothing is left."""
    joined: int = 0


@dataclass(frozen=True, slots=True)
class Counted:
    """What one fact adds. Sums that get nothing are left out."""

    day: date
    sums: Mapping[str, int] = field(default_factory=dict)
    visit: Visit | None = None


def counted(fact: Fact) -> Counted:
    """What a fact adds to the figures of its day and till."""
    sums: dict[str, int] = {}
    visit = None
    match fact:
        case SaleRecorded():
            sums, visit = _sale(fact)
        case FirstRefundRecorded() | RefundRecorded():
            sums, visit = _refund(fact)
        case ReturnRecorded():
            sums = _given_back(fact.tenders) | {
                REFUNDS: 1, WORTH: sum(each.amount_minor for each in fact.goods)
            }  # fmt: skip
        case MemberJoined():
            sums = {JOINED: 1}
            visit = Visit(str(fact.member), joined=1)  # it always names him
        case _:
            pass  # moves no goods; its coupons are counted below
    if visit is None and fact.member is not None and fact.staff:
        visit = Visit(fact.member)
    _coupons(sums, fact.effects)
    return Counted(fact.day, {name: sum_ for name, sum_ in sums.items() if sum_}, visit)


def till_number(code: str) -> int | None:
    """The till whose series a receipt code stands in; None where it is no such code."""
    read = parse_code(code)
    if isinstance(read, NotACode) or read.kind is not CodeKind.RECEIPT:
        return None
    return receipt_number(read).till


def _sale(sale: SaleRecorded) -> tuple[dict[str, int], Visit | None]:
    paid = sum(tender.amount_minor for tender in sale.tenders)
    sums = {
        SALES: 1,
        PAID: paid,
        LISTED: sale.list_total_minor,
        TOTAL: sale.total_minor,
        ROUND_OFF: sale.round_off_minor,
        POINTS_OFF: sale.points_off_minor,
        EARNED: sale.points_earned,
        SPENT: sale.points_spent,
        COUPONS_USED: len(sale.coupons_used),
        COUPONS_OFF: -_by_coupon(sale),
    } | _by_tender(received, sale.tenders)
    if sale.member is None:
        return sums, None
    own = {MEMBER_SALES: 1, MEMBER_PAID: paid}
    return sums | own, Visit(sale.member, sales=1, paid_minor=paid)


def _by_coupon(sale: SaleRecorded) -> int:
    """What coupons took off a sale, signed as in its adjustments."""
    changes = [*sale.adjustments, *(each for line in sale.lines for each in line.adjustments)]
    return sum(each.amount_minor for each in changes if each.coupon is not None)


def _refund(refund: AnyRefund) -> tuple[dict[str, int], Visit | None]:
    back = sum(tender.amount_minor for tender in refund.tenders)
    sums = _given_back(refund.tenders) | {
        REFUNDS: 1,
        WORTH: sum(piece.amount_minor for piece in refund.pieces),
        KEPT_BACK: refund.kept_back_minor,
        TAKEN_BACK: refund.points_earned,
        GIVEN_BACK: refund.points_spent,
    }
    if refund.member is None:
        return sums, None
    visit = Visit(refund.member, back_minor=back, returned=int(refund.last_piece))
    return sums | {MEMBER_REFUNDS: 1, MEMBER_BACK: back}, visit


def _given_back(tenders: Iterable[FactTender]) -> dict[str, int]:
    sums = _by_tender(paid_out, tenders)
    return sums | {BACK: sum(sums.values())}


def _by_tender(name: Callable[[TenderKind], str], tenders: Iterable[FactTender]) -> dict[str, int]:
    sums: dict[str, int] = {}
    for tender in tenders:
        key = name(tender.kind)
        sums[key] = sums.get(key, 0) + tender.amount_minor
    return sums


def _coupons(sums: dict[str, int], effects: Iterable[do.Effect]) -> None:
    for effect in effects:
        match effect:
            case do.CouponGiven():
                sums[COUPONS_GIVEN] = sums.get(COUPONS_GIVEN, 0) + 1
            case do.CouponBack():
                sums[COUPONS_RETURNED] = sums.get(COUPONS_RETURNED, 0) + 1
            case _:
                pass  # moves no coupon; their use stands in the sale


# ------------------------------------------------------------------ many facts at once


class Place(NamedTuple):
    """The till a fact was written at."""

    store: str
    till: int


@dataclass(slots=True)
class FigureBatch:
    """What many facts add, to be written in one transaction."""

    sums: dict[tuple[date, Place, str], int] = field(default_factory=dict)
    visits: dict[tuple[date, str, Place], Visit] = field(default_factory=dict)
    newest_ms: dict[Place, int] = field(default_factory=dict)
    facts: dict[Place, int] = field(default_factory=dict)

    def count(self, place: Place, fact: Fact) -> None:
        """Add one fact, which the caller knows to be new."""
        found = counted(fact)
        for name, amount in found.sums.items():
            key = (found.day, place, name)
            self.sums[key] = self.sums.get(key, 0) + amount
        visit = found.visit
        if visit is not None:
            at = (found.day, visit.member, place)
            self.visits[at] = _both(self.visits[at], visit) if at in self.visits else visit
        self.newest_ms[place] = max(self.newest_ms.get(place, 0), fact.clock.wall_ms)
        self.facts[place] = self.facts.get(place, 0) + 1


def _both(one: Visit, other: Visit) -> Visit:
    return Visit(
        one.member,
        one.sales + other.sales,
        one.paid_minor + other.paid_minor,
        one.back_minor + other.back_minor,
        one.returned + other.returned,
        one.joined + other.joined,
    )

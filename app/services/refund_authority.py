"""After a refund, in a shop that is its own authority: pieces settled, coupons and shares back.

Owns: calling the authority's rules for one sale and recording what they say. Does not own: the
rules (app/domain/settlement.py), the refund itself. From enrolment with a server on, only the
server does this.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from app.domain.facts import (
    AnyRefund,
    CouponReturned,
    PiecesSettled,
    SaleRecorded,
    SaleShared,
    read_fact,
)
from app.domain.ids import OpId
from app.domain.moment import Moment
from app.domain.settlement import (
    gifts_by_member,
    return_coupon,
    settle_pieces,
    shares_to_take_back,
)
from app.services.audit_trail import record
from app.services.authority import is_own_authority
from app.services.fact_origin import FactOrigin, calendar_origin
from app.services.fact_writer import write_fact
from app.services.ports import UnitOfWork
from app.services.refund_case import RefundDesk
from app.services.seating import account_of_member
from app.services.shop import Shop


@dataclass(frozen=True, slots=True)
class Settled:
    """What the authority found: coupons that came back, pieces that were refunded twice."""

    coupons: tuple[str, ...] = ()
    pieces_twice: int = 0


@dataclass(frozen=True, slots=True)
class KnownSale:
    """A sale, its business date as confirmed, and all refunds of it that are known."""

    sale: SaleRecorded
    sold_on: date
    refunds: tuple[AnyRefund, ...]
    today: date
    """The business date of what is recorded now."""


@dataclass(frozen=True, slots=True)
class _Settling:
    shop: Shop
    work: UnitOfWork
    desk: RefundDesk
    refunds: tuple[AnyRefund, ...]
    now: Moment

    @property
    def days(self) -> dict[str, date]:
        case = self.desk.case
        return {case.sale.op_id: case.sold_on} | {each.op_id: each.day for each in self.refunds}

    def head(self, member_id: str) -> FactOrigin:
        """What every fact of the authority says; nobody's hand wrote it."""
        return calendar_origin(
            shop=self.shop, now=self.now, day=self.desk.case.day, member=member_id
        )


def settle_sale(
    *, shop: Shop, work: UnitOfWork, desk: RefundDesk, refund: AnyRefund, now: Moment
) -> Settled:
    """Everything a refund brings that only the authority may write, in the same transaction.

    Nothing on an enrolled till: its server settles when the refund arrives.
    Changes: facts, accounts, audit.
    """
    if not is_own_authority(work=work):
        return Settled()
    known = {each.op_id: each for each in (*desk.case.past, refund)}
    settling = _Settling(shop, work, desk, tuple(each for _, each in sorted(known.items())), now)
    twice = _settle_pieces(settling)
    _take_shares_back(settling)
    return Settled(_return_coupons(settling), twice)


def _settle_pieces(at: _Settling) -> int:
    member = at.desk.member
    if member is None:
        return 0  # there is no account to set right
    settled = _settled_of(at.work, member.member_id)
    mine = [each for each in settled if each.sale == at.desk.case.sale.op_id]
    twice = 0
    for correction in settle_pieces(at.desk.case.sale, at.refunds, mine):
        fact = PiecesSettled(
            **at.head(member.member_id),
            effects=(correction.effect,),
            sale=at.desk.case.sale.op_id,
            refund=correction.refund,
            pieces=correction.pieces,
        )
        write_fact(shop=at.shop, work=at.work, fact=fact, days=at.days)
        if correction.exception is not None:
            twice += 1
            details = {"paid_out": str(correction.exception.paid_out_minor)}
            record(
                shop=at.shop, work=at.work, now=at.now, act="pieces_refunded_twice",
                subject=correction.refund, details=details,
            )  # fmt: skip
    return twice


def _return_coupons(at: _Settling) -> tuple[str, ...]:
    member = at.desk.member
    if member is None:
        return ()
    account = account_of_member(at.work, member.member_id)
    back = return_coupon(at.desk.case.sale, at.refunds, account, at.desk.case.day)
    if not back:
        return ()
    fact = CouponReturned(**at.head(member.member_id), effects=back, sale=at.desk.case.sale.op_id)
    write_fact(shop=at.shop, work=at.work, fact=fact, account=account, days=at.days)
    return tuple(effect.coupon for effect in back)


def _take_shares_back(at: _Settling) -> None:
    case = at.desk.case
    if case.sale.member is None:
        return  # nobody won him
    known = KnownSale(case.sale, case.sold_on, at.refunds, case.day)
    take_shares_back(shop=at.shop, work=at.work, known=known, now=at.now)


def take_shares_back(*, shop: Shop, work: UnitOfWork, known: KnownSale, now: Moment) -> None:
    """What referrers were given because of a sale goes back in the share of its pieces.

    Asked by the sale: who won its buyer may be another one by now, after a merge or its undoing.

    Called after each refund, and after a gift for a sale of which something came back before.
    Changes: facts, accounts.
    """
    sale = known.sale
    if not known.refunds:
        return
    for member, given in gifts_by_member(gifts_for(work=work, sales=(sale.op_id,))):
        for entry in shares_to_take_back(sale, known.refunds, given):
            fact = SaleShared(
                **calendar_origin(shop=shop, now=now, day=known.today, member=member),
                effects=entry.effects,
                sale=sale.op_id,
                refund=entry.refund,
                by_line=entry.by_line,
            )
            write_fact(shop=shop, work=work, fact=fact, days={sale.op_id: known.sold_on})


def gifts_for(*, work: UnitOfWork, sales: Collection[OpId]) -> list[SaleShared]:
    """What anybody was given because of these sales, and what was taken back of it."""
    facts = [read_fact(each.data) for each in work.facts.shared_since(sales)]
    return [fact for fact in facts if isinstance(fact, SaleShared) and fact.sale in sales]


def _settled_of(work: UnitOfWork, member_id: str) -> list[PiecesSettled]:
    stored = work.facts.of_member_and_kinds(member_id, ("pieces_settled.1",))
    facts = [read_fact(each.data) for each in stored]
    return [fact for fact in facts if isinstance(fact, PiecesSettled)]

"""The case of a refund: a sale read from its fact, what came back of it, whose it is.

Owns: gathering what the domain judges a refund by. Does not own: the judging (domain/refund.py),
finding the sale (refund_search.py).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from app.domain.facts import AnyRefund, FirstRefundRecorded, RefundRecorded, SaleRecorded, read_fact
from app.domain.ids import OpId
from app.domain.member import Member
from app.domain.moment import Moment
from app.domain.refund import RefundCase
from app.services.desk import program_in_force
from app.services.fact_writer import fact_day
from app.services.ports import UnitOfWork
from app.services.seating import account_of_member, survivor
from app.services.shop import DeskState, Shop


@dataclass(frozen=True, slots=True)
class RefundDesk:
    """A refund's case with what the services know beside it. `member` None: money only."""

    case: RefundCase
    member: Member | None
    last_day: date
    """The last day on which goods come back without anybody's yes: as printed on the receipt."""

    @property
    def is_late(self) -> bool:
        return self.case.day > self.last_day


def refund_desk(
    shop: Shop, work: UnitOfWork, sale_id: OpId, now: Moment, state: DeskState | None = None
) -> RefundDesk | None:
    """Everything about refunding a sale now; None where this till has no such sale.

    `state`: the desk that is just being read; None = the one there is.
    """
    stored = work.facts.get(sale_id)
    sale = read_fact(stored.data) if stored is not None else None
    if stored is None or not isinstance(sale, SaleRecorded):
        return None
    state = state or shop.desk.state
    day, _ = fact_day(work, state.program, now, state.last_moment)
    member = survivor(work, work.members.get(sale.member)) if sale.member is not None else None
    if member is not None and member.status == "erased":
        member = None
    case = RefundCase(
        sale=sale,
        sold_on=stored.business_day,
        past=refunds_of(work, sale_id),
        program=program_in_force(state.programs, day),
        day=day,
        account=account_of_member(work, member.member_id) if member is not None else None,
        named=member is not None and not member.is_anonymous,
    )
    window = timedelta(days=sale.receipt.return_days)
    return RefundDesk(case, member, stored.business_day + window)


def refunds_of(work: UnitOfWork, sale_id: OpId) -> tuple[AnyRefund, ...]:
    """The facts of all refunds of a sale that are known here, by op_id."""
    stored = [work.facts.get(each.refund_id) for each in work.refunds.of_sale(sale_id)]
    facts = [read_fact(each.data) for each in stored if each is not None]
    return tuple(fact for fact in facts if isinstance(fact, RefundRecorded | FirstRefundRecorded))

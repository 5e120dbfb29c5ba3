"""Writing facts: bytes made once, the chain link, the outbox row and the folded account together.

Owns: the one way a service records that something happened. Does not own: facts and effects
(app/domain), the tables (a repository).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

from app.domain.account import FoldItem, Mark, MemberAccount, fold
from app.domain.business_day import ClockBeforeLastSale, ShopTime, believed, confirm_day
from app.domain.codes import CodeKind, random_code
from app.domain.effects import CouponGiven
from app.domain.facts import Fact, canonical_bytes
from app.domain.moment import Moment
from app.domain.program import Program
from app.domain.shift_report import shift_of
from app.domain.stored_fact import FactToAppend
from app.services.ports import UnitOfWork
from app.services.seating import account_of_member
from app.services.shop import Shop


def fact_day(
    work: UnitOfWork, program: Program, now: Moment, last: Moment | None = None
) -> tuple[date, ClockBeforeLastSale | None]:
    """The business date of a fact made now, and whether the clock stands before the last one."""
    before = last or work.facts.last_moment()
    answer = confirm_day(now, before, ShopTime(program.timezone))
    return answer.day, answer if isinstance(answer, ClockBeforeLastSale) else None


def write_fact(
    *,
    shop: Shop,
    work: UnitOfWork,
    fact: Fact,
    account: MemberAccount | None = None,
    days: Mapping[str, date] | None = None,
) -> MemberAccount | None:
    """Append the fact and fold it into its member's account; the new account, None for nobody.

    `account`: the member's account as it is in the store now, where the caller has just read it.
    """
    moment = believed(fact.clock, work.facts.last_moment())
    work.after_commit(lambda: shop.desk.bound_by(moment))
    return append_fact(
        device=shop.identity.device, work=work, fact=fact, account=account, days=days
    )


def append_fact(
    *,
    device: str,
    work: UnitOfWork,
    fact: Fact,
    account: MemberAccount | None = None,
    days: Mapping[str, date] | None = None,
) -> MemberAccount | None:
    """As `write_fact`, where nobody stands at the till."""
    member = fact.member
    appended = work.facts.append(
        FactToAppend(
            op_id=fact.op_id,
            kind=str(fact.__struct_config__.tag),
            member_ids=(member,) if member is not None else (),
            business_day=fact.day,
            moment=believed(fact.clock, work.facts.last_moment()),
            data=canonical_bytes(fact),
            shift_id=shift_of(fact),
        )
    )
    if member is None:
        return None
    base = account if account is not None else account_of_member(work, member)
    mark = Mark(device, appended.epoch, appended.dseq)
    item = FoldItem(fact.op_id, member, fact.day, fact.effects, mark)
    folded = fold((item,), base=base, days=days)
    work.accounts.put(min(folded.includes), folded)  # of several ids of one person the smallest
    for effect in fact.effects:
        if isinstance(effect, CouponGiven):
            work.coupons.issued(effect.coupon, member)
    return folded


def fresh_coupons(shop: Shop) -> Iterator[str]:
    """New coupon codes, as many as are asked for."""
    while True:
        yield random_code(CodeKind.COUPON, shop.ids.code_bits()).text

"""One of two members who may be one: what is shown of him, masked, before anybody decides.

Owns: that record. Does not own: who may see it, deciding (merge.py, parting.py), words (ui).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from app.domain.account import MemberAccount
from app.domain.member import Member, masked_name, masked_phone
from app.domain.money import Money
from app.domain.program import Text
from app.domain.tiers import rank_of
from app.services.desk import today
from app.services.member_panel import card_masked, tier_words
from app.services.ports import UnitOfWork
from app.services.price_desk import judge
from app.services.shop import Shop


@dataclass(frozen=True, slots=True)
class MergeSide:
    """One of both, or what comes of both; as of today."""

    member_id: str
    name_masked: str
    phone_masked: str | None
    card_masked: str
    joined: date
    tier: Text
    tier_rank: int
    tier_count: int
    points: int
    points_held: int
    coupons: int
    spend: Money
    visits: int
    last_visit: date | None
    tags: tuple[str, ...]
    note: str
    consents: tuple[str, ...]
    """Purposes that stand."""


def side_of(*, shop: Shop, member: Member, account: MemberAccount) -> MergeSide:
    """How this member stands today with this account."""
    program = shop.desk.state.program
    seen = judge(member, account, program, today(program, shop.now()))
    person = member.person
    return MergeSide(
        member_id=member.member_id,
        name_masked=masked_name(person.name),
        phone_masked=masked_phone(person.phone) if person.phone else None,
        card_masked=card_masked(member),
        joined=seen.joined,
        tier=tier_words(program, seen.tier),
        tier_rank=rank_of(program, seen.tier),
        tier_count=len(program.tiers),
        points=seen.balance,
        points_held=seen.held_points,
        coupons=len(seen.coupons),
        spend=seen.spend_in_window,
        visits=seen.visits,
        last_visit=member.last_visit,
        tags=member.tags,
        note=person.note,
        consents=tuple(sorted(seen.consents)),
    )


def as_known(*, shop: Shop, work: UnitOfWork, member_id: str) -> MergeSide | None:
    """As he was known here by himself; None where this till never knew him."""
    row = work.members.get(member_id)
    return (
        None
        if row is None
        else side_of(shop=shop, member=row, account=MemberAccount(includes={member_id}))
    )

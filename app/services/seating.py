"""Seating: the member of the open basket, read from the store.

Owns: loading him with his account, following a merge, how he may spend now whenever he is seated
anew. Does not own: who may be put on (find_member.py), today's view (price_desk.py), the judgement
of how he may spend (redeem_way.py).
"""

from __future__ import annotations

from dataclasses import replace

from msgspec.structs import replace as replace_struct

from app.domain.account import MemberAccount
from app.domain.member import Member
from app.domain.moment import Moment
from app.domain.open_basket import MemberOnBasket
from app.services.complaint_glance import open_of_member
from app.services.ports import UnitOfWork
from app.services.price_desk import judge
from app.services.redeem_way import with_way
from app.services.shop import DeskState, MemberSeat, Shop
from app.services.words_beside import others_of


def survivor(work: UnitOfWork, member: Member | None) -> Member | None:
    """The member himself, or the one he was merged into."""
    seen: set[str] = set()
    while member is not None and member.merged_into and member.member_id not in seen:
        seen.add(member.member_id)
        member = work.members.get(member.merged_into)
    return member


def account_of_member(work: UnitOfWork, member_id: str) -> MemberAccount:
    """His folded account, or that of who he was merged into; an empty one for a member no fact
    spoke of yet.
    """
    found = work.accounts.get(member_id)
    if found is None:
        now = _stands_for(work, member_id)
        if now != member_id:
            found = work.accounts.get(now)
    return found or MemberAccount(includes={member_id})


def _stands_for(work: UnitOfWork, member_id: str) -> str:
    """Whose id it is now, also where this till never heard of it but as one of his."""
    row = work.members.get(member_id)
    if row is None:
        return work.member_aliases.survivor_of(member_id) or member_id
    now = survivor(work, row)
    return member_id if now is None else now.member_id


def seat_member(
    work: UnitOfWork, state: DeskState, how: MemberOnBasket, now: Moment, *, is_new: bool = False
) -> MemberSeat | None:
    """The member named by the basket with account and view; None where he is gone."""
    member = survivor(work, work.members.get(how.member_id))
    if member is None or member.status != "active":
        return None
    if member.member_id != how.member_id:
        how = replace_struct(how, member_id=member.member_id)
    account = account_of_member(work, member.member_id)
    day = now.local(state.program.timezone).date()
    view = judge(member, account, state.program, day)
    uses = {use.offer_id: use.uses for use in work.programs.member_offer_uses(member.member_id)}
    complaint = open_of_member(work=work, member_ids=account.includes, now=now)
    others = others_of(work=work, member=member, account=account)
    return MemberSeat(member, how, account, view, day, is_new, uses, complaint, beside=others)


def reseat(shop: Shop, work: UnitOfWork, state: DeskState, now: Moment) -> DeskState:
    """The state with the member its basket names (after an undo, a restart, a pull)."""
    how = state.basket.member
    seat = seat_member(work, state, how, now) if how is not None else None
    if how is not None and seat is None:
        return replace(state, seat=None, basket=replace_struct(state.basket, member=None))
    if seat is not None and state.seat is not None and state.seat.how == seat.how:
        seat = replace(seat, is_new=state.seat.is_new)
    return with_way(shop=shop, work=work, state=replace(state, seat=seat), now=now)

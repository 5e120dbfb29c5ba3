"""Standing: the desk after something about a member was written.

Owns: showing the new account or profile of the member on the basket. Does not own: writing it.
"""

from __future__ import annotations

from dataclasses import replace

from app.domain.account import MemberAccount
from app.domain.member import Member
from app.domain.moment import Moment
from app.domain.open_basket import OpenBasket
from app.services.desk import keep, requote
from app.services.ports import UnitOfWork
from app.services.price_desk import judge
from app.services.shop import Shop
from app.services.till_state import TillState


def with_account(
    shop: Shop,
    work: UnitOfWork,
    member_id: str,
    account: MemberAccount | None,
    now: Moment,
    *,
    basket: OpenBasket | None = None,
) -> TillState:
    """Keep the desk with this account where the member is the one on the basket.

    What he may use or spend now is priced at once. `basket`: as it is now; None = as before.
    """
    state = shop.desk.state
    if basket is not None:
        state = replace(state, basket=basket)
    seat = state.seat
    if seat is not None and account is not None and member_id in seat.account.includes:
        view = judge(seat.member, account, state.program, seat.as_of)
        state = requote(shop, replace(state, seat=replace(seat, account=account, view=view)), now)
    return keep(shop, work, state, now)


def with_profile(
    shop: Shop, work: UnitOfWork, member: Member, account: MemberAccount | None, now: Moment
) -> TillState:
    """Keep the desk with the profile as it is now, where he is the one on the basket.

    `account`: as folded with what was recorded of it; None = as before.
    """
    state = shop.desk.state
    seat = state.seat
    if seat is not None and seat.member.member_id == member.member_id:
        folded = account or seat.account
        view = judge(member, folded, state.program, seat.as_of)
        seated = replace(state, seat=replace(seat, member=member, account=folded, view=view))
        state = requote(shop, seated, now)
    return keep(shop, work, state, now)

"""Grants: this till asks for a part of its customers' points while it can, and gives it back.

Owns: for whom it asks, what it reports as done with. Does not own: how much is given (the server by
the program), spending it (redeem_way.py), when this runs (the caretaker).
Whoever bought here last is likely to come here again: for him a sale without a network is safe.
"""

from __future__ import annotations

from collections.abc import Sequence

from app.domain.grant import PointGrant
from app.domain.grant_fact import GrantReleased
from app.domain.ids import OpId
from app.domain.moment import Moment
from app.domain.months import Month
from app.domain.offline_allowance import Grant, grant_for
from app.domain.server_answer import Declined, Granted, GrantWanted
from app.domain.view import view
from app.services.desk import today
from app.services.fact_origin import calendar_origin
from app.services.fact_writer import fact_day, write_fact
from app.services.ports import Lane, UnitOfWork
from app.services.promised import promised_elsewhere
from app.services.redeem_way import left_of
from app.services.shop import Shop

SALES_LOOKED_AT = 50
ASKED_AT_A_TIME = 5
HOURS_MAX = 24 * 31


def tend_grants(*, shop: Shop, lane: Lane, asked: set[OpId]) -> int:
    """Give back what is of no more use and ask for what may be; how many came. Off the lane.

    `asked`: for which sales this till has asked already; the caller keeps it, and each is asked
    for once. Changes: grants, facts, `asked`.
    """
    if not shop.server.contact().is_there:
        return 0
    lane.run(lambda work: _release(shop, work))
    came = 0
    for wanted in lane.run(lambda work: _wanted(shop, work, asked)):
        answer = shop.server.grant(wanted)
        if not isinstance(answer, Granted | Declined):
            break
        came += isinstance(answer, Granted)
    return came


def _release(shop: Shop, work: UnitOfWork) -> None:
    """Report what is over: until then others may not spend it. Own sales stand before that."""
    now = shop.now()
    for grant in work.grants.standing():
        if not _is_of_use(shop, left_of(work=work, grant=grant), now):
            work.grants.end(grant.grant_id, "released")
            write_fact(shop=shop, work=work, fact=_released(shop, work, grant, now))


def _is_of_use(shop: Shop, left: Grant, now: Moment) -> bool:
    if shop.server.contact().server_ms(now) >= left.ends_ms:
        return False
    month = Month.of(today(shop.desk.state.program, now)).index
    has_points = any(end >= month for end in left.buckets)
    return bool(has_points or left.coupons or left.entitlements)


def _released(shop: Shop, work: UnitOfWork, grant: PointGrant, now: Moment) -> GrantReleased:
    state = shop.desk.state
    day, _ = fact_day(work, state.program, now, state.last_moment)
    common = calendar_origin(shop=shop, now=now, day=day, member=grant.member_id)
    return GrantReleased(**common, grant=grant.grant_id)


def _wanted(shop: Shop, work: UnitOfWork, asked: set[OpId]) -> Sequence[GrantWanted]:
    """For the members of the last sales, once their sale is known to the server."""
    if work.outbox.count().pending:
        return ()
    now, found = shop.now(), dict[str, GrantWanted]()
    for sale in work.sales.latest(SALES_LOOKED_AT):
        if sale.sale_id in asked or len(found) == ASKED_AT_A_TIME:
            continue
        asked.add(sale.sale_id)
        if sale.member_id is not None and sale.member_id not in found:
            points = _points(shop, work, sale.member_id, now)
            if points:
                found[sale.member_id] = _for(shop, sale.member_id, points, now)
    return tuple(found.values())


def _for(shop: Shop, member_id: str, points: int, now: Moment) -> GrantWanted:
    hours = min(HOURS_MAX, shop.desk.state.program.offline.grant_days * 24)
    return GrantWanted(shop.op_id(now), member_id, points, hours)


def _points(shop: Shop, work: UnitOfWork, member_id: str, now: Moment) -> int:
    """What may be asked for: nothing where he has less than can be spent, or a grant stands."""
    program = shop.desk.state.program
    confirmed = work.confirmed.account(member_id)
    if confirmed is None or work.grants.of_member(member_id):
        return 0
    others = promised_elsewhere(shop=shop, work=work, member_id=member_id, now=now)
    balance = view(confirmed, program, today(program, now)).balance - others.points
    share = grant_for(program.offline, balance)
    return share if share >= max(1, program.redemption.minimum) else 0

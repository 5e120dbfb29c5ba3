"""Grants: this till asks for a part of what its customers have while it can, and gives it back:
points, coupons, uses of benefits and of limited rewards.

Owns: for whom it asks, what it reports as done with. Does not own: how much is given (the server by
the program), spending it (redeem_way.py), when this runs (the caretaker).
Whoever bought here last is likely to come here again: for him a sale without a network is safe.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from app.domain.grant import PointGrant
from app.domain.grant_fact import GrantReleased
from app.domain.ids import OpId
from app.domain.moment import Moment
from app.domain.months import Month
from app.domain.offline_allowance import Grant, grant_for, granted_count
from app.domain.program import Program
from app.domain.reward import reward_rule, uses_left
from app.domain.server_answer import Declined, Granted, GrantWanted
from app.domain.view import AccountView, view
from app.services.desk import today
from app.services.fact_origin import calendar_origin
from app.services.fact_writer import fact_day, write_fact
from app.services.offline_room import left_of
from app.services.ports import Lane, UnitOfWork
from app.services.promised import PromisedElsewhere, promised_elsewhere
from app.services.shop import Shop

SALES_LOOKED_AT = 50
ASKED_AT_A_TIME = 5
HOURS_MAX = 24 * 31
GONE = frozenset({"coupon_gone", "no_uses_left"})
"""Somebody else used one of them a moment ago: the points are asked for all the same."""


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
        if isinstance(answer, Declined) and answer.code in GONE and wanted.points:
            answer = shop.server.grant(replace(wanted, coupons=(), entitlements={}))
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
            wanted = _for(shop, work, sale.member_id, now)
            if wanted is not None:
                found[sale.member_id] = wanted
    return tuple(found.values())


def _for(shop: Shop, work: UnitOfWork, member_id: str, now: Moment) -> GrantWanted | None:
    """What may be asked for: the share of what he has and nobody was promised. None where that is
    nothing, or a grant stands."""
    program = shop.desk.state.program
    confirmed = work.confirmed.account(member_id)
    if confirmed is None or work.grants.of_member(member_id):
        return None
    others = promised_elsewhere(shop=shop, work=work, member_id=member_id, now=now)
    seen = view(confirmed, program, today(program, now))
    points = grant_for(program.offline, seen.balance - others.points)
    if points < max(1, program.redemption.minimum):
        points = 0
    coupons, uses = _coupons(program, seen, others), _uses(program, seen, others)
    if not (points or coupons or uses):
        return None
    hours = min(HOURS_MAX, program.offline.grant_days * 24)
    return GrantWanted(shop.op_id(now), member_id, points, hours, coupons, uses)


def _coupons(program: Program, seen: AccountView, others: PromisedElsewhere) -> tuple[str, ...]:
    """Those that end first: a sale uses them first."""
    free = [each for each in seen.coupons if each.coupon_id not in others.coupons]
    free.sort(key=lambda each: (each.expires, each.coupon_id))
    return tuple(each.coupon_id for each in free[: granted_count(program.offline, len(free))])


def _uses(program: Program, seen: AccountView, others: PromisedElsewhere) -> dict[str, int]:
    """Of benefits of his tier, and of rewards that he may have only so often."""
    left = {held.entitlement.id: held.left for held in seen.entitlements}
    for reward in program.rewards:
        had = uses_left(reward, seen)
        if had is not None:
            left[reward_rule(reward.id)] = had
    shares = {
        name: granted_count(program.offline, count - others.uses.get(name, 0))
        for name, count in sorted(left.items())
    }
    return {name: count for name, count in shares.items() if count}

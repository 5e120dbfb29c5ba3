"""Grants of this till: asking for a part of the balances of those who come here, and giving it
back when its time is over.

Owns: whom a grant is asked for, the report that one has ended. Does not own: how much is given (the
server), what a sale may spend of it (redeem_way.py), asking (a port).
Both are done beside the till, while the server answers: what was asked for is there when it does
not any more.
"""

from __future__ import annotations

from collections.abc import Iterator

from app.domain.facts import GrantReleased
from app.domain.grant import PointGrant
from app.domain.moment import Moment
from app.domain.offline_allowance import grant_for
from app.domain.server_answer import Declined, Granted, GrantWanted
from app.domain.view import view
from app.services.desk import today
from app.services.fact_origin import origin
from app.services.fact_writer import fact_day, write_fact
from app.services.ports import Lane, UnitOfWork
from app.services.shop import DeskState, Shop

SALES_LOOKED_AT = 200
"""Whoever bought in one of these is a regular of this till."""
GRANTS_A_LOOK = 5


def keep_grants(*, shop: Shop, lane: Lane, tried: set[str]) -> int:
    """Give back what has ended and ask for new ones; how many were given. Off the lane.

    `tried`: members who were asked for already; whoever keeps it empties it once a day.
    Changes: facts, the grants of this till.
    """
    if shop.desk.committed is None or not shop.server.contact().is_there:
        return 0
    lane.run(lambda work: release_ended(shop=shop, work=work))
    given = 0
    for wanted in lane.run(lambda work: list(_wanted(shop, work, tried))):
        answer = shop.server.grant(wanted)
        if not isinstance(answer, Granted | Declined):
            break  # nobody is there any more: the same members are asked for later
        tried.add(wanted.member_id)
        given += isinstance(answer, Granted)
    return given


def release_ended(*, shop: Shop, work: UnitOfWork) -> int:
    """Report those whose time is over; how many. Changes: facts, the grants of this till."""
    state, now = shop.desk.committed, shop.now()
    if state is None:
        return 0
    server_ms = shop.server.contact().server_ms(now)
    in_use = None if state.seat is None else state.seat.redeem.grant
    over = [
        each
        for each in work.grants.open_grants()
        if each.ends_ms <= server_ms and each.grant_id != in_use
    ]
    for grant in over:
        _release(shop, work, state, grant, now)
    return len(over)


def _release(
    shop: Shop, work: UnitOfWork, state: DeskState, grant: PointGrant, now: Moment
) -> None:
    day, _ = fact_day(work, state.program, now, state.last_moment)
    fact = GrantReleased(
        **origin(shop=shop, now=now, day=day, member=grant.member_id), grant=grant.grant_id
    )
    write_fact(shop=shop, work=work, fact=fact)
    work.grants.end(grant.grant_id, "released")


def _wanted(shop: Shop, work: UnitOfWork, tried: set[str]) -> Iterator[GrantWanted]:
    """For those who were here last and have points, of whom this till has no part yet."""
    state, now = shop.desk.committed, shop.now()
    if state is None:
        return
    limits, day = state.program.offline, today(state.program, now)
    left = GRANTS_A_LOOK
    for member in dict.fromkeys(sale.member_id for sale in work.sales.latest(SALES_LOOKED_AT)):
        if member is None or member in tried or work.grants.of_member(member):
            continue
        confirmed = work.confirmed.account(member)
        balance = 0 if confirmed is None else view(confirmed, state.program, day).balance
        points = grant_for(limits, balance)
        if points <= 0:
            continue
        yield GrantWanted(shop.op_id(now), member, points, hours=limits.grant_days * 24)
        left -= 1
        if not left:
            return

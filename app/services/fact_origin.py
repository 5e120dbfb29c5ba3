"""The origin of a fact: what every fact says of itself before it says what happened.

Owns: id, place, day, clocks, who did it and to which member, in one noun. Does not own: the day
(fact_writer.fact_day), what happened (each service), writing it (fact_writer.py).
"""

from __future__ import annotations

from datetime import date
from typing import TypedDict

from app.domain.moment import Moment
from app.services.shop import Shop


class FactOrigin(TypedDict):
    """The fields that all facts share, by their names in the fact: `CheckedIn(**origin, ...)`."""

    op_id: str
    store: str
    day: date
    clock: Moment
    staff: str | None
    member: str | None


def origin(*, shop: Shop, now: Moment, day: date, member: str | None = None) -> FactOrigin:
    """Of a fact made now by whoever is signed in; each call is another fact."""
    staff = shop.desk.state.staff
    found = calendar_origin(shop=shop, now=now, day=day, member=member)
    found["staff"] = staff.staff_id if staff is not None else None
    return found


def calendar_origin(*, shop: Shop, now: Moment, day: date, member: str | None = None) -> FactOrigin:
    """Of a fact that nobody makes: the calendar or an authority brings it."""
    return FactOrigin(
        op_id=shop.op_id(now),
        store=shop.identity.store_id,
        day=day,
        clock=now,
        staff=None,
        member=member,
    )

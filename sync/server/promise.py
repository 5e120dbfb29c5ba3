"""Promises: what of an account is spoken for, by reservations and grants, and what is left.

Owns: reading both for members, what of points, coupons and uses is still free. Does not own:
making a reservation (reserve.py) or grant (grant.py), what sales use of them (posting.py).
A reservation ends with its interval. A grant stands for the others until its device reports that
it is done with it: a sale made offline by it may still be on its way.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from operator import itemgetter
from typing import Any

from sqlalchemy import Connection

from app.domain.account import MemberAccount
from app.domain.business_day import ShopTime, business_day
from app.domain.gifts import gains, usable_coupons, winners
from app.domain.moment import Moment
from app.domain.months import Month
from app.domain.points import Points, PointsBucket
from app.domain.program import Program
from app.domain.replay import replay
from app.domain.tiers import cancelled_crossings
from app.domain.view import uses_in_period
from sync.protocol import GrantGiven, Message, Promise, Refusal, Reserve, Reserved, decoded
from sync.server import tables as t
from sync.server.entitlement import bound_of
from sync.server.tables import shard_of
from sync.server.wanted import Wanted, find_all


class Kept(Message, frozen=True, kw_only=True):
    """What was asked for under an id, and what it was answered; as a reservation keeps it."""

    asked: Reserve
    answer: Reserved


def today(now_ms: int) -> date:
    """The business day of a moment of the server's clock."""
    return business_day(Moment(now_ms, 0, "server", 0), ShopTime())


def promises_of(
    connection: Connection, tenant: str, members: Iterable[str], now_ms: int
) -> dict[str, list[Promise]]:
    """What stands now, by the member it was asked for; those without any are left out."""
    kept, given = find_all(connection, tenant, *promises_wanted(members))
    return promises_in(kept, given, now_ms)


def promises_wanted(members: Iterable[str]) -> tuple[Wanted, Wanted]:
    """The same beside other rows, reservations and grants; `promises_in` reads them."""
    ids = sorted(set(members))
    kept = [{"shard_key": shard_of(each), "owner": each, "state": "kept"} for each in ids]
    return Wanted(t.reservation, kept, _KEPT), given_wanted(ids)


_KEPT = [t.reservation.c[name] for name in ("owner", "reservation", "device", "wanted", "ends_ms")]


def given_wanted(members: Iterable[str]) -> Wanted:
    """The grants of these members that have not ended, whoever holds them."""
    ids = sorted(set(members))
    keys = [{"shard_key": shard_of(each), "member": each, "state": "given"} for each in ids]
    return Wanted(t.grant_given, keys, _GIVEN)


_GIVEN = [
    t.grant_given.c[name] for name in ("member", "grant_id", "device", "points", "content", "state")
]


def promises_in(
    kept: Iterable[dict[str, Any]], given: Iterable[dict[str, Any]], now_ms: int
) -> dict[str, list[Promise]]:
    """What still stands of these rows, by member: reservations, then grants, each by their ids."""
    found: dict[str, list[Promise]] = {}
    for row in sorted(kept, key=itemgetter("reservation")):
        asked = decoded(row["wanted"], Kept).asked
        if row["ends_ms"] > now_ms and asked.member is not None:
            found.setdefault(row["owner"], []).append(
                Promise(
                    id=row["reservation"], device=row["device"], points=asked.points,
                    coupons=asked.coupons, entitlements=asked.entitlements, ends_ms=row["ends_ms"],
                )
            )  # fmt: skip
    month = Month.of(today(now_ms)).index
    for row in sorted(given, key=itemgetter("grant_id")):
        left = decoded(row["content"], GrantGiven)
        points = sum(count for expires, count in left.buckets.items() if expires >= month)
        found.setdefault(row["member"], []).append(
            Promise(
                id=row["grant_id"], device=row["device"], points=points, coupons=left.coupons,
                entitlements=left.entitlements,
            )
        )  # fmt: skip
    return found


@dataclass(frozen=True, slots=True)
class Free:
    """An account less what is promised of it."""

    account: MemberAccount
    promises: Sequence[Promise]
    program: Program | None
    day: date

    @property
    def points(self) -> int:
        """Points nobody was promised."""
        return sum(bucket.points.count for bucket in self.buckets)

    @property
    def buckets(self) -> tuple[PointsBucket, ...]:
        """The same by month. Debts and promises take the oldest first, as spending does."""
        counted = winners(self.account, cancelled_crossings(self.account))
        left = replay(gains(self.account, counted), self.account.taken, self.day)
        missing = sum(debt.points for debt in left.debts)
        missing += sum(each.points for each in self.promises)
        return tuple(first_points(left.buckets, missing)[1])

    def refusal(
        self, points: int, coupons: Iterable[str], uses: Mapping[str, int]
    ) -> Refusal | None:
        """Why this cannot be promised; None where it can."""
        if points > self.points:
            return Refusal(code="not_enough_points", fields={"points": str(self.points)})
        gone = self._gone(coupons)
        if gone:
            return Refusal(code="coupon_gone", fields=gone)
        for entitlement, count in sorted(uses.items()):
            left = self.uses_left(entitlement)
            if left is not None and count > left:
                return Refusal(code="no_uses_left", fields={entitlement: str(left)})
        return None

    def _gone(self, coupons: Iterable[str]) -> dict[str, str]:
        cancelled = cancelled_crossings(self.account)
        counted = winners(self.account, cancelled)
        usable = {
            each.coupon_id for each in usable_coupons(self.account, counted, cancelled, self.day)
        }
        promised = {coupon for each in self.promises for coupon in each.coupons}
        said = {each: "not_usable" for each in coupons if each not in usable}
        return said | {each: "promised" for each in coupons if each in usable & promised}

    def uses_left(self, entitlement: str) -> int | None:
        """How often a benefit or reward is left; None = the program does not limit it here."""
        if self.program is None:
            return None
        bound = bound_of(self.account, entitlement, self.program, self.day)
        if bound is None:
            return None
        count, period = bound
        used = uses_in_period(self.account, entitlement, period, self.day)
        promised = sum(each.entitlements.get(entitlement, 0) for each in self.promises)
        return max(0, count - used - promised)


def first_points(
    buckets: Iterable[PointsBucket], points: int
) -> tuple[dict[int, int], list[PointsBucket]]:
    """So many points of the oldest buckets, by month (Month.index), and the buckets without them.

    Where there are fewer, what there is.
    """
    taken: dict[int, int] = {}
    left = []
    for bucket in sorted(buckets, key=lambda each: each.expires.index):
        used = min(points, bucket.points.count)
        points -= used
        if used:
            taken[bucket.expires.index] = used
        if bucket.points.count > used:
            left.append(PointsBucket(bucket.expires, Points(bucket.points.count - used)))
    return taken, left

"""Grants: a part of a balance that belongs to one device until it says that it is done with it.

Owns: the grant_given table: how much is given, what sales use of it, its end by the device's report
or by a manager. Does not own: the share (app.domain.offline_allowance), what is free of an account
(promise.py), which sale used how much (posting.py).
A grant is never refilled, and its interval alone frees nothing: what was sold by it may still be
on its way.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from msgspec.structs import replace
from sqlalchemy import Connection, select

from app.domain.offline_allowance import grant_for
from app.domain.program import Program
from sync.protocol import (
    GrantAnswer,
    GrantEnded,
    GrantGiven,
    GrantWanted,
    Refusal,
    decoded,
    encoded,
)
from sync.server import tables as t
from sync.server.database import Overtaken
from sync.server.device import Device
from sync.server.feed import Publication, device_stream, publish
from sync.server.folding import Accounts, lock_accounts, put_accounts
from sync.server.member import has_account, is_active
from sync.server.news import news_of_members
from sync.server.promise import Free, first_points, given_wanted, promises_of, today
from sync.server.published import in_force, programs
from sync.server.rows import put
from sync.server.tables import shard_of
from sync.server.wanted import find_all

HOUR_MS = 3_600_000
GrantEnd = Literal["released", "written_off"]


@dataclass(frozen=True, slots=True)
class _Wanted:
    """One request on its way; `member`: whoever survives."""

    connection: Connection
    device: Device
    asked: GrantWanted
    now_ms: int
    accounts: Accounts
    member: str

    @property
    def ids(self) -> set[str]:
        return {self.member, *self.accounts.locked[self.member].after.includes}


def give_grant(
    connection: Connection, device: Device, asked: GrantWanted, now_ms: int
) -> GrantAnswer:
    """Give a grant, or say why not; the same id gets the same grant as long as it stands.

    Of the points as many as the program's share allows. Run it by ServerDatabase.write.
    """
    accounts = Accounts(device.tenant)
    if not has_account(connection, device.tenant, asked.member):
        return _refused(Refusal(code="unknown_member", fields={"member": asked.member}), now_ms)
    lock_accounts(connection, accounts, [asked.member])
    at = _Wanted(connection, device, asked, now_ms, accounts, accounts.survivors[asked.member])
    known = grant_row(connection, device.tenant, asked.grant)
    if known is not None:
        return _again(known, at)
    answer = _decide(at)
    if isinstance(answer, Refusal):
        return _refused(answer, now_ms)
    row = grant_values(answer) | {"device": device.device, "state": "given"}
    row["points"] = sum(answer.buckets.values())
    if put(connection, device.tenant, t.grant_given, [row], "ignore") != 1:
        raise Overtaken("the same grant was asked for twice at once")
    accounts.locked[at.member].is_changed = True
    put_accounts(connection, accounts)
    told = Publication.of(device_stream(device.device), answer)
    publish(connection, device.tenant, [told, *news_of_members(connection, accounts)])
    return GrantAnswer(given=answer, server_ms=now_ms)


def _refused(refusal: Refusal, now_ms: int) -> GrantAnswer:
    return GrantAnswer(refusal=refusal, server_ms=now_ms)


def _again(row: dict[str, Any], at: _Wanted) -> GrantAnswer:
    if row["device"] != at.device.device or row["member"] not in at.ids:
        return _refused(Refusal(code="id_used", fields={"grant": "known"}), at.now_ms)
    if row["state"] != "given":
        return _refused(Refusal(code="ended", fields={"grant": row["state"]}), at.now_ms)
    return GrantAnswer(given=decoded(row["content"], GrantGiven), server_ms=at.now_ms)


def _decide(at: _Wanted) -> GrantGiven | Refusal:
    """What is given: of coupons and uses those that are free, points by the share."""
    asked, tenant = at.asked, at.device.tenant
    if not (asked.points or asked.coupons or asked.entitlements):
        return Refusal(code="nothing_wanted", fields={"points": "0"})
    if not is_active(at.connection, tenant, at.member):
        return Refusal(code="not_active", fields={"member": asked.member})
    for row in given_to(at.connection, tenant, at.ids, at.device.device):
        return Refusal(code="already_granted", fields={"grant": row["grant_id"]})
    program = in_force(programs(at.connection, tenant).values(), today(at.now_ms))
    if program is None:
        return Refusal(code="no_program")
    return _share(at, program)


def _share(at: _Wanted, program: Program) -> GrantGiven | Refusal:
    asked, limits = at.asked, program.offline
    promised = promises_of(at.connection, at.device.tenant, at.ids, at.now_ms)
    account = at.accounts.locked[at.member].after
    promises = [each for own in promised.values() for each in own]
    free = Free(account, promises, program, today(at.now_ms))
    coupons, uses = _free_of(free, asked)
    points = min(asked.points, grant_for(limits, free.points))
    if not (points or coupons or uses):
        refusal = free.refusal(0, asked.coupons, asked.entitlements)
        return refusal or Refusal(code="no_share", fields={"points": str(free.points)})
    buckets, _ = first_points(free.buckets, points)
    return GrantGiven(
        grant=asked.grant,
        member=at.member,
        buckets=buckets,
        coupons=coupons,
        entitlements=uses,
        ends_ms=at.now_ms + min(asked.hours, limits.grant_days * 24) * HOUR_MS,
    )


def _free_of(free: Free, asked: GrantWanted) -> tuple[tuple[str, ...], dict[str, int]]:
    """One coupon that was used elsewhere takes none of the others away."""
    coupons = tuple(each for each in asked.coupons if free.refusal(0, (each,), {}) is None)
    wanted = asked.entitlements.items()
    uses = {name: count for name, count in wanted if free.refusal(0, (), {name: count}) is None}
    return coupons, uses


# ------------------------------------------------------------------ rows


def grant_row(connection: Connection, tenant: str, grant: str) -> dict[str, Any] | None:
    """The grant of this id, whoever's it is."""
    mine = t.grant_given.c
    asked = select(t.grant_given).where(mine.tenant_id == tenant, mine.grant_id == grant)
    row = connection.execute(asked).mappings().first()
    return None if row is None else dict(row)


def given_to(
    connection: Connection, tenant: str, members: Iterable[str], device: str
) -> Sequence[dict[str, Any]]:
    """What one device holds of these members and has not ended."""
    [rows] = find_all(connection, tenant, given_wanted(members))
    return [row for row in rows if row["device"] == device]


def grant_values(left: GrantGiven) -> dict[str, Any]:
    """The columns that say what is left of a grant."""
    return {
        "shard_key": shard_of(left.member),
        "member": left.member,
        "grant_id": left.grant,
        "content": encoded(left),
        "ends_ms": left.ends_ms,
    }


def less_points(left: GrantGiven, points: int, month: int) -> tuple[GrantGiven, int]:
    """A grant after a sale of this month took so many points of it; and how many it had not."""
    buckets = {}
    for expires, count in sorted(left.buckets.items()):
        used = min(points, count) if expires >= month else 0
        points -= used
        if count > used:
            buckets[expires] = count - used
    return replace(left, buckets=buckets), points


# ------------------------------------------------------------------ ending


@dataclass(frozen=True, slots=True)
class GrantWrittenOff:
    """It belongs to nobody any more. `device`: whose it was; what it still sells is overspent."""

    device: str
    member: str
    left: GrantGiven


@dataclass(frozen=True, slots=True)
class NoSuchGrant:
    """No grant stands under this id. `state`: how it ended; empty where there never was one."""

    state: str = ""


def ended(grant: str, device: str, why: GrantEnd) -> Publication:
    """What its device hears."""
    return Publication.of(device_stream(device), GrantEnded(grant=grant, why=why))


def write_off(connection: Connection, tenant: str, grant: str) -> GrantWrittenOff | NoSuchGrant:
    """A manager's word that its device will never report: lost, broken, stolen. Its points are
    free again. Run it by ServerDatabase.write.
    """
    known = grant_row(connection, tenant, grant)
    if known is None:
        return NoSuchGrant()
    accounts = Accounts(tenant)
    lock_accounts(connection, accounts, [known["member"]])
    row = grant_row(connection, tenant, grant) or known
    if row["state"] != "given":
        return NoSuchGrant(row["state"])
    own = {name: value for name, value in row.items() if name != "tenant_id"}
    put(connection, tenant, t.grant_given, [own | {"state": "written_off"}], "replace")
    accounts.locked[accounts.survivors[known["member"]]].is_changed = True
    put_accounts(connection, accounts)
    news = [ended(grant, row["device"], "written_off"), *news_of_members(connection, accounts)]
    publish(connection, tenant, news)
    return GrantWrittenOff(row["device"], row["member"], decoded(row["content"], GrantGiven))


def grants_standing(connection: Connection, tenant: str) -> Sequence[dict[str, Any]]:
    """Every grant that has not ended, the oldest end first."""
    mine = t.grant_given.c
    asked = select(t.grant_given).where(mine.tenant_id == tenant, mine.state == "given")
    rows = connection.execute(asked.order_by(mine.ends_ms, mine.grant_id)).mappings()
    return [dict(row) for row in rows]

"""Reservations: points, coupons, uses and pieces kept for one sale, for an interval.

Owns: the reservation table: keeping all that is asked for or nothing, the same answer to the same
id, voiding. Does not own: what is free of an account (promise.py), the sale that uses one
(posting.py), refunds (settlement.py).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from msgspec.structs import replace
from sqlalchemy import Connection, update

from app.domain.bound_return import bind_returns
from app.domain.facts import SaleRecorded
from app.domain.pieces import Interval, subtract
from app.domain.settlement import counted_pieces
from sync.protocol import Promise, Refusal, Reserve, Reserved, Void, Voided, decoded, encoded
from sync.server import tables as t
from sync.server.database import Overtaken
from sync.server.device import Device
from sync.server.feed import publish
from sync.server.folding import Accounts, changed_rows, lock_accounts, put_accounts
from sync.server.member import active_in, people_wanted, stores_in, stores_wanted
from sync.server.news import news_of_members
from sync.server.promise import Free, Kept, promises_in, promises_wanted, today
from sync.server.published import in_force, programs
from sync.server.rows import Rows, find, put, put_all
from sync.server.sale_record import refunds_of, returns_of, sale_of
from sync.server.tables import shard_of
from sync.server.wanted import Wanted, find_all


@dataclass(frozen=True, slots=True)
class _Asking:
    """One request on its way. `member`: whoever survives, where there is one."""

    connection: Connection
    device: Device
    asked: Reserve
    now_ms: int
    accounts: Accounts
    member: str | None

    @property
    def tenant(self) -> str:
        return self.device.tenant

    @property
    def day(self) -> date:
        return today(self.now_ms)


def reserve(connection: Connection, device: Device, asked: Reserve, now_ms: int) -> Reserved:
    """Keep it, all or nothing. Run it by ServerDatabase.write."""
    accounts = Accounts(device.tenant)
    member = _locked(connection, accounts, asked)
    ids = set() if member is None else {member, *accounts.locked[member].after.includes}
    known, kept, given, people, stores = find_all(
        connection,
        device.tenant,
        rows_wanted([asked.reservation]),
        *promises_wanted(ids),
        people_wanted([] if member is None else [member]),
        stores_wanted(ids | accounts.survivors.keys()),
    )
    if known:
        known.sort(key=lambda row: str(row["owner"]))
        return _again(known[0], device, asked, now_ms)
    at = _Asking(connection, device, asked, now_ms, accounts, member)
    promised = promises_in(kept, given, now_ms)
    free = None if member is None else _free(at, member, promised)
    refusal = _why_not(at, free, is_active=active_in(people))
    left = 0 if free is None else free.points
    answer = Reserved(
        reservation=asked.reservation,
        ends_ms=0 if refusal else now_ms + asked.seconds * 1000,
        refusal=refusal,
        available=left if refusal else left - asked.points,
        server_ms=now_ms,
    )
    changed = [member] if refusal is None and member is not None else []
    _keep(at, answer, changed)
    if changed:
        _end_earlier(at, changed[0])
        news = news_of_members(connection, accounts, stores_in(stores))
        publish(connection, accounts.tenant, news)
    return answer


def _locked(connection: Connection, accounts: Accounts, asked: Reserve) -> str | None:
    """Whose account it is about, locked; and the sale, so that its pieces are kept once."""
    if asked.sale is not None:
        keys = [{"shard_key": shard_of(asked.sale), "op_id": asked.sale}]
        find(connection, accounts.tenant, t.op, keys, columns=(t.op.c.op_id,), lock=True)
    if asked.member is None:
        return None
    lock_accounts(connection, accounts, [asked.member], new=False)
    return accounts.survivors.get(asked.member)


def _again(row: dict[str, Any], device: Device, asked: Reserve, now_ms: int) -> Reserved:
    """What this id was answered before."""
    kept = decoded(row["wanted"], Kept)
    if row["device"] != device.device or (kept.asked != asked and row["state"] != "voided"):
        refusal = Refusal(code="id_used", fields={"reservation": "known"})
        return Reserved(reservation=asked.reservation, refusal=refusal, server_ms=now_ms)
    if row["state"] == "voided":
        refusal = Refusal(code="voided")
        return Reserved(reservation=asked.reservation, refusal=refusal, server_ms=now_ms)
    return replace(kept.answer, server_ms=now_ms)


def _free(at: _Asking, member: str, promised: Mapping[str, Sequence[Promise]]) -> Free:
    account = at.accounts.locked[member].after
    program = None
    if at.asked.entitlements:
        program = in_force(programs(at.connection, at.tenant).values(), at.day)
    promises = [each for own in promised.values() for each in own if not _is_own(at, each)]
    return Free(account, promises, program, at.day)


def _is_own(at: _Asking, promise: Promise) -> bool:
    return promise.id in at.asked.own and promise.device == at.device.device


def _end_earlier(at: _Asking, member: str) -> None:
    """What was kept for the same sale before gives way to this one, in one step."""
    for row in rows_of(at.connection, at.tenant, at.asked.own):
        mine = row["device"] == at.device.device and row["owner"] == member
        if mine and row["state"] == "kept":
            set_state(at.connection, at.tenant, row["reservation"], "voided")


def _why_not(at: _Asking, free: Free | None, *, is_active: bool) -> Refusal | None:
    asked = at.asked
    of_member = _of_member(asked)
    if not of_member and not asked.pieces:
        return Refusal(code="nothing_wanted", fields={"points": "0"})
    if of_member:
        if free is None:
            return Refusal(code="unknown_member", fields={"member": asked.member or ""})
        if not is_active:
            return Refusal(code="not_active", fields={"member": asked.member or ""})
        refusal = free.refusal(asked.points, asked.coupons, asked.entitlements)
        if refusal is not None:
            return refusal
    return _pieces_gone(at) if asked.pieces else None


def _keep(at: _Asking, answer: Reserved, changed: Iterable[str]) -> None:
    """One row for each whose it is: the member's, and the sale's. `changed`: whose account has less
    to give now.
    """
    asked, refused = at.asked, answer.refusal is not None
    owners = {at.member or asked.member} if _of_member(asked) else set()
    owners |= {asked.sale} if asked.pieces else set()
    rows = [
        {
            "shard_key": shard_of(owner),
            "owner": owner,
            "reservation": asked.reservation,
            "device": at.device.device,
            "points": asked.points,
            "wanted": encoded(Kept(asked=asked, answer=answer)),
            "ends_ms": answer.ends_ms,
            "state": "refused" if refused else "kept",
            "sale": asked.sale,
        }
        for owner in sorted({each or at.device.device for each in owners or {None}})
    ]
    for member in changed:
        at.accounts.locked[member].is_changed = True
    kept = Rows(t.reservation, rows, "ignore")
    if put_all(at.connection, at.tenant, kept, changed_rows(at.accounts))[0] != len(rows):
        raise Overtaken("the same reservation came twice at once")


def _of_member(asked: Reserve) -> bool:
    return bool(asked.points or asked.coupons or asked.entitlements)


# ------------------------------------------------------------------ pieces


def _pieces_gone(at: _Asking) -> Refusal | None:
    """Why these pieces cannot be kept: the free ones of a line that has not all of them."""
    sale = sale_of(at.connection, at.tenant, at.asked.sale or "")
    if sale is None:
        return Refusal(code="unknown_sale", fields={"sale": at.asked.sale or ""})
    pieces = {line.line_id: line.pieces for line in sale.lines}
    taken = [*_refunded(at, sale), *_kept_pieces(at, sale.op_id)]
    said = {}
    for wanted in at.asked.pieces:
        size = pieces.get(wanted.line, 0)
        free = subtract(Interval(wanted.line, 0, size), taken)
        if not any(each.start <= wanted.start < wanted.end <= each.end for each in free):
            said[wanted.line] = " ".join(f"{each.start}-{each.end}" for each in free)
    return Refusal(code="pieces_gone", fields=said) if said else None


def _refunded(at: _Asking, sale: SaleRecorded) -> list[Interval]:
    """What came back already, with its receipt or without."""
    refunds = refunds_of(at.connection, at.tenant, sale.op_id)
    returns = returns_of(at.connection, at.tenant, sale.code)
    counted = [each for own in counted_pieces(refunds).values() for each in own]
    return counted + [one for each in bind_returns(sale, refunds, returns) for one in each.pieces]


def _kept_pieces(at: _Asking, sale: str) -> Iterable[Interval]:
    keys = [{"shard_key": shard_of(sale), "owner": sale, "state": "kept"}]
    for row in find(at.connection, at.tenant, t.reservation, keys):
        # What was kept for this till's same refund before gives way to the new choice.
        is_own = row["reservation"] in at.asked.own and row["device"] == at.device.device
        if row["ends_ms"] > at.now_ms and not is_own:
            for each in decoded(row["wanted"], Kept).asked.pieces:
                yield Interval(each.line, each.start, each.end)


# ------------------------------------------------------------------ ending


def void(connection: Connection, device: Device, asked: Void, now_ms: int) -> Voided:
    """Give it free. Of an id nobody knows it is kept that it is void, should its request still be
    under way. Run it by ServerDatabase.write.
    """
    tenant, reservation = device.tenant, asked.reservation
    accounts = Accounts(tenant)
    members = {_member_of(row) for row in rows_of(connection, tenant, [reservation])} - {None}
    lock_accounts(connection, accounts, [each for each in members if each])
    rows = rows_of(connection, tenant, [reservation])
    mine = [row for row in rows if row["device"] == device.device]
    if not rows:
        _entomb(connection, device, reservation)
    elif mine and mine[0]["state"] in ("kept", "refused"):
        set_state(connection, tenant, reservation, "voided")
        if mine[0]["state"] == "kept" and mine[0]["ends_ms"] > now_ms:
            tell_changed(connection, accounts, accounts.locked)
    posted = any(row["state"] == "posted" for row in mine)
    return Voided(reservation=reservation, posted=posted, server_ms=now_ms)


def _entomb(connection: Connection, device: Device, reservation: str) -> None:
    asked = Reserve(reservation=reservation)
    answer = Reserved(reservation=reservation, server_ms=0)
    row = {
        "shard_key": shard_of(device.device),
        "owner": device.device,
        "reservation": reservation,
        "device": device.device,
        "points": 0,
        "wanted": encoded(Kept(asked=asked, answer=answer)),
        "ends_ms": 0,
        "state": "voided",
        "sale": None,
    }
    put(connection, device.tenant, t.reservation, [row], "ignore")


def _member_of(row: dict[str, Any]) -> str | None:
    return row["owner"] if _of_member(decoded(row["wanted"], Kept).asked) else None


def rows_of(
    connection: Connection, tenant: str, reservations: Sequence[str]
) -> list[dict[str, Any]]:
    """The rows of these ids, whoever they belong to."""
    [rows] = find_all(connection, tenant, rows_wanted(reservations))
    return sorted(rows, key=lambda row: (row["reservation"], row["owner"]))


def rows_wanted(reservations: Iterable[str]) -> Wanted:
    """The same beside other rows."""
    return Wanted(t.reservation, [{"reservation": each} for each in sorted(set(reservations))])


def set_state(
    connection: Connection, tenant: str, reservation: str, state: str, sale: str | None = None
) -> None:
    """What became of it; `sale`: which fact used it."""
    mine = t.reservation.c
    values = {"state": state} if sale is None else {"state": state, "sale": sale}
    connection.execute(
        update(t.reservation)
        .where(mine.tenant_id == tenant, mine.reservation == reservation)
        .values(**values)
    )


def tell_changed(connection: Connection, accounts: Accounts, members: Iterable[str]) -> None:
    """Every store that has these members hears of them as they are now."""
    for member in members:
        accounts.locked[member].is_changed = True
    put_accounts(connection, accounts)
    publish(connection, accounts.tenant, news_of_members(connection, accounts))

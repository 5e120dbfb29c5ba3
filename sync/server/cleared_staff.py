"""Who was at work: sales rung up by a member for himself, approvals by somebody nobody knows.

Owns: those findings. Does not own: who is cleared for which store (publish.py), what a till lets
somebody do. Where no staff was published for a store nothing can be said, and nothing is.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from sqlalchemy import Connection, select

from sync.protocol import StaffCleared, decoded
from sync.server import tables as t
from sync.server.exception_case import Finding
from sync.server.folding import Accounts
from sync.server.hearing import Heard
from sync.server.tables import shard_of
from sync.server.wanted import Found, Wanted


@dataclass(frozen=True, slots=True)
class _Cleared:
    """Who may work where, and when that was said."""

    staff: StaffCleared
    changed_ms: int


def about_staff(
    connection: Connection, tenant: str, heard: Iterable[Heard], accounts: Accounts, staff: Found
) -> Iterator[Finding]:
    """What is odd about whoever rang these up and approved them. `staff`: see `staff_wanted`."""
    asked = _asked_about(heard)
    if not asked:
        return
    known = {
        (row["staff"], row["store"]): _Cleared(
            decoded(row["record"], StaffCleared), row["changed_ms"]
        )
        for row in staff
    }
    unknown: list[tuple[Heard, list[str]]] = []
    for each in asked:
        mine = known.get((each.staff or "", each.store))
        if mine is not None and _is_his_own(each, mine.staff, accounts):
            text = (("staff", mine.staff.staff),)
            subject = accounts.survivors[each.member or ""]
            yield Finding("own_membership", subject, each.op.op_id, each.day, text=text)
        strangers = [by for by in each.approved_by if not _could(known.get((by, each.store)), each)]
        if strangers:
            unknown.append((each, strangers))
    published = _published(connection, tenant, {each.store for each, _ in unknown})
    for each, strangers in unknown:
        if each.store in published:
            subject = accounts.survivors[each.member] if each.member else each.store
            said = (("approved_by", " ".join(strangers)), ("store", each.store))
            yield Finding("approved_by_unknown", subject, each.op.op_id, each.day, text=said)


def _asked_about(heard: Iterable[Heard]) -> list[Heard]:
    return [each for each in heard if each.approved_by or (each.staff and each.member)]


def staff_wanted(heard: Iterable[Heard]) -> Wanted:
    """Whoever rang these up and approved them, as far as he is cleared for their stores."""
    wanted = {
        (staff, each.store)
        for each in _asked_about(heard)
        for staff in (each.staff, *each.approved_by)
        if staff is not None
    }
    keys = [
        {"shard_key": shard_of(staff), "staff": staff, "store": store}
        for staff, store in sorted(wanted)
    ]
    return Wanted(t.staff, keys)


def _is_his_own(heard: Heard, staff: StaffCleared, accounts: Accounts) -> bool:
    if heard.member is None or not staff.members:
        return False
    account = accounts.of(heard.member)
    return bool({heard.member, account.member, *account.after.includes} & set(staff.members))


def _could(cleared: _Cleared | None, heard: Heard) -> bool:
    """Whether he was cleared then; one who left may have approved what comes late."""
    if cleared is None or cleared.staff.active:
        return cleared is not None
    return heard.clock is not None and heard.clock.wall_ms < cleared.changed_ms


def _published(connection: Connection, tenant: str, stores: Iterable[str]) -> set[str]:
    """The stores for which any staff was published."""
    wanted = sorted(set(stores))
    if not wanted:
        return set()
    staff = t.staff.c
    asked = select(staff.store).where(staff.tenant_id == tenant, staff.store.in_(wanted)).distinct()
    return set(connection.execute(asked).scalars())

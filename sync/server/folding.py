"""Folding what was heard into the accounts: locked, folded once, written once.

Owns: the account rows of one transaction, effects under held keys, which facts effects name.
Does not own: the fold (app.domain.account), what the result means (overdraft.py).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from msgspec import structs
from sqlalchemy import Connection

from app.domain import effects as do
from app.domain.account import (
    FoldItem,
    MemberAccount,
    account_bytes,
    account_of,
    fold_into,
    named_by,
)
from app.domain.account_records import Held
from app.domain.ids import OpId
from sync.server import tables as t
from sync.server.rows import Rows, find, put, put_all
from sync.server.tables import shard_of
from sync.server.wanted import Wanted, find_all

HELD_DAYS = 36_525
"""Points under held keys may first be used in a hundred years: unless somebody releases them."""
_COUNTS_AT_ONCE = (
    do.Joined, do.ConsentsEnded, do.Taken, do.Exchanged, do.CouponUsed, do.EntitlementTicked,
)  # fmt: skip
_NAMING = Held.__args__


def held_effects(effects: Iterable[do.Effect]) -> tuple[do.Effect, ...]:
    """What a quarantined fact does until it is released.

    What it takes is taken, and a withdrawal holds; what it gives is seen and may not be used.
    """
    held: list[do.Effect] = []
    for effect in effects:
        if isinstance(effect, _COUNTS_AT_ONCE):
            held.append(effect)
        elif isinstance(effect, do.Gained | do.HeldGain):
            expires_in = effect.expires_in
            held.append(
                do.HeldGain(points=effect.points, expires_in=expires_in, usable_in_days=HELD_DAYS)
            )
    return tuple(held)


def released_effects(effects: Iterable[do.Effect]) -> tuple[do.Effect, ...]:
    """What is left to do when a held fact is released: with what it did before, all of it."""
    effects = tuple(effects)
    undone = [
        structs.replace(held, points=-held.points)
        for held in held_effects(effects)
        if isinstance(held, do.HeldGain)
    ]
    return (*undone, *(each for each in effects if not isinstance(each, _COUNTS_AT_ONCE)))


def names(effects: Iterable[do.Effect]) -> set[OpId]:
    """The facts whose business dates these effects count from."""
    named: set[OpId] = set()
    for effect in effects:
        if isinstance(effect, _NAMING):
            named.add(named_by(effect))
            if isinstance(effect, do.Redone):
                named.add(effect.refund)
    return named


@dataclass(slots=True)
class LockedAccount:
    """One account row of this transaction."""

    member: str
    version: int
    waiting: int
    debt: int
    after: MemberAccount
    is_changed: bool = False
    items: list[FoldItem] = field(default_factory=list)
    """What was folded into it in this transaction."""


@dataclass(slots=True)
class Accounts:
    """The accounts this transaction may change, by the id of whoever survives."""

    tenant: str
    locked: dict[str, LockedAccount] = field(default_factory=dict)
    survivors: dict[str, str] = field(default_factory=dict)
    """Every member id asked for, and whose account it goes to."""
    days: dict[OpId, date] = field(default_factory=dict)
    """Confirmed dates of facts of this transaction, which no table has yet."""

    def of(self, member: str) -> LockedAccount:
        """The account a member's facts go to."""
        return self.locked[self.survivors[member]]

    def fold(self, items: Sequence[FoldItem], days: Mapping[OpId, date]) -> None:
        """Fold facts, each once. What awaited a fact of `days` is settled too."""
        by_survivor: dict[str, list[FoldItem]] = {}
        for item in items:
            by_survivor.setdefault(self.survivors[item.member], []).append(item)
        for member, own in by_survivor.items():
            self._change(member, own, days)

    def settle(self, members: Iterable[str], days: Mapping[OpId, date]) -> None:
        """Let what these members' accounts await find the facts of `days`."""
        for member in {self.survivors[each] for each in members}:
            if self.locked[member].after.awaiting:
                self._change(member, (), days)

    def _change(self, member: str, items: Sequence[FoldItem], days: Mapping[OpId, date]) -> None:
        account = self.locked[member]
        fold_into(account.after, items, days)
        account.items += items
        account.is_changed = True

    def changed(self) -> list[str]:
        """Whose accounts are other ones now."""
        return sorted(member for member, each in self.locked.items() if each.is_changed)


def lock_accounts(
    connection: Connection, accounts: Accounts, members: Iterable[str], *, new: bool = True
) -> None:
    """Lock the accounts of these members, making those nobody has yet (`new`) or leaving them out.

    All in the order of their keys, survivors among them: who locks one after the other waits for
    somebody who waits for him.
    """
    wanted = sorted(_with_hints(accounts, members) - accounts.survivors.keys())
    while wanted:
        rows = _lock(connection, accounts.tenant, wanted)
        missing = sorted(set(wanted) - rows.keys())
        if missing and new:
            empty = [account_row(LockedAccount(each, 0, 0, 0, MemberAccount())) for each in missing]
            put(connection, accounts.tenant, t.account, empty, "ignore")
            rows |= _lock(connection, accounts.tenant, missing)
        further = []
        for member, row in rows.items():
            accounts.survivors[member] = row["survivor"]
            if row["survivor"] == member:
                accounts.locked[member] = LockedAccount(
                    member, row["version"], row["waiting"], row["debt"], account_of(row["data"])
                )
            else:
                _SURVIVES[accounts.tenant, member] = row["survivor"]
                if row["survivor"] not in accounts.survivors:
                    further.append(row["survivor"])
        wanted = sorted(set(further))
    for member, survivor in accounts.survivors.items():
        while accounts.survivors[survivor] != survivor:
            survivor = accounts.survivors[survivor]
        accounts.survivors[member] = survivor


_SURVIVES: dict[tuple[str, str], str] = {}
"""Merges this process has met. A hint and no more: what holds stands in the locked rows."""


def _with_hints(accounts: Accounts, members: Iterable[str]) -> set[str]:
    wanted = set(members)
    for member in tuple(wanted):
        while (member := _SURVIVES.get((accounts.tenant, member), "")) and member not in wanted:
            wanted.add(member)
    return wanted


def put_accounts(connection: Connection, accounts: Accounts) -> None:
    """Write the accounts that changed, each one version further."""
    put_all(connection, accounts.tenant, changed_rows(accounts))


def changed_rows(accounts: Accounts) -> Rows:
    """The rows of the accounts that changed. Each is one version further from now on."""
    rows = []
    for member in accounts.changed():
        each = accounts.locked[member]
        each.version += 1
        rows.append(account_row(each))
    return Rows(t.account, rows, "replace")


def _lock(
    connection: Connection, tenant: str, members: Sequence[str]
) -> dict[str, Mapping[str, Any]]:
    keys = [{"shard_key": shard_of(each), "member": each} for each in members]
    rows = find(connection, tenant, t.account, keys, lock=True)
    return {row["member"]: row for row in rows}


def account_row(account: LockedAccount) -> dict[str, Any]:
    """The row of an account, as it is."""
    return {
        "shard_key": shard_of(account.member),
        "member": account.member,
        "survivor": account.member,
        "version": account.version,
        "waiting": account.waiting,
        "debt": account.debt,
        "data": account_bytes(account.after),
    }


def known_days(connection: Connection, tenant: str, op_ids: Iterable[OpId]) -> dict[OpId, date]:
    """Confirmed dates of facts that count, among these."""
    keys = [{"shard_key": shard_of(each), "op_id": each} for each in sorted(set(op_ids))]
    columns = (t.op.c.op_id, t.op.c.day, t.op.c.state)
    rows = find(connection, tenant, t.op, keys, columns=columns)
    return {
        row["op_id"]: date.fromisoformat(row["day"])
        for row in rows
        if row["state"] in ("counted", "held")
    }


def links_wanted(op_ids: Iterable[OpId]) -> Wanted:
    """Links of facts that spoke of these: their op_id, kind and member."""
    keys = [{"shard_key": shard_of(each), "sale": each} for each in sorted(set(op_ids))]
    return Wanted(t.link, keys, _LINK)


_LINK = (t.link.c.sale, t.link.c.op_id, t.link.c.kind, t.link.c.member)


def awaited_by(connection: Connection, tenant: str, op_ids: Iterable[OpId]) -> list[dict[str, Any]]:
    """The same rows, asked for now."""
    [rows] = find_all(connection, tenant, links_wanted(op_ids))
    return rows

"""Rebuilding: every account folded anew from the facts as kept, and compared with what stands.

Owns: the replay (one thread, member by member, from the facts alone), the comparison, writing
what the facts say. Does not own: the fold, the commands that call this.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, func, select, update

from app.domain.account import FoldItem, Mark, MemberAccount, account_of, fold
from app.domain.chain import GENESIS, chain_hash
from app.domain.debt import debt_of
from app.domain.facts import (
    NotAFact,
    UnknownFact,
    read_fact,
    read_head,
)
from app.domain.merging import survivors_by
from sync.server import tables as t
from sync.server.feed import publish
from sync.server.folding import (
    Accounts,
    LockedAccount,
    account_row,
    held_effects,
    known_days,
    names,
    put_accounts,
)
from sync.server.ledger import ledger_row
from sync.server.news import news_of_members
from sync.server.rows import find, put
from sync.server.sender import SERVER_DEVICE
from sync.server.standing_merge import standing_merges
from sync.server.tables import shard_of

MEMBERS_A_PAGE = 200


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that the facts say otherwise.

    `what`: account, alias, ledger, chain, unread, place.
    """

    what: str
    where: str


@dataclass(slots=True)
class Verified:
    """What was looked at, and what differs."""

    ops: int = 0
    members: int = 0
    places: int = 0
    differences: tuple[Difference, ...] = ()

    @property
    def is_sound(self) -> bool:
        return not self.differences


def verify(connection: Connection, tenant: str) -> Verified:
    """Compare accounts, ledger and chains with the facts. Changes nothing."""
    done = Verified(ops=_count(connection, t.op, tenant))
    found: list[Difference] = []
    for survivor, account in replayed(connection, tenant):
        done.members += 1
        found += _differs(connection, tenant, survivor, account)
    found += _alias_differences(connection, tenant)
    found += _ledger_differences(connection, tenant)
    for device, epoch in _chains(connection, tenant):
        places, broken = _follow(connection, tenant, device, epoch)
        done.places += places
        found += broken
    done.differences = tuple(found)
    return done


def rebuild(connection: Connection, tenant: str) -> int:
    """Write the accounts as the facts say; how many were others. Versions rise, and every store
    hears of them; debts and what waits are reckoned anew beside.
    """
    for member, survivor in _wrong_aliases(connection, tenant).items():
        connection.execute(
            update(t.account)
            .where(t.account.c.tenant_id == tenant, t.account.c.member == member)
            .values(survivor=survivor)
        )
    waiting = _waiting(connection, tenant)
    accounts = Accounts(tenant)
    beside = []
    for survivor, account in replayed(connection, tenant):
        keys = [{"shard_key": shard_of(survivor), "member": survivor}]
        rows = find(connection, tenant, t.account, keys, lock=True)
        row: dict[str, Any] = dict(rows[0]) if rows else dict(_NO_ROW)
        last = _last_day(connection, tenant, account)
        debt = 0 if last is None else debt_of(account, last)
        now = LockedAccount(survivor, row["version"], waiting.get(survivor, 0), debt, account)
        now.is_changed = not row["data"] or account_of(row["data"]) != account
        if now.is_changed:
            accounts.locked[survivor] = now
        elif (now.waiting, now.debt) != (row["waiting"], row["debt"]):
            # The account as it stands: written anew its keys would lie in another order.
            beside.append(account_row(now) | {"data": row["data"]})
    put_accounts(connection, accounts)
    put(connection, tenant, t.account, beside, "replace")
    publish(connection, tenant, news_of_members(connection, accounts))
    return len(accounts.locked)


_NO_ROW = {"version": 0, "waiting": 0, "debt": 0, "data": b""}


def _waiting(connection: Connection, tenant: str) -> dict[str, int]:
    """How many facts of each survivor are kept and could not be read."""
    survivors, op = _survivors(connection, tenant), t.op.c
    asked = select(op.member, func.count()).where(
        op.tenant_id == tenant, op.state == "unread", op.member.is_not(None)
    )
    counted: Counter[str] = Counter()
    for member, count in connection.execute(asked.group_by(op.member)):
        counted[survivors.get(member, member)] += count
    return dict(counted)


def _last_day(connection: Connection, tenant: str, account: MemberAccount) -> date | None:
    """The newest business date of his facts: a debt is as it was then."""
    ledger = t.ledger.c
    asked = select(func.max(ledger.day)).where(
        ledger.tenant_id == tenant,
        ledger.shard_key.in_([shard_of(each) for each in account.includes]),
        ledger.member.in_(sorted(account.includes)),
    )
    found = connection.execute(asked).scalar_one()
    return None if found is None else date.fromisoformat(found)


# ------------------------------------------------------------------ the replay


def replayed(connection: Connection, tenant: str) -> Iterator[tuple[str, MemberAccount]]:
    """Each surviving member with the account his facts fold to, in the order of ids."""
    again = _further_places(connection, tenant)
    members = _members(connection, tenant)
    for start in range(0, len(members), MEMBERS_A_PAGE):
        page = members[start : start + MEMBERS_A_PAGE]
        rows = _facts_of(connection, tenant, {each for _, ids in page for each in ids})
        by_member: dict[str, list[FoldItem]] = {}
        named: set[str] = set()
        for row in rows:
            for item in _items(row, again.get(row["op_id"], ())):
                by_member.setdefault(item.member, []).append(item)
                named |= names(item.effects)
        days = known_days(connection, tenant, named)
        for survivor, ids in page:
            items = [item for each in ids for item in by_member.get(each, ())]
            yield survivor, fold(items, days=days)


def _members(connection: Connection, tenant: str) -> list[tuple[str, list[str]]]:
    """Everybody any fact speaks of, by whose account it is."""
    survivors = _survivors(connection, tenant)
    known = connection.execute(select(t.account.c.member).where(t.account.c.tenant_id == tenant))
    spoken_of = connection.execute(
        select(t.op.c.member)
        .where(t.op.c.tenant_id == tenant, t.op.c.member.is_not(None))
        .distinct()
    )
    groups: dict[str, list[str]] = {}
    for member in sorted({*known.scalars(), *spoken_of.scalars()}):
        groups.setdefault(survivors.get(member, member), []).append(member)
    return sorted(groups.items())


def _survivors(connection: Connection, tenant: str) -> dict[str, str]:
    """Whoever was merged into another, and who survives, by the facts alone."""
    return survivors_by(each.fact for each in standing_merges(connection, tenant))


def folded(
    connection: Connection, tenant: str, ids: Iterable[str], until_ms: int | None = None
) -> MemberAccount:
    """The account that the facts under these ids fold to; with `until_ms` as it was then."""
    rows = [
        row
        for row in _facts_of(connection, tenant, ids)
        if until_ms is None or row["received_ms"] <= until_ms
    ]
    again = _further_places_of(connection, tenant, rows)
    items = [item for row in rows for item in _items(row, again.get(row["op_id"], ()))]
    named = {name for item in items for name in names(item.effects)}
    return fold(items, days=known_days(connection, tenant, named))


def _facts_of(
    connection: Connection, tenant: str, members: Iterable[str]
) -> Sequence[dict[str, Any]]:
    """The facts of these members that count, from the facts' own table."""
    return [
        row
        for row in find(connection, tenant, t.op, [{"member": each} for each in sorted(members)])
        if row["state"] in ("counted", "held") and row["data"] is not None
    ]


def _items(row: dict[str, Any], again: Sequence[Mark]) -> Iterator[FoldItem]:
    head = read_head(row["data"])
    if isinstance(head, NotAFact):
        return
    effects = held_effects(head.effects) if row["state"] == "held" else head.effects
    own = row["device"] != SERVER_DEVICE
    mark = Mark(row["device"], row["epoch"], row["dseq"]) if own else None
    day = date.fromisoformat(row["day"])
    yield FoldItem(row["op_id"], row["member"], day, effects, mark)
    for other in again:
        yield FoldItem(row["op_id"], row["member"], day, (), other)


def _further_places(connection: Connection, tenant: str) -> dict[str, list[Mark]]:
    """Places of facts that were pushed again under another epoch or device."""
    place, op = t.place.c, t.op.c
    rows = connection.execute(
        select(place.op_id, place.device, place.epoch, place.dseq)
        .join(t.op, (op.tenant_id == place.tenant_id) & (op.op_id == place.op_id))
        .where(
            place.tenant_id == tenant,
            (op.device != place.device) | (op.epoch != place.epoch) | (op.dseq != place.dseq),
        )
    )
    further: dict[str, list[Mark]] = {}
    for row in rows:
        further.setdefault(row.op_id, []).append(Mark(row.device, row.epoch, row.dseq))
    return further


_PLACE = (t.place.c.op_id, t.place.c.device, t.place.c.epoch, t.place.c.dseq)


def _further_places_of(
    connection: Connection, tenant: str, facts: Iterable[Mapping[str, Any]]
) -> dict[str, list[Mark]]:
    """The same of these facts alone, looked up by them: somebody waits meanwhile."""
    own = {row["op_id"]: Mark(row["device"], row["epoch"], row["dseq"]) for row in facts}
    further: dict[str, list[Mark]] = {}
    asked = [{"op_id": each} for each in sorted(own)]
    for row in find(connection, tenant, t.place, asked, columns=_PLACE):
        mark = Mark(row["device"], row["epoch"], row["dseq"])
        if mark != own[row["op_id"]]:
            further.setdefault(row["op_id"], []).append(mark)
    return further


# ------------------------------------------------------------------ comparing


def _differs(
    connection: Connection, tenant: str, survivor: str, account: MemberAccount
) -> Iterator[Difference]:
    keys = [{"shard_key": shard_of(survivor), "member": survivor}]
    rows = find(connection, tenant, t.account, keys)
    kept = account_of(rows[0]["data"]) if rows else MemberAccount()
    if kept != account:
        yield Difference("account", survivor)


def _alias_differences(connection: Connection, tenant: str) -> list[Difference]:
    return [Difference("alias", each) for each in _wrong_aliases(connection, tenant)]


def _wrong_aliases(connection: Connection, tenant: str) -> dict[str, str]:
    """Whose account row names another survivor than the facts do, with the right one."""
    survivors = _survivors(connection, tenant)
    mine = t.account.c
    rows = connection.execute(select(mine.member, mine.survivor).where(mine.tenant_id == tenant))
    return {
        member: survivors.get(member, member)
        for member, said in rows
        if said != survivors.get(member, member)
    }


def _ledger_differences(connection: Connection, tenant: str) -> Iterator[Difference]:
    """Every fact of a member has its row, with the numbers its effects give."""
    named = connection.execute(
        select(t.ledger.c.member).where(t.ledger.c.tenant_id == tenant).distinct()
    ).scalars()
    ids = {each for _, group in _members(connection, tenant) for each in group}
    everybody = sorted(ids | set(named))
    for start in range(0, len(everybody), MEMBERS_A_PAGE):
        yield from _of_page(connection, tenant, everybody[start : start + MEMBERS_A_PAGE])


def _of_page(connection: Connection, tenant: str, members: Sequence[str]) -> Iterator[Difference]:
    keys = [{"shard_key": shard_of(each), "member": each} for each in members]
    kept = {(row["member"], row["op_id"]): row for row in find(connection, tenant, t.ledger, keys)}
    said = [{"member": each, "state": "counted"} for each in members]
    for row in find(connection, tenant, t.op, said):
        mine = kept.pop((row["member"], row["op_id"]), None)
        if mine is None or mine != _ledger_row(row):
            yield Difference("ledger", row["op_id"])
    for _, op_id in kept:
        yield Difference("ledger", op_id)


def _ledger_row(row: Mapping[str, Any]) -> dict[str, Any]:
    head = read_head(row["data"])
    effects = () if isinstance(head, NotAFact) else head.effects
    said = ledger_row(member=row["member"], op_id=row["op_id"], kind=row["kind"], effects=effects)
    place = {"device": row["device"], "store": row["store"], "day": row["day"]}
    return said | place | {"tenant_id": row["tenant_id"]}


def _chains(connection: Connection, tenant: str) -> list[tuple[str, int]]:
    heads = t.device_head.c
    found = connection.execute(
        select(heads.device, heads.epoch)
        .where(heads.tenant_id == tenant)
        .order_by(heads.device, heads.epoch)
    )
    return [(row.device, row.epoch) for row in found]


def _follow(
    connection: Connection, tenant: str, device: str, epoch: int
) -> tuple[int, list[Difference]]:
    """Follow one chain over the bytes as kept; a tombstone's hash is taken as it stands."""
    place = t.place.c
    rows = connection.execute(
        select(place.dseq, place.hash, t.op.c.data, t.op.c.op_id)
        .outerjoin(t.op, (t.op.c.tenant_id == place.tenant_id) & (t.op.c.op_id == place.op_id))
        .where(
            place.tenant_id == tenant,
            place.shard_key == shard_of(device),
            place.device == device,
            place.epoch == epoch,
        )
        .order_by(place.dseq)
    )
    head, expected = GENESIS, 1
    for row in rows:
        where = f"{device}/{epoch}/{row.dseq}"
        if row.dseq != expected or row.op_id is None:
            return expected, [Difference("place", where)]
        if row.data is not None and chain_hash(head, row.data) != row.hash:
            return expected, [Difference("chain", where)]
        head, expected = row.hash, expected + 1
    return expected - 1, []


def _count(connection: Connection, table: Any, tenant: str) -> int:
    counted = select(func.count()).select_from(table).where(table.c.tenant_id == tenant)
    return int(connection.execute(counted).scalar_one())


def readable_now(connection: Connection, tenant: str) -> list[str]:
    """Facts kept unread that this program can read: they may be released."""
    rows = connection.execute(
        select(t.op.c.op_id, t.op.c.data).where(
            t.op.c.tenant_id == tenant, t.op.c.state == "unread"
        )
    )
    return [row.op_id for row in rows if _is_readable(row.data)]


def _is_readable(data: bytes) -> bool:
    fact = read_fact(data)
    if isinstance(fact, UnknownFact):
        return fact.head is not None
    return not isinstance(fact, NotAFact)

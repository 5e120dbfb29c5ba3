"""Facts the server writes itself: into ledger, accounts and feeds, in nobody's chain.

Owns: the steps of taking in one's own facts. Does not own: when there are any (pages/, whoever
decides), the steps themselves (as for a push: ingest.py). Nobody repeats them: whoever writes
them does so in the transaction that decided them.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection

from app.domain.account import FoldItem
from app.domain.facts import Fact, MemberJoined, canonical_bytes
from sync.protocol import MemberKey, Op
from sync.server import tables as t
from sync.server.exception_case import Finding, open_cases
from sync.server.feed import publish
from sync.server.folding import Accounts, known_days, lock_accounts, names, put_accounts
from sync.server.hearing import Heard
from sync.server.ledger import put_ledger, put_links
from sync.server.member import put_cards, put_joined
from sync.server.member_keys import keep_keys, key_ring
from sync.server.news import Told, news_of
from sync.server.op_answer import op_row
from sync.server.overdraft import findings
from sync.server.profile import joined_with, put_profiles
from sync.server.rows import put
from sync.server.sender import SERVER_DEVICE, House, Sender


def write_own(
    connection: Connection,
    sender: Sender,
    written: tuple[Sequence[Fact], Sequence[MemberKey]],
    now_ms: int,
    house: House,
) -> None:
    """Write facts of one store, and the keys their sealed parts stand under; all new.

    `sender` says tenant and store; they stand at the server's own place, whoever it names. Run it
    by ServerDatabase.write.
    """
    facts, keys = written
    tenant = sender.tenant
    keep_keys(connection, tenant, keys, house)
    heard = [_heard(fact) for fact in facts]
    accounts = Accounts(tenant)
    lock_accounts(connection, accounts, {each.member for each in heard if each.member is not None})
    _fold(connection, accounts, heard)
    found: list[Finding] = put_joined(connection, tenant, heard, now_ms)
    put_cards(connection, tenant, heard)
    for member in accounts.changed():
        found += findings(accounts.locked[member])
    put(connection, tenant, t.op, [op_row(each, SERVER_DEVICE, now_ms) for each in heard], "new")
    _put_profiles(connection, tenant, facts, now_ms, house)
    put_ledger(connection, tenant, heard, SERVER_DEVICE)
    put_links(connection, tenant, heard)
    put_accounts(connection, accounts)
    open_cases(connection, tenant, found, now_ms)
    told = Told(heard, (), found, is_forked=False)
    publish(connection, tenant, news_of(connection, sender, accounts, told, now_ms))


def _heard(fact: Fact) -> Heard:
    op = Op(op_id=fact.op_id, epoch=0, dseq=0, hash=b"", data=canonical_bytes(fact))
    return Heard(
        op, "fresh", fact=fact, kind=str(fact.__struct_config__.tag), store=fact.store,
        member=fact.member, effects=fact.effects, stated=fact.day, clock=fact.clock, day=fact.day,
    )  # fmt: skip


def _fold(connection: Connection, accounts: Accounts, heard: Sequence[Heard]) -> None:
    """Without a mark: no till has these facts to put on top."""
    accounts.days = {each.op.op_id: each.day for each in heard}
    items = [
        FoldItem(each.op.op_id, each.member, each.day, each.effects)
        for each in heard
        if each.member is not None
    ]
    named = {name for each in items for name in names(each.effects)}
    days = known_days(connection, accounts.tenant, named - accounts.days.keys())
    accounts.fold(items, days | accounts.days)


def _put_profiles(
    connection: Connection, tenant: str, facts: Sequence[Fact], now_ms: int, house: House
) -> None:
    """What members were entered with; it never undoes an edit."""
    joined = [each for each in facts if isinstance(each, MemberJoined) and each.profile]
    ring = key_ring(connection, tenant, {each.member or "" for each in joined}, house)
    writes = []
    for fact in joined:
        if fact.profile is None or fact.member is None:
            continue
        plain = ring.open(fact.member, fact.profile)
        write = joined_with(fact.member, fact.op_id, fact.profile.key, plain)
        if write is not None:
            writes.append((write, False))
    put_profiles(connection, tenant, writes, ring, now_ms)

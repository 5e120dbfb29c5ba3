"""Look-ups: a member or a receipt that a till does not know, asked while somebody waits for it.

Owns: finding by card, claim, id or receipt, and that the store hears of who was found from now on.
Does not own: what is told of a member (member.py), of a fact (feed.py), who may ask (the web).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Connection, select

from app.domain.facts import SALE_KINDS, read_fact
from sync.protocol import LookUp, LookUpAnswer
from sync.server import tables as t
from sync.server.complaint import tell_of_members
from sync.server.device import Device
from sync.server.feed import Publication, facts_known, publish, store_stream
from sync.server.member import add_to_working_set, confirmed_members, stores_of
from sync.server.news import KINDS_TOLD
from sync.server.rows import find
from sync.server.sender import House
from sync.server.server_epoch import server_epoch
from sync.server.tables import shard_of


def look_up(
    connection: Connection, device: Device, asked: LookUp, now_ms: int, house: House
) -> LookUpAnswer:
    """Who or what is asked for, as it is now; empty where nobody knows. The members found belong
    to the store's working set afterwards. Run it by ServerDatabase.write.
    """
    tenant = device.tenant
    receipt = asked.receipt
    ops = [] if receipt is None else _ops_of_receipt(connection, tenant, receipt)
    found = {op["member"] for op in ops if op["member"] is not None}
    found |= _members_by(connection, tenant, asked)
    # Locked until the commit: whoever changes the account afterwards sees that this store hears.
    survivors = _locked(connection, tenant, found)
    told = confirmed_members(connection, tenant, survivors, now_ms, house)
    _hear_of(connection, device, sorted(told), now_ms)
    if asked.member is not None and not told:
        # A till knows of him from before this server was restored: he arrives yet, from elsewhere.
        add_to_working_set(connection, tenant, [(asked.member, device.store)], now_ms)
    facts = facts_known(connection, tenant, [op["op_id"] for op in ops])
    return LookUpAnswer(
        members=tuple(told[each] for each in sorted(told)),
        facts=tuple(facts[op["op_id"]] for op in ops),
        server_ms=now_ms,
        server_epoch=server_epoch(connection, tenant),
    )


def _members_by(connection: Connection, tenant: str, asked: LookUp) -> set[str]:
    """By whatever else than a receipt is asked."""
    if asked.member is not None:
        return {asked.member}
    if asked.card is not None:
        keys = [{"shard_key": shard_of(asked.card), "card": asked.card}]
        return {row["member"] for row in find(connection, tenant, t.card, keys)}
    if asked.claim is not None:
        keys = [{"shard_key": shard_of(asked.claim), "claim": asked.claim}]
        return {row["member"] for row in find(connection, tenant, t.identity_claim, keys)}
    return set()


def _locked(connection: Connection, tenant: str, members: Iterable[str]) -> set[str]:
    """The accounts these members' facts go to; those without one are left out."""
    wanted, survivors = sorted(set(members)), set()
    while wanted:
        keys = [{"shard_key": shard_of(each), "member": each} for each in wanted]
        columns = (t.account.c.member, t.account.c.survivor)
        rows = find(connection, tenant, t.account, keys, columns=columns, lock=True)
        survivors |= {row["member"] for row in rows if row["survivor"] == row["member"]}
        wanted = sorted({row["survivor"] for row in rows} - survivors)
    return survivors


def _hear_of(connection: Connection, device: Device, members: Sequence[str], now_ms: int) -> None:
    """From now on the store hears of them; its other tills are told at once."""
    known = stores_of(connection, device.tenant, members)
    new = [each for each in members if device.store not in known.get(each, ())]
    add_to_working_set(connection, device.tenant, [(each, device.store) for each in new], now_ms)
    stream = store_stream(device.store)
    news = [Publication(stream, "member", each) for each in new]
    news += tell_of_members(connection, device.tenant, [(each, device.store) for each in new])
    publish(connection, device.tenant, news)


# ------------------------------------------------------------------ receipts


def _ops_of_receipt(connection: Connection, tenant: str, receipt: str) -> list[dict[str, Any]]:
    """The sale of a receipt and all refunds of it, whichever of them it is the number of."""
    op = t.op.c
    named = connection.execute(
        select(op.op_id, op.kind, op.data).where(
            op.tenant_id == tenant, op.receipt == receipt, op.state == "counted"
        )
    ).all()
    sales = {row.op_id if row.kind in SALE_KINDS else _sale_of(row.data) for row in named}
    keys = [{"shard_key": shard_of(each), "sale": each} for each in sorted(sales - {""})]
    links = find(connection, tenant, t.link, keys)
    told = {row.op_id for row in named} | (sales - {""})
    told |= {link["op_id"] for link in links if link["kind"] in KINDS_TOLD}
    wanted = [{"shard_key": shard_of(each), "op_id": each} for each in sorted(told)]
    columns = (t.op.c.op_id, t.op.c.state, t.op.c.member)
    rows = find(connection, tenant, t.op, wanted, columns=columns)
    return sorted((row for row in rows if row["state"] == "counted"), key=lambda row: row["op_id"])


def _sale_of(data: bytes) -> str:
    """The sale a refund names; empty of what names none, such as a return without a receipt."""
    return getattr(read_fact(data), "sale", None) or ""

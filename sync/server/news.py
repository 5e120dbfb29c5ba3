"""News of a push: who has to hear of what it changed.

Owns: which streams get which events, and which working sets a sale widens. Does not own:
publishing (feed.py), the changes themselves (ingest.py).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from app.domain.facts import (
    SALE_KINDS,
    FirstRefundRecorded,
    FullRefundRecorded,
    MemberJoined,
    PackRefundRecorded,
    RefundRecorded,
    ReturnRecorded,
)
from sync.protocol import AnswerChanged, Commanded
from sync.server import tables as t
from sync.server.complaint import complaints_told
from sync.server.copied_op import is_copy
from sync.server.exception_case import Finding, adjustments_of
from sync.server.feed import Publication, device_stream, store_stream
from sync.server.folding import Accounts
from sync.server.hearing import Heard
from sync.server.member import stores_of
from sync.server.op_answer import adjusted_answer
from sync.server.rows import find
from sync.server.sale_record import RETURNS
from sync.server.sender import SERVER_DEVICE, Sender
from sync.server.survey import answers_told
from sync.server.tables import shard_of
from sync.server.tier_change import tier_news

KINDS_TOLD = SALE_KINDS | {
    str(kind.__struct_config__.tag)
    for kind in (FirstRefundRecorded, RefundRecorded, FullRefundRecorded, PackRefundRecorded)
}
"""Facts that the other tills of the store have to know to refund them; they know one by its id."""


@dataclass(frozen=True, slots=True)
class Told:
    """What there is to tell about one push."""

    fresh: Sequence[Heard]
    own: Sequence[Heard]
    """Facts of the server."""
    findings: Sequence[Finding]
    forked: Sequence[int] = ()
    """Epochs of the sender in which another machine was found to be at work."""


@dataclass(frozen=True, slots=True)
class Listeners:
    """Who hears of the accounts that changed: the stores of each member."""

    stores: dict[str, set[str]]
    met: Sequence[tuple[str, str]]
    """Members that the sender's store meets for the first time, each with the store."""


def listeners_of(
    connection: Connection,
    sender: Sender,
    accounts: Accounts,
    fresh: Iterable[Heard],
    known: Mapping[str, set[str]],
) -> Listeners:
    """Every store that has them in its working set, and the sender's own from now on. `known`: the
    stores of those that were asked about before.
    """
    changed = accounts.changed()
    if not changed:
        return Listeners({}, ())
    others = {*changed, *accounts.survivors} - known.keys()
    stores = {**known, **stores_of(connection, sender.tenant, others)}
    # Under the survivor: whoever looks for him there finds every store that ever met him.
    met = {accounts.survivors[each.member] for each in fresh if each.member is not None}
    missing = sorted(each for each in met if sender.store not in stores.get(each, ()))
    for each in missing:
        stores.setdefault(each, set()).add(sender.store)
    return Listeners(stores, [(each, sender.store) for each in missing])


def news_of(
    connection: Connection, sender: Sender, accounts: Accounts, told: Told, listeners: Listeners
) -> list[Publication]:
    """Everything to publish, facts before the accounts they are part of."""
    here = store_stream(sender.store)
    news = [
        Publication(here, "fact", each.op.op_id)
        for each in told.fresh
        if each.state == "counted" and each.kind in KINDS_TOLD and not is_copy(each.op.op_id)
    ]
    news += _of_foreign_sales(connection, sender, told.fresh)
    news += [
        Publication(RETURNS, "fact", each.op.op_id)
        for each in told.fresh
        if each.state == "counted" and isinstance(each.fact, ReturnRecorded | MemberJoined)
    ]
    news += complaints_told(
        connection, sender, accounts, told.fresh, listeners.stores, listeners.met
    )
    news += answers_told(connection, sender.tenant, told.fresh)
    news += tier_news((*told.fresh, *told.own))
    news += _of_members(accounts, listeners)
    news += _of_answers(connection, sender.tenant, told)
    news += [
        # With the epoch: who has enrolled again by then reads it as what lies behind him.
        Publication.of(device_stream(sender.device), Commanded(command="enrol_again", epoch=epoch))
        for epoch in sorted(told.forked)
    ]
    return news


def _of_foreign_sales(
    connection: Connection, sender: Sender, fresh: Iterable[Heard]
) -> list[Publication]:
    """Goods that came back in another store than the one that sold them: its tills must not give
    money for them once more."""
    sale_of = {
        each.op.op_id: each.fact.sale
        for each in fresh
        if each.state == "counted"
        and isinstance(each.fact, FirstRefundRecorded | RefundRecorded)
        and not is_copy(each.op.op_id)
    }
    keys = [{"shard_key": shard_of(sale), "op_id": sale} for sale in sorted({*sale_of.values()})]
    columns = (t.op.c.op_id, t.op.c.store)
    sold = {
        row["op_id"]: row["store"]
        for row in find(connection, sender.tenant, t.op, keys, columns=columns)
    }
    return [
        Publication(store_stream(sold[sale]), "fact", op_id)
        for op_id, sale in sale_of.items()
        if sold.get(sale, sender.store) != sender.store
    ]


def _of_members(accounts: Accounts, listeners: Listeners) -> Iterable[Publication]:
    """Whoever's account changed, to every store that has him in its working set."""
    changed = accounts.changed()
    hearing: dict[str, set[str]] = {each: set() for each in changed}
    for member, survivor in accounts.survivors.items():
        if survivor in hearing:
            hearing[survivor] |= listeners.stores.get(member, set())
    return [
        Publication(store_stream(store), "member", member)
        for member in changed
        for store in sorted(hearing[member])
    ]


def news_of_members(
    connection: Connection, accounts: Accounts, stores: Mapping[str, set[str]] | None = None
) -> list[Publication]:
    """Whose account changed by no fact, to the stores that hear of them. `stores`: of all their
    ids, where they are known.
    """
    changed = accounts.changed()
    if stores is None:
        ids = {each for member in changed for each in accounts.locked[member].after.includes}
        stores = stores_of(connection, accounts.tenant, {*changed, *ids, *accounts.survivors})
    return [
        Publication(store_stream(store), "member", member)
        for member in changed
        for store in sorted(
            set().union(
                *(
                    stores.get(each, set())
                    for each in {member, *accounts.locked[member].after.includes}
                )
            )
        )
    ]


def _of_answers(connection: Connection, tenant: str, told: Told) -> Iterable[Publication]:
    """Ops of earlier pushes that turned out otherwise, or that one of these collided with: their
    tills were told something else."""
    now_known = {each.op.op_id for each in (*told.fresh, *told.own)}
    late: dict[str, set[str]] = {}
    for each in told.findings:
        about = (each.op_id if each.adjustment is not None else None, each.other_op)
        for op_id in {*about} - {None, *now_known}:
            late.setdefault(str(op_id), set()).add(each.subject)
    keys = [{"shard_key": shard_of(each), "op_id": each} for each in sorted(late)]
    for row in find(connection, tenant, t.op, keys):
        if row["device"] != SERVER_DEVICE:
            # With what was found before: the till keeps the last it heard.
            found = adjustments_of(connection, tenant, row["op_id"], late[row["op_id"]])
            changed = adjusted_answer(row, found)
            yield Publication.of(device_stream(row["device"]), AnswerChanged(answer=changed))

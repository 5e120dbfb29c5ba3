"""Complaints at head office: which stores hear of a case, and the library that all of them read.

Owns: the complaint_store table; telling the facts of a case to every store that has to do with it -
where it was opened, where somebody acted on it, where its member is a customer - and all of it to a
store that joins them later. Does not own: the facts (they count like any other: ingest.py), what
they mean (app/domain/complaint.py, at the tills), streams (feed.py).
Words of customers pass through sealed (complaint_key.py).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from sqlalchemy import Connection, Index, select

from app.domain.complaint_fact import ComplaintOpened, ComplaintStepped, SolutionNoted
from app.domain.ids import uuid7
from sync.server import tables as t
from sync.server.copied_op import is_copy
from sync.server.feed import CHAIN, Publication, store_stream
from sync.server.folding import Accounts
from sync.server.hearing import Heard
from sync.server.ledger import LIBRARY
from sync.server.rows import find, put
from sync.server.sender import Sender
from sync.server.tables import shard_of, shop_table

complaint_store = shop_table(
    "complaint_store",
    ("case_id", "store"),
    Index("complaint_by_store", "tenant_id", "store", "case_id"),
)
"""Which stores hear of a case."""

CASE_DAYS_TOLD = 400
"""So far back a new till is told of cases: as long as tills keep their own shop."""
_DAY_MS = 86_400_000
_OPENED = str(ComplaintOpened.__struct_config__.tag)
_STEPPED = str(ComplaintStepped.__struct_config__.tag)


def complaints_told(
    connection: Connection,
    sender: Sender,
    accounts: Accounts,
    heard: Iterable[Heard],
    hearing: Mapping[str, Collection[str]],
    met: Iterable[tuple[str, str]],
) -> list[Publication]:
    """What a push says of cases and solutions, and the cases of members that the sender's store
    meets now (`met`): to whom it concerns. `hearing`: the stores that hear of each member. The
    facts are written by now.
    """
    tenant = sender.tenant
    stores = {
        member: {*hearing.get(member, ()), *hearing.get(survivor, ())}
        for member, survivor in accounts.survivors.items()
    }
    news = tell(connection, tenant, sender.store, heard, stores)
    # Whoever was met just now may be so by this very case: that one is told above.
    return news + tell_of_members(connection, tenant, met)


def tell(
    connection: Connection,
    tenant: str,
    store: str,
    heard: Iterable[Heard],
    stores: Mapping[str, Collection[str]],
) -> list[Publication]:
    """Facts of cases and of the library. `store`: the sender's; `stores`: of each member, those
    that hear of him.
    """
    fresh = [each for each in heard if each.state == "counted" and not is_copy(each.op.op_id)]
    news = [
        Publication(CHAIN, "fact", each.op.op_id)
        for each in fresh
        if isinstance(each.fact, SolutionNoted)
    ]
    cases: dict[str, list[Heard]] = {}
    for each in fresh:
        if isinstance(each.fact, ComplaintOpened | ComplaintStepped):
            cases.setdefault(_case_of(each.fact), []).append(each)
    known = _stores(connection, tenant, cases)
    added: dict[str, set[str]] = {}
    for case_id, facts in cases.items():
        wanted = {store, *_homes(facts)}
        for each in facts:
            wanted |= {*stores.get(each.member or "", ())}
        news += [
            Publication(store_stream(one), "fact", each.op.op_id)
            for one in sorted(known[case_id])
            for each in facts
        ]
        added[case_id] = wanted - known[case_id]
    return news + join(connection, tenant, added)


def join(
    connection: Connection, tenant: str, added: Mapping[str, Collection[str]]
) -> list[Publication]:
    """From now on these stores hear of these cases: everything there is of them is told there."""
    pairs = [(case_id, store) for case_id, found in added.items() for store in sorted(found)]
    rows = [
        {"shard_key": shard_of(case_id), "case_id": case_id, "store": store}
        for case_id, store in pairs
    ]
    put(connection, tenant, complaint_store, rows, "ignore")
    facts = facts_of(connection, tenant, {case_id for case_id, _ in pairs})
    return [
        Publication(store_stream(store), "fact", op_id)
        for case_id, store in pairs
        for op_id in facts.get(case_id, ())
    ]


def tell_of_members(
    connection: Connection, tenant: str, met: Iterable[tuple[str, str]]
) -> list[Publication]:
    """Stores that meet members for the first time hear of their cases too."""
    stores: dict[str, set[str]] = {}
    for member, store in met:
        stores.setdefault(member, set()).add(store)
    keys = [{"member": member} for member in sorted(stores)]
    columns = (t.op.c.op_id, t.op.c.kind, t.op.c.member, t.op.c.state)
    opened = {
        row["op_id"]: stores[row["member"]]
        for row in find(connection, tenant, t.op, keys, columns=columns)
        if row["kind"] == _OPENED and row["state"] == "counted"
    }
    known = _stores(connection, tenant, opened)
    added = {case_id: found - known[case_id] for case_id, found in opened.items()}
    return join(connection, tenant, {case: found for case, found in added.items() if found})


def facts_of(connection: Connection, tenant: str, case_ids: Iterable[str]) -> dict[str, list[str]]:
    """The ids of all facts of cases that count, the opening first where it is here."""
    wanted = sorted(set(case_ids))
    links = find(
        connection, tenant, t.link, [{"shard_key": shard_of(each), "sale": each} for each in wanted]
    )
    named = {each: [each] for each in wanted}
    for link in sorted(links, key=lambda row: str(row["op_id"])):
        if link["kind"] == _STEPPED:
            named[link["sale"]].append(link["op_id"])
    ids = {op_id for found in named.values() for op_id in found}
    keys = [{"shard_key": shard_of(each), "op_id": each} for each in sorted(ids)]
    columns = (t.op.c.op_id, t.op.c.state)
    counted = {
        row["op_id"]
        for row in find(connection, tenant, t.op, keys, columns=columns)
        if row["state"] == "counted"
    }
    return {case: [each for each in found if each in counted] for case, found in named.items()}


def facts_for_store(connection: Connection, tenant: str, store: str, now_ms: int) -> list[str]:
    """For a till that begins anew: everything of the cases its store hears of, and the library."""
    since = uuid7(max(0, now_ms - CASE_DAYS_TOLD * _DAY_MS), 0)
    mine = complaint_store.c
    cases = connection.execute(
        select(mine.case_id).where(
            mine.tenant_id == tenant, mine.store == store, mine.case_id >= since
        )
    ).scalars()
    found = facts_of(connection, tenant, cases)
    library = find(connection, tenant, t.link, [{"shard_key": shard_of(LIBRARY), "sale": LIBRARY}])
    entries = sorted(str(link["op_id"]) for link in library)
    return [*(op_id for _, facts in sorted(found.items()) for op_id in facts), *entries]


def _case_of(fact: ComplaintOpened | ComplaintStepped) -> str:
    return fact.op_id if isinstance(fact, ComplaintOpened) else fact.case


def _homes(facts: Sequence[Heard]) -> Iterator[str]:
    for each in facts:
        fact = each.fact
        if isinstance(fact, ComplaintOpened | ComplaintStepped):
            yield fact.store
        if isinstance(fact, ComplaintStepped):
            yield fact.home


def _stores(connection: Connection, tenant: str, case_ids: Iterable[str]) -> dict[str, set[str]]:
    wanted = sorted(set(case_ids))
    found: dict[str, set[str]] = {each: set() for each in wanted}
    keys = [{"shard_key": shard_of(each), "case_id": each} for each in wanted]
    for row in find(connection, tenant, complaint_store, keys):
        found[row["case_id"]].add(row["store"])
    return found

"""Records of erasures: who was forgotten, which tills have to report, which did.

Owns: the erasure and erasure_report tables, telling every till. Does not own: destroying
(erase.py), what tills ask for and say (erasure.py), the list beside the backups and the freed
pages (erasure_traces.py).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec
from sqlalchemy import Connection, select

from app.domain.erasure_fact import ErasureDone, ErasureEnded, PersonErased, ReportingTill
from app.domain.facts import read_fact
from sync.server import tables as t
from sync.server.device import all_devices
from sync.server.feed import Publication, facts_known, publish, store_stream
from sync.server.head_office import Office
from sync.server.rows import find, put
from sync.server.tables import shard_of


@dataclass(frozen=True, slots=True)
class Standing:
    """One erasure and how far it has come. `reports`: when each till said so, by device."""

    member: str
    op_id: str
    ids: tuple[str, ...]
    erased_ms: int
    reports: dict[str, int]


def note(at: Office, fact: PersonErased, stores: Iterable[str]) -> None:
    """Keep that it holds, and who hears which tills have reported."""
    key = fact.member or fact.ids[0]  # of nobody's member: the case
    row = {
        "shard_key": shard_of(key), "member": key, "op_id": fact.op_id,
        "ids": msgspec.json.encode(fact.ids), "stores": " ".join(sorted({*stores} - {""})),
        "erased_ms": at.now_ms, "listed_ms": None, "cleaned_ms": None,
    }  # fmt: skip
    put(at.connection, at.tenant, t.erasure, [row], "ignore")


def tell_all(at: Office, facts: Iterable[PersonErased | ErasureEnded]) -> None:
    """Every till hears of it, also of stores that never met him: one may have looked him up."""
    stores = sorted({each.store for each in all_devices(at.connection, at.tenant)})
    news = [Publication(store_stream(each), "fact", one.op_id) for one in facts for each in stores]
    publish(at.connection, at.tenant, news)


def reporting_tills(connection: Connection, tenant: str) -> tuple[ReportingTill, ...]:
    """Those that may know somebody: every till that was not shut out."""
    return tuple(
        ReportingTill(each.device, each.store_name, each.store_number, each.till_number)
        for each in all_devices(connection, tenant)
        if each.kind == "till" and not each.is_revoked
    )


def report(at: Office, device: str, said: Sequence[ErasureDone]) -> list[ErasureDone]:
    """A till says that it has done these; the ones of which nothing is known here.

    By the last report an erasure ends, and all tills hear that.
    """
    wanted = {each.erasure: each for each in said}
    stores = _held(at, wanted)
    before = _reports(at.connection, at.tenant, wanted)
    rows = [
        {
            "shard_key": shard_of(each.erasure), "erasure": each.erasure, "device": device,
            "done_ms": at.now_ms, "was_known": int(each.was_known),
        }
        for each in wanted.values()
    ]  # fmt: skip
    put(at.connection, at.tenant, t.erasure_report, rows, "ignore")
    new = {key: {*before[key], device} for key in stores if device not in before[key]}
    news = [
        Publication(store_stream(store), "fact", each.op_id)
        for each in said
        for store in stores.get(each.erasure, ())
    ]
    publish(at.connection, at.tenant, news)
    _end(at, new)
    return [each for each in said if each.erasure not in stores]


def _held(at: Office, erasures: Iterable[str]) -> dict[str, list[str]]:
    """The stores that hear of reports, of the erasures that are known; whoever else reports one of
    these waits, so that somebody is the last."""
    rows = at.connection.execute(
        select(t.erasure.c.op_id, t.erasure.c.member, t.erasure.c.stores).where(
            t.erasure.c.tenant_id == at.tenant, t.erasure.c.op_id.in_(list(erasures))
        )
    ).all()
    keys = [{"shard_key": shard_of(row.member), "member": row.member} for row in rows]
    find(at.connection, at.tenant, t.erasure, keys, columns=(t.erasure.c.op_id,), lock=True)
    return {row.op_id: row.stores.split() for row in rows}


def _end(at: Office, reports: Mapping[str, set[str]]) -> None:
    """Of those that have these reports by now, say everywhere which want no other."""
    facts, ended = at.facts(), []
    for known in facts_known(at.connection, at.tenant, list(reports)).values():
        fact = read_fact(known.data)
        if not isinstance(fact, PersonErased):
            continue
        if {each.device for each in fact.tills} <= reports[fact.op_id]:
            ended.append(ErasureEnded(**facts.origin(None, fact.store), erasure=fact.op_id))
            facts.write(ended[-1])
    if ended:
        facts.finish()
        tell_all(at, ended)


def standing(connection: Connection, tenant: str) -> Sequence[Standing]:
    """All erasures, oldest first, with who has reported."""
    rows = connection.execute(
        select(t.erasure)
        .where(t.erasure.c.tenant_id == tenant)
        .order_by(t.erasure.c.erased_ms, t.erasure.c.member)
    ).mappings()
    return [_standing(connection, tenant, dict(row)) for row in rows]


def _standing(connection: Connection, tenant: str, row: dict[str, Any]) -> Standing:
    return Standing(
        row["member"], row["op_id"], msgspec.json.decode(row["ids"], type=tuple[str, ...]),
        row["erased_ms"], _reports(connection, tenant, [row["op_id"]])[row["op_id"]],
    )  # fmt: skip


def _reports(
    connection: Connection, tenant: str, erasures: Iterable[str]
) -> dict[str, dict[str, int]]:
    """When each till said so, by erasure and device."""
    found: dict[str, dict[str, int]] = {each: {} for each in erasures}
    keys = [{"shard_key": shard_of(each), "erasure": each} for each in found]
    for row in find(connection, tenant, t.erasure_report, keys):
        found[row["erasure"]][row["device"]] = row["done_ms"]
    return found

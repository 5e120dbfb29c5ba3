"""Records of erasures: who was forgotten, which tills have to report, which did.

Owns: the erasure and erasure_report tables, telling every till. Does not own: destroying
(erase.py), what tills ask for and say (erasure.py), the list beside the backups and the freed
pages (erasure_traces.py).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec
from sqlalchemy import Connection, select

from app.domain.erasure_fact import ErasureDone, PersonErased, ReportingTill
from sync.server import tables as t
from sync.server.device import all_devices
from sync.server.feed import CHAIN, Publication, publish, store_stream
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
    """Keep that it holds, and the stores that asked for it or knew him."""
    key = fact.member or fact.ids[0]  # of nobody's member: the case
    row = {
        "shard_key": shard_of(key), "member": key, "op_id": fact.op_id,
        "ids": msgspec.json.encode(fact.ids), "stores": " ".join(sorted({*stores} - {""})),
        "erased_ms": at.now_ms, "listed_ms": None, "cleaned_ms": None,
    }  # fmt: skip
    put(at.connection, at.tenant, t.erasure, [row], "ignore")


def tell_all(at: Office, fact: PersonErased) -> None:
    """Every till hears of it, also of stores that never met him: one may have looked him up."""
    stores = sorted({each.store for each in all_devices(at.connection, at.tenant)})
    news = [Publication(store_stream(each), "fact", fact.op_id) for each in stores]
    publish(at.connection, at.tenant, news)


def reporting_tills(connection: Connection, tenant: str) -> tuple[ReportingTill, ...]:
    """Those that may know somebody: every till that was not shut out."""
    return tuple(
        ReportingTill(each.device, each.store_name, each.store_number, each.till_number)
        for each in all_devices(connection, tenant)
        if each.kind == "till" and not each.is_revoked
    )


def report(at: Office, device: str, done: ErasureDone) -> bool:
    """A till says that it has done it; False where nothing of it is known here."""
    row = {
        "shard_key": shard_of(done.erasure), "erasure": done.erasure, "device": device,
        "done_ms": at.now_ms, "was_known": int(done.was_known),
    }  # fmt: skip
    put(at.connection, at.tenant, t.erasure_report, [row], "ignore")
    # Every till keeps the hash of a number it knew until it has heard of all the others.
    publish(at.connection, at.tenant, [Publication(CHAIN, "fact", done.op_id)])
    known = select(t.erasure.c.op_id).where(
        t.erasure.c.tenant_id == at.tenant, t.erasure.c.op_id == done.erasure
    )
    return at.connection.execute(known).first() is not None


def standing(connection: Connection, tenant: str) -> Sequence[Standing]:
    """All erasures, oldest first, with who has reported."""
    rows = connection.execute(
        select(t.erasure)
        .where(t.erasure.c.tenant_id == tenant)
        .order_by(t.erasure.c.erased_ms, t.erasure.c.member)
    ).mappings()
    return [_standing(connection, tenant, dict(row)) for row in rows]


def _standing(connection: Connection, tenant: str, row: dict[str, Any]) -> Standing:
    key = {"shard_key": shard_of(row["op_id"]), "erasure": row["op_id"]}
    said = find(connection, tenant, t.erasure_report, [key])
    return Standing(
        row["member"], row["op_id"], msgspec.json.decode(row["ids"], type=tuple[str, ...]),
        row["erased_ms"], {each["device"]: each["done_ms"] for each in said},
    )  # fmt: skip

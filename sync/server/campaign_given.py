"""What campaigns have given in the chain: sales, money, coupons and takings of each offer.

Owns: reading that out of sales, keeping the sums. Does not own: what happens where a budget is used
up (campaign.py), who came (campaign_result.py).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import astuple, dataclass
from typing import Any

import msgspec
from sqlalchemy import Connection

from app.domain.campaign import OFFER_PREFIX, is_of_campaign
from app.domain.facts import SALE_KINDS, SaleRecorded, read_fact
from sync.server import tables as t
from sync.server.rows import find, put
from sync.server.tables import shard_of

_SIGN = f'"{OFFER_PREFIX}'.encode()


@dataclass(frozen=True, slots=True)
class Given:
    """Of one offer: in how many sales, how much off, by how many coupons, and what those sales
    brought."""

    sales: int = 0
    cost_minor: int = 0
    coupons: int = 0
    takings_minor: int = 0

    def plus(self, other: Given) -> Given:
        """Both together."""
        return Given(*(one + two for one, two in zip(astuple(self), astuple(other), strict=True)))


def given_in(ops: Sequence[Mapping[str, Any]]) -> dict[str, Given]:
    """What campaigns gave in these sales. Only sales that name one are read."""
    given: dict[str, Given] = {}
    for row in ops:
        if row["kind"] not in SALE_KINDS or _SIGN not in row["data"]:
            continue
        fact = read_fact(row["data"])
        if isinstance(fact, SaleRecorded):
            for offer, one in _offers_in(fact).items():
                given[offer] = given.get(offer, Given()).plus(one)
    return given


def _offers_in(fact: SaleRecorded) -> dict[str, Given]:
    costs: dict[str, int] = {}
    coupons: dict[str, set[str]] = {}
    for change in (*fact.adjustments, *(a for line in fact.lines for a in line.adjustments)):
        if is_of_campaign(change.rule):
            costs[change.rule] = costs.get(change.rule, 0) - change.amount_minor
            used = coupons.setdefault(change.rule, set())
            if change.coupon is not None:
                used.add(change.coupon)
    return {
        offer: Given(1, cost, len(coupons[offer]), fact.total_minor)
        for offer, cost in costs.items()
    }


def add_given(
    connection: Connection, tenant: str, given: Mapping[str, Given]
) -> Mapping[str, Given]:
    """Add to what each has given in the chain; what it is now."""
    keys = {offer: _key(offer) for offer in sorted(given)}
    empty = [key | {"value": "[0,0,0,0]"} for key in keys.values()]
    put(connection, tenant, t.server_state, empty, "ignore")
    held = find(connection, tenant, t.server_state, list(keys.values()), lock=True)
    before = {row["name"]: _read(row["value"]) for row in held}
    sums = {offer: before[keys[offer]["name"]].plus(each) for offer, each in given.items()}
    rows = [
        keys[offer] | {"value": msgspec.json.encode(astuple(each)).decode()}
        for offer, each in sums.items()
    ]
    put(connection, tenant, t.server_state, rows, "replace")
    return sums


def given_by(connection: Connection, tenant: str, offer: str) -> Given:
    """What one offer has given."""
    rows = find(connection, tenant, t.server_state, [_key(offer)])
    return _read(rows[0]["value"]) if rows else Given()


def _read(value: str) -> Given:
    return Given(*msgspec.json.decode(value, type=list[int]))


def _key(offer: str) -> dict[str, Any]:
    name = f"given:{offer}"
    return {"shard_key": shard_of(name), "name": name}

"""Figures: what stands in the store afterwards, read from its facts and accounts.

Owns: the shop's side of every comparison. Does not own: the other side (expected.py, recount.py).
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from app.commands.replay.expected import Key, Sums
from app.commands.replay.ringing import COUPON, MATCH, RETAIL, ReplayFault
from app.commands.replay.shelf import store_of
from app.domain.facts import SALE_KINDS
from app.domain.stored_fact import StoredFact
from app.services.find_member import MemberPutOn, remove_member
from app.services.ports import Lane, UnitOfWork
from app.services.scan import ScanAnswer, scan_code
from app.services.shop import Shop

FACTS_A_UNIT = 500
FIELD_OF = {RETAIL: "retail", COUPON: "coupon", MATCH: "match"}


@dataclass(frozen=True, slots=True)
class Held:
    """What the shop says of a member at the end."""

    tier: str
    balance: int
    spend_minor: int
    visits: int
    coupons_left: int


def sale_facts(lane: Lane) -> Iterator[dict[str, Any]]:
    """Every sale in the order of the chain, as its stored bytes say."""
    after = 0
    while facts := lane.run(partial(_facts_after, after)):
        after = facts[-1].dseq
        for fact in facts:
            if fact.kind in SALE_KINDS:
                yield json.loads(fact.data)


def _facts_after(after: int, work: UnitOfWork) -> list[StoredFact]:
    return list(work.facts.all_facts(after, FACTS_A_UNIT))


def sums_of(sales: Iterator[dict[str, Any]], household_of: Mapping[str, int]) -> dict[Key, Sums]:
    """The sums of pass 1 by store, household and month."""
    by_key: dict[Key, Sums] = {}
    for sale in sales:
        key = (store_of(sale["store"]), household_of[sale["member"]], sale["day"][:7])
        sums = by_key.setdefault(key, Sums())
        sums.list_total += sale["list_total_minor"]
        sums.net += sale["total_minor"]
        sums.points += sale.get("points_earned", 0)
        for line in sale["lines"]:
            sums.lines += 1
            for off in line.get("adj", ()):
                name = FIELD_OF[off["rule"]]
                setattr(sums, name, getattr(sums, name) - off["amount"])
    return by_key


def held_by(shop: Shop, lane: Lane, cards: Mapping[str, str]) -> dict[str, Held]:
    """Every member (by member id) as the till shows him now: his card is scanned once more."""
    held: dict[str, Held] = {}
    for member_id, card in cards.items():
        answer = lane.run(partial(_scan, shop, card))
        seat = shop.desk.state.seat
        if not isinstance(answer, MemberPutOn) or seat is None:
            raise ReplayFault(f"member {member_id}: {answer!r}")
        view = seat.view
        held[member_id] = Held(
            view.tier, view.balance, view.spend_in_window.minor, view.visits, len(view.coupons)
        )
    lane.run(lambda work: remove_member(shop=shop, work=work))
    return held


def _scan(shop: Shop, card: str, work: UnitOfWork) -> ScanAnswer:
    return scan_code(shop=shop, work=work, text=card)

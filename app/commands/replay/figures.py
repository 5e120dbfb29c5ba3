"""Figures: what stands in the store afterwards, read from its facts and accounts.

Owns: the shop's side of every comparison. Does not own: the other side (expected.py, recount.py).
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any

from app.commands.replay.expected import Key, Sums
from app.commands.replay.ringing import COUPON, MATCH, RETAIL
from app.commands.replay.shelf import store_of
from app.domain.facts import SaleRecorded
from app.domain.program import Program
from app.domain.stored_fact import StoredFact
from app.services.ports import Lane, UnitOfWork
from app.services.price_desk import judge
from app.services.seating import account_of_member

FACTS_A_UNIT = 500
MEMBERS_A_UNIT = 100
SALE = str(SaleRecorded.__struct_config__.tag)
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
            if fact.kind == SALE:
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


def held_by(lane: Lane, program: Program, day: date, members: list[str]) -> dict[str, Held]:
    """Every member as the till would show him on a day."""
    held: dict[str, Held] = {}
    for start in range(0, len(members), MEMBERS_A_UNIT):
        batch = members[start : start + MEMBERS_A_UNIT]
        held.update(lane.run(partial(_held, program, day, batch)))
    return held


def _held(program: Program, day: date, batch: list[str], work: UnitOfWork) -> dict[str, Held]:
    found = {}
    for member_id in batch:
        member = work.members.get(member_id)
        assert member is not None, "joined in this story"
        view = judge(member, account_of_member(work, member_id), program, day)
        found[member_id] = Held(
            view.tier, view.balance, view.spend_in_window.minor, view.visits, len(view.coupons)
        )
    return found

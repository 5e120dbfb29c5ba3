"""Refunds and tiers that could be named as given for a complaint: they were given where those are.

Owns: finding them. Does not own: naming one (compensation.py), refunds, tiers.
"""

from __future__ import annotations

from collections.abc import Iterator

from app.domain.complaint import Case
from app.domain.complaint_fact import Compensated
from app.domain.facts import read_fact
from app.domain.ids import OpId
from app.domain.tier_fact import TierGranted
from app.services.compensation import step_of_elsewhere
from app.services.complaint_step import LookRefused, NoSuchComplaint, may_look, read_case
from app.services.ports import UnitOfWork
from app.services.shop import Shop

SHOWN_MAX = 3


def given_elsewhere(
    *, shop: Shop, work: UnitOfWork, case_id: OpId
) -> tuple[Compensated, ...] | NoSuchComplaint | LookRefused:
    """What was given to the customer of a case and is not named in it yet, newest first.

    Changes nothing.
    """
    refused = may_look(shop)
    if refused is not None:
        return refused
    case = read_case(work, case_id, shop.now())
    if isinstance(case, NoSuchComplaint):
        return case
    named = {each.by for each in case.given}
    found = [
        step
        for by in sorted({*_ids(work, case)} - named, reverse=True)
        if (step := _step(work, case, by)) is not None
    ]
    return tuple(found[:SHOWN_MAX])


def _ids(work: UnitOfWork, case: Case) -> Iterator[OpId]:
    """A refund of its sale at any time; a tier only since the customer complained."""
    if case.opened.sale is not None:
        for refund in work.refunds.of_sale(case.opened.sale):
            yield refund.refund_id
    if case.opened.member is not None:
        # By the clock: ids of one millisecond have no order.
        since_ms = case.opened.clock.wall_ms
        for fact in work.tier_changes.of_members([case.opened.member]):
            if isinstance(fact, TierGranted) and fact.clock.wall_ms >= since_ms:
                yield fact.op_id


def _step(work: UnitOfWork, case: Case, by: OpId) -> Compensated | None:
    stored = work.facts.get(by)
    fact = None if stored is None else read_fact(stored.data)
    return None if fact is None else step_of_elsewhere(case, by, fact)

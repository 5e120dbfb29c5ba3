"""What a campaign brought, as far as this till knows.

Owns: reading both groups in small units. Does not own: what may be said of them
(app/domain/campaign_result.py), the sums (app/store/campaign.py).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

from app.domain.account import MemberAccount
from app.domain.campaign_lent import lent_cost
from app.domain.campaign_record import CampaignRecord
from app.domain.campaign_result import (
    CampaignResult,
    ChainSums,
    GroupSums,
    OfferSums,
    Run,
    judge_result,
    run_until,
)
from app.domain.facts import SaleRecorded, read_fact
from app.domain.program import Program
from app.domain.server_answer import Unanswered
from app.services.answers import Refusal
from app.services.campaign_audience import Stopped, Tell, untold
from app.services.desk import allowed, today
from app.services.ports import Lane, UnitOfWork
from app.services.program import read_programs
from app.services.seating import account_of_member
from app.services.shop import Shop

MEMBERS_A_UNIT = 100


@dataclass(frozen=True, slots=True)
class ChainResult:
    """What it brought in the whole chain, as of what head office had heard by then."""

    result: CampaignResult
    as_of_ms: int


@dataclass(frozen=True, slots=True)
class _TriedSale:
    """A sale to somebody who was let try a tier, and his account."""

    fact: SaleRecorded
    account: MemberAccount


def read_result(
    *, shop: Shop, lane: Lane, record: CampaignRecord, tell: Tell = untold
) -> CampaignResult | Stopped:
    """Both groups from the first day to the last, and what was given. Off the lane thread."""
    of = record.reached + record.control
    chosen = control = GroupSums()
    offer, after, done = OfferSums(), "", 0
    programs = {(each.id, each.version): each for each in lane.run(_programs)}
    while True:
        more, others, tried, after = lane.run(partial(_unit, record, after))
        chosen, control = chosen.plus(more), control.plus(others)
        for sale in tried:
            offer = offer.plus(_lent(sale, programs, record.plan.terms.tier or ""))
        done += more.members + others.members
        if not after:
            break
        if not tell(done, max(of, done)):
            return Stopped()
    if record.plan.is_rule:
        offer = lane.run(lambda work: work.campaigns.offer_sums(record.plan.offer_id))
    given = chosen.members if record.plan.is_drawn else 0
    judged = judge_result(chosen, control, replace(offer, coupons_given=given), _run(shop, record))
    return replace(judged, gone=max(0, of - chosen.members - control.members))


def ask_chain_result(*, shop: Shop, record: CampaignRecord) -> ChainResult | Unanswered | Refusal:
    """The same of the whole chain, from head office. Needs the right. Slow: outside the lane."""
    refusal = allowed(shop, "manage_program")
    if refusal:
        return refusal
    plan = record.plan
    told = shop.server.campaign(plan.campaign_id, plan.starts, plan.ends)
    if not isinstance(told, ChainSums):
        return told
    given = told.chosen.members if plan.is_drawn or plan.delivery == "claim" else 0
    offer = replace(told.offer, coupons_given=given)
    judged = judge_result(told.chosen, told.control, offer, _run(shop, record))
    return ChainResult(judged, told.as_of_ms)


def _run(shop: Shop, record: CampaignRecord) -> Run:
    day = today(shop.desk.state.program, shop.now())
    plan = record.plan
    return run_until(day, plan.starts, plan.ends, was_ended=record.state == "ended")


def _programs(work: UnitOfWork) -> tuple[Program, ...]:
    return read_programs(work=work)


def _unit(
    record: CampaignRecord, after: str, work: UnitOfWork
) -> tuple[GroupSums, GroupSums, Sequence[_TriedSale], str]:
    plan, days = record.plan, record.sale_days
    tried: list[_TriedSale] = []
    if plan.terms.tier is not None:
        # No offer of the program names what a tier took off.
        facts = work.campaigns.tried(plan.campaign_id, after, MEMBERS_A_UNIT, days)
        tried = [
            _TriedSale(fact, account_of_member(work, fact.member))
            for fact in map(read_fact, facts)
            if isinstance(fact, SaleRecorded) and fact.member is not None
        ]
    chosen, control, more = work.campaigns.groups(plan.campaign_id, after, MEMBERS_A_UNIT, days)
    return chosen, control, tried, more


def _lent(sale: _TriedSale, programs: Mapping[tuple[str, str], Program], tier: str) -> OfferSums:
    """What lending the tier took off this sale. Priced beside the lane."""
    fact = sale.fact
    program = programs.get((fact.program.id, fact.program.version))
    cost = lent_cost(fact, program, sale.account, tier)
    if cost <= 0:
        return OfferSums()
    return OfferSums(sales=1, cost_minor=cost, takings_minor=fact.total_minor)

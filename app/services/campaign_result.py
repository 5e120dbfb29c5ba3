"""What a campaign brought, as far as this till knows.

Owns: reading both groups in small units. Does not own: what may be said of them
(app/domain/campaign_result.py), the sums (app/store/campaign.py).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial

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
from app.domain.server_answer import Unanswered
from app.services.answers import Refusal
from app.services.campaign_audience import Stopped, Tell, untold
from app.services.desk import allowed, today
from app.services.ports import Lane, UnitOfWork
from app.services.shop import Shop

MEMBERS_A_UNIT = 100


@dataclass(frozen=True, slots=True)
class ChainResult:
    """What it brought in the whole chain, as of what head office had heard by then."""

    result: CampaignResult
    as_of_ms: int


def read_result(
    *, shop: Shop, lane: Lane, record: CampaignRecord, tell: Tell = untold
) -> CampaignResult | Stopped:
    """Both groups from the first day to the last, and what was given. Off the lane thread."""
    of = record.reached + record.control
    chosen = control = GroupSums()
    offer, after, done = OfferSums(), "", 0
    while True:
        more, others, gave, after = lane.run(partial(_unit, record, after))
        chosen, control, offer = chosen.plus(more), control.plus(others), offer.plus(gave)
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


def _unit(
    record: CampaignRecord, after: str, work: UnitOfWork
) -> tuple[GroupSums, GroupSums, OfferSums, str]:
    plan, given = record.plan, OfferSums()
    days = (plan.starts, plan.ends)
    if plan.terms.tier is not None:
        # No offer of the program names what a tier took off.
        given = work.campaigns.tried(
            plan.campaign_id, plan.terms.tier, after, MEMBERS_A_UNIT, days
        )  # fmt: skip
    chosen, control, more = work.campaigns.groups(plan.campaign_id, after, MEMBERS_A_UNIT, days)
    return chosen, control, given, more

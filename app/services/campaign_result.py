"""What a campaign brought, as far as this till knows.

Owns: reading both groups in small units. Does not own: what may be said of them
(app/domain/campaign_result.py), the sums (app/store/campaign.py).
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from app.domain.campaign_record import CampaignRecord
from app.domain.campaign_result import CampaignResult, GroupSums, judge_result
from app.services.campaign_audience import Stopped, Tell, untold
from app.services.ports import Lane, UnitOfWork

MEMBERS_A_UNIT = 100


def read_result(
    *, lane: Lane, record: CampaignRecord, tell: Tell = untold
) -> CampaignResult | Stopped:
    """Both groups from the first day to the last, and what was given. Off the lane thread."""
    of = record.reached + record.control
    chosen = control = GroupSums()
    after, done = "", 0
    while True:
        more, others, after = lane.run(partial(_unit, record, after))
        chosen, control = chosen.plus(more), control.plus(others)
        done += more.members + others.members
        if not after:
            break
        if not tell(done, max(of, done)):
            return Stopped()
    offer = lane.run(lambda work: work.campaigns.offer_sums(record.plan.offer_id))
    given = chosen.members if record.plan.delivery == "coupon" else 0
    judged = judge_result(chosen, control, replace(offer, coupons_given=given))
    return replace(judged, gone=max(0, of - chosen.members - control.members))


def _unit(record: CampaignRecord, after: str, work: UnitOfWork) -> tuple[GroupSums, GroupSums, str]:
    plan = record.plan
    return work.campaigns.groups(
        plan.campaign_id, after, MEMBERS_A_UNIT, (plan.starts, plan.ends)
    )  # fmt: skip

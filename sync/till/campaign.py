"""Campaigns: what head office tells of what one brought in the whole chain.

Owns: asking, and the answer in the till's own values. Does not own: the lane (../ask.py), who asks
(joined.py), what is said of it (app/services/campaign_result.py). Nothing of it is kept.
"""

from __future__ import annotations

from datetime import date

from app.domain.campaign_result import ChainSums, GroupSums, OfferSums
from sync.ask import AskLane
from sync.protocol import CampaignGroup, CampaignWanted


def chain_sums(campaign_id: str, first: date, last: date, lane: AskLane) -> ChainSums:
    """Ask; the sums of both groups and of the offer."""
    told = lane.campaign(CampaignWanted(campaign=campaign_id, first=first, last=last))
    offer = OfferSums(
        sales=told.sales, cost_minor=told.cost_minor, coupons_used=told.coupons_used,
        takings_minor=told.takings_minor,
    )  # fmt: skip
    return ChainSums(_group(told.chosen), _group(told.control), offer, told.server_ms)


def _group(told: CampaignGroup) -> GroupSums:
    return GroupSums(told.members, told.came, told.sales, told.takings_minor)

"""Campaigns: what one brought in the whole chain, and the link on its poster.

Owns: asking, and the answer in the till's own values. Does not own: the lane (../ask.py), who asks
(joined.py), what is said of it (app/services/campaign_result.py). Nothing of it is kept.
"""

from __future__ import annotations

from datetime import date

from app.domain.campaign_poster import PosterLink
from app.domain.campaign_result import ChainSums, GroupSums, OfferSums
from app.domain.phone_page import NoPages
from app.domain.server_answer import Declined
from sync.ask import AskLane
from sync.protocol import CampaignGroup, CampaignWanted, PosterWanted


def chain_sums(campaign_id: str, first: date, last: date, lane: AskLane) -> ChainSums:
    """Ask; the sums of both groups and of the offer."""
    told = lane.campaign(CampaignWanted(campaign=campaign_id, first=first, last=last))
    offer = OfferSums(
        sales=told.sales, cost_minor=told.cost_minor, coupons_used=told.coupons_used,
        takings_minor=told.takings_minor,
    )  # fmt: skip
    return ChainSums(_group(told.chosen), _group(told.control), offer, told.server_ms)


def poster_link(campaign_id: str, lane: AskLane) -> PosterLink | NoPages | Declined:
    """Ask; the link on its poster, or why there is none."""
    given = lane.poster(PosterWanted(campaign=campaign_id))
    if given.url is not None:
        return PosterLink(given.url)
    code = "refused" if given.refusal is None else given.refusal.code
    return NoPages() if code == "no_public_url" else Declined(code)


def _group(told: CampaignGroup) -> GroupSums:
    return GroupSums(told.members, told.came, told.sales, told.takings_minor)

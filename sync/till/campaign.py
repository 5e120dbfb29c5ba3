"""Campaigns: what one brought in the whole chain, and the link on its poster; the chain's figures.

Owns: asking, and the answer in the till's own values. Does not own: the lane (../ask.py), who asks
(joined.py), what is said of it (app/services/campaign_result.py). Nothing of it is kept.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable
from datetime import date
from functools import partial
from typing import TypeVar

from app.domain.campaign_poster import PosterAnswer, PosterLink
from app.domain.campaign_result import ChainAnswer, ChainSums, GroupSums, OfferSums
from app.domain.chain_behind import BehindAnswer, BehindWanted
from app.domain.chain_figures import ChainSpansAnswer
from app.domain.figures import Days
from app.domain.phone_page import NoPages
from app.domain.server_answer import Declined, NoAnswer, NoServer
from sync.ask import AskLane, DeskLane
from sync.protocol import CampaignGroup, CampaignWanted, PosterWanted
from sync.till.behind import told_behind
from sync.till.figures import chain_spans

T = TypeVar("T")


class CampaignAsks:
    """What a till that is joined to its server asks about campaigns and the chain's days."""

    @abstractmethod
    def _asked(self, ask: Callable[[AskLane], T]) -> T | NoServer | NoAnswer | Declined:
        """Ask over the lane there is now."""

    @abstractmethod
    def _asked_aside(self, ask: Callable[[DeskLane], T]) -> T | NoServer | NoAnswer | Declined:
        """Ask what takes long, beside whatever the counter asks."""

    def campaign(self, campaign_id: str, first: date, last: date) -> ChainAnswer:
        """As the services' port says."""
        return self._asked_aside(partial(chain_sums, campaign_id, first, last))

    def figures(self, days: Days, beside: Days) -> ChainSpansAnswer:
        """As the services' port says."""
        return self._asked_aside(partial(chain_spans, days, beside))

    def behind(self, asked: BehindWanted) -> BehindAnswer:
        """As the services' port says."""
        return self._asked_aside(partial(told_behind, asked))

    def poster(self, campaign_id: str) -> PosterAnswer:
        """As the services' port says."""
        return self._asked(partial(poster_link, campaign_id))


def chain_sums(campaign_id: str, first: date, last: date, lane: DeskLane) -> ChainSums:
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

"""Facts about campaigns: published, drawn, ended, and what their members are told.

Owns: those fact types. Does not own: their bytes (facts.py), coupons (a coupon is issued by the
fact it always was), the plan (campaign.py).

A manager publishes; who is the authority puts it in force: a shop on its own at once, a chain's
server for all its tills.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal, TypeAlias

from msgspec import Meta

from app.domain.bound import Id, Name
from app.domain.campaign import CampaignPlan
from app.domain.fact_base import FactBase
from app.domain.message import Channel

MEMBERS_A_FACT = 200
"""Members of both groups that one fact names: it stays far below what a fact may have."""


class CampaignPublished(
    FactBase, frozen=True, kw_only=True, omit_defaults=True, tag="campaign_published.1"
):
    """A campaign as it was decided, with the words customers read and how many it goes to."""

    plan: CampaignPlan
    words_zh: Name
    words_en: Name
    reached: int = 0
    """Members who get a coupon; 0 where whoever buys has it."""
    control: int = 0
    """Members who would have, and are kept out for comparison."""


class CampaignDrawn(
    FactBase, frozen=True, kw_only=True, omit_defaults=True, tag="campaign_drawn.1"
):
    """Some members of a campaign's audience, by the group they were drawn into."""

    campaign: Id
    chosen: Annotated[tuple[Id, ...], Meta(max_length=MEMBERS_A_FACT)] = ()
    control: Annotated[tuple[Id, ...], Meta(max_length=MEMBERS_A_FACT)] = ()


class CampaignEnded(
    FactBase, frozen=True, kw_only=True, omit_defaults=True, tag="campaign_ended.1"
):
    """Nobody gets it any more; coupons that members hold stay good until their day."""

    campaign: Id
    why: Literal["by_hand", "budget"] = "by_hand"


class CampaignAnnounced(
    FactBase, frozen=True, kw_only=True, omit_defaults=True, tag="campaign_announced.1"
):
    """What head office tells each member that is drawn for it, once, while his consent stands."""

    campaign: Id
    channels: Annotated[tuple[Channel, ...], Meta(min_length=1, max_length=2)]
    text_zh: Name
    text_en: Name
    starts: date
    """Not before this day."""
    ends: date
    """Not after this one."""
    is_personal: bool = False
    """Its members were picked by what they bought, or did not."""


CampaignFact: TypeAlias = (
    CampaignPublished | CampaignDrawn | CampaignEnded | CampaignAnnounced
)  # fmt: skip

"""The poster of a campaign whose coupon members claim themselves, by scanning it in the store.

Owns: who may ask for it and of which campaign. Does not own: the link (head office gives it), its
paper (app/devices/poster.py), claiming (the server's page).
"""

from __future__ import annotations

from dataclasses import dataclass

from app.domain.campaign_poster import PosterAnswer
from app.domain.campaign_record import CampaignRecord
from app.services.answers import Refusal
from app.services.desk import allowed
from app.services.shop import Shop


@dataclass(frozen=True, slots=True)
class NoPoster:
    """Nobody claims this one: it is not out, over, or given in another way."""

    campaign_id: str


def has_poster(record: CampaignRecord) -> bool:
    """Whether members claim it, now or soon."""
    return record.plan.delivery == "claim" and record.state in ("waiting", "published")


def ask_poster(*, shop: Shop, record: CampaignRecord) -> PosterAnswer | NoPoster | Refusal:
    """The link for its poster. Needs the right. Slow: outside the lane."""
    refusal = allowed(shop, "manage_program")
    if refusal:
        return refusal
    if not has_poster(record):
        return NoPoster(record.plan.campaign_id)
    return shop.server.poster(record.plan.campaign_id)

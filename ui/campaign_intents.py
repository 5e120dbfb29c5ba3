"""Campaign intents: where one goes to look at campaigns and to plan one.

Owns: those destinations. Does not own: going there (navigation.py), the screens (ui/campaigns).
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ToCampaigns:
    """Every campaign. `campaign_id`: the one to show first; `is_new`: it was published just now."""

    campaign_id: str = ""
    is_new: bool = False


@dataclass(frozen=True, slots=True)
class ToCampaignDraft:
    """Plan a campaign. `campaign_id`: a draft to go on with; empty: a new one.

    `segment`: a new one for the members of this segment or grade, as an audience names it.
    """

    campaign_id: str = ""
    segment: str = ""

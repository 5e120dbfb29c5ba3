"""A campaign as a till keeps it: the plan, its words, how far it is, what its trial said.

Owns: that record. Does not own: the plan (campaign.py), where it is kept (app/store/campaign.py).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from app.domain.campaign import CampaignPlan, CampaignState, OfferWords
from app.domain.campaign_message import CampaignMessage
from app.domain.campaign_trial import TrialSums


@dataclass(frozen=True, slots=True)
class TrialDone:
    """What a trial found, and on the sales of which days."""

    sums: TrialSums
    first_day: date
    last_day: date


@dataclass(frozen=True, slots=True)
class CampaignRecord:
    """One campaign. `reached`: members chosen for a coupon; `control`: those kept out."""

    plan: CampaignPlan
    words: OfferWords
    made_ms: int
    made_by: str
    state: CampaignState = "draft"
    reached: int = 0
    control: int = 0
    trial: TrialDone | None = None
    published_ms: int | None = None
    ended_ms: int | None = None
    message: CampaignMessage | None = None
    """What its members are told; None: nothing."""

    @property
    def sale_days(self) -> SaleDays:
        """Whose sales its result counts."""
        return SaleDays(self.plan.starts, self.plan.ends, self.published_ms or 0)


@dataclass(frozen=True, slots=True)
class DrawnMember:
    """A member of a campaign's audience, and in which group."""

    member_id: str
    is_control: bool


@dataclass(frozen=True, slots=True)
class SaleDays:
    """The days whose sales a result counts, both inclusive. `since_ms`: when it was published; what
    was sold earlier on the first day, by the clock of its till, it did not bring."""

    first: date
    last: date
    since_ms: int = 0

    def has(self, day: date, sold_ms: int) -> bool:
        """Whether a sale counts."""
        return self.first <= day <= self.last and (day > self.first or sold_ms >= self.since_ms)


@dataclass(frozen=True, slots=True)
class SalePlace:
    """A place in the sales of a till, in their order; the next page begins behind it."""

    sold_ms: int
    sale_id: str = ""

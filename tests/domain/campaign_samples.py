"""Campaigns as shops plan them. Owns: those samples. Does not own: what is tested with them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from msgspec.structs import replace

from app.domain.campaign import Audience, CampaignPlan, OfferWords, Terms
from app.domain.campaign_fact import (
    CampaignAnnounced,
    CampaignDrawn,
    CampaignEnded,
    CampaignPublished,
)
from app.domain.facts import Fact

TODAY = date(2026, 11, 21)
WORDS = OfferWords("满50减10", "¥10 off ¥50")

WIN_BACK = CampaignPlan(
    campaign_id="a1",
    template="win_back",
    title="唤醒沉睡会员",
    starts=TODAY,
    ends=date(2026, 12, 15),
    terms=Terms(kind="amount_off", amount="10"),
    threshold="50",
    audience=Audience(who="dormant", days=90),
    control_percent=10,
    budget="8000",
    uses_per_member=1,
)
SAVE = replace(
    WIN_BACK, campaign_id="b2", template="spend_and_save", title="满减", audience=Audience(),
    control_percent=0,
)  # fmt: skip
DOUBLE = replace(
    SAVE, campaign_id="c3", template="member_day", title="会员日",
    terms=Terms(kind="multiplier", factor="2"), threshold=None, month_days=(20, 21, 22),
)  # fmt: skip
HALF = replace(
    SAVE, campaign_id="d4", template="nth_discount", categories=("goods",), threshold=None,
    terms=Terms(kind="nth_discount", number=2, rate="0.5"), audience=Audience(who="everybody"),
)  # fmt: skip
REBATE = replace(
    SAVE, campaign_id="e5", template="spend_rebate", threshold=None,
    terms=Terms(kind="spend_rebate", spend="300", points=500),
)  # fmt: skip
EXPIRING = replace(
    WIN_BACK, campaign_id="f6", template="expiring_points", audience=Audience(who="expiring"),
    control_percent=0, points=300,
)  # fmt: skip


def plan(base: CampaignPlan, **changes: Any) -> CampaignPlan:
    """A sample with some of it said otherwise."""
    return replace(base, **changes)


def campaign_fact_samples(
    of_nobody: Callable[[int], dict[str, Any]], member: str, friend: str
) -> dict[str, Callable[[], Fact]]:
    """One of each fact about campaigns, for their golden bytes."""
    return {
        "campaign_published.1": lambda: CampaignPublished(
            **of_nobody(70),
            plan=WIN_BACK,
            words_zh="满50减10",
            words_en="¥10 off ¥50",
            reached=1_737,
            control=193,
        ),
        "campaign_drawn.1": lambda: CampaignDrawn(
            **of_nobody(71), campaign="a1", chosen=(member,), control=(friend,)
        ),
        "campaign_ended.1": lambda: CampaignEnded(**of_nobody(72), campaign="a1"),
        "campaign_announced.1": lambda: CampaignAnnounced(
            **of_nobody(73),
            campaign="a1",
            channels=("sms", "email"),
            text_zh="好久不见！满50减10",
            text_en="We miss you! ¥10 off ¥50",
            starts=TODAY,
            ends=date(2026, 12, 15),
            is_personal=True,
        ),
    }

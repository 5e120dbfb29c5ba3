"""Templates: a sound plan for each thing shops do most, to begin with.

Owns: those plans. Does not own: what a plan means (campaign.py), the words beside them
(ui/campaigns). Everything in a template may be changed before it is published.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from types import MappingProxyType

from msgspec.structs import replace

from app.domain.campaign import Audience, CampaignPlan, Template, Terms
from app.domain.campaign_tier import starting
from app.domain.months import Month
from app.domain.program import Trial

_WEEKS: Mapping[Template, int] = MappingProxyType(
    {
        "win_back": 3, "birthday": 0, "member_day": 8, "spend_and_save": 1, "percent_off": 1,
        "nth_discount": 2, "buy_and_get": 2, "spend_rebate": 0, "expiring_points": 4,
        "scan_to_claim": 4, "try_tier": 0,
    }
)  # fmt: skip
"""How long each runs; 0 = to the end of the month."""
_TERMS: Mapping[Template, Terms] = MappingProxyType(
    {
        "win_back": Terms(kind="amount_off", amount="10"),
        "birthday": Terms(kind="amount_off", amount="20"),
        "member_day": Terms(kind="multiplier", factor="2"),
        "spend_and_save": Terms(kind="amount_off", amount="10"),
        "percent_off": Terms(kind="percent_off", rate="0.1"),
        "nth_discount": Terms(kind="nth_discount", number=2, rate="0.5"),
        "buy_and_get": Terms(kind="buy_x_get_y", number=2, get=1),
        "spend_rebate": Terms(kind="spend_rebate", spend="500", points=500),
        "expiring_points": Terms(kind="amount_off", amount="5"),
        "scan_to_claim": Terms(kind="amount_off", amount="10"),
        "try_tier": Terms(kind="tier_trial"),
    }
)
_THRESHOLDS: Mapping[Template, str] = MappingProxyType(
    {"win_back": "50", "birthday": "100", "spend_and_save": "100", "scan_to_claim": "50"}
)
_AUDIENCES: Mapping[Template, Audience] = MappingProxyType(
    {
        "win_back": Audience(who="dormant", days=90),
        "birthday": Audience(who="birthday"),
        "spend_and_save": Audience(who="everybody"),
        "percent_off": Audience(who="everybody"),
        "nth_discount": Audience(who="everybody"),
        "buy_and_get": Audience(who="everybody"),
        "expiring_points": Audience(who="expiring"),
        "scan_to_claim": Audience(who="claiming"),
    }
)
_WITH_CONTROL: frozenset[Template] = frozenset({"win_back", "birthday", "try_tier"})
_BUDGETS: Mapping[Template, str] = MappingProxyType(
    {
        "win_back": "8000",
        "birthday": "5000",
        "spend_and_save": "5000",
        "percent_off": "5000",
        "scan_to_claim": "5000",
    }
)
_MEMBERS_TRYING = 100
TEMPLATES: tuple[Template, ...] = tuple(_TERMS)
"""In the order they are shown."""


def plan_from(
    template: Template,
    campaign_id: str,
    title: str,
    today: date,
    category: str = "",
    trial: Trial | None = None,
) -> CampaignPlan:
    """A plan that may be published as it is. `category`: for what needs goods to be named;
    `trial`: for what lets members try a tier."""
    weeks = _WEEKS[template]
    ends = today + timedelta(weeks=weeks) if weeks else Month.of(today).last_day
    needs_goods = template in ("nth_discount", "buy_and_get")
    plan = CampaignPlan(
        campaign_id=campaign_id,
        template=template,
        title=title,
        starts=today,
        ends=ends,
        terms=_TERMS[template],
        threshold=_THRESHOLDS.get(template),
        categories=(category,) if needs_goods and category else (),
        audience=_AUDIENCES.get(template, Audience(who="members")),
        control_percent=10 if template in _WITH_CONTROL else 0,
        budget=_BUDGETS.get(template),
        uses_per_member=1 if template in _WITH_CONTROL else None,
        month_days=(today.day,) if template == "member_day" else (),
    )
    return plan if template != "try_tier" else _to_try(plan, trial, today)


def _to_try(plan: CampaignPlan, trial: Trial | None, today: date) -> CampaignPlan:
    """For so many members, each once: what a tier costs is not known before they buy."""
    terms = plan.terms
    if trial is not None:
        terms = replace(terms, tier=trial.tier, days=trial.days)
    bounded = replace(plan, terms=terms, uses=_MEMBERS_TRYING, uses_per_member=None)
    return starting(bounded, today)

"""A campaign that lets its members try a tier: its trial, its days, to how many it goes.

Owns: those rules. Pure. Does not own: whether somebody may try a tier (trial.py), the plan
(campaign.py), what it would have cost (campaign_trial.py).
It is no offer of the program: each trial is a fact that says its tier and its days, so that a till
gives it while it is offline, too.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, timedelta

from msgspec.structs import replace

from app.domain.campaign import CampaignPlan
from app.domain.control_group import draw_lots
from app.domain.program import Program, Text, Trial
from app.domain.trial import NoTrial, TrialStart, begin_trial
from app.domain.view import AccountView


def trial_of_plan(plan: CampaignPlan) -> Trial:
    """The trial as its facts name it."""
    name = Text(zh=plan.title, en=plan.title)
    return Trial(id=plan.offer_id, name=name, tier=plan.terms.tier or "", days=plan.terms.days)


def may_try(
    plan: CampaignPlan, program: Program, member: AccountView, day: date
) -> TrialStart | NoTrial:
    """Whether a member gets it on a day: who had a trial of this tier, or has the tier or a higher
    one, does not."""
    return begin_trial(trial_of_plan(plan), program, member, day)


def starting(plan: CampaignPlan, day: date) -> CampaignPlan:
    """A trial begins on the day it is given: the campaign lasts as long as its trials do. Any other
    plan has days of its own."""
    if plan.is_rule:
        return plan
    return replace(plan, starts=day, ends=day + timedelta(days=plan.terms.days - 1))


def invited(plan: CampaignPlan, members: Collection[str]) -> Collection[str]:
    """Of those who may have it as many as it is for, the control group beside them."""
    if plan.is_rule or plan.uses is None:
        return members
    return draw_lots(plan.campaign_id, members, plan.control_percent, plan.uses)


def tiers_to_try(program: Program) -> tuple[Trial, ...]:
    """What a campaign may let members try: every tier but the first, the owner's own trials before
    others; for as many days as he lets them try it by hand."""
    known = {each.tier: each for each in reversed(program.trials)}
    own = [known[tier.id] for tier in program.tiers[1:] if tier.id in known]
    others = [tier for tier in program.tiers[1:] if tier.id not in known]
    return (*own, *(Trial(id=tier.id, name=tier.name, tier=tier.id) for tier in others))

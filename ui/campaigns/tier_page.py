"""A tier to try as the campaign pages say it: which there are, what it may cost, who gets none.

Owns: those rows, lines and sentences. Pure: no Qt. Does not own: the pages they stand on
(wizard_view.py, view_model.py), which tiers there are (app/domain/campaign_tier.py).
"""

from __future__ import annotations

from decimal import Decimal

from app.domain.campaign import CampaignPlan
from app.domain.campaign_record import TrialDone
from app.domain.campaign_tier import tiers_to_try
from app.domain.money import Money, divide_half_up
from app.domain.program import Program, Tier
from app.services.rule_words import percent_off
from app.wording import Wording
from ui import formatting
from ui.audit.story import StoryLine
from ui.campaigns.words import Named, tier_words


def tier_rows(
    plan: CampaignPlan, program: Program, wording: Wording
) -> tuple[tuple[Named, ...], int]:
    """The tiers to choose from, and the chosen one's place."""
    tiers = [program.tier(each.tier) for each in tiers_to_try(program)]
    rows = tuple(
        (tier_words(each.id, program, wording), _benefits(each, wording), "crown")
        for each in tiers
    )  # fmt: skip
    ids = [each.id for each in tiers]
    return rows, ids.index(plan.terms.tier) if plan.terms.tier in ids else 0


def _benefits(tier: Tier, wording: Wording) -> str:
    """What it costs the shop: its discount and its points."""
    said = []
    if Decimal(tier.discount):
        said.append(percent_off(Decimal(tier.discount), wording))
    points = formatting.multiplier(Decimal(tier.earn_rate), wording)
    said.append(wording.t("{factor} points", factor=points))
    return f" {formatting.DOT} ".join(said)


def budget_lines(plan: CampaignPlan, wording: Wording) -> list[StoryLine]:
    """For how many members it is: nobody knows before what a tier costs."""
    if plan.is_rule or plan.uses is None:
        return []
    most = wording.n("{count} member at most", "{count} members at most", plan.uses)
    return [StoryLine(wording.t("Budget"), most)]


def left_out_lines(left_out: int, not_invited: int, wording: Wording) -> list[StoryLine]:
    """Who is of the audience, and gets nothing all the same."""
    lines = []
    if left_out:
        said = wording.n(
            "{count} member has the tier, or tried it before",
            "{count} members have the tier, or tried it before",
            left_out,
        )
        lines.append(StoryLine(wording.t("Left out"), said))
    if not_invited:
        said = wording.t(
            "{count} more: it is for so many members only", count=f"{not_invited:,}"
        )  # fmt: skip
        lines.append(StoryLine(wording.t("Not drawn"), said))
    return lines


def left_line(plan: CampaignPlan, left: int, wording: Wording) -> StoryLine:
    """How many members are still to be given what they were drawn for."""
    t = wording.t
    if plan.is_rule:
        return StoryLine(t("Coupons"), t("{count} still to issue", count=f"{left:,}"))
    return StoryLine(t("Members"), t("{count} still to get it", count=f"{left:,}"))


def gone_words(plan: CampaignPlan, gone: int, wording: Wording) -> str:
    """Why somebody who was drawn is in neither group."""
    if plan.is_rule:
        return wording.n(
            "{count} member left, or took the consent back, before it was issued",
            "{count} members left, or took their consent back, before it was issued",
            gone,
        )
    return wording.n(
        "{count} member left, took the consent back or had the tier before it was given",
        "{count} members left, took their consent back or had the tier before it was given",
        gone,
    )


def end_words(plan: CampaignPlan, wording: Wording) -> str:
    """What ending it means, said before it is done."""
    if plan.is_rule:
        return wording.t(
            "Nobody gets it any more then; coupons that members hold stay good until their "
            "day. Press again to end it."
        )
    return wording.t(
        "Nobody gets it any more then; who has the tier keeps it until its last day. Press again "
        "to end it."
    )


def tier_trial_words(
    plan: CampaignPlan, trial: TrialDone, program: Program, wording: Wording
) -> str:
    """What their past sales would have cost at that tier, and a head."""
    t, sums = wording.t, trial.sums
    tier = tier_words(plan.terms.tier, program, wording)
    known = {"sales": f"{sums.sales:,}", "day": formatting.day(trial.first_day), "tier": tier}
    if not sums.touched:
        return t(
            "Of {sales} sales since {day} none was one of theirs that {tier} would have made "
            "cheaper: past sales do not tell what it will cost.", **known,
        )  # fmt: skip
    each = Money(divide_half_up(sums.cost_minor, sums.members))
    currency = program.prices.currency
    said = [
        t(
            "On {sales} sales since {day} {tier} would have cost {cost}, about {each} for each of "
            "the {members} who bought.",
            cost=formatting.money(Money(sums.cost_minor), currency=currency),
            members=f"{sums.members:,}",
            each=formatting.money(each, currency=currency),
            **known,
        )
    ]
    if sums.points > 0:
        said.append(t("It would have given {points} points.", points=f"{sums.points:,}"))
    said.append(t("If they buy more because of it, it costs more."))
    return ("" if wording.is_chinese else " ").join(said)

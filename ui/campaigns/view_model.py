"""Campaigns view model: the list and one campaign with what it brought, as texts. Pure.

Owns: rows, lines, what is said of a result. Does not own: words of templates and terms (words.py),
the wizard (wizard_view.py), widgets.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Literal

from app.domain.campaign import CampaignPlan
from app.domain.campaign_record import CampaignRecord, TrialDone
from app.domain.campaign_result import DAYS_TO_COME, CampaignResult
from app.domain.message import MessageChoice
from app.domain.moment import Moment
from app.domain.program import Program
from app.services.campaign_poster import has_poster
from app.services.campaign_result import ChainResult
from app.services.message import way_of
from app.wording import N_, Wording
from ui import formatting
from ui.audit.story import StoryLine
from ui.campaigns.message_page import way_words
from ui.campaigns.tier_page import gone_words, left_line, tier_trial_words
from ui.campaigns.words import STATES, TEMPLATES, audience_words, minor_of, money_of, offer_words

Tab = Literal["running", "drafts", "ended"]
TABS: tuple[Tab, ...] = ("running", "drafts", "ended")
_EMPTY = {
    "running": N_("No campaign is running. Plan one: each template is ready to be published."),
    "drafts": N_("No draft is kept."),
    "ended": N_("No campaign has ended yet."),
}


@dataclass(frozen=True, slots=True)
class CampaignRow:
    """One in the list. `end`: until when, or how far."""

    campaign_id: str
    name: str
    detail: str
    icon: str
    end: str


@dataclass(frozen=True, slots=True)
class ListView:
    """The list."""

    title: str
    tabs: tuple[str, ...]
    tab: Tab
    rows: tuple[CampaignRow, ...]
    empty: str


@dataclass(frozen=True, slots=True)
class ChainTold:
    """What head office says of the whole chain. Not asked: this shop is alone."""

    is_asked: bool = False
    is_waiting: bool = False
    result: ChainResult | None = None


@dataclass(frozen=True, slots=True)
class DetailView:
    """One campaign beside the list. `verdict`: what may be said of it."""

    title: str
    offer: str
    lines: tuple[StoryLine, ...]
    verdict: str
    tone: str
    may_end: bool
    is_draft: bool
    has_poster: bool = False


def tab_of(record: CampaignRecord, today: date) -> Tab:
    """Where it stands."""
    if record.state == "draft":
        return "drafts"
    return "ended" if record.state == "ended" or record.plan.ends < today else "running"


def list_view(
    records: Sequence[CampaignRecord], today: date, tab: Tab, program: Program, wording: Wording
) -> ListView:
    """What is shown of all."""
    t = wording.t
    counts = {each: sum(tab_of(one, today) == each for one in records) for each in TABS}
    return ListView(
        title=t("Campaigns"),
        tabs=(
            t("Running {count}", count=counts["running"]),
            t("Drafts {count}", count=counts["drafts"]),
            t("Ended {count}", count=counts["ended"]),
        ),
        tab=tab,
        rows=tuple(
            _row(each, today, program, wording) for each in records if tab_of(each, today) == tab
        ),
        empty="" if counts[tab] else t(_EMPTY[tab]),
    )


def _row(record: CampaignRecord, today: date, program: Program, wording: Wording) -> CampaignRow:
    t, plan = wording.t, record.plan
    parts = [offer_words(plan, program, wording), audience_words(plan.audience, program, wording)]
    if record.state == "waiting":
        parts.append(t(STATES["waiting"]))
    elif plan.starts > today:
        parts.append(t("From {day}", day=formatting.day(plan.starts)))
    return CampaignRow(
        campaign_id=plan.campaign_id,
        name=plan.title,
        detail=f" {formatting.DOT} ".join(parts),
        icon=TEMPLATES[plan.template][2],
        end=t("To {day}", day=formatting.day(plan.ends)),
    )


def detail_view(
    record: CampaignRecord,
    result: CampaignResult | None,
    chain: ChainTold,
    left: int,
    today: date,
    program: Program,
    wording: Wording,
) -> DetailView:
    """One campaign. `left`: members whose coupon is still to be issued."""
    of_chain = chain.result
    t, plan = wording.t, record.plan
    lines = []
    if left:
        lines.append(left_line(plan, left, wording))
    if result is not None and record.state != "draft":
        if chain.is_asked:
            lines.append(StoryLine(t("This store"), t("as far as this till knows")))
        lines += _result_lines(record, result, program, wording)
        lines += _chain_lines(record, chain, program, wording)
    lines.append(
        StoryLine(t("Days"), f"{formatting.day(plan.starts)} – {formatting.day(plan.ends)}")
    )
    lines.append(StoryLine(t("Audience"), audience_words(plan.audience, program, wording)))
    if record.message is not None:
        way = way_of(MessageChoice(channels=record.message.channels))
        lines.append(StoryLine(t("Message"), way_words(way, wording)))
    if record.trial is not None:
        lines.append(StoryLine(t("Trial"), trial_words(plan, record.trial, program, wording)))
    verdict, tone = _verdict(record, of_chain.result if of_chain else result, wording)
    return DetailView(
        title=plan.title,
        offer=offer_words(plan, program, wording),
        lines=tuple(lines),
        verdict=verdict,
        tone=tone,
        may_end=record.state in ("waiting", "published") and tab_of(record, today) == "running",
        is_draft=record.state == "draft",
        has_poster=chain.is_asked and has_poster(record),
    )


def trial_words(plan: CampaignPlan, trial: TrialDone, program: Program, wording: Wording) -> str:
    """What the trial said."""
    t, sums = wording.t, trial.sums
    if not sums.sales:
        return t("This till has no sales to try it on yet.")
    if not plan.is_rule:
        return tier_trial_words(plan, trial, program, wording)
    said = [
        t(
            "On {sales} sales since {day} it would have cost {cost} and touched {touched} baskets.",
            sales=f"{sums.sales:,}",
            day=formatting.day(trial.first_day),
            cost=minor_of(sums.cost_minor, program),
            touched=f"{sums.touched:,}",
        )
    ]
    if sums.points > 0:
        said.append(t("It would have given {points} points.", points=f"{sums.points:,}"))
    if sums.budget_used:
        said.append(t("The budget would have been used up."))
    return ("" if wording.is_chinese else " ").join(said)


def _chain_lines(
    record: CampaignRecord, chain: ChainTold, program: Program, wording: Wording
) -> list[StoryLine]:
    """The same of the whole chain, below the store's own; the verdict is the chain's then."""
    t = wording.t
    if not chain.is_asked:
        return []
    if chain.result is None:
        why = t("Asking head office …") if chain.is_waiting else t("head office does not answer")
        return [StoryLine(t("Whole chain"), why)]
    time = formatting.moment(Moment(chain.result.as_of_ms, 0, "").local(program.timezone))
    head = StoryLine(t("Whole chain"), t("as of {time}", time=time))
    return [head, *_result_lines(record, chain.result.result, program, wording)]


def _result_lines(
    record: CampaignRecord, result: CampaignResult, program: Program, wording: Wording
) -> list[StoryLine]:
    t, offer = wording.t, result.offer
    lines = []
    if record.plan.delivery == "claim" and offer.coupons_given:
        claimed = f"{offer.coupons_given:,}"
        used = t("{used} of {given} claimed", used=f"{offer.coupons_used:,}", given=claimed)
        lines.append(StoryLine(t("Used"), used))
    elif record.plan.is_drawn:
        used = wording.n(
            "{used} of {given} coupon",
            "{used} of {given} coupons",
            offer.coupons_given,
            used=f"{offer.coupons_used:,}",
            given=f"{offer.coupons_given:,}",
        )
        if not record.plan.is_rule:
            used = _in_sales(offer.sales, wording)
        lines.append(StoryLine(t("Used"), used))
        lines.append(StoryLine(t("Came back"), _share(result.chosen.came, result.chosen.members)))
        lines.append(StoryLine(t("Control"), _share(result.control.came, result.control.members)))
        if result.gone:
            lines.append(StoryLine(t("Not counted"), gone_words(record.plan, result.gone, wording)))
    else:
        lines.append(StoryLine(t("Used"), _in_sales(offer.sales, wording)))
    lines.append(StoryLine(t("Cost"), _cost(record, offer.cost_minor, program, wording)))
    lines.append(StoryLine(t("Takings"), minor_of(offer.takings_minor, program)))
    if result.more_minor is not None:
        lines.append(StoryLine(t("Beyond control"), minor_of(result.more_minor, program)))
    if (back := result.return_on_cost) is not None:
        lines.append(StoryLine(t("Return"), t("{ratio} for each 1", ratio=_tenths(back))))
    return lines


def _in_sales(sales: int, wording: Wording) -> str:
    return wording.n("in {shown} sale", "in {shown} sales", sales, shown=f"{sales:,}")


def _cost(record: CampaignRecord, minor: int, program: Program, wording: Wording) -> str:
    spent = minor_of(minor, program)
    if not record.plan.is_rule:
        return wording.t("{cost} by the discount of the tier", cost=spent)
    if record.plan.budget is None:
        return spent
    return wording.t("{cost} of {budget}", cost=spent, budget=money_of(record.plan.budget, program))


def _share(came: int, members: int) -> str:
    if not members:
        return "—"
    return f"{came:,} / {members:,} ({_tenths(Fraction(came * 100, members))}%)"


def _tenths(value: Fraction) -> str:
    """With one figure behind the point, half up."""
    sign = formatting.MINUS if value < 0 else ""
    tenths = (abs(value.numerator) * 20 + value.denominator) // (2 * value.denominator)
    return f"{sign}{tenths // 10:,}.{tenths % 10}"


def _verdict(
    record: CampaignRecord, result: CampaignResult | None, wording: Wording
) -> tuple[str, str]:
    t = wording.t
    if record.state == "draft" or result is None:
        return "", "info"
    match result.verdict:
        case "more_came":
            return t("Clearly more of them came than of the control group."), "success"
        case "fewer_came":
            return t("Clearly fewer of them came than of the control group."), "warning"
        case "too_early":
            return wording.n(
                "Too early to tell: {count} day so far. Both groups are compared after {days} "
                "days.",
                "Too early to tell: {count} days so far. Both groups are compared after {days} "
                "days.",
                result.days, days=DAYS_TO_COME,
            ), "info"  # fmt: skip
        case "too_few":
            return wording.n(
                "Too few to tell: {count} member of both groups came. It may be chance.",
                "Too few to tell: {count} members of both groups came. It may be chance.",
                result.chosen.came + result.control.came,
            ), "info"  # fmt: skip
        case "no_clear_difference":
            chance = _tenths(result.chance * 100)
            return t(
                "No clear difference from the control group: chance alone makes one as large in "
                "{chance} of 100 cases.", chance=chance,
            ), "info"  # fmt: skip
        case _:
            return t(
                "There is no control group: nobody can tell what would have been without it."
            ), "info"

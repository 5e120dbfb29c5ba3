"""Wizard view: the five pages of a new campaign as texts. Pure: no Qt, no service.

Owns: which rows, fields and lines a page has, and its words. Does not own: what stands in a field
(form.py), going on and back (wizard_controller.py), widgets (wizard_screen.py).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from msgspec.structs import replace as replace_struct

from app.domain.campaign import Audience, CampaignPlan
from app.domain.campaign_check import PlanProblem, PlanWarning, check_plan
from app.domain.campaign_message import CampaignMessage, check_message
from app.domain.campaign_record import TrialDone
from app.domain.campaign_template import TEMPLATES as TEMPLATE_ORDER
from app.domain.campaign_tier import starting
from app.domain.program import Program, Trial
from app.services.message import Way
from app.wording import N_, Wording
from ui import formatting
from ui.audit.story import StoryLine
from ui.campaigns import words
from ui.campaigns.form import (
    FIELD_OF,
    LABELS,
    audience_fields,
    budget_fields,
    empty_means,
    read_form,
    terms_fields,
)
from ui.campaigns.message_page import (
    FIELDS,
    ORDER,
    may_tell,
    message_lines,
    message_of,
    way_rows,
)
from ui.campaigns.tier_page import budget_lines, left_out_lines, tier_rows
from ui.campaigns.view_model import trial_words
from ui.campaigns.words import Spoiled

STEPS = (N_("Aim"), N_("Audience"), N_("What is given"), N_("Budget"), N_("Trial"))
AIM, AUDIENCE, OFFER, BUDGET, TRIAL = range(5)


@dataclass(frozen=True, slots=True)
class FormField:
    """A field of a page."""

    name: str
    label: str
    text: str
    error: str
    empty: str
    """What it means to leave it empty, where one may."""


@dataclass(frozen=True, slots=True)
class PageView:
    """One page. `problem`: what is wrong with none of its fields."""

    title: str
    step: int
    rows: tuple[words.Named, ...] = ()
    current: int = 0
    fields: tuple[FormField, ...] = ()
    lines: tuple[StoryLine, ...] = ()
    notices: tuple[str, ...] = ()
    problem: str = ""
    go_on: str = ""
    can_go_on: bool = True


@dataclass(frozen=True, slots=True)
class Told:
    """What the last page knows. `reached` None: nobody has counted. `busy`: what is being done."""

    reached: int | None = None
    without_consent: int = 0
    left_out: int = 0
    """Meant, but they have the tier to try or tried it before."""
    not_invited: int = 0
    """They might have it; it is for so many members only."""
    control: int = 0
    trial: TrialDone | None = None
    problems: tuple[PlanProblem, ...] = ()
    warnings: tuple[PlanWarning, ...] = ()
    refused: str = ""
    is_working: bool = False
    by_way: Mapping[Way, int] = field(default_factory=dict)
    """How many of those who get a coupon can be told, by each way."""


@dataclass(frozen=True, slots=True)
class Draft:
    """What is being planned: the plan, what stands in its fields, what of it is wrong."""

    plan: CampaignPlan
    texts: Mapping[str, str]
    wrong: tuple[PlanProblem | Spoiled, ...] = ()
    segments: tuple[str, ...] = ()
    told: Told = field(default_factory=Told)
    can_send: bool = False
    way: Way = "none"
    first_words: Mapping[str, str] = field(default_factory=dict)
    """What the message says while nobody has typed anything into its fields."""

    @property
    def may_tell(self) -> bool:
        """Whether its members can be told at all."""
        return may_tell(self.plan, can_send=self.can_send)

    @property
    def message(self) -> CampaignMessage | None:
        """What they are told."""
        texts = {**self.first_words, **self.texts}
        return message_of(self.way, texts) if self.may_tell else None


def audiences_of(draft: Draft, program: Program) -> tuple[Audience, ...]:
    """Who may be meant by such a plan."""
    plan = draft.plan
    if plan.delivery in ("exchange", "claim"):
        return (plan.audience,)
    days = plan.audience.days
    named = [Audience(who="chosen", segment=each, days=days) for each in draft.segments]
    if plan.template in ("win_back", "birthday"):
        return (Audience(who="dormant", days=days), Audience(who="birthday", days=days), *named)
    tiers = [Audience(who="tier", tier=tier.id) for tier in program.tiers[1:]]
    if not plan.is_rule:
        # Nobody stands below the highest tier and at it.
        below = [Audience(who="tier", tier=tier.id, days=days) for tier in program.tiers[1:-1]]
        members = Audience(who="members", days=days)
        return (members, *below, Audience(who="dormant", days=days), *named)
    by_points = plan.terms.kind in ("multiplier", "spend_rebate")
    everybody = () if by_points else (Audience(who="everybody"),)
    return (*everybody, Audience(who="members"), *tiers)


def with_tier(draft: Draft, trial: Trial) -> Draft:
    """The plan with another tier to try, for as long as the rules let it be tried."""
    terms = replace_struct(draft.plan.terms, tier=trial.tier, days=trial.days)
    plan = replace_struct(draft.plan, terms=terms)
    return replace(draft, plan=plan, texts={**draft.texts, "trial_days": str(trial.days)}, wrong=())


def fields_of(step: int, draft: Draft) -> tuple[str, ...]:
    """The names of a page's fields."""
    of_step = {AUDIENCE: audience_fields, OFFER: terms_fields, BUDGET: budget_fields}
    names = of_step[step](draft.plan) if step in of_step else ()
    return (*FIELDS, *names) if step == BUDGET and draft.message is not None else names


def read_page(
    draft: Draft, step: int, program: Program, categories: tuple[str, ...], today: date
) -> Draft:
    """The page's fields taken into the plan, with what is wrong of them."""
    names = fields_of(step, draft)
    texts = {name: draft.texts[name] for name in names if name not in FIELDS}
    read = read_form(draft.plan, texts, program.prices.decimals, categories)
    read = replace(read, plan=starting(read.plan, today))
    wrong: tuple[PlanProblem | Spoiled, ...] = read.spoiled or tuple(
        each
        for each in (
            *check_plan(read.plan, program, today),
            *check_message(draft.message, read.plan, can_send=draft.can_send),
        )
        if FIELD_OF.get(each.field, each.field) in names
    )
    return replace(draft, plan=read.plan, wrong=wrong)


def page_view(step: int, draft: Draft, program: Program, wording: Wording) -> PageView:
    """One page of the wizard."""
    t = wording.t
    view = PageView(
        title=t("New campaign"),
        step=step,
        go_on=t("Publish") if step == TRIAL else t("Go on"),
        fields=_fields(step, draft, wording),
        problem=_elsewhere(step, draft, wording),
    )
    if step == AIM:
        named = [words.TEMPLATES[each] for each in TEMPLATE_ORDER]
        rows = tuple((t(name), t(detail), icon) for name, detail, icon in named)
        return replace(view, rows=rows, current=TEMPLATE_ORDER.index(draft.plan.template))
    if step == AUDIENCE:
        return _audience(view, draft, program, wording)
    if step == OFFER and not draft.plan.is_rule:
        rows, current = tier_rows(draft.plan, program, wording)
        return replace(view, rows=rows, current=current)
    if step == BUDGET and draft.may_tell:
        rows = way_rows(draft.plan, wording)
        return replace(view, rows=rows, current=ORDER.index(draft.way))
    return _trial(view, draft, program, wording) if step == TRIAL else view


def _fields(step: int, draft: Draft, wording: Wording) -> tuple[FormField, ...]:
    wrong = {_field_of(each): words.problem_words(each, wording) for each in reversed(draft.wrong)}
    return tuple(
        FormField(
            name=name,
            label=wording.t(LABELS[name]),
            text=_text(draft, name),
            error=wrong.get(name, ""),
            empty=wording.t(empty_means(draft.plan, name)),
        )
        for name in fields_of(step, draft)
    )


def _text(draft: Draft, name: str) -> str:
    """What was typed; of the message what it begins with, until then."""
    return draft.texts.get(name, draft.first_words.get(name, ""))


def _field_of(problem: PlanProblem | Spoiled) -> str:
    return FIELD_OF.get(problem.field, problem.field)


def _elsewhere(step: int, draft: Draft, wording: Wording) -> str:
    """What is wrong with none of this page's fields; on the last page with any."""
    here = () if step == TRIAL else fields_of(step, draft)
    other = [each for each in draft.wrong if _field_of(each) not in here]
    return words.problem_words(other[0], wording) if other else ""


def _audience(view: PageView, draft: Draft, program: Program, wording: Wording) -> PageView:
    meant = audiences_of(draft, program)
    by_consent = wording.t("Only members who let themselves be written to")
    at_the_till = wording.t("Whoever buys has it, without a coupon")
    detail = by_consent if draft.plan.is_drawn else at_the_till
    if draft.plan.delivery == "exchange":
        detail = wording.t("Offered at the till when points are about to lapse")
    if draft.plan.delivery == "claim":
        detail = wording.t("They type their number; the coupon goes to their card")
    rows = tuple((words.audience_words(each, program, wording), detail, "user") for each in meant)
    current = meant.index(draft.plan.audience) if draft.plan.audience in meant else 0
    return replace(view, rows=rows, current=current)


def _trial(view: PageView, draft: Draft, program: Program, wording: Wording) -> PageView:
    t, plan, told = wording.t, draft.plan, draft.told
    lines = [
        StoryLine(t("Aim"), plan.title),
        StoryLine(t("What is given"), words.offer_words(plan, program, wording)),
        StoryLine(t("Audience"), words.audience_words(plan.audience, program, wording)),
        StoryLine(t("Days"), f"{formatting.day(plan.starts)} – {formatting.day(plan.ends)}"),
    ]
    if plan.budget is not None:
        lines.append(StoryLine(t("Budget"), words.money_of(plan.budget, program)))
    lines += budget_lines(plan, wording)
    if told.reached is not None and plan.is_drawn:
        said = t(
            "{reached} members get it, {control} are kept out to compare with; {without} more did "
            "not agree to be written to.",
            reached=f"{told.reached:,}", control=f"{told.control:,}",
            without=f"{told.without_consent:,}",
        )  # fmt: skip
        lines.append(StoryLine(t("Reached"), said))
        lines += left_out_lines(told.left_out, told.not_invited, wording)
    if draft.message is not None:
        reached = told.by_way.get(draft.way)
        lines += message_lines(draft.message, draft.way, reached, wording)
    if told.trial is not None:
        lines.insert(0, StoryLine(t("Trial"), trial_words(plan, told.trial, program, wording)))
    said_anyway = tuple(words.warning_words(each, program, wording) for each in told.warnings)
    return replace(
        view,
        lines=tuple(lines),
        notices=said_anyway,
        problem=told.refused or view.problem,
        can_go_on=not (told.is_working or draft.wrong) and told.trial is not None,
    )

"""Planning campaigns: drafts that are kept, read again, thrown away.

Owns: drafts, and the list of all campaigns. Does not own: trying one (campaign_trial.py), putting
it in force (campaign_publish.py), what a plan means (app/domain/campaign.py).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from app.domain.campaign import CampaignPlan, OfferWords
from app.domain.campaign_check import PlanProblem, PlanWarning, check_plan, warnings_of
from app.domain.campaign_message import CampaignMessage, check_message
from app.domain.campaign_record import CampaignRecord
from app.domain.churn_record import GROUP_GRADES
from app.domain.segments import SEGMENTS
from app.services.answers import Refusal
from app.services.authority import is_own_authority
from app.services.desk import allowed, today
from app.services.ports import UnitOfWork
from app.services.shop import Shop


@dataclass(frozen=True, slots=True)
class CampaignList:
    """Every campaign of this till, newest first, as of a day. `categories`: what goods there are,
    for whoever plans the next one."""

    campaigns: tuple[CampaignRecord, ...]
    today: date
    categories: tuple[str, ...] = ()
    segments: tuple[str, ...] = ()
    """Named by the figures, with members in them."""
    can_send: bool = False
    """There is a head office, which sends messages."""


@dataclass(frozen=True, slots=True)
class DraftKept:
    """The draft is kept; what is wrong with it, and what its owner should know."""

    record: CampaignRecord
    problems: tuple[PlanProblem, ...]
    warnings: tuple[PlanWarning, ...]


@dataclass(frozen=True, slots=True)
class DraftDropped:
    """It is gone."""

    campaign_id: str


@dataclass(frozen=True, slots=True)
class NoDraft:
    """There is no such draft (any more): it was published, or thrown away."""

    campaign_id: str


def list_campaigns(*, shop: Shop, work: UnitOfWork) -> CampaignList | Refusal:
    """All of them. Needs the right."""
    refusal = allowed(shop, "manage_program")
    if refusal:
        return refusal
    day = today(shop.desk.state.program, shop.now())
    campaigns = tuple(work.campaigns.all_campaigns())
    counts = work.segments.counts()
    segments: tuple[str, ...] = (
        () if counts is None else tuple(each for each in SEGMENTS if counts.by_segment.get(each))
    )
    churn = work.churn.counts()
    if churn is not None:
        groups = GROUP_GRADES.items()
        segments += tuple(group for group, grade in groups if churn.by_grade.get(grade))
    can_send = not is_own_authority(work=work)
    return CampaignList(campaigns, day, tuple(work.campaigns.categories()), segments, can_send)


def new_campaign_id(*, shop: Shop) -> str:
    """An id nobody has: it becomes part of the id of an offer."""
    return f"{shop.ids.code_bits():015x}"


def keep_draft(
    *,
    shop: Shop,
    work: UnitOfWork,
    plan: CampaignPlan,
    words: OfferWords,
    reached: int | None = None,
    message: CampaignMessage | None = None,
) -> DraftKept | NoDraft | Refusal:
    """Keep a draft as it is now, also one that is not sound yet. `reached`: how many members it
    goes to, where somebody counted. `message`: what they are told. Changes: campaigns."""
    refusal = allowed(shop, "manage_program")
    if refusal:
        return refusal
    before = work.campaigns.get(plan.campaign_id)
    if before is not None and before.state != "draft":
        return NoDraft(plan.campaign_id)
    state, now = shop.desk.state, shop.now()
    if before is None:
        by = state.staff.staff_id if state.staff is not None else ""
        before = CampaignRecord(plan, words, now.wall_ms, by)
    same = before.plan == plan
    trial = before.trial if same else None
    record = replace(before, plan=plan, words=words, trial=trial, message=message)
    work.campaigns.put(record)
    day = today(state.program, now)
    wrong = (
        *check_plan(plan, state.program, day, reached),
        *check_message(message, plan, can_send=not is_own_authority(work=work)),
    )
    return DraftKept(record, wrong, warnings_of(plan, state.program, reached))


def drop_draft(
    *, shop: Shop, work: UnitOfWork, campaign_id: str
) -> DraftDropped | NoDraft | Refusal:
    """Throw a draft away. Changes: campaigns."""
    refusal = allowed(shop, "manage_program")
    if refusal:
        return refusal
    record = work.campaigns.get(campaign_id)
    if record is None or record.state != "draft":
        return NoDraft(campaign_id)
    work.campaigns.remove(campaign_id)
    return DraftDropped(campaign_id)

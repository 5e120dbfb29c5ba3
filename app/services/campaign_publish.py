"""Putting a campaign in force: its audience drawn, its offer in the program, its coupons issued.

Owns: publishing, issuing in small units that may be broken off, ending. Does not own: what the
program with it looks like (app/domain/campaign_program.py), who is reached (campaign_audience.py).

A shop on its own puts it in force at once. A till of a chain says so to head office by its fact,
which waits while there is no link; coupons are issued once the program with the offer is here.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from functools import partial

from app.domain.account import MemberAccount
from app.domain.campaign_audience import may_be_reached
from app.domain.campaign_check import PlanProblem, check_plan
from app.domain.campaign_fact import (
    MEMBERS_A_FACT,
    CampaignAnnounced,
    CampaignDrawn,
    CampaignEnded,
    CampaignPublished,
)
from app.domain.campaign_message import PERSONAL, check_message
from app.domain.campaign_record import CampaignRecord, DrawnMember
from app.domain.control_group import draw_control
from app.domain.effects import CouponGiven
from app.domain.fact_parts import ProgramRef
from app.domain.facts import CouponIssued
from app.domain.program_problem import Problem
from app.services.answers import Refusal
from app.services.audit_trail import record
from app.services.authority import is_own_authority
from app.services.campaign_force import NotInForce, put_in_force, take_out_of_force
from app.services.campaign_plan import NoDraft
from app.services.campaign_tier import give_trials, who_may_try
from app.services.desk import allowed, today
from app.services.fact_origin import origin
from app.services.fact_writer import fact_day, fresh_coupons, write_fact
from app.services.opening import refresh_desk
from app.services.ports import Lane, UnitOfWork
from app.services.program import read_programs
from app.services.shop import Shop
from app.services.till_state import TillState

ISSUED_A_UNIT = 20
"""Each is a fact of its own that the next sale waits for."""
DRAWN_A_UNIT = 500


@dataclass(frozen=True, slots=True)
class CampaignDrawnUp:
    """The audience is fixed: so many get it, so many are kept out to compare with."""

    reached: int
    control: int


@dataclass(frozen=True, slots=True)
class CampaignOut:
    """It is published. `waits`: head office has to put it in force."""

    record: CampaignRecord
    waits: bool
    state: TillState


@dataclass(frozen=True, slots=True)
class NotSound:
    """The plan has mistakes: nothing was changed."""

    problems: tuple[PlanProblem, ...]


@dataclass(frozen=True, slots=True)
class RulesRefuse:
    """The program with this campaign in it could not be explained to a customer, or priced in
    time: nothing was changed."""

    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class CouponsIssued:
    """So many members were done; so many are left."""

    done: int
    left: int


@dataclass(frozen=True, slots=True)
class CampaignIsOver:
    """Nobody gets it any more."""

    record: CampaignRecord
    state: TillState


@dataclass(frozen=True, slots=True)
class NotRunning:
    """It is not out, or over already."""

    campaign_id: str


PublishAnswer = CampaignOut | NotSound | RulesRefuse | NoDraft | Refusal


def draw_up(
    *,
    shop: Shop,
    lane: Lane,
    campaign_id: str,
    members: Collection[str],
    control_percent: int,
) -> CampaignDrawnUp | NoDraft | Refusal:
    """Fix who gets a coupon and who is kept out. Again: another draw of the draft. Off the lane.
    Needs the right. Changes: campaigns."""
    control = draw_control(campaign_id, members, control_percent)
    drawn = [DrawnMember(each, each in control) for each in sorted(members)]
    parts = [drawn[at : at + DRAWN_A_UNIT] for at in range(0, len(drawn), DRAWN_A_UNIT)]
    for place, part in enumerate(parts or [[]]):
        refused = lane.run(partial(_draw, shop, campaign_id, part, anew=not place))
        if refused is not None:
            return refused
    return CampaignDrawnUp(len(drawn) - len(control), len(control))


def _draw(
    shop: Shop, campaign_id: str, part: Sequence[DrawnMember], work: UnitOfWork, *, anew: bool
) -> NoDraft | Refusal | None:
    """What was published meanwhile keeps the draw it was published with."""
    refusal = allowed(shop, "manage_program")
    if refusal:
        return refusal
    draft = work.campaigns.get(campaign_id)
    if draft is None or draft.state != "draft":
        return NoDraft(campaign_id)
    if anew:
        work.campaigns.forget_draw(campaign_id)
    work.campaigns.draw(campaign_id, part)
    return None


def publish_campaign(
    *, shop: Shop, work: UnitOfWork, campaign_id: str, drawn: CampaignDrawnUp | None = None
) -> PublishAnswer:
    """Put a draft in force. `drawn`: for coupons, what `draw_up` said. Needs the right.

    Changes: facts, programs, campaigns, audit. Prices the worst basket with it: the lane is busy
    for up to a third of a second.
    """
    refusal = allowed(shop, "manage_program")
    if refusal:
        return refusal
    draft = work.campaigns.get(campaign_id)
    if draft is None or draft.state != "draft":
        return NoDraft(campaign_id)
    now, program = shop.now(), shop.desk.state.program
    reached = None if drawn is None else drawn.reached
    is_own = is_own_authority(work=work)
    waits = draft.plan.is_rule and not is_own
    problems = (
        *check_plan(draft.plan, program, today(program, now), reached),
        *check_message(draft.message, draft.plan, can_send=not is_own),
    )
    if problems:
        return NotSound(problems)
    if is_own and draft.plan.is_rule:
        made = put_in_force(
            shop=shop,
            work=work,
            programs=read_programs(work=work),
            plan=draft.plan,
            words=draft.words,
        )
        if isinstance(made, NotInForce):
            return RulesRefuse(made.problems)
    out = replace(
        draft, state="waiting" if waits else "published", published_ms=now.wall_ms,
        reached=drawn.reached if drawn else 0, control=drawn.control if drawn else 0,
    )  # fmt: skip
    _write_published(shop, work, out)
    return CampaignOut(out, waits, refresh_desk(shop=shop, work=work))


def _write_published(shop: Shop, work: UnitOfWork, out: CampaignRecord) -> None:
    state, now = shop.desk.state, shop.now()
    day, _ = fact_day(work, state.program, now, state.last_moment)
    fact = CampaignPublished(
        **origin(shop=shop, now=now, day=day),
        plan=out.plan,
        words_zh=out.words.zh,
        words_en=out.words.en,
        reached=out.reached,
        control=out.control,
    )
    write_fact(shop=shop, work=work, fact=fact)
    if out.message is not None:
        announced = CampaignAnnounced(
            **origin(shop=shop, now=now, day=day), campaign=out.plan.campaign_id,
            channels=out.message.channels, text_zh=out.message.text_zh,
            text_en=out.message.text_en, starts=out.plan.starts, ends=out.plan.ends,
            is_personal=out.plan.audience.who in PERSONAL,
        )  # fmt: skip
        write_fact(shop=shop, work=work, fact=announced)
    work.campaigns.put(out)
    details = {"members": str(out.reached), "control": str(out.control)}
    if out.plan.terms.tier is not None:
        details["tier"] = out.plan.terms.tier
    subject = out.plan.offer_id
    record(
        shop=shop, work=work, now=now, act="campaign_published", subject=subject, details=details
    )  # fmt: skip


def issue_next(
    *, shop: Shop, work: UnitOfWork, campaign_id: str
) -> CouponsIssued | NotRunning | Refusal:
    """Issue the coupons of the next few members, or let them try its tier; again until none is
    left. What was broken off goes on where it was. Needs the right.

    Changes: facts, accounts, coupons, tiers, campaigns.
    """
    refusal = allowed(shop, "manage_program")
    if refusal:
        return refusal
    out = work.campaigns.get(campaign_id)
    if out is None or out.state == "draft":
        return NotRunning(campaign_id)
    if out.plan.is_rule and shop.desk.state.program.offer(out.plan.offer_id) is None:
        return NotRunning(campaign_id)
    if out.state == "waiting":
        out = replace(out, state="published")
        work.campaigns.put(out)
    members = work.campaigns.waiting(campaign_id, ISSUED_A_UNIT)
    assert len(members) <= MEMBERS_A_FACT, "one fact names them all"
    if members and out.state == "published":
        still = _still_reached(shop, work, out, members)
        gone = {each.member_id for each in members} - {each.member_id for each in still}
        work.campaigns.leave_out(campaign_id, sorted(gone))
        if still:
            _issue(shop, work, out, still)
    work.campaigns.done(campaign_id, [each.member_id for each in members])
    return CouponsIssued(len(members), work.campaigns.count_waiting(campaign_id))


def _still_reached(
    shop: Shop, work: UnitOfWork, out: CampaignRecord, members: Sequence[DrawnMember]
) -> list[DrawnMember]:
    """Those of both groups who are members, agree to it and may have it now: between the draw and
    this moment some leave, take their consent back or reach the tier they were to try. Of both
    groups, or they could not be compared."""
    ids = [each.member_id for each in members]
    accounts = work.accounts.get_many(ids)
    known = {each: work.members.get(each) for each in ids}
    active = {each for each, member in known.items() if member and member.status == "active"}
    still = [
        each
        for each in members
        if each.member_id in active
        and may_be_reached(accounts.get(each.member_id, MemberAccount()), out.plan.audience)
    ]
    if out.plan.is_rule:
        return still
    state, now = shop.desk.state, shop.now()
    day, _ = fact_day(work, state.program, now, state.last_moment)
    trying = who_may_try(out, accounts, state, day)
    return [each for each in still if each.member_id in trying]


def _issue(
    shop: Shop, work: UnitOfWork, out: CampaignRecord, members: Sequence[DrawnMember]
) -> None:
    state, now = shop.desk.state, shop.now()
    day, _ = fact_day(work, state.program, now, state.last_moment)
    drawn = CampaignDrawn(
        **origin(shop=shop, now=now, day=day),
        campaign=out.plan.campaign_id,
        chosen=tuple(each.member_id for each in members if not each.is_control),
        control=tuple(each.member_id for each in members if each.is_control),
    )
    write_fact(shop=shop, work=work, fact=drawn)
    if not out.plan.is_rule:
        give_trials(shop=shop, work=work, plan=out.plan, members=drawn.chosen, day=day)
        return
    codes = fresh_coupons(shop)
    for member in drawn.chosen:
        fact = CouponIssued(
            **origin(shop=shop, now=now, day=day, member=member),
            effects=(CouponGiven(coupon=next(codes), offer=out.plan.offer_id),),
            why="campaign",
            program=ProgramRef(state.program.id, state.program.version),
        )
        write_fact(shop=shop, work=work, fact=fact)


def end_campaign(
    *, shop: Shop, work: UnitOfWork, campaign_id: str
) -> CampaignIsOver | NotRunning | RulesRefuse | Refusal:
    """Nobody gets it from now on. Coupons that members hold stay good until their day, and a tier
    they try stays theirs until its last: they were promised.

    Changes: facts, programs, campaigns, audit.
    """
    refusal = allowed(shop, "manage_program")
    if refusal:
        return refusal
    out = work.campaigns.get(campaign_id)
    if out is None or out.state not in ("waiting", "published"):
        return NotRunning(campaign_id)
    state, now = shop.desk.state, shop.now()
    if out.plan.is_rule and is_own_authority(work=work):
        made = take_out_of_force(
            shop=shop, work=work, programs=read_programs(work=work), offer_id=out.plan.offer_id
        )
        if isinstance(made, NotInForce):
            return RulesRefuse(made.problems)
    day, _ = fact_day(work, state.program, now, state.last_moment)
    fact = CampaignEnded(**origin(shop=shop, now=now, day=day), campaign=campaign_id)
    write_fact(shop=shop, work=work, fact=fact)
    over = replace(out, state="ended", ended_ms=now.wall_ms)
    work.campaigns.put(over)
    subject = out.plan.offer_id
    record(shop=shop, work=work, now=now, act="campaign_ended", subject=subject)
    return CampaignIsOver(over, refresh_desk(shop=shop, work=work))

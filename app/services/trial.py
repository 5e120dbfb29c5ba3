"""A tier to try: by hand at the tier desk, and at joining.

Owns: those acts with their rights and trail. Does not own: whether he may (app/domain/trial.py),
grants by hand (tier_change.py), trials of a campaign (campaign_tier.py).
It is given at once, also offline; of two that tills gave apart from each other the first counts.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import partial

from app.domain.account import MemberAccount
from app.domain.member import Member
from app.domain.moment import Moment
from app.domain.money import Money
from app.domain.program import Program, Text, Trial
from app.domain.tier_change import steps_up, yearly_cost
from app.domain.tier_desk import place_of
from app.domain.trial import (
    NoTrial,
    TrialFault,
    TrialStart,
    TrialWhy,
    start_trial,
    trial_fact,
    welcome_trial,
)
from app.domain.view import view
from app.services.answers import MemberUnknown, Refusal
from app.services.approval import ClearanceRefusal, Cleared, clearance
from app.services.audit_trail import record
from app.services.fact_origin import origin
from app.services.fact_writer import write_fact
from app.services.open_approval import Approval, Wanted
from app.services.opening import refresh_desk
from app.services.ports import UnitOfWork
from app.services.shop import Shop
from app.services.tier_answers import OwnMembership
from app.services.tier_case import TierCase, tier_case

DAYS_A_YEAR = 365


@dataclass(frozen=True, slots=True)
class TrialStarted:
    """He may try it from now on."""

    member_id: str
    words: Text
    last_day: date


@dataclass(frozen=True, slots=True)
class TrialRefused:
    """Nothing was given."""

    why: TrialFault


def give_trial(
    *, shop: Shop, work: UnitOfWork, member_id: str, trial_id: str, approval: Approval | None = None
) -> (
    TrialStarted | TrialRefused | OwnMembership | MemberUnknown | Refusal | ClearanceRefusal
):  # fmt: skip
    """Let a member try a tier, once. Beyond the right of the role somebody else says yes.

    Changes: facts, accounts, tiers, audit.
    """
    case = tier_case(shop=shop, work=work, member_id=member_id)
    if not isinstance(case, TierCase):
        return case
    start = start_trial(
        case.program, trial_id, view(case.account, case.program, case.day), case.day
    )
    if isinstance(start, NoTrial):
        return TrialRefused(start.why)
    then = partial(give_trial, member_id=member_id, trial_id=trial_id)
    cleared = clearance(
        shop=shop, work=work, wanted=_wanted(case, start), then=then, approval=approval
    )
    if not isinstance(cleared, Cleared):
        return cleared
    by = {"approved_by": (cleared.approved_by,)} if cleared.approved_by else {}
    said = origin(shop=shop, now=case.now, day=case.day, member=case.member.member_id)
    fact = trial_fact(start, case.program, said, "by_hand", **by)
    folded = write_fact(shop=shop, work=work, fact=fact)
    if folded is not None:
        place = place_of(folded, case.program, case.day)
        work.tier_desk.put({case.member.member_id: place})
    _record(shop, work, case.member, start, "by_hand", case.now)
    refresh_desk(shop=shop, work=work)
    return TrialStarted(case.member.member_id, start.trial.name, start.last_day)


def welcome_with_trial(
    *, shop: Shop, work: UnitOfWork, member: Member, now: Moment, day: date
) -> TrialStart | None:
    """What joining lets him try. Needs a phone: anonymous cards would farm it. Changes: facts."""
    program = shop.desk.state.program
    start = None if member.is_anonymous else welcome_trial(program, member.member_id, day)
    if start is None:
        return None
    said = origin(shop=shop, now=now, day=day, member=member.member_id)
    write_fact(shop=shop, work=work, fact=trial_fact(start, program, said, "welcome"))
    _record(shop, work, member, start, "welcome", now)
    return start


def trials_for(account: MemberAccount, program: Program, day: date) -> tuple[Trial, ...]:
    """The trials a member may have now."""
    seen = view(account, program, day)
    return tuple(
        each
        for each in program.trials
        if isinstance(start_trial(program, each.id, seen, day), TrialStart)
    )


def _wanted(case: TierCase, start: TrialStart) -> Wanted:
    """As a tier by hand, for so many days of the year."""
    trial = start.trial
    steps = steps_up(case.account, case.program, trial.tier, case.day)
    yearly = yearly_cost(case.account, case.program, case.standing, trial.tier, case.day)
    cost = Money(yearly * trial.days // DAYS_A_YEAR)
    subject = case.member.member_id
    return Wanted("tier_grant", steps, cost, subject, start.before, trial.tier, "trial")


def _record(
    shop: Shop, work: UnitOfWork, member: Member, start: TrialStart, why: TrialWhy, now: Moment
) -> None:
    details = {"tier": start.trial.tier, "reason": why, "before": start.before}
    record(
        shop=shop, work=work, now=now, act="trial_given", subject=member.member_id,
        details=details,
    )  # fmt: skip

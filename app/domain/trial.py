"""Trials: whether somebody may try a tier now, and what that does.

Owns: those rules and the fact they make. Pure. Does not own: which trial of several counts
(pack.py), the effective tier (tiers.py), who may give one by hand (rights.py).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Literal

from app.domain import effects as do
from app.domain.fact_parts import ProgramRef
from app.domain.occasions import trial_of
from app.domain.program import Program, Trial
from app.domain.tier_fact import TrialGiven
from app.domain.tiers import rank_of
from app.domain.view import AccountView

TrialFault = Literal["unknown", "had_it", "not_above"]
TrialWhy = Literal["welcome", "by_hand", "campaign"]


@dataclass(frozen=True, slots=True)
class TrialStart:
    """He may: from the day it was judged for until `last_day`, inclusive."""

    trial: Trial
    last_day: date
    before: str

    def effect_on(self, day: date) -> do.TierTried:
        return do.TierTried(tier=self.trial.tier, days=(self.last_day - day).days)


@dataclass(frozen=True, slots=True)
class NoTrial:
    """unknown: the rules have no such trial; had_it: he tried this tier before; not_above: he has
    it, or a higher one.
    """

    why: TrialFault


def start_trial(
    program: Program, trial_id: str, member: AccountView, day: date
) -> TrialStart | NoTrial:
    """Whether a member may try a tier from a day on: once per person and tier."""
    trial = program.trial(trial_id)
    return NoTrial("unknown") if trial is None else begin_trial(trial, program, member, day)


def begin_trial(
    trial: Trial, program: Program, member: AccountView, day: date
) -> TrialStart | NoTrial:
    """The same of a trial that need not be one of the program's own: a campaign says its own."""
    if trial_of(trial.tier) in member.occasions:
        return NoTrial("had_it")
    if rank_of(program, member.tier) >= rank_of(program, trial.tier):
        return NoTrial("not_above")
    return TrialStart(trial, day + timedelta(days=trial.days - 1), member.tier)


def welcome_trial(program: Program, member_id: str, day: date) -> TrialStart | None:
    """What somebody who joins may try at once, where the rules give it."""
    if program.welcome.trial is None:
        return None
    new = AccountView(member_id=member_id, tier=program.tiers[0].id, joined=day)
    start = start_trial(program, program.welcome.trial, new, day)
    return start if isinstance(start, TrialStart) else None


def trial_fact(
    start: TrialStart, program: Program, origin: Mapping[str, Any], why: TrialWhy, **more: Any
) -> TrialGiven:
    """The fact of it. `origin`: what every fact says; `more`: campaign, approved_by."""
    return TrialGiven(
        **origin,
        **more,
        effects=(start.effect_on(origin["day"]),),
        trial=start.trial.id,
        tier=start.trial.tier,
        before=start.before,
        last_day=start.last_day,
        why=why,
        program=ProgramRef(program.id, program.version),
    )

"""The program check of packs and trials: what of them could not be explained to a customer.

Owns: those rules. Does not own: the rest of the check (program_check.py), what a pack brings back
(pack.py).
"""

from __future__ import annotations

from collections.abc import Iterator

from app.domain.program import Program
from app.domain.program_problem import Problem
from app.domain.tier_rule import TRIAL_DAYS_MAX

_DAYS_A_MONTH = 28
"""At least; a term that is longer than the shortest months is longer than the pack."""


def check_lent_tiers(program: Program) -> Iterator[Problem]:
    """Tiers that are sold or tried: they exist, above the first, for a time that makes sense."""
    for index, plan in enumerate(program.plans):
        path = f"plans[{index}]"
        yield from _above_entry(program, f"{path}.tier", plan.tier)
        if plan.refund.full_days > plan.months * _DAYS_A_MONTH:
            yield Problem("terms_too_long", f"{path}.refund.full_days", str(plan.refund.full_days))
    for index, trial in enumerate(program.trials):
        path = f"trials[{index}]"
        yield from _above_entry(program, f"{path}.tier", trial.tier)
        if trial.days > TRIAL_DAYS_MAX:
            days = str(trial.days)
            yield Problem("trial_too_long", f"{path}.days", days, str(TRIAL_DAYS_MAX))
    welcome = program.welcome.trial
    if welcome is not None and program.trial(welcome) is None:
        yield Problem("unknown_trial", "welcome.trial", welcome)


def _above_entry(program: Program, path: str, tier: str) -> Iterator[Problem]:
    known = [each.id for each in program.tiers]
    if tier not in known:
        yield Problem("unknown_tier", path, tier, ", ".join(known))
    elif tier == known[0]:
        yield Problem("sells_entry_tier", path, tier)

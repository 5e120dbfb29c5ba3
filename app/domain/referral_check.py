"""The check of a program's referrals: refuses what could not be explained, and names the cure.

Owns: the rules about referrals. Does not own: the rest of the check (program_check.py), what is
given (settlement.py, referral.py).
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from app.domain.program import Program, Referral
from app.domain.program_problem import Problem

YEARS_AT_MOST = 10
"""A step that takes longer, at the program's own number a year, nobody ever sees."""


def check_referral(program: Program) -> Iterator[Problem]:
    """Everything that is wrong with the referrals of a program."""
    rule = program.referral
    if rule is None:
        return
    if not rule.per_year:
        yield Problem("never_rewarded", "referral.per_year", str(rule.per_year))
    if not rule.join_points and not Fraction(rule.first_order_share) and not rule.steps:
        yield Problem("gives_nothing", "referral.join_points", str(rule.join_points))
    yield from _steps(program, rule)


def _steps(program: Program, rule: Referral) -> Iterator[Problem]:
    before = 0
    for index, step in enumerate(rule.steps):
        path = f"referral.steps[{index}]"
        if step.friends <= before:
            yield Problem("step_is_no_more", f"{path}.friends", str(step.friends), str(before))
        before = max(before, step.friends)
        if not step.points and not step.offers:
            yield Problem("gives_nothing", path, str(step.friends))
        if rule.per_year and step.friends > rule.per_year * YEARS_AT_MOST:
            years = str(YEARS_AT_MOST)
            yield Problem("out_of_reach", f"{path}.friends", str(step.friends), years)
        for offer_id in step.offers:
            offer = program.offer(offer_id)
            if offer is None:
                yield Problem("unknown_offer", f"{path}.offers", offer_id)
            elif offer.trigger != "coupon":
                yield Problem("not_a_coupon", f"{path}.offers", offer_id)

"""The check of a program's complaints part: what nobody could keep to is refused, with the cure.

Owns: those rules. Does not own: the rest of a program (program_check.py), its words
(program_problem.py).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from app.domain.complaint_rules import ComplaintChoice, minutes_of
from app.domain.program import Program
from app.domain.program_problem import Problem


def check_complaints(program: Program) -> Iterator[Problem]:
    """Hours that are none, a lower priority that would be quicker, unknown tiers, doubled ids."""
    rules = program.complaints
    yield from _hours(program)
    ladders = (
        ("minutes", (rules.high_minutes, rules.medium_minutes, rules.low_minutes)),
        ("days", (rules.high_days, rules.medium_days, rules.low_days)),
    )
    for unit, (high, medium, low) in ladders:
        if medium < high:
            yield Problem("quicker_below", f"complaints.medium_{unit}", str(medium), str(high))
        if low < medium:
            yield Problem("quicker_below", f"complaints.low_{unit}", str(low), str(medium))
    known = [tier.id for tier in program.tiers]
    for index, tier in enumerate(rules.senior_tiers or ()):
        if tier not in known:
            path = f"complaints.senior_tiers[{index}]"
            yield Problem("unknown_tier", path, tier, ", ".join(known))
    yield from _choices("topics", rules.topics)
    yield from _choices("causes", rules.causes)


def _hours(program: Program) -> Iterator[Problem]:
    for index, each in enumerate(program.complaints.hours):
        opens, closes = minutes_of(each.opens), minutes_of(each.closes)
        if opens is None or closes is None or opens == closes:
            value = f"{each.opens} - {each.closes}"
            yield Problem("not_open_hours", f"complaints.hours[{index}]", value)


def _choices(name: str, choices: Sequence[ComplaintChoice]) -> Iterator[Problem]:
    path = f"complaints.{name}"
    if not choices:
        yield Problem("names_nothing_to_choose", path)
    first: dict[str, str] = {}
    for index, each in enumerate(choices):
        here = f"{path}[{index}].id"
        if each.id in first:
            yield Problem("duplicate", here, each.id, first[each.id])
        first.setdefault(each.id, here)

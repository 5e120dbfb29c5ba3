"""The check of a program's survey part: nobody is asked when it is too late to answer.

Owns: that rule. Does not own: the rest of a program (program_check.py), its words
(program_problem.py).
"""

from __future__ import annotations

from collections.abc import Iterator

from app.domain.program import Program
from app.domain.program_problem import Problem

_HOURS = 24


def check_survey(program: Program) -> Iterator[Problem]:
    """A message that would go when the last day for an answer begins, or later."""
    rule = program.survey
    if rule is not None and rule.message_hours >= rule.open_days * _HOURS:
        hours, days = str(rule.message_hours), str(rule.open_days)
        yield Problem("asked_too_late", "survey.message_hours", hours, days)

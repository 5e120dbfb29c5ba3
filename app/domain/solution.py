"""The library of problems and solutions: which entry counts of several, and what may be written.

Owns: the entry as its facts say, and the check of a new one. Does not own: the fact
(complaint_fact.py), finding (app/store/solution.py), growing it from cases (app/services).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from app.domain.complaint_fact import TITLE_MAX, WORDS_MAX, SolutionNoted
from app.domain.ids import OpId
from app.domain.moment import Moment


@dataclass(frozen=True, slots=True)
class Solution:
    """A problem and what helped. `used`: so many cases were settled by it."""

    solution_id: str
    topic: str
    title: str
    problem: str
    answer: str
    cause: str = ""
    from_case: OpId | None = None
    retired: bool = False
    used: int = 0


Lacking = Literal["title", "problem", "answer"]


@dataclass(frozen=True, slots=True)
class SolutionRefused:
    """A field that is empty or too long (`most` characters); what was typed stays."""

    field: Lacking
    why: Literal["empty", "too_long", "names_a_person"]
    most: int


def check_solution(title: str, problem: str, answer: str) -> SolutionRefused | None:
    """Why an entry is refused; None = it may be written. Everybody reads it, in every store."""
    texts: tuple[tuple[Lacking, str, int], ...] = (
        ("title", title, TITLE_MAX),
        ("problem", problem, WORDS_MAX),
        ("answer", answer, WORDS_MAX),
    )
    for name, text, most in texts:
        if not text.strip():
            return SolutionRefused(name, "empty", most)
        if len(text) > most:
            return SolutionRefused(name, "too_long", most)
        if names_a_number(text):
            return SolutionRefused(name, "names_a_person", most)
    return None


def names_a_number(text: str) -> bool:
    """Whether a phone number seems to stand in a text: eleven digits, or ten, in a row."""
    run = 0
    for sign in text:
        run = run + 1 if sign.isdecimal() else run if sign in " -" else 0
        if run > 9:
            return True
    return False


def latest(facts: Iterable[SolutionNoted]) -> SolutionNoted:
    """Of several facts about one entry the one that counts: the latest by the server's time, then
    by id, on every machine the same."""
    return max(facts, key=order_of)


def order_of(fact: SolutionNoted) -> tuple[int, str]:
    """By what the facts of one entry stand in order."""
    return told_ms(fact.clock), fact.op_id


def told_ms(clock: Moment) -> int:
    """By the server's time, as far as the till knew it."""
    return clock.wall_ms + (clock.offset_ms or 0)


def solution_of(fact: SolutionNoted) -> Solution:
    """The entry that a fact says."""
    return Solution(
        fact.solution, fact.topic, fact.title, fact.problem, fact.answer, fact.cause,
        fact.from_case, fact.retired,
    )  # fmt: skip

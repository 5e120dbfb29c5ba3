"""The library as a room of its own: every entry, what it said before, why people complained.

Owns: the list with retired entries, the story of one, the cases behind a cause. Does not own:
writing an entry and suggesting one (solution.py), one case (complaint_view.py), words.
"""

from __future__ import annotations

from dataclasses import dataclass

from app.domain.complaint_fact import SolutionNoted
from app.domain.complaint_row import CauseCount
from app.domain.complaint_rules import ComplaintChoice
from app.domain.solution import Solution, told_ms
from app.services.complaint_step import LookRefused, may_look
from app.services.complaint_view import CaseLine, case_lines
from app.services.ports import UnitOfWork
from app.services.shop import Shop

ENTRIES_MAX = 300
CASES_MAX = 200


@dataclass(frozen=True, slots=True)
class Library:
    """Entries, those that serve first. `there_are_more`: the typed text is too short."""

    entries: tuple[Solution, ...]
    there_are_more: bool


@dataclass(frozen=True, slots=True)
class SolutionVersion:
    """How an entry read from a moment on, and who wrote it so."""

    at_ms: int
    by: str
    store: str
    solution: Solution


@dataclass(frozen=True, slots=True)
class CauseReport:
    """Why people complained in a span, with the names of the choices then and now."""

    rows: tuple[CauseCount, ...]
    topics: tuple[ComplaintChoice, ...]
    causes: tuple[ComplaintChoice, ...]


def read_library(*, shop: Shop, work: UnitOfWork, text: str = "") -> Library | LookRefused:
    """What fits a typed text, also among the retired; without one everything. Changes nothing."""
    refused = may_look(shop)
    if refused is not None:
        return refused
    wanted = text.strip()
    found = work.solutions.every(ENTRIES_MAX + 1)
    more = len(found) > ENTRIES_MAX
    if wanted:
        best = work.solutions.search(wanted, ENTRIES_MAX)
        old = [each for each in found if each.retired and _says(each, wanted)]
        return Library((*best, *old), there_are_more=False)
    ordered = sorted(found[:ENTRIES_MAX], key=lambda each: each.retired)
    return Library(tuple(ordered), more)


def _says(entry: Solution, text: str) -> bool:
    """Retired entries are in no index."""
    whole = f"{entry.title} {entry.problem} {entry.answer}".casefold()
    return all(word in whole for word in text.casefold().split())


def solution_story(
    *, shop: Shop, work: UnitOfWork, solution_id: str
) -> tuple[SolutionVersion, ...] | LookRefused:
    """Every version of an entry, the one that counts first. Changes nothing."""
    refused = may_look(shop)
    if refused is not None:
        return refused
    people = {person.staff_id: person.name for person in work.staff.all_staff()}

    def version(fact: SolutionNoted, solution: Solution) -> SolutionVersion:
        by = people.get(fact.staff or "", "")
        return SolutionVersion(told_ms(fact.clock), by, fact.store, solution)

    return tuple(version(fact, each) for fact, each in work.solutions.past(solution_id))


def report_causes(
    *, shop: Shop, work: UnitOfWork, since_ms: int, until_ms: int
) -> CauseReport | LookRefused:
    """Why people complained in a span of time, the most frequent first. Changes nothing."""
    refused = may_look(shop)
    if refused is not None:
        return refused
    rules = shop.desk.state.program.complaints
    rows = work.complaints.causes(since_ms, until_ms)
    return CauseReport(tuple(rows), rules.topics, rules.causes)


def cases_behind(
    *, shop: Shop, work: UnitOfWork, since_ms: int, until_ms: int, topic: str, cause: str
) -> tuple[CaseLine, ...] | LookRefused:
    """The cases that one row of the report counts, newest first. Changes nothing."""
    refused = may_look(shop)
    if refused is not None:
        return refused
    rows = work.complaints.of_cause(since_ms, until_ms, topic, cause, CASES_MAX)
    return case_lines(shop=shop, work=work, rows=rows)

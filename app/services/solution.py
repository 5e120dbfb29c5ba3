"""The library of problems and solutions: looking in it while somebody types, and adding to it.

Owns: searching, writing an entry (also from a settled case), retiring one. Does not own: the room
(solution_library.py), finding by words (a repository), which of several facts counts (app/domain).
An entry is read in every store: no customer's words are put in it by themselves. What a case begins
with is offered as a draft, for somebody to write anew.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from typing import TypeAlias

from app.domain.complaint_fact import SolutionNoted
from app.domain.ids import OpId
from app.domain.solution import Solution, SolutionRefused, check_solution
from app.services.approval import ClearanceRefusal, Cleared
from app.services.audit_trail import record
from app.services.complaint import NotAChoice
from app.services.complaint_step import (
    LookRefused,
    NoSuchComplaint,
    cleared_for,
    may_look,
    read_case,
)
from app.services.fact_origin import origin
from app.services.fact_writer import fact_day, write_fact
from app.services.open_approval import Approval
from app.services.ports import UnitOfWork
from app.services.shop import Shop

SUGGESTIONS = 5


@dataclass(frozen=True, slots=True)
class NewSolution:
    """An entry as it is written. `solution_id` None: a new one."""

    topic: str
    title: str
    problem: str
    answer: str
    cause: str = ""
    from_case: OpId | None = None
    solution_id: str | None = None
    retired: bool = False


@dataclass(frozen=True, slots=True)
class SolutionKept:
    """It stands in the library."""

    solution_id: str


SolutionAnswer: TypeAlias = SolutionKept | SolutionRefused | NotAChoice | ClearanceRefusal


def suggest_solutions(
    *, shop: Shop, work: UnitOfWork, text: str, limit: int = SUGGESTIONS
) -> tuple[Solution, ...] | LookRefused:
    """What helped with something like this, the best first; for a text without a word the newest.

    Changes nothing.
    """
    refused = may_look(shop)
    if refused is not None:
        return refused
    if not text.strip():
        return tuple(work.solutions.newest(limit))
    return tuple(work.solutions.search(text, limit))


def keep_solution(
    *, shop: Shop, work: UnitOfWork, new: NewSolution, approval: Approval | None = None
) -> SolutionAnswer:
    """Write an entry or change one. One that stands keeps its topic and its cause, also where the
    rules do not have them any more. Changes: facts, the library, audit."""
    then = partial(keep_solution, new=new)
    before = work.solutions.get(new.solution_id) if new.solution_id is not None else None
    refused: SolutionRefused | NotAChoice | None = None
    if before is None or replace(_as_new(before), retired=new.retired) != new:
        refused = check_solution(new.title, new.problem, new.answer)
        refused = refused or _no_choice(shop, new, before)
    if refused is not None:
        return refused
    cleared = cleared_for(shop, work, "complaint_lead", new.solution_id or "", then, approval)
    if not isinstance(cleared, Cleared):
        return cleared
    now = shop.now()
    day, _ = fact_day(work, shop.desk.state.program, now, shop.desk.state.last_moment)
    begun = origin(shop=shop, now=now, day=day)
    fact = SolutionNoted(
        **begun,
        solution=new.solution_id or begun["op_id"],
        topic=new.topic,
        title=new.title.strip(),
        problem=new.problem.strip(),
        answer=new.answer.strip(),
        cause=new.cause,
        from_case=new.from_case,
        retired=new.retired,
    )
    write_fact(shop=shop, work=work, fact=fact)
    work.solutions.take(fact)
    record(shop=shop, work=work, now=now, act="solution_written", subject=fact.solution)
    return SolutionKept(fact.solution)


def _no_choice(shop: Shop, new: NewSolution, before: Solution | None) -> NotAChoice | None:
    rules = shop.desk.state.program.complaints
    topics = {each.id for each in rules.topics} | ({before.topic} if before else set())
    if new.topic not in topics:
        return NotAChoice("topic", new.topic)
    causes = {"", *(each.id for each in rules.causes)} | ({before.cause} if before else set())
    if new.cause not in causes:
        return NotAChoice("cause", new.cause)
    return None


def _as_new(entry: Solution) -> NewSolution:
    return NewSolution(
        entry.topic, entry.title, entry.problem, entry.answer, entry.cause, entry.from_case,
        entry.solution_id, entry.retired,
    )  # fmt: skip


def draft_from_case(
    *, shop: Shop, work: UnitOfWork, case_id: OpId
) -> NewSolution | NoSuchComplaint | LookRefused:
    """What a settled case offers for an entry: topic and cause; a person writes the words.

    Changes nothing.
    """
    refused = may_look(shop)
    if refused is not None:
        return refused
    case = read_case(work, case_id, shop.now())
    if isinstance(case, NoSuchComplaint):
        return case
    return NewSolution(case.opened.topic, "", "", "", case.cause, case_id)

"""A complaint: what its facts add up to - where it stands, who has it, what was given, what may be
done next.

Owns: the state machine, folded from the facts of one case in the order they happened. Does not
own: the facts (complaint_fact.py), their order (case_time.py), how much time is left
(complaint_clock.py), who may do what (rights.py).

Two tills may act at once without knowing of each other: every fact stands in the story, and one
that does not fit the state it met changes nothing (`fits` is False there).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal

from app.domain.case_time import Said, story_times
from app.domain.complaint_fact import (
    Answered,
    Assigned,
    Back,
    CaseFact,
    CauseFound,
    Closed,
    Compensated,
    ComplaintOpened,
    ComplaintStepped,
    Escalated,
    FollowedUp,
    PhotoAdded,
    Prioritised,
    Reopened,
    Resolved,
    Step,
    Waiting,
)
from app.domain.complaint_rules import PRIORITIES, Priority
from app.domain.ids import OpId
from app.domain.moment import Moment
from app.domain.opening_hours import opens_on_ms

State = Literal["new", "in_hand", "waiting", "resolved", "closed"]
OPEN: tuple[State, ...] = ("new", "in_hand", "waiting")

_ANY: tuple[State, ...] = (*OPEN, "resolved", "closed")
_FITS: dict[type[Step], tuple[State, ...]] = {
    Assigned: OPEN,
    Answered: OPEN,
    Waiting: ("in_hand",),
    Back: ("waiting",),
    Compensated: _ANY,
    Resolved: OPEN,
    FollowedUp: ("resolved", "closed"),
    Closed: ("resolved",),
    Reopened: ("resolved", "closed"),
    Escalated: OPEN,
    Prioritised: OPEN,
}
"""Steps of other kinds always fit."""


@dataclass(frozen=True, slots=True)
class CaseEvent:
    """One fact of the story, when it happened. `fits`: it changed what it was meant to."""

    op_id: OpId
    at_ms: int
    fact: CaseFact
    fits: bool = True

    @property
    def step(self) -> Step | None:
        """None of the opening."""
        return self.fact.step if isinstance(self.fact, ComplaintStepped) else None


@dataclass(slots=True)
class Case:
    """One complaint as its facts say, at one moment."""

    opened: ComplaintOpened
    opened_ms: int
    now_ms: int
    doubted: bool
    """Some clock was off and not believed."""
    state: State = "new"
    priority: Priority = "low"
    escalated: int = 0
    """How often by hand."""
    assigned: str | None = None
    answered: bool = False
    """Whether the customer ever heard from the shop."""
    cause: str = ""
    score: int | None = None
    resolved: Resolved | None = None
    resolved_ms: int | None = None
    """Set while it is resolved or closed."""
    closed_ms: int | None = None
    followed_up: bool = False
    """Since it was resolved last."""
    given: tuple[Compensated, ...] = ()
    photos: tuple[PhotoAdded, ...] = ()
    reopened: int = 0
    events: list[CaseEvent] = field(default_factory=list)

    @property
    def case_id(self) -> OpId:
        return self.opened.op_id

    @property
    def is_open(self) -> bool:
        return self.state in OPEN

    @property
    def last(self) -> OpId:
        """The fact that the next one names as seen."""
        return self.events[-1].op_id

    @property
    def given_minor(self) -> int:
        """What was given for it so far."""
        return sum(each.amount_minor for each in self.given)

    def may(self, step: type[Step]) -> bool:
        """Whether such a step fits what stands now."""
        if step is Waiting and not self.answered:
            return False
        if step is Reopened and self.is_too_old:
            return False
        return self.state in _FITS.get(step, _ANY)

    @property
    def is_too_old(self) -> bool:
        """It was settled so long ago that it begins anew instead of being opened again."""
        done = self.closed_ms if self.closed_ms is not None else self.resolved_ms
        return done is not None and self.now_ms - done > self.opened.rules.reopen_ms

    @property
    def follow_up_on_ms(self) -> int | None:
        """When to ask how it went; None = not now."""
        if self.state != "resolved" or self.followed_up or self.resolved_ms is None:
            return None
        rules = self.opened.rules
        chosen = None if self.resolved is None else self.resolved.follow_up
        if chosen is not None:
            return max(self.resolved_ms, opens_on_ms(rules.hours, chosen))
        return self.resolved_ms + rules.follow_up_ms


@dataclass(frozen=True, slots=True)
class NotOpened:
    """Facts about a case whose opening did not come yet."""


def case_of(facts: Iterable[CaseFact], now: Moment) -> Case | NotOpened:
    """Fold the facts of one case, in whatever order they came."""
    by_id = {fact.op_id: fact for fact in facts}
    openings = [fact for fact in by_id.values() if isinstance(fact, ComplaintOpened)]
    if not openings:
        return NotOpened()
    opened = openings[0]
    steps = [fact for fact in by_id.values() if isinstance(fact, ComplaintStepped)]
    said = [Said(opened.op_id, opened.clock)]
    said += [Said(each.op_id, each.clock, _seen(each, by_id)) for each in steps]
    times = story_times(said, now)
    opened_ms = times.at[opened.op_id]
    case = Case(opened, opened_ms, times.now_ms, times.doubted, priority=opened.priority)
    case.events.append(CaseEvent(opened.op_id, opened_ms, opened))
    for op_id, at_ms in times.at.items():
        fact = by_id[op_id]
        if isinstance(fact, ComplaintStepped):
            _take(case, fact, at_ms)
    return case


def _seen(step: ComplaintStepped, known: dict[OpId, CaseFact]) -> OpId:
    """What its writer had seen last; where that is not here (yet), at least the opening."""
    return step.after if step.after in known else step.case


def _take(case: Case, fact: ComplaintStepped, at_ms: int) -> None:
    fits = _fits_then(case, fact.step, at_ms)
    case.events.append(CaseEvent(fact.op_id, at_ms, fact, fits))
    if fits:
        _apply(case, fact.step, at_ms)


def _fits_then(case: Case, step: Step, at_ms: int) -> bool:
    if isinstance(step, Waiting) and not case.answered:
        return False
    if isinstance(step, Reopened):
        done = case.closed_ms if case.closed_ms is not None else case.resolved_ms
        if done is not None and at_ms - done > case.opened.rules.reopen_ms:
            return False
    if isinstance(step, Prioritised) and not is_higher(step.priority, case.priority):
        return False
    return case.state in _FITS.get(type(step), _ANY)


def _apply(case: Case, step: Step, at_ms: int) -> None:
    match step:
        case Resolved():
            case.state, case.answered = "resolved", True
            case.resolved, case.resolved_ms, case.followed_up = step, at_ms, False
            case.cause = step.cause
        case Reopened():
            case.state, case.reopened = "in_hand", case.reopened + 1
            case.resolved = case.resolved_ms = case.closed_ms = None
        case Closed():
            case.state, case.closed_ms = "closed", at_ms
        case FollowedUp():
            # Nobody reached is asked again.
            case.followed_up = step.score is not None
            case.score = case.score if step.score is None else step.score
        case Compensated():
            case.given = (*case.given, step)
        case PhotoAdded():
            case.photos = (*case.photos, step)
        case _:
            _apply_at_work(case, step)


def _apply_at_work(case: Case, step: Step) -> None:
    """What happens while it is open."""
    match step:
        case Assigned():
            case.assigned = step.to
            case.state = "in_hand" if case.state == "new" else case.state
        case Answered():
            # Word from the shop does not end the waiting: only the customer does.
            case.answered = True
            case.state = "in_hand" if case.state == "new" else case.state
        case Waiting():
            case.state = "waiting"
        case Back():
            case.state = "in_hand"
        case Escalated():
            case.escalated += 1
        case Prioritised():
            case.priority = step.priority
        case CauseFound():
            case.cause = step.cause
        case _:
            pass  # a note stands in the story


def is_higher(one: Priority, other: Priority) -> bool:
    """Whether a priority is above another."""
    return PRIORITIES.index(one) < PRIORITIES.index(other)

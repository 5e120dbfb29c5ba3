"""Keeping figures: facts counted behind the scenes, accounts gone through once a day, segments.

Owns: in how small units it is done, when accounts and segments are due again. Does not own: what a
fact adds and how a member is judged (app/domain), the tables (repositories), when it looks (the
caretaker; whoever opens the figures). A sale never waits for it longer than for one unit.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import partial

from app.domain.consent import refuses
from app.domain.facts import NotAFact, UnknownFact, read_fact
from app.domain.figure_count import FigureBatch, Place, till_number
from app.domain.figure_record import CountedSoFar, UncountedFact
from app.domain.moment import Moment
from app.domain.person_figures import PersonLife
from app.domain.segments import Rfm, Segmented, SegmentRules, cuts_of, seen_of, segment_of
from app.domain.standing_points import StandingSums
from app.services.desk import today
from app.services.ports import Lane, UnitOfWork
from app.services.program import read_programs
from app.services.shop import Shop

FACTS_A_UNIT = 100
MEMBERS_A_UNIT = 100
LIVES_A_UNIT = 500
UNITS_A_LOOK = 200
"""So much is counted at one look of the caretaker: he has other things to do as well."""

KeepOn = Callable[[CountedSoFar], bool]
"""Told after each unit how far it is; False ends it there."""


@dataclass(frozen=True, slots=True)
class FiguresKept:
    """What was done. `is_done`: nothing waits any more."""

    counted: int
    is_done: bool


def count_facts(*, shop: Shop, lane: Lane, keep_on: KeepOn | None = None) -> FiguresKept:
    """Count the facts that no figure holds yet, and follow merges. Off the lane.

    Without `keep_on` as many as fit one look; with it until it says no. Changes: figures.
    """
    lane.run(lambda work: work.figure_counts.follow_merges())
    counted = units = 0
    while keep_on is not None or units < UNITS_A_LOOK:
        part, so_far = lane.run(partial(_count_unit, shop))
        counted, units = counted + part, units + 1
        if part < FACTS_A_UNIT:
            return FiguresKept(counted, is_done=True)
        if keep_on is not None and not keep_on(so_far):
            break
    return FiguresKept(counted, is_done=False)


def _count_unit(shop: Shop, work: UnitOfWork) -> tuple[int, CountedSoFar]:
    facts = work.figure_counts.uncounted(FACTS_A_UNIT)
    batch = FigureBatch()
    for each in facts:
        _count(shop, batch, each)
    if facts:
        work.figure_counts.add(batch, facts)
    return len(facts), work.figure_counts.so_far()


def _count(shop: Shop, batch: FigureBatch, stored: UncountedFact) -> None:
    fact = read_fact(stored.data)
    if isinstance(fact, UnknownFact | NotAFact):
        return  # of a newer program that ran here before, or forgotten meanwhile
    till: int | None = shop.identity.till_number
    if stored.place is None:
        till = till_number(getattr(fact, "code", ""))
    if till is not None:
        batch.count(Place(fact.store, till), fact)


# ------------------------------------------------------------------ accounts and segments


@dataclass(slots=True)
class _Gone:
    """What going through the accounts has found so far."""

    sums: StandingSums
    refused: set[str] = field(default_factory=set)


def judge_members(
    *,
    shop: Shop,
    lane: Lane,
    keep_on: Callable[[], bool] | None = None,
    tell: Callable[[int], bool] | None = None,
) -> bool:
    """Go through all accounts, then score everybody and name the segments; whether it came to its
    end. Off the lane. `tell` hears how many members were looked through. Changes: figures."""
    day = lane.run(partial(_today, shop))
    gone = _Gone(StandingSums(day))
    looked = 0

    def goes_on() -> bool:
        return (tell is None or tell(looked)) and (keep_on is None or keep_on())

    after = ""
    while (after := lane.run(partial(_accounts_unit, gone, after))) and goes_on():
        looked += MEMBERS_A_UNIT
    if after:
        return False
    lane.run(partial(_keep_standing, gone))
    _keep_refused(gone, lane)
    return _judge_all(lane, gone, goes_on)


def is_judging_due(*, shop: Shop, work: UnitOfWork) -> bool:
    """Whether accounts were gone through before today, or never."""
    kept = work.figures.standing()
    return kept is None or kept.as_of < _today(shop, work)


def _today(shop: Shop, work: UnitOfWork) -> date:
    now: Moment = shop.now()
    return today(read_programs(work=work)[-1], now)


def _accounts_unit(gone: _Gone, after: str, work: UnitOfWork) -> str:
    """The next few members; the id to go on behind, empty at the end."""
    page = work.members.page(after, MEMBERS_A_UNIT)
    accounts = work.accounts.get_many([member.member_id for member in page])
    for member in page:
        account = accounts.get(member.member_id)
        if member.status == "erased":
            gone.refused.add(member.member_id)  # nobody is judged who asked to be forgotten
        if member.status not in ("active", "frozen"):
            continue
        gone.sums.add_member(member.joined)
        if account is not None:
            gone.sums.add_account(account)
            if refuses(account, "profiling"):
                gone.refused.add(member.member_id)
    return page[-1].member_id if len(page) == MEMBERS_A_UNIT else ""


def _keep_standing(gone: _Gone, work: UnitOfWork) -> None:
    work.figures.put_standing(gone.sums.standing())


def _keep_refused(gone: _Gone, lane: Lane) -> None:
    while lane.run(lambda work: work.segments.forget_refused(LIVES_A_UNIT)):
        pass
    people = sorted(gone.refused)
    for start in range(0, len(people), LIVES_A_UNIT):
        part = people[start : start + LIVES_A_UNIT]
        lane.run(partial(_add_refused, part))


def _add_refused(people: Sequence[str], work: UnitOfWork) -> None:
    work.segments.add_refused(people)


def _put_segments(day: date, judged: Mapping[str, Segmented | None], work: UnitOfWork) -> None:
    work.segments.put(day, judged)


def _judge_all(lane: Lane, gone: _Gone, goes_on: Callable[[], bool]) -> bool:
    """Two ways through everybody's life: where the scores are cut, and who has which."""
    day = gone.sums.as_of
    rules = lane.run(lambda work: work.segments.rules())
    scored: list[Rfm] = []
    after = ""
    while page := lane.run(partial(_lives, after)):
        for person, life in page:
            seen = None if person in gone.refused else seen_of(life, day)
            scored += [] if seen is None else [seen.rfm]
        after = page[-1][0]
        if not goes_on():
            return False
    cuts = cuts_of(scored, rules)
    after = ""
    while page := lane.run(partial(_lives, after)):
        judged = {
            person: None if person in gone.refused else segment_of(life, day, cuts, rules)
            for person, life in page
        }
        lane.run(partial(_put_segments, day, judged))
        after = page[-1][0]
        if not goes_on():
            return False
    after = ""
    while after := lane.run(partial(_drop, day, after)):
        pass
    return True


def _drop(day: date, after: str, work: UnitOfWork) -> str:
    return work.segments.drop_before(day, after, LIVES_A_UNIT)


def _lives(after: str, work: UnitOfWork) -> list[tuple[str, PersonLife]]:
    return list(work.segments.lives(after, LIVES_A_UNIT))


def put_segment_rules(*, work: UnitOfWork, rules: SegmentRules) -> None:
    """Keep rules that were checked (segments.check_rules). Changes: figures."""
    work.segments.put_rules(rules)

"""Figures: a span of days of this shop, or of one of its tills, beside the span before; cohorts;
the members behind a figure.

Owns: those questions, and who may ask. Does not own: arithmetic (app/domain/figures.py), counting
(figure_keeping.py), words (figure_words.py), the screen. Everything works offline; how new the
other tills' figures are is said with them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from app.domain.consent import refuses
from app.domain.figure_record import (
    CountedSoFar,
    PersonLine,
    SegmentCounts,
    SegmentLine,
    TillSeen,
)
from app.domain.figures import (
    LEAST_SALES,
    Days,
    Figure,
    FigureId,
    PeopleSums,
    TenderShare,
    days_before,
    month_of,
    people_figures,
    referral_figures,
    standing_figures,
    sum_figures,
    survey_figures,
    tender_mix,
)
from app.domain.months import Month
from app.domain.person_figures import CohortLine, cohort_lines
from app.domain.redemption import worth_of_points
from app.domain.segments import Segment
from app.services.answers import NotAllowed, SignInFirst
from app.services.desk import allowed, program_in_force, today
from app.services.ports import UnitOfWork
from app.services.shop import Shop

SPAN_DAYS_MAX = 1_100
"""Three years: a till keeps little more than one."""
COHORTS_MAX = 36
PAGE_LINES_MAX = 200


@dataclass(frozen=True, slots=True)
class SpanTooLong:
    """More days than are read at once."""

    most_days: int


@dataclass(frozen=True, slots=True)
class FigureBeside:
    """A figure, and the same one in the span it is compared with; None where it has none there."""

    figure: Figure
    before: Figure | None = None


@dataclass(frozen=True, slots=True)
class DaySums:
    """One day of the span as a chart draws it."""

    day: date
    sales: int
    paid_minor: int
    member_paid_minor: int
    back_minor: int
    member_sales: int = 0


@dataclass(frozen=True, slots=True)
class FiguresRead:
    """All figures of a slice. `till` None: the whole shop, as far as this till knows it."""

    days: Days
    compared: Days
    till: int | None
    figures: Mapping[FigureId, FigureBeside]
    tenders: tuple[TenderShare, ...]
    by_day: tuple[DaySums, ...]
    tills: tuple[TillSeen, ...]
    """How new each till's part is."""
    so_far: CountedSoFar
    """Facts that wait are in no figure yet."""
    standing_as_of: date | None
    """The day of the figures of all accounts; None: they are not known yet."""
    segments: SegmentCounts | None
    of_chain: bool = False
    """Head office's, of all stores (chain_figures.py)."""


FiguresAnswer = FiguresRead | SpanTooLong | SignInFirst | NotAllowed


def figures_today(*, shop: Shop) -> date:
    """The business day that "today" means."""
    return today(shop.desk.state.program, shop.now())


def read_figures(
    *,
    shop: Shop,
    work: UnitOfWork,
    days: Days,
    till: int | None = None,
    beside: Days | None = None,
    people: tuple[PeopleSums, PeopleSums] | None = None,
) -> FiguresAnswer:
    """All figures of a span, beside `beside` or the span before. Changes nothing.

    `people`: what members did in both spans, where that was gathered before (figure_gathering.py).
    """
    refusal = refusal_of(shop=shop, days=days)
    if refusal is not None:
        return refusal
    compared = beside or days_before(days)
    ours, theirs = people or (None, None)
    segments = work.segments.counts() if till is None else None
    told = (*_of_days(shop, work, days, till, ours), *_of_segments(segments))
    now = {each.id: each for each in told}
    before = {each.id: each for each in _of_days(shop, work, compared, till, theirs)}
    standing = work.figures.standing() if till is None else None
    return FiguresRead(
        days=days,
        compared=compared,
        till=till,
        figures={name: FigureBeside(each, _earlier(before, name)) for name, each in now.items()},
        tenders=tender_mix(work.figures.sums(days, till)),
        by_day=_by_day(work, days, till),
        tills=tuple(work.figures.tills()),
        so_far=work.figure_counts.so_far(),
        standing_as_of=None if standing is None else standing.as_of,
        segments=segments,
    )


def slice_figures(
    *, shop: Shop, work: UnitOfWork, days: Days, till: int | None
) -> tuple[Figure, ...]:
    """Every figure of a slice: the one place where screen, drill-down and export get them from."""
    segments = work.segments.counts() if till is None else None
    return (*_of_days(shop, work, days, till, None), *_of_segments(segments))


def _of_days(
    shop: Shop, work: UnitOfWork, days: Days, till: int | None, people: PeopleSums | None
) -> tuple[Figure, ...]:
    told = sum_figures(work.figures.sums(days, till))
    life = work.figures.life(days.last) if till is None else None
    told += people_figures(people or work.figures.people(days, till), life)
    told += referral_figures(work.figures.sent(days, till))
    told += _of_answers(shop, work, days, till)
    return told if till is not None else told + _standing(shop, work, days.last)


def _of_answers(shop: Shop, work: UnitOfWork, days: Days, till: int | None) -> tuple[Figure, ...]:
    asked = program_in_force(shop.desk.state.programs, days.last).survey
    return survey_figures(work.surveys.sums(days, shop.identity.store_id, till), asked)


def _of_segments(counts: SegmentCounts | None) -> tuple[Figure, ...]:
    return () if counts is None else (Figure("dormant", counts.by_segment.get("dormant", 0)),)


def _standing(shop: Shop, work: UnitOfWork, last: date) -> tuple[Figure, ...]:
    standing = work.figures.standing()
    if standing is None:
        return ()
    program = program_in_force(shop.desk.state.programs, standing.as_of)
    return standing_figures(
        standing,
        last=last,
        worth=lambda points: worth_of_points(program, points),
        soon_months=program.expiring.warn_months,
    )


_OF_TODAY: frozenset[FigureId] = frozenset(
    {"points_outstanding", "points_value", "points_expiring", "points_breakage", "dormant"}
)
"""What only stands as it is now: there is no earlier one to compare it with."""


def _earlier(before: Mapping[FigureId, Figure], name: FigureId) -> Figure | None:
    return None if name in _OF_TODAY else before.get(name)


def _by_day(work: UnitOfWork, days: Days, till: int | None) -> tuple[DaySums, ...]:
    found = work.figures.sums_by_day(days, till)
    return tuple(
        DaySums(
            day,
            sums.get("sales", 0),
            sums.get("paid", 0),
            sums.get("member_paid", 0),
            sums.get("back", 0),
            sums.get("member_sales", 0),
        )
        for day, sums in sorted(found.items())
    )


@dataclass(frozen=True, slots=True)
class FigureDays:
    """One figure day by day: the days on which there is anything to it, the oldest first."""

    lines: tuple[tuple[date, Figure], ...]


def figure_by_day(
    *, shop: Shop, work: UnitOfWork, figure: FigureId, days: Days, till: int | None = None
) -> FigureDays | NobodyBehind | SpanTooLong | SignInFirst | NotAllowed:
    """The days a figure is made of, each by the same arithmetic. Changes nothing.

    NobodyBehind: it is made of no days, but of members or of all accounts.
    """
    refusal = refusal_of(shop=shop, days=days)
    if refusal is not None:
        return refusal
    if not is_of_days(figure):
        return NobodyBehind()
    return figure_days(figure, work.figures.sums_by_day(days, till))


def is_of_days(figure: FigureId) -> bool:
    """Whether days stand behind it: it follows from their sums alone."""
    return figure in {each.id for each in sum_figures({})}


def figure_days(figure: FigureId, by_day: Mapping[date, Mapping[str, int]]) -> FigureDays:
    """One figure of each day on which there is anything to it."""
    told = [(day, each) for day, sums in sorted(by_day.items()) for each in sum_figures(sums)]
    return FigureDays(
        tuple((day, each) for day, each in told if each.id == figure and each.numerator)
    )


def refusal_of(*, shop: Shop, days: Days) -> SpanTooLong | SignInFirst | NotAllowed | None:
    """Why somebody may not see the figures of these days."""
    refusal = allowed(shop, "x_report")
    if refusal is not None:
        return refusal
    return SpanTooLong(SPAN_DAYS_MAX) if days.count > SPAN_DAYS_MAX else None


# ------------------------------------------------------------------ cohorts


@dataclass(frozen=True, slots=True)
class CohortsRead:
    """Cohorts by the month of their first purchase, the oldest first."""

    cohorts: tuple[CohortLine, ...]


def read_cohorts(
    *, shop: Shop, work: UnitOfWork, last: date, months: int = 12
) -> CohortsRead | SignInFirst | NotAllowed:
    """The cohorts of so many months up to the one of `last`. Changes nothing."""
    refusal = allowed(shop, "x_report")
    if refusal is not None:
        return refusal
    until = Month.of(last)
    since = until.plus(1 - min(max(months, 1), COHORTS_MAX))
    return CohortsRead(cohort_lines(work.figures.cells(), since, until))


# ------------------------------------------------------------------ the members behind a figure


@dataclass(frozen=True, slots=True)
class PeopleBehind:
    """One page of the members behind a figure. `has_more`: the next page is not empty."""

    lines: tuple[PersonLine, ...]
    has_more: bool


@dataclass(frozen=True, slots=True)
class NobodyBehind:
    """There are no members behind this figure: it counts receipts, points or coupons."""


PeopleAnswer = PeopleBehind | NobodyBehind | SpanTooLong | SignInFirst | NotAllowed


def people_behind(
    *,
    shop: Shop,
    work: UnitOfWork,
    figure: FigureId,
    days: Days,
    till: int | None = None,
    offset: int = 0,
    limit: int = 50,
) -> PeopleAnswer:
    """The members a figure counts, those who paid most first: exactly as many as it says."""
    refusal = refusal_of(shop=shop, days=days)
    if refusal is not None:
        return refusal
    most = _page_size(limit)
    if figure == "joined":
        found = work.figures.joined_page(days, till, offset=offset, limit=most + 1)
    elif figure == "referral_conversion":
        found = work.figures.sent_page(days, till, offset=offset, limit=most + 1)
    elif figure == "lifetime_value" and till is None:
        ever = Days(date.min, days.last)
        found = work.figures.people_page(ever, None, least_sales=1, offset=offset, limit=most + 1)
    elif figure in LEAST_SALES:
        least = LEAST_SALES[figure]
        found = work.figures.people_page(
            days, till, least_sales=least, offset=offset, limit=most + 1
        )
    else:
        return NobodyBehind()
    return _people_page(found, most)


def people_of_cohort(
    *,
    shop: Shop,
    work: UnitOfWork,
    cohort: Month,
    month: Month,
    offset: int = 0,
    limit: int = 50,
) -> PeopleBehind | SignInFirst | NotAllowed:
    """Who of a cohort bought in a month: as many as its cell says."""
    refusal = allowed(shop, "x_report")
    if refusal is not None:
        return refusal
    born, days, most = month_of(cohort.first_day), month_of(month.first_day), _page_size(limit)
    return _people_page(work.figures.cohort_page(born, days, offset, most + 1), most)


@dataclass(frozen=True, slots=True)
class SegmentRead:
    """One page of a segment. `has_more`: the next page is not empty."""

    lines: tuple[SegmentLine, ...]
    has_more: bool


def people_of_segment(
    *, shop: Shop, work: UnitOfWork, segment: Segment, offset: int = 0, limit: int = 50
) -> SegmentRead | SignInFirst | NotAllowed:
    """Who is in a segment, the most money first; whoever said no to it since is left out."""
    refusal = allowed(shop, "x_report")
    if refusal is not None:
        return refusal
    most = _page_size(limit)
    found = work.segments.page(segment, offset, most + 1)
    return SegmentRead(_still_asked(work, found[:most]), len(found) > most)


def _still_asked(work: UnitOfWork, lines: Sequence[SegmentLine]) -> tuple[SegmentLine, ...]:
    accounts = work.accounts.get_many([line.person for line in lines])
    return tuple(
        line
        for line in lines
        if line.person not in accounts or not refuses(accounts[line.person], "profiling")
    )


def _people_page(found: Sequence[PersonLine], most: int) -> PeopleBehind:
    return PeopleBehind(tuple(found[:most]), len(found) > most)


def _page_size(limit: int) -> int:
    return min(max(limit, 1), PAGE_LINES_MAX)

"""Gathering: what members did in a long span, read in small units beside the lane.

Owns: into which parts a long span falls, putting them together, telling how far it is. Does not
own: the figures (figures.py), what a part is read from (a repository). Grouping a year of visits at
once would keep a sale waiting for seconds; a week of it does not.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import partial

from app.domain.figure_record import PersonLine, PersonSums
from app.domain.figures import LEAST_SALES, Days, FigureId, PeopleSums, days_before
from app.services.answers import NotAllowed, SignInFirst
from app.services.desk import allowed
from app.services.figures import (
    FiguresAnswer,
    NobodyBehind,
    PeopleBehind,
    SpanTooLong,
    read_figures,
    refusal_of,
)
from app.services.ports import Lane, UnitOfWork
from app.services.shop import Shop

PART_DAYS = 7
LONG_DAYS = 62
"""Longer spans are gathered; shorter ones are read in one unit of work."""
Tell = Callable[[int, int], bool]
"""Hears how many parts of how many are done; False: nobody waits any more."""


@dataclass(frozen=True, slots=True)
class GatheringStopped:
    """Nobody wanted to wait for the rest."""


def untold(_done: int, _of: int) -> bool:
    """Nobody watches, and it goes on."""
    return True


def read_long_figures(
    *,
    shop: Shop,
    lane: Lane,
    days: Days,
    till: int | None = None,
    beside: Days | None = None,
    tell: Tell = untold,
) -> FiguresAnswer | GatheringStopped:
    """All figures of a long span, as `read_figures` tells them. Off the lane. Changes nothing."""
    refusal = refusal_of(shop=shop, days=days)
    if refusal is not None:
        return refusal
    compared = beside or days_before(days)
    spans = [_parts(lane, each) for each in (days, compared)]
    of = sum(map(len, spans))
    now = _gather(lane, spans[0], till, lambda at: tell(at, of))
    before = (
        None
        if now is None
        else _gather(lane, spans[1], till, lambda at: tell(len(spans[0]) + at, of))
    )
    if now is None or before is None:
        return GatheringStopped()
    people = (_people(now.values()), _people(before.values()))
    return lane.run(
        lambda work: read_figures(
            shop=shop, work=work, days=days, till=till, beside=compared, people=people
        )
    )


SENT_MAX = 20_000
PeopleFound = (
    tuple[PersonLine, ...]
    | GatheringStopped
    | NobodyBehind
    | SpanTooLong
    | SignInFirst
    | NotAllowed
)


def people_found(
    *,
    shop: Shop,
    lane: Lane,
    figure: FigureId,
    days: Days,
    till: int | None = None,
    tell: Tell = untold,
) -> PeopleFound:
    """Everybody behind a figure, those who paid most first, not yet with who they are. Off the
    lane. Changes nothing."""
    refusal = refusal_of(shop=shop, days=days)
    if refusal is not None:
        return refusal
    if figure == "referral_conversion":
        return tuple(lane.run(lambda work: _sent(work, days, till)))
    is_life = figure == "lifetime_value" and till is None
    if not (is_life or figure == "joined" or figure in LEAST_SALES):
        return NobodyBehind()
    parts = _parts(lane, Days(date.min, days.last) if is_life else days)
    sums = _gather(lane, parts, till, lambda at: tell(at, len(parts)))
    if sums is None:
        return GatheringStopped()
    least = LEAST_SALES.get(figure, 1)
    lines = [
        PersonLine(person, each.sales, each.net_minor)
        for person, each in sums.items()
        if (each.joined > 0 if figure == "joined" else each.sales >= least)
    ]
    lines.sort(key=lambda line: (-line.net_minor, line.person))
    return tuple(lines)


def _sent(work: UnitOfWork, days: Days, till: int | None) -> Sequence[PersonLine]:
    """They are few: most members were sent by nobody."""
    found = work.figures.sent_page(days, till, offset=0, limit=SENT_MAX)
    return [replace(line, member=None) for line in found]


def name_people(
    *, shop: Shop, work: UnitOfWork, lines: Sequence[PersonLine], has_more: bool
) -> PeopleBehind | SignInFirst | NotAllowed:
    """These lines with who they are, where this till knows it. Changes nothing."""
    refusal = allowed(shop, "x_report")
    if refusal is not None:
        return refusal
    return PeopleBehind(tuple(work.figures.named(lines)), has_more)


def is_long(days: Days, figure: FigureId | None = None) -> bool:
    """Whether it is gathered: a long span; a whole life in any case."""
    return days.count > LONG_DAYS or figure == "lifetime_value"


# ------------------------------------------------------------------ in parts


def _parts(lane: Lane, days: Days) -> list[Days]:
    """The span from the first day on which anything is known, in pieces of a week."""
    known = lane.run(lambda work: work.figures.first_day())
    if known is None or known > days.last:
        return []
    parts, first = [], max(known, days.first)
    while first <= days.last:
        last = min(first + timedelta(days=PART_DAYS - 1), days.last)
        parts.append(Days(first, last))
        first = last + timedelta(days=1)
    return parts


def _gather(
    lane: Lane, parts: Sequence[Days], till: int | None, tell: Callable[[int], bool]
) -> dict[str, PersonSums] | None:
    """None: nobody waits."""
    found: dict[str, PersonSums] = {}
    for place, part in enumerate(parts, start=1):
        for person, sums in lane.run(partial(_read, part, till)):
            before = found.get(person)
            found[person] = sums if before is None else before.plus(sums)
        if not tell(place):
            return None
    return found


def _read(days: Days, till: int | None, work: UnitOfWork) -> Sequence[tuple[str, PersonSums]]:
    return work.figures.people_sums(days, till)


def _people(sums: Iterable[PersonSums]) -> PeopleSums:
    told = list(sums)
    return PeopleSums(
        active=sum(each.sales > 0 for each in told),
        repeated=sum(each.sales > 1 for each in told),
        paid_minor=sum(each.paid_minor for each in told),
        back_minor=sum(each.back_minor for each in told),
    )

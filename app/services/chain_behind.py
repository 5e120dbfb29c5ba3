"""Behind the chain's figures: asked of head office a page at a time, in the shapes of a shop's own.

Owns: those questions, who may ask, their trace. Does not own: the figures (chain_figures.py), what
head office tells (app/domain/chain_behind.py), a shop's own lists (figures.py, figure_receipts.py,
survey.py), words. Head office names nobody: whom this till knows it names, masked as in its own
lists; of others there is a masked card. Nothing of it is kept but that somebody looked.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import TypeAlias, TypeVar

from app.domain.chain_behind import (
    BehindWanted,
    ChainCohorts,
    ChainCohortsWanted,
    ChainDays,
    ChainDaysWanted,
    ChainHours,
    ChainHoursWanted,
    ChainPeople,
    ChainPeopleWanted,
    ChainReceipt,
    ChainReceipts,
    ChainReceiptsWanted,
    ChainScores,
    ChainScoresWanted,
)
from app.domain.figure_record import PersonLine
from app.domain.figures import LEAST_SALES, Days, FigureId
from app.domain.member import masked_name
from app.domain.money import Money
from app.domain.months import Month
from app.domain.paper_glance import hour_within
from app.domain.person_figures import cohort_lines
from app.domain.server_answer import Declined, Unanswered
from app.domain.survey_record import SurveyAnswer
from app.services.answers import NotAllowed, SignInFirst
from app.services.audit_trail import record
from app.services.figure_export import PEOPLE_A_UNIT
from app.services.figure_receipts import HoursOfDay, HourSums, ReceiptRow, hours_between
from app.services.figures import (
    CohortsRead,
    FigureDays,
    NobodyBehind,
    PeopleBehind,
    SpanTooLong,
    figure_days,
    is_of_days,
    refusal_of,
)
from app.services.ports import Lane, UnitOfWork
from app.services.shop import Shop
from app.services.survey import AnswerRead, AnswersRead

PAGE_ROWS = 50
COHORT_MONTHS = 12
_PEOPLE: frozenset[FigureId] = frozenset(
    {*LEAST_SALES, "joined", "referral_conversion", "lifetime_value"}
)
Refusal: TypeAlias = SpanTooLong | SignInFirst | NotAllowed
NotTold: TypeAlias = Unanswered | Refusal
_Line = TypeVar("_Line")


@dataclass(frozen=True, slots=True)
class ChainReceiptsRead:
    """A page of a day's receipts. `last`: behind which the next page begins. `stores`: names by
    id, as far as they are told."""

    rows: tuple[ReceiptRow, ...]
    last: str
    has_more: bool
    stores: Mapping[str, str]


def is_of_people(figure: FigureId) -> bool:
    """Whether members stand behind it."""
    return figure in _PEOPLE


def chain_days(*, shop: Shop, figure: FigureId, days: Days) -> FigureDays | NobodyBehind | NotTold:
    """The days a figure of the chain is made of. Off the lane. Changes nothing."""
    if not is_of_days(figure):
        return NobodyBehind()
    told = _asked(shop, days, ChainDaysWanted(days))
    return figure_days(figure, told.by_day) if isinstance(told, ChainDays) else _not(told)


def chain_hours(*, shop: Shop, day: date) -> HoursOfDay | NotTold:
    """The sales of the chain on a day by the hour. Off the lane. Changes nothing."""
    told = _asked(shop, Days(day, day), ChainHoursWanted(day))
    if not isinstance(told, ChainHours):
        return _not(told)
    by_hour: dict[int, HourSums] = {}
    for each in told.hours:
        # A head office of before tells an hour of years ago where a clock was set wrong.
        hour = hour_within(each.hour)
        one = by_hour.get(hour, HourSums(hour, 0, 0, 0, 0))
        by_hour[hour] = HourSums(
            hour,
            one.sales + each.sales,
            one.paid_minor + each.paid_minor,
            one.member_sales + each.member_sales,
            one.member_paid_minor + each.member_paid_minor,
        )
    return hours_between(day, by_hour)


def chain_people(
    *,
    shop: Shop,
    lane: Lane,
    figure: FigureId,
    days: Days,
    offset: int = 0,
    limit: int = PAGE_ROWS,
) -> PeopleBehind | NobodyBehind | NotTold:
    """The members a figure of the chain counts, those who paid most first. Off the lane. Changes:
    audit."""
    page = people_told(shop=shop, lane=lane, figure=figure, days=days, offset=offset, limit=limit)
    if isinstance(page, PeopleBehind):
        _look(shop, lane, figure, days, offset)
    return page


def people_told(
    *, shop: Shop, lane: Lane, figure: FigureId, days: Days, offset: int, limit: int
) -> PeopleBehind | NobodyBehind | NotTold:
    """The same for a file, which leaves a trace of its own. Off the lane. Changes nothing."""
    if not is_of_people(figure):
        return NobodyBehind()
    told = _asked(shop, days, ChainPeopleWanted(figure, days, offset, limit))
    if not isinstance(told, ChainPeople):
        return _not(told)
    lines = [
        PersonLine(each.person, each.sales, each.net_minor, card=each.card) for each in told.people
    ]
    named: list[PersonLine] = []
    for some in _units(lines):
        named += lane.run(partial(_named, some))
    return PeopleBehind(tuple(named), told.has_more)


def chain_receipts(
    *, shop: Shop, lane: Lane, day: date, after: str = "", limit: int = PAGE_ROWS
) -> ChainReceiptsRead | NotTold:
    """What was sold and given back in the chain on a day, the newest first. Off the lane. Changes:
    audit."""
    days = Days(day, day)
    told = _asked(shop, days, ChainReceiptsWanted(day, after, limit))
    if not isinstance(told, ChainReceipts):
        return _not(told)
    rows = lane.run(partial(_rows, told.receipts))
    _look(shop, lane, "receipts", days)
    last = told.receipts[-1].op_id if told.receipts else after
    return ChainReceiptsRead(rows, last, told.has_more, told.stores)


def chain_answers(
    *, shop: Shop, lane: Lane, days: Days, offset: int = 0, limit: int = PAGE_ROWS
) -> AnswersRead | NotTold:
    """What customers said in the chain, the lowest scores first. What they wrote is read in their
    store. Off the lane. Changes: audit."""
    page = answers_told(shop=shop, lane=lane, days=days, offset=offset, limit=limit)
    if isinstance(page, AnswersRead):
        _look(shop, lane, "survey_answers", days, offset)
    return page


def answers_told(
    *, shop: Shop, lane: Lane, days: Days, offset: int, limit: int
) -> AnswersRead | NotTold:
    """The same for a file, which leaves a trace of its own. Off the lane. Changes nothing."""
    told = _asked(shop, days, ChainScoresWanted(days, offset, limit))
    if not isinstance(told, ChainScores):
        return _not(told)
    lines: list[AnswerRead] = []
    for some in _units(told.answers):
        lines += lane.run(partial(_answers, some))
    return AnswersRead(tuple(lines), told.has_more, told.sums, told.stores)


def chain_cohorts(*, shop: Shop, last: date, months: int = COHORT_MONTHS) -> CohortsRead | NotTold:
    """The cohorts of the chain, of so many months up to the one of `last`. Off the lane. Changes
    nothing."""
    told = _asked(shop, Days(last, last), ChainCohortsWanted(last, months))
    if not isinstance(told, ChainCohorts):
        return _not(told)
    until = Month.of(last)
    return CohortsRead(cohort_lines(told.cells, until.plus(1 - months), until))


def _asked(shop: Shop, days: Days, wanted: BehindWanted) -> object:
    """What head office says, where this person may see it."""
    refusal = refusal_of(shop=shop, days=days)
    return shop.server.behind(wanted) if refusal is None else refusal


def _not(told: object) -> NotTold:
    """A page of another kind than was asked for is no answer at all."""
    return told if isinstance(told, NotTold) else Declined("internal")


def _look(shop: Shop, lane: Lane, what: str, days: Days, offset: int = 0) -> None:
    details = {
        "what": what, "first": days.first.isoformat(), "last": days.last.isoformat(),
        "from": str(offset),
    }  # fmt: skip
    lane.run(lambda work: _trace(shop, work, details))


def _trace(shop: Shop, work: UnitOfWork, details: dict[str, str]) -> None:
    record(shop=shop, work=work, now=shop.now(), act="chain_listed", details=details)


# ------------------------------------------------------------------ whom this till knows


def _units(lines: Sequence[_Line]) -> Iterator[Sequence[_Line]]:
    """Small ones: whoever sells waits behind none of them."""
    return (lines[at : at + PEOPLE_A_UNIT] for at in range(0, len(lines), PEOPLE_A_UNIT))


def _named(lines: Sequence[PersonLine], work: UnitOfWork) -> Sequence[PersonLine]:
    return work.figures.named(lines)


def _rows(receipts: Sequence[ChainReceipt], work: UnitOfWork) -> tuple[ReceiptRow, ...]:
    lines = [PersonLine(each, 0, 0) for each in sorted({e.member_id or "" for e in receipts})]
    known = {line.person: line.member for line in work.figures.named(lines)}

    def name(member_id: str | None) -> str:
        member = known[member_id or ""]
        return "" if member is None else masked_name(member.person.name)

    return tuple(
        ReceiptRow(
            "refund" if each.is_refund else "sale", each.code, each.at_ms, Money(each.paid_minor),
            each.line_count, "", name(each.member_id), each.member_id is not None, each.store,
        )
        for each in receipts
    )  # fmt: skip


def _answers(answers: Sequence[SurveyAnswer], work: UnitOfWork) -> tuple[AnswerRead, ...]:
    lines = [PersonLine(each, 0, 0) for each in sorted({e.member_id or "" for e in answers})]
    known = {line.person: line.member for line in work.figures.named(lines)}
    return tuple(AnswerRead(each, None, known[each.member_id or ""]) for each in answers)

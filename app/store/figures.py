"""Figures, read: sums of days, what members did in a span, lives, cohorts, the standing of points.

Owns: the figure_standing table; those questions. Does not own: counting (figure_count.py),
segments (segments.py), what figures follow from the answers (app/domain/figures.py).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

import msgspec
from sqlalchemy import ColumnElement, Integer, Table, and_, bindparam, func, or_, select, text

from app.domain.figure_record import PersonLine, PersonSums, TillSeen
from app.domain.figures import Days, LifeSums, PeopleSums, SentSums, Standing, month_of
from app.domain.member import Member
from app.domain.months import Month
from app.domain.person_figures import CellKey, CohortCell
from app.store.changes import Changes
from app.store.figure_tables import (
    figure_alias,
    figure_person,
    figure_standing,
    figure_sum,
    figure_visit,
)
from app.store.member import member_of
from app.store.repository import Prepared, Repository, put_row
from app.store.tables import member

_TILLS = Prepared(text("SELECT till, newest_ms, facts FROM figure_till ORDER BY till"))


def _in_span(table: Table) -> ColumnElement[bool]:
    till = bindparam("till", type_=Integer)
    return and_(
        table.c.day >= bindparam("first"),
        table.c.day <= bindparam("last"),
        or_(till < 0, table.c.till == till),
    )


_SUM = func.sum(figure_sum.c.amount)
_SUMS = Prepared(
    select(figure_sum.c.name, _SUM).where(_in_span(figure_sum)).group_by(figure_sum.c.name)
)
_BY_DAY = Prepared(
    select(figure_sum.c.day, figure_sum.c.name, _SUM)
    .where(_in_span(figure_sum))
    .group_by(figure_sum.c.day, figure_sum.c.name)
)
_VISIT = figure_visit.c
_BY_PERSON = (
    select(
        func.coalesce(figure_alias.c.person, _VISIT.member_id).label("person"),
        func.sum(_VISIT.sales).label("sales"),
        func.sum(_VISIT.paid_minor).label("paid"),
        func.sum(_VISIT.back_minor).label("back"),
        func.sum(_VISIT.joined).label("joined"),
    )
    .select_from(figure_visit.outerjoin(figure_alias, figure_alias.c.member_id == _VISIT.member_id))
    .where(_in_span(figure_visit))
    .group_by(text("1"))
    .subquery()
)
_ONE = _BY_PERSON.c
_PEOPLE = Prepared(
    select(
        func.count().filter(_ONE.sales > text("0")),
        func.count().filter(_ONE.sales > text("1")),
        func.coalesce(func.sum(_ONE.paid), text("0")),
        func.coalesce(func.sum(_ONE.back), text("0")),
    ).select_from(_BY_PERSON)
)
_PEOPLE_SUMS = Prepared(
    select(_ONE.person, _ONE.sales, _ONE.paid, _ONE.back, _ONE.joined).select_from(_BY_PERSON)
)
_FIRST_DAY = Prepared(text("SELECT min(day) FROM figure_visit"))
_NET = _ONE.paid - _ONE.back
_PAGE = (
    select(_ONE.person, _ONE.sales, _NET)
    .order_by(_NET.desc(), _ONE.person)
    .limit(bindparam("most"))
    .offset(bindparam("start"))
)
_PEOPLE_PAGE = Prepared(_PAGE.where(_ONE.sales >= bindparam("least")))
_JOINED_PAGE = Prepared(_PAGE.where(_ONE.joined > text("0")))
# From the few whom anybody sent, by an index of their own: a long span costs no more than a day.
_SENT = Prepared(
    text(
        """
    SELECT count(DISTINCT m.member_id),
            count(DISTINCT m.member_id) FILTER (WHERE p.first_day <= :last)
        FROM member m JOIN figure_visit v ON v.member_id = m.member_id
            LEFT JOIN figure_person p ON p.person = m.member_id
        WHERE m.referrer_id IS NOT NULL AND m.merged_into IS NULL AND v.joined > 0
            AND v.day BETWEEN :first AND :last AND (:till < 0 OR v.till = :till)
    """
    )
)
_SENT_PAGE = Prepared(
    text(
        """
    SELECT m.member_id, sum(b.sales), sum(b.paid_minor) - sum(b.back_minor) AS net
        FROM member m JOIN figure_visit b ON b.member_id = m.member_id
        WHERE m.referrer_id IS NOT NULL AND m.merged_into IS NULL
            AND b.day BETWEEN :first AND :last AND (:till < 0 OR b.till = :till)
        GROUP BY m.member_id HAVING sum(b.joined) > 0
        ORDER BY net DESC, m.member_id LIMIT :most OFFSET :start
    """
    )
)
_WITH_LIFE = _BY_PERSON.join(figure_person, figure_person.c.person == _ONE.person)
_COHORT_PAGE = Prepared(
    _PAGE.select_from(_WITH_LIFE).where(
        _ONE.sales > text("0"),
        figure_person.c.first_day >= bindparam("born"),
        figure_person.c.first_day <= bindparam("born_last"),
    )
)
_CELLS = Prepared(
    text("SELECT cohort, month, active, repeated, paid_minor, back_minor FROM figure_cohort")
)
_LIFE = Prepared(
    text(
        """
    SELECT coalesce(sum(active) FILTER (WHERE cohort = month), 0),
            coalesce(sum(paid_minor), 0), coalesce(sum(back_minor), 0)
        FROM figure_cohort WHERE month <= :month
    """
    )
)
_BORN = Prepared(
    text("SELECT count(*) FROM figure_person WHERE first_day > :after AND first_day <= :last")
)
# Only of those who have a first purchase here: a refund of nobody's sale is in no life.
_AFTER = Prepared(
    select(
        func.coalesce(func.sum(_ONE.paid), text("0")),
        func.coalesce(func.sum(_ONE.back), text("0")),
    )
    .select_from(_WITH_LIFE)
    .where(figure_person.c.first_day.is_not(None))
)
_STANDING = Prepared(select(figure_standing.c.data))
_PUT_STANDING = Prepared(put_row(figure_standing, "only_row"))
_MEMBERS = select(member).where(member.c.member_id.in_(bindparam("keys", expanding=True)))
_ALL_TILLS = -1


class FigureRepository(Repository):
    """What figures are made of. `till` None: all tills of this shop."""

    def tills(self) -> Sequence[TillSeen]:
        """Every till that any fact is counted of."""
        return [TillSeen(*row) for row in self._all(_TILLS)]

    def sums(self, days: Days, till: int | None) -> Mapping[str, int]:
        return {row[0]: row[1] for row in self._all(_SUMS, _asked(days, till))}

    def sums_by_day(self, days: Days, till: int | None) -> Mapping[date, Mapping[str, int]]:
        """Days without anything are left out."""
        found: dict[date, dict[str, int]] = {}
        for day, name, amount in self._all(_BY_DAY, _asked(days, till)):
            found.setdefault(date.fromisoformat(day), {})[name] = amount
        return found

    def people(self, days: Days, till: int | None) -> PeopleSums:
        [row] = self._all(_PEOPLE, _asked(days, till))
        return PeopleSums(*row)

    def life(self, until: date) -> LifeSums:
        """Of everybody whose first purchase is known, up to and with that day.

        The months are kept; of the last one the days behind are taken away again.
        """
        [(bought, paid, back)] = self._all(_LIFE, {"month": Month.of(until).index})
        last = month_of(until).last
        if until < last:
            after = {"after": until.isoformat(), "last": last.isoformat()}
            [(born,)] = self._all(_BORN, after)
            rest = _asked(Days(date.fromordinal(until.toordinal() + 1), last), None)
            [(paid_after, back_after)] = self._all(_AFTER, rest)
            bought, paid, back = bought - born, paid - paid_after, back - back_after
        return LifeSums(bought, paid, back)

    def cells(self) -> Mapping[CellKey, CohortCell]:
        return {(row[0], row[1]): CohortCell(*row[2:]) for row in self._all(_CELLS)}

    def first_day(self) -> date | None:
        """The first day on which any member was here; None: none ever."""
        [(first,)] = self._all(_FIRST_DAY)
        return None if first is None else date.fromisoformat(first)

    def people_sums(self, days: Days, till: int | None) -> Sequence[tuple[str, PersonSums]]:
        """Everybody who was here in a short span, in no order."""
        rows = self._all(_PEOPLE_SUMS, _asked(days, till))
        return [(row[0], PersonSums(*row[1:])) for row in rows]

    def named(self, lines: Sequence[PersonLine]) -> Sequence[PersonLine]:
        """The same lines with who they are, where this till knows it."""
        members = self._members([line.person for line in lines])
        return [replace(line, member=members.get(line.person)) for line in lines]

    def people_page(
        self, days: Days, till: int | None, *, least_sales: int, offset: int, limit: int
    ) -> Sequence[PersonLine]:
        """Persons with so many purchases in the span, those who paid most first."""
        page = {"least": least_sales, "most": limit, "start": offset}
        return self._lines(_PEOPLE_PAGE, _asked(days, till) | page)

    def joined_page(
        self, days: Days, till: int | None, *, offset: int, limit: int
    ) -> Sequence[PersonLine]:
        """Persons who joined in the span, with what they bought in it."""
        page = {"most": limit, "start": offset}
        return self._lines(_JOINED_PAGE, _asked(days, till) | page)

    def sent(self, days: Days, till: int | None) -> SentSums:
        """Of whoever joined in the span and was sent by a friend."""
        [row] = self._all(_SENT, _asked(days, till))
        return SentSums(*row)

    def sent_page(
        self, days: Days, till: int | None, *, offset: int, limit: int
    ) -> Sequence[PersonLine]:
        """The same persons, with what they bought in the span."""
        page = {"most": limit, "start": offset}
        return self._lines(_SENT_PAGE, _asked(days, till) | page)

    def cohort_page(
        self, cohort: Days, days: Days, offset: int, limit: int
    ) -> Sequence[PersonLine]:
        """Persons whose first purchase lies in `cohort` and who bought in `days`."""
        born = {"born": cohort.first.isoformat(), "born_last": cohort.last.isoformat()}
        page = {"most": limit, "start": offset}
        return self._lines(_COHORT_PAGE, _asked(days, None) | born | page)

    def standing(self) -> Standing | None:
        """None: accounts were never gone through here."""
        row = self._first(_STANDING)
        return None if row is None else msgspec.json.decode(row[0], type=Standing)

    def put_standing(self, standing: Standing) -> None:
        data = msgspec.json.encode(standing).decode()
        row = {"only_row": 1, "as_of": standing.as_of.isoformat(), "data": data}
        self._write(_PUT_STANDING, row)
        self._changed(Changes(figures=True))

    def _lines(self, question: Prepared, asked: dict[str, object]) -> list[PersonLine]:
        rows = self._all(question, asked)
        members = self._members([row[0] for row in rows])
        return [PersonLine(row[0], row[1], row[2], members.get(row[0])) for row in rows]

    def _members(self, keys: Sequence[str]) -> Mapping[str, Member]:
        found = self._execute(_MEMBERS, {"keys": keys}).mappings() if keys else ()
        return {row["member_id"]: member_of(row) for row in found}


def _asked(days: Days, till: int | None) -> dict[str, object]:
    return {
        "first": days.first.isoformat(),
        "last": days.last.isoformat(),
        "till": _ALL_TILLS if till is None else till,
    }

"""Churn grades: kept as they were judged last, read by grade.

Owns: the figure_churn table; visits of many persons at once. Does not own: judging
(app/domain/churn.py), visits of one person (habit.py).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict
from datetime import date

from sqlalchemy import Integer, Text, bindparam, delete, select, text

from app.domain.churn import Grade
from app.domain.churn_record import ChurnCounts, ChurnJudged, ChurnLine, ChurnSeen
from app.store.changes import Changes
from app.store.member import member_of
from app.store.repository import Prepared, Repository, list_text, put_row
from app.store.tables import member, named_table

figure_churn = named_table(
    "figure_churn",
    person=Text,
    grade=Text,
    sign=Text,
    odds=Integer,
    days_since=Integer,
    usual_days=Integer,
    visits_28_days=Integer,
    as_of=Text,
)
_PERSONS = Prepared(
    text("SELECT person FROM figure_person WHERE person > :after ORDER BY person LIMIT :most")
)
_VISITS = Prepared(
    text(
        """
    SELECT member_id, business_day, count(*) FROM (
        SELECT member_id, business_day FROM sale
            WHERE member_id IN (SELECT value FROM json_each(:ids))
        UNION ALL
        SELECT member_id, business_day FROM known_fact
            WHERE member_id IN (SELECT value FROM json_each(:ids)) AND kind = 'sale'
    ) GROUP BY member_id, business_day
    """
    )
)
_PUT = Prepared(put_row(figure_churn, "person"))
_DROP = Prepared(delete(figure_churn).where(figure_churn.c.person == bindparam("key")))
_JUDGED = Prepared(
    select(figure_churn.c.person, figure_churn.c.as_of)
    .where(figure_churn.c.person > bindparam("after"))
    .order_by(figure_churn.c.person)
    .limit(bindparam("most"))
)
_OF = Prepared(select(figure_churn).where(figure_churn.c.person == bindparam("key")))
# Each of these from an index alone.
_COUNTS = Prepared(text("SELECT grade, count(*) FROM figure_churn GROUP BY grade"))
_AS_OF = Prepared(text("SELECT max(as_of) FROM figure_churn"))
_PAGE = (
    select(figure_churn)
    .where(figure_churn.c.grade == bindparam("name"))
    .order_by(figure_churn.c.odds.desc(), figure_churn.c.person)
    .limit(bindparam("most"))
    .offset(bindparam("start"))
)
_MEMBERS = select(member).where(member.c.member_id.in_(bindparam("keys", expanding=True)))


class ChurnRepository(Repository):
    """How likely members are lost."""

    def persons(self, after: str, limit: int) -> Sequence[str]:
        """Everybody who was ever counted, from behind `after`."""
        return [str(row[0]) for row in self._all(_PERSONS, {"after": after, "most": limit})]

    def visit_days(self, member_ids: Collection[str]) -> Mapping[str, Mapping[date, int]]:
        """By id how many sales on which day."""
        found: dict[str, dict[date, int]] = {}
        for who, day, count in self._all(_VISITS, {"ids": list_text(sorted(member_ids))}):
            found.setdefault(str(who), {})[date.fromisoformat(str(day))] = int(count)
        return found

    def put(self, as_of: date, judged: Mapping[str, ChurnSeen | None]) -> None:
        """Keep or take away the grades of these persons."""
        day = as_of.isoformat()
        rows = [
            {"person": person, "as_of": day, **asdict(seen)}
            for person, seen in judged.items()
            if seen is not None
        ]
        self._write(_DROP, [{"key": person} for person, seen in judged.items() if seen is None])
        self._write(_PUT, rows)
        self._changed(Changes(figures=True))

    def drop_before(self, as_of: date, after: str, limit: int) -> str:
        """Whoever of the next so many was not judged on that day is nobody of his own any more;
        behind whom to go on, empty at the end."""
        rows = self._all(_JUDGED, {"after": after, "most": limit})
        day = as_of.isoformat()
        self._write(_DROP, [{"key": person} for person, judged in rows if judged < day])
        return rows[-1][0] if len(rows) == limit else ""

    def of(self, person: str) -> ChurnJudged | None:
        """As he was judged last; None: he has no grade."""
        row = self._first(_OF, {"key": person})
        if row is None:
            return None
        _, *parts, as_of = row
        return ChurnJudged(ChurnSeen(*parts), date.fromisoformat(as_of))

    def counts(self) -> ChurnCounts | None:
        """None: nobody was judged yet."""
        rows = self._all(_COUNTS)
        if not rows:
            return None
        [(as_of,)] = self._all(_AS_OF)
        return ChurnCounts(date.fromisoformat(as_of), {row[0]: row[1] for row in rows})

    def page(self, grade: Grade, offset: int, limit: int) -> Sequence[ChurnLine]:
        """The likeliest lost first."""
        asked = {"name": grade, "most": limit, "start": offset}
        rows = self._execute(_PAGE, asked).mappings().all()
        keys = [row["person"] for row in rows]
        found = self._execute(_MEMBERS, {"keys": keys}).mappings() if keys else ()
        members = {row["member_id"]: member_of(row) for row in found}
        parts = ("grade", "sign", "odds", "days_since", "usual_days", "visits_28_days")
        return [
            ChurnLine(
                row["person"],
                ChurnSeen(**{name: row[name] for name in parts}),
                members.get(row["person"]),
            )
            for row in rows
        ]

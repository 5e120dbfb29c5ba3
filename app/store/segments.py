"""Segments: who belongs to which, by what rules, and who said no to it.

Owns: the figure_segment and figure_refused tables, the stored form of the rules. Does not own:
judging (app/domain/segments.py), lives (figure_count.py).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

import msgspec
from sqlalchemy import bindparam, delete, insert, select, text

from app.domain.figure_record import JudgedAs, SegmentCounts, SegmentLine
from app.domain.person_figures import PersonLife
from app.domain.segments import DEFAULT_RULES, Scores, Segment, Segmented, SegmentRules
from app.store.changes import Changes
from app.store.errors import Damaged
from app.store.figure_count import life_of_row
from app.store.figure_tables import figure_refused, figure_segment
from app.store.member import member_of
from app.store.repository import Prepared, Repository, put_row
from app.store.settings import SettingsRepository
from app.store.tables import member

_RULES = "segment_rules"
_LIVES = Prepared(
    text(
        """
    SELECT person, first_day, last_day, contact_day, months FROM figure_person
        WHERE person > :after ORDER BY person LIMIT :most
    """
    )
)
_REFUSED = Prepared(select(figure_refused.c.person))
_FORGET_REFUSED = Prepared(
    text(
        "DELETE FROM figure_refused WHERE person IN (SELECT person FROM figure_refused LIMIT :most)"
    )
)
_ADD_REFUSED = Prepared(insert(figure_refused).prefix_with("OR IGNORE"))
_PUT = Prepared(put_row(figure_segment, "person"))
_DROP = Prepared(delete(figure_segment).where(figure_segment.c.person == bindparam("key")))
_JUDGED = Prepared(
    select(figure_segment.c.person, figure_segment.c.as_of)
    .where(figure_segment.c.person > bindparam("after"))
    .order_by(figure_segment.c.person)
    .limit(bindparam("most"))
)
_OF = Prepared(
    select(figure_segment.c.segment, figure_segment.c.is_silent, figure_segment.c.as_of).where(
        figure_segment.c.person == bindparam("key")
    )
)
# Each of these from an index alone.
_COUNTS = Prepared(
    text("SELECT segment, count(*), sum(money_minor) FROM figure_segment GROUP BY segment")
)
_AS_OF = Prepared(text("SELECT max(as_of) FROM figure_segment"))
_SILENT = Prepared(text("SELECT count(*) FROM figure_segment WHERE is_silent = 1"))
_COUNT_REFUSED = Prepared(text("SELECT count(*) FROM figure_refused"))
_PAGE = (
    select(figure_segment)
    .where(figure_segment.c.segment == bindparam("name"))
    .order_by(figure_segment.c.money_minor.desc(), figure_segment.c.person)
    .limit(bindparam("most"))
    .offset(bindparam("start"))
)
_MEMBERS = select(member).where(member.c.member_id.in_(bindparam("keys", expanding=True)))


class SegmentRepository(Repository):
    """Who belongs to which segment."""

    def lives(self, after: str, limit: int) -> Sequence[tuple[str, PersonLife]]:
        """By person, from behind `after`: all of them in small units."""
        rows = self._all(_LIVES, {"after": after, "most": limit})
        return [(row[0], life_of_row(row)) for row in rows]

    def refused(self) -> frozenset[str]:
        """Members who said no to it, when accounts were gone through last."""
        return frozenset(row[0] for row in self._all(_REFUSED))

    def forget_refused(self, limit: int) -> int:
        """Some of them; how many there were."""
        return self._write(_FORGET_REFUSED, {"most": limit}).rowcount

    def add_refused(self, member_ids: Iterable[str]) -> None:
        self._write(_ADD_REFUSED, [{"person": each} for each in sorted(member_ids)])

    def put(self, as_of: date, judged: Mapping[str, Segmented | None]) -> None:
        """Keep or take away the segments of these persons."""
        rows = [_row(person, as_of, found) for person, found in judged.items() if found]
        self._write(_DROP, [{"key": person} for person, found in judged.items() if not found])
        self._write(_PUT, rows)
        self._changed(Changes(figures=True))

    def drop_before(self, as_of: date, after: str, limit: int) -> str:
        """Whoever of the next so many was not judged on that day is nobody of his own any more;
        behind whom to go on, empty at the end."""
        rows = self._all(_JUDGED, {"after": after, "most": limit})
        day = as_of.isoformat()
        self._write(_DROP, [{"key": person} for person, judged in rows if judged < day])
        return rows[-1][0] if len(rows) == limit else ""

    def of(self, person: str) -> JudgedAs | None:
        """As he was judged last; None: he belongs to none."""
        row = self._first(_OF, {"key": person})
        return None if row is None else JudgedAs(row[0], bool(row[1]), date.fromisoformat(row[2]))

    def counts(self) -> SegmentCounts | None:
        """None: nobody was judged yet."""
        rows = self._all(_COUNTS)
        if not rows:
            return None
        [(refused,)], [(as_of,)], [(silent,)] = map(self._all, (_COUNT_REFUSED, _AS_OF, _SILENT))
        return SegmentCounts(
            date.fromisoformat(as_of),
            {row[0]: row[1] for row in rows},
            silent,
            refused,
            {row[0]: row[2] for row in rows},
        )

    def page(self, segment: Segment, offset: int, limit: int) -> Sequence[SegmentLine]:
        """Those with the most money first."""
        asked = {"name": segment, "most": limit, "start": offset}
        rows = self._execute(_PAGE, asked).mappings().all()
        keys = [row["person"] for row in rows]
        found = self._execute(_MEMBERS, {"keys": keys}).mappings() if keys else ()
        members = {row["member_id"]: member_of(row) for row in found}
        return [
            SegmentLine(
                person=row["person"],
                segment=row["segment"],
                scores=Scores(*map(int, row["scores"])),
                recency_days=row["recency_days"],
                frequency=row["frequency"],
                money_minor=row["money_minor"],
                is_silent=bool(row["is_silent"]),
                member=members.get(row["person"]),
            )
            for row in rows
        ]

    def rules(self) -> SegmentRules:
        """The shop's own; what ships where it has none. Raises Damaged."""
        stored = SettingsRepository(self._transaction).value(_RULES)
        if stored is None:
            return DEFAULT_RULES
        try:
            return msgspec.json.decode(stored, type=SegmentRules)
        except msgspec.DecodeError as error:
            raise Damaged(f"segment rules: {error}") from error

    def put_rules(self, rules: SegmentRules) -> None:
        stored = msgspec.json.encode(rules).decode()
        SettingsRepository(self._transaction).put_value(_RULES, stored)
        self._changed(Changes(figures=True))


def _row(person: str, as_of: date, found: Segmented) -> dict[str, object]:
    return {
        "person": person,
        "segment": found.segment,
        "scores": found.scores.text,
        "is_silent": int(found.is_silent),
        "recency_days": found.rfm.recency_days,
        "frequency": found.rfm.frequency,
        "money_minor": found.rfm.money_minor,
        "as_of": as_of.isoformat(),
    }

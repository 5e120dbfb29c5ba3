"""Counting figures: which facts are counted, and what they add to sums, visits and lives.

Owns: writing figure_cursor, figure_due, figure_counted, figure_sum, figure_till, figure_visit,
figure_alias, figure_person and figure_cohort. Does not own: what a fact adds (app/domain), reading
figures (figures.py), segments (segments.py).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import msgspec
from sqlalchemy import bindparam, delete, insert, text

from app.domain.figure_count import FigureBatch
from app.domain.figure_record import CountedSoFar, UncountedFact
from app.domain.person_figures import (
    NO_CELL,
    CohortCell,
    DayVisit,
    PersonLife,
    PersonMonth,
    cell_changes,
    life_of,
    moved,
    persons_of,
)
from app.store.changes import Changes
from app.store.figure_tables import (
    figure_alias,
    figure_counted,
    figure_cursor,
    figure_due,
    figure_person,
)
from app.store.repository import Prepared, Repository, day_of, day_text, list_text, put_row
from app.store.sqlcipher import Row

# From one epoch to the next by the key: there are few of them, and very many facts.
_EPOCHS = Prepared(
    text(
        """
    WITH RECURSIVE e (epoch) AS (
        SELECT min(epoch) FROM fact
        UNION ALL
        SELECT (SELECT min(f.epoch) FROM fact f WHERE f.epoch > e.epoch) FROM e
            WHERE e.epoch IS NOT NULL)
    SELECT e.epoch, coalesce(c.dseq, 0), (SELECT max(f.dseq) FROM fact f WHERE f.epoch = e.epoch)
        FROM e LEFT JOIN figure_cursor c ON c.epoch = e.epoch
        WHERE e.epoch IS NOT NULL ORDER BY e.epoch
    """
    )
)
_OWN_AFTER = Prepared(
    text(
        "SELECT op_id, data, epoch, dseq FROM fact"
        " WHERE epoch = :in_epoch AND dseq > :after ORDER BY dseq LIMIT :most"
    )
)
_OTHERS = Prepared(
    text(
        "SELECT d.op_id, k.data FROM figure_due d"
        " LEFT JOIN known_fact k ON k.op_id = d.op_id ORDER BY d.op_id LIMIT :most"
    )
)
_COUNT_DUE = Prepared(text("SELECT count(*) FROM figure_due"))
_PUT_CURSOR = Prepared(put_row(figure_cursor, "epoch"))
_NOT_DUE = Prepared(delete(figure_due).where(figure_due.c.op_id == bindparam("key")))
_COUNTED = Prepared(insert(figure_counted))
_ADD_SUM = Prepared(
    text(
        """
    INSERT INTO figure_sum (day, till, name, amount) VALUES (:day, :till, :name, :amount)
        ON CONFLICT (day, till, name) DO UPDATE SET amount = amount + excluded.amount
    """
    )
)
_ADD_TILL = Prepared(
    text(
        """
    INSERT INTO figure_till (till, newest_ms, facts) VALUES (:till, :newest_ms, :facts)
        ON CONFLICT (till) DO UPDATE SET facts = facts + excluded.facts,
            newest_ms = max(newest_ms, excluded.newest_ms)
    """
    )
)
_ADD_VISIT = Prepared(
    text(
        """
    INSERT INTO figure_visit (day, member_id, till, sales, paid_minor, back_minor, returned,
            joined)
        VALUES (:day, :member_id, :till, :sales, :paid_minor, :back_minor, :returned, :joined)
        ON CONFLICT (day, member_id, till) DO UPDATE SET sales = sales + excluded.sales,
            paid_minor = paid_minor + excluded.paid_minor,
            back_minor = back_minor + excluded.back_minor,
            returned = returned + excluded.returned,
            joined = joined + excluded.joined
    """
    )
)
_MERGED = Prepared(text("SELECT member_id, merged_into FROM member WHERE merged_into IS NOT NULL"))
_ALIASES = Prepared(text("SELECT member_id, person FROM figure_alias"))
_PUT_ALIAS = Prepared(put_row(figure_alias, "member_id"))
_DROP_ALIAS = Prepared(delete(figure_alias).where(figure_alias.c.member_id == bindparam("key")))
_PERSONS = Prepared(
    text(
        "SELECT member_id, person FROM figure_alias"
        " WHERE member_id IN (SELECT value FROM json_each(:keys))"
    )
)
_IDS = Prepared(
    text(
        "SELECT member_id, person FROM figure_alias"
        " WHERE person IN (SELECT value FROM json_each(:keys))"
    )
)
_VISITS = Prepared(
    text(
        """
    SELECT v.member_id, v.day, v.sales, v.paid_minor, v.back_minor, v.returned
        FROM json_each(:keys) k CROSS JOIN figure_visit v ON v.member_id = k.value
    """
    )
)
_LIVES = Prepared(
    text(
        """
    SELECT person, first_day, last_day, contact_day, months FROM figure_person
        WHERE person IN (SELECT value FROM json_each(:keys))
    """
    )
)
_PUT_LIFE = Prepared(put_row(figure_person, "person"))
_DROP_LIFE = Prepared(delete(figure_person).where(figure_person.c.person == bindparam("key")))
_ADD_CELL = Prepared(
    text(
        """
    INSERT INTO figure_cohort (cohort, month, active, repeated, paid_minor, back_minor)
        VALUES (:cohort, :month, :active, :repeated, :paid_minor, :back_minor)
        ON CONFLICT (cohort, month) DO UPDATE SET active = active + excluded.active,
            repeated = repeated + excluded.repeated,
            paid_minor = paid_minor + excluded.paid_minor,
            back_minor = back_minor + excluded.back_minor
    """
    )
)
_MONTHS = msgspec.json.Decoder(tuple[PersonMonth, ...])
NO_LIFE = PersonLife()


class FigureCountRepository(Repository):
    """Counts each fact once."""

    def uncounted(self, limit: int) -> Sequence[UncountedFact]:
        """This till's own facts first, in their order, then those of others."""
        found: list[UncountedFact] = []
        for epoch, counted, last in self._all(_EPOCHS):
            if counted < last and len(found) < limit:
                asked = {"in_epoch": epoch, "after": counted, "most": limit - len(found)}
                rows = self._all(_OWN_AFTER, asked)
                found += [UncountedFact(row[0], row[1], (row[2], row[3])) for row in rows]
        if len(found) < limit:
            rows = self._all(_OTHERS, {"most": limit - len(found)})
            # Forgotten before it was counted: nothing is left of it to count.
            found += [UncountedFact(row[0], row[1] or b"", None) for row in rows]
        return found

    def add(self, batch: FigureBatch, done: Sequence[UncountedFact]) -> None:
        """Add it, and never count these facts again."""
        self._mark(done)
        self._write(
            _ADD_SUM,
            [
                {"day": day.isoformat(), "till": place.till, "name": name, "amount": amount}
                for (day, place, name), amount in batch.sums.items()
            ],
        )
        self._write(
            _ADD_TILL,
            [
                {"till": place.till, "newest_ms": newest, "facts": batch.facts[place]}
                for place, newest in batch.newest_ms.items()
            ],
        )
        self._write(
            _ADD_VISIT,
            [
                {
                    "day": day.isoformat(),
                    "member_id": member,
                    "till": place.till,
                    "sales": visit.sales,
                    "paid_minor": visit.paid_minor,
                    "back_minor": visit.back_minor,
                    "returned": visit.returned,
                    "joined": visit.joined,
                }
                for (day, member, place), visit in batch.visits.items()
            ],
        )
        members = sorted({member for _, member, _ in batch.visits})
        into = self._pairs(_PERSONS, members)
        self._live_anew({into.get(each, each) for each in members})
        self._changed(Changes(figures=True))

    def so_far(self) -> CountedSoFar:
        """How many facts are counted, and how many wait."""
        epochs = self._all(_EPOCHS)
        [(due,)] = self._all(_COUNT_DUE)
        waiting = sum(last - counted for _, counted, last in epochs)
        return CountedSoFar(sum(counted for _, counted, _ in epochs), waiting + due)

    def follow_merges(self) -> int:
        """Put ids together, or apart, as members are now; how many persons that touched."""
        after = persons_of((row[0], row[1]) for row in self._all(_MERGED))
        before = {row[0]: row[1] for row in self._all(_ALIASES)}
        touched = moved(before, after)
        if not touched:
            return 0
        self._write(_DROP_ALIAS, [{"key": each} for each in before.keys() - after.keys()])
        rows = [{"member_id": member, "person": person} for member, person in after.items()]
        self._write(_PUT_ALIAS, rows)
        self._live_anew(touched)
        self._changed(Changes(figures=True))
        return len(touched)

    def _mark(self, done: Sequence[UncountedFact]) -> None:
        places: dict[int, int] = {}
        for each in done:
            if each.place is not None:
                epoch, dseq = each.place
                places[epoch] = max(dseq, places.get(epoch, 0))
        others = [each.op_id for each in done if each.place is None]
        cursors = [{"epoch": epoch, "dseq": dseq} for epoch, dseq in places.items()]
        self._write(_PUT_CURSOR, cursors)
        self._write(_NOT_DUE, [{"key": each} for each in others])
        self._write(_COUNTED, [{"op_id": each} for each in others])

    def _pairs(self, question: Prepared, keys: Iterable[str]) -> dict[str, str]:
        return {row[0]: row[1] for row in self._all(question, {"keys": list_text(list(keys))})}

    def _live_anew(self, persons: set[str]) -> None:
        """Make the lives of these persons again, out of all their visits, and their cohorts."""
        whose = self._pairs(_IDS, sorted(persons))
        into = self._pairs(_PERSONS, sorted(persons))
        whose |= {person: person for person in persons if person not in into}
        visits: dict[str, list[DayVisit]] = {person: [] for person in persons}
        for member, day, *numbers in self._all(_VISITS, {"keys": list_text(sorted(whose))}):
            at = day_of(day)
            assert at is not None, member
            visits[whose[member]].append(DayVisit(at, *numbers))
        rows = self._all(_LIVES, {"keys": list_text(sorted(persons))})
        before = {row[0]: life_of_row(row) for row in rows}
        changes: dict[tuple[int, int], CohortCell] = {}
        lives = {person: life_of(days) for person, days in visits.items()}
        for person, life in lives.items():
            for key, cell in cell_changes(before.get(person, NO_LIFE), life).items():
                changes[key] = changes.get(key, NO_CELL).plus(cell)
        self._put_lives(lives)
        self._write(_ADD_CELL, [_cell_row(key, cell) for key, cell in changes.items()])

    def _put_lives(self, lives: Mapping[str, PersonLife]) -> None:
        gone = [{"key": person} for person, life in lives.items() if life == NO_LIFE]
        self._write(_DROP_LIFE, gone)
        self._write(
            _PUT_LIFE,
            [
                {
                    "person": person,
                    "first_day": day_text(life.first),
                    "last_day": day_text(life.last),
                    "contact_day": day_text(life.contact),
                    "months": _months_text(life.months),
                }
                for person, life in lives.items()
                if life != NO_LIFE
            ],
        )


def life_of_row(row: Row) -> PersonLife:
    """A life as stored: person, first, last and contact day, months."""
    return PersonLife(day_of(row[1]), day_of(row[2]), day_of(row[3]), _MONTHS.decode(row[4]))


def _months_text(months: Sequence[PersonMonth]) -> str:
    return msgspec.json.encode(months).decode()


def _cell_row(key: tuple[int, int], cell: CohortCell) -> dict[str, object]:
    return {
        "cohort": key[0],
        "month": key[1],
        "active": cell.active,
        "repeated": cell.repeated,
        "paid_minor": cell.paid_minor,
        "back_minor": cell.back_minor,
    }

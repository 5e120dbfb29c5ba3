"""Habits: when members came to this shop and what they usually take.

Owns: the tables habit_visits, habit, habit_product, habit_progress and habit_waiting; which sales
were looked at for them. Does not own: sales (sale.py, known_fact.py), how habits grow and what
follows from them (app/domain).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

import msgspec
from sqlalchemy import Integer, bindparam, delete, func, select, text

from app.domain.habit import HALF_LIFE_DAYS, BasketSold, Habit, ProductHabit, Visits
from app.store.habit_tables import habit, habit_product, habit_progress, habit_visits
from app.store.known_fact import KnownFactRepository
from app.store.repository import Prepared, Repository, list_text, one_of, put_row
from app.store.sqlcipher import Row

_VISIT_DAYS = Prepared(
    text(
        """
    SELECT business_day, count(*) FROM (
        SELECT business_day FROM sale
            WHERE member_id IN (SELECT value FROM json_each(:ids))
        UNION ALL
        SELECT business_day FROM known_fact
            WHERE member_id IN (SELECT value FROM json_each(:ids)) AND kind = 'sale'
    ) GROUP BY business_day
    """
    )
)
# Facts are looked at few at a time, whatever they are: between two sales thousands may lie.
_NEXT = Prepared(
    text(
        """
    SELECT f.epoch, f.dseq, s.sale_id, s.member_id, s.business_day, s.line_count
        FROM (SELECT epoch, dseq, op_id FROM fact WHERE (epoch, dseq) > (:epoch, :dseq)
            ORDER BY epoch, dseq LIMIT :most) f
        LEFT JOIN sale s ON s.sale_id = f.op_id
        ORDER BY f.epoch, f.dseq
    """
    )
)
_SKUS = Prepared(
    text(
        """
    SELECT DISTINCT sku FROM sale_line
        WHERE sale_id = :sale AND gift_of IS NULL AND quantity_thousandths > 0 ORDER BY number
    """
    )
)
_IS_BEHIND = Prepared(
    text(
        """
    SELECT EXISTS (SELECT 1 FROM habit_waiting)
        OR EXISTS (SELECT 1 FROM fact WHERE (epoch, dseq) > (:epoch, :dseq))
    """
    )
)
_WAITING = Prepared(text("SELECT op_id FROM habit_waiting ORDER BY op_id LIMIT :most"))
_NO_LONGER_WAITING = Prepared(text("DELETE FROM habit_waiting WHERE op_id = :key"))
_PROGRESS = Prepared(select(habit_progress.c.epoch, habit_progress.c.dseq))
_PUT_PROGRESS = Prepared(put_row(habit_progress, "only_row"))
_VISITS = Prepared(
    select(habit_visits.c.visits, habit_visits.c.weight, habit_visits.c.last_day).where(
        habit_visits.c.member_id == bindparam("key")
    )
)
_OF_MEMBER = Prepared(select(habit).where(habit.c.member_id == bindparam("key")))
# Half of a weight is gone after sixty days: more than this is left of none.
_WEIGHTY = Prepared(
    select(habit).where(
        habit.c.member_id == bindparam("key"),
        habit.c.weight.op(">>")(
            func.max(bindparam("day", type_=Integer) - habit.c.last_day, 0).op("/")(HALF_LIFE_DAYS)
        )
        >= bindparam("least", type_=Integer),
    )
)
_OF_THESE = Prepared(
    select(habit).where(habit.c.member_id == bindparam("key"), one_of(habit.c.sku, "skus"))
)
_COUNTS = Prepared(
    select(
        habit_product.c.sku, habit_product.c.baskets, habit_product.c.times, habit_product.c.buyers
    ).where(one_of(habit_product.c.sku, "skus"))
)
_PRODUCTS = Prepared(select(habit_product).where(one_of(habit_product.c.sku, "skus")))
_PUT_VISITS = Prepared(put_row(habit_visits, "member_id"))
_PUT = Prepared(put_row(habit, "member_id", "sku"))
_PUT_PRODUCT = Prepared(put_row(habit_product, "sku"))
_MEMBERS = Prepared(
    select(habit_visits.c.member_id)
    .where(habit_visits.c.member_id > bindparam("after"))
    .order_by(habit_visits.c.member_id)
    .limit(bindparam("most"))
)
_FORGET = (
    Prepared(delete(habit).where(one_of(habit.c.member_id, "ids"))),
    Prepared(delete(habit_visits).where(one_of(habit_visits.c.member_id, "ids"))),
)
_TOGETHER = msgspec.json.Decoder(dict[str, int])


class HabitRepository(Repository):
    """What is known of the purchases of members in this shop."""

    def visit_days(self, member_ids: Collection[str]) -> Mapping[date, int]:
        """How many sales on which day, of one person under all his ids."""
        rows = self._all(_VISIT_DAYS, {"ids": list_text(sorted(member_ids))})
        return {date.fromisoformat(str(day)): int(count) for day, count in rows}

    # -- learning

    def next_baskets(self, facts_most: int, lines_most: int) -> Sequence[BasketSold]:
        """Sales not looked at yet, this till's in their order, then others'; few enough that the
        work of learning them is short. They count as looked at from now on."""
        return self._own(facts_most, lines_most) or self._of_others(lines_most)

    def is_behind(self) -> bool:
        """Whether there is anything left to look at."""
        epoch, dseq = self._progress()
        row = self._first(_IS_BEHIND, {"epoch": epoch, "dseq": dseq})
        assert row is not None
        return bool(row[0])

    def _own(self, facts_most: int, lines_most: int) -> list[BasketSold]:
        found, lines = list[BasketSold](), 0
        came = self._progress()
        asked = {"epoch": came[0], "dseq": came[1], "most": facts_most}
        for epoch, dseq, sale_id, member_id, day, count in self._all(_NEXT, asked):
            came = (epoch, dseq)
            if sale_id is not None:
                skus = tuple(str(sku) for (sku,) in self._all(_SKUS, {"sale": sale_id}))
                found.append(_sold(sale_id, member_id, day, skus))
                lines += count
            if lines >= lines_most:
                break
        if came != (asked["epoch"], asked["dseq"]):
            self._write(_PUT_PROGRESS, {"only_row": 1, "epoch": came[0], "dseq": came[1]})
        return found

    def _of_others(self, lines_most: int) -> list[BasketSold]:
        known, found = KnownFactRepository(self._transaction), list[BasketSold]()
        for (op_id,) in self._all(_WAITING, {"most": max(1, lines_most // 10)}):
            sale = known.sale(str(op_id))
            if sale is not None:
                skus = (line.sku for line in sale.lines if line.gift_of is None)
                day = sale.business_day.isoformat()
                found.append(_sold(op_id, sale.member_id, day, tuple(dict.fromkeys(skus))))
            self._write(_NO_LONGER_WAITING, {"key": op_id})
        return found

    def _progress(self) -> tuple[int, int]:
        row = self._first(_PROGRESS, {})
        return (0, 0) if row is None else (int(row[0]), int(row[1]))

    # -- what was learned

    def visits(self, member_id: str) -> Visits:
        row = self._first(_VISITS, {"key": member_id})
        return Visits() if row is None else Visits(int(row[0]), int(row[1]), int(row[2]))

    def of_member(self, member_id: str, skus: Collection[str] | None = None) -> Sequence[Habit]:
        """All of his habits, or those with these products."""
        if skus is None:
            return [_habit(row) for row in self._all(_OF_MEMBER, {"key": member_id})]
        asked = {"key": member_id, "skus": list_text(sorted(skus))}
        return [_habit(row) for row in self._all(_OF_THESE, asked)]

    def weighty(self, member_id: str, day: int, least: int) -> Sequence[Habit]:
        """Those of his habits of whose weight so much may be left on that day; few others."""
        asked = {"key": member_id, "day": day, "least": least}
        return [_habit(row) for row in self._all(_WEIGHTY, asked)]

    def counts(self, skus: Collection[str]) -> Mapping[str, ProductHabit]:
        """Without what they lie beside: for very many of them."""
        rows = self._all(_COUNTS, {"skus": list_text(sorted(skus))})
        return {row[0]: ProductHabit(*row) for row in rows}

    def products(self, skus: Collection[str]) -> Mapping[str, ProductHabit]:
        rows = self._all(_PRODUCTS, {"skus": list_text(sorted(skus))})
        return {
            str(sku): ProductHabit(
                str(sku), int(baskets), int(times), int(buyers), _TOGETHER.decode(str(together))
            )
            for sku, baskets, times, buyers, together in rows
        }

    def put(self, member_id: str, visits: Visits, habits: Iterable[Habit]) -> None:
        """A member's visits and the habits that grew."""
        row = {
            "member_id": member_id, "visits": visits.count, "weight": visits.weight,
            "last_day": visits.last_day,
        }  # fmt: skip
        self._write(_PUT_VISITS, row)
        self._write(_PUT, list(_habit_rows(member_id, habits)))

    def put_products(self, products: Iterable[ProductHabit]) -> None:
        rows = [
            {
                "sku": each.sku, "baskets": each.baskets, "times": each.times,
                "buyers": each.buyers,
                "together": msgspec.json.encode(dict(each.together)).decode(),
            }
            for each in products
        ]  # fmt: skip
        self._write(_PUT_PRODUCT, rows)

    def members(self, after: str, limit: int) -> Sequence[str]:
        """Ids of members with habits, in order, from behind `after`."""
        return [str(key) for (key,) in self._all(_MEMBERS, {"after": after, "most": limit})]

    def forget(self, member_ids: Collection[str]) -> None:
        """All habits of these members."""
        for statement in _FORGET:
            self._write(statement, {"ids": list_text(sorted(member_ids))})


def _sold(sale_id: object, member: object, day: object, skus: tuple[str, ...]) -> BasketSold:
    member_id = None if member is None else str(member)
    return BasketSold(str(sale_id), member_id, date.fromisoformat(str(day)), skus)


def _habit(row: Row) -> Habit:
    return Habit(*row[1:])  # the table is STRICT: what stands there is what was put there


def _habit_rows(member_id: str, habits: Iterable[Habit]) -> Iterator[Mapping[str, Any]]:
    for each in habits:
        yield {
            "member_id": member_id, "sku": each.sku, "times": each.times, "weight": each.weight,
            "first_visit": each.first_visit, "last_visit": each.last_visit,
            "first_day": each.first_day, "last_day": each.last_day,
        }  # fmt: skip

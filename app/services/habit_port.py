"""Ports of habits: when members came and what they usually take, kept from sales.

Owns: the Protocol. Does not own: any implementation, and no rule.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from typing import Protocol

from app.domain.habit import BasketSold, Habit, ProductHabit, Visits


class HabitRepository(Protocol):
    """What is known of the purchases of members in this shop."""

    def visit_days(self, member_ids: Collection[str]) -> Mapping[date, int]:
        """How many sales on which day, of one person under all his ids."""

    def next_baskets(self, facts_most: int, lines_most: int) -> Sequence[BasketSold]:
        """Sales not looked at yet, this till's in their order, then others'; few enough that the
        work of learning them is short. They count as looked at from now on."""

    def is_behind(self) -> bool:
        """Whether there is anything left to look at."""

    def visits(self, member_id: str) -> Visits: ...

    def of_member(self, member_id: str, skus: Collection[str] | None = None) -> Sequence[Habit]:
        """All of his habits, or those with these products."""

    def weighty(self, member_id: str, day: int, least: int) -> Sequence[Habit]:
        """Those of his habits of whose weight so much may be left on that day; few others."""

    def counts(self, skus: Collection[str]) -> Mapping[str, ProductHabit]:
        """Without what they lie beside: for very many of them."""

    def products(self, skus: Collection[str]) -> Mapping[str, ProductHabit]: ...

    def put(self, member_id: str, visits: Visits, habits: Iterable[Habit]) -> None:
        """A member's visits and the habits that grew."""

    def put_products(self, products: Iterable[ProductHabit]) -> None: ...

    def members(self, after: str, limit: int) -> Sequence[str]:
        """Ids of members with habits, in order, from behind `after`."""

    def forget(self, member_ids: Collection[str]) -> None:
        """All habits of these members."""

"""The port to the list of members: what services need of the store to order and narrow it.

Owns: that Protocol. Does not own: the members themselves (ports.py), judging them (services).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from app.domain.member_list import (
    DueMembers,
    ListBounds,
    ListChoice,
    ListedMember,
    ListPlace,
    MemberOrder,
    NarrowedRows,
)


class MemberListRepository(Protocol):
    """What every member was judged to be, for the order of a list. It can be made anew at any time:
    whatever changes a member or his account puts him among those that are due."""

    def due(self, after: int, stamp: str, limit: int) -> DueMembers:
        """The next ones behind this number whom nobody judged by `stamp` (a day and a program)."""

    def put(self, judged: Sequence[ListedMember], stamp: str) -> None: ...

    def page(
        self, order: MemberOrder, after: ListPlace | None, limit: int
    ) -> Sequence[ListedMember]:
        """In that order, the highest and the latest first, from behind a place."""

    def narrowed(
        self,
        order: MemberOrder,
        after: ListPlace | None,
        bounds: ListBounds,
        *,
        want: int,
        look: int,
    ) -> NarrowedRows:
        """The same within bounds: at most `want` of the next `look` rows."""

    def count(self) -> int: ...

    def tier_counts(self) -> Mapping[str, int]:
        """How many of those judged stand on each tier, by its id."""

    def tags(self) -> Sequence[str]:
        """Every tag somebody has, by name."""

    def choice(self, staff_id: str) -> ListChoice:
        """What this person chose last; nothing special where he never did."""

    def keep_choice(self, staff_id: str, choice: ListChoice) -> None: ...

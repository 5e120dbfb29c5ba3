"""The list of members: what it is ordered by, what narrows it, who has been away for long.

Owns: those choices and judging one row by them; pure. Does not own: reading rows
(app/store/member_list.py), what is shown of a member (app/services/member_list.py), words.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

import msgspec

from app.domain.member import Member

MemberOrder = Literal["last_visit", "spend", "points", "newest"]
MemberState = Literal["normal", "dormant", "frozen"]
Visited = Literal["", "week", "month", "quarter", "away_90", "away_180", "never"]
"""When a member was last here: within so many days, or not for so long."""

DORMANT_DAYS = 90
_WITHIN: dict[str, int] = {"week": 7, "month": 30, "quarter": 90}
_AWAY: dict[str, int] = {"away_90": 90, "away_180": 180}


class ListChoice(msgspec.Struct, frozen=True, omit_defaults=True):
    """What somebody wants to see, in which order. Empty: whatever."""

    order: MemberOrder = "last_visit"
    tier: str = ""
    state: Literal["", "normal", "dormant", "frozen"] = ""
    visited: Visited = ""
    tag: str = ""

    @property
    def is_narrowed(self) -> bool:
        """Whether anybody is left out."""
        return bool(self.tier or self.state or self.visited or self.tag)


@dataclass(frozen=True, slots=True)
class ListedMember:
    """A member as the list judges him; `number` is his place in this till's file."""

    number: int
    member_id: str
    joined: date
    last_visit: date | None
    is_frozen: bool
    tier: str
    points: int
    spend_minor: int
    tags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DueMembers:
    """Members to be judged anew, by number; `looked`: behind which number to go on, None = end."""

    members: tuple[tuple[int, Member], ...]
    looked: int | None


@dataclass(frozen=True, slots=True)
class ListPlace:
    """Behind which row a list goes on: the value it is ordered by, and the row's number."""

    value: str | int
    number: int


def place_of(row: ListedMember, order: MemberOrder) -> ListPlace:
    """Where this row stands in that order."""
    match order:
        case "last_visit":
            return ListPlace(
                "" if row.last_visit is None else row.last_visit.isoformat(), row.number
            )
        case "spend":
            return ListPlace(row.spend_minor, row.number)
        case "points":
            return ListPlace(row.points, row.number)
        case _:  # newest
            return ListPlace(row.number, row.number)


def state_of(row: ListedMember, today: date) -> MemberState:
    """Dormant: nothing bought for 90 days, also where somebody joined and never did."""
    if row.is_frozen:
        return "frozen"
    return "dormant" if _days_away(row, today) >= DORMANT_DAYS else "normal"


def fits(row: ListedMember, choice: ListChoice, today: date) -> bool:
    """Whether somebody is in the list that was chosen."""
    return (
        choice.tier in ("", row.tier)
        and choice.state in ("", state_of(row, today))
        and (not choice.tag or choice.tag in row.tags)
        and _visited_so(row, choice.visited, today)
    )


def _days_away(row: ListedMember, today: date) -> int:
    return (today - (row.last_visit or row.joined)).days


def _visited_so(row: ListedMember, wanted: Visited, today: date) -> bool:
    if not wanted:
        return True
    if wanted == "never" or row.last_visit is None:
        return wanted == "never" and row.last_visit is None
    days = (today - row.last_visit).days
    return days <= _WITHIN[wanted] if wanted in _WITHIN else days >= _AWAY[wanted]

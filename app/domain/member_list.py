"""The list of members: what it is ordered by, what narrows it, who has been away for long.

Owns: those choices and judging one row by them; pure. Does not own: reading rows
(app/store/member_list.py), what is shown of a member (app/services/member_list.py), words.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

import msgspec

from app.domain.member import Member

MemberOrder = Literal["last_visit", "spend", "points", "newest"]
MemberState = Literal["normal", "dormant", "frozen"]
Visited = Literal["", "week", "month", "quarter", "away_90", "away_180", "never"]
"""When a member was last here: within so many days, or not for so long."""

DORMANT_DAYS = 90
EARLIEST, LATEST = "0001-01-01", "9999-12-31"
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


@dataclass(frozen=True, slots=True)
class NarrowedRows:
    """Rows within bounds, of so many that were looked at. `place`: where to go on; None: the list
    has ended."""

    rows: tuple[ListedMember, ...]
    place: ListPlace | None


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


@dataclass(frozen=True, slots=True)
class ListBounds:
    """What narrows a list as bounds that a table can be asked by, all inclusive. Days are texts:
    empty stands before every day, and for never. `seen`: the last visit, or the day of joining
    where there was none."""

    tier: str = ""
    tag: str = ""
    is_frozen: bool | None = None
    seen_first: str = ""
    seen_last: str = LATEST
    visit_first: str = ""
    visit_last: str = LATEST


def bounds_of(choice: ListChoice, today: date) -> ListBounds:
    """The bounds of a choice: whoever `fits` lies within them."""
    dormant = (today - timedelta(days=DORMANT_DAYS)).isoformat()
    awake = (today - timedelta(days=DORMANT_DAYS - 1)).isoformat()
    first, last = _visits(choice.visited, today)
    return ListBounds(
        tier=choice.tier,
        tag=choice.tag,
        is_frozen=choice.state == "frozen" if choice.state else None,
        seen_first=awake if choice.state == "normal" else "",
        seen_last=dormant if choice.state == "dormant" else LATEST,
        visit_first=first,
        visit_last=last,
    )


def _visits(wanted: Visited, today: date) -> tuple[str, str]:
    if wanted in _WITHIN:
        return (today - timedelta(days=_WITHIN[wanted])).isoformat(), LATEST
    if wanted in _AWAY:
        return EARLIEST, (today - timedelta(days=_AWAY[wanted])).isoformat()
    return "", "" if wanted == "never" else LATEST


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

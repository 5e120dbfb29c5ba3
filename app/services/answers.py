"""Answers that many services give.

Owns: the shared "no"s and the plain "it changed". Does not own: answers of one service (its file),
sentences (ui). An expected "no" is one of these, never an exception.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from app.domain.freshness import Freshness
from app.domain.staff import Permission
from app.services.till_state import TillState


@dataclass(frozen=True, slots=True)
class Changed:
    """Done; the screen as it is now."""

    state: TillState


@dataclass(frozen=True, slots=True)
class LineChanged:
    """A line was added or changed; it is the selected one. `merged`: one more of a line there."""

    state: TillState
    line_id: str
    merged: bool = False
    near_limit: bool = False
    """The basket is close to the size of one sale: close it soon."""
    freshness: Freshness = "fresh"
    """Of goods whose label says their last day: said where it is near, or past and allowed."""


@dataclass(frozen=True, slots=True)
class SignInFirst:
    """Nobody is signed in, or the till is locked."""


@dataclass(frozen=True, slots=True)
class NotAllowed:
    """The role of the person signed in does not include it."""

    permission: Permission


@dataclass(frozen=True, slots=True)
class PaymentUnderWay:
    """Money was taken or is being taken for this basket: it cannot change now."""


@dataclass(frozen=True, slots=True)
class DiskNearlyFull:
    """No new sale begins on a disk without room; an open one can still be finished."""


@dataclass(frozen=True, slots=True)
class OpenShiftFirst:
    """No money moves at this drawer now. `why`: none = no shift is open; counting = the drawer is
    being counted: close the shift or go back to selling; of_another = it is a colleague's.
    """

    why: Literal["none", "counting", "of_another"]


@dataclass(frozen=True, slots=True)
class NoSuchLine:
    """The line is not in the basket (any more)."""

    line_id: str


@dataclass(frozen=True, slots=True)
class NoMember:
    """Nobody is on this basket."""


@dataclass(frozen=True, slots=True)
class MemberUnknown:
    """No member by this id (or he was erased meanwhile)."""

    member_id: str


@dataclass(frozen=True, slots=True)
class BasketFull:
    """One sale can hold no more: close it and ring up the rest in the next one."""


Refusal = SignInFirst | NotAllowed | PaymentUnderWay | DiskNearlyFull | OpenShiftFirst

"""Answers about tiers by hand.

Owns: what those acts answer. Does not own: the acts (tier_change.py), sentences (ui).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from app.domain.ids import OpId
from app.domain.tier_change import TierWish, WishFault
from app.domain.tier_fact import Verdict


@dataclass(frozen=True, slots=True)
class WishRefused:
    """It cannot be so: every fault with its field. `wish`: as it was typed, nothing is lost."""

    wish: TierWish
    faults: tuple[WishFault, ...]


@dataclass(frozen=True, slots=True)
class OwnMembership:
    """Nobody gives a tier to himself, or decides about his own."""


@dataclass(frozen=True, slots=True)
class TierGiven:
    """He has it (from its first day on)."""

    member_id: str
    tier: str
    grant: OpId


@dataclass(frozen=True, slots=True)
class TierAsked:
    """It waits for somebody who may decide. `goes_out`: head office hears of it with the next
    contact; False = this shop decides alone.
    """

    member_id: str
    tier: str
    request: OpId
    goes_out: bool


@dataclass(frozen=True, slots=True)
class RequestDecided:
    """`counts`: now; else once head office has taken it."""

    request: OpId
    verdict: Verdict
    counts: bool


@dataclass(frozen=True, slots=True)
class AlreadyDecided:
    """Somebody was first. `counts` False: it is on its way, and nothing else is known."""

    request: OpId
    verdict: Verdict
    by: str
    day: date
    counts: bool


@dataclass(frozen=True, slots=True)
class CannotDecide:
    """own: whoever asked does not decide, nor takes back what another one asked; too_high: his role
    may not say yes to so many tiers; lapsed: its last day has passed.
    """

    why: Literal["own", "not_own", "too_high", "lapsed", "forbidden"]


@dataclass(frozen=True, slots=True)
class NoSuchRequest:
    """No request by this id is known here."""

    request: OpId


@dataclass(frozen=True, slots=True)
class GrantUndone:
    """The grant ended by a record of its own; what stood before it stands again."""

    grant: OpId


@dataclass(frozen=True, slots=True)
class NothingToUndo:
    """It was undone before, or was never known."""

    grant: OpId

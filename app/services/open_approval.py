"""The open approval: what this till waits for, as the desk holds it.

Owns: an act as it was asked for, the yes to it, and how long both hold. Does not own: asking and
saying yes (approval.py).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from app.domain.moment import Moment
from app.domain.money import Money
from app.domain.rights import Act

APPROVAL_MS = 60_000

How = Literal["badge", "pin"]


@dataclass(frozen=True, slots=True)
class Wanted:
    """An act as somebody asks for it: how much in its unit, and what it does to money."""

    act: Act
    asked: int
    effect: Money
    """What the shop gives up, positive."""
    subject: str = ""
    """What it is done to: a basket, a sale, a line."""
    before: str = ""
    after: str = ""
    """Codes or plain amounts, for the trail."""
    reason: str = ""
    about: str = ""
    """What a person reads of it beside the name of the act: the goods."""


@dataclass(frozen=True, slots=True)
class Approval:
    """A yes: to so much of this act, by whom."""

    act: Act
    asked: int
    effect: Money
    by: str
    is_own: bool = False
    """He said yes to himself, as his role may."""

    def covers(self, wanted: Wanted) -> bool:
        """Whether the yes was given to this, and not to less."""
        fits = wanted.asked <= self.asked and wanted.effect <= self.effect
        return wanted.act == self.act and fits


Then = Callable[..., object]
"""The act itself, done with `shop=, work=, approval=` once somebody said yes; its own answer comes
back. The desk holds this value, so its type cannot name the desk."""


@dataclass(frozen=True, slots=True)
class PendingApproval:
    """What this till waits for. Kept in memory only: a restart forgets it, nothing was done."""

    request_id: str
    wanted: Wanted
    limit: int
    requester: str
    asked_at: Moment
    then: Then
    proved: tuple[str, How] | None = None
    """Who has shown a badge (or a PIN) where both are needed."""

    def is_alive(self, now: Moment) -> bool:
        """Within its time, on the same run of the machine."""
        same_boot = self.asked_at.boot_id == now.boot_id
        return same_boot and now.monotonic_ms - self.asked_at.monotonic_ms < APPROVAL_MS

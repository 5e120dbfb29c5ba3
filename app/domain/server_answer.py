"""Server answers: what comes of asking the server, in words that a service can act on.

Owns: those values. Does not own: asking (sync/till/joined.py), messages (sync/protocol), what is
done without an answer (services).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal, TypeAlias

from app.domain.grant import CouponGone, PointGrant
from app.domain.settings import Identity


@dataclass(frozen=True, slots=True)
class NoServer:
    """This till was never enrolled, or has to be enrolled again: there is nobody to ask."""


@dataclass(frozen=True, slots=True)
class NoAnswer:
    """Nobody said anything in time. It is not known whether the server acted: the same id may be
    sent again.
    """


@dataclass(frozen=True, slots=True)
class Declined:
    """The server answered, and does not do it. `code` names why (sync/errors.py)."""

    code: str
    text: str = ""


@dataclass(frozen=True, slots=True)
class LookUpWanted:
    """Who or what is looked for, by exactly one of these."""

    card: str | None = None
    phone_claim: str | None = None
    """The keyed hash of a whole phone number: no open number leaves the till for a question."""
    member_id: str | None = None
    receipt: str | None = None
    """The code of a sale's receipt, or of a refund of it."""


@dataclass(frozen=True, slots=True)
class LookedUp:
    """These members are in the working set now; none = known to nobody. Of a receipt its sale and
    all refunds of it are held here now, if there are any."""

    member_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PointsKept:
    """The server keeps them for this sale until `ends_ms` (its own time)."""

    reservation_id: str
    ends_ms: int


@dataclass(frozen=True, slots=True)
class PointsNotKept:
    """It does not; so many points it could keep now, these coupons it could not, and of these uses
    so many."""

    reservation_id: str
    available: int
    code: str
    text: str = ""
    gone: Mapping[str, CouponGone] = field(default_factory=dict)
    uses_left: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Voided:
    """Nothing is kept by this id any more, unless a sale has used it (`posted`)."""

    reservation_id: str
    posted: bool = False


@dataclass(frozen=True, slots=True)
class GrantWanted:
    """A part of a member's balance for this till alone."""

    grant_id: str
    member_id: str
    points: int
    hours: int
    coupons: tuple[str, ...] = ()
    entitlements: Mapping[str, int] = field(default_factory=dict)
    """Uses of benefits and of rewards that are limited."""


@dataclass(frozen=True, slots=True)
class Granted:
    """It stands in the store already."""

    grant: PointGrant


@dataclass(frozen=True, slots=True)
class Compared:
    """Both sides counted: the business days of this till, and which of them they count alike."""

    days: Mapping[date, bool]


Unanswered: TypeAlias = NoServer | NoAnswer | Declined
LookUpAnswer: TypeAlias = LookedUp | Unanswered
ReserveAnswer: TypeAlias = PointsKept | PointsNotKept | Unanswered
VoidAnswer: TypeAlias = Voided | Unanswered
GrantAnswer: TypeAlias = Granted | Unanswered
CompareAnswer: TypeAlias = Compared | Unanswered


# ------------------------------------------------------------------ becoming somebody

EnrolStep = Literal["reaching", "proving", "adopting"]
"""The server is looked for; the code is shown to it; this till becomes who it says we are."""
EnrolTrouble = Literal[
    "bad_address",  # no address of a server
    "open_address",  # http, and not this machine: others on the way could read along
    "unreachable",  # nobody answers there
    "untrusted",  # its certificate is not one this machine trusts
    "garbled",  # somebody answers who is no server of ours
    "unknown_code",  # never given, mistyped, used by another, or too old
    "till_taken",  # another machine stands at this till number
    "update_program",  # the server speaks none of our versions
    "too_many",  # too many tries from here: later
    "busy",  # it cannot now: later
    "not_kept",  # the store of this till took nothing in
    "refused",  # anything else the server said
]


@dataclass(frozen=True, slots=True)
class Enrolled:
    """This till belongs to the server now."""

    identity: Identity
    store_name: str = ""

    @property
    def trouble(self) -> None:
        """There is none."""
        return None


@dataclass(frozen=True, slots=True)
class EnrolRefused:
    """It does not; nothing was changed. `said`: the server's own sentence, where it has one."""

    trouble: EnrolTrouble
    address: str = ""
    said: str = ""


EnrolAnswer: TypeAlias = Enrolled | EnrolRefused

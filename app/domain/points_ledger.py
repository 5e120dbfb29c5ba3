"""The points ledger: every change of a member's points with its cause, and that it adds up.

Owns: reading entries out of facts, what was gained or taken where this till has no fact of it, what
has lapsed; pure. Does not own: the facts, the account (account.py), the balance (view.py).
An entry says what its fact did to points. Expiry is never a fact: what lapsed is what is left over.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from app.domain import effects as do
from app.domain.account import MemberAccount
from app.domain.facts import (
    AnyRefund,
    CouponIssued,
    Fact,
    PointsAdjusted,
    ReturnRecorded,
    SaleRecorded,
    UnknownFact,
)
from app.domain.gifts import gains, winners
from app.domain.tiers import cancelled_crossings
from app.domain.view import AccountView

UNDOES = "undo:"
"""Before the op_id of an adjustment, in the cause of the one that takes it back."""


@dataclass(frozen=True, slots=True)
class LedgerEntry:
    """One fact that changed points. `gained` and `taken` are positive where points come and go.

    `held_days`: in how many days they can first be used, where they cannot be used at once.
    """

    op_id: str
    kind: str
    day: date
    wall_ms: int
    staff_id: str
    gained: int
    taken: int
    held_days: int = 0
    code: str = ""
    """The receipt, where there is one."""
    reason: str = ""
    undoes: str = ""
    """The op_id of the fact whose points this one takes back."""

    @property
    def points(self) -> int:
        """What it did to the balance, in sum."""
        return self.gained - self.taken


@dataclass(frozen=True, slots=True)
class PointsLedger:
    """Entries, newest first, and what makes them add up to the balance.

    `elsewhere`: of facts this till has not. `lapsed`: expired so far. `held`: not usable yet.
    entries + elsewhere - lapsed - held = balance, always.
    """

    entries: tuple[LedgerEntry, ...]
    elsewhere: int
    lapsed: int
    held: int
    balance: int


def points_ledger(
    account: MemberAccount, seen: AccountView, facts: Iterable[Fact | UnknownFact]
) -> PointsLedger:
    """The ledger of an account as it is seen on a day, from the facts this till has of it, in the
    order of the till."""
    known = [fact for fact in facts if not isinstance(fact, UnknownFact)]
    known.sort(key=lambda fact: fact.clock.wall_ms)  # of equal times: as they were handed over
    found = (entry_of(fact) for fact in reversed(known))
    entries = tuple(entry for entry in found if entry is not None)
    counted = winners(account, cancelled_crossings(account))
    gained = sum(gain.points for gain in gains(account, counted))
    total = gained - sum(account.taken.values())
    here = sum(entry.points for entry in entries)
    lapsed = total - seen.held_points - seen.balance
    return PointsLedger(entries, total - here, lapsed, seen.held_points, seen.balance)


def entry_of(fact: Fact) -> LedgerEntry | None:
    """What a fact did to points; None where it did nothing to them."""
    gained = taken = held_days = 0
    for effect in fact.effects:
        plus, minus, days = _points_of(effect)
        gained, taken, held_days = gained + plus, taken + minus, max(held_days, days)
    if not gained and not taken:
        return None
    return LedgerEntry(
        op_id=fact.op_id,
        kind=str(fact.__struct_config__.tag).partition(".")[0],
        day=fact.day,
        wall_ms=fact.clock.wall_ms,
        staff_id=fact.staff or "",
        gained=gained,
        taken=taken,
        held_days=held_days,
        code=_receipt(fact),
        reason=_reason(fact),
        undoes=undone_by(fact) or "",
    )


def _receipt(fact: Fact) -> str:
    return fact.code if isinstance(fact, SaleRecorded | AnyRefund | ReturnRecorded) else ""


def _reason(fact: Fact) -> str:
    match fact:
        case PointsAdjusted():
            return fact.reason
        case CouponIssued():
            return fact.why
        case _:
            return ""


def undone_by(fact: Fact) -> str | None:
    """The adjustment that this one takes back; None where it takes back none."""
    if isinstance(fact, PointsAdjusted) and (fact.cause or "").startswith(UNDOES):
        return (fact.cause or "").removeprefix(UNDOES)
    return None


def _points_of(effect: do.Effect) -> tuple[int, int, int]:
    """Points that come, points that go, and for how many days they are held."""
    match effect:
        case do.Gained():
            return effect.points, 0, 0
        case do.Taken() | do.Exchanged():
            return 0, effect.points, 0
        case do.HeldGain() | do.OccasionGain() | do.SaleShare():
            return effect.points, 0, effect.usable_in_days
        case do.Undone():
            return _sum(effect.spent), _sum(effect.earned), 0
        case do.Redone():
            return _sum(effect.earned), _sum(effect.spent), 0
        case _:
            return 0, 0, 0


def _sum(parts: Iterable[do.EarnedPart | do.SpentPart]) -> int:
    return sum(part.points for part in parts)

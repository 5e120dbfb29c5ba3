"""The fold of tiers: what crossings, reviews, grants, packs and trials leave in an account.

Owns: those effects, and where a fact stands in time. Does not own: the rest of the fold
(account.py), which of them counts on a day (tiers.py, pack.py).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Any

from app.domain import effects as do
from app.domain.account_records import (
    BoughtPack,
    Crossing,
    MemberAccount,
    OccasionPoints,
    ReviewedTier,
    TierGrant,
    TriedTier,
    pack_key,
)
from app.domain.ids import OpId
from app.domain.occasions import trial_of


@dataclass(frozen=True, slots=True)
class Place:
    """Where a fact stands in time: what its relative months and days count from."""

    op_id: OpId
    day: int
    month: int


def _last_ordinal(month: int) -> int:
    """The last day of a month, as an ordinal."""
    return date((month + 1) // 12, (month + 1) % 12 + 1, 1).toordinal() - 1


def _reached(account: MemberAccount, effect: do.TierReached, at: Place) -> None:
    trial = effect.days is not None
    month_end = _last_ordinal(at.month + effect.months)
    until = month_end if effect.days is None else at.day + effect.days
    crossing = Crossing(
        effect.tier,
        at.day,
        at.month,
        until,
        trial,
        effect.measure,
        effect.line,
        at.day + effect.return_days,
    )
    account.crossings[at.op_id] = (*account.crossings.get(at.op_id, ()), crossing)


def _reviewed(account: MemberAccount, effect: do.Reviewed, at: Place) -> None:
    ended = at.month - effect.ended_back
    account.reviews[at.op_id] = ReviewedTier(
        effect.tier,
        effect.before,
        ended,
        at.day + effect.notice_days,
        _last_ordinal(ended + effect.months),
    )


def _granted(account: MemberAccount, effect: do.TierGiven, at: Place) -> None:
    account.grants[at.op_id] = TierGrant(effect.tier, at.day, at.day + effect.days)


def _granted_from(account: MemberAccount, effect: do.TierGivenFrom, at: Place) -> None:
    first = at.day + effect.starts_in
    account.grants[at.op_id] = TierGrant(effect.tier, first, first + effect.days, effect.yields)


def _revoked(account: MemberAccount, effect: do.TierTaken, at: Place) -> None:
    account.revoked.add(effect.grant)


def _pack_bought(account: MemberAccount, effect: do.PackBought, at: Place) -> None:
    bought = BoughtPack(effect.plan, effect.tier, effect.months, at.day)
    account.packs[at.op_id] = (*account.packs.get(at.op_id, ()), bought)


def _pack_used(account: MemberAccount, effect: do.PackUsed, at: Place) -> None:
    account.pack_uses[effect.sale] = account.pack_uses.get(effect.sale, 0) + 1


def _pack_back(account: MemberAccount, effect: do.PackBack, at: Place) -> None:
    account.packs_back.setdefault(pack_key(effect.sale, effect.plan), set()).add(at.day)


def _tried(account: MemberAccount, effect: do.TierTried, at: Place) -> None:
    account.trials[at.op_id] = TriedTier(effect.tier, at.day, at.day + effect.days)
    account.occasions.setdefault(trial_of(effect.tier), {})[at.op_id] = OccasionPoints()


OF_TIERS: Mapping[type, Callable[[MemberAccount, Any, Place], None]] = MappingProxyType(
    {
        do.TierReached: _reached,
        do.Reviewed: _reviewed,
        do.TierGiven: _granted,
        do.TierGivenFrom: _granted_from,
        do.TierTaken: _revoked,
        do.PackBought: _pack_bought,
        do.PackUsed: _pack_used,
        do.PackBack: _pack_back,
        do.TierTried: _tried,
    }
)

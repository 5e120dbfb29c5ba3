"""Paid packs and trials: from when to when each gives its tier, and what a pack brings back.

Owns: the periods of packs (one bought again before its end begins where the other ends), which
trial of several counts, the refund of a pack by its terms. Does not own: the effective tier
(tiers.py), the money of the rest of a refund (refund.py), the fold (account.py).
Days are ordinals. A pack of twelve months from 23 November lasts to 22 November a year later.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from app.domain.account_records import BoughtPack, MemberAccount, TriedTier, pack_key
from app.domain.ids import OpId
from app.domain.money import divide_half_up
from app.domain.occasions import trial_of
from app.domain.program import PackRefund, Plan, Program
from app.domain.refund_fact import PackWhy

_LAST_MONTH = date.max.year * 12 + 11
"""However many packs somebody has bought, a day is on the calendar."""


@dataclass(frozen=True, slots=True)
class PackPeriod:
    """One pack and its days. `begins`: where its row of packs begins, `before` months into it.

    Given back before it began, its last day lies before its first.
    """

    sale: OpId
    pack: BoughtPack
    begins: int
    before: int
    last: int

    @property
    def first(self) -> int:
        """The first day it gives its tier."""
        return months_after(self.begins, self.before)


def months_after(day: int, months: int) -> int:
    """The same day of the month so many months later, or the last one that month has."""
    start = date.fromordinal(day)
    index = min(start.year * 12 + start.month - 1 + months, _LAST_MONTH)
    year, month = index // 12, index % 12 + 1
    return date(year, month, min(start.day, monthrange(year, month)[1])).toordinal()


def periods(account: MemberAccount) -> tuple[PackPeriod, ...]:
    """Every pack ever bought with its days; those of one tier stand in a row."""
    bought = sorted(
        ((pack.day, sale, pack) for sale, packs in account.packs.items() for pack in packs),
        key=lambda each: (each[0], each[1], each[2].plan),
    )
    found: list[PackPeriod] = []
    ends: dict[str, PackPeriod] = {}
    for _, sale, pack in bought:
        begins, before = _beginning(ends.get(pack.tier), pack.day)
        last = months_after(begins, before + pack.months) - 1
        back = min(account.packs_back.get(pack_key(sale, pack.plan), ()), default=last + 1)
        # With the refund its tier ends; what was bought after it begins that much sooner.
        last = max(min(last, back - 1), months_after(begins, before) - 1)
        ends[pack.tier] = PackPeriod(sale, pack, begins, before, last)
        found.append(ends[pack.tier])
    return tuple(found)


def _beginning(row: PackPeriod | None, day: int) -> tuple[int, int]:
    """Where a pack bought on a day begins, behind the one before: its row, and months into it."""
    if row is None or row.last < day:
        return day, 0
    whole = months_after(row.begins, row.before + row.pack.months) - 1
    if row.last == whole:
        return row.begins, row.before + row.pack.months
    return row.last + 1, 0


def was_returned(account: MemberAccount, period: PackPeriod) -> bool:
    """Whether the pack came back."""
    return pack_key(period.sale, period.pack.plan) in account.packs_back


def last_day_with(known: Sequence[PackPeriod], plan: Plan, day: int) -> int:
    """The last day of a pack bought on a day by who has those already."""
    row = next((each for each in reversed(known) if each.pack.tier == plan.tier), None)
    begins, before = _beginning(row, day)
    return months_after(begins, before + plan.months) - 1


def trials_that_count(account: MemberAccount) -> Iterator[tuple[OpId, TriedTier]]:
    """Of a person's trials of one tier the first fact; the others give nothing."""
    for occasion, by_op in account.occasions.items():
        first = min(by_op)
        tried = account.trials.get(first)
        if tried is not None and occasion == trial_of(tried.tier):
            yield first, tried


def packs_in(program: Program, skus: Collection[str]) -> tuple[Plan, ...]:
    """The packs among goods, in the order of the program."""
    return tuple(plan for plan in program.plans if plan.sku in skus)


# ------------------------------------------------------------------ refunds


@dataclass(frozen=True, slots=True)
class PackWorth:
    """What a pack brings back, and why. Money in minor units; `kept` stays with the shop."""

    plan: str
    why: PackWhy
    months_left: int
    months: int
    back_minor: int
    kept_minor: int


def pack_worth(
    period: PackPeriod, terms: PackRefund, paid_minor: int, day: int, *, used: bool
) -> PackWorth:
    """What comes back on a day of what was paid for a pack, half up; never more than that."""
    months = period.pack.months
    begun = sum(
        1 for each in range(months) if months_after(period.begins, period.before + each) <= day
    )
    left = months - begun
    plan = period.pack.plan
    if not used and day - period.pack.day <= terms.full_days:
        return PackWorth(plan, "unused", left, months, paid_minor, 0)
    if terms.rest == "none":
        return PackWorth(plan, "none", left, months, 0, paid_minor)
    back = divide_half_up(paid_minor * left, months)
    why: PackWhy = "months" if begun else "not_begun"
    return PackWorth(plan, why, left, months, back, paid_minor - back)


def period_of(account: MemberAccount, sale: OpId, plan: str) -> PackPeriod | None:
    """The days of one pack, by the sale it was bought in."""
    return next(
        (each for each in periods(account) if (each.sale, each.pack.plan) == (sale, plan)), None
    )


def alone(sale: OpId, pack: BoughtPack) -> PackPeriod:
    """Its days where nothing else is known of the member."""
    return PackPeriod(sale, pack, pack.day, 0, months_after(pack.day, pack.months) - 1)


def was_used(
    account: MemberAccount, program: Program, period: PackPeriod, day: int, *, own: str
) -> bool:
    """Whether the member had anything of it: a sale at its prices or points, a benefit ticked off.

    A benefit of its tier that was ticked off on its days counts as had of it, but for those given
    back, and for as many as his own tier (`own`) gives him.
    """
    if account.pack_uses.get(period.sale, 0) > 0:
        return True
    tier = next((each for each in program.tiers if each.id == period.pack.tier), None)
    names = [] if tier is None else [each.id for each in tier.entitlements]
    his = {
        each.id: each.count
        for tier in program.tiers
        if tier.id == own
        for each in tier.entitlements
    }
    return any(_had(account, name, period, day) > his.get(name, 0) for name in names)


def _had(account: MemberAccount, name: str, period: PackPeriod, day: int) -> int:
    """How often a benefit was had on the days of a pack."""
    back = account.uses_back.get(name, {})
    return sum(
        max(0, count - len(back.get(at, ())))
        for at, count in account.entitlements.get(name, {}).items()
        if period.first <= at <= min(day, period.last)
    )

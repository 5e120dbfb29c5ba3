"""Parting: two members who were made one by mistake, and what each bears of what was spent since.

Owns: the split, pure: of points by what either brought, of coupons by whose they were. Does not
own: merging accounts (account.py), when it is called and the facts of it (sync/server/part.py).
Facts stay with the id they came under. What was earned since is his under whose id it was earned;
what was spent since came from both.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from app.domain import effects as do
from app.domain.account import MemberAccount
from app.domain.account_records import pack_key
from app.domain.gifts import gains, winners
from app.domain.money import piece_share
from app.domain.replay import replay
from app.domain.tiers import cancelled_crossings


@dataclass(frozen=True, slots=True)
class Side:
    """One of both: his account when they were merged, and with everything that came since."""

    before: MemberAccount
    after: MemberAccount


@dataclass(frozen=True, slots=True)
class PackShare:
    """What happened under the other's id to a pack. `day`: on which it came back."""

    effect: do.PackBack | do.PackUsed
    day: date | None = None


@dataclass(frozen=True, slots=True)
class Parting:
    """What `kept` bears besides (negative: less), by business month, and `gone` the other way
    round; coupons of either that were used under the other's id, and what happened there to packs
    of either.
    """

    moved: Mapping[int, int] = field(default_factory=dict)
    used_of_kept: tuple[str, ...] = ()
    used_of_gone: tuple[str, ...] = ()
    packs_of_kept: tuple[PackShare, ...] = ()
    packs_of_gone: tuple[PackShare, ...] = ()


def part(kept: Side, gone: Side, merged_on: date) -> Parting:
    """Split what was spent since by what each had then; what goes beyond both stays where it was
    spent, under `kept` first: it was earned since.
    """
    brought = _balance(kept.before, merged_on), _balance(gone.before, merged_on)
    both, shared = sum(brought), 0
    spent, theirs = _spent_since(kept), _spent_since(gone)
    moved = {}
    for month in sorted({*spent, *theirs}):
        own, other = spent.get(month, 0), theirs.get(month, 0)
        part_of_both = min(own + other, both - shared)
        bears = min(own + other - part_of_both, own)
        if part_of_both:
            bears += piece_share(brought[0], shared, shared + part_of_both, both)
        shared += part_of_both
        if bears != own:
            moved[month] = bears - own
    return Parting(
        moved, _used_by(gone, kept), _used_by(kept, gone),
        tuple(_packs_by(gone, kept)), tuple(_packs_by(kept, gone)),
    )  # fmt: skip


def _balance(account: MemberAccount, as_of: date) -> int:
    counted = winners(account, cancelled_crossings(account))
    left = replay(gains(account, counted), account.taken, as_of)
    return sum(bucket.points.count for bucket in left.buckets)


def _spent_since(side: Side) -> dict[int, int]:
    """By business month. What refunds gave back of older sales is not there to be split."""
    months = {
        month: points - side.before.taken.get(month, 0)
        for month, points in side.after.taken.items()
    }
    return {month: points for month, points in months.items() if points > 0}


def _used_by(user: Side, owner: Side) -> tuple[str, ...]:
    """Coupons of the owner that were used, and not given back, under the other id since."""
    used = []
    for coupon, uses in user.after.coupon_uses.items():
        back = user.after.coupon_returns.get(coupon, set())
        is_open = uses - back - user.before.coupon_uses.get(coupon, set())
        if is_open and coupon in owner.after.coupons and coupon not in user.after.coupons:
            used.append(coupon)
    return tuple(sorted(used))


def _packs_by(user: Side, owner: Side) -> Iterator[PackShare]:
    """The owner's packs that came back, or were had of, under the other id: still so for him."""
    for sale, packs in sorted(owner.after.packs.items()):
        for pack in packs:
            key = pack_key(sale, pack.plan)
            days = user.after.packs_back.get(key)
            if days and key not in owner.after.packs_back:
                back = do.PackBack(sale=sale, plan=pack.plan)
                yield PackShare(back, date.fromordinal(min(days)))
        if user.after.pack_uses.get(sale) and not owner.after.pack_uses.get(sale):
            yield PackShare(do.PackUsed(sale=sale))

"""The account: everything that ever happened to one member, added up.

Owns: the fold, the only code that builds a MemberAccount, and its stored bytes. The fold only
adds numbers per key and unites ids, so any order of delivery ends in the same account; duplicates
are kept out before it (by op_id). Does not own: what it means on a day (view.py), which facts
exist (a repository), the shape (account_records.py), what is special about tiers (tier_fold.py).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any

import msgspec

from app.domain import effects as do
from app.domain.account_records import (
    Awaiting,
    BoughtPack,
    Consent,
    Crossing,
    FoldItem,
    Held,
    IssuedCoupon,
    Mark,
    MemberAccount,
    Numbers,
    OccasionPoints,
    ReviewedTier,
    Tally,
    TierGrant,
    TriedTier,
)
from app.domain.ids import OpId
from app.domain.tier_fold import OF_TIERS, Place

__all__ = [
    "Awaiting", "BoughtPack", "Consent", "Crossing", "FoldItem", "IssuedCoupon", "Mark",
    "MemberAccount", "Numbers", "OccasionPoints", "ReviewedTier", "Tally", "TierGrant", "TriedTier",
    "account_bytes", "account_of", "covered", "fold", "fold_into", "merge",
]  # fmt: skip

_ENCODER = msgspec.msgpack.Encoder()
_DECODER = msgspec.msgpack.Decoder(MemberAccount)


def account_bytes(account: MemberAccount) -> bytes:
    """The stored form. To compare accounts compare them as values: keys have no order here."""
    return _ENCODER.encode(account)


def account_of(data: bytes) -> MemberAccount:
    """Read `account_bytes` back."""
    return _DECODER.decode(data)


def fold(
    items: Iterable[FoldItem],
    *,
    base: MemberAccount | None = None,
    days: Mapping[OpId, date] | None = None,
) -> MemberAccount:
    """Fold facts, each once, on top of `base`.

    `days`: confirmed business dates of other facts the folder knows, by op_id; only those that
    the items (or effects awaiting in `base`) name are looked at. Effects that name a fact in
    neither place are held in the account until a fold knows it.
    """
    account = MemberAccount() if base is None else account_of(account_bytes(base))
    return fold_into(account, items, days)


def fold_into(
    account: MemberAccount,
    items: Iterable[FoldItem],
    days: Mapping[OpId, date] | None = None,
) -> MemberAccount:
    """The same on an account nobody else holds, for who has just read it: it is changed itself."""
    known: dict[OpId, date] = dict(days or ())
    for item in items:
        known[item.op_id] = item.day
        _fold_one(account, item)
    if account.awaiting:
        _settle_awaiting(account, known)
    return account


def covered(account: MemberAccount, member: str, marks: Iterable[Mark]) -> bool:
    """Whether the account already holds a fact that had one of these places in a chain."""
    epochs_by_device = account.marks.get(member, {})
    return any(
        mark.dseq <= epochs_by_device.get(mark.device, {}).get(mark.epoch, 0) for mark in marks
    )


def _month_of(day: date) -> int:
    return day.year * 12 + day.month - 1


def add(numbers: Numbers, key: int, amount: int) -> None:
    """Add to one key; a sum of zero leaves no key."""
    total = numbers.get(key, 0) + amount
    if total:
        numbers[key] = total
    else:
        numbers.pop(key, None)


def _add_deep(table: dict[int, Numbers], outer: int, inner: int, amount: int) -> None:
    numbers = table.setdefault(outer, {})
    add(numbers, inner, amount)
    if not numbers:
        del table[outer]


def _fold_one(account: MemberAccount, item: FoldItem) -> None:
    account.includes.add(item.member)
    place = Place(item.op_id, item.day.toordinal(), _month_of(item.day))
    for effect in item.effects:
        _APPLY[type(effect)](account, effect, place)
    mark = item.mark
    if mark is not None:
        epochs = account.marks.setdefault(item.member, {}).setdefault(mark.device, {})
        epochs[mark.epoch] = max(mark.dseq, epochs.get(mark.epoch, 0))


def _gained(account: MemberAccount, effect: do.Gained, at: Place) -> None:
    add(account.gained, at.month + effect.expires_in, effect.points)


def _taken(account: MemberAccount, effect: do.Taken, at: Place) -> None:
    add(account.taken, at.month, effect.points)


def _exchanged(account: MemberAccount, effect: do.Exchanged, at: Place) -> None:
    add(account.taken, at.month, effect.points)
    add(account.spent_on, at.day, effect.points)


def _held(account: MemberAccount, effect: do.HeldGain, at: Place) -> None:
    usable = at.day + effect.usable_in_days
    _add_deep(account.held, at.month + effect.expires_in, usable, effect.points)


def _occasion(account: MemberAccount, effect: do.OccasionGain, at: Place) -> None:
    account.occasions.setdefault(effect.occasion, {})[at.op_id] = OccasionPoints(
        effect.points,
        at.month + effect.expires_in,
        at.day + effect.usable_in_days,
        effect.spend_line,
        at.month - effect.months_back,
        at.month,
        at.day + effect.return_days,
    )


def _visited(account: MemberAccount, effect: do.Visited, at: Place) -> None:
    add(account.spend.raised, at.month, effect.spend_minor)
    add(account.visits.raised, at.month, 1)
    add(account.earned.raised, at.month, effect.points_earned)
    add(account.spent_on, at.day, effect.points_spent)
    add(account.coupon_off_on, at.day, effect.coupon_minor)
    account.last_visit = max(at.day, account.last_visit or at.day)


def _coupon_given(account: MemberAccount, effect: do.CouponGiven, at: Place) -> None:
    last_day = None if effect.days is None else at.day + effect.days
    issued = IssuedCoupon(at.op_id, effect.offer, at.day, last_day, effect.occasion)
    known = account.coupons.get(effect.coupon)
    if known is None or issued.op_id < known.op_id:
        account.coupons[effect.coupon] = issued
    if effect.occasion is not None:
        account.occasions.setdefault(effect.occasion, {}).setdefault(at.op_id, OccasionPoints())


def _coupon_used(account: MemberAccount, effect: do.CouponUsed, at: Place) -> None:
    account.coupon_uses.setdefault(effect.coupon, set()).add(at.op_id)


def _coupon_back(account: MemberAccount, effect: do.CouponBack, at: Place) -> None:
    account.coupon_returns.setdefault(effect.coupon, set()).add(effect.sale)
    if effect.days is not None:
        account.prolongations.setdefault(effect.coupon, {})[at.op_id] = at.day + effect.days


def _entitled(account: MemberAccount, effect: do.EntitlementTicked, at: Place) -> None:
    add(account.entitlements.setdefault(effect.entitlement, {}), at.day, effect.count)


def _checked_in(account: MemberAccount, effect: do.CheckIn, at: Place) -> None:
    account.check_ins.add(at.day)


def _joined(account: MemberAccount, effect: do.Joined, at: Place) -> None:
    account.joined = min(at.day, account.joined or at.day)


def _consented(account: MemberAccount, effect: do.ConsentGiven, at: Place) -> None:
    consent = Consent(at.day, effect.purpose, effect.text_version, effect.text_hash)
    known = account.consents.get(effect.consent, consent)
    account.consents[effect.consent] = min(known, consent, key=msgspec.structs.astuple)


def _withdrew(account: MemberAccount, effect: do.ConsentsEnded, at: Place) -> None:
    account.withdrawn.update(effect.consents)


def _await(account: MemberAccount, effect: Held, at: Place) -> None:
    # Always by way of `awaiting`: the end of the fold knows every day of the batch.
    waiting = account.awaiting.get(at.op_id, Awaiting(at.day, ()))
    account.awaiting[at.op_id] = Awaiting(at.day, (*waiting.effects, effect))


_APPLY: dict[type, Callable[[MemberAccount, Any, Place], None]] = {
    do.Gained: _gained,
    do.Taken: _taken,
    do.Exchanged: _exchanged,
    do.HeldGain: _held,
    do.OccasionGain: _occasion,
    do.Visited: _visited,
    do.CouponGiven: _coupon_given,
    do.CouponUsed: _coupon_used,
    do.CouponBack: _coupon_back,
    do.EntitlementTicked: _entitled,
    **OF_TIERS,
    do.CheckIn: _checked_in,
    do.Joined: _joined,
    do.ConsentGiven: _consented,
    do.ConsentsEnded: _withdrew,
    do.Undone: _await,
    do.Redone: _await,
    do.SaleShare: _await,
    do.EntitlementBack: _await,
}


def _settle_awaiting(account: MemberAccount, known: Mapping[OpId, date]) -> None:
    for op_id, waiting in list(account.awaiting.items()):
        left = []
        for effect in waiting.effects:
            sale_day = known.get(named_by(effect))
            by = known.get(effect.refund) if isinstance(effect, do.Redone) else None
            if sale_day is None or (isinstance(effect, do.Redone) and by is None):
                left.append(effect)
            else:
                refund_day = waiting.day if by is None else by.toordinal()
                _settle_one(account, effect, sale_day, refund_day)
        if left:
            account.awaiting[op_id] = Awaiting(waiting.day, tuple(left))
        else:
            del account.awaiting[op_id]


def named_by(effect: Held) -> OpId:
    """The fact whose business date an effect counts from."""
    return effect.of if isinstance(effect, do.EntitlementBack) else effect.sale


def _settle_one(account: MemberAccount, effect: Held, sale_day: date, refund_day: int) -> None:
    sale = Place(named_by(effect), sale_day.toordinal(), _month_of(sale_day))
    if isinstance(effect, do.EntitlementBack):
        back = account.uses_back.setdefault(effect.entitlement, {}).setdefault(sale.day, set())
        back.update(f"{effect.of}/{use}" for use in effect.uses)
        return
    if isinstance(effect, do.SaleShare):
        usable = sale.day + effect.usable_in_days
        _add_deep(account.held, sale.month + effect.expires_in, usable, effect.points)
        return
    refund_month = _month_of(date.fromordinal(refund_day))
    sign = 1 if isinstance(effect, do.Undone) else -1
    earned_total = 0
    for earned in effect.earned:
        earned_total += earned.points
        expires = sale.month + earned.expires_in
        if earned.usable_in_days is None:
            add(account.gained, expires, -sign * earned.points)
        else:
            usable = sale.day + earned.usable_in_days
            _add_deep(account.held, expires, usable, -sign * earned.points)
    for spent in effect.spent:
        _give_back(account, spent, sale, refund_month=refund_month, sign=sign)
    _add_deep(account.spend.lowered, sale.month, refund_day, sign * effect.spend_minor)
    _add_deep(account.visits.lowered, sale.month, refund_day, sign * effect.visits)
    _add_deep(account.earned.lowered, sale.month, refund_day, sign * earned_total)
    if isinstance(effect, do.Undone) and effect.plan:
        account.plans_returned.add(effect.sale)


def _give_back(
    account: MemberAccount, spent: do.SpentPart, sale: Place, *, refund_month: int, sign: int
) -> None:
    """Points spent come back: not taken where their month lives, gained anew where it lapsed.

    Never both; and what was prolonged once already lapses for good.
    """
    if sale.month + spent.expires_in >= refund_month:
        add(account.taken, sale.month, -sign * spent.points)
    elif not spent.prolonged:
        add(account.prolonged, refund_month + 1, sign * spent.points)


def merge(one: MemberAccount, other: MemberAccount) -> MemberAccount:
    """One account of two members' (disjoint) facts; `merge` in any order gives the same."""
    merged = account_of(account_bytes(one))
    source = account_of(account_bytes(other))
    for name in MemberAccount.__struct_fields__:
        setattr(merged, name, _united(name, getattr(merged, name), getattr(source, name)))
    return merged


def _united(name: str, mine: Any, theirs: Any) -> Any:
    match mine, theirs:
        case None, _:
            return theirs
        case _, None:
            return mine
        case int(), int():
            return min(mine, theirs) if name == "joined" else max(mine, theirs)
        case set(), set():
            return mine | theirs
        case Tally(), Tally():
            return Tally(
                _united("raised", mine.raised, theirs.raised),
                _united("lowered", mine.lowered, theirs.lowered),
            )
        case dict(), dict():
            return _united_tables(name, mine, theirs)
        case _:
            return min(mine, theirs, key=msgspec.structs.astuple)


def _united_tables(name: str, mine: dict[Any, Any], theirs: dict[Any, Any]) -> dict[Any, Any]:
    for key, value in theirs.items():
        if key not in mine:
            mine[key] = value
        elif isinstance(value, int) and name != "marks":
            add(mine, key, value)
        else:
            mine[key] = _united(name, mine[key], value)
            if mine[key] == {}:
                del mine[key]
    return mine

"""Settlement: pieces that two refunds name, and what the authority gives because of a sale.

Owns: which refund counts a piece (the smallest op_id), the reversal of what the others did, points
given to one member because of another's sale, coupons given back. Pure: any order in which facts
become known ends in the same effects, and what was settled before is never settled again.
Does not own: when it is called (after each refund and at night), reviews and birthdays
(authority.py).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from app.domain.account import MemberAccount
from app.domain.effects import CouponBack, OccasionGain, Redone, SaleShare, Undone
from app.domain.facts import (
    AnyRefund,
    PiecesSettled,
    RefundedPieces,
    SaleRecorded,
    SaleShared,
)
from app.domain.ids import OpId
from app.domain.money import piece_share, split_by_weight
from app.domain.months import Month
from app.domain.occasions import first_order_back, first_order_of
from app.domain.pieces import (
    Interval,
    earned_parts,
    intervals_of,
    moved,
    nothing_left,
    subtract,
    worth,
)
from app.domain.program import Program, Referral
from app.domain.refund_fact import packs_of


@dataclass(frozen=True, slots=True)
class PiecesRefundedTwice:
    """The exception for the manager: pieces an earlier refund counts were paid out again."""

    sale: OpId
    refund: OpId
    pieces: tuple[Interval, ...]
    paid_out_minor: int


@dataclass(frozen=True, slots=True)
class Correction:
    """What has to be recorded (PiecesSettled) about one refund; no exception: only its visit."""

    refund: OpId
    pieces: tuple[RefundedPieces, ...]
    effect: Redone
    exception: PiecesRefundedTwice | None


def counted_pieces(refunds: Iterable[AnyRefund]) -> dict[OpId, list[Interval]]:
    """Which pieces each refund of one sale counts: a piece counts once, for the smallest op_id."""
    taken: list[Interval] = []
    counted = {}
    for refund in _each_once(refunds):
        own: list[Interval] = []
        for interval in intervals_of(refund.pieces):
            own += subtract(interval, [*taken, *own])
        counted[refund.op_id] = own
        taken += own
    return counted


def _each_once(refunds: Iterable[AnyRefund]) -> list[AnyRefund]:
    return [refund for _, refund in sorted({each.op_id: each for each in refunds}.items())]


def settle_pieces(
    sale: SaleRecorded,
    refunds: Sequence[AnyRefund],
    settled: Sequence[PiecesSettled] = (),
) -> tuple[Correction, ...]:
    """What is still to be corrected about all known refunds of one sale.

    `settled`: the corrections recorded before. Empty answer: nothing to do. The visit of a sale
    goes with the refund that, in the order of op_ids, brings its last piece back; it stays where
    the shop keeps anything of a pack.
    """
    counted = counted_pieces(refunds)
    goes = not _keeps_of_packs(refunds, counted)
    corrections = []
    so_far: list[Interval] = []
    whole = False
    for refund in _each_once(refunds):
        so_far += counted[refund.op_id]
        completes = not whole and nothing_left(sale, so_far)
        whole = whole or completes
        known = [each for each in settled if each.refund == refund.op_id]
        before = [interval for each in known for interval in intervals_of(each.pieces)]
        doubled = _doubled(refund, [*counted[refund.op_id], *before])
        visits = _visits_taken(refund) - _visits_settled(known) - (goes and completes)
        visits *= refund.member is not None  # of a person who was forgotten it moves money only
        if doubled or visits:
            corrections.append(_correction(sale, refund, doubled, visits))
    return tuple(corrections)


def _doubled(refund: AnyRefund, explained: Sequence[Interval]) -> list[Interval]:
    return [
        left for interval in intervals_of(refund.pieces) for left in subtract(interval, explained)
    ]


def _keeps_of_packs(
    refunds: Iterable[AnyRefund], counted: Mapping[OpId, Sequence[Interval]]
) -> bool:
    """Whether the shop keeps anything of a pack, by the terms of the refund that counts it."""
    return any(
        not pack.is_whole and any(own.line == pack.line for own in counted[refund.op_id])
        for refund in refunds
        for pack in packs_of(refund)
    )


def _visits_taken(refund: AnyRefund) -> int:
    """None with a pack of which anything is kept; else what it says itself: an older till did not
    think of packs that came back before."""
    if not all(pack.is_whole for pack in packs_of(refund)):
        return 0
    return sum(effect.visits for effect in refund.effects if isinstance(effect, Undone))


def _visits_settled(known: Iterable[PiecesSettled]) -> int:
    """How many visits earlier corrections of a refund gave back (negative: took away)."""
    return sum(
        effect.visits for each in known for effect in each.effects if isinstance(effect, Redone)
    )


def _correction(
    sale: SaleRecorded, refund: AnyRefund, doubled: Sequence[Interval], visits: int
) -> Correction:
    value = moved(sale, doubled, packs_of(refund))
    effect = Redone(
        sale=sale.op_id,
        refund=refund.op_id,
        earned=earned_parts(sale, value.earned),
        spent=value.spent,
        spend_minor=value.net_minor,
        visits=visits,
    )
    paid_out = worth(sale, doubled).money_minor - _kept_of(refund, doubled)
    exception = PiecesRefundedTwice(sale.op_id, refund.op_id, tuple(doubled), paid_out)
    return Correction(
        refund.op_id, named_pieces(sale, doubled), effect, exception if doubled else None
    )


def _kept_of(refund: AnyRefund, doubled: Sequence[Interval]) -> int:
    """What the refund kept of packs among these pieces: a pack is one piece."""
    lines = {interval.line for interval in doubled}
    return sum(pack.kept_minor for pack in packs_of(refund) if pack.line in lines)


def named_pieces(
    sale: SaleRecorded, intervals: Iterable[Interval], reason: str = ""
) -> tuple[RefundedPieces, ...]:
    """Intervals as a fact names them, each with its money."""
    return tuple(
        RefundedPieces(
            line=interval.line,
            start=interval.start,
            end=interval.end,
            amount_minor=worth(sale, [interval]).money_minor,
            reason=reason,
        )
        for interval in intervals
    )


# ------------------------------------------------------------------ points because of a sale


@dataclass(frozen=True, slots=True)
class ReferralCapped:
    """The referrer has had as many referrals this year as the program allows."""

    per_year: int


@dataclass(frozen=True, slots=True)
class NoReferral:
    """Nothing is given. `reason`: no_rule, not_paid, own_sale (also where it is nobody's)."""

    reason: str


@dataclass(frozen=True, slots=True)
class ShareEntry:
    """One SaleShared to record: the gift (`refund` None), or what a refund takes back of it.

    `once`: the mark in the referrer's account that this friend's first order was rewarded, with the
    day it counts from; or that all of it came back.
    """

    refund: OpId | None
    by_line: tuple[tuple[str, int], ...]
    effect: SaleShare
    once: OccasionGain | None = None

    @property
    def effects(self) -> tuple[SaleShare | OccasionGain, ...]:
        """What the fact does to the referrer's account."""
        return (self.effect,) if self.once is None else (self.effect, self.once)


def referral_gift(
    sale: SaleRecorded,
    referrer: str,
    program: Program,
    *,
    expires_in: int,
    gifts_this_year: int,
    waited_days: int = 0,
) -> ShareEntry | ReferralCapped | NoReferral:
    """What a referrer gets for a friend's first paid order: points per line of it.

    The points for joining go by what the lines cost, the share of the friend's points by what
    they earned. Usable after the return window, of which `waited_days` have gone by since the
    sale. `expires_in`: months by the referrer's tier.
    """
    rule = program.referral
    if rule is None:
        return NoReferral("no_rule")
    if sale.total_minor <= 0:
        return NoReferral("not_paid")
    if sale.member is None or sale.member == referrer:
        return NoReferral("own_sale")
    if gifts_this_year >= rule.per_year:
        return ReferralCapped(rule.per_year)
    by_line = _referral_by_line(sale, rule)
    usable_in = program.prices.return_days + 1
    points = sum(count for _, count in by_line)
    effect = SaleShare(
        sale=sale.op_id, points=points, expires_in=expires_in, usable_in_days=usable_in
    )
    once = OccasionGain(
        occasion=first_order_of(sale.member),
        points=0,
        expires_in=0,
        usable_in_days=max(0, usable_in - waited_days),
    )
    return ShareEntry(None, by_line, effect, once)


def _referral_by_line(sale: SaleRecorded, rule: Referral) -> tuple[tuple[str, int], ...]:
    lines = sorted(sale.lines, key=lambda line: (line.sku, line.line_id))
    earned = sum(line.points_earned for line in lines)
    shared = int(earned * Decimal(rule.first_order_share))
    for_joining = split_by_weight(rule.join_points, [max(0, line.net_minor) for line in lines])
    for_order = split_by_weight(shared, [line.points_earned for line in lines])
    return tuple(
        (line.line_id, joining + order)
        for line, joining, order in zip(lines, for_joining, for_order, strict=True)
    )


def gifts_by_member(
    shared: Iterable[SaleShared],
) -> Iterator[tuple[str | None, list[SaleShared]]]:
    """Gifts because of one sale and what was taken back of them, apart for each who was given one.

    One order may have been rewarded twice, before this was asked of every sale of a person.
    """
    mine: dict[str | None, list[SaleShared]] = {}
    for each in shared:
        mine.setdefault(each.member, []).append(each)
    yield from mine.items()


def shares_to_take_back(
    sale: SaleRecorded, refunds: Sequence[AnyRefund], shared: Sequence[SaleShared]
) -> tuple[ShareEntry, ...]:
    """What refunds of the sale still have to take back of a gift given because of it.

    `shared`: the gift and the take-backs recorded before. In whichever order refunds become
    known, each piece is taken back once and the gift of a wholly refunded sale ends at zero.
    """
    gift = next((each for each in shared if each.refund is None), None)
    if gift is None:
        return ()
    given = next(effect for effect in gift.effects if isinstance(effect, SaleShare))
    wanted = _share_of(sale, gift, _all_counted(refunds))
    done = {line: 0 for line, _ in gift.by_line}
    for each in shared:
        if each.refund is not None:
            for line, points in each.by_line:
                done[line] += points
    missing = tuple(
        (line, -points - done[line]) for line, points in wanted if -points != done[line]
    )
    back = _all_back(sale, refunds, shared)
    if not missing and back is None:
        return ()
    effect = SaleShare(
        sale=sale.op_id,
        points=sum(points for _, points in missing),
        expires_in=given.expires_in,
        usable_in_days=given.usable_in_days,
    )
    return (ShareEntry(max(refund.op_id for refund in refunds), missing, effect, back),)


def _all_back(
    sale: SaleRecorded, refunds: Sequence[AnyRefund], shared: Sequence[SaleShared]
) -> OccasionGain | None:
    """The mark that a friend's first order came back whole; None while it did not, or is marked."""
    if not nothing_left(sale, _all_counted(refunds)):
        return None
    mark = OccasionGain(occasion=first_order_back(sale.member or ""), points=0, expires_in=0)
    return None if any(mark in each.effects for each in shared) else mark


def _all_counted(refunds: Sequence[AnyRefund]) -> list[Interval]:
    return [each for intervals in counted_pieces(refunds).values() for each in intervals]


def _share_of(
    sale: SaleRecorded, gift: SaleShared, intervals: Sequence[Interval]
) -> list[tuple[str, int]]:
    """The part of a gift that stands on pieces, per line."""
    pieces = {line.line_id: line.pieces for line in sale.lines}
    return [
        (
            line,
            sum(
                piece_share(points, each.start, each.end, pieces[line])
                for each in intervals
                if each.line == line
            ),
        )
        for line, points in gift.by_line
    ]


# ------------------------------------------------------------------ coupons


def return_coupon(
    sale: SaleRecorded,
    refunds: Sequence[AnyRefund],
    account: MemberAccount,
    as_of: date,
) -> tuple[CouponBack, ...]:
    """Coupons of a sale to give back now that its last piece came back.

    One that lapsed meanwhile lives to the end of next month, once at most.
    """
    if not nothing_left(sale, _all_counted(refunds)):
        return ()
    back = []
    for coupon_id in sale.coupons_used:
        if sale.op_id in account.coupon_returns.get(coupon_id, set()):
            continue
        coupon = account.coupons.get(coupon_id)
        today = as_of.toordinal()
        lapsed = coupon is not None and coupon.last_day is not None and coupon.last_day < today
        longer = Month.of(as_of).plus(1).last_day.toordinal() - today
        prolong = lapsed and coupon_id not in account.prolongations
        back.append(CouponBack(coupon=coupon_id, sale=sale.op_id, days=longer if prolong else None))
    return tuple(back)

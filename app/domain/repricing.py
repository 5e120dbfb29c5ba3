"""Re-pricing: a sale priced once more from what its fact says it was priced by.

Owns: basket, member and occasion out of a fact, and the comparison of two prices. Does not own:
pricing (pricing.py), other rules for the same sale (campaign_trial.py), what is done about a
difference (the server's exceptions).
What no fact tells is taken as the till had it: a budget that was used up, a choice by hand.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal

from app.domain.basket import (
    Basket,
    BasketChoices,
    BasketLine,
    BeyondLimit,
    ByHand,
    GivenOff,
    GivenPrice,
)
from app.domain.conditions import Context, GiftGoods
from app.domain.fact_parts import AsSeen, FactAdjustment, FactByHand, FactLine
from app.domain.facts import SaleByHandRecorded, SaleRecorded
from app.domain.money import Money
from app.domain.months import Month
from app.domain.points import Points, PointsBucket
from app.domain.pricing import price
from app.domain.program import Offer, Program
from app.domain.quantity import Quantity
from app.domain.view import AccountView, HeldCoupon


@dataclass(frozen=True, slots=True)
class PriceAgrees:
    """The fact's inputs make the fact's price."""


@dataclass(frozen=True, slots=True)
class PriceDiffers:
    """What was charged, earned and spent, and what the program makes of the same inputs."""

    total_minor: int
    expected_minor: int
    earned: int
    expected_earned: int
    spent: int
    expected_spent: int


def check_price(fact: SaleRecorded, program: Program) -> PriceAgrees | PriceDiffers:
    """Price the sale again. `program` must be the version the fact names."""
    found = (fact.total_minor, fact.points_earned, fact.points_spent)
    last = found
    for coupons, limit in _ways_to_choose(fact):
        quote = price(
            _basket(fact, coupons),
            _view(fact),
            program,
            _at(fact, program),
            replace(_context(fact, program), points_limit=limit),
        )
        last = (quote.total.minor, quote.points_earned, quote.points_redeemed)
        if last == found:
            return PriceAgrees()
    return PriceDiffers(found[0], last[0], found[1], last[1], found[2], last[2])


@dataclass(frozen=True, slots=True)
class SaleInputs:
    """What a sale was priced from, the best coupons chosen by themselves."""

    basket: Basket
    view: AccountView | None
    at: datetime
    context: Context


def inputs_of(fact: SaleRecorded, program: Program) -> SaleInputs:
    """The same for whoever asks what it would have cost under other rules. `program` must be the
    version the fact names."""
    return SaleInputs(_basket(fact, None), _view(fact), _at(fact, program), _context(fact, program))


def _ways_to_choose(fact: SaleRecorded) -> Iterator[tuple[tuple[str, ...] | None, int | None]]:
    """Coupons and the limit of points. The best coupons by themselves; else those that were used,
    if somebody chose them; and no more points than were spent, if the till could not ask."""
    for limit in (None, fact.points_spent):
        yield None, limit
        yield fact.coupons_used, limit


def _basket(fact: SaleRecorded, coupons: tuple[str, ...] | None) -> Basket:
    by_hand = fact.by_hand if isinstance(fact, SaleByHandRecorded) else ()
    of_line = {each.line: _by_hand(each) for each in by_hand}
    bought = [line for line in fact.lines if line.gift_of is None]
    gifts = tuple((line.gift_of, line.sku) for line in fact.lines if line.gift_of is not None)
    return Basket(
        tuple(_line(line, of_line.get(line.line_id)) for line in bought),
        BasketChoices(
            coupons=coupons,
            refused=frozenset(fact.refused),
            codes=fact.codes,
            redeem_points=fact.redeem_asked,
            gifts=tuple(dict.fromkeys(gifts)),
            by_hand=of_line.get(""),
            beyond=_beyond(fact),
        ),
    )


def _by_hand(given: FactByHand) -> ByHand:
    return ByHand(
        given.kind,
        given.reason,
        rate=Decimal(given.rate),
        amount=Money(given.amount_minor),
        most=None if given.most is None else Decimal(given.most),
        given_by=given.given_by,
        approved_by=given.approved_by,
    )


def _beyond(fact: SaleRecorded) -> BeyondLimit | None:
    beyond = fact.beyond if isinstance(fact, SaleByHandRecorded) else None
    if beyond is None:
        return None
    off = Money(beyond.coupon_off_minor)
    return BeyondLimit(beyond.points, off, beyond.given_by, beyond.approved_by)


def _line(line: FactLine, by_hand: ByHand | None) -> BasketLine:
    return BasketLine(
        line_id=line.line_id,
        sku=line.sku,
        name="",
        category=line.category,
        unit_price=Money(line.unit_price_minor),
        quantity=Quantity(line.quantity_thousandths),
        member_price=None if line.member_price_minor is None else Money(line.member_price_minor),
        tax_rate=Decimal(line.tax_rate),
        weighed=line.weighed,
        use_points_price=line.points_price,
        reward=line.reward,
        given=_given(line) if line.given else None,
        by_hand=by_hand,
    )


def _given(line: FactLine) -> GivenPrice:
    """The price somebody gave the line; what was taken off by hand besides is no part of it."""
    off = [each for each in line.adjustments if each.kind == "override"]
    parts = tuple(GivenOff(each.rule, Money(-each.amount_minor)) for each in off)
    return GivenPrice(Money(line.list_minor), parts)


def _view(fact: SaleRecorded) -> AccountView | None:
    """The member as the till saw him."""
    seen = fact.seen
    if fact.member is None or seen is None:
        return None
    return AccountView(
        member_id=fact.member,
        tier=seen.tier,
        joined=fact.day,
        birthday=(fact.day.month, 1) if seen.birthday_month else None,
        buckets=_buckets(seen, fact.day),
        debt_points=max(0, -seen.points_available),
        spend_in_window=Money(seen.spend_window_minor),
        visits=seen.visits,
        coupons=tuple(
            HeldCoupon(each.id, each.offer, each.issued, each.expires) for each in seen.coupons
        ),
        points_spent_today=seen.points_spent_today,
        coupon_off_today=Money(seen.coupon_off_today_minor),
        reward_uses=dict(seen.reward_uses),
    )


def _buckets(seen: AsSeen, day: date) -> tuple[PointsBucket, ...]:
    if seen.points_available <= 0:
        return ()
    return (PointsBucket(Month.of(day).plus(1), Points(seen.points_available)),)


def _at(fact: SaleRecorded, program: Program) -> datetime:
    """The hour by its clock, on the day it was priced for."""
    at = fact.clock.local(program.timezone)
    return at.replace(year=fact.day.year, month=fact.day.month, day=fact.day.day)


def _context(fact: SaleRecorded, program: Program) -> Context:
    applied = {change.rule for change in _changes(fact)}
    return Context(
        store=fact.store,
        identified_by=fact.identified_by or "card",
        blocked={
            offer.id: "BUDGET_USED"
            for offer in program.offers
            if offer.id not in applied and _is_bounded(offer)
        },
        beyond=_beyond(fact),
        gift_goods={line.sku: _gift_goods(line) for line in fact.lines if line.gift_of is not None},
    )


def _gift_goods(line: FactLine) -> GiftGoods:
    return GiftGoods(Money(line.list_minor * 1000 // line.quantity_thousandths), "", line.category,
                     Decimal(line.tax_rate))  # fmt: skip


def _changes(fact: SaleRecorded) -> Iterator[FactAdjustment]:
    for line in fact.lines:
        yield from line.adjustments
    yield from fact.adjustments


def _is_bounded(offer: Offer) -> bool:
    """Whether the offer may have given all it had: only the shop knew."""
    budget = offer.budget
    return any(bound is not None for bound in (budget.uses, budget.amount, budget.uses_per_member))

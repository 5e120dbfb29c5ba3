"""A sale as the oracle sees it: the product's values read into the shapes of shapes.py.

Owns: the translation, and what the program's words mean in it. Does not own: any arithmetic.
"""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import assert_never

from app.domain.basket import BasketLine, ByHand
from app.domain.money import Money
from app.domain.program import (
    AmountOff,
    BuyXGetY,
    CheapestOff,
    Conditions,
    FixedPrice,
    Gift,
    Multiplier,
    NForPrice,
    NthDiscount,
    Offer,
    PercentOff,
    PriceList,
    Program,
    Scope,
    SpendRebate,
)
from app.domain.view import AccountView
from tests.domain.laws import shapes
from tests.domain.laws.generator import Sale
from tests.domain.laws.had_for_points import taken_for_points

MEMBER_PRICE = "member_price"


def case_of(sale: Sale) -> shapes.Case:
    """The oracle's picture of the sale."""
    program, choices = sale.program, sale.basket.choices
    case = shapes.Case(
        lines=tuple(_line(program, line) for line in sale.basket.lines),
        levels=_levels(program, sale.view),
        rules=tuple(_rule(sale, offer) for offer in program.offers),
        shopper=None if sale.view is None else _shopper(sale, sale.view),
        at=sale.at,
        store=sale.store,
        coupons_max=program.stacking.coupons_max,
        points=_points(program),
        tax_inclusive=program.prices.tax_inclusive,
        codes=frozenset(choices.codes),
        refused=choices.refused,
        chosen=choices.coupons,
        wish=None if choices.redeem_points == "max" else int(choices.redeem_points),
        hands=tuple(
            (line.line_id, _hand(line.by_hand)) for line in sale.basket.lines if line.by_hand
        ),
        whole_hand=_hand(choices.by_hand) if choices.by_hand else None,
    )
    lines, shopper = taken_for_points(
        sale, case.lines, case.shopper, lambda reward: case.holds(_when(program, reward.when))
    )
    return replace(case, lines=lines, shopper=shopper)


def _hand(given: ByHand) -> shapes.Hand:
    most = None if given.most is None else Fraction(given.most)
    return shapes.Hand(given.kind, Fraction(given.rate), given.amount, most)


def _money(text: str) -> Money:
    return Money(int(Fraction(text) * 100))


def _maybe(text: str | None) -> Money | None:
    return None if text is None else _money(text)


def _line(program: Program, line: BasketLine) -> shapes.Line:
    in_pieces = line.quantity.is_pieces and not line.weighed
    rate = program.prices.default_tax_rate if line.tax_rate is None else line.tax_rate
    return shapes.Line(
        line_id=line.line_id,
        sku=line.sku,
        category=line.category,
        unit_price=line.unit_price,
        thousandths=line.quantity.thousandths,
        pieces=line.quantity.pieces if in_pieces else None,
        member_price=line.member_price,
        tax_rate=Fraction(rate),
    )


def _reach(scope: Scope) -> shapes.Reach:
    return shapes.Reach(
        products=frozenset(scope.products),
        categories=frozenset(scope.categories),
        not_products=frozenset(scope.except_products),
        not_categories=frozenset(scope.except_categories),
    )


def _when(program: Program, when: Conditions) -> shapes.When:
    ladder = [tier.id for tier in program.tiers]
    return shapes.When(
        rank=None if when.tier is None else ladder.index(when.tier),
        members_only=when.members_only,
        stores=frozenset(when.stores),
        weekdays=frozenset(when.weekdays),
        hours=when.hours,
        month_days=frozenset(when.month_days),
        first_order=when.first_order,
        birthday_month=when.birthday_month,
        starts=when.starts,
        ends=when.ends,
    )


def _levels(program: Program, view: AccountView | None) -> tuple[shapes.Level, ...]:
    levels: list[shapes.Level] = []
    if view is not None:
        if program.prices.member_price:
            levels.append(shapes.MemberLevel(MEMBER_PRICE))
        for tier in program.tiers:
            if Fraction(tier.discount):
                levels.append(
                    shapes.TierLevel(tier.id, Fraction(tier.discount), _reach(tier.discount_scope))
                )
            if tier.id == view.tier:
                break
    return (*levels, *(_campaign(program, listed) for listed in program.price_lists))


def _campaign(program: Program, listed: PriceList) -> shapes.CampaignLevel:
    entries = tuple(
        shapes.CampaignEntry(
            reach=_reach(Scope(products=entry.products, categories=entry.categories)),
            price=_maybe(entry.price),
            rate=None if entry.rate is None else Fraction(entry.rate),
        )
        for entry in listed.prices
    )
    return shapes.CampaignLevel(listed.id, entries, _when(program, listed.when))


def _rule(sale: Sale, offer: Offer) -> shapes.Rule:
    program, threshold, effect = sale.program, offer.threshold, _effect(sale, offer)
    return shapes.Rule(
        id=offer.id,
        effect=effect,
        trigger=offer.trigger,
        code=offer.code,
        reach=_reach(offer.scope),
        at_least=None if threshold is None else _maybe(threshold.amount),
        at_least_count=None if threshold is None else threshold.quantity,
        when=_when(program, offer.when),
        group=offer.group,
        uses_per_sale=offer.budget.uses_per_sale,
    )


def _gift(sale: Sale, offer_id: str, gift: Gift) -> shapes.GiftOf:
    wishes = dict(sale.basket.choices.gifts)
    rate = sale.program.prices.default_tax_rate if gift.tax_rate is None else gift.tax_rate
    goods = shapes.Line(
        line_id="",
        sku=wishes.get(offer_id, gift.products[0]),
        category=gift.category,
        unit_price=_money(gift.price),
        thousandths=1000,
        pieces=1,
        member_price=None,
        tax_rate=Fraction(rate),
    )
    return shapes.GiftOf(goods, gift.quantity)


def _effect(sale: Sale, offer: Offer) -> shapes.AnyEffect:
    match offer.effect:
        case AmountOff() as off:
            return shapes.Off(_money(off.amount), off.per_threshold, _maybe(off.cap))
        case PercentOff() as percent:
            return shapes.Percent(Fraction(percent.rate), _maybe(percent.cap))
        case Gift() as gift:
            return _gift(sale, offer.id, gift)
        case Multiplier() as multiplier:
            return shapes.Factor(Fraction(multiplier.factor))
        case SpendRebate():
            raise NotImplementedError("a spend rebate gives points, it is no part of the oracle")
        case _ as bundle:
            return _unit_effect(bundle)


def _unit_effect(
    effect: FixedPrice | CheapestOff | NForPrice | BuyXGetY | NthDiscount,
) -> shapes.UnitEffect:
    match effect:
        case FixedPrice():
            return shapes.FixedUnits(_money(effect.price), effect.quantity)
        case CheapestOff():
            return shapes.Cheapest(effect.of, Fraction(effect.rate))
        case NForPrice():
            return shapes.Several(effect.n, _money(effect.price))
        case BuyXGetY():
            size = effect.buy + effect.get
            return shapes.LastOfGroup(size, effect.get, Fraction(effect.rate))
        case NthDiscount():
            return shapes.LastOfGroup(effect.n, 1, Fraction(effect.rate))
        case _:
            assert_never(effect)


def _shopper(sale: Sale, view: AccountView) -> shapes.Shopper:
    program = sale.program
    limits = program.redemption.per_day
    limit = {
        "pass": limits.pass_,
        "card": limits.card,
        "phone": limits.phone,
        "name": limits.name,
    }[sale.identified_by]
    by_day = program.stacking.per_day
    coupons_of_a_day = {
        "pass": by_day.pass_,
        "card": by_day.card,
        "phone": by_day.phone,
        "name": by_day.name,
    }[sale.identified_by]
    room = _maybe(coupons_of_a_day)
    return shapes.Shopper(
        rank=[tier.id for tier in program.tiers].index(view.tier),
        earn_rate=Fraction(program.tier(view.tier).earn_rate),
        birthday_month=None if view.birthday is None else view.birthday[0],
        first_order=view.visits == 0,
        coupons=tuple(
            shapes.Coupon(coupon.coupon_id, coupon.offer_id, coupon.expires)
            for coupon in view.coupons
        ),
        balance=view.balance,
        day_limit=None if limit is None else max(0, limit - view.points_spent_today),
        coupon_room=None if room is None else max(0, room.minor - view.coupon_off_today.minor),
    )


def _points(program: Program) -> shapes.PointsRules:
    redemption, earning = program.redemption, program.earning
    return shapes.PointsRules(
        worth_points=redemption.points,
        worth_amount=_money(redemption.amount),
        minimum=redemption.minimum,
        step=redemption.step,
        max_share=Fraction(redemption.max_share),
        unit=_money(earning.unit),
        combine=earning.combine,
        birthday_factor=Fraction(earning.birthday_factor),
        categories=tuple(
            (_reach(Scope(products=row.products, categories=row.categories)), Fraction(row.factor))
            for row in earning.categories
        ),
    )


def by_hand(sale: Sale, coupons: tuple[str, ...]) -> Sale:
    """The same sale with the coupons chosen by the cashier."""
    choices = replace(sale.basket.choices, coupons=coupons)
    return replace(sale, basket=replace(sale.basket, choices=choices))

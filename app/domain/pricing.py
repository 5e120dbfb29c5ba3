"""Pricing: what a basket costs, and why, to the last minor unit. DESIGN.md "Pricing" is the law.

Owns: price(), the order of its steps, the adjustments they leave behind. Does not own: the steps
themselves (levels.py, bundles.py, order_offers.py, redemption.py, earning.py, tax.py), finding
the cheapest combination (search.py), the reasons for what was not applied (reasons.py).

Pure and deterministic: basket, member, program, moment and context in, the quote out. Lines are
worked on in the order of (sku, line id), so that the order of scanning cannot matter.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from app.domain.basket import Basket, BasketChoices
from app.domain.bundles import act_limit, form, unit_runs
from app.domain.candidates import gather
from app.domain.combination import KEPT_WORTH, Candidate, Choice, Field
from app.domain.conditions import Context, GiftGoods, Occasion
from app.domain.earning import EarningLine, add_rebate, earn, rebate_missing
from app.domain.effects import Measure
from app.domain.levels import (
    Level,
    base_amounts,
    given_adjustments,
    level_sets,
    levels_in_force,
    with_fixed_lines,
)
from app.domain.money import Money, split_by_weight
from app.domain.order_offers import apply_offer, reached
from app.domain.plan import OfferPlan, Plan, minor, plan_for
from app.domain.program import Gift, Program, SpendRebate
from app.domain.quantity import Quantity, pieces
from app.domain.quote import (
    Adjustment,
    AdjustmentKind,
    GiftLine,
    NotApplied,
    NotForSale,
    Quote,
    QuoteLine,
)
from app.domain.reasons import applied_quietly, beaten_levels, unused_orders_and_bundles
from app.domain.redemption import (
    POINTS,
    PointsPriced,
    Redeemed,
    points_priced,
    purse_of,
    redeem,
    rule_id,
)
from app.domain.search import cheapest
from app.domain.shelf import Shelf, given_amounts, make_shelf
from app.domain.tax import tax_on
from app.domain.tiers import crossing
from app.domain.view import AccountView

NO_CONTEXT = Context()


def price(
    basket: Basket,
    view: AccountView | None,
    program: Program,
    at: datetime,
    context: Context = NO_CONTEXT,
) -> Quote:
    """What the basket costs this shopper now. `at` is shop time; `view` None is a walk-in.

    The program must have passed program_check, and the member's tier must be one of its tiers
    (KeyError otherwise).
    """
    plan = plan_for(program)
    shelf = make_shelf(basket.lines)
    rank = None if view is None else program.rank(view.tier)
    occasion = Occasion(program, view, rank, at, context)
    choices = basket.choices
    by_points = points_priced(shelf, plan, purse_of(plan, occasion))
    levels, no_lists = levels_in_force(shelf, plan, occasion, choices.refused)
    fixed = {**given_amounts(shelf), **by_points.amounts}
    levels = with_fixed_lines(levels, shelf, fixed)
    base = base_amounts(shelf, fixed)
    candidates = gather(plan, shelf, occasion, choices)
    field_ = Field(
        shelf, level_sets(levels, base), base, tuple(candidates.bundles),
        tuple(candidates.orders), program.stacking.coupons_max, frozenset(fixed),
        coupon_worth=0 if choices.coupons is None else KEPT_WORTH,
    )  # fmt: skip
    choice = cheapest(field_)
    sheet = _Sheet(plan, shelf, occasion)
    sheet.take_levels(choice, levels, by_points)
    after_bundles = sheet.take_bundles(choice, field_)
    sheet.take_orders(choice, after_bundles)
    quiet, no_quiet = applied_quietly(occasion, candidates, choice, shelf, after_bundles)
    sheet.give(quiet, choices)
    not_applied = [
        *candidates.not_applied,
        *no_lists,
        *by_points.not_applied,
        *beaten_levels(shelf, levels, choice, plan, occasion),
        *unused_orders_and_bundles(field_, choice, after_bundles),
        *no_quiet,
    ]
    return sheet.close(basket, by_points, quiet, not_applied)


@dataclass(slots=True)
class _Row:
    """One line of the quote in the making."""

    line_id: str
    sku: str
    category: str
    quantity: Quantity
    tax_rate: Decimal
    list_amount: int
    net: int
    adjustments: list[Adjustment] = field(default_factory=list)
    gift_of: str | None = None
    points_spent: int = 0

    @property
    def tie(self) -> tuple[str, str]:
        return self.sku, self.line_id


class _Sheet:
    """The quote in the making: every step takes its amounts off and leaves its adjustments."""

    def __init__(self, plan: Plan, shelf: Shelf, occasion: Occasion) -> None:
        self.plan = plan
        self.shelf = shelf
        self.occasion = occasion
        self.version = plan.program.version
        self.order_adjustments: list[Adjustment] = []
        self.gifts: list[GiftLine] = []
        self.coupons_used: list[str] = []
        self.nets: list[int] = []
        self.rows = [
            _Row(
                line.line_id, line.sku, line.category, line.quantity,
                plan.default_tax_rate if line.tax_rate is None else line.tax_rate, amount, amount,
            )
            for line, amount in zip(shelf.lines, shelf.list_amounts, strict=True)
        ]  # fmt: skip

    # -------------------------------------------------------------- line prices

    def take_levels(self, choice: Choice, levels: list[Level], by_points: PointsPriced) -> None:
        """Bring every line to the lowest price among the levels on."""
        on = [level for level in levels if level.id in choice.levels.ids]
        for position, row in enumerate(self.rows):
            amount = choice.levels.amounts[position]
            off = amount - row.list_amount
            given = self.shelf.lines[position].given
            if given is not None:
                row.net = amount
                row.adjustments += given_adjustments(row.line_id, given, self.version)
                continue
            if position in by_points.points:
                kind: AdjustmentKind = "points_price"
                row.points_spent = by_points.points[position]
                rule = rule_id(row.sku)
            elif off:
                level = next(level for level in on if level.amounts[position] == amount)
                rule, kind = level.id, level.kind
            else:
                continue
            row.net = amount
            row.adjustments.append(
                Adjustment(rule, self.version, kind, Money(off), ((row.line_id, Money(off)),))
            )

    # -------------------------------------------------------------- bundles and orders

    def take_bundles(self, choice: Choice, field_: Field) -> list[int]:
        """Form the bundles that are on; returns the nets that thresholds are tested on."""
        self.nets = [row.net for row in self.rows]
        runs = unit_runs(self.shelf, self.nets, field_.fixed)
        for bundle, count in choice.bundles:
            for act in range(count):
                formed, runs = form(bundle.offer, runs, bundle.positions, act_limit(bundle.offer))
                self._record(bundle, act, formed.spread(self.nets))
        return list(self.nets)

    def take_orders(self, choice: Choice, after_bundles: list[int]) -> None:
        """Apply the order offers that are on, in their fixed order."""
        for order, count in choice.orders:
            times = reached(order.offer, self.shelf, after_bundles).times
            for act in range(count if order.offer.stage != "quiet" else 0):
                self._record(
                    order, act, apply_offer(order.offer, times, order.positions, self.nets)
                )
        for row, net in zip(self.rows, self.nets, strict=True):
            row.net = net

    def _record(self, candidate: Candidate, act: int, shares: list[tuple[int, int]]) -> None:
        """One adjustment for one act: an automatic offer, or one coupon."""
        by_line = tuple((self.rows[position].line_id, Money(-part)) for position, part in shares)
        amount = Money(-sum(part for _, part in shares))
        self.order_adjustments.append(
            self._adjustment(candidate, act, _kind(candidate.offer), amount, by_line)
        )

    def _adjustment(
        self,
        candidate: Candidate,
        act: int,
        kind: AdjustmentKind,
        amount: Money,
        by_line: tuple[tuple[str, Money], ...],
    ) -> Adjustment:
        coupon_id = None
        if candidate.coupons:
            coupon_id = candidate.coupons[act].coupon_id
            self.coupons_used.append(coupon_id)
        return Adjustment(
            candidate.offer.id, self.version, kind, amount, by_line, coupon_id, candidate.by_hand
        )

    # -------------------------------------------------------------- without money effect

    def give(self, quiet: Sequence[tuple[Candidate, int]], choices: BasketChoices) -> None:
        """Add the gifts as lines of their own, their price spread over what earned them."""
        wishes = dict(choices.gifts)
        scanned = list(self.rows)
        for candidate, count in quiet:
            effect = candidate.offer.offer.effect
            for act in range(count):
                if isinstance(effect, Gift):
                    self._give(candidate, act, effect, wishes, scanned)
                elif candidate.coupons:
                    self.coupons_used.append(candidate.coupons[act].coupon_id)
        self.rows.sort(key=lambda row: row.tie)

    def _give(
        self,
        candidate: Candidate,
        act: int,
        effect: Gift,
        wishes: dict[str, str],
        scanned: list[_Row],
    ) -> None:
        offer = candidate.offer
        wished = wishes.get(offer.id, effect.products[0])
        sku = wished if wished in effect.products else effect.products[0]
        given = self._gift_rows(offer, sku, effect, act * effect.quantity)
        bundle = [scanned[position] for position in candidate.positions] + given
        bundle.sort(key=lambda row: row.tie)
        value = sum(row.list_amount for row in given)
        by_line = []
        for row, part in zip(bundle, split_by_weight(value, [r.net for r in bundle]), strict=True):
            row.net -= part
            if part:
                by_line.append((row.line_id, Money(-part)))
        adjustment = self._adjustment(candidate, act, "gift", Money(-value), tuple(by_line))
        self.order_adjustments.append(adjustment)
        self.gifts.append(GiftLine(offer.id, sku, effect.quantity, adjustment.coupon_id))
        self.rows += given

    def _gift_rows(self, offer: OfferPlan, sku: str, effect: Gift, before: int) -> list[_Row]:
        rate = None if effect.tax_rate is None else Decimal(effect.tax_rate)
        by_program = GiftGoods(
            Money(minor(effect.price, self.plan.decimals)), sku, effect.category, rate
        )
        goods = self.occasion.context.gift_goods.get(sku, by_program)
        tax_rate = self.plan.default_tax_rate if goods.tax_rate is None else goods.tax_rate
        amount = goods.unit_price.minor
        return [
            _Row(
                f"gift:{offer.id}:{before + number}", sku, goods.category, pieces(1), tax_rate,
                amount, amount, gift_of=offer.id,
            )
            for number in range(1, effect.quantity + 1)
        ]  # fmt: skip

    # -------------------------------------------------------------- points, tax, earning

    def close(
        self,
        basket: Basket,
        by_points: PointsPriced,
        quiet: Sequence[tuple[Candidate, int]],
        not_applied: list[NotApplied],
    ) -> Quote:
        """Points against the bill, earning, tax and tier: the finished quote."""
        plan, view, rows = self.plan, self.occasion.view, self.rows
        redeemed = self._redeem(by_points, basket.choices.redeem_points)
        earned, no_rebates = self._earn([candidate.offer for candidate, _ in quiet])
        taxed = tax_on(
            [row.net for row in rows],
            [row.tax_rate for row in rows],
            inclusive=plan.program.prices.tax_inclusive,
        )
        lines = {
            row.line_id: QuoteLine(
                row.line_id, row.sku, row.quantity, Money(row.list_amount), Money(row.net),
                tuple(row.adjustments), row.tax_rate, Money(tax), points, row.points_spent,
                row.gift_of,
            )
            for row, tax, points in zip(rows, taxed.by_line, earned, strict=True)
        }  # fmt: skip
        scanned = [lines.pop(line.line_id) for line in basket.lines]
        total = sum(row.net for row in rows)
        return Quote(
            program_id=plan.program.id,
            program_version=self.version,
            lines=(*scanned, *lines.values()),
            order_adjustments=tuple(self.order_adjustments),
            gifts=tuple(self.gifts),
            tax=taxed.rows,
            not_applied=(*not_applied, *redeemed.not_applied, *no_rebates),
            total=Money(total),
            points_redeemed=sum(row.points_spent for row in rows),
            points_redeemed_amount=Money(redeemed.amount),
            points_earned=sum(earned),
            points_redeemable=redeemed.most,
            coupons_used=tuple(self.coupons_used),
            tier=None if view is None else view.tier,
            tier_after=None if view is None else self._tier_after(view, total, sum(earned)),
            not_for_sale=self._not_for_sale(),
        )

    def _redeem(self, by_points: PointsPriced, wish: int | str) -> Redeemed:
        """Take points off the bill, shared over all lines by what they cost."""
        plan = self.plan
        nets = [row.net for row in self.rows]
        bill = sum(nets)
        if not plan.program.prices.tax_inclusive:
            bill += tax_on(nets, [row.tax_rate for row in self.rows], inclusive=False).total
        redeemed = redeem(plan, by_points.purse, wish, sum(nets), bill)
        if redeemed.points:
            by_line = []
            points = split_by_weight(redeemed.points, nets)
            for row, part, own in zip(
                self.rows, split_by_weight(redeemed.amount, nets), points, strict=True
            ):
                row.net -= part
                row.points_spent += own
                if part:
                    by_line.append((row.line_id, Money(-part)))
            self.order_adjustments.append(
                Adjustment(POINTS, self.version, "points", Money(-redeemed.amount), tuple(by_line))
            )
        return redeemed

    def _earn(self, quiet: list[OfferPlan]) -> tuple[list[int], list[NotApplied]]:
        """Points by row, and the rebates that were not reached."""
        lines = [EarningLine(row.sku, row.category, row.net) for row in self.rows]
        earned = earn(self.plan, self.occasion, lines, quiet)
        total, refused = sum(row.net for row in self.rows), []
        for offer in quiet:
            if isinstance(offer.offer.effect, SpendRebate):
                missing = rebate_missing(self.plan, self.occasion, offer, total)
                if missing is None:
                    add_rebate(lines, offer, earned)
                else:
                    refused.append(missing)
        return earned, refused

    def _tier_after(self, view: AccountView, total: int, earned: int) -> str:
        program, skus = self.plan.program, {line.sku for line in self.shelf.lines}
        after: dict[Measure, int] = {
            "spend": view.spend_in_window.minor + total,
            "visits": view.visits_in_window + 1,
            "points": view.points_in_window + earned,
        }
        plans = [paid.id for paid in program.plans if paid.sku in skus]
        reaches = crossing(program, view.tier, after, plans) if self.shelf.lines else None
        return view.tier if reaches is None else reaches.tier

    def _not_for_sale(self) -> tuple[NotForSale, ...]:
        """The lines this shopper may not buy: goods for members or a tier, not open for all yet."""
        program, rank = self.plan.program, self.occasion.rank
        refused = []
        for rule in program.exclusive:
            if rule.opens_for_all is not None and self.occasion.at.date() >= rule.opens_for_all:
                continue
            wanted = 0 if rule.tier is None else program.rank(rule.tier)
            if rank is not None and rank >= wanted:
                continue
            refused += [
                NotForSale(line.line_id, line.sku, rule.tier)
                for line in self.shelf.lines
                if line.sku in rule.products or line.category in rule.categories
            ]
        return tuple(refused)


def _kind(offer: OfferPlan) -> AdjustmentKind:
    if offer.by_coupon:
        return "coupon"
    if offer.offer.trigger == "code":
        return "code"
    return "bundle" if offer.stage == "bundle" else "offer"

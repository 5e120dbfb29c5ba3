"""The sheet: the quote in the making, line by line.

Owns: the rows, taking levels, bundles, order offers, what is given by hand and gifts off them, the
adjustments each step leaves behind. Does not own: which combination is taken (search.py), points
and tax (closing.py).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from app.domain.basket import BasketChoices, ByHand
from app.domain.bundles import act_limit, form, unit_runs
from app.domain.by_hand import taken_by_hand
from app.domain.combination import Candidate, Choice, Field
from app.domain.conditions import Occasion
from app.domain.giving import given_sku, goods_given, is_wished
from app.domain.levels import (
    Level,
    given_adjustments,
)
from app.domain.money import Money, split_by_weight
from app.domain.order_offers import apply_offer, reached
from app.domain.plan import OfferPlan, Plan
from app.domain.program import Gift
from app.domain.quantity import Quantity, pieces
from app.domain.quote import (
    Adjustment,
    AdjustmentKind,
    GiftLine,
)
from app.domain.redemption import (
    PointsPriced,
)
from app.domain.shelf import Shelf


@dataclass(slots=True)
class Row:
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
    priced: int = 0

    @property
    def tie(self) -> tuple[str, str]:
        return self.sku, self.line_id


class Sheet:
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
            Row(
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
                rule = by_points.rules[position]
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

    def take_bundles(self, choice: Choice, field_: Field) -> None:
        """Form the bundles that are on."""
        self.nets = [row.net for row in self.rows]
        runs = unit_runs(self.shelf, self.nets, field_.fixed)
        for bundle, count in choice.bundles:
            for act in range(count):
                formed, runs = form(bundle.offer, runs, bundle.positions, act_limit(bundle.offer))
                self._record(bundle, act, formed.spread(self.nets))
        for row, net in zip(self.rows, self.nets, strict=True):
            row.priced = net

    def take_orders(self, choice: Choice) -> None:
        """Apply the order offers that are on, in their fixed order."""
        for order, count in choice.orders:
            times = reached(order.offer, self.shelf, choice.after_bundles).times
            for act in range(count):
                self._record(
                    order, act, apply_offer(order.offer, times, order.positions, self.nets)
                )
        for row, net in zip(self.rows, self.nets, strict=True):
            row.net = net

    # -------------------------------------------------------------- by hand

    def take_by_hand(self, choice: Choice, whole: ByHand | None) -> None:
        """Take off what somebody gave by hand: line by line, then off the whole order."""
        for one in taken_by_hand(self.shelf, choice.after_bundles, self.nets, whole):
            by_line = tuple((self.rows[p].line_id, Money(-part)) for p, part in one.shares)
            amount = Money(-sum(part for _, part in one.shares))
            change = Adjustment(
                one.rule, self.version, "manual", amount, by_line, chosen_by_hand=True
            )
            if one.own_line is not None:
                self.rows[one.own_line].adjustments.append(change)
            else:
                self.order_adjustments.append(change)
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
        scanned = list(self.rows)
        for candidate, count in quiet:
            effect = candidate.offer.offer.effect
            for act in range(count):
                if isinstance(effect, Gift):
                    self._give(candidate, act, effect, choices, scanned)
                elif candidate.coupons:
                    self.coupons_used.append(candidate.coupons[act].coupon_id)
        self.rows.sort(key=lambda row: row.tie)

    def _give(
        self,
        candidate: Candidate,
        act: int,
        effect: Gift,
        choices: BasketChoices,
        scanned: list[Row],
    ) -> None:
        offer = candidate.offer
        sku = given_sku(offer, effect, choices)
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
        if is_wished(offer, effect, choices):
            adjustment = replace(adjustment, chosen_by_hand=True)
        self.order_adjustments.append(adjustment)
        self.gifts.append(GiftLine(offer.id, sku, effect.quantity, adjustment.coupon_id))
        self.rows += given

    def _gift_rows(self, offer: OfferPlan, sku: str, effect: Gift, before: int) -> list[Row]:
        goods = goods_given(sku, effect, self.occasion.context, self.plan.decimals)
        tax_rate = self.plan.default_tax_rate if goods.tax_rate is None else goods.tax_rate
        amount = goods.unit_price.minor
        return [
            Row(
                f"gift:{offer.id}:{before + number}", sku, goods.category, pieces(1), tax_rate,
                amount, amount, gift_of=offer.id,
            )
            for number in range(1, effect.quantity + 1)
        ]  # fmt: skip


def _kind(offer: OfferPlan) -> AdjustmentKind:
    if offer.by_coupon:
        return "coupon"
    if offer.offer.trigger == "code":
        return "code"
    return "bundle" if offer.stage == "bundle" else "offer"

"""Closing: points against the bill, earning, tax and tier - the finished quote.

Owns: the last steps of pricing, in their order. Does not own: the sums (redemption.py, earning.py,
tax.py, tiers.py), what came before (sheet.py).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from app.domain.basket import Basket
from app.domain.combination import Candidate
from app.domain.conditions import Occasion
from app.domain.earning import EarningLine, add_rebate, earn, rebate_missing
from app.domain.effects import Measure
from app.domain.money import Money, split_by_weight
from app.domain.pack import packs_in
from app.domain.plan import OfferPlan
from app.domain.program import SpendRebate
from app.domain.quote import (
    Adjustment,
    NotApplied,
    NotForSale,
    Quote,
    QuoteLine,
)
from app.domain.redemption import (
    POINTS,
    PointsPriced,
    Redeemed,
    redeem,
)
from app.domain.sheet import Sheet
from app.domain.tax import Taxed, tax_on
from app.domain.tiers import crossing, rank_of
from app.domain.view import AccountView


def close(
    sheet: Sheet,
    basket: Basket,
    by_points: PointsPriced,
    quiet: Sequence[tuple[Candidate, int]],
    not_applied: list[NotApplied],
) -> Quote:
    """Points against the bill, earning, tax and tier: the finished quote."""
    plan, view = sheet.plan, sheet.occasion.view
    redeemed = _redeem(sheet, by_points, basket.choices.redeem_points)
    offers = [candidate.offer for candidate, _ in quiet]
    earned, no_rebates = _earn(sheet, sheet.occasion, offers)
    taxed = _tax(sheet, inclusive=plan.program.prices.tax_inclusive)
    lines = _lines(sheet, taxed, earned)
    scanned = [lines.pop(line.line_id) for line in basket.lines]
    total = sum(row.net for row in sheet.rows)
    return Quote(
        program_id=plan.program.id,
        program_version=sheet.version,
        lines=(*scanned, *lines.values()),
        order_adjustments=tuple(sheet.order_adjustments),
        gifts=tuple(sheet.gifts),
        tax=taxed.rows,
        not_applied=(*not_applied, *redeemed.not_applied, *no_rebates),
        total=Money(total),
        points_redeemed=sum(row.points_spent for row in sheet.rows),
        points_redeemed_amount=Money(redeemed.amount),
        points_earned=sum(earned),
        points_redeemable=redeemed.most,
        coupons_used=tuple(sheet.coupons_used),
        tier=None if view is None else view.tier,
        tier_after=None if view is None else _tier_after(sheet, view, total, sum(earned)),
        not_for_sale=_not_for_sale(sheet),
        points_of_pack=_points_of_pack(sheet, offers, sum(earned)),
    )


def _lines(sheet: Sheet, taxed: Taxed, earned: list[int]) -> dict[str, QuoteLine]:
    return {
        row.line_id: QuoteLine(
            row.line_id, row.sku, row.quantity, Money(row.list_amount), Money(row.net),
            tuple(row.adjustments), row.tax_rate, Money(tax), points, row.points_spent,
            row.gift_of, Money(row.priced),
        )
        for row, tax, points in zip(sheet.rows, taxed.by_line, earned, strict=True)
    }  # fmt: skip


def _tax(sheet: Sheet, *, inclusive: bool) -> Taxed:
    nets, rates = [row.net for row in sheet.rows], [row.tax_rate for row in sheet.rows]
    return tax_on(nets, rates, inclusive=inclusive)


def _redeem(sheet: Sheet, by_points: PointsPriced, wish: int | str) -> Redeemed:
    """Take points off the bill, shared over all lines but packs by what they cost."""
    plan = sheet.plan
    # Points come back whole, and a pack by its months: money alone pays for one.
    nets = [0 if row.sku in plan.packs else row.net for row in sheet.rows]
    bill = sum(nets)
    if not plan.program.prices.tax_inclusive:
        bill += tax_on(nets, [row.tax_rate for row in sheet.rows], inclusive=False).total
    purse = by_points.purse
    if not bill and any(row.net for row in sheet.rows):
        purse = replace(purse, limited_by="NOT_FOR_PACKS", is_shut=True)
    redeemed = redeem(plan, purse, wish, sum(nets), bill)
    if redeemed.points:
        by_line = []
        points = split_by_weight(redeemed.points, nets)
        for row, part, own in zip(
            sheet.rows, split_by_weight(redeemed.amount, nets), points, strict=True
        ):
            row.net -= part
            row.points_spent += own
            if part:
                by_line.append((row.line_id, Money(-part)))
        sheet.order_adjustments.append(
            Adjustment(POINTS, sheet.version, "points", Money(-redeemed.amount), tuple(by_line))
        )
    return redeemed


def _points_of_pack(sheet: Sheet, quiet: list[OfferPlan], points: int) -> int:
    """How many of the points he would not have earned at the tier that is his own."""
    view, program = sheet.occasion.view, sheet.plan.program
    if view is None or view.tier_source != "pack":
        return 0
    own = rank_of(program, view.own_tier)
    open_to_him = [
        offer for offer in quiet if offer.when.tier is None or program.rank(offer.when.tier) <= own
    ]
    without, _ = _earn(sheet, replace(sheet.occasion, rank=own), open_to_him)
    return max(0, points - sum(without))


def _earn(
    sheet: Sheet, occasion: Occasion, quiet: list[OfferPlan]
) -> tuple[list[int], list[NotApplied]]:
    """Points by row, and the rebates that were not reached."""
    lines = [EarningLine(row.sku, row.category, row.net) for row in sheet.rows]
    earned = earn(sheet.plan, occasion, lines, quiet)
    total, refused = sum(row.net for row in sheet.rows), []
    for offer in quiet:
        if isinstance(offer.offer.effect, SpendRebate):
            missing = rebate_missing(sheet.plan, occasion, offer, total)
            if missing is None:
                add_rebate(lines, offer, earned)
            else:
                refused.append(missing)
    return earned, refused


def _tier_after(sheet: Sheet, view: AccountView, total: int, earned: int) -> str:
    """What he will be called: what he has, or above it what he reaches or buys."""
    program, skus = sheet.plan.program, {line.sku for line in sheet.shelf.lines}
    after: dict[Measure, int] = {
        "spend": view.spend_in_window.minor + total,
        "visits": view.visits_in_window + 1,
        "points": view.points_in_window + earned,
    }
    reaches = crossing(program, view.own_tier or view.tier, after) if sheet.shelf.lines else None
    names = [view.tier, *(pack.tier for pack in packs_in(program, skus))]
    names += [] if reaches is None else [reaches.tier]
    return max(names, key=program.rank)


def _not_for_sale(sheet: Sheet) -> tuple[NotForSale, ...]:
    """The lines this shopper may not buy: goods for members or a tier, not open for all yet."""
    program, rank = sheet.plan.program, sheet.occasion.rank
    refused = []
    for rule in program.exclusive:
        if rule.opens_for_all is not None and sheet.occasion.at.date() >= rule.opens_for_all:
            continue
        wanted = 0 if rule.tier is None else program.rank(rule.tier)
        if rank is not None and rank >= wanted:
            continue
        refused += [
            NotForSale(line.line_id, line.sku, rule.tier)
            for line in sheet.shelf.lines
            if line.sku in rule.products or line.category in rule.categories
        ]
    return tuple(refused)

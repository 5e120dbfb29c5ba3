"""Sales with everything a fact can say, in each of its shapes; their bytes lie in golden/.

Owns: those samples. Does not own: what is tested with them (test_facts.py).
"""

from __future__ import annotations

from datetime import date

from msgspec import structs

from app.domain import effects as do
from app.domain import facts as ft
from tests.domain.heart_builders import a_line, a_sale, op

DAY = date(2026, 11, 21)


def a_full_sale() -> ft.SaleRecorded:
    parts = (
        do.SpentPart(points=100, expires_in=0),
        do.SpentPart(points=100, expires_in=3, prolonged=True),
    )
    adjustment = ft.FactAdjustment(rule="silver-discount", kind="tier", amount_minor=-597)
    order = ft.FactAdjustment(
        rule="60-5", kind="coupon", amount_minor=-500, by_line=(("1", -300), ("2", -200)),
        coupon="C0000000000001", by_hand=True, version="2025.9",
    )  # fmt: skip
    lines = (
        a_line("1", category="dairy", member_price_minor=1890, points_spent=200, spent_from=parts,
               adjustments=(adjustment,), tax_minor=687),
        a_line("2", quantity_thousandths=842, weighed=True, points_price=True, gift_of="bogo"),
    )  # fmt: skip
    seen = ft.AsSeen(
        tier="regular", spend_window_minor=1_995_000, points_available=2340, visits=12,
        birthday_month=True,
        coupons=(ft.SeenCoupon(id="C0000000000001", offer="welcome", issued=date(2026, 11, 1),
                               expires=date(2026, 12, 1)),),
    )  # fmt: skip
    reached = do.TierReached(
        tier="silver", months=12, measure="spend", line=2_000_000, return_days=7
    )
    return a_sale(
        1, DAY, lines=lines, adjustments=(order,), seen=seen, coupons_used=("C0000000000001",),
        codes=("TEA50",), redeem_asked="max", refused=("60-8",), shift="shift-7",
        earned_usable_in_days=8, round_off_minor=3, tax=(
            ft.FactTax(tax_rate="0.13", net_minor=11_940, tax_minor=1374),
        ), more_effects=(reached,),
    )  # fmt: skip


def a_sale_by_hand() -> ft.SaleByHandRecorded:
    dent = ft.FactAdjustment(
        rule="manual:line_discount:damaged", kind="manual", amount_minor=-199, by_hand=True
    )
    whole = ft.FactAdjustment(
        rule="manual:order_discount:goodwill", kind="manual", amount_minor=-300,
        by_line=(("1", -300),), by_hand=True,
    )  # fmt: skip
    fields = structs.asdict(a_full_sale())
    fields["adjustments"] = (*fields["adjustments"], whole)
    fields["lines"] = (
        structs.replace(fields["lines"][0], adjustments=(dent,)), *fields["lines"][1:],
    )  # fmt: skip
    given = (
        ft.FactByHand(line="1", kind="rate", reason="damaged", rate="0.1", most="0.1",
                      given_by="staff-li"),
        ft.FactByHand(kind="amount", reason="goodwill", amount_minor=300, given_by="staff-li",
                      approved_by="staff-wang"),
    )  # fmt: skip
    return ft.SaleByHandRecorded(**fields, by_hand=given)


def a_sale_with_rewards() -> ft.FullSaleRecorded:
    """A mug for points, milk of a batch, free parking ticked off meanwhile."""
    mug = ft.FactAdjustment(rule="reward:mug", kind="points_price", amount_minor=-3980)
    parts = (do.SpentPart(points=600, expires_in=3), do.SpentPart(points=400, expires_in=9))
    lines = (
        a_line("1", lot="B20261101", serial="S77", expires=date(2026, 11, 24)),
        a_line("2", quantity_thousandths=2000, list_minor=3980, net_minor=0, points_earned=0,
               points_spent=1000, spent_from=parts, reward="mug", adjustments=(mug,)),
    )  # fmt: skip
    fields = structs.asdict(
        a_sale(
            20, DAY, lines=lines,
            seen=ft.AsSeen(tier="gold", points_available=2340, reward_uses=(("mug", 1),)),
            more_effects=(do.EntitlementTicked(entitlement="reward:mug", count=2),),
        )
    )  # fmt: skip
    return ft.FullSaleRecorded(**fields, ticked=(ft.FactTick(entitlement="parking", of=op(12)),))

"""Effects beside the fact that carries them: whatever does not stand in it is found."""

from __future__ import annotations

from datetime import date

import pytest
from msgspec.structs import replace

from app.domain import effects as do
from app.domain.fact_fit import kind_misfit, refund_misfit, sale_misfit, survey_misfit
from app.domain.facts import FirstRefundRecorded, RefundedPieces
from app.domain.pieces import Interval
from tests.domain.heart_builders import MEMBER, STORE, a_line, a_refund, a_sale, moment, op
from tests.domain.survey_samples import an_answer

TODAY = date(2026, 5, 29)
SALE = a_sale(1, TODAY, lines=(a_line(points_spent=30),), coupons_used=("C1", "C2"))
REFUND = a_refund(2, SALE, [Interval("1", 0, 1)], TODAY)
GIFTS = (
    do.TierReached(tier="gold", months=12),
    do.CouponGiven(coupon="C9", offer="gold-gift"),
    do.OccasionGain(occasion="rebate:spring", points=50, expires_in=12),
    do.EntitlementTicked(entitlement="reward:tea"),
)
HELD = do.HeldGain(points=59, expires_in=12, usable_in_days=8)
VISIT = do.Visited(spend_minor=5970, points_earned=59, points_spent=30)
USES = (do.CouponUsed(coupon="C2"), do.CouponUsed(coupon="C1"))


@pytest.mark.parametrize(
    ("effects", "misfit"),
    [
        (SALE.effects, ""),
        ((*SALE.effects, *GIFTS), ""),
        ((VISIT, HELD, do.Taken(points=30), *USES), ""),
        ((*SALE.effects, do.Gained(points=1_000_000, expires_in=12)), "points"),
        ((*SALE.effects, do.Taken(points=1)), "points"),
        ((VISIT, HELD, *USES), "points"),
        ((*SALE.effects, do.Visited(spend_minor=5970)), "visit"),
        (SALE.effects[1:], "visit"),
        ((replace(VISIT, spend_minor=9), *SALE.effects[1:]), "visit"),
        ((*SALE.effects, do.CouponUsed(coupon="C3")), "coupons_used"),
        (SALE.effects[:-1], "coupons_used"),
        ((*SALE.effects, do.TierGiven(tier="gold", days=900)), "effects"),
        ((*SALE.effects, do.SaleShare(sale=op(1), points=9, expires_in=1, usable_in_days=1)),
         "effects"),
    ],
)  # fmt: skip
def test_a_sale_does_what_stands_on_its_receipt(
    effects: tuple[do.Effect, ...], misfit: str
) -> None:
    assert sale_misfit(effects, SALE) == misfit


THANKS = do.OccasionGain(occasion=f"survey:{op(1)}:30", points=50, expires_in=12)


@pytest.mark.parametrize(
    ("effects", "misfit"),
    [
        ((), ""),
        ((THANKS,), ""),
        ((THANKS, THANKS), "effects"),
        ((do.CheckIn(),), "effects"),
        ((replace(THANKS, occasion=f"survey:{op(7)}:30"),), "sale"),
        ((replace(THANKS, occasion="birthday:2026"),), "sale"),
        ((replace(THANKS, points=1_000_000),), "points"),
    ],
)
def test_an_answer_is_thanked_for_once(effects: tuple[do.Effect, ...], misfit: str) -> None:
    assert survey_misfit(an_answer(effects=effects)) == misfit


KEPT = do.Gained(points=5, expires_in=0)
BACK = do.EntitlementBack(entitlement="parking", of=op(9), uses=("",))


@pytest.mark.parametrize(
    ("effects", "kept", "misfit"),
    [
        (REFUND.effects, 0, ""),
        ((*REFUND.effects, KEPT, BACK), 5, ""),
        ((*REFUND.effects, KEPT), 4, "points_kept"),
        ((do.Undone(sale=op(7)),), 0, "sale"),
        ((*REFUND.effects, do.CheckIn()), 0, "effects"),
    ],
)
def test_a_refund_undoes_its_own_sale(
    effects: tuple[do.Effect, ...], kept: int, misfit: str
) -> None:
    assert refund_misfit(replace(REFUND, effects=effects, points_kept=kept)) == misfit


def test_a_refund_of_the_first_shape_keeps_nothing_back() -> None:
    first = FirstRefundRecorded(
        op_id=op(3), store=STORE, day=TODAY, clock=moment(), member=MEMBER, effects=(KEPT,),
        code="R3", sale=op(1), sale_code="R1",
        pieces=(RefundedPieces(line="1", start=0, end=1, amount_minor=0),),
    )  # fmt: skip
    assert refund_misfit(first) == "points_kept"


@pytest.mark.parametrize(
    ("kind", "effects", "misfit"),
    [
        ("checked_in.1", (do.CheckIn(),), ""),
        ("shift_closed.1", (), ""),
        ("shift_closed.1", (KEPT,), "effects"),
        ("consent_changed.1", (do.CouponGiven(coupon="C1", offer="welcome"),), "effects"),
        ("of_a_newer_program.1", (KEPT,), ""),
    ],
)
def test_a_kind_has_its_own_effects(kind: str, effects: tuple[do.Effect, ...], misfit: str) -> None:
    assert kind_misfit(kind, effects) == misfit

"""Money: the one rounding, exact splits, pieces, and reading amounts as people type them."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.money import (
    AMOUNT_MINOR_MAX,
    ZERO,
    Money,
    NotAnAmount,
    amount_text,
    divide_half_up,
    multiply_half_up,
    parse_amount,
    piece_share,
    round_down_to_step,
    split_by_weight,
    total,
)

WHOLES = st.integers(-(10**9), 10**9)
WEIGHTS = st.lists(st.integers(0, 10**7), min_size=1, max_size=30)


@pytest.mark.parametrize("not_whole", [1.0, "1", True, Decimal(1), None], ids=repr)
def test_money_refuses_what_is_no_whole_number(not_whole: object) -> None:
    with pytest.raises(TypeError, match="whole minor units"):
        Money(not_whole)  # type: ignore[arg-type] # the point of the test


def test_money_adds_subtracts_negates_and_compares() -> None:
    assert Money(5) + Money(7) - Money(2) == Money(10)
    assert -Money(3) == Money(-3) < ZERO
    assert total([Money(1), Money(2)]) == Money(3)
    assert total([]) == ZERO
    assert not ZERO and Money(1)


@pytest.mark.parametrize(
    ("numerator", "denominator", "rounded"),
    [(5, 10, 1), (4, 10, 0), (-5, 10, -1), (-4, 10, 0), (15, 10, 2), (7, 1, 7), (0, 3, 0)],
)
def test_halves_are_rounded_away_from_zero(numerator: int, denominator: int, rounded: int) -> None:
    assert divide_half_up(numerator, denominator) == rounded


def test_dividing_by_zero_is_a_bug() -> None:
    with pytest.raises(ValueError, match="positive"):
        divide_half_up(1, 0)


@pytest.mark.parametrize(
    ("amount", "factor", "product"),
    [
        pytest.param(5900, "0.88", 5192, id="gold milk of the mock-up"),
        pytest.param(1005, "0.1", 101, id="half a fen goes up"),
        pytest.param(-1005, "0.1", -101, id="and away from zero below it"),
        pytest.param(1280, "0.842", 1078, id="weighed apples"),
    ],
)
def test_a_factor_is_applied_with_one_rounding(amount: int, factor: str, product: int) -> None:
    assert multiply_half_up(Money(amount), Decimal(factor)) == Money(product)


def test_cash_is_rounded_down_to_the_step() -> None:
    assert round_down_to_step(Money(11343), Money(10)) == Money(11340)
    assert round_down_to_step(Money(11340), Money(10)) == Money(11340)


@pytest.mark.parametrize(("amount", "step"), [(-1, 10), (1, 0)])
def test_round_off_of_a_debt_or_without_a_step_is_a_bug(amount: int, step: int) -> None:
    with pytest.raises(ValueError, match="needs amount"):
        round_down_to_step(Money(amount), Money(step))


@pytest.mark.parametrize(
    ("whole", "weights", "parts"),
    [
        pytest.param(1000, [1, 1, 1], [334, 333, 333], id="the earlier of equals"),
        pytest.param(1500, [5192, 949, 3502, 5500], [514, 94, 347, 545], id="mock-up coupon"),
        pytest.param(1, [1, 3], [0, 1], id="the larger weight"),
        pytest.param(-10, [1, 1, 1], [-4, -3, -3], id="a negative whole"),
        pytest.param(7, [0, 0], [7, 0], id="no weight at all"),
        pytest.param(0, [], [], id="nothing over nobody"),
    ],
)
def test_shares_go_by_largest_remainder(whole: int, weights: list[int], parts: list[int]) -> None:
    assert split_by_weight(whole, weights) == parts


@given(whole=WHOLES, weights=WEIGHTS)
def test_parts_always_add_up_and_differ_from_exact_by_less_than_one(
    whole: int, weights: list[int]
) -> None:
    parts = split_by_weight(whole, weights)
    assert sum(parts) == whole
    weight_sum = sum(weights)
    if weight_sum:
        for part, weight in zip(parts, weights, strict=True):
            assert abs(part * weight_sum - whole * weight) < weight_sum


def test_splitting_refuses_negative_weights_and_nobody() -> None:
    with pytest.raises(ValueError, match="not be negative"):
        split_by_weight(1, [1, -1])
    with pytest.raises(ValueError, match="nothing to share"):
        split_by_weight(1, [])


@given(amount=WHOLES, cuts=st.lists(st.integers(1, 40), min_size=1, max_size=12))
def test_any_partition_into_pieces_sums_to_the_amount(amount: int, cuts: list[int]) -> None:
    whole, start, paid = sum(cuts), 0, 0
    for width in cuts:
        paid += piece_share(amount, start, start + width, whole)
        start += width
    assert paid == amount


@pytest.mark.parametrize(("start", "end", "whole"), [(2, 1, 3), (-1, 1, 3), (0, 4, 3), (0, 0, 0)])
def test_an_interval_outside_the_line_is_a_bug(start: int, end: int, whole: int) -> None:
    with pytest.raises(ValueError, match="interval"):
        piece_share(100, start, end, whole)


@pytest.mark.parametrize(
    ("text", "decimals", "minor"),
    [("12.50", 2, 1250), ("12", 2, 1200), ("-0.05", 2, -5), ("1.2", 2, 120), ("350", 0, 350)],
)
def test_amounts_are_read_exactly(text: str, decimals: int, minor: int) -> None:
    assert parse_amount(text, decimals) == Money(minor)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "format"), ("12,50", "format"), ("1e3", "format"), (".5", "format"), ("5.", "format"),
        ("+5", "format"), ("１２", "format"), ("--5", "format"), ("1.2.3", "format"),
        ("1.234", "decimals"), ("99999999999.99", "size"),
    ],
)  # fmt: skip
def test_what_is_no_amount_is_answered_with_the_reason(text: str, reason: str) -> None:
    assert parse_amount(text) == NotAnAmount(text, reason)


@given(minor=st.integers(-AMOUNT_MINOR_MAX, AMOUNT_MINOR_MAX), decimals=st.sampled_from([0, 2, 3]))
def test_an_amount_survives_its_text(minor: int, decimals: int) -> None:
    assert parse_amount(amount_text(Money(minor), decimals), decimals) == Money(minor)

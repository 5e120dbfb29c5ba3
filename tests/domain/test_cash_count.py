"""Counting cash: what is typed beside a denomination, and what it comes to."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.cash_count import (
    DENOMINATIONS,
    PIECES_MAX,
    CashCount,
    CountRefused,
    DenominationsRefused,
    check_denominations,
    parse_count,
)
from app.domain.money import ZERO, Money

CNY = DENOMINATIONS["CNY"]


@pytest.mark.parametrize("currency", DENOMINATIONS)
def test_what_is_counted_without_a_setting_can_be_counted(currency: str) -> None:
    assert check_denominations(DENOMINATIONS[currency], 0 if currency == "JPY" else 2) is None


def test_the_float_of_the_picture() -> None:
    typed = {"100": "2", "50": "2", "20": "3", "10": "5", "5": "4", "1": "20"}
    count = parse_count(typed, CNY)
    assert isinstance(count, CashCount)
    assert count.pieces == ((10_000, 2), (5_000, 2), (2_000, 3), (1_000, 5), (500, 4), (100, 20))
    assert count.total == Money(45_000)


@pytest.mark.parametrize(
    ("typed", "total"),
    [
        pytest.param({}, ZERO, id="nothing"),
        pytest.param({"100": "", "1": " "}, ZERO, id="left empty"),
        pytest.param({"100": "0"}, ZERO, id="none"),
        pytest.param({"0.1": "9999"}, Money(99_990), id="the most pieces"),
        pytest.param({"0.5": "007"}, Money(350), id="zeros in front"),
        pytest.param({"20": "１２"}, Money(24_000), id="full-width figures"),
    ],
)
def test_what_is_counted(typed: Mapping[str, str], total: Money) -> None:
    count = parse_count(typed, CNY)
    assert isinstance(count, CashCount)
    assert count.total == total


@pytest.mark.parametrize(
    ("typed", "field", "reason"),
    [
        pytest.param({"100": "x"}, "100", "format", id="letters"),
        pytest.param({"50": "十二"}, "50", "format", id="Chinese numerals"),
        pytest.param({"20": "1.5"}, "20", "format", id="half a note"),
        pytest.param({"10": "+3"}, "10", "format", id="a plus"),
        pytest.param({"10": "1e3"}, "10", "format", id="an exponent"),
        pytest.param({"5": "-2"}, "5", "negative", id="negative"),
        pytest.param({"5": "--2"}, "5", "format", id="two signs"),
        pytest.param({"1": "10000"}, "1", "too_many", id="ten thousand"),
        pytest.param({"1": "9" * 5000}, "1", "too_many", id="a key held down"),
        pytest.param({"3": "1"}, "3", "unknown", id="no such note"),
    ],
)
def test_what_is_no_count_names_its_field(
    typed: Mapping[str, str], field: str, reason: Any
) -> None:
    assert parse_count({"100": "1", **typed}, CNY) == CountRefused(field, typed[field], reason)


@given(st.dictionaries(st.sampled_from(CNY), st.integers(0, PIECES_MAX)))
def test_a_count_is_worth_its_pieces(pieces: dict[str, int]) -> None:
    count = parse_count({field: str(n) for field, n in pieces.items()}, CNY)
    assert isinstance(count, CashCount)
    # In tenths, the smallest coin: written apart from the code's own way.
    tenths = sum(n * int(Decimal(field) * 10) for field, n in pieces.items())
    assert count.total.minor == 10 * tenths
    assert CashCount(count.pieces) == count


@given(st.text(max_size=8))
def test_any_text_is_a_count_or_is_refused(text: str) -> None:
    answer = parse_count({"100": text}, CNY)
    if isinstance(answer, CashCount):
        assert answer.total.minor in {10_000 * n for n in range(PIECES_MAX + 1)}
    else:
        assert (answer.field, answer.text) == ("100", text)


@pytest.mark.parametrize(
    ("values", "value", "reason"),
    [
        pytest.param((), "", "empty", id="none"),
        pytest.param(("100", "x"), "x", "format", id="letters"),
        pytest.param(("100", "0"), "0", "format", id="worth nothing"),
        pytest.param(("1", "0.005"), "0.005", "format", id="less than a cent"),
        pytest.param(("50", "100"), "100", "order", id="smallest first"),
        pytest.param(("50", "50.0"), "50.0", "order", id="twice"),
    ],
)
def test_what_cannot_be_denominations(values: tuple[str, ...], value: str, reason: Any) -> None:
    assert check_denominations(values) == DenominationsRefused(value, reason)


@pytest.mark.parametrize(
    "pieces",
    [
        pytest.param(((100, 1), (500, 1)), id="smallest first"),
        pytest.param(((100, 1), (100, 1)), id="twice"),
        pytest.param(((0, 1),), id="worth nothing"),
        pytest.param(((100, 0),), id="none of it"),
        pytest.param(((100, 10_000),), id="too many"),
    ],
)
def test_a_count_that_only_a_bug_could_make(pieces: tuple[tuple[int, int], ...]) -> None:
    with pytest.raises(ValueError, match=r"each worth once|pieces of a kind"):
        CashCount(pieces)

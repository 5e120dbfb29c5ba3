"""Returns without a receipt, bound to their sale by its number once it is known."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from itertools import permutations

import pytest
from msgspec.structs import replace

from app.domain.bound_return import bind_returns
from app.domain.facts import ReturnedGoods, ReturnRecorded
from app.domain.pieces import Interval
from tests.domain.heart_builders import a_line, a_refund, a_return, a_sale

TODAY = date(2026, 5, 29)
APPLES = a_line("2", sku="apples", quantity_thousandths=842, weighed=True)
SALE = a_sale(1, TODAY, lines=(a_line("1"), APPLES, a_line("3", sku="sku-1")))


def towels(number: int, *goods: tuple[str, int]) -> ReturnRecorded:
    return a_return(number, SALE, goods, TODAY)


@pytest.mark.parametrize(
    ("goods", "pieces", "beyond"),
    [
        ([("sku-1", 1000)], [Interval("1", 0, 1)], 0),
        ([("sku-1", 5000)], [Interval("1", 0, 3), Interval("3", 0, 2)], 0),
        ([("sku-1", 8000)], [Interval("1", 0, 3), Interval("3", 0, 3)], 2 * 1990),
        ([("apples", 300)], [Interval("2", 0, 300)], 0),
        ([("apples", 300), ("apples", 600)], [Interval("2", 0, 300), Interval("2", 300, 842)],
         1990 * 600 // 1000 * 58 // 600),
        ([("milk", 2000)], [], 2 * 1990),
    ],
)  # fmt: skip
def test_a_return_takes_the_lowest_pieces_of_its_goods(
    goods: Sequence[tuple[str, int]], pieces: Sequence[Interval], beyond: int
) -> None:
    [bound] = bind_returns(SALE, [], [towels(5, *goods)])
    assert (list(bound.pieces), bound.beyond_minor) == (pieces, beyond)


def test_what_a_refund_names_is_the_refunds_whenever_it_came() -> None:
    late = a_refund(9, SALE, [Interval("1", 0, 2), Interval("3", 0, 3)], TODAY)
    facts = [towels(5, ("sku-1", 1000)), towels(6, ("sku-1", 1000))]
    for order in permutations(facts):
        first, second = bind_returns(SALE, [late], order)
        assert (first.pieces, first.beyond_minor) == ((Interval("1", 2, 3),), 0)
        assert (second.pieces, second.beyond_minor) == ((), 1990)


def test_numbers_that_nobody_could_have_written_bind_nothing() -> None:
    nothing = ReturnedGoods(sku="sku-1", name="?", quantity_thousandths=0, amount_minor=1990)
    no_line = replace(a_line("1"), quantity_thousandths=0)
    empty = replace(a_sale(1, TODAY), lines=(no_line,))
    one = towels(5, ("sku-1", 1000))
    assert [each.pieces for each in bind_returns(SALE, [], [replace(one, goods=(nothing,))])] == [
        ()
    ]
    assert [each.beyond_minor for each in bind_returns(empty, [], [one])] == [1990]

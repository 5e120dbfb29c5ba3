"""Checking refunds: what was moved, beside the worth of the pieces it names."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from app.domain.effects import EarnedPart, Gained, SpentPart, Undone
from app.domain.pieces import Interval
from app.domain.refund_check import RefundAgrees, RefundDiffers, check_refund
from tests.domain.heart_builders import a_line, a_refund, a_sale

DAY = date(2026, 11, 21)
SALE = a_sale(
    1, DAY,
    lines=(
        a_line("1", points_spent=10, spent_from=(SpentPart(points=10, expires_in=3),)),
        a_line("2", net_minor=1000, points_earned=7),
    ),
)  # fmt: skip
NOBODYS = a_sale(2, DAY, member=None, effects=(), points_earned=0, lines=(a_line(points_earned=0),))


@given(st.integers(0, 3), st.integers(0, 3), st.booleans())
def test_what_the_domain_gives_a_refund_agrees(start: int, end: int, is_nobodys: bool) -> None:
    sale = NOBODYS if is_nobodys else SALE
    pieces = [Interval("1", min(start, end), max(start, end))]
    changes: dict[str, Any] = {"effects": ()} if is_nobodys else {}
    assert check_refund(sale, a_refund(3, sale, pieces, DAY, **changes)) == RefundAgrees()


def undo(earned: int, spent: int) -> tuple[Any, ...]:
    return (
        Undone(
            sale=SALE.op_id,
            earned=(EarnedPart(points=earned, expires_in=12),),
            spent=(SpentPart(points=spent, expires_in=3),),
            spend_minor=1990,
        ),
        Gained(points=2, expires_in=0),
    )


@pytest.mark.parametrize(
    ("effects", "beyond"),
    [
        pytest.param(undo(20, 3), 0, id="points kept back for money are no part of it"),
        pytest.param(undo(20, 9), 6, id="more given back than was taken"),
        pytest.param(undo(5, 3), 15, id="less taken back than was earned"),
        pytest.param(undo(20, 1), -2, id="less given back than was taken"),
        pytest.param((), 17, id="nothing done at all"),
    ],
)
def test_points_are_held_against_those_of_the_pieces(effects: tuple[Any, ...], beyond: int) -> None:
    found = check_refund(SALE, a_refund(3, SALE, [Interval("1", 0, 1)], DAY, effects=effects))
    if beyond == 0:
        assert found == RefundAgrees()
    else:
        assert isinstance(found, RefundDiffers)
        assert found.points_beyond == beyond
        assert found.paid_minor == found.expected_minor == 1990


def test_money_is_held_against_that_of_the_pieces() -> None:
    honest = a_refund(3, SALE, [Interval("1", 0, 1)], DAY)
    dear = replace(honest.pieces[0], amount_minor=2990)
    tender = replace(honest.tenders[0], amount_minor=2990)
    found = check_refund(
        SALE, replace(honest, pieces=(dear,), settled_minor=2990, tenders=(tender,))
    )
    assert found == RefundDiffers(2990, 1990, 20, 20, 3, 3)


def test_of_a_person_who_was_forgotten_no_points_are_wanted() -> None:
    refund = a_refund(3, SALE, [Interval("1", 0, 1)], DAY, member=None, effects=())
    assert check_refund(SALE, refund) == RefundAgrees()


@pytest.mark.parametrize(
    "pieces",
    [
        pytest.param(("9", 0, 1), id="a line the sale has not"),
        pytest.param(("2", 3, 5), id="pieces behind the last"),
        pytest.param(("2", 2, 5), id="some of them behind the last"),
    ],
)
def test_pieces_that_were_never_sold_are_worth_nothing(pieces: tuple[str, int, int]) -> None:
    honest = a_refund(3, SALE, [Interval("2", 2, 3)], DAY)
    line, start, end = pieces
    named = replace(honest.pieces[0], line=line, start=start, end=end)
    found = check_refund(SALE, replace(honest, pieces=(named,)))
    if start == 2:
        assert found == RefundAgrees(), "the one that is there"
    else:
        assert isinstance(found, RefundDiffers)
        assert (found.expected_minor, found.expected_taken_back) == (0, 0)

"""The open basket as it is stored: what goes in comes out, whatever stands in it."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from msgspec import structs

from app.domain.basket import BasketChoices, BasketLine
from app.domain.moment import Moment
from app.domain.money import Money
from app.domain.open_basket import (
    BasketTick,
    MemberOnBasket,
    OpenBasket,
    OpenLine,
    UndoStep,
    decode_basket,
    encode_basket,
)
from app.domain.payment import Tender
from app.domain.quantity import Quantity, pieces
from app.domain.quote import Adjustment, NotApplied
from tests.domain.heart_builders import a_quote, a_quote_line

MILK = BasketLine(
    "1", "milk", "纯牛奶", "dairy", Money(5900), pieces(2), Money(5500), Decimal("0.09")
)
LINE = OpenLine(line_id="1", scanned="6901028000017", quantity=pieces(2), goods=MILK)
LOST = OpenLine(line_id="2", scanned="6901028999991", quantity=Quantity(842), problem="unknown")
BARRED = OpenLine(
    line_id="3", scanned="oil", quantity=pieces(1), goods=MILK, problem="members_only"
)
FULL = OpenBasket(
    basket_id="01a1fd8e-3dc0-738b-b576-ae72519323aa",
    opened_ms=1_795_000_000_000,
    lines=(LINE, LOST, BARRED),
    next_line=4,
    selected="2",
    member=MemberOnBasket("m1", "card", "M0"),
    choices=BasketChoices(("c1",), frozenset({"o1"}), ("FM1017",), "max", (("g", "towel"),)),
    ticked=(BasketTick("parking", "op-1", "member-1"),),
    tenders=(Tender("cash", Money(10), Money(20), Money(10)),),
    set_aside=("a1",),
    undo=(UndoStep(touched=((0, LINE),), member=(None,), choices=BasketChoices()),),
)


def test_a_basket_is_stored_whole() -> None:
    assert decode_basket(encode_basket(FULL)) == FULL
    empty = OpenBasket(basket_id="b", opened_ms=1)
    assert decode_basket(encode_basket(empty)) == empty
    assert (empty.is_empty, FULL.is_empty) == (True, False)


AGREED = a_quote(
    a_quote_line("1", 5500, adjustments=(Adjustment(
        rule="tier:gold", version="2026.1", kind="tier", amount=Money(-470),
        by_line=(("1", Money(-470)),),
    ),)),
    not_applied=(NotApplied("half", "BELOW_THRESHOLD", missing_amount=Money(300)),),
)  # fmt: skip


def test_the_prices_agreed_on_are_stored_to_the_fen_and_stand_until_it_is_free_again() -> None:
    begun = FULL.agreed_on(AGREED, 1_795_000_060_000)
    assert decode_basket(encode_basket(begun)) == begun
    assert begun.agreed_on(a_quote(), 1_795_000_120_000) is begun
    assert (begun.agreed, begun.priced_ms) == (AGREED, 1_795_000_060_000)
    assert begun.free_again() == FULL


def test_only_resolved_lines_are_priced_and_the_others_are_named() -> None:
    assert FULL.to_price().lines == (MILK,)
    assert FULL.to_price().choices == FULL.choices
    assert FULL.unresolved == (LOST, BARRED)
    assert FULL.line("2") == LOST
    assert FULL.line("77") is None


def test_a_moment_tells_the_shops_own_time() -> None:
    moment = Moment(1_795_226_520_000, 5, "boot-1", offset_ms=40)
    local = moment.local("Asia/Shanghai")
    assert local.utcoffset() == timedelta(hours=8)
    assert local.timestamp() * 1000 == 1_795_226_520_000


def test_an_untouched_basket_is_one_in_which_nothing_was_ever_done() -> None:
    fresh = OpenBasket(basket_id="b-1", opened_ms=5)
    assert fresh.is_untouched
    assert not structs.replace(fresh, selected="l1").is_untouched
    assert not structs.replace(fresh, set_aside=("a-1",)).is_untouched

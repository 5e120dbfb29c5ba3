"""The open basket as it is stored: what goes in comes out, whatever stands in it."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from app.domain.basket import BasketChoices, BasketLine
from app.domain.moment import Moment
from app.domain.money import Money
from app.domain.open_basket import (
    MemberOnBasket,
    OpenBasket,
    OpenLine,
    UndoStep,
    decode_basket,
    encode_basket,
)
from app.domain.payment import Tender
from app.domain.quantity import Quantity, pieces

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
    entitlements=("parking",),
    tenders=(Tender("cash", Money(10), Money(20), Money(10)),),
    set_aside=("a1",),
    undo=(UndoStep(touched=((0, LINE),), member=(None,), choices=BasketChoices()),),
)


def test_a_basket_is_stored_whole() -> None:
    assert decode_basket(encode_basket(FULL)) == FULL
    empty = OpenBasket(basket_id="b", opened_ms=1)
    assert decode_basket(encode_basket(empty)) == empty
    assert (empty.is_empty, FULL.is_empty) == (True, False)


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

"""Held sales: at once, through a kill, priced anew with every difference, taken back once."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from app.domain.hold import LineDiffers, PricesDiffer
from app.domain.money import Money
from app.domain.payment import TimedOut
from app.services.answers import PaymentUnderWay, SignInFirst
from app.services.checkout import SaleDone
from app.services.discount import Wish, discount_order
from app.services.hold import (
    BasketInTheWay,
    ChooseHold,
    HoldEnded,
    HoldNoted,
    NoSuchHold,
    NothingHeld,
    NothingToHold,
    SaleHeld,
    SaleRecalled,
    held_sales,
    hold_sale,
    holds_at_handover,
    note_hold,
    recall_sale,
)
from app.services.lines import NothingToUndo, undo_step
from app.services.payment import finish_payment, pay_cash, set_payment_aside, start_payment
from app.services.scan import scan_code
from app.services.staff import lock_till
from app.services.void import SaleVoided, void_hold
from tests.real_shop import APPLE_LABEL, MILK, OIL, TOWEL, RealShop
from tests.services.conftest import restarted, trail

A_DAY = 24 * 3600 * 1000


def ring_up(shop: RealShop, *codes: str) -> Any:
    answer = None
    for code in codes:
        answer = shop.do(scan_code, text=code)
    return answer


def hold(shop: RealShop, *codes: str) -> str:
    ring_up(shop, *codes)
    held = shop.do(hold_sale)
    assert isinstance(held, SaleHeld)
    return held.hold_id


def put_product(shop: RealShop, sku: str, **changes: Any) -> None:
    def work(unit: Any) -> None:
        product = unit.products.get(sku)
        assert product is not None
        unit.products.put(replace(product, **changes))

    shop.store.lane.submit(work).result()


def test_holding_empties_the_till_at_once_and_asks_nothing(shop: RealShop) -> None:
    ring_up(shop, shop.cards["张三丰"], MILK, TOWEL, TOWEL)
    basket_id = shop.shop.desk.state.basket.basket_id
    answer = shop.do(hold_sale)
    assert isinstance(answer, SaleHeld)
    assert (answer.hold_id, answer.state.lines, answer.state.member) == (basket_id, (), None)
    assert answer.state.holds == 1
    assert answer.state.basket_id != basket_id
    assert shop.do(undo_step) == NothingToUndo(), "the former customer's goods do not come back"
    assert trail(shop)[-1] == "sale_held"


def test_with_exactly_one_it_comes_back_directly_member_choices_and_all(shop: RealShop) -> None:
    ring_up(shop, shop.cards["张三丰"], MILK, TOWEL)
    shop.do(discount_order, wish=Wish("rate", rate=Decimal("0.05"), reason="regular"))
    before = shop.shop.desk.state.quote
    hold_id = shop.do(hold_sale).hold_id
    answer = shop.do(recall_sale)
    assert isinstance(answer, SaleRecalled)
    assert (answer.hold_id, answer.overnight) == (hold_id, False)
    assert answer.differs.is_nothing
    assert answer.state.member is not None
    assert shop.shop.desk.state.quote == before
    assert answer.state.holds == 0
    done = shop.do(pay_cash)
    assert isinstance(done, SaleDone)
    assert done.sale_id == hold_id, "the sale has the id the basket always had"


def test_several_ask_which_one_newest_first(shop: RealShop) -> None:
    first = hold(shop, MILK)
    shop.clock.go_on(milliseconds=5_000)
    second = hold(shop, shop.cards["张三丰"], APPLE_LABEL, TOWEL, TOWEL)
    answer = shop.do(recall_sale)
    assert isinstance(answer, ChooseHold)
    rows = [(one.number, one.hold_id, one.pieces, one.has_member) for one in answer.holds]
    assert rows == [(1, second, 3, True), (2, first, 1, False)]
    assert answer.holds[0].member_masked == "138****8000"
    assert answer.holds[0].staff_name == "李明"
    assert shop.do(recall_sale, hold_id=first).hold_id == first
    assert [one.hold_id for one in shop.do(held_sales)] == [second]


def test_holds_survive_a_kill(shop: RealShop) -> None:
    hold_id = hold(shop, MILK, OIL)
    opened = restarted(shop)
    assert (opened.recovered, opened.state.holds) == (False, 1)
    shop.sign_in()
    answer = shop.do(recall_sale)
    assert isinstance(answer, SaleRecalled)
    restarted(shop)
    assert shop.shop.desk.state.basket.basket_id == hold_id
    assert len(shop.shop.desk.state.basket.lines) == 2
    assert shop.do(held_sales) == ()


def test_a_hold_recalled_twice_says_who_has_it(shop: RealShop) -> None:
    hold_id = hold(shop, MILK)
    shop.do(recall_sale)
    shop.do(pay_cash)
    answer = shop.do(recall_sale, hold_id=hold_id)
    assert isinstance(answer, HoldEnded)
    assert (answer.outcome, answer.staff_name) == ("recalled", "李明")
    assert shop.do(recall_sale) == NothingHeld()
    assert shop.do(recall_sale, hold_id="none") == NoSuchHold("none")
    assert shop.do(note_hold, hold_id=hold_id, note="x") == answer


def test_one_that_was_given_up_does_not_come_back(shop: RealShop) -> None:
    hold_id = hold(shop, MILK)
    assert isinstance(shop.do(void_hold, hold_id=hold_id, reason="customer_left"), SaleVoided)
    answer = shop.do(recall_sale, hold_id=hold_id)
    assert isinstance(answer, HoldEnded)
    assert answer.outcome == "voided"


def test_held_again_it_is_one_hold(shop: RealShop) -> None:
    hold_id = hold(shop, MILK)
    shop.do(recall_sale)
    assert hold(shop, TOWEL) == hold_id
    assert [one.pieces for one in shop.do(held_sales)] == [2]


def test_goods_on_the_till_are_in_the_way(shop: RealShop) -> None:
    hold(shop, MILK)
    ring_up(shop, TOWEL)
    assert shop.do(recall_sale) == BasketInTheWay()
    assert len(shop.do(held_sales)) == 1


def test_there_is_nothing_to_hold_in_an_empty_basket(shop: RealShop) -> None:
    assert shop.do(hold_sale) == NothingToHold()


def test_a_new_price_is_told_line_by_line(shop: RealShop) -> None:
    hold(shop, MILK, TOWEL)
    put_product(shop, "milk", unit_price=Money(6200), name="纯牛奶 新包装")
    answer = shop.do(recall_sale)
    assert isinstance(answer, SaleRecalled)
    assert answer.differs == PricesDiffer(
        Money(7890),
        Money(8190),
        (LineDiffers("1", "纯牛奶 新包装", Money(5900), Money(6200)),),
    )
    assert shop.shop.desk.state.quote.total == Money(8190)


@pytest.mark.parametrize(
    ("changes", "problem"),
    [({"active": False}, "inactive"), ({"unit_price": None}, "no_price")],
    ids=["not sold any more", "without a price"],
)
def test_goods_that_cannot_be_sold_now_stand_in_the_basket_to_be_solved(
    shop: RealShop, changes: dict[str, Any], problem: str
) -> None:
    hold(shop, MILK, TOWEL)
    put_product(shop, "milk", **changes)
    answer = shop.do(recall_sale)
    assert [line.problem for line in answer.state.lines] == [problem, None]
    assert answer.differs.lines == (LineDiffers("1", "纯牛奶 250ml×12", Money(5900), None),)


def test_what_the_scale_said_stays_and_so_does_an_unknown_code(shop: RealShop) -> None:
    hold(shop, APPLE_LABEL, "NOBODY-KNOWS")
    put_product(shop, "apple", unit_price=Money(1480))
    answer = shop.do(recall_sale)
    assert [line.problem for line in answer.state.lines] == [None, "unknown"]
    assert answer.state.lines[0].unit_price == Money(1480), "the weight stays, its price is today's"


def test_one_that_stood_overnight_is_marked_and_its_ended_offers_are_told(shop: RealShop) -> None:
    ring_up(shop, shop.cards["张三丰"], OIL, MILK)
    before = shop.shop.desk.state.quote
    assert any(line.adjustments for line in before.lines)
    shop.do(hold_sale)
    shop.clock.go_on(milliseconds=A_DAY * 60)
    (row,) = shop.do(held_sales)
    assert row.overnight
    answer = shop.do(recall_sale)
    assert answer.overnight
    assert answer.differs.before == before.total
    assert answer.differs.after == shop.shop.desk.state.quote.total
    assert answer.differs.offers or answer.differs.is_nothing


def test_nothing_with_money_in_it_is_held(shop: RealShop) -> None:
    ring_up(shop, MILK)
    started = shop.do(start_payment, kind="mobile")
    assert shop.do(hold_sale) == PaymentUnderWay()
    attempt = started.attempt.attempt_id
    shop.do(finish_payment, attempt_id=attempt, result=TimedOut())
    shop.do(set_payment_aside, attempt_id=attempt)
    assert shop.do(hold_sale) == PaymentUnderWay(), "it may still turn out to have been taken"


def test_a_note_may_come_later_and_keeps_no_phone_numbers(shop: RealShop) -> None:
    hold_id = hold(shop, MILK)
    answer = shop.do(note_hold, hold_id=hold_id, note=" 去拿鸡蛋 13800138000 ")
    assert answer == HoldNoted(hold_id, "去拿鸡蛋 *")
    assert [one.note for one in shop.do(held_sales)] == ["去拿鸡蛋 *"]
    ring_up(shop, TOWEL)
    shop.clock.go_on(milliseconds=1_000)
    assert shop.do(hold_sale, note="红包").hold_id
    assert shop.do(held_sales)[0].note == "红包"
    assert shop.do(note_hold, hold_id="none", note="x") == NoSuchHold("none")


def test_a_member_who_is_gone_meanwhile_is_not_on_the_basket(shop: RealShop) -> None:
    ring_up(shop, shop.cards["陈静"], MILK)
    shop.do(hold_sale)

    def freeze(unit: Any) -> None:
        member = unit.members.get(shop.members["陈静"])
        unit.members.update(replace(member, status="frozen"))

    shop.store.lane.submit(freeze).result()
    assert shop.do(recall_sale).state.member is None


def test_the_hand_over_names_what_is_held(shop: RealShop) -> None:
    hold_id = hold(shop, MILK, TOWEL)
    (held,) = shop.store.lane.submit(lambda work: holds_at_handover(work=work)).result()
    assert (held.hold_id, held.pieces, held.total) == (hold_id, 2, Money(7890))
    assert list(shop.store.lane.submit(shop.shop.open_holds).result()) == [held]


def test_nobody_at_the_till_holds_or_recalls(shop: RealShop) -> None:
    hold_id = hold(shop, MILK)
    shop.do(lock_till)
    assert shop.do(hold_sale) == SignInFirst()
    assert shop.do(recall_sale) == SignInFirst()
    assert shop.do(note_hold, hold_id=hold_id, note="x") == SignInFirst()

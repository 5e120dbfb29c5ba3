"""Discounts by hand at the till: limits, reasons, what they meet, the trail, receipt and fact."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from app.domain.facts import SaleByHandRecorded, read_fact
from app.domain.money import Money
from app.services.act_reason import ReasonNeeded
from app.services.answers import Changed, NoSuchLine, PaymentUnderWay
from app.services.approval import ApprovalNeeded, Approved, approve_with_badge
from app.services.checkout import SaleDone
from app.services.discount import (
    DiscountGiven,
    NothingByHand,
    Wish,
    WishRefused,
    discount_line,
    discount_order,
    remove_discount,
)
from app.services.lines import remove_line, set_quantity, undo_step
from app.services.payment import pay_cash, start_payment
from app.services.recorded_prices import LineNotResolved
from app.services.scan import scan_code
from tests.real_shop import MILK, OIL, TOWEL, RealShop
from tests.services.conftest import restarted, trail


def rate(text: str, reason: str = "damaged", note: str = "") -> Wish:
    return Wish("rate", rate=Decimal(text), reason=reason, note=note)


def amount(minor: int, reason: str = "damaged") -> Wish:
    return Wish("amount", amount=Money(minor), reason=reason)


def unit_price(minor: int) -> Wish:
    return Wish("price", amount=Money(minor), reason="price_tag")


def ring_up(shop: RealShop, code: str = OIL) -> str:
    line_id: str = shop.do(scan_code, text=code).line_id
    return line_id


def total(shop: RealShop) -> int:
    return shop.shop.desk.state.quote.total.minor


def test_a_cashier_gives_a_line_discount_within_his_limit(shop: RealShop) -> None:
    answer = shop.do(discount_line, line_id=ring_up(shop), wish=rate("0.1"))
    assert isinstance(answer, DiscountGiven)
    assert (answer.off, answer.approved_by) == (Money(680), "")
    (row,) = answer.state.lines
    assert (row.amount, row.net) == (Money(6120), Money(6120))
    (change,) = row.adjustments
    assert (change.kind, change.words and change.words.zh) == ("manual", "瑕疵")
    assert trail(shop)[-1] == "discount_given"


def test_the_members_price_comes_first_and_the_discount_is_of_it(shop: RealShop) -> None:
    line = ring_up(shop)
    shop.do(scan_code, text=shop.cards["张三丰"])
    answer = shop.do(discount_line, line_id=line, wish=rate("0.1"))
    first, by_hand = answer.state.lines[0].adjustments
    assert first.kind in ("tier", "campaign")
    left = 6800 + first.amount.minor
    assert (by_hand.kind, by_hand.amount.minor) == ("manual", -((left * 10 + 50) // 100))


@pytest.mark.parametrize(
    ("wish", "asked"),
    [(rate("0.15"), 1500), (amount(681), 1002), (unit_price(6119), 1002), (rate("0.10001"), 1001)],
    ids=["a rate", "an amount, rounded up", "another price", "a hair above the limit"],
)
def test_above_the_limit_somebody_has_to_say_yes(shop: RealShop, wish: Wish, asked: int) -> None:
    line = ring_up(shop)
    answer = shop.do(discount_line, line_id=line, wish=wish)
    assert isinstance(answer, ApprovalNeeded)
    limit = 0 if wish.kind == "price" else 1000
    assert (answer.asked, answer.limit) == (asked, limit)
    assert total(shop) == 6800, "nothing is given before the yes"


def test_with_the_yes_it_is_given_by_itself_and_the_cashier_stays(shop: RealShop) -> None:
    line = ring_up(shop)
    needed = shop.do(discount_line, line_id=line, wish=rate("0.5"))
    done = shop.do(approve_with_badge, request_id=needed.request_id, badge=shop.badges["王芳"])
    assert isinstance(done, Approved)
    assert isinstance(done.answer, DiscountGiven)
    assert done.answer.approved_by == shop.staff["王芳"]
    assert total(shop) == 3400
    assert shop.shop.desk.state.staff is not None
    assert shop.shop.desk.state.staff.name == "李明"
    assert trail(shop)[-2:] == ["approved", "discount_given"]


def test_an_order_discount_survives_a_restart_and_the_member_put_on_after_it(
    shop: RealShop,
) -> None:
    ring_up(shop)
    shop.do(discount_order, wish=rate("0.05", "regular"))
    shop.do(scan_code, text=shop.cards["王小红"])
    before = total(shop)
    restarted(shop)
    assert total(shop) == before
    given = shop.shop.desk.state.basket.choices.by_hand
    assert given is not None
    assert given.rate == Decimal("0.05")


def test_another_discount_takes_the_place_of_the_first(shop: RealShop) -> None:
    line = ring_up(shop)
    shop.do(discount_line, line_id=line, wish=rate("0.1"))
    shop.do(discount_line, line_id=line, wish=amount(300))
    assert total(shop) == 6500
    shop.do(discount_order, wish=amount(100, "regular"))
    shop.do(discount_order, wish=amount(200, "regular"))
    assert total(shop) == 6300


def test_taking_goods_away_never_makes_a_discount_larger_than_was_allowed(shop: RealShop) -> None:
    towel, _ = ring_up(shop, TOWEL), ring_up(shop, OIL)
    shop.do(discount_order, wish=amount(800, "regular"))
    assert total(shop) == 1990 + 6800 - 800
    shop.do(remove_line, line_id="2")
    assert total(shop) == 1990 - 199
    shop.do(undo_step)
    shop.do(set_quantity, line_id=towel, text="2")
    shop.do(discount_line, line_id=towel, wish=amount(398))
    shop.do(set_quantity, line_id=towel, text="1")
    off = [c.amount for line in shop.shop.desk.state.quote.lines for c in line.adjustments]
    assert off == [Money(-199)]


def test_a_rate_stays_when_the_quantity_changes(shop: RealShop) -> None:
    line = ring_up(shop, TOWEL)
    shop.do(discount_line, line_id=line, wish=rate("0.1"))
    shop.do(set_quantity, line_id=line, text="3")
    assert total(shop) == 5970 - 597


def test_the_next_of_the_same_goods_is_a_line_of_its_own(shop: RealShop) -> None:
    line = ring_up(shop, TOWEL)
    shop.do(discount_line, line_id=line, wish=rate("0.1"))
    assert ring_up(shop, TOWEL) != line


def test_one_undo_takes_it_back_and_so_does_removing_it(shop: RealShop) -> None:
    line = ring_up(shop)
    shop.do(discount_line, line_id=line, wish=rate("0.1"))
    shop.do(undo_step)
    assert total(shop) == 6800
    shop.do(discount_line, line_id=line, wish=rate("0.1"))
    shop.do(discount_order, wish=rate("0.1", "regular"))
    assert isinstance(shop.do(remove_discount, line_id=line), Changed)
    assert isinstance(shop.do(remove_discount), Changed)
    assert total(shop) == 6800
    assert trail(shop)[-2:] == ["discount_removed", "discount_removed"]
    assert shop.do(remove_discount) == NothingByHand()
    assert shop.do(remove_discount, line_id=line) == NothingByHand()
    assert shop.do(remove_discount, line_id="77") == NoSuchLine("77")


@pytest.mark.parametrize(
    ("wish", "why"),
    [
        (rate("0"), "nothing"),
        (rate("1.01"), "above_all"),
        (amount(0), "nothing"),
        (unit_price(-1), "above_all"),
        (unit_price(6800), "not_cheaper"),
        (unit_price(9900), "not_cheaper"),
    ],
    ids=["nothing", "more than all", "no amount", "below zero", "the same price", "a higher one"],
)
def test_what_cannot_be_is_refused_with_the_price_now(shop: RealShop, wish: Wish, why: Any) -> None:
    line = ring_up(shop)
    assert shop.do(discount_line, line_id=line, wish=wish) == WishRefused(why, Money(6800))


def test_an_order_has_no_price_by_hand_and_an_empty_one_no_discount(shop: RealShop) -> None:
    refused = shop.do(discount_order, wish=unit_price(100))
    assert refused == WishRefused("no_price_of_an_order", Money(0))
    empty = shop.do(discount_order, wish=rate("0.1", "regular"))
    assert empty == WishRefused("not_cheaper", Money(0))


def test_within_his_limit_a_cashier_need_not_say_why_and_the_sale_keeps_it_so(
    shop: RealShop,
) -> None:
    line = ring_up(shop)
    assert isinstance(shop.do(discount_line, line_id=line, wish=rate("0.1", "")), DiscountGiven)
    assert isinstance(shop.do(discount_order, wish=rate("0.05", "")), DiscountGiven)
    due = 6120 - 306
    assert total(shop) == due
    done = shop.do(pay_cash)
    assert isinstance(done, SaleDone)
    fact = read_fact(shop.store.lane.submit(lambda work: work.facts.all_facts()).result()[-1].data)
    assert isinstance(fact, SaleByHandRecorded)
    assert sorted(each.reason for each in fact.by_hand) == ["", ""]


def test_another_price_always_has_a_reason_and_so_has_what_needs_a_yes(shop: RealShop) -> None:
    line = ring_up(shop)
    for wish in (Wish("price", amount=Money(6700)), rate("0.2", ""), rate("0.1", "no such")):
        assert isinstance(shop.do(discount_line, line_id=line, wish=wish), ReasonNeeded)
    assert isinstance(shop.do(discount_order, wish=rate("0.2", "")), ReasonNeeded)
    assert total(shop) == 6800


def test_some_reasons_want_a_few_words(shop: RealShop) -> None:
    line = ring_up(shop)
    answer = shop.do(discount_line, line_id=line, wish=rate("0.2", ""))
    assert isinstance(answer, ReasonNeeded)
    ids = [one.reason_id for one in answer.reasons]
    assert ids == ["damaged", "regular", "goodwill", "other"]
    answer = shop.do(discount_line, line_id=line, wish=rate("0.1", "other", note=" "))
    assert isinstance(answer, ReasonNeeded)
    assert answer.note
    done = shop.do(
        discount_line, line_id=line, wish=rate("0.1", "other", note="展示品 13800138000")
    )
    assert isinstance(done, DiscountGiven)
    entries = shop.store.lane.submit(lambda work: work.audit.entries()).result()
    assert dict(entries[-1].entry.details)["note"] == "展示品 *"


def test_a_line_that_is_not_there_or_not_known_has_no_discount(shop: RealShop) -> None:
    assert shop.do(discount_line, line_id="77", wish=rate("0.1")) == NoSuchLine("77")
    unknown = ring_up(shop, "NOBODY-KNOWS")
    assert shop.do(discount_line, line_id=unknown, wish=rate("0.1")) == LineNotResolved(unknown)


def test_nothing_is_given_while_money_is_being_taken(shop: RealShop) -> None:
    line = ring_up(shop)
    shop.do(start_payment, kind="mobile")
    assert shop.do(discount_line, line_id=line, wish=rate("0.1")) == PaymentUnderWay()
    assert shop.do(discount_order, wish=rate("0.1", "regular")) == PaymentUnderWay()
    assert shop.do(remove_discount) == PaymentUnderWay()


def test_the_sale_says_it_on_paper_in_its_fact_and_in_its_rows(shop: RealShop) -> None:
    line = ring_up(shop)
    ring_up(shop, MILK)
    shop.do(discount_line, line_id=line, wish=rate("0.1"))
    shop.do(discount_order, wish=amount(100, "goodwill"))
    done = shop.do(pay_cash)
    assert isinstance(done, SaleDone)
    assert done.due == Money(6800 - 680 + 5900 - 100)
    words = [change.words for one in done.receipt.lines for change in one.adjustments]
    words += [change.words for change in done.receipt.order_adjustments]
    assert words == ["单品折扣（瑕疵）", "整单折扣（客诉补偿）"]
    stored = shop.store.lane.submit(lambda work: work.facts.get(done.sale_id)).result()
    assert stored is not None
    fact = read_fact(stored.data)
    assert isinstance(fact, SaleByHandRecorded)
    asked = [(one.line, one.kind, one.reason, one.given_by) for one in fact.by_hand]
    assert asked == [
        ("1", "rate", "damaged", shop.staff["李明"]),
        ("", "amount", "goodwill", shop.staff["李明"]),
    ]
    sale = shop.store.lane.submit(lambda work: work.sales.get(done.sale_id)).result()
    assert sale is not None
    assert sale.lines[0].adjustments[0].kind == "manual"

"""What the customer may choose: gifts, points prices, a coupon for points that expire."""

from __future__ import annotations

from datetime import date

import pytest

from app.devices.receipt_text import receipt_text
from app.domain.exchange import NoExchange
from app.domain.member import PersonalData
from app.domain.money import Money
from app.domain.program import Text
from app.services.answers import NoMember
from app.services.approval import ApprovalNeeded, approve_with_badge
from app.services.checkout import SaleDone
from app.services.choice import ExchangeChoice, OfferChoice
from app.services.coupon import (
    NoSuchGift,
    accept_offer,
    back_to_best,
    choose_gift,
    refuse_coupon,
    use_coupon,
)
from app.services.expiring import PointsExchanged, exchange_expiring
from app.services.find_member import put_on
from app.services.lines import set_quantity, step_quantity, undo_step
from app.services.opening import refresh_desk
from app.services.payment import pay_cash
from app.services.redeem import PointsPriceRefused, redeem_points, take_points_price, toggle_points
from app.services.scan import scan_code
from app.services.spend_limit import redeem_beyond
from app.services.till_state import TillState
from app.wording import load
from tests.real_shop import APPLE_LABEL, GOLD_PHONE, MILK, OIL, TOWEL, RealShop, add_member
from tests.services.conftest import restarted, trail, use_program
from tests.shop_rules import CHOICES, RIVALS


@pytest.fixture
def rules(shop: RealShop) -> RealShop:
    """The shop with gifts, points prices and a coupon for expiring points."""
    use_program(shop, CHOICES)
    return shop


def now(shop: RealShop) -> TillState:
    state = shop.do(refresh_desk)
    assert isinstance(state, TillState)
    return state


def scanned(shop: RealShop, *codes: str) -> TillState:
    for code in codes:
        shop.do(scan_code, text=code)
    return now(shop)


def line_of(state: TillState, sku: str) -> str:
    return next(line.line_id for line in state.lines if line.sku == sku and not line.is_gift)


# ------------------------------------------------------------------ gifts


def test_a_gift_names_what_else_it_could_be_with_the_list_prices(rules: RealShop) -> None:
    (gift,) = scanned(rules, MILK).choices.gifts
    assert (gift.offer_id, gift.taken, gift.by_hand, gift.is_open) == (
        "milk-gift",
        "towel",
        False,
        True,
    )
    assert [(one.name, one.price) for one in gift.products] == [
        ("纯棉毛巾 34×74", Money(1990)),
        ("特级初榨橄榄油 500ml", Money(6800)),
        ("calendar", Money(1200)),
    ], "what the catalogue does not know is called as the program calls it"


def test_a_chosen_gift_is_on_basket_and_receipt_and_survives_a_kill(rules: RealShop) -> None:
    scanned(rules, MILK)
    rules.do(choose_gift, offer_id="milk-gift", sku="oil")
    rules.shop.desk.committed = None
    opened = restarted(rules)
    (gift,) = opened.state.choices.gifts
    assert (gift.taken, gift.by_hand) == ("oil", True)
    assert [row.sku for row in opened.state.lines if row.is_gift] == ["oil"]
    rules.sign_in()
    done = rules.do(pay_cash)
    assert isinstance(done, SaleDone)
    assert [(one.name, one.quantity) for one in done.receipt.gifts] == [("特级初榨橄榄油 500ml", 1)]


def test_a_gift_may_be_left_out_and_taken_after_all(rules: RealShop) -> None:
    scanned(rules, MILK)
    left_out = rules.do(refuse_coupon, rule_or_coupon="milk-gift").state
    (gift,) = left_out.choices.gifts
    assert (gift.taken, gift.by_hand, gift.refusable) == (None, True, "milk-gift")
    assert not any(row.is_gift for row in left_out.lines)
    reasons = {why.rule: why.reason for why in left_out.not_applied}
    assert reasons["milk-gift"] == "REFUSED_BY_CASHIER"
    again = rules.do(choose_gift, offer_id="milk-gift", sku="towel").state
    assert again.choices.gifts[0].taken == "towel"
    assert [row.sku for row in again.lines if row.is_gift] == ["towel"]


def test_undo_takes_a_choice_of_a_gift_back(rules: RealShop) -> None:
    scanned(rules, MILK)
    rules.do(choose_gift, offer_id="milk-gift", sku="oil")
    rules.do(undo_step)
    assert now(rules).choices.gifts[0].taken == "towel"


@pytest.mark.parametrize(
    ("offer", "sku"),
    [("milk-gift", "sofa"), ("points-5", "oil"), ("never-was", "oil")],
    ids=["another product", "no gift", "no such offer"],
)
def test_only_what_an_offer_gives_can_be_chosen(rules: RealShop, offer: str, sku: str) -> None:
    scanned(rules, MILK)
    assert rules.do(choose_gift, offer_id=offer, sku=sku) == NoSuchGift(offer, sku)
    assert now(rules).choices.gifts[0].taken == "towel"


def test_a_gift_by_coupon_is_left_out_by_its_coupon(rules: RealShop) -> None:
    member = add_member(rules, PersonalData(name="林悦"), coupons=("oil-gift",))
    state = scanned(rules, member.card_code, OIL)
    assert state.choices.gift("oil-gift") is None, "it is offered, and used only by hand"
    assert state.member is not None
    coupon = state.member.coupons[0].coupon_id
    used = rules.do(use_coupon, coupon_id=coupon).state
    gift = used.choices.gift("oil-gift")
    assert gift is not None
    assert (gift.refusable, gift.is_open) == (coupon, False)
    without = rules.do(refuse_coupon, rule_or_coupon=gift.refusable).state
    assert without.choices.gift("oil-gift") is None
    assert rules.do(back_to_best).state.choices.gift("oil-gift") is None


# ------------------------------------------------------------------ offers


def test_an_offer_without_a_coupon_may_be_left_out_and_taken_again(shop: RealShop) -> None:
    use_program(shop, RIVALS)
    both = scanned(shop, MILK)
    assert both.choices.offers == (
        OfferChoice("dairy-six", Text(zh="乳品减6元", en="Dairy: ¥6 off"), Money(600), taken=True),
    )
    without = shop.do(refuse_coupon, rule_or_coupon="dairy-six").state
    assert [(one.offer_id, one.saved, one.taken) for one in without.choices.offers] == [
        ("dairy-two", Money(200), True),
        ("dairy-six", Money(0), False),
    ], "its rival takes its place, and it can be had again"
    assert shop.do(accept_offer, offer_id="dairy-six").state.choices == both.choices


def test_coupons_are_no_offers_of_this_list(shop: RealShop) -> None:
    state = scanned(shop, shop.cards["张三丰"], OIL, OIL, OIL)
    assert any(row.kind == "coupon" for row in state.totals.rows)
    assert state.choices.offers == ()


# ------------------------------------------------------------------ points prices


def test_goods_with_a_points_price_say_so_to_a_member_only(rules: RealShop) -> None:
    assert scanned(rules, TOWEL, TOWEL, OIL, MILK, APPLE_LABEL).choices.points_prices == ()
    towel, oil = scanned(rules, rules.cards["张三丰"]).choices.points_prices
    assert (towel.name, towel.points, towel.price) == ("纯棉毛巾 34×74", 1000, Money(1980))
    assert (towel.taken, towel.missing) == (False, 0)
    assert (oil.points, oil.price, oil.missing) == (1500, Money(0), 0)


def test_what_one_line_takes_another_line_lacks(rules: RealShop) -> None:
    state = scanned(rules, rules.cards["张三丰"], TOWEL, TOWEL, OIL)
    towel, oil = line_of(state, "towel"), line_of(state, "oil")
    taken = rules.do(take_points_price, line_id=towel, on=True).state
    (first, second) = taken.choices.points_prices
    assert (first.taken, first.missing) == (True, 0)
    assert (second.taken, second.missing, second.reason) == (False, 160, "POINTS_MINIMUM")
    refused = rules.do(take_points_price, line_id=oil, on=True)
    # By sku the oil would come first: the towels must not lose the points they have.
    assert isinstance(refused, PointsPriceRefused)
    assert (refused.why.reason, refused.why.missing_count) == ("POINTS_MINIMUM", 160)
    assert now(rules).choices == taken.choices, "a refused wish is not kept"
    back = rules.do(take_points_price, line_id=towel, on=False).state
    assert back.choices.points_prices[0].taken is False
    assert rules.do(take_points_price, line_id=oil, on=True).state.choices.points_prices[1].taken


def test_points_for_goods_are_limited_by_how_the_member_was_recognised(rules: RealShop) -> None:
    state = scanned(rules, TOWEL, TOWEL)
    rules.do(put_on, member_id=rules.members["张三丰"], found_by=GOLD_PHONE)
    refused = rules.do(take_points_price, line_id=line_of(state, "towel"), on=True)
    assert isinstance(refused, PointsPriceRefused)
    assert (refused.why.reason, refused.why.missing_count) == ("IDENTIFY_BETTER", 500)
    (choice,) = now(rules).choices.points_prices
    assert (choice.missing, choice.reason) == (500, "IDENTIFY_BETTER")


def test_points_allowed_beyond_the_limit_may_buy_goods_too(rules: RealShop) -> None:
    state = scanned(rules, TOWEL, TOWEL, OIL)
    rules.do(put_on, member_id=rules.members["张三丰"], found_by=GOLD_PHONE)
    needed = rules.do(redeem_beyond, points=1000)
    assert isinstance(needed, ApprovalNeeded)
    rules.do(approve_with_badge, request_id=needed.request_id, badge=rules.badges["王芳"])
    assert now(rules).choices.points_prices[0].missing == 0
    taken = rules.do(take_points_price, line_id=line_of(state, "towel"), on=True).state
    assert (taken.totals.points_for_goods, taken.totals.points_used) == (1000, 0)


def test_more_pieces_than_the_points_reach_for_go_back_to_money_and_say_why(
    rules: RealShop,
) -> None:
    state = scanned(rules, rules.cards["张三丰"], TOWEL)
    towel = line_of(state, "towel")
    rules.do(take_points_price, line_id=towel, on=True)
    more = rules.do(set_quantity, line_id=towel, text="5").state
    (choice,) = more.choices.points_prices
    assert (choice.taken, choice.wished, choice.missing) == (False, True, 160)
    assert more.lines[0].amount > Money(4950)
    rules.do(step_quantity, line_id=towel, by=-1)
    assert now(rules).choices.points_prices[0].taken


def test_points_on_the_bill_and_points_for_goods_are_told_apart(rules: RealShop) -> None:
    state = scanned(rules, rules.cards["张三丰"], TOWEL, MILK)
    rules.do(take_points_price, line_id=line_of(state, "towel"), on=True)
    used = rules.do(toggle_points).state.totals
    assert (used.points_for_goods, used.points_used, used.points_off) == (500, 1800, Money(1800))
    done = rules.do(pay_cash)
    paper = receipt_text(done.receipt, load, columns=48)
    assert "积分抵现 1800分" in paper
    assert "积分价 500分" in paper
    assert done.receipt.member.points_spent == 2300


def test_the_key_for_points_takes_them_beside_goods_paid_in_points(rules: RealShop) -> None:
    state = scanned(rules, rules.cards["张三丰"], TOWEL, MILK)
    rules.do(take_points_price, line_id=line_of(state, "towel"), on=True)
    assert rules.do(toggle_points).state.totals.points_used == 1800
    assert rules.do(toggle_points).state.totals.points_used == 0


# ------------------------------------------------------------------ expiring points


def test_expiring_points_become_a_coupon_that_this_basket_may_use(rules: RealShop) -> None:
    state = scanned(rules, rules.cards["张三丰"], TOWEL, TOWEL)
    assert state.choices.exchange == ExchangeChoice(
        200, Text(zh="积分兑5元券", en="¥5 for points"), date(2026, 11, 30)
    )
    before = state.totals.total
    done = rules.do(exchange_expiring)
    assert isinstance(done, PointsExchanged)
    member = done.state.member
    assert member is not None
    assert (member.points, member.expiring[0].points) == (2140, 100)
    mine = next(held for held in member.coupons if held.coupon_id == done.coupon_id)
    assert (mine.state, mine.saved, mine.expires) == ("used", Money(500), date(2026, 12, 21))
    assert done.state.totals.total == before - Money(500)
    assert done.state.choices.exchange == ExchangeChoice(
        200, mine.words, date(2026, 11, 30), 100, "too_few"
    )
    assert rules.do(exchange_expiring) == NoExchange("too_few", 200, 100)
    assert trail(rules)[-1] == "points_exchanged"
    sold = rules.do(pay_cash)
    assert isinstance(sold, SaleDone)
    assert scanned(rules, rules.cards["张三丰"]).member.points == sold.points_balance  # type: ignore[union-attr] # a member was scanned


def test_an_exchange_survives_a_kill_and_is_not_made_twice(rules: RealShop) -> None:
    scanned(rules, rules.cards["张三丰"], TOWEL)
    done = rules.do(exchange_expiring)
    opened = restarted(rules)
    assert opened.state.member is not None
    assert opened.state.member.points == 2140
    assert done.coupon_id in {held.coupon_id for held in opened.state.member.coupons}


def test_points_on_the_bill_give_way_to_the_exchange(rules: RealShop) -> None:
    scanned(rules, rules.cards["张三丰"], *([OIL] * 6))
    used = rules.do(redeem_points, points="max").state.totals.points_used
    assert used == 2300
    assert rules.do(exchange_expiring).state.totals.points_used == 2100


def test_who_may_not_exchange_points(rules: RealShop) -> None:
    assert rules.do(exchange_expiring) == NoMember()
    state = scanned(rules, rules.cards["陈静"])
    assert state.choices.exchange is None, "nothing of hers expires soon"
    assert rules.do(exchange_expiring) == NoExchange("nothing_expires", 200)


def test_a_shop_without_such_a_coupon_offers_none(shop: RealShop) -> None:
    assert scanned(shop, shop.cards["张三丰"]).choices.exchange is None
    assert shop.do(exchange_expiring) == NoExchange("no_rule")

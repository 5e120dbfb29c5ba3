"""What a scan does at the till: every kind of code, and every kind of bad input."""

from __future__ import annotations

import msgspec
import pytest

from app.domain.codes import CodeKind, random_code
from app.domain.money import Money
from app.domain.product import Product
from app.domain.quantity import Quantity, pieces, quantity_text
from app.services.answers import LineChanged, SignInFirst
from app.services.coupon import CouponNeedsMember, CouponNotApplied, CouponNotUsable, CouponTaken
from app.services.find_member import CardOutOfUse, CardUnknown, MemberNotActive, MemberPutOn
from app.services.lines import LineUnresolved, QuantityRefused, add_product
from app.services.payment import pay_cash
from app.services.scan import (
    FinishBasketFirst,
    PassNeedsServer,
    PayByCode,
    ReceiptFound,
    ReceiptUnknown,
    ScanTooLong,
    scan_code,
)
from app.services.staff import BadgeUnknown, SignedIn, lock_till
from tests.real_shop import MILK, OIL, SETTINGS, TOWEL, RealShop
from tests.services.conftest import restarted

WECHAT = "134567890123456789"


def test_goods_come_onto_the_basket_and_the_same_goods_are_one_more(shop: RealShop) -> None:
    first = shop.do(scan_code, text=TOWEL)
    second = shop.do(scan_code, text=TOWEL)
    assert isinstance(first, LineChanged)
    assert isinstance(second, LineChanged)
    assert (first.merged, second.merged) == (False, True)
    [line] = second.state.lines
    assert (line.name, line.quantity, line.net) == ("纯棉毛巾 34×74", pieces(2), Money(3980))
    assert second.state.selected == line.line_id


def test_a_quantity_typed_before_the_scan_counts(shop: RealShop) -> None:
    answer = shop.do(scan_code, text=MILK, quantity=pieces(3))
    assert answer.state.lines[0].quantity == pieces(3)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        pytest.param("6901028999990", "bad_check", id="wrong check digit"),
        pytest.param("6901028999991", "unknown", id="nobody knows it"),
        pytest.param("NOSUCH-77", "unknown", id="no such own code"),
        pytest.param("价格?!", "unknown", id="no code at all"),
    ],
)
def test_what_nobody_knows_stands_in_the_basket_and_blocks_payment(
    shop: RealShop, text: str, problem: str
) -> None:
    answer = shop.do(scan_code, text=text)
    assert isinstance(answer, LineUnresolved)
    assert answer.problem == problem
    assert answer.state.lines[0].scanned == text
    assert answer.state.pay_block == "unresolved"
    again = shop.do(scan_code, text=text)
    assert len(again.state.lines) == 1, "one line to resolve, not one a scan"


def test_a_card_read_badly_is_a_bad_check_and_not_another_member(shop: RealShop) -> None:
    card = shop.cards["张三丰"]
    wrong = card[:-1] + ("0" if card[-1] != "0" else "1")
    answer = shop.do(scan_code, text=wrong)
    assert isinstance(answer, LineUnresolved)
    assert answer.problem == "bad_check"


def test_ten_thousand_characters_leave_only_their_number(shop: RealShop) -> None:
    assert shop.do(scan_code, text="9" * 10_000) == ScanTooLong(10_000)
    assert shop.shop.desk.state.basket.is_empty


def test_goods_without_a_price_and_goods_not_sold_any_more_are_unresolved(shop: RealShop) -> None:
    def put(work: object, shop: object) -> None:
        work.products.put(Product("lamp", "台灯", "home", None, ("6901028000048",)))  # type: ignore[attr-defined] # the store's own unit of work
        work.products.put(  # type: ignore[attr-defined] # as above
            Product("fan", "风扇", "home", Money(9900), ("6901028000055",), active=False)
        )

    shop.do(put)
    assert shop.do(scan_code, text="6901028000048").problem == "no_price"
    assert shop.do(scan_code, text="6901028000055").problem == "inactive"


def test_a_scales_label_says_weight_or_price_to_the_cent(shop: RealShop) -> None:
    weight = shop.do(scan_code, text=_weighed("21", "00012", 842))
    [line] = weight.state.lines
    assert (line.quantity, line.net, line.weighed) == (Quantity(842), Money(1078), True)
    price = shop.do(scan_code, text=_weighed("22", "00012", 1079))
    assert [line.net for line in price.state.lines] == [Money(1078), Money(1079)]
    assert price.state.lines[1].quantity_fixed


def test_a_label_without_a_price_is_never_sold_at_another_one(shop: RealShop) -> None:
    nothing = shop.do(scan_code, text=_weighed("22", "00012", 0))
    assert isinstance(nothing, LineUnresolved)
    assert nothing.problem == "no_price"


def test_goods_that_have_their_price_on_the_label_only(shop: RealShop) -> None:
    salad = Product("salad", "凉拌菜", "deli", None, weighed=True, unit="kg", scale_code="00077")
    shop.do(lambda shop, work: work.products.put(salad))
    priced = shop.do(scan_code, text=_weighed("22", "00077", 1250))
    assert [line.net for line in priced.state.lines] == [Money(1250)]
    weighed = shop.do(scan_code, text=_weighed("21", "00077", 300))
    assert weighed.problem == "no_price"


def test_goods_chosen_from_the_search_are_these_goods(shop: RealShop) -> None:
    other = Product("other", "另一件", "home", Money(100), barcodes=("towel",))
    shop.do(lambda shop, work: work.products.put(other))
    assert shop.do(add_product, sku="towel").state.lines[0].sku == "towel"
    assert shop.do(scan_code, text="towel").state.lines[1].sku == "other"


def _weighed(prefix: str, item: str, value: int) -> str:
    body = f"{prefix}{item}{value:05d}"
    odd, even = sum(map(int, body[::2])), sum(map(int, body[1::2]))
    return body + str(-(odd + 3 * even) % 10)


def test_a_gs1_label_brings_its_count(shop: RealShop) -> None:
    answer = shop.do(scan_code, text=f"]C1010{TOWEL}3004")
    assert answer.state.lines[0].quantity == pieces(4)


COUNTED = [
    pytest.param("21000120842", pieces(3), "label", id="three times a weight"),
    pytest.param("22000121079", pieces(2), "label", id="twice a price"),
    pytest.param("22000120000", pieces(2), "label", id="twice a price that was not printed"),
    pytest.param("21099990842", pieces(3), "label", id="of goods that nobody knows"),
    pytest.param(f"]C1010{TOWEL}3103000842", pieces(3), "label", id="a weight by GS1"),
    pytest.param(f"]C1010{TOWEL}392001250", pieces(3), "label", id="a price by GS1"),
    pytest.param(f"]C1010{TOWEL}30400", pieces(3), "size", id="three crates of 400"),
    pytest.param(f"]C1010{TOWEL}301000", pieces(1), "size", id="a crate of 1000"),
    pytest.param(f"]C1010{TOWEL}3100001000", pieces(1), "size", id="a ton"),
]


@pytest.mark.parametrize(("label", "quantity", "reason"), COUNTED)
def test_a_quantity_that_a_label_has_no_room_for_is_refused_and_not_dropped(
    shop: RealShop, label: str, quantity: Quantity, reason: str
) -> None:
    code = label if label.startswith("]") else _weighed(label[:2], label[2:7], int(label[7:]))
    before = shop.shop.desk.state
    refused = shop.do(scan_code, text=code, quantity=quantity)
    assert isinstance(refused, QuantityRefused)
    assert refused.reason == reason
    assert shop.shop.desk.state is before
    if quantity != pieces(1):
        assert refused.text == quantity_text(quantity), "what was typed can be shown again"


def test_a_weight_on_goods_sold_by_the_piece_is_no_quantity_that_somebody_typed(
    shop: RealShop,
) -> None:
    refused = shop.do(scan_code, text=f"]C1010{TOWEL}3103000842")
    assert refused == QuantityRefused("1", "whole_pieces")


def test_a_quantity_counts_labels_that_say_none(shop: RealShop) -> None:
    crates = shop.do(scan_code, text=f"]C1010{TOWEL}3004", quantity=pieces(3))
    assert crates.state.lines[0].quantity == pieces(12)
    bare = shop.do(scan_code, text=f"]C1010{TOWEL}", quantity=pieces(2))
    assert bare.state.lines[0].quantity == pieces(14)


def test_a_member_card_puts_the_member_on_and_prices_the_basket_anew(shop: RealShop) -> None:
    shop.do(scan_code, text=MILK)
    answer = shop.do(scan_code, text=shop.cards["张三丰"].lower())
    assert isinstance(answer, MemberPutOn)
    assert answer.state.member is not None
    assert answer.state.member.tier_id == "gold"
    assert answer.state.totals.total == Money(5192)


def test_a_card_nobody_has_a_replaced_card_and_a_frozen_member_say_so(shop: RealShop) -> None:
    unknown = random_code(CodeKind.MEMBER, 4711)
    assert shop.do(scan_code, text=unknown.text) == CardUnknown(unknown.text)
    assert shop.do(scan_code, text=shop.cards["周杰"]) == MemberNotActive("frozen")
    from app.services.profile import CardReplaced, replace_card

    shop.sign_in("王芳")
    new = shop.do(replace_card, member_id=shop.members["陈静"])
    assert isinstance(new, CardReplaced)
    assert isinstance(shop.do(scan_code, text=shop.cards["陈静"]), CardOutOfUse)
    assert isinstance(shop.do(scan_code, text=new.card_code), MemberPutOn)


def test_a_pass_needs_a_server(shop: RealShop) -> None:
    from stdnum.iso7064 import mod_37_36

    from app.domain.codes import Code, parse_code

    body = "P" + "A1B2C3D4E5F6G7H8J9K0"
    text = body + mod_37_36.calc_check_digit(body)
    assert isinstance(parse_code(text), Code)
    assert shop.do(scan_code, text=text) == PassNeedsServer()


def test_a_coupon_is_the_right_of_one_member(shop: RealShop) -> None:
    shop.do(scan_code, text=OIL)
    held = _coupons(shop, "张三丰")
    coupon = held["coupon-100-8"]
    assert shop.do(scan_code, text=coupon) == CouponNeedsMember(coupon)
    shop.do(scan_code, text=shop.cards["王小红"])
    foreign = shop.do(scan_code, text=coupon)
    assert isinstance(foreign, CouponNotUsable)
    assert foreign.why.reason == "UNKNOWN_CODE"
    shop.do(scan_code, text=shop.cards["张三丰"])
    short = shop.do(scan_code, text=coupon)
    assert isinstance(short, CouponNotApplied)
    assert (short.why.reason, short.why.missing_amount) == ("BELOW_THRESHOLD", Money(4500))
    shop.do(scan_code, text=MILK)
    taken = shop.do(scan_code, text=coupon)
    assert isinstance(taken, CouponTaken)
    assert taken.state.member is not None
    used = {held.coupon_id: held for held in taken.state.member.coupons}[coupon]
    assert (used.state, used.by_hand, used.saved) == ("used", True, Money(800))


def _coupons(shop: RealShop, name: str) -> dict[str, str]:
    shop.do(scan_code, text=shop.cards[name])
    seat = shop.shop.desk.state.seat
    assert seat is not None
    held = {coupon.offer_id: coupon.coupon_id for coupon in seat.view.coupons}
    from app.services.find_member import remove_member

    shop.do(remove_member)
    return held


def test_a_payment_code_pays_a_complete_basket_only_and_is_never_shown(shop: RealShop) -> None:
    assert shop.do(scan_code, text=WECHAT) == FinishBasketFirst("empty")
    shop.do(scan_code, text=MILK)
    answer = shop.do(scan_code, text=WECHAT)
    assert isinstance(answer, PayByCode)
    assert WECHAT not in repr(answer)
    shop.do(scan_code, text="6901028999991")
    assert shop.do(scan_code, text=WECHAT) == FinishBasketFirst("unresolved")


def test_where_payments_begin_by_hand_a_payment_code_says_so(shop: RealShop) -> None:
    shop.use_settings(msgspec.structs.replace(SETTINGS, scan_to_pay=False))
    shop.sign_in()
    shop.do(scan_code, text=MILK)
    assert shop.do(scan_code, text=WECHAT) == FinishBasketFirst("pay_first")


def test_a_receipt_is_found_by_its_number(shop: RealShop) -> None:
    shop.do(scan_code, text=MILK)
    done = shop.do(pay_cash)
    found = shop.do(scan_code, text=done.receipt.code)
    assert isinstance(found, ReceiptFound)
    assert (found.sale.sale_id, found.sale.due) == (done.sale_id, Money(5900))
    from datetime import date

    from app.domain.codes import ReceiptNumber, receipt_code

    other = receipt_code(ReceiptNumber(9, 9, 1, date(2026, 11, 2), 3)).text
    assert shop.do(scan_code, text=other) == ReceiptUnknown(other)


def test_a_badge_changes_the_cashier_and_keeps_the_basket(shop: RealShop) -> None:
    shop.do(scan_code, text=MILK)
    shop.do(lock_till)
    assert shop.do(scan_code, text=MILK) == SignInFirst()
    answer = shop.do(scan_code, text=shop.badges["张敏"])
    assert isinstance(answer, SignedIn)
    assert answer.staff_id == shop.staff["张敏"]
    assert len(answer.state.lines) == 1
    stranger = random_code(CodeKind.STAFF, 99).text
    assert shop.do(scan_code, text=stranger) == BadgeUnknown()


def test_the_basket_its_member_and_its_choices_survive_a_kill(shop: RealShop) -> None:
    shop.do(scan_code, text=shop.cards["张三丰"])
    for text in (MILK, TOWEL, OIL):
        shop.do(scan_code, text=text)
    before = shop.do(scan_code, text="6901028999991")
    opened = restarted(shop)
    assert opened.recovered
    assert opened.state.lines == before.state.lines
    assert opened.state.totals == before.state.totals
    assert opened.state.member == before.state.member
    assert opened.state.locked
    assert opened.state.can_undo

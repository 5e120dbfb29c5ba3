"""What the customer reads, state by state: never a name, never a number, never what is not so."""

from __future__ import annotations

from dataclasses import astuple, replace
from typing import Any

import msgspec
import pytest

from app.domain.consent import ConsentText
from app.domain.money import Money
from app.domain.payment import PaymentAttempt
from app.services.charged_price import ChargedPrices
from app.services.till_state import TillState
from app.wording import load
from tests.ui.till.states import a_line, a_member, a_state, adjusted, some_totals
from ui.customer_display.view_model import DisplayFacts, DisplayView, Place, present

ZH, EN = load("zh_CN"), load("en")
TIER_LINE = a_line(
    amount=Money(5192), net=Money(4678), adjustments=(adjusted("gold", "tier", -708),),
    order_shares=(adjusted("fifteen", "coupon", -514),),
)  # fmt: skip
CHARGED = ChargedPrices({"milk": frozenset({(1000, 5900)})})


def an_attempt(**other: Any) -> PaymentAttempt:
    values: dict[str, Any] = {
        "attempt_id": "a1", "basket_id": "b1", "kind": "mobile", "amount": Money(5900),
        "started_ms": 0, "staff_id": "s1",
    }  # fmt: skip
    return PaymentAttempt(**{**values, **other})


def at_till(**other: Any) -> TillState:
    """The till with an empty basket, but for what is named."""
    return a_state(**{"lines": (), **other})


def shown(
    state: TillState | None, place: Place = "selling", *, wording: Any = ZH, **facts: Any
) -> DisplayView:
    return present(DisplayFacts(state, place, **facts), wording)


ONE = at_till(lines=(a_line(),), totals=some_totals())
STATES = [
    pytest.param(None, "selling", "closed", id="not open yet"),
    pytest.param(replace(ONE, locked=True), "selling", "closed", id="locked over a basket"),
    pytest.param(replace(ONE, staff=None), "selling", "closed", id="nobody signed in"),
    pytest.param(ONE, "closed", "closed", id="shift is counted"),
    pytest.param(at_till(), "selling", "welcome", id="empty basket"),
    pytest.param(at_till(), "paying", "welcome", id="nothing to pay"),
    pytest.param(at_till(member=a_member()), "selling", "member", id="member first"),
    pytest.param(ONE, "selling", "items", id="goods"),
    pytest.param(replace(ONE, member=a_member()), "selling", "items", id="goods of a member"),
    pytest.param(ONE, "paying", "payment", id="payment"),
    pytest.param(at_till(), "done", "welcome", id="a copy of a receipt is no sale"),
]


@pytest.mark.parametrize(("state", "place", "wanted"), STATES)
def test_each_moment_has_its_state(state: TillState | None, place: Place, wanted: str) -> None:
    assert shown(state, place).state == wanted
    assert shown(state, place, is_test=True).state == "test"


def test_goods_stand_newest_first_with_what_was_saved() -> None:
    second = a_line("2", "毛巾", sku="towel", unit_price=Money(1990), list_amount=Money(1990),
                    amount=Money(1990), net=Money(1990))  # fmt: skip
    totals = some_totals(saved=Money(1222), due=Money(6668))
    view = shown(at_till(lines=(TIER_LINE, second), totals=totals))
    assert [item.name for item in view.items] == ["毛巾", "纯牛奶 250ml×12"]
    assert (view.total_label, view.total, view.saved) == ("应收", "¥66.68", "共省 ¥12.22")
    assert view.items[1].saving == "−7.08"
    assert view.items[1].detail == "1 × 59.00 ⋅ 金卡 8.8折"


def test_goods_and_what_is_taken_off_the_whole_basket_add_up() -> None:
    second = replace(TIER_LINE, line_id="2", order_shares=(adjusted("fifteen", "coupon", -986),),
                     net=Money(4206))  # fmt: skip
    view = shown(at_till(lines=(TIER_LINE, second), totals=some_totals(due=Money(8884))))
    assert [(row.label, row.figure) for row in view.rows] == [
        ("商品", "103.84"),
        ("优惠券 满150减15", "−15.00"),
    ]
    assert view.total == "¥88.84"


STRUCK = [
    pytest.param(CHARGED, "59.00", id="charged within the week"),
    pytest.param(ChargedPrices(), "", id="never charged"),
    pytest.param(ChargedPrices({"milk": frozenset({(1000, 5500)})}), "", id="only charged less"),
    pytest.param(ChargedPrices({"oil": frozenset({(1000, 5900)})}), "", id="other goods"),
    pytest.param(ChargedPrices({"milk": frozenset({(3000, 17700)})}), "59.00", id="three at once"),
]


@pytest.mark.parametrize(("charged", "wanted"), STRUCK)
def test_a_price_is_struck_only_where_it_was_charged(charged: ChargedPrices, wanted: str) -> None:
    view = shown(at_till(lines=(TIER_LINE,), totals=some_totals()), charged=charged)
    assert view.items[0].struck == wanted
    full = shown(at_till(lines=(a_line(),), totals=some_totals()), charged=charged)
    assert full.items[0].struck == "", "nothing is struck beside the same price"


def test_a_gift_is_called_one_and_costs_nothing() -> None:
    gift = a_line(net=Money(2950), is_gift=True)
    item = shown(at_till(lines=(gift,), totals=some_totals())).items[0]
    assert (item.detail, item.amount, item.saving) == ("1 × 59.00 ⋅ 赠品", "0.00", "−59.00")


def test_an_item_that_is_not_settled_has_no_price_and_the_sum_is_one_so_far() -> None:
    unknown = a_line("2", "", sku=None, unit_price=None, problem="unknown",
                     scanned="6901234567892")  # fmt: skip
    view = shown(at_till(lines=(a_line(), unknown), totals=some_totals()))
    assert (view.items[0].name, view.items[0].amount) == ("一件商品", "")
    assert view.total_label == "目前合计"
    assert "6901" not in str(astuple(view))


@pytest.mark.parametrize("wording", [ZH, EN], ids=["zh", "en"])
@pytest.mark.parametrize("place", ["selling", "paying", "closed", "done"])
@pytest.mark.parametrize("lines", [(), (TIER_LINE,)], ids=["empty", "goods"])
def test_a_member_is_a_tier_and_points_and_nothing_else(
    wording: Any, place: Place, lines: Any
) -> None:
    person = a_member(note="对坚果过敏", tags=("沉睡",), account_manager="王芳", birthday="today")
    state = at_till(member=person, lines=lines, totals=some_totals(points_earned=409))
    said = str(astuple(shown(state, place, wording=wording)))
    for secret in ("张", "138", "8000", "7XQ3", "M*", "坚果", "沉睡", "王芳", "m1"):
        assert secret not in said, secret


def test_the_members_line_is_his_tier_and_what_the_basket_earns() -> None:
    state = at_till(member=a_member(), lines=(TIER_LINE,), totals=some_totals(points_earned=409))
    strip = shown(state).member
    assert strip is not None
    assert (strip.tone, strip.tier, strip.points) == ("gold", "金卡会员", "+409 分")
    greeted = shown(at_till(member=a_member()))
    assert (greeted.headline, greeted.detail) == ("欢迎，金卡会员", "积分 2,340")


PROMPTS = [
    pytest.param(None, "", "请出示付款码", id="nothing begun"),
    pytest.param(an_attempt(), "", "正在收款 ¥59.00", id="under way"),
    pytest.param(an_attempt(state="unknown"), "", "正在确认付款结果", id="nobody knows"),
    pytest.param(an_attempt(by_hand=True), "", "请扫码付款 ¥59.00", id="by hand"),
    pytest.param(an_attempt(by_hand=True, kind="card"), "", "请在刷卡机上付款", id="card"),
    pytest.param(an_attempt(), "a1", "正在退回您的付款", id="given back"),
]


@pytest.mark.parametrize(("attempt", "giving_back", "wanted"), PROMPTS)
def test_paying_says_what_to_do(
    attempt: PaymentAttempt | None, giving_back: str, wanted: str
) -> None:
    state = replace(ONE, attempt=attempt, giving_back=giving_back)
    assert shown(state, "paying").headline == wanted


def test_the_shops_code_is_shown_only_while_it_is_to_be_scanned() -> None:
    settings = msgspec.structs.replace(ONE.settings, display_pay_code="https://pay.example.cn/1")
    shop = replace(ONE, settings=settings)
    asked = replace(shop, attempt=an_attempt(by_hand=True))
    assert shown(asked, "paying").pay_code == "https://pay.example.cn/1"
    for other in (
        shop,
        replace(shop, attempt=an_attempt()),
        replace(shop, attempt=an_attempt(by_hand=True, kind="card")),
        replace(shop, attempt=an_attempt(by_hand=True, state="unknown")),
        replace(asked, giving_back="a1"),
    ):
        assert shown(other, "paying").pay_code == ""


def test_what_is_left_is_shown_and_what_is_less_in_cash() -> None:
    totals = some_totals(due=Money(13643), received=Money(5000), round_off=Money(3))
    state = at_till(lines=(a_line(),), totals=replace(totals, due_cash=Money(8640)))
    view = shown(state, "paying")
    assert view.total == "¥86.43"
    assert [(row.label, row.figure) for row in view.rows] == [
        ("已收", "¥50.00"),
        ("付现金", "¥86.40"),
    ]


def test_an_exchange_that_gives_money_back_says_so() -> None:
    totals = some_totals(due=Money(2000), received=Money(5000))
    view = shown(at_till(lines=(a_line(),), totals=totals), "paying")
    assert (view.total_label, view.total, view.headline) == ("应退给您", "¥30.00", "")


def test_the_customer_chooses_the_language() -> None:
    view = shown(ONE, wording=EN)
    assert (view.total_label, view.language_label) == ("Amount due", "中文")
    assert shown(ONE).language_label == "English"


MEMBERSHIP = ConsentText("membership", "3", (("zh_CN", "\n会员规则全文\n"), ("en", "All rules\n")))
MARKETING = ConsentText("marketing", "2", (("zh_CN", "我愿意接收消息"), ("en", "I want news")))


def test_a_customer_reads_exactly_what_he_agrees_to() -> None:
    view = shown(at_till(member=None), asked=(MEMBERSHIP, MARKETING))
    assert (view.state, view.detail) == ("consent", "会员规则全文")
    assert view.consent is not None
    assert (view.consent.agree, view.consent.decline) == ("我同意", "不同意")
    assert view.consent.marketing == "我愿意接收消息"
    assert shown(ONE, wording=EN, asked=(MEMBERSHIP,)).detail == "All rules"
    alone = shown(ONE, asked=(MEMBERSHIP,)).consent
    assert alone is not None
    assert alone.marketing == "", "nothing to tick that was not asked"
    assert shown(replace(ONE, locked=True), asked=(MEMBERSHIP,)).state == "closed"

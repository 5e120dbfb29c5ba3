"""What the till says, as tables: no window, no store."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any, get_args

import pytest

from app.domain.money import Money
from app.domain.open_basket import Problem
from app.domain.payment import Tender
from app.domain.program import Text
from app.domain.quantity import Quantity, pieces
from app.domain.quote import NotApplied
from app.services.shop import ClockBehind
from app.services.till_state import (
    CouponOnPanel,
    EarnFactor,
    EntitlementOnPanel,
    ExpiringOnPanel,
    PayBlock,
    ShownAdjustment,
    TierAhead,
    TillLine,
    TillState,
)
from app.wording import Wording, load
from tests.ui.till.states import GOLD, a_line, a_state, adjusted, some_totals, with_member
from ui import phrases
from ui.till.member_view import member_view
from ui.till.strip_view import StripView
from ui.till.view_model import meaning_of, present, refuse_payment

ZH, EN = load("zh_CN"), load("en")
BOTH = pytest.mark.parametrize("wording", [ZH, EN], ids=["zh", "en"])


# ------------------------------------------------------------------ rows and totals


def test_a_row_says_why_and_how_much() -> None:
    line = a_line(amount=Money(5192), adjustments=(adjusted("gold", "tier", -708),))
    row = present(a_state(lines=(line,)), ZH).rows[0]
    assert (row.reason, row.amount, row.saving, row.unit_price) == (
        "金卡 8.8折", "51.92", "−7.08", "59.00",
    )  # fmt: skip
    assert present(a_state(lines=(line,)), EN).rows[0].reason == "Gold 12% off"


@pytest.mark.parametrize(
    ("line", "quantity", "can_step"),
    [
        (a_line(quantity=pieces(12)), "12", True),
        (a_line(quantity=Quantity(842), weighed=True, unit="kg"), "0.842 kg", False),
        (a_line(quantity=pieces(2), weighed=True, unit="kg"), "2 kg", False),
        (a_line(quantity=pieces(1), unit="瓶"), "1", True),
        (a_line(quantity_fixed=True), "1", False),
        (a_line(is_gift=True), "1", False),
    ],
    ids=["pieces", "weight", "whole kilos", "unit word", "price label", "gift"],
)
def test_quantities_and_steppers(line: TillLine, quantity: str, can_step: bool) -> None:
    row = present(a_state(lines=(line,)), ZH).rows[0]
    assert (row.quantity, row.can_step) == (quantity, can_step)


@BOTH
@pytest.mark.parametrize("problem", get_args(Problem))
def test_every_problem_has_its_sentence_and_blocks_payment(
    problem: Problem, wording: Wording
) -> None:
    line = a_line(
        problem=problem, name="" if problem == "unknown" else "茅台", scanned="6901028000888"
    )
    state = a_state(lines=(line,), pay_block="unresolved")
    row = present(state, wording).rows[0]
    assert row.problem
    assert (row.amount, row.unit_price, row.reason) == ("", "", "")
    assert refuse_payment(state, wording)


def test_the_sentence_of_an_unknown_code_is_the_agreed_one() -> None:
    line = a_line(problem="unknown", name="", scanned="6901028000888")
    state = a_state(lines=(line,), pay_block="unresolved")
    assert refuse_payment(state, ZH) == "没有这个条码：6901…888。选商品或删除后才能收款。"
    assert refuse_payment(state, EN) == (
        "Unknown barcode 6901…888. Pick an item or delete it before payment."
    )


AT_THE_PAYMENT = {"payment_open", "overpaid"}
"""The payment screen shows these, and the way out: F9 leads there."""


@BOTH
@pytest.mark.parametrize("block", [block for block in get_args(PayBlock) if block != "unresolved"])
def test_every_block_says_why_or_leads_to_where_it_ends(block: PayBlock, wording: Wording) -> None:
    refusal = refuse_payment(a_state(pay_block=block), wording)
    assert bool(refusal) == (block not in AT_THE_PAYMENT)


@BOTH
def test_a_basket_that_is_paid_in_part_says_what_is_left(wording: Wording) -> None:
    paid = a_state(
        tenders=(Tender("cash", Money(1000), Money(1000)),),
        totals=replace(a_state().totals, received=Money(1000)),
    )
    view = present(paid, wording)
    assert view.totals.due_label == wording.t("Still to pay")
    assert view.totals.due == phrases.money(paid.totals.due - Money(1000), paid)
    assert view.pay_label == wording.t("Go on paying")
    assert view.notices[0].sentence


def test_a_basket_that_can_be_paid_has_no_refusal() -> None:
    assert refuse_payment(a_state(), ZH) == ""


@pytest.mark.parametrize(
    ("rows", "labels"),
    [
        ([], []),
        ([adjusted("gold", "tier", -700)], ["金卡 8.8折"]),
        (
            [adjusted("gold", "tier", -700), adjusted("member-day", "campaign", -300)],
            ["金卡与特价"],
        ),
        ([adjusted("fifteen", "coupon", -1500, coupon_id="c")], ["优惠券 满150减15"]),
        (
            [adjusted("gold", "member_price", -100), adjusted("gold-week", "offer", -50)],
            ["会员价", "金卡周"],
        ),
        ([adjusted("gold-week", "offer", -1)] * 6, ["金卡周", "金卡周", "金卡周", "另 3 项优惠"]),
    ],
    ids=["nothing", "tier", "tier and special", "coupon", "member price, offer", "too many"],
)
def test_rows_of_the_totals(rows: list[ShownAdjustment], labels: list[str]) -> None:
    state = a_state(totals=some_totals(rows=tuple(rows), saved=Money(1)))
    shown = phrases.total_rows(state, ZH)
    assert [row.label for row in shown] == ["标价合计", *labels]
    assert [row.is_saving for row in shown] == [False, *([True] * len(labels))]


def test_the_totals_show_points_and_tax_on_top() -> None:
    totals = some_totals(points_off=Money(2300), points_used=2300, tax_on_top=Money(120))
    shown = phrases.total_rows(a_state(totals=totals), ZH)
    assert [(row.label, row.figure) for row in shown[1:]] == [
        ("积分抵现", "−23.00"), ("税", "1.20"),
    ]  # fmt: skip
    assert all("积分" not in row.label for row in
               phrases.total_rows(a_state(totals=totals), ZH, with_points=False))  # fmt: skip


# ------------------------------------------------------------------ notices, empty till


def test_a_clock_behind_and_a_coming_program_are_said() -> None:
    state = a_state(
        clock=ClockBehind(2, 1),
        coming_program=date(2027, 1, 1),
        announcements=(Text(zh="金卡改为 8.5 折", en="Gold becomes 15% off"),),
    )
    first, second = present(state, ZH).notices
    assert first.tone == "warning"
    assert second.sentence == "2027-01-01 起执行新的会员规则：金卡改为 8.5 折"


def test_an_empty_till_says_what_to_do() -> None:
    view = present(a_state(lines=(), selected=None, pay_block="empty"), ZH, member_key="F3")
    assert (view.empty_sentence, view.empty_detail) == ("扫商品开始", "扫会员码或按 F3 识别会员")
    assert (view.has_lines, view.can_pay, view.can_explain, view.counts) == (
        False, False, False, "",
    )  # fmt: skip


# ------------------------------------------------------------------ Enter on a text


@pytest.mark.parametrize(
    ("text", "answered", "hits", "chosen", "meaning"),
    [
        ("", None, [], None, "nothing"),
        ("6901028000017", None, [], None, "scan"),
        ("690", "690", ["a", "b"], None, "scan"),
        ("690", "690", ["a", "b"], "b", "add"),
        ("cnn", None, [], None, "wait"),
        ("cnn", "cn", ["a"], None, "wait"),
        ("cnn", "cnn", ["a"], None, "add"),
        ("牛奶", "牛奶", [], None, "not_found"),
        ("WELCOME5", "WELCOME5", [], None, "scan"),
        ("no such thing", "no such thing", [], None, "not_found"),
        ("13800138000", None, [], None, "wait"),
        ("13800138000", "1380013800", [], None, "wait"),
        ("13800138000", "13800138000", [], None, "phone"),
        ("13800138000", "13800138000", ["a"], None, "phone"),
        ("13800138000", "13800138000", ["a"], "a", "add"),
        ("+86 138 0013 8000", "+86 138 0013 8000", [], None, "phone"),
        ("12800138000", None, [], None, "scan"),
    ],
)
def test_what_enter_means(
    text: str, answered: str | None, hits: list[str], chosen: str | None, meaning: str
) -> None:
    assert meaning_of(text, answered=answered, hits=hits, chosen=chosen) == meaning


def test_an_item_whose_code_looks_like_a_phone_number_stays_an_item() -> None:
    text = "13800138000"
    assert meaning_of(text, answered=text, hits=["a"], chosen=None, is_code=True) == "scan"


# ------------------------------------------------------------------ the member


@pytest.mark.parametrize(
    ("panel", "note"),
    [
        ({}, "可抵 ¥23.40"),
        ({"points": -40, "points_worth": Money(0)}, "欠分，由以后的积分抵还"),
        ({"expiring": (ExpiringOnPanel(300, date(2026, 11, 30)),)}, "300 分 11-30 到期"),
        ({"points_held": 2400}, "另 2,400 稍后可用"),
        ({"points_today_left": 0}, "扫卡后可抵扣"),
        ({"points": 0, "points_worth": Money(0)}, ""),
    ],
    ids=["worth", "debt", "expiring", "held", "identify better", "none"],
)
def test_the_most_urgent_thing_about_the_points(panel: dict[str, Any], note: str) -> None:
    assert member_view(with_member(**panel), ZH).points_note.text == note


def strip_of(state: TillState, wording: Wording = ZH) -> StripView:
    strip = member_view(state, wording).strip
    assert strip is not None, "nothing is said about the tier"
    return strip


@pytest.mark.parametrize(
    ("ahead", "zh", "en"),
    [
        (
            TierAhead("keep", "gold", GOLD, "spend", 12800, last_day=date(2026, 12, 31)),
            "再消费 ¥128 保级金卡", "¥128 more to keep Gold",
        ),
        (TierAhead("reach", "gold", GOLD, "spend", 126035), "再消费 ¥1,261 升级金卡",
         "¥1,261 more to reach Gold"),
        (TierAhead("reach", "gold", GOLD, "visits", 2), "再光临 2 次升级金卡",
         "2 more visits to reach Gold"),
        (TierAhead("reach", "gold", GOLD, "points", 90), "再得 90 分升级金卡",
         "90 more points to reach Gold"),
        (TierAhead("reach", "gold", GOLD, "spend", 0, reached_by_basket=True), "本单后升级金卡",
         "This sale brings Gold"),
        (TierAhead("keep", "gold", GOLD, "spend", 0), "本单后保住金卡",
         "With this sale Gold is kept"),
    ],
    ids=["keep", "reach", "visits", "points", "crossing", "kept"],
)  # fmt: skip
def test_the_one_sentence_about_the_tier(ahead: TierAhead, zh: str, en: str) -> None:
    strip = strip_of(with_member(ahead=(ahead,)))
    assert strip.sentence == zh
    assert strip_of(with_member(ahead=(ahead,)), EN).sentence == en
    if ahead.last_day:
        assert strip.date == "12-31 前"


def test_a_kept_tier_has_a_short_sentence_for_the_narrow_card() -> None:
    kept = with_member(ahead=(TierAhead("keep", "gold", GOLD, "spend", 0),))
    assert strip_of(kept).shorter == "保住金卡"
    assert strip_of(kept, EN).shorter == "Gold is kept"


def test_a_near_end_is_more_urgent_than_the_next_step() -> None:
    keep = TierAhead("keep", "gold", GOLD, "spend", 12800, notice=True)
    reach = TierAhead("reach", "diamond", Text(zh="钻石", en="Diamond"), "spend", 5000)
    assert "保级" in strip_of(with_member(ahead=(reach, keep))).sentence
    calm = replace(keep, notice=False)
    assert "升级钻石" in strip_of(with_member(ahead=(calm, reach))).sentence


def test_the_sentence_to_say_can_be_switched_off() -> None:
    state = with_member(ahead=(TierAhead("reach", "gold", GOLD, "spend", 100),))
    quiet = replace(state, settings=type(state.settings)(suggest_sentence=False))
    assert member_view(quiet, ZH).strip is None


@pytest.mark.parametrize(
    ("panel", "chip"),
    [
        ({"birthday": "month"}, "本月生日"),
        ({"birthday": "today"}, "今天生日"),
        ({"birthday": "today", "is_new": True}, "新会员"),
        ({}, ""),
    ],
)
def test_the_chip(panel: dict[str, Any], chip: str) -> None:
    assert member_view(with_member(**panel), ZH).chip == chip


def test_nothing_of_the_card_shows_a_whole_number_or_name() -> None:
    view = member_view(with_member(), ZH)
    assert (view.name, view.contact) == ("张*丰", "138****8000")
    bare = member_view(with_member(is_anonymous=True, name_masked="", phone_masked=None), ZH)
    assert (bare.name, bare.contact, bare.can_reveal) == ("匿名会员", "M****7XQ3", False)


def test_where_there_is_little_room_fewer_words_say_the_same() -> None:
    soon = with_member(expiring=(ExpiringOnPanel(300, date(2026, 11, 30)),))
    assert member_view(soon, EN).points_note.shorter == "300 by Nov 30"
    assert member_view(soon, ZH).points_note.shorter == "300 分 11-30"
    new = member_view(with_member(is_new=True, name_masked=""), EN)
    assert (new.name, new.name_short) == ("Member", "New")
    assert strip_of(with_member(is_new=True)).sentence == "新人礼本单可用"
    prices = (adjusted("gold", "tier", -1315), adjusted("member-day", "campaign", -1300))
    state = a_state(totals=some_totals(rows=prices))
    assert [(row.label, row.shorter) for row in phrases.total_rows(state, EN)][1] == (
        "Gold and special prices", "Gold + specials",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("panel", "about"),
    [
        ({}, ""),
        ({"days_since_visit": 18}, "18 天前来过"),
        ({"days_since_visit": 0}, "今天来过"),
        ({"days_since_visit": 0, "is_new": True}, ""),
        ({"salutation": "ms", "tags": ("喜欢红茶",)}, "女士 ⋅ 喜欢红茶"),
    ],
)
def test_what_is_known_of_him(panel: dict[str, Any], about: str) -> None:
    assert member_view(with_member(**panel), ZH).about == about


def held(offer: str, state: Any, why: NotApplied | None = None) -> CouponOnPanel:
    saved = Money(1500) if state == "used" else Money(0)
    return CouponOnPanel(offer, offer, Text(zh=offer, en=offer), None, state, False, saved, why)


def without(other: str) -> NotApplied:
    return NotApplied("x", "EXCLUSIVE_WITH", other_rule=other)


def test_coupons_in_use_first_then_what_could_be_used() -> None:
    coupons = (
        held("short", "not_used", NotApplied("x", "BELOW_THRESHOLD", missing_amount=Money(4857))),
        held("other", "not_used", without("used")),
        held("used", "used"),
        held("refused", "refused"),
    )
    lines = member_view(with_member(coupons=coupons), ZH).coupons
    assert [(line.name, line.state, line.note, line.saved) for line in lines] == [
        ("used", "used", "已选最省", "−15.00"),
        ("other", "free", "不与上一张同用", ""),
        ("short", "free", "还差 ¥48.57", ""),
        ("refused", "refused", "已手动取消", ""),
    ]


@pytest.mark.parametrize(
    ("above", "why", "note", "fewest"),
    [
        ("fifteen", without("fifteen"), "不与上一张同用", "不可同用"),
        (None, without("fifteen"), "不与「满150减15」同用", "不可同用"),
        ("eight", without("fifteen"), "不与「满150减15」同用", "不可同用"),
        ("eight", without("gone"), "不可同用", "不可同用"),
        (None, NotApplied("x", "REFUSED_BY_CASHIER"), "已另选其他券", "已另选其他券"),
        (None, NotApplied("x", "NOT_CHEAPEST"), "现方案更省", "现方案更省"),
        (None, None, "", ""),
    ],
)
def test_why_a_coupon_is_not_used_names_what_stands_in_its_way(
    above: str | None, why: NotApplied | None, note: str, fewest: str
) -> None:
    used = () if above is None else (held(above, "used"),)
    line = member_view(with_member(coupons=(*used, held("z", "not_used", why))), ZH).coupons[-1]
    assert (line.note, line.note_short) == (note, fewest)


def test_benefits_say_what_is_left() -> None:
    parking = EntitlementOnPanel("p", Text(zh="停车", en="Parking"), 2, 4, "month")
    used = EntitlementOnPanel("u", Text(zh="品鉴", en="Tasting"), 0, 1, "once")
    view = member_view(with_member(entitlements=(parking, used), streak=3, check_in_points=10), ZH)
    assert [(b.name, b.note, b.is_available) for b in view.benefits] == [
        ("签到", "+10 分，连续第 3 天", True),
        ("停车", "本月余 2/4 次", True),
        ("品鉴", "一次余 0/1 次", False),
    ]
    assert view.benefits_line == "签到 +10 分，连续第 3 天 ⋅ 停车 本月余 2/4 次"
    assert view.benefit_number == 0, "several are chosen from the sheet"
    alone = member_view(with_member(entitlements=(used, parking)), ZH)
    assert (alone.benefits_line, alone.benefit_number) == ("停车 本月余 2/4 次", 2)


def test_why_so_many_points() -> None:
    factors = (EarnFactor("tier", Decimal("1.5")), EarnFactor("birthday", Decimal(2)))
    assert phrases.earn_note(factors, GOLD, ZH) == "金卡 1.5 倍 × 生日 2 倍"
    assert phrases.earn_note(factors, GOLD, EN) == "Gold 1.5× ⋅ birthday 2×"
    assert phrases.earn_note(factors, GOLD, ZH, narrow=True) == "生日 2 倍"
    assert phrases.earn_note((), GOLD, ZH) == ""

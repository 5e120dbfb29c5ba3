"""Why this price, as data: the parts of a line add up, and what was not used says why."""

import pytest

from app.domain.money import Money
from app.domain.quote import NotApplied
from app.wording import load
from tests.ui.till.states import a_line, a_state, adjusted, some_totals
from ui.why.view_model import explain

ZH = load("zh_CN")


def test_the_parts_of_a_price_add_up() -> None:
    line = a_line(
        name="特级初榨橄榄油 500ml", unit_price=Money(6800), list_amount=Money(6800),
        amount=Money(5500), net=Money(4955),
        adjustments=(adjusted("member-day", "campaign", -1300),),
        order_shares=(adjusted("fifteen", "coupon", -545, coupon_id="c"),),
    )  # fmt: skip
    rows = (adjusted("fifteen", "coupon", -1500, coupon_id="c"),)
    why = explain(a_state(lines=(line,), totals=some_totals(rows=rows)), "1", ZH)
    assert why is not None
    assert (why.title, why.goods) == ("为什么是 ¥55.00？", "特级初榨橄榄油 500ml ⋅ 1 件")
    assert [(p.name, p.figure, p.detail) for p in (*why.own, *why.shares)] == [
        ("会员日特价", "−13.00", "全体会员 ⋅ 11-20 至 11-22"),
        ("优惠券 满150减15 分摊到本行", "−5.45", "整单 15.00 按成交价分到 1 行"),
    ]
    assert (why.paid, why.proof) == ("¥49.55", "各项相加等于 ¥49.55")
    assert why.version == "规则 2026-11-20 ⋅ 版本 2026.1"


def test_a_price_whose_parts_do_not_add_up_is_a_bug() -> None:
    line = a_line(net=Money(5899))
    with pytest.raises(AssertionError, match="do not add up"):
        explain(a_state(lines=(line,)), "1", ZH)


def test_a_passed_over_price_belongs_to_its_line_only() -> None:
    other = NotApplied("gold", "NOT_CHEAPEST", line_id="2", would_be=Money(5192))
    mine = NotApplied("gold", "NOT_CHEAPEST", line_id="1", would_be=Money(5984))
    why = explain(a_state(not_applied=(other, mine)), "1", ZH)
    assert why is not None
    assert [(u.name, u.why) for u in why.unused] == [
        ("金卡 8.8折", "已有更低的价；按这个价是 ¥59.84")
    ]


def test_there_is_nothing_to_explain_for_a_line_without_a_price() -> None:
    assert explain(a_state(lines=(a_line(problem="unknown"),)), "1", ZH) is None
    assert explain(a_state(), "7", ZH) is None

"""Why an offer is not used, and why a row costs what it does: no window, no store."""

from typing import get_args

import pytest

from app.domain.money import Money
from app.domain.quote import NotApplied, Reason
from app.wording import Wording, load
from tests.ui.till.states import a_line, a_state
from ui import phrases
from ui.till.view_model import present

ZH, EN = load("zh_CN"), load("en")
BOTH = pytest.mark.parametrize("wording", [ZH, EN], ids=["zh", "en"])


@BOTH
@pytest.mark.parametrize("reason", get_args(Reason))
def test_every_reason_is_one_plain_sentence(reason: Reason, wording: Wording) -> None:
    state = a_state()
    for refused in (NotApplied("gold-week", reason), NotApplied("gone", reason, coupon_id="c")):
        said = phrases.why_not(refused, state, wording)
        assert said
        assert "{" not in said
        assert reason not in said


@pytest.mark.parametrize(
    ("refused", "sentence"),
    [
        (NotApplied("eight", "BELOW_THRESHOLD", missing_amount=Money(4857)), "还差 ¥48.57"),
        (NotApplied("eight", "NOT_ENOUGH_QTY", missing_count=1), "还差 1 件"),
        (NotApplied("points", "POINTS_MINIMUM", missing_count=60), "还差 60 分"),
        (NotApplied("points", "IDENTIFY_BETTER", missing_count=60), "扫会员卡后才能用积分"),
        (
            NotApplied("eight", "IDENTIFY_BETTER", coupon_id="C-8"),
            "今日用券已到限额：出示会员卡或动态会员码可用更多",
        ),
        (
            NotApplied("eight", "EXCLUSIVE_WITH", other_rule="fifteen"),
            "不与「优惠券 满150减15」同用",
        ),
        (
            NotApplied("eight", "EXCLUSIVE_WITH", other_rule="fifteen", missing_amount=Money(700)),
            "不与「优惠券 满150减15」同用；现方案多省 ¥7.00",
        ),
        (NotApplied("eight", "NOT_CHEAPEST", missing_amount=Money(220)), "现方案多省 ¥2.20"),
        (NotApplied("gold-week", "TIER_TOO_LOW"), "金卡及以上"),
        (NotApplied("eight", "TIER_TOO_LOW"), "仅限会员"),
        (NotApplied("ended", "EXPIRED"), "2026-08-31 已结束"),
        (NotApplied("coming", "NOT_YET_VALID"), "2026-12-24 起"),
    ],
)
def test_reasons_say_what_is_missing(refused: NotApplied, sentence: str) -> None:
    assert phrases.why_not(refused, a_state(), ZH) == sentence


def test_a_gift_costs_nothing_in_its_row_and_says_what_it_is_worth() -> None:
    """Its worth is taken off the whole order; the column would count it as goods to be paid."""
    gift = a_line("2", amount=Money(6800), list_amount=Money(6800), net=Money(3159), is_gift=True)
    row = present(a_state(lines=(a_line(), gift)), ZH).rows[1]
    assert (row.amount, row.saving, row.reason) == ("0.00", "−68.00", "赠品")


def test_a_row_whose_batch_is_all_there_is_to_say_begins_with_a_large_letter() -> None:
    plain = a_line(lot="B7")
    weighed = a_line("2", lot="B7", weighed=True, unit="kg")
    rows = present(a_state(lines=(plain, weighed)), EN).rows
    assert [row.reason for row in rows] == ["Batch B7", "Weighed ⋅ batch B7"]

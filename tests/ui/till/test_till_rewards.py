"""Rewards at the till, by keys and by touch: what can be had first, what is missing, one key."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt

from app.services.find_member import put_on
from app.wording import load
from tests.real_shop import GOLD_PHONE, MILK, TOWEL
from tests.services.conftest import use_program
from tests.shop_rules import REWARDS
from tests.ui import keys, walking
from tests.ui.opened import CONTROL, Opened
from tests.ui.till.test_till_layout import SCALES, SIZES
from tests.ui.till.test_till_touch import button, tap
from ui.application import Application
from ui.choice.reward_view import present_rewards
from ui.choice.sheet import ChoiceSheet, RewardSheet
from ui.key_map import Action
from ui.kit.dialogs import ConfirmDialog

Key = Qt.Key


@pytest.fixture
def till(opened: Opened) -> Opened:
    """A shop with rewards, its gold member on the basket."""
    use_program(opened.shop, REWARDS)
    opened.scan(opened.shop.cards["张三丰"])
    return opened


def open_rewards(till: Opened) -> RewardSheet:
    till.press(Key.Key_D, CONTROL)
    sheet = till.sheet
    assert isinstance(sheet, RewardSheet)
    return sheet


def said(till: Opened, name: str) -> str:
    """What stands below the name of a reward."""
    sheet = till.sheet
    assert isinstance(sheet, ChoiceSheet)
    assert sheet.view is not None
    row = next(row for row in sheet.view.rows if row.name == name)
    return row.detail


def rows(till: Opened) -> list[tuple[str, str]]:
    return [(row.name, row.amount) for row in till.till.view.rows]


def test_the_sheet_shows_what_can_be_had_first_and_what_is_missing(till: Opened) -> None:
    sheet = open_rewards(till)
    assert sheet.view is not None
    assert [section.title for section in sheet.view.sections] == ["现在可兑", "暂不可兑"]
    assert [row.name for row in sheet.view.rows] == ["5元券", "毛巾一条", "牛奶换购", "橄榄油一瓶"]
    assert said(till, "毛巾一条") == "800 分 ⋅ 本月还可兑 2 次"
    assert said(till, "牛奶换购") == "1,000 分 + ¥19.90"
    assert said(till, "橄榄油一瓶") == "3,000 分 ⋅ 还差 660 分"
    assert not button(sheet, "橄榄油一瓶").isEnabled()
    till.press(Key.Key_D, CONTROL)
    assert till.till.sheets.current is None


def test_a_gift_is_had_by_two_keys_and_stands_in_the_basket(till: Opened) -> None:
    till.scan(MILK)
    open_rewards(till)
    till.press(Key.Key_Down)
    till.press(Key.Key_Down)
    till.press(Key.Key_Return)
    assert till.till.sheets.current is None
    assert rows(till)[-1] == ("纯棉毛巾 34×74", "0.00")
    row = till.till.view.rows[-1]
    assert (row.reason, row.saving) == ("积分兑换 毛巾一条 ⋅ 800 分", "")
    notice = till.till.screen.notice.sentence
    assert notice == "已用 800 分兑换毛巾一条，收款时扣分。"
    open_rewards(till)
    assert said(till, "毛巾一条") == "800 分 ⋅ 本单已兑 ⋅ 本月还可兑 1 次"


def test_goods_that_were_scanned_become_the_reward_by_touch(till: Opened) -> None:
    till.scan(TOWEL)
    tap(till, till.till.screen.member.points)
    sheet = till.sheet
    assert isinstance(sheet, RewardSheet), "the points open what they may become"
    tap(till, button(sheet, "毛巾一条"))
    assert rows(till) == [("纯棉毛巾 34×74", "0.00")]


def test_a_coupon_asks_first_and_is_the_members_by_one_key(till: Opened) -> None:
    open_rewards(till)
    till.press(Key.Key_Down)
    till.press(Key.Key_Return)
    assert till.window.findChild(ConfirmDialog) is not None
    till.press(Key.Key_Escape)
    before = till.panel.points
    open_rewards(till)
    till.press(Key.Key_Down)
    till.press(Key.Key_Return)
    till.press(Key.Key_Return)
    assert till.panel.points == before - 450
    assert till.till.screen.notice.sentence == "已用 450 积分换得优惠券 积分换5元。"
    open_rewards(till)
    assert said(till, "5元券") == "450 分 ⋅ 本月已兑完"


def test_a_reward_that_no_longer_reaches_says_so_in_its_row(till: Opened) -> None:
    open_rewards(till)
    till.press(Key.Key_Down)
    till.press(Key.Key_Down)
    till.press(Key.Key_Return)
    for _ in range(2):
        till.press(Key.Key_Plus)
    row = till.till.view.rows[0]
    assert row.reason.endswith("毛巾一条：该会员已用到次数上限")
    assert row.amount != "0.00"


def test_who_said_his_number_only_is_asked_for_the_card(till: Opened) -> None:
    who = till.shop.members["张三丰"]
    till.handle.parts.ask(put_on, member_id=who, found_by=GOLD_PHONE)
    till.settle()
    open_rewards(till)
    assert said(till, "毛巾一条").startswith("800 分 ⋅ 扫会员卡后才能用积分")


def test_more_offers_them_by_touch_and_nobody_has_none(till: Opened) -> None:
    tap(till, till.till.screen.key_bar.key(Action.MORE))
    tap(till, button(till.window, "积分兑换"))
    assert isinstance(till.sheet, RewardSheet)
    english = present_rewards(till.state, load("en"))
    assert english is not None
    assert [section.title for section in english.sections] == ["Available now", "Not yet"]
    assert english.rows[-1].detail == "3,000 points ⋅ 660 points short"


def test_no_word_of_the_sheet_is_cut_and_every_row_is_large_enough(
    till: Opened, application: Application
) -> None:
    till.scan(TOWEL)
    open_rewards(till)
    cut = []
    for scale in SCALES:
        application.theme.use(scale_percent=scale)
        for language in ("zh_CN", "en"):
            till.handle.parts.language.use(language)
            for size in SIZES:
                till.window.resize(*size)
                till.settle()
                found = walking.clipped(till.sheet)
                cut += [f"{language} {scale} % {size}: {one}" for one in found]
    assert cut == []
    assert walking.nameless(till.sheet) == []
    assert walking.too_small(till.sheet) == []


@pytest.mark.parametrize("gap_ms", [8, 16, 35])
def test_a_scan_into_every_widget_of_the_sheet_is_one_line(till: Opened, gap_ms: int) -> None:
    sheet = open_rewards(till)
    for number, widget in enumerate(walking.focus_order(sheet), start=1):
        widget.setFocus()
        keys.scan(till.window, MILK, gap_ms=gap_ms)
        till.settle()
        assert till.state.totals.pieces == number, walking.described(widget)
        assert till.panel.points == 2340, "no reward is taken by a scan"
        assert till.sheet is sheet, walking.described(widget)

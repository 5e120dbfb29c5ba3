"""Choices at the till, by keys and by touch: gifts, points prices, a coupon for expiring points."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt

from app.services.find_member import put_on
from app.wording import load
from tests.real_shop import GOLD_PHONE, MILK, OIL, TOWEL
from tests.services.conftest import use_program
from tests.shop_rules import CHOICES, RIVALS
from tests.ui.opened import CONTROL, Opened
from tests.ui.till.test_till_touch import button, tap
from ui.choice.sheet import ChoiceSheet
from ui.choice.view_model import present
from ui.key_map import Action
from ui.kit.dialogs import ConfirmDialog
from ui.kit.text import Text

Key = Qt.Key


@pytest.fixture
def till(opened: Opened) -> Opened:
    """A shop with gifts, points prices and a coupon for expiring points."""
    use_program(opened.shop, CHOICES)
    return opened


def open_choices(till: Opened) -> ChoiceSheet:
    till.press(Key.Key_G, CONTROL)
    sheet = till.sheet
    assert isinstance(sheet, ChoiceSheet)
    return sheet


def names(sheet: ChoiceSheet) -> list[str]:
    assert sheet.view is not None
    return [row.name for row in sheet.view.rows]


def down_to(till: Opened, sheet: ChoiceSheet, name: str) -> None:
    for _ in range(len(sheet.rows)):
        till.press(Key.Key_Down)
        if sheet.rows[names(sheet).index(name)].property("current"):
            return
    raise AssertionError(f"{name} cannot be reached by the arrows")


def reason_of(till: Opened, name: str) -> str:
    return next(row.reason for row in till.till.view.rows if row.name == name)


def test_the_cashier_chooses_another_gift_by_keys(till: Opened) -> None:
    till.scan(MILK)
    assert "3 选 1" in reason_of(till, "纯棉毛巾 34×74"), "the row says that there is a choice"
    sheet = open_choices(till)
    assert names(sheet) == ["纯棉毛巾 34×74", "特级初榨橄榄油 500ml", "calendar", "不要赠品"]
    assert sheet.view is not None
    assert sheet.view.rows[0].detail.endswith("不选就送这个"), "the default says that it is one"
    down_to(till, sheet, "特级初榨橄榄油 500ml")
    till.press(Key.Key_Return)
    assert till.till.sheets.current is None
    assert [(row.name, row.amount) for row in till.till.view.rows] == [
        ("纯牛奶 250ml×12", "59.00"),
        ("特级初榨橄榄油 500ml", "0.00"),
    ]
    again = open_choices(till).view
    assert again is not None
    rows = {row.name: row for row in again.rows}
    assert rows["特级初榨橄榄油 500ml"].detail.endswith("手动选用")
    assert (rows["特级初榨橄榄油 500ml"].state, rows["纯棉毛巾 34×74"].state) == ("taken", "free")


def test_a_gift_is_left_out_and_taken_again_by_touch(till: Opened) -> None:
    till.scan(MILK)
    tap(till, till.till.screen.key_bar.key(Action.MORE))
    tap(till, button(till.window, "顾客可选"))
    sheet = till.sheet
    assert isinstance(sheet, ChoiceSheet)
    tap(till, button(sheet, "不要赠品"))
    assert len(till.till.view.rows) == 1
    sheet = open_choices(till)
    assert sheet.view is not None
    assert (sheet.view.rows[-1].state, sheet.view.rows[-1].detail) == ("left_out", "已手动取消")
    tap(till, button(sheet, "纯棉毛巾 34×74"))
    assert len(till.till.view.rows) == 2


def test_a_line_says_its_points_price_and_takes_it(till: Opened) -> None:
    till.scan(TOWEL)
    assert "分" not in reason_of(till, "纯棉毛巾 34×74"), "a walk-in has no points"
    till.scan(till.shop.cards["张三丰"])
    assert reason_of(till, "纯棉毛巾 34×74").endswith("或 500 分 + ¥9.90")
    sheet = open_choices(till)
    down_to(till, sheet, "纯棉毛巾 34×74")
    till.press(Key.Key_Return)
    row = till.till.view.rows[0]
    assert (row.amount, row.reason, row.saving) == ("9.90", "积分价 ⋅ 500 分", "")
    sheet = open_choices(till)
    down_to(till, sheet, "纯棉毛巾 34×74")
    till.press(Key.Key_Return)
    assert till.till.view.rows[0].reason.endswith("或 500 分 + ¥9.90"), "the same row takes it back"


def test_a_points_price_that_cannot_be_had_says_why_and_does_nothing(till: Opened) -> None:
    for _ in range(2):
        till.scan(TOWEL)
    who = till.shop.members["张三丰"]
    till.handle.parts.ask(put_on, member_id=who, found_by=GOLD_PHONE)
    till.settle()
    sheet = open_choices(till)
    row = button(sheet, "纯棉毛巾 34×74")
    assert not row.isEnabled()
    assert row.accessibleDescription() == "1,000 分 + ¥19.80 ⋅ 扫会员卡后才能用积分"


def test_points_that_reach_no_more_say_so_in_the_row(till: Opened) -> None:
    till.scan(till.shop.cards["张三丰"])
    till.scan(TOWEL)
    sheet = open_choices(till)
    down_to(till, sheet, "纯棉毛巾 34×74")
    till.press(Key.Key_Return)
    till.type("*5")
    till.press(Key.Key_Return)
    assert reason_of(till, "纯棉毛巾 34×74").endswith("积分价：还差 160 分")


def test_expiring_points_become_a_coupon_by_keys_after_a_question(till: Opened) -> None:
    till.scan(till.shop.cards["张三丰"])
    assert till.card.benefits_line.startswith("200 分换「积分兑5元券」券")
    sheet = open_choices(till)
    till.press(Key.Key_Down)
    till.press(Key.Key_Return)
    dialog = till.window.findChild(ConfirmDialog)
    assert dialog is not None
    till.press(Key.Key_Escape)
    assert till.panel.points == 2340, "stepping back costs nothing"
    sheet = open_choices(till)
    till.press(Key.Key_Down)
    till.press(Key.Key_Return)
    till.press(Key.Key_Return)
    assert till.panel.points == 2140
    assert till.till.screen.notice.sentence == "已用 200 积分换得优惠券 积分兑5元券。"
    sheet = open_choices(till)
    assert not sheet.rows[-1].isEnabled()
    assert "还差 100 分" in sheet.rows[-1].accessibleDescription()


def test_the_points_on_the_card_open_the_choices_by_a_tap(till: Opened) -> None:
    till.scan(till.shop.cards["张三丰"])
    tap(till, till.till.screen.member.points)
    assert isinstance(till.sheet, ChoiceSheet)
    tap(till, button(till.sheet, "关闭"))
    assert till.till.sheets.current is None


def test_an_offer_of_the_shop_is_left_out_by_keys_and_taken_again_by_touch(
    opened: Opened,
) -> None:
    use_program(opened.shop, RIVALS)
    opened.scan(MILK)
    assert opened.till.screen.totals.due.text() == "¥53.00"
    sheet = open_choices(opened)
    opened.press(Key.Key_Down)
    opened.press(Key.Key_Return)
    assert opened.till.screen.totals.due.text() == "¥57.00"
    sheet = open_choices(opened)
    assert names(sheet) == ["乳品减2元", "乳品减6元"]
    tap(opened, sheet.rows[1])
    assert opened.till.screen.totals.due.text() == "¥53.00"


def test_every_row_has_its_height_and_the_current_one_is_in_view(till: Opened) -> None:
    till.window.resize(1024, 768)
    for code in (till.shop.cards["张三丰"], MILK, TOWEL, OIL):
        till.scan(code)
    sheet = open_choices(till)
    assert min(row.height() for row in sheet.rows) >= 64
    seen = sheet.area.viewport()
    for _ in sheet.rows:
        till.press(Key.Key_Down)
    last = sheet.rows[-1]
    assert last.property("current")
    top = last.mapTo(seen, last.rect().topLeft()).y()
    assert 0 <= top <= seen.height() - last.height()


def test_without_anything_to_choose_the_key_is_off(opened: Opened) -> None:
    opened.scan(MILK)
    tap(opened, opened.till.screen.key_bar.key(Action.MORE))
    assert not button(opened.window, "顾客可选").isEnabled()
    opened.press(Key.Key_Escape)
    opened.press(Key.Key_G, CONTROL)
    assert opened.till.sheets.current is None
    assert present(opened.state, load("zh_CN")) is None


def test_the_sheet_follows_the_basket_and_closes_with_the_last_choice(till: Opened) -> None:
    till.scan(MILK)
    sheet = open_choices(till)
    till.scan(till.shop.cards["张三丰"])
    assert len(sheet.rows) == 5, "the expiring points came with the member"
    till.press(Key.Key_Escape)
    assert till.till.sheets.current is None


def test_the_benefits_sheet_tells_what_the_tier_brings(opened: Opened) -> None:
    gold = 'qualify = { spend = "5000.00" }'
    brings = 'benefits = [{ zh = "免费停车", en = "Free parking" }, { zh = "生日礼", en = "Gift" }]'
    use_program(opened.shop, "", swap=(gold, f"{gold}\n{brings}"))
    opened.scan(opened.shop.cards["张三丰"])
    opened.press(Key.Key_B, CONTROL)
    said = [text.text() for text in opened.sheet.findChildren(Text)]
    assert said.index("免费停车 ⋅ 生日礼") == said.index("金卡还有") + 1

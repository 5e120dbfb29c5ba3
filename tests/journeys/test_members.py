"""The members' desk at the real window: found by keys, narrowed, opened, masked until asked."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel

from tests.journeys.cashier import Cashier
from tests.real_shop import GOLD_PHONE
from tests.screens.scene import Scene, WaitingTerminal
from tests.screens.scenes_desk import as_manager
from tests.screens.scenes_members import ALT, CONTROL, bought_today, open_members
from tests.ui import walking
from tests.ui.real_window import wait_until
from ui.kit.dialogs import ConfirmDialog
from ui.kit.tick_row import TickRow
from ui.member.adjust_dialog import AdjustDialog
from ui.member.controller import MemberController
from ui.member_messages.dialog import ChoiceDialog
from ui.members.controller import MembersController
from ui.navigation import ToAudit, ToDesk, ToMember, ToMembers

pytestmark = pytest.mark.journey
LIVED = bought_today
Key = Qt.Key
SIZES = ((1024, 768), (1366, 768))


@pytest.fixture
def manager(cashier: Cashier) -> Cashier:
    """张三丰 bought twice; 王芳 is at the till."""
    as_manager(Scene(cashier, "zh_CN", WaitingTerminal()))
    cashier.begin()
    return cashier


def list_of(cashier: Cashier) -> MembersController:
    current = cashier.handle.parts.navigation.current
    assert isinstance(current, MembersController)
    return current


def page_of(cashier: Cashier) -> MemberController:
    current = cashier.handle.parts.navigation.current
    assert isinstance(current, MemberController)
    return current


def names(cashier: Cashier) -> list[str]:
    return [row.cells[1].text for row in list_of(cashier).screen.table.rows]


def settled(cashier: Cashier, until: Callable[[], Any]) -> None:
    wait_until(until)
    cashier.settle()


def open_list(cashier: Cashier) -> MembersController:
    open_members(cashier)
    settled(cashier, lambda: len(list_of(cashier).screen.table.rows) == 4)
    return list_of(cashier)


def open_page(cashier: Cashier) -> MemberController:
    open_list(cashier)
    cashier.type(GOLD_PHONE)
    cashier.press(Key.Key_Return)
    settled(cashier, lambda: names(cashier) == ["张*丰"])
    cashier.press(Key.Key_Return)
    settled(cashier, lambda: page_of(cashier).screen.table.rows)
    return page_of(cashier)


def back_to_the_desk(cashier: Cashier) -> None:
    while not cashier.at(ToDesk):
        cashier.press(Key.Key_Escape)
        cashier.settle()


def test_phone_and_two_keys_open_a_member_and_esc_goes_back_step_by_step(manager: Cashier) -> None:
    """Row 2.13: search Enter Enter = phone + 2."""
    page = open_page(manager)
    assert page.head is not None
    assert page.head.member_id == manager.shop.members["张三丰"]
    assert len(page.screen.table.rows) == 2, "his two sales"
    manager.press(Key.Key_Escape)
    assert manager.at(ToMembers)
    settled(manager, lambda: names(manager) == ["张*丰"])
    manager.press(Key.Key_Escape)
    settled(manager, lambda: len(names(manager)) == 4)
    manager.press(Key.Key_Escape)
    assert manager.at(ToDesk)


def test_the_ledger_and_every_tab_by_its_digit(manager: Cashier) -> None:
    page = open_page(manager)
    manager.type("2")
    settled(manager, lambda: "余额" in page.screen.notes.text())
    causes = [row.cells[1].text for row in page.screen.table.rows]
    assert [cause.split(" ")[0] for cause in causes] == ["销售", "销售", "人工调整"]
    for digit, said in (("3", "可用"), ("5", "复核")):
        manager.type(digit)
        settled(manager, partial(says, page, said))
    manager.type("1")
    settled(manager, lambda: len(page.screen.table.rows) == 2)
    manager.press(Key.Key_Down)
    manager.press(Key.Key_Return)
    assert manager.at(ToAudit), "a sale opens with everything that was done about it"


def test_the_number_is_shown_with_a_reason_and_a_trace(manager: Cashier) -> None:
    page = open_page(manager)
    assert GOLD_PHONE not in said_by(page)
    manager.press(Key.Key_P, CONTROL)
    manager.type("2")
    settled(manager, lambda: GOLD_PHONE in said_by(page))
    last = manager.read(lambda work: work.audit.entries(work.audit.last_number() - 1))
    assert last[0].entry.action == "phone_revealed"
    manager.press(Key.Key_P, CONTROL)
    assert GOLD_PHONE not in said_by(page), "again: it is hidden"


def test_a_consent_is_withdrawn_as_easily_as_given_and_both_stand_there(manager: Cashier) -> None:
    page = open_page(manager)
    place = [key.text().replace("&", "") for key in page.screen.tabs].index("同意")
    manager.type(str(place + 1))
    settled(manager, partial(says, page, "未询问过"))
    manager.press(Key.Key_Down)
    manager.press(Key.Key_Down)
    for state in ("同意", "已撤回"):
        manager.press(Key.Key_Return)
        asked = next(manager.shown(ConfirmDialog))
        assert "优惠和活动消息" in " ".join(each.text() for each in asked.findChildren(QLabel))
        manager.press(Key.Key_Return)
        settled(manager, partial(stands_as, page, state))
    told = [row.cells[0].text for row in page.screen.table.rows[4:]]
    assert told == ["优惠消息：撤回", "优惠消息：同意"]
    assert {row.cells[4].text for row in page.screen.table.rows[4:]} == {"王芳"}
    manager.press(Key.Key_Down)
    manager.press(Key.Key_Down)
    manager.press(Key.Key_Return)
    assert next(manager.shown(ChoiceDialog)).most.text() == ""
    manager.press(Key.Key_Escape)


def stands_as(page: MemberController, state: str) -> bool:
    return page.screen.table.rows[1].cells[1].text == state


def says(page: MemberController, words: str) -> bool:
    return words in " ".join(row.words for row in page.screen.table.rows)


def test_points_by_hand_and_back_again_by_keys(manager: Cashier) -> None:
    page = open_page(manager)
    assert page.head is not None
    before = page.head.points
    manager.press(Key.Key_2, ALT)
    manager.type("-160")
    manager.press(Key.Key_Return)
    manager.type("1")
    manager.press(Key.Key_Return)
    settled(manager, lambda: page.head is not None and page.head.points == before - 160)
    assert "160" in page.screen.notice.sentence
    manager.type("2")
    settled(manager, lambda: says(page, "积分记错"))
    manager.press(Key.Key_Down)
    manager.press(Key.Key_Return)
    manager.press(Key.Key_Return)
    settled(manager, lambda: page.head is not None and page.head.points == before)
    settled(manager, lambda: says(page, "已撤销"))


def test_a_wrong_number_stays_and_says_what_to_type(manager: Cashier) -> None:
    page = open_page(manager)
    manager.press(Key.Key_2, ALT)
    dialog = page.acts.dialog
    assert isinstance(dialog, AdjustDialog)
    manager.type("12x")
    manager.press(Key.Key_Return)
    manager.type("1")
    manager.press(Key.Key_Return)
    settled(manager, lambda: dialog.points_row.error_text)
    assert dialog.points.text() == "12x"
    manager.press(Key.Key_Escape)
    assert page.acts.dialog is None


def test_tags_and_notes_by_keys(manager: Cashier) -> None:
    page = open_page(manager)
    manager.press(Key.Key_1, ALT)
    manager.type("茶友，VIP")
    manager.press(Key.Key_Tab)
    manager.type("靠窗")
    manager.press(Key.Key_Return)
    settled(manager, lambda: page.head is not None and page.head.tags == ("茶友", "VIP"))
    assert page.head is not None
    assert page.head.note == "靠窗"


def test_the_list_is_exported_masked_with_a_reason_and_a_trace(
    manager: Cashier, tmp_path: Path
) -> None:
    current = open_list(manager)
    current.export.folder = tmp_path
    manager.press(Key.Key_E, CONTROL)
    manager.type("2")
    manager.press(Key.Key_Return)
    settled(manager, lambda: list(tmp_path.glob("*.csv")))
    [file] = tmp_path.glob("zhanggui-members-*.csv")
    text = file.read_text("utf-8-sig")
    assert text.count("\n") == 5, "a heading and four members"
    assert "138****8000" in text
    assert GOLD_PHONE not in text
    last = manager.read(lambda work: work.audit.entries(work.audit.last_number() - 1))
    assert last[0].entry.action == "members_exported"
    assert "已保存" in current.screen.notice.sentence
    file.unlink()
    manager.press(Key.Key_E, CONTROL)
    manager.type("2")
    assert current.export.dialog is not None
    manager.tap(current.export.dialog.findChildren(TickRow)[0])
    manager.press(Key.Key_Return)
    settled(manager, lambda: list(tmp_path.glob("*.csv")))
    [file] = tmp_path.glob("zhanggui-members-*.csv")
    assert GOLD_PHONE in file.read_text("utf-8-sig")
    seen = manager.read(lambda work: work.audit.entries(work.audit.last_number() - 4))
    assert [each.entry.action for each in seen] == ["phone_revealed"] * 4, "of each of them"


def said_by(page: MemberController) -> str:
    return " ".join(label.text() for label in page.screen.findChildren(QLabel))


def test_the_list_is_narrowed_by_keys_and_comes_back_as_it_was_left(manager: Cashier) -> None:
    current = open_list(manager)
    manager.press(Key.Key_2, ALT)
    manager.type("4")
    settled(manager, lambda: names(manager) == ["张*丰"])
    manager.press(Key.Key_1, ALT)
    manager.type("3")
    settled(manager, lambda: "积分最多" in current.screen.filters["order"].text())
    manager.press(Key.Key_F12)
    manager.scan(manager.shop.badges["王芳"])
    open_members(manager)
    settled(manager, lambda: names(manager) == ["张*丰"])
    manager.press(Key.Key_Escape)
    settled(manager, lambda: names(manager) == ["张*丰", "王*红", "陈*", "周*"])


def test_a_scanned_card_finds_its_member_and_a_strange_one_says_so(manager: Cashier) -> None:
    current = open_list(manager)
    manager.scan(manager.shop.cards["王小红"])
    settled(manager, lambda: names(manager) == ["王*红"])
    manager.tap(current.screen.filters["tier"])
    manager.press(Key.Key_Escape)
    manager.type("8888")
    manager.press(Key.Key_Return)
    settled(manager, lambda: not current.screen.table.rows)
    assert not current.screen.empty.isHidden()


def test_who_may_not_see_it_has_no_such_room_and_is_told_so(cashier: Cashier) -> None:
    cashier.press(Key.Key_M, CONTROL)
    desk: Any = cashier.handle.parts.navigation.current
    assert "Members" not in [row.room.name for row in desk._rows]
    cashier.handle.parts.navigation.go(ToMembers())
    settled(cashier, lambda: list_of(cashier).screen.notice.sentence)
    assert list_of(cashier).screen.notice.sentence == "你的角色不能查看会员列表。"
    cashier.handle.parts.navigation.go(ToMember(cashier.shop.members["张三丰"]))
    settled(cashier, lambda: "不在" in page_of(cashier).screen._name.text())


def test_every_control_has_a_name_a_size_and_tab(manager: Cashier) -> None:
    for opened in (open_list, open_page):
        screen = opened(manager).screen
        assert walking.nameless(screen) == []
        assert walking.too_small(screen) == []
        assert walking.unreachable(screen) == []
        back_to_the_desk(manager)


def test_no_word_is_cut_at_any_size_scale_and_language(manager: Cashier, application: Any) -> None:
    cut: list[str] = []
    for opened in (open_list, open_page):
        screen = opened(manager).screen
        for scale in (100, 150):
            application.theme.use(scale_percent=scale)
            for language in ("zh_CN", "en"):
                manager.handle.parts.language.use(language)
                for width, height in SIZES:
                    manager.window.resize(width, height)
                    manager.settle()
                    place = f"{language} {scale} {width}"
                    found = [*walking.clipped(screen), *walking.outside(screen)]
                    cut += [f"{place}: {one}" for one in found]
                    if manager.window.width() != width:
                        cut.append(f"{place}: the window grew to {manager.window.width()}")
        application.theme.use(scale_percent=100)
        manager.handle.parts.language.use("zh_CN")
        back_to_the_desk(manager)
    assert cut == []

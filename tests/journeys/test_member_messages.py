"""A member's messages at the desk, by real keys: the tab, the choice, what is no address."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from app.domain.message import MessageChoice
from tests.journeys.cashier import Cashier
from tests.journeys.test_members import page_of, settled
from tests.screens.scene import Scene, WaitingTerminal
from tests.screens.scenes_member_messages import message_choice
from ui.member_messages.dialog import ChoiceDialog

pytestmark = pytest.mark.journey
Key = Qt.Key


def dialog() -> ChoiceDialog | None:
    found = [
        each
        for top in QApplication.topLevelWidgets()
        for each in top.findChildren(ChoiceDialog)
        if each.is_open
    ]
    return found[0] if found else None


def chosen(cashier: Cashier) -> tuple[str, MessageChoice | None]:
    shop = cashier.shop
    kept = shop.store.lane.run(lambda work: work.members.get(shop.members["张三丰"]))
    assert kept is not None
    return kept.person.email, kept.person.messages


def test_he_wants_mail_and_two_a_month(cashier: Cashier) -> None:
    message_choice(Scene(cashier, "zh_CN", WaitingTerminal()))
    settled(cashier, dialog)
    table = page_of(cashier).screen.table
    assert [row.cells[0].text for row in table.rows] == [
        "接收消息的方式",
        "生日",
        "活动",
        "欢迎消息",
    ]
    assert "已达条数上限" in table.rows[2].cells[2].text
    opened = dialog()
    assert opened is not None
    opened.ways["email"].setFocus()
    cashier.press(Key.Key_Space)
    opened.email.setFocus()
    cashier.type("zhang.mail.example")
    cashier.press(Key.Key_Return)
    settled(cashier, lambda: "邮箱" in opened.email_row.error_text)
    assert chosen(cashier) == ("", None)
    assert opened.email.text() == "zhang.mail.example", "what was typed is kept"
    opened.email.clear()
    cashier.type("zhang@mail.example")
    cashier.press(Key.Key_Tab)
    cashier.type("2")
    cashier.press(Key.Key_Return)
    settled(cashier, lambda: dialog() is None)
    assert chosen(cashier) == ("zhang@mail.example", MessageChoice(channels=("email",), most=2))
    settled(cashier, lambda: "z***" in page_of(cashier).screen.table.rows[0].words)

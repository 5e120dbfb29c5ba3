"""Joining with the customer's own tap: he reads, he answers, and the record says it was he."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QWidget

from app.domain.facts import MemberJoined, read_fact
from tests.journeys.cashier import Cashier
from tests.journeys.test_customer_display import WITH_WINDOW, a_counter, touch, view, window
from tests.real_shop import MILK, NEW_PHONE
from ui.application import Application
from ui.join.dialog import JoinDialog

pytestmark = pytest.mark.journey
Key = Qt.Key


@pytest.fixture
def asked(tmp_path: Path, application: Application) -> Iterator[Cashier]:
    """李明 has typed a new number; the customer's screen asks its owner."""
    for made in a_counter(tmp_path, application, WITH_WINDOW):
        made.scan(MILK)
        made.press(Key.Key_F3)
        made.type(NEW_PHONE)
        made.press(Key.Key_Return)
        if not list(made.shown(JoinDialog)):  # the look-up offers joining first
            made.press(Key.Key_Return)
        yield made


def dialog(cashier: Cashier) -> JoinDialog:
    (found,) = cashier.shown(JoinDialog)
    return found


def tap(cashier: Cashier, widget: QWidget) -> None:
    touch(widget)
    cashier.settle()


def joined(cashier: Cashier) -> MemberJoined:
    stored = cashier.read(lambda work: work.facts.all_facts())
    (fact,) = [
        fact for fact in map(read_fact, (each.data for each in stored))
        if isinstance(fact, MemberJoined) and fact.channel != "import"
    ][-1:]  # fmt: skip
    return fact


def test_his_own_tap_joins_him_and_is_recorded_as_his(asked: Cashier) -> None:
    assert view(asked).state == "consent"
    text = asked.shop.shop.consent_texts["membership"]
    assert view(asked).detail == dict(text.texts)["zh_CN"].strip()
    assert not dialog(asked).consent.isChecked()
    page = window(asked).consent
    for key in (page.agree, page.decline, page.marketing):
        assert key.accessibleName()
        assert min(key.width(), key.height()) >= 48, key.size()
        assert key.focusPolicy() is Qt.FocusPolicy.NoFocus
    tap(asked, page.agree)
    assert dialog(asked).consent.isChecked()
    assert not dialog(asked).marketing.isChecked(), "never ticked for him"
    assert QApplication.activeWindow() is asked.window
    asked.press(Key.Key_Return)
    assert dialog(asked).is_saved
    assert joined(asked).channel == "customer_display"
    assert view(asked).state == "items"


def test_messages_are_a_tick_of_his_own(asked: Cashier) -> None:
    tap(asked, window(asked).consent.marketing)
    tap(asked, window(asked).consent.agree)
    assert dialog(asked).marketing.isChecked()
    asked.press(Key.Key_Return)
    assert asked.panel.marketing_allowed


def test_a_no_is_told_and_nobody_is_joined(asked: Cashier) -> None:
    tap(asked, window(asked).consent.decline)
    assert not dialog(asked).consent.isChecked()
    assert "顾客没有同意。" in asked.texts()
    asked.press(Key.Key_Return)
    assert not dialog(asked).is_saved
    assert view(asked).state == "items"


def test_what_the_cashier_ticks_is_the_cashiers(asked: Cashier) -> None:
    tap(asked, window(asked).consent.agree)
    asked.tap(dialog(asked).marketing)
    asked.press(Key.Key_Return)
    assert joined(asked).channel == "cashier"


def test_the_question_goes_with_the_dialog_and_a_late_tap_does_nothing(asked: Cashier) -> None:
    agree = window(asked).consent.agree
    asked.press(Key.Key_Escape)
    assert view(asked).state == "items"
    agree.click()
    asked.settle()
    assert asked.state.member is None


def test_a_scan_while_he_reads_goes_to_the_basket(asked: Cashier) -> None:
    asked.scan(MILK)
    assert asked.state.lines[0].quantity.pieces == 2
    assert view(asked).state == "consent"
    assert dialog(asked).phone.text() == NEW_PHONE

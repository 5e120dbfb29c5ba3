"""Help at the real window: F1 explains where one is, is searched, and gives everything back.

Owns: keys, taps and scans around the help. Does not own: its texts (tests/ui/test_help_book.py).
"""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt

from app.domain.key_map import KeyChoice
from tests.journeys.cashier import Cashier
from tests.journeys.test_keys import choose
from tests.real_shop import MILK, OIL
from tests.ui import walking
from ui.help.book import read_book
from ui.help.dialog import HelpDialog
from ui.kit.dialogs import KitDialog
from ui.navigation import (
    Destination,
    JoinMember,
    LookUpMember,
    ToPayment,
    ToRefund,
    ToSettings,
    ToShift,
    ToShiftClose,
    ToSignIn,
    ToTill,
)

pytestmark = pytest.mark.journey
Key = Qt.Key


def dialog(cashier: Cashier) -> HelpDialog:
    return next(iter(cashier.shown(HelpDialog)))


def opened(cashier: Cashier) -> str:
    """The topic that is open."""
    (current,) = (button.identifier for button in dialog(cashier).topics if button.isChecked())
    return current


SCREENS: list[tuple[Destination, str]] = [
    (ToTill(), "till"),
    (ToPayment(), "payment"),
    (ToRefund(), "refund"),
    (ToShift(), "shift"),
    (ToShiftClose(), "shift_close"),
]


@pytest.mark.parametrize(("screen", "topic"), SCREENS, ids=[topic for _, topic in SCREENS])
def test_the_help_opens_at_the_topic_of_the_screen(
    cashier: Cashier, screen: Destination, topic: str
) -> None:
    cashier.scan(OIL)
    cashier.handle.parts.navigation.go(screen)
    cashier.settle()
    cashier.press(Key.Key_F1)
    assert opened(cashier) == topic
    cashier.press(Key.Key_F1)
    assert cashier.window.help.shows_keys
    cashier.press(Key.Key_Escape)
    assert not list(cashier.shown(HelpDialog))
    assert cashier.at(type(screen))


def test_a_sheet_over_the_right_column_is_explained(cashier: Cashier) -> None:
    cashier.scan(OIL)
    cashier.press(Key.Key_Slash, text="/")
    cashier.press(Key.Key_F1)
    assert opened(cashier) == "lines"


def test_a_page_of_the_settings_is_explained(cashier: Cashier) -> None:
    cashier.handle.parts.navigation.go(ToSettings("keys"))
    cashier.settle()
    cashier.press(Key.Key_F1)
    assert opened(cashier) == "keys"


def test_before_anybody_signs_in_too(door: Cashier) -> None:
    assert door.at(ToSignIn)
    door.press(Key.Key_F1)
    assert opened(door) == "sign_in"
    door.scan(door.shop.badges["李明"])
    assert not list(door.shown(HelpDialog))
    assert door.at(ToTill)


@pytest.mark.parametrize(
    ("intent", "topic"), [(LookUpMember(), "member"), (JoinMember("13912345678"), "join")]
)
def test_over_a_dialog_it_explains_the_dialog_and_gives_it_back(
    cashier: Cashier, intent: object, topic: str
) -> None:
    cashier.handle.parts.navigation.open_dialog(intent)  # type: ignore[arg-type]  # one of them
    cashier.settle()
    below = next(iter(cashier.shown(KitDialog)))
    if topic == "member":
        cashier.type("138")
    before = cashier.window.focusWidget()
    cashier.press(Key.Key_F1)
    assert opened(cashier) == topic
    cashier.press(Key.Key_Escape)
    assert list(cashier.shown(KitDialog)) == [below]
    assert cashier.window.focusWidget() is before
    if topic == "member":
        assert below.field.text() == "138"  # type: ignore[attr-defined]  # the look-up's


def test_what_was_typed_and_chosen_is_there_again(cashier: Cashier) -> None:
    cashier.scan(MILK)
    cashier.type("3")
    cashier.press(Key.Key_F1)
    for key in (Key.Key_Down, Key.Key_PageDown, Key.Key_Delete, Key.Key_F9, Key.Key_F12):
        cashier.press(key)
    assert list(cashier.shown(HelpDialog))
    assert cashier.at(ToTill)
    cashier.press(Key.Key_Escape)
    assert cashier.till.screen.input.text() == "3"
    assert cashier.till.screen.input.edit.hasFocus()
    assert len(cashier.state.lines) == 1


def test_it_is_searched_by_keys_alone(cashier: Cashier) -> None:
    cashier.press(Key.Key_F1)
    cashier.type("th")
    assert opened(cashier) == "refund"
    cashier.press(Key.Key_Return)
    assert not dialog(cashier).search.edit.hasFocus()
    cashier.press(Key.Key_Escape)
    assert dialog(cashier).search.text() == ""
    assert opened(cashier) == "refund"
    cashier.press(Key.Key_Down)
    assert opened(cashier) == "exchange"
    cashier.press(Key.Key_Escape)
    assert not list(cashier.shown(HelpDialog))


def test_by_the_mouse_alone(cashier: Cashier) -> None:
    cashier.press(Key.Key_F1)
    help_ = dialog(cashier)
    cashier.tap(next(button for button in help_.topics if button.identifier == "member"))
    assert opened(cashier) == "member"
    assert any("F3" in text for text in help_.page_texts())
    cashier.tap(help_.back)
    assert not list(cashier.shown(HelpDialog))


def test_nothing_found_is_said(cashier: Cashier) -> None:
    cashier.press(Key.Key_F1)
    cashier.type("zzz")
    assert dialog(cashier).topics == []
    assert "没有找到：换个词试试。" in cashier.texts()
    cashier.press(Key.Key_Down)
    assert list(cashier.shown(HelpDialog))


@pytest.mark.parametrize("in_search", [False, True], ids=["page", "search"])
def test_a_scan_types_nothing_and_reaches_the_basket(cashier: Cashier, in_search: bool) -> None:
    cashier.press(Key.Key_F1)
    if in_search:
        dialog(cashier).search.edit.setFocus()
    topic = opened(cashier)
    cashier.scan(MILK)
    assert len(cashier.state.lines) == 1
    assert dialog(cashier).search.text() == ""
    assert opened(cashier) == topic


def test_the_keys_in_the_text_are_those_in_force(cashier: Cashier) -> None:
    choose(cashier, KeyChoice("western"))
    cashier.press(Key.Key_F1)
    cashier.tap(next(b for b in dialog(cashier).topics if b.identifier == "member"))
    said = " ".join(dialog(cashier).page_texts())
    assert "F2" in said
    assert "F3" not in said


def test_another_screen_puts_it_away(cashier: Cashier) -> None:
    cashier.scan(MILK)
    cashier.press(Key.Key_F1)
    cashier.handle.parts.navigation.go(ToPayment())
    cashier.settle()
    assert not list(cashier.shown(HelpDialog))


def walk(cashier: Cashier, look: Callable[[HelpDialog], list[str]]) -> dict[str, list[str]]:
    """What is wrong on the page of each topic."""
    wrong = {}
    for topic in read_book(cashier.window.wording.language):
        cashier.window.help._show(topic.identifier)
        cashier.settle()
        found = look(dialog(cashier))
        if found:
            wrong[topic.identifier] = found
    return wrong


@pytest.mark.parametrize("scale", [100, 150])
@pytest.mark.parametrize("language", ["zh_CN", "en"])
def test_every_page_has_room_and_every_widget_a_name(
    cashier: Cashier, language: str, scale: int
) -> None:
    parts = cashier.handle.parts
    parts.language.use(language)
    parts.theme.use(scale_percent=scale)
    cashier.window.resize(1024, 768)
    cashier.settle()
    cashier.press(Key.Key_F1)
    help_ = dialog(cashier)
    try:
        assert walking.nameless(help_) == []
        assert walking.too_small(help_) == []
        assert walking.unreachable(help_) == []
        assert walk(cashier, walking.clipped) == {}
    finally:
        parts.theme.use(scale_percent=100)

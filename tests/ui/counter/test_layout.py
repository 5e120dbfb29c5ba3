"""Every screen of the counter walked at the smallest window and the largest text, both languages.

Nothing is cut, nothing sticks out, everything has a name, a size for a finger and a way by Tab.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from tests.real_shop import APPLE_LABEL, MILK, NEW_PHONE, OIL, TOWEL
from tests.ui import walking
from tests.ui.opened import ALT, Opened
from ui import formatting
from ui.kit.text import Text
from ui.navigation import JoinMember, LookUpMember, ToReceipt
from ui.theme.theme import Theme
from ui.theme.tokens import Scheme

Key = Qt.Key


def basket(opened: Opened) -> None:
    opened.scan(opened.shop.cards["张三丰"])
    for code in (MILK, APPLE_LABEL, TOWEL, TOWEL, OIL):
        opened.shop.clock.go_on(milliseconds=1_000)
        opened.scan(code)


def locked(opened: Opened) -> None:
    basket(opened)
    opened.press(Key.Key_F12)


def at_cash(opened: Opened) -> None:
    basket(opened)
    opened.press(Key.Key_F9)
    opened.press(Key.Key_F6)


def by_hand(opened: Opened) -> None:
    at_cash(opened)
    opened.press(Key.Key_3, ALT)
    opened.press(Key.Key_Return)


def unknown(opened: Opened) -> None:
    at_cash(opened)
    opened.scan("2881234567890103")


def sold(opened: Opened) -> None:
    at_cash(opened)
    opened.press(Key.Key_F9)


def printed_again(opened: Opened) -> None:
    sold(opened)
    opened.press(Key.Key_Escape)
    opened.handle.parts.navigation.go(ToReceipt())
    opened.settle()


def looked_up(opened: Opened) -> None:
    basket(opened)
    opened.handle.parts.navigation.open_dialog(LookUpMember())
    opened.type("8000")


def joining(opened: Opened) -> None:
    opened.handle.parts.navigation.open_dialog(JoinMember(NEW_PHONE))
    opened.settle()


def joined(opened: Opened) -> None:
    opened.scan(MILK)
    joining(opened)
    opened.press(Key.Key_Space)
    opened.press(Key.Key_Return)


STATES: dict[str, Callable[[Opened], None]] = {
    "locked": locked,
    "cash": at_cash,
    "by hand": by_hand,
    "unknown": unknown,
    "sold": sold,
    "printed again": printed_again,
    "looked up": looked_up,
    "joining": joining,
    "joined": joined,
}


def in_front(opened: Opened) -> QWidget:
    dialog = opened.handle.parts.navigation.dialog
    if dialog is not None:
        shown = dialog.dialog  # type: ignore[attr-defined]  # both dialogs here have one
        assert isinstance(shown, QWidget)
        return shown
    current = opened.handle.parts.navigation.current
    assert current is not None
    return current.widget


def look(opened: Opened, language: str, scale_percent: int) -> None:
    opened.window.resize(1024, 768)
    Theme.current().use(scheme=Scheme.LIGHT, scale_percent=scale_percent)
    opened.handle.parts.language.use(language)
    opened.settle()


def troubles(root: QWidget) -> dict[str, list[str]]:
    """Everything that is wrong with a screen, by kind."""
    found = {
        "clipped": walking.clipped(root),
        "outside": walking.outside(root),
        "nameless": walking.nameless(root),
        "too small": walking.too_small(root),
        "unreachable": walking.unreachable(root),
    }
    return {kind: which for kind, which in found.items() if which}


@pytest.mark.parametrize("language", ["zh_CN", "en"])
@pytest.mark.parametrize("state", STATES)
def test_a_screen_keeps_every_word_and_every_way(
    counter: Opened, state: str, language: str
) -> None:
    look(counter, language, 150)
    STATES[state](counter)
    counter.settle()
    assert troubles(in_front(counter)) == {}


@pytest.mark.parametrize("scale_percent", [100, 150])
def test_the_number_of_a_receipt_printed_again_is_seen_whole(
    counter: Opened, scale_percent: int
) -> None:
    look(counter, "zh_CN", scale_percent)
    printed_again(counter)
    whole = formatting.spaced_code(counter.shop.paper.receipts[-1].code)
    label = next(one for one in in_front(counter).findChildren(Text) if one.text() == whole)
    assert label.isVisible() and label.height() >= label.heightForWidth(label.width())
    metrics = label.fontMetrics()
    assert max(metrics.horizontalAdvance(group) for group in whole.split()) <= label.width()


@pytest.mark.parametrize("language", ["zh_CN", "en"])
def test_the_set_up_keeps_every_word(new_till: Opened, language: str) -> None:
    look(new_till, language, 150)
    for texts in ((), ("renmin",), ("wang", "9513", "9513"), ()):
        assert troubles(in_front(new_till)) == {}
        for place, text in enumerate(texts):
            if place:
                new_till.press(Key.Key_Tab)
            new_till.type(text)
        new_till.press(Key.Key_Return)
    assert troubles(in_front(new_till)) == {}

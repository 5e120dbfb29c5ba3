"""Moved keys: on no screen is a key named that does not do it any more."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QWidget

from app.domain.key_map import FIXED, STANDARD, Action, KeyChoice, OwnKey
from app.services.key_map import KeysChanged, use_keys
from tests.journeys.cashier import Cashier
from tests.real_shop import OIL
from ui.key_map import cap_of
from ui.kit.buttons import KitButton
from ui.kit.text import KeyHint
from ui.navigation import (
    Destination,
    ToPayment,
    ToRefund,
    ToSettings,
    ToShift,
    ToShiftClose,
    ToTill,
)

pytestmark = pytest.mark.journey
MOVED = [action for action in Action if action not in FIXED]
_FREE = [f"{held}F{number}" for held in ("", "Shift+", "Ctrl+") for number in range(13, 25)]
STRANGE = KeyChoice(
    "standard", tuple(OwnKey(act.value, key) for act, key in zip(MOVED, _FREE, strict=False))
)
"""Every act that can be moved is on a key that no keyboard has: another one on a label is wrong."""
ROOMS = [ToTill(), ToPayment(), ToRefund(), ToShift(), ToShiftClose(), ToSettings()]


def hints(root: QWidget) -> Iterator[str]:
    """Every key that something on the screen names."""
    for widget in root.findChildren(QWidget):
        if not widget.isVisible():
            continue
        if isinstance(widget, KitButton) and widget.hint:
            yield widget.hint
        if isinstance(widget, KeyHint) and widget.text:
            yield widget.text


def choose(cashier: Cashier, choice: KeyChoice) -> None:
    """The manager chooses the keys; then the cashier is at the till again."""
    cashier.shop.sign_in("王芳")
    answer = cashier.shop.do(use_keys, choice=choice)
    assert isinstance(answer, KeysChanged)
    cashier.handle.parts.live.adopt(answer.state)
    cashier.settle()


@pytest.mark.parametrize("room", ROOMS, ids=lambda room: type(room).__name__)
def test_no_screen_names_a_key_that_is_not_in_force(cashier: Cashier, room: Destination) -> None:
    cashier.scan(cashier.shop.cards["张三丰"])
    cashier.scan(OIL)
    navigation = cashier.handle.parts.navigation
    navigation.go(room)
    cashier.settle()
    named_before = set(hints(cashier.window))
    choose(cashier, STRANGE)
    gone = {cap_of(key) for act in MOVED for key in STANDARD[act]} - {"Del"}
    named = set(hints(cashier.window))
    assert not gone & named
    assert len(named) == len(named_before)
    controller = navigation.current
    assert controller is not None
    assert all(cashier.handle.parts.keys.hint(each.action) for each in controller.key_actions())

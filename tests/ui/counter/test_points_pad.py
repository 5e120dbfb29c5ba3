"""Another number of points, chosen by touch alone."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from tests.real_shop import APPLE_LABEL, MILK, OIL, TOWEL
from tests.ui.counter.test_layout import look, troubles
from tests.ui.opened import Opened
from ui.payment.controller import PaymentController
from ui.payment.points_dialog import PointsDialog
from ui.theme.theme import Theme
from ui.theme.tokens import Scheme

_NONE = Qt.KeyboardModifier.NoModifier


def asked(counter: Opened) -> PointsDialog:
    """The story's basket at the payment, the dialog open."""
    counter.scan(counter.shop.cards["张三丰"])
    for code in (MILK, APPLE_LABEL, TOWEL, TOWEL, OIL):
        counter.shop.clock.go_on(milliseconds=1_000)
        counter.scan(code)
    counter.press(Qt.Key.Key_F9)
    current = counter.handle.parts.navigation.current
    assert isinstance(current, PaymentController)
    current.points.edit()
    dialog = current.points.dialog
    assert dialog is not None
    counter.settle()
    return dialog


def tap(counter: Opened, button: QWidget) -> None:
    place = button.mapTo(counter.window, button.rect().center())
    QTest.mouseClick(counter.window.windowHandle(), Qt.MouseButton.LeftButton, _NONE, place)
    counter.settle()


def test_points_are_typed_and_used_without_a_keyboard(counter: Opened) -> None:
    dialog = asked(counter)
    for figure in ("1", "0", "0", "5", "back", "0"):
        tap(counter, dialog.keypad.key(figure))
    assert dialog.field.text() == "1000"
    assert dialog.field.hasFocus()
    tap(counter, dialog.keypad.key("confirm"))
    assert counter.state.totals.points_used == 1_000
    assert not dialog.is_open


@pytest.mark.parametrize("language", ["zh_CN", "en"])
@pytest.mark.parametrize("scale_percent", [100, 150])
def test_the_pad_fits_the_smallest_window(
    counter: Opened, language: str, scale_percent: int
) -> None:
    look(counter, language, scale_percent)
    dialog = asked(counter)
    try:
        assert troubles(dialog) == {}
        assert dialog.frame.geometry().top() >= 0
        assert dialog.frame.geometry().bottom() < counter.window.height()
    finally:
        Theme.current().use(scheme=Scheme.LIGHT, scale_percent=100)

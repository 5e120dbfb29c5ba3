"""The refund screen and the approval panel walked at the smallest window and the largest text.

Nothing is cut, nothing sticks out, everything has a name, a size for a finger and a way by Tab.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import get_args

import pytest
from PySide6.QtWidgets import QWidget

from app.domain.settings import Language
from tests.journeys.cashier import Cashier
from tests.screens import scenes_refund
from tests.screens.scene import Scene, WaitingTerminal
from tests.ui import walking
from ui.approval.controller import ApprovalController
from ui.kit.text import ElidedText
from ui.refund.screen import RefundScreen
from ui.theme.theme import Theme
from ui.theme.tokens import Scheme

pytestmark = pytest.mark.journey

STATES: dict[str, Callable[[Scene], object]] = {
    "empty": scenes_refund.empty,
    "last sales": scenes_refund.last_sales,
    "one back": scenes_refund.one_back,
    "no reason": scenes_refund.no_reason,
    "points owed": scenes_refund.points_owed,
    "back already": scenes_refund.back_already,
    "sold elsewhere": scenes_refund.sold_elsewhere,
    "without a receipt": scenes_refund.without_receipt,
    "exchange": scenes_refund.exchange,
    "done": scenes_refund.done_in_cash,
    "approval": scenes_refund.approval,
}


def in_front(cashier: Cashier) -> QWidget:
    dialog = cashier.handle.parts.navigation.dialog
    if isinstance(dialog, ApprovalController):
        return dialog.panel
    current = cashier.handle.parts.navigation.current
    assert current is not None
    return current.widget


@pytest.mark.parametrize("language", get_args(Language))
@pytest.mark.parametrize("state", STATES)
def test_a_screen_keeps_every_word_and_every_way(
    cashier: Cashier, state: str, language: Language
) -> None:
    cashier.window.resize(1024, 768)
    Theme.current().use(scheme=Scheme.LIGHT, scale_percent=150)
    cashier.handle.parts.language.use(language)
    STATES[state](Scene(cashier, language, WaitingTerminal()))
    cashier.settle()
    root = in_front(cashier)
    found = {
        "clipped": walking.clipped(root),
        "outside": walking.outside(root),
        "nameless": walking.nameless(root),
        "too small": walking.too_small(root),
        "unreachable": walking.unreachable(root),
    }
    assert {kind: which for kind, which in found.items() if which} == {}


@pytest.mark.parametrize("language", get_args(Language))
def test_large_text_at_the_small_window_keeps_the_receipt_and_its_amount(
    cashier: Cashier, language: Language
) -> None:
    cashier.window.resize(1024, 768)
    Theme.current().use(scheme=Scheme.LIGHT, scale_percent=150)
    cashier.handle.parts.language.use(language)
    scenes_refund.one_back(Scene(cashier, language, WaitingTerminal()))
    cashier.settle()
    screen = in_front(cashier)
    assert isinstance(screen, RefundScreen)
    number = screen.field.edit
    assert number.fontMetrics().horizontalAdvance(number.text()) <= number.width()
    said = [text.text() for text in screen.findChildren(ElidedText) if text.isVisible()]
    assert any(text.endswith("¥148.86") for text in said), said
    assert any(text.endswith(("11-28", "Nov 28")) for text in said), said

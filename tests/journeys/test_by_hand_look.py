"""Dialogs of what is done by hand: named, large enough, never cut, deaf to a scan's Enter."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit

from tests.journeys.cashier import Cashier
from tests.real_shop import MILK
from tests.screens import scenes_by_hand as scenes
from tests.screens.scene import TILL_SIZES, Scene, WaitingTerminal, draw
from tests.ui import walking
from ui.application import Application
from ui.discount.dialog import DiscountDialog
from ui.holds.dialog import DifferencesDialog, HoldsDialog
from ui.kit.dialogs import KitDialog
from ui.till.more_dialog import MoreDialog
from ui.void.dialog import VoidDialog

pytestmark = pytest.mark.journey
SCALES = (100, 150)
DIALOGS: dict[str, tuple[type[KitDialog], Callable[[Scene], object]]] = {
    "discount": (DiscountDialog, scenes.discount_typed),
    "discount given before": (DiscountDialog, scenes.given_before),
    "discount refused": (DiscountDialog, scenes.discount_refused),
    "reasons": (DiscountDialog, scenes.own_words),
    "held sales": (HoldsDialog, scenes.holds),
    "no held sale": (HoldsDialog, scenes.holds_empty),
    "other prices": (DifferencesDialog, scenes.other_prices),
    "void": (VoidDialog, scenes.void_words),
    "more": (MoreDialog, scenes.more),
}


def arranged(cashier: Cashier, name: str) -> KitDialog:
    """The dialog as the pictures show it."""
    kind, arrange = DIALOGS[name]
    arrange(Scene(cashier, "zh_CN", WaitingTerminal()))
    (dialog,) = cashier.shown(kind)
    return dialog


@pytest.mark.parametrize("name", DIALOGS)
def test_every_target_has_a_name_and_a_size_and_is_reached_by_tab(
    cashier: Cashier, name: str
) -> None:
    dialog = arranged(cashier, name)
    assert walking.nameless(dialog) == []
    assert walking.too_small(dialog) == []
    assert walking.unreachable(dialog) == []


@pytest.mark.parametrize("name", DIALOGS)
def test_no_word_is_cut_and_nothing_sticks_out(
    cashier: Cashier, application: Application, name: str
) -> None:
    dialog = arranged(cashier, name)
    cut = []
    for scale in SCALES:
        application.theme.use(scale_percent=scale)
        for language in ("zh_CN", "en"):
            cashier.handle.parts.language.use(language)
            for size in TILL_SIZES:
                cashier.window.resize(*size)
                draw()
                place = f"{language} {scale} {size}"
                cut += [f"{place}: {found}" for found in walking.clipped(dialog)]
                cut += [f"{place} outside: {found}" for found in walking.outside(dialog)]
    assert cut == []


@pytest.mark.parametrize("name", DIALOGS)
def test_a_scan_closes_no_dialog_and_leaves_no_text(cashier: Cashier, name: str) -> None:
    dialog = arranged(cashier, name)
    typed = [edit.text() for edit in dialog.findChildren(QLineEdit)]
    before, held = len(cashier.state.lines), cashier.state.holds
    cashier.scan(MILK)
    assert dialog.is_open
    assert [edit.text() for edit in dialog.findChildren(QLineEdit)] == typed
    assert cashier.state.holds == held
    takes_no_goods = isinstance(dialog, VoidDialog)
    grown = sum(line.quantity.thousandths for line in cashier.state.lines) > 0
    assert len(cashier.state.lines) == before if takes_no_goods else grown


@pytest.mark.parametrize("name", DIALOGS)
def test_esc_gives_the_input_line_its_focus_back(cashier: Cashier, name: str) -> None:
    arranged(cashier, name)
    for _ in range(2):  # out of the reasons, out of the dialog
        if list(cashier.shown(KitDialog)):
            cashier.press(Qt.Key.Key_Escape)
    assert not list(cashier.shown(KitDialog))
    assert cashier.window.focusWidget() is cashier.till.screen.input.edit

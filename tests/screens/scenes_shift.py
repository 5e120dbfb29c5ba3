"""Scenes of the shift: opening, the drawer, X, counting, comparing, the Z.

Owns: how each of them comes about, by what a person does. Does not own: opening the window.
"""

from __future__ import annotations

import msgspec
from PySide6.QtCore import Qt

from app.domain.money import Money
from app.services.hold import hold_sale
from app.services.shift_close import close_shift, count_cash
from app.services.staff import sign_out
from tests.journeys.cashier import FLOAT
from tests.real_shop import MILK, OIL, TOWEL
from tests.screens.scene import TILL_SIZES, Scene, Shot
from ui.approval.panel import ApprovalPanel
from ui.navigation import ToShift, ToShiftClose, ToShiftOpen
from ui.shift.amount_dialog import AmountDialog
from ui.shift.drawer_dialog import DrawerDialog
from ui.shift.reason_dialog import ReasonDialog

Key = Qt.Key
_CONTROL = Qt.KeyboardModifier.ControlModifier
PIECES = ("4", "1", "4", "4", "4", "6", "1", "4")
"""596.90: the float and one sale in cash."""


def closed_before(scene: Scene) -> None:
    """The last shift was closed with 450.00 left; the next cashier signs in."""
    shop = scene.cashier.shop
    scene.cashier.settle()
    shop.do(count_cash, typed=FLOAT)
    shop.do(close_shift, left=Money(45000))
    _sign_in_again(scene, "张敏")


def _sign_in_again(scene: Scene, name: str) -> None:
    answer = scene.cashier.shop.do(sign_out)
    scene.cashier.handle.parts.live.adopt(answer.state)
    scene.cashier.scan(scene.cashier.shop.badges[name])


def counted_float(scene: Scene) -> None:
    closed_before(scene)
    scene.cashier.press(Key.Key_F2)
    _count(scene, ("4", "", "2", "", "", "7"))


def float_reason(scene: Scene) -> None:
    counted_float(scene)
    scene.cashier.press(Key.Key_Return)
    scene.cashier.press(Key.Key_Return)
    scene.cashier.press(Key.Key_Return)


def wrong_pieces(scene: Scene) -> None:
    closed_before(scene)
    scene.cashier.press(Key.Key_F2)
    _count(scene, ("4", "12a", "-3", "10000"))


def not_shared(scene: Scene) -> None:
    """A shop where everybody has a shift of his own."""
    shop = scene.cashier.shop
    settings = shop.shop.desk.state.settings
    shop.use_settings(msgspec.structs.replace(settings, shift_shared=False))
    _sign_in_again(scene, "张敏")


def not_shared_manager(scene: Scene) -> None:
    not_shared(scene)
    _sign_in_again(scene, "王芳")


def drawer(scene: Scene) -> None:
    scene.cashier.press(Key.Key_F10)


def drawer_approval(scene: Scene) -> None:
    drawer(scene)
    scene.cashier.type("1")


def cash_out(scene: Scene) -> None:
    drawer(scene)
    scene.cashier.type("6")
    scene.cashier.type("80")


def cash_reason(scene: Scene) -> None:
    cash_out(scene)
    scene.cashier.press(Key.Key_Return)


def overview(scene: Scene) -> None:
    closed_before(scene)
    scene.cashier.press(Key.Key_Return)
    scene.cashier.press(Key.Key_J, _CONTROL)


def x_report(scene: Scene) -> None:
    """A manager's: the figures of an open shift are not for who counts."""
    _sell(scene)
    _sign_in_again(scene, "王芳")
    scene.cashier.press(Key.Key_J, _CONTROL)
    scene.cashier.type("2")


def counting(scene: Scene) -> None:
    _sell(scene)
    _to_close(scene)
    _count(scene, PIECES[:5])


def basket_in_the_way(scene: Scene) -> None:
    scene.cashier.scan(MILK)
    _to_close(scene)


def checked(scene: Scene) -> None:
    _sell(scene)
    _to_close(scene)
    _count(scene, PIECES)
    scene.cashier.press(Key.Key_Return)


def checked_short(scene: Scene) -> None:
    """Counted twice, 50.00 short, and a sale is held."""
    _sell(scene)
    scene.cashier.scan(TOWEL)
    held = scene.cashier.shop.do(hold_sale)
    scene.cashier.handle.parts.live.adopt(held.state)
    _to_close(scene)
    for again in (False, True):
        if again:
            scene.cashier.press(Key.Key_F2)
        _count(scene, ("4", "", *PIECES[2:]))
        scene.cashier.press(Key.Key_Return)


def difference_reason(scene: Scene) -> None:
    checked_short(scene)
    scene.cashier.press(Key.Key_Return)


def closed(scene: Scene) -> None:
    checked(scene)
    scene.cashier.press(Key.Key_Return)


def _sell(scene: Scene) -> None:
    for code in (MILK, TOWEL, OIL):
        scene.cashier.scan(code)
    scene.cashier.press(Key.Key_F9)
    scene.cashier.press(Key.Key_F9)
    scene.cashier.press(Key.Key_Return)


def _to_close(scene: Scene) -> None:
    scene.cashier.press(Key.Key_J, _CONTROL)
    scene.cashier.press(Key.Key_Return)


def _count(scene: Scene, pieces: tuple[str, ...]) -> None:
    for figures in pieces:
        scene.cashier.type(figures)
        scene.cashier.press(Key.Key_Return)


SHOTS = (
    Shot("shift", "open", closed_before, ToShiftOpen, TILL_SIZES),
    Shot("shift", "open-counted", counted_float, ToShiftOpen, TILL_SIZES),
    Shot("shift", "open-reason", float_reason, ReasonDialog),
    Shot("shift", "open-wrong", wrong_pieces, ToShiftOpen),
    Shot("shift", "open-wrong-150", wrong_pieces, ToShiftOpen, TILL_SIZES, scale_percent=150),
    Shot("shift", "open-150", closed_before, ToShiftOpen, TILL_SIZES[:2], scale_percent=150),
    Shot("shift", "of-another", not_shared, ToShiftOpen),
    Shot("shift", "take-over", not_shared_manager, ToShiftOpen),
    Shot("shift", "drawer", drawer, DrawerDialog, TILL_SIZES[:2]),
    Shot("shift", "drawer-approval", drawer_approval, ApprovalPanel),
    Shot("shift", "cash-out", cash_out, AmountDialog, TILL_SIZES[:2]),
    Shot("shift", "cash-out-150", cash_out, AmountDialog, TILL_SIZES[:2], scale_percent=150),
    Shot("shift", "cash-reason", cash_reason, ReasonDialog),
    Shot("shift", "overview", overview, ToShift, TILL_SIZES),
    Shot("shift", "overview-150", overview, ToShift, TILL_SIZES[:2], scale_percent=150),
    Shot("shift", "x-report", x_report, ToShift, TILL_SIZES),
    Shot("shift", "counting", counting, ToShiftClose, TILL_SIZES),
    Shot("shift", "counting-150", counting, ToShiftClose, TILL_SIZES, scale_percent=150),
    Shot("shift", "basket-in-the-way", basket_in_the_way, ToShiftClose),
    Shot("shift", "checked", checked, ToShiftClose, TILL_SIZES),
    Shot("shift", "checked-short", checked_short, ToShiftClose, TILL_SIZES),
    Shot("shift", "checked-150", checked_short, ToShiftClose, TILL_SIZES, scale_percent=150),
    Shot("shift", "difference-reason", difference_reason, ReasonDialog),
    Shot("shift", "closed", closed, ToShiftClose, TILL_SIZES),
    Shot("shift", "closed-150", closed, ToShiftClose, TILL_SIZES[:2], scale_percent=150),
)

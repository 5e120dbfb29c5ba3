"""Scenes of taking money and of the finished sale.

Owns: how each of them comes about, by what a cashier does. Does not own: opening the window.
"""

from __future__ import annotations

from PySide6.QtCore import Qt

from tests.real_shop import MILK, OIL
from tests.screens.scene import TILL_SIZES, Scene, Shot
from tests.screens.scenes_till import story, walk_in
from tests.ui.real_window import let_run
from ui.help.dialog import HelpDialog
from ui.kit.dialogs import ConfirmDialog
from ui.navigation import ToPayment, ToReceipt, ToTill
from ui.payment.controller import PaymentController
from ui.payment.points_dialog import PointsDialog

Key = Qt.Key
ALT = Qt.KeyboardModifier.AltModifier
PAID, DECLINED, LOST = "134567890123456788", "134567890123456701", "134567890123456704"


def pay(scene: Scene) -> None:
    story(scene)
    scene.cashier.press(Key.Key_F9)


def pay_walk_in(scene: Scene) -> None:
    walk_in(scene)
    scene.cashier.press(Key.Key_F9)


def with_points(scene: Scene) -> None:
    pay(scene)
    scene.cashier.press(Key.Key_F6)


def cash(scene: Scene) -> None:
    with_points(scene)
    scene.cashier.type("120")


def too_little(scene: Scene) -> None:
    with_points(scene)
    scene.cashier.type("50")
    scene.cashier.press(Key.Key_Return)


def unlikely(scene: Scene) -> None:
    with_points(scene)
    scene.cashier.type("12000")
    scene.cashier.press(Key.Key_Return)


def points_number(scene: Scene) -> None:
    pay(scene)
    current = scene.cashier.handle.parts.navigation.current
    assert isinstance(current, PaymentController)
    current.points.edit()


def points_refused(scene: Scene) -> None:
    points_number(scene)
    scene.cashier.type("99999")
    scene.cashier.press(Key.Key_Return)


def by_code(scene: Scene) -> None:
    pay(scene)
    scene.cashier.press(Key.Key_2, ALT)


def processing(scene: Scene) -> None:
    story(scene)
    scene.cashier.scan(PAID, settle=False)
    let_run(1_300)


def declined(scene: Scene) -> None:
    story(scene)
    scene.cashier.scan(DECLINED)


def unknown(scene: Scene) -> None:
    story(scene)
    scene.cashier.scan(LOST)


def set_aside(scene: Scene) -> None:
    unknown(scene)
    scene.cashier.press(Key.Key_Escape)
    scene.cashier.tap_named(scene.say("改用现金", "Use cash instead"))


def by_hand(scene: Scene) -> None:
    pay(scene)
    scene.cashier.press(Key.Key_3, ALT)
    scene.cashier.press(Key.Key_Return)


def split(scene: Scene) -> None:
    pay(scene)
    scene.cashier.press(Key.Key_4, ALT)
    scene.cashier.type("50")


def part_taken(scene: Scene) -> None:
    split(scene)
    scene.cashier.press(Key.Key_Return)


def parts_taken(scene: Scene) -> None:
    """Cash, a phone, and the next part typed for the card."""
    part_taken(scene)
    scene.cashier.type("30")
    scene.cashier.scan(PAID)
    scene.cashier.press(Key.Key_3, ALT)
    scene.cashier.type("20")


def many_parts(scene: Scene) -> None:
    part_taken(scene)
    for amount in ("10", "12.50", "8"):
        scene.cashier.type(amount)
        scene.cashier.press(Key.Key_Return)


def part_declined(scene: Scene) -> None:
    part_taken(scene)
    scene.cashier.type("30")
    scene.cashier.scan(DECLINED)


def part_back(scene: Scene) -> None:
    part_taken(scene)
    scene.cashier.press(Key.Key_Delete)


def part_went_back(scene: Scene) -> None:
    part_back(scene)
    scene.cashier.press(Key.Key_Return, Qt.KeyboardModifier.ControlModifier)


def part_back_unknown(scene: Scene) -> None:
    """The bank loses every answer about 10.03; the money was taken and is asked back."""
    part_taken(scene)
    scene.cashier.type("10.03")
    scene.cashier.scan(PAID)
    scene.cashier.press(Key.Key_Delete)
    scene.cashier.press(Key.Key_Return, Qt.KeyboardModifier.ControlModifier)


def till_with_part(scene: Scene) -> None:
    part_taken(scene)
    scene.cashier.press(Key.Key_Escape)


def keys(scene: Scene) -> None:
    pay(scene)
    scene.cashier.press(Key.Key_F1)
    scene.cashier.press(Key.Key_F1)


def done(scene: Scene) -> None:
    cash(scene)
    scene.cashier.press(Key.Key_Return)


def done_by_code(scene: Scene) -> None:
    story(scene)
    scene.cashier.scan(PAID)


def done_walk_in(scene: Scene) -> None:
    pay_walk_in(scene)
    scene.cashier.press(Key.Key_F9)


def tier_up(scene: Scene) -> None:
    """Silver begins at 2,000; 陈静 has spent nothing yet."""
    scene.cashier.scan(scene.cashier.shop.cards["陈静"])
    scene.cashier.type("40*")
    scene.cashier.scan(OIL)
    scene.cashier.press(Key.Key_F9)
    scene.cashier.press(Key.Key_F9)


def no_printer(scene: Scene) -> None:
    folder = scene.cashier.at_till.printer.folder
    folder.rmdir()
    scene.cashier.scan(MILK)
    scene.cashier.press(Key.Key_F9)
    scene.cashier.press(Key.Key_F9)
    scene.cashier.at_till.printer.queue.wait_until_idle(10)
    let_run(1_100)


def reprint(scene: Scene) -> None:
    done(scene)
    scene.cashier.press(Key.Key_Escape)
    scene.cashier.handle.parts.navigation.go(ToReceipt())
    scene.cashier.settle()


SHOTS = (
    Shot("payment", "story", pay, ToPayment, TILL_SIZES[:2]),
    Shot("payment", "walk-in", pay_walk_in, ToPayment),
    Shot("payment", "points", with_points, ToPayment),
    Shot("payment", "cash", cash, ToPayment, TILL_SIZES[:2]),
    Shot("payment", "cash-150", cash, ToPayment, TILL_SIZES[:2], scale_percent=150),
    Shot("payment", "too-little", too_little, ToPayment),
    Shot("payment", "unlikely-amount", unlikely, ConfirmDialog),
    Shot("payment", "points-number", points_number, PointsDialog),
    Shot("payment", "points-refused", points_refused, PointsDialog),
    Shot("payment", "by-code", by_code, ToPayment),
    Shot("payment", "processing", processing, ToPayment, room="waiting"),
    Shot("payment", "declined", declined, ToPayment),
    Shot("payment", "unknown", unknown, ToPayment, TILL_SIZES[:2]),
    Shot("payment", "set-aside", set_aside, ToPayment),
    Shot("payment", "by-hand", by_hand, ToPayment),
    Shot("payment", "split", split, ToPayment, TILL_SIZES[:2]),
    Shot("payment", "part-taken", part_taken, ToPayment),
    Shot("payment", "parts-taken", parts_taken, ToPayment, TILL_SIZES[:2]),
    Shot("payment", "parts-taken-150", parts_taken, ToPayment, scale_percent=150),
    Shot("payment", "many-parts", many_parts, ToPayment),
    Shot("payment", "part-declined", part_declined, ToPayment),
    Shot("payment", "part-back", part_back, ConfirmDialog),
    Shot("payment", "part-went-back", part_went_back, ToPayment),
    Shot("payment", "part-back-unknown", part_back_unknown, ToPayment),
    Shot("till", "part-paid", till_with_part, ToTill, TILL_SIZES[:2]),
    Shot("keys", "payment", keys, HelpDialog),
    Shot("receipt", "story", done, ToReceipt, TILL_SIZES[:2]),
    Shot("receipt", "by-code", done_by_code, ToReceipt),
    Shot("receipt", "walk-in", done_walk_in, ToReceipt),
    Shot("receipt", "tier-up", tier_up, ToReceipt),
    Shot("receipt", "printer-missing", no_printer, ToReceipt),
    Shot("receipt", "copy", reprint, ToReceipt),
    Shot("receipt", "story-150", done, ToReceipt, scale_percent=150),
)

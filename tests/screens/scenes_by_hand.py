"""Scenes of what is done by hand: discounts, the yes to them, held sales, voiding, more acts.

Owns: how each of them comes about, by what a cashier does. Does not own: opening the window.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from PySide6.QtCore import Qt

from app.domain.money import Money
from tests.real_shop import APPLE_LABEL, MILK, OIL, TOWEL
from tests.screens.scene import TILL_SIZES, Scene, Shot
from tests.screens.scenes_till import story, walk_in
from ui.approval.panel import ApprovalPanel
from ui.discount.dialog import DiscountDialog
from ui.holds.dialog import DifferencesDialog, HoldsDialog
from ui.navigation import ToTill
from ui.till.more_dialog import MoreDialog
from ui.void.dialog import VoidDialog
from ui.why.sheet import WhySheet

Key = Qt.Key
SHIFT = Qt.KeyboardModifier.ShiftModifier
HOURS_MS = 3_600_000


def discount(scene: Scene) -> None:
    story(scene)
    scene.cashier.press(Key.Key_F7)


def discount_typed(scene: Scene) -> None:
    discount(scene)
    scene.cashier.type("95")


def discount_refused(scene: Scene) -> None:
    discount(scene)
    scene.cashier.type("100")
    scene.cashier.press(Key.Key_Return)


def discount_no_line(scene: Scene) -> None:
    """The selected line has no price yet."""
    story(scene)
    scene.cashier.scan("6901028000888")
    scene.cashier.press(Key.Key_F7)


def price_reason(scene: Scene) -> None:
    discount(scene)
    scene.cashier.press(Key.Key_Up)
    scene.cashier.type("50")
    scene.cashier.press(Key.Key_Return)


def own_words(scene: Scene) -> None:
    price_reason(scene)
    scene.cashier.type("3")
    scene.cashier.press(Key.Key_Return)


def beyond_the_limit(scene: Scene) -> None:
    discount(scene)
    scene.cashier.type("80")
    scene.cashier.press(Key.Key_Return)
    scene.cashier.type("1")


def given(scene: Scene) -> None:
    """A line discount and one of the whole sale, said where they were given."""
    discount(scene)
    scene.cashier.press(Key.Key_Down)
    scene.cashier.press(Key.Key_Down)
    scene.cashier.type("9")
    scene.cashier.press(Key.Key_Return)
    scene.cashier.press(Key.Key_F7)
    scene.cashier.type("95")
    scene.cashier.press(Key.Key_Return)


def given_before(scene: Scene) -> None:
    given(scene)
    scene.cashier.press(Key.Key_F7)


def why_by_hand(scene: Scene) -> None:
    given(scene)
    scene.cashier.type("?")


def held(scene: Scene) -> None:
    story(scene)
    scene.cashier.press(Key.Key_F4)


def several_held(scene: Scene) -> None:
    """One of yesterday, one of a member, one of a walk-in."""
    cashier = scene.cashier
    walk_in(scene)
    cashier.press(Key.Key_F4)
    cashier.shop.clock.go_on(milliseconds=21 * HOURS_MS)
    cashier.scan(cashier.shop.badges["李明"])
    story(scene)
    cashier.press(Key.Key_F4)
    cashier.scan(MILK)
    cashier.press(Key.Key_F4)


def holds(scene: Scene) -> None:
    several_held(scene)
    scene.cashier.press(Key.Key_F5)


def holds_empty(scene: Scene) -> None:
    scene.cashier.till.hold_acts.show_list()
    scene.cashier.settle()


def holds_in_the_way(scene: Scene) -> None:
    several_held(scene)
    scene.cashier.scan(OIL)
    holds_empty(scene)


def other_prices(scene: Scene) -> None:
    """The price list changes while a sale is held."""
    several = (MILK, APPLE_LABEL, TOWEL, OIL)
    scene.cashier.scan(scene.cashier.shop.cards["张三丰"])
    for code in several:
        scene.cashier.scan(code)
    scene.cashier.press(Key.Key_F4)

    def dearer(work: Any) -> None:
        for sku, minor in (("milk", 6200), ("towel", 1790)):
            work.products.put(replace(work.products.get(sku), unit_price=Money(minor)))

    scene.cashier.shop.store.lane.submit(dearer).result()
    scene.cashier.press(Key.Key_F5)


def void(scene: Scene) -> None:
    story(scene)
    scene.cashier.press(Key.Key_Delete, SHIFT)
    scene.cashier.type("1")


def void_words(scene: Scene) -> None:
    void(scene)
    scene.cashier.type("3")


def more(scene: Scene) -> None:
    story(scene)
    scene.cashier.till._keys.show_more()


SHOTS = (
    Shot("discount", "begin", discount, DiscountDialog, TILL_SIZES),
    Shot("discount", "begin-150", discount, DiscountDialog, TILL_SIZES, scale_percent=150),
    Shot("discount", "typed", discount_typed, DiscountDialog),
    Shot("discount", "refused", discount_refused, DiscountDialog),
    Shot("discount", "no-line", discount_no_line, DiscountDialog),
    Shot("discount", "reason", price_reason, DiscountDialog),
    Shot("discount", "own-words", own_words, DiscountDialog),
    Shot("discount", "own-words-150", own_words, DiscountDialog, TILL_SIZES[:2], scale_percent=150),
    Shot("discount", "approval", beyond_the_limit, ApprovalPanel),
    Shot("discount", "given", given, ToTill, TILL_SIZES[:2]),
    Shot("discount", "given-before", given_before, DiscountDialog),
    Shot("discount", "why", why_by_hand, WhySheet),
    Shot("holds", "held", held, ToTill, TILL_SIZES[:2]),
    Shot("holds", "several", holds, HoldsDialog, TILL_SIZES),
    Shot("holds", "several-150", holds, HoldsDialog, TILL_SIZES[:2], scale_percent=150),
    Shot("holds", "empty", holds_empty, HoldsDialog),
    Shot("holds", "goods-in-the-way", holds_in_the_way, HoldsDialog),
    Shot("holds", "other-prices", other_prices, DifferencesDialog, TILL_SIZES[:2]),
    Shot("void", "reason", void, VoidDialog, TILL_SIZES[:2]),
    Shot("void", "own-words", void_words, VoidDialog),
    Shot("void", "reason-150", void, VoidDialog, TILL_SIZES[:2], scale_percent=150),
    Shot("more", "story", more, MoreDialog, TILL_SIZES[:2]),
    Shot("more", "story-150", more, MoreDialog, TILL_SIZES[:2], scale_percent=150),
)

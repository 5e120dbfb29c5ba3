"""Scenes before the till: set-up, sign-in and lock, and a store that cannot be opened.

Owns: how each of them comes about, by what a person does. Does not own: opening the window.
"""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit

from app.services.staff import NewStaff, put_new_staff
from app.store.unit_of_work import UnitOfWork
from tests.real_shop import MILK, TOWEL
from tests.screens.scene import TILL_SIZES, Scene, Shot
from ui.navigation import ToSetup, ToSignIn
from ui.setup.controller import SetupController
from ui.trouble.window import TroubleWindow

Key = Qt.Key


def _setup(scene: Scene) -> SetupController:
    controller = scene.cashier.handle.parts.navigation.current
    assert isinstance(controller, SetupController)
    return controller


def _fill(scene: Scene, *texts: str) -> None:
    """Type into one field after the other, then Enter."""
    for place, text in enumerate(texts):
        if place:
            scene.cashier.press(Key.Key_Tab)
        field = scene.cashier.window.focusWidget()
        assert isinstance(field, QLineEdit)
        field.setText(text)  # names come by an input method, not by keys
        field.textEdited.emit(text)
    scene.cashier.press(Key.Key_Return)


def _is_at(scene: Scene, step: str) -> None:
    assert _setup(scene)._route.step == step, _setup(scene)._route.step


def to_store(scene: Scene) -> None:
    scene.cashier.press(Key.Key_Return)


def store_without_name(scene: Scene) -> None:
    to_store(scene)
    scene.cashier.press(Key.Key_Return)


def to_manager(scene: Scene) -> None:
    to_store(scene)
    address = scene.say("人民路 118 号", "118 Renmin Road")
    _fill(scene, scene.say("人民路店", "Renmin Road"), address)
    _is_at(scene, "manager")


def weak_pin(scene: Scene) -> None:
    to_manager(scene)
    _fill(scene, scene.say("王芳", "Wang Fang"), "1234", "1234")


def pins_differ(scene: Scene) -> None:
    to_manager(scene)
    _fill(scene, scene.say("王芳", "Wang Fang"), "9513", "9531")


def to_rules(scene: Scene) -> None:
    to_manager(scene)
    _fill(scene, scene.say("王芳", "Wang Fang"), "9513", "9513")
    _is_at(scene, "rules")


def to_recovery(scene: Scene) -> None:
    to_rules(scene)
    scene.cashier.press(Key.Key_Return)
    _is_at(scene, "recovery")


def wrong_code(scene: Scene) -> None:
    to_recovery(scene)
    _fill(scene, "AAAAA-BBBBB-CCCCC-DDDDD-EEEEE")


def to_done(scene: Scene) -> None:
    to_recovery(scene)
    _fill(scene, _setup(scene)._code())
    _is_at(scene, "done")


# ------------------------------------------------------------------ signing in


def some_figures(scene: Scene) -> None:
    scene.cashier.type("951")


def wrong_pin(scene: Scene) -> None:
    scene.cashier.tap(next(iter(scene.cashier.shown(_tile()))))
    scene.cashier.type("9512")
    scene.cashier.press(Key.Key_Return)


def wait_first(scene: Scene) -> None:
    for _ in range(4):
        scene.cashier.shop.clock.go_on(milliseconds=20_000)
        scene.cashier.handle.parts.navigation.go(ToSignIn())
        scene.cashier.settle()
        scene.cashier.type("9512")
        scene.cashier.press(Key.Key_Return)


def locked_out(scene: Scene) -> None:
    for _ in range(8):
        scene.cashier.shop.clock.go_on(milliseconds=20_000)
        scene.cashier.handle.parts.navigation.go(ToSignIn())
        scene.cashier.settle()
        scene.cashier.type("9512")
        scene.cashier.press(Key.Key_Return)


def unknown_badge(scene: Scene) -> None:
    badge = scene.cashier.shop.badges["李明"]
    swapped = badge[0] + badge[2] + badge[1] + badge[3:]
    scene.cashier.scan(swapped if swapped != badge else badge[:-1] + "0")


def locked_with_basket(scene: Scene) -> None:
    scene.cashier.scan(scene.cashier.shop.badges["李明"])
    scene.cashier.scan(MILK)
    scene.cashier.scan(TOWEL)
    scene.cashier.press(Key.Key_F12)


def _tile() -> type:
    from ui.sign_in.screen import PersonTile

    return PersonTile


def two_zhangs(scene: Scene) -> None:
    name = scene.say("张磊", "Zhang Lei")
    scene.cashier.shop.do(put_new_staff, person=NewStaff(name, "cashier", "4826"))
    scene.cashier.handle.parts.navigation.go(ToSignIn())
    scene.cashier.settle()


def cannot_open(scene: Scene) -> None:
    """The open basket is cut off in the file; the till is opened again."""

    def cut_off(work: UnitOfWork) -> None:
        work.connection.exec_driver_sql("UPDATE basket SET data = ?", (b'{"basket_id"',))

    scene.cashier.shop.store.lane.submit(cut_off).result()
    scene.cashier.handle.start()
    scene.cashier.settle()


def nothing(scene: Scene) -> None:
    """As it opens."""


SHOTS = (
    Shot("setup", "1-language", nothing, ToSetup, room="new"),
    Shot("setup", "2-store", to_store, ToSetup, room="new"),
    Shot("setup", "2-store-without-name", store_without_name, ToSetup, room="new"),
    Shot("setup", "3-manager", to_manager, ToSetup, room="new"),
    Shot("setup", "3-manager-weak-pin", weak_pin, ToSetup, room="new"),
    Shot("setup", "3-manager-pins-differ", pins_differ, ToSetup, room="new"),
    Shot("setup", "4-rules", to_rules, ToSetup, room="new"),
    Shot("setup", "5-recovery", to_recovery, ToSetup, room="new"),
    Shot("setup", "5-recovery-wrong", wrong_code, ToSetup, room="new"),
    Shot("setup", "6-done", to_done, ToSetup, room="new"),
    Shot("signin", "choose", nothing, ToSignIn, TILL_SIZES[:2], signs_in=False),
    Shot("signin", "two-zhangs", two_zhangs, ToSignIn, signs_in=False),
    Shot("signin", "typing", some_figures, ToSignIn, signs_in=False),
    Shot("signin", "wrong-pin", wrong_pin, ToSignIn, signs_in=False),
    Shot("signin", "wait", wait_first, ToSignIn, signs_in=False),
    Shot("signin", "locked", locked_out, ToSignIn, signs_in=False),
    Shot("signin", "badge-unknown", unknown_badge, ToSignIn, signs_in=False),
    Shot("signin", "basket-waits", locked_with_basket, ToSignIn, signs_in=False),
    Shot("trouble", "cannot-open", cannot_open, TroubleWindow, TILL_SIZES[:2], signs_in=False),
)

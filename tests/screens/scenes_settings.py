"""Scenes of the settings: a value chosen, typed and refused, a search, and who may not.

Owns: how each of them comes about, by what a person does. Does not own: opening the window, pages
of devices and keys.
"""

from __future__ import annotations

from PySide6.QtCore import Qt

from tests.screens.scene import TILL_SIZES, Scene, Shot, draw
from ui.navigation import ToSettings
from ui.settings.limits.page import LimitsPage

Key = Qt.Key


def _sign_in_manager(scene: Scene) -> None:
    scene.cashier.press(Key.Key_F12)
    scene.cashier.scan(scene.cashier.shop.badges["王芳"])


def _go(scene: Scene, at: str) -> None:
    _sign_in_manager(scene)
    scene.cashier.handle.parts.navigation.go(ToSettings(at))
    scene.cashier.settle()


def general(scene: Scene) -> None:
    _go(scene, "text_scale")


def large(scene: Scene) -> None:
    _go(scene, "over_short_limit_minor")


def members(scene: Scene) -> None:
    """With the words of goods that are never named."""
    _go(scene, "never_recommended")


def refused(scene: Scene) -> None:
    _go(scene, "receipt_columns")
    scene.cashier.press(Key.Key_Return)
    scene.cashier.type("57")
    scene.cashier.press(Key.Key_Return)


def found(scene: Scene) -> None:
    _go(scene, "language")
    scene.cashier.press(Key.Key_F2)
    scene.cashier.type(scene.say("小票", "receipt"))


def found_nothing(scene: Scene) -> None:
    _go(scene, "language")
    scene.cashier.press(Key.Key_F2)
    scene.cashier.type("xyz")


def not_allowed(scene: Scene) -> None:
    scene.cashier.handle.parts.navigation.go(ToSettings("blind_count"))
    scene.cashier.settle()
    scene.cashier.press(Key.Key_Return)
    scene.cashier.press(Key.Key_Down)
    scene.cashier.press(Key.Key_Return)


def backups(scene: Scene) -> None:
    """A copy made a moment ago; nobody has rehearsed a restore."""
    _go(scene, "backup")
    scene.cashier.press(Key.Key_Return)
    draw()


def about(scene: Scene) -> None:
    _go(scene, "about")


def limits(scene: Scene) -> None:
    """More than all of a price: beside the field."""
    _go(scene, "limits")
    scene.cashier.press(Key.Key_Return)
    page = next(scene.cashier.shown(LimitsPage))
    page.card.up_to.edit.setFocus()
    page.card.up_to.edit.selectAll()
    scene.cashier.type("120")
    scene.cashier.press(Key.Key_Return)


SHOTS = (
    Shot("settings", "general", general, ToSettings, TILL_SIZES),
    Shot("settings", "members", members, ToSettings, TILL_SIZES[:2]),
    Shot("settings", "refused", refused, ToSettings, TILL_SIZES[:2]),
    Shot("settings", "found", found, ToSettings),
    Shot("settings", "found-nothing", found_nothing, ToSettings),
    Shot("settings", "not-allowed", not_allowed, ToSettings),
    Shot("settings", "limits", limits, ToSettings, TILL_SIZES[:2]),
    Shot("settings", "backup", backups, ToSettings, TILL_SIZES[:2]),
    Shot("settings", "about", about, ToSettings),
    Shot("settings", "large", large, ToSettings, TILL_SIZES[:2], scale_percent=150),
)

"""Scenes of the help: the topic of the till, of a dialog, a search, nothing found.

Owns: how each of them comes about, by what a person does. Does not own: opening the window.
"""

from __future__ import annotations

from PySide6.QtCore import Qt

from tests.real_shop import MILK
from tests.screens.scene import TILL_SIZES, Scene, Shot
from ui.help.dialog import HelpDialog

Key = Qt.Key


def topic(scene: Scene) -> None:
    scene.cashier.scan(MILK)
    scene.cashier.press(Key.Key_F1)


def refund(scene: Scene) -> None:
    scene.cashier.press(Key.Key_F8)
    scene.cashier.press(Key.Key_F1)


def over_dialog(scene: Scene) -> None:
    scene.cashier.press(Key.Key_F3)
    scene.cashier.press(Key.Key_F1)


def found(scene: Scene) -> None:
    topic(scene)
    scene.cashier.type(scene.say("th", "receipt"))


def found_nothing(scene: Scene) -> None:
    topic(scene)
    scene.cashier.type("zzz")


SHOTS = (
    Shot("help", "till", topic, HelpDialog, TILL_SIZES),
    Shot("help", "refund", refund, HelpDialog, TILL_SIZES[:2]),
    Shot("help", "dialog", over_dialog, HelpDialog),
    Shot("help", "found", found, HelpDialog),
    Shot("help", "found-nothing", found_nothing, HelpDialog),
    Shot("help", "large", refund, HelpDialog, TILL_SIZES[:2], scale_percent=150),
)

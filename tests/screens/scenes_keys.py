"""Scenes of the keys: their page in the settings, a key that is taken, own keys.

Owns: how each of them comes about, by what a person does. Does not own: opening the window.
"""

from __future__ import annotations

from PySide6.QtCore import Qt

from app.domain.key_map import Action
from tests.screens.scene import TILL_SIZES, Scene, Shot
from ui.navigation import ToSettings
from ui.settings.keys.capture_dialog import CaptureDialog
from ui.settings.keys.page import KeysPage

Key = Qt.Key


def _page(scene: Scene) -> KeysPage:
    return next(iter(scene.cashier.shown(KeysPage)))


def keys(scene: Scene) -> None:
    scene.cashier.press(Key.Key_F12)
    scene.cashier.scan(scene.cashier.shop.badges["王芳"])
    scene.cashier.handle.parts.navigation.go(ToSettings("keys"))
    scene.cashier.settle()


def taken(scene: Scene) -> None:
    keys(scene)
    scene.cashier.tap(_page(scene).form.rows[Action.HOLD])
    scene.cashier.press(Key.Key_F6)


def sent_by_scanners(scene: Scene) -> None:
    keys(scene)
    scene.cashier.tap(_page(scene).form.rows[Action.HOLD])
    scene.cashier.press(Key.Key_Q)


def own(scene: Scene) -> None:
    taken(scene)
    dialog = next(iter(scene.cashier.shown(CaptureDialog)))
    scene.cashier.tap(dialog.swap)
    scene.cashier.tap(_page(scene).form.rows[Action.OFFERS])


SHOTS = (
    Shot("keys", "standard", keys, ToSettings, TILL_SIZES),
    Shot("keys", "taken", taken, CaptureDialog, TILL_SIZES[:2]),
    Shot("keys", "scanner", sent_by_scanners, CaptureDialog),
    Shot("keys", "own", own, CaptureDialog),
    Shot("keys", "large", taken, CaptureDialog, TILL_SIZES[:2], scale_percent=150),
    Shot("keys", "large-page", keys, ToSettings, TILL_SIZES[:2], scale_percent=150),
)

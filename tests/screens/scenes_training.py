"""Scenes of practising: before it, while the practice till is made, and its first tasks.

Owns: how each of them comes about. Does not own: opening the window, the making itself.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import msgspec
from PySide6.QtCore import Qt

from tests.real_shop import MILK, OPENED_AT
from tests.screens.scene import TILL_SIZES, Scene, Shot
from ui import training
from ui.navigation import ToTill, ToTraining
from ui.training.watermark import Watermark

Key = Qt.Key
SINCE_MS = int(OPENED_AT.timestamp()) * 1000


@dataclass
class StoppedPractice:
    """The way to a practice till that stands still in the middle of being made."""

    is_here: bool = False
    is_begun: bool = False

    def throw_away(self) -> None:
        self.is_begun = False

    def make(self, tell: Callable[[int, int], None], is_cancelled: Callable[[], bool]) -> bool:
        tell(31, 86)
        return not is_cancelled()

    def leave_for(self, wanted: Literal["practice", "real"]) -> None:
        """The picture is of this window."""


def _register(scene: Scene, practice: StoppedPractice) -> None:
    training.register(scene.cashier.handle.parts, practice)


def before(scene: Scene) -> None:
    _register(scene, StoppedPractice())
    _go(scene)


def again(scene: Scene) -> None:
    _register(scene, StoppedPractice(is_begun=True))
    _go(scene)


def making(scene: Scene) -> None:
    before(scene)
    scene.cashier.press(Key.Key_Return)


def _at_practice(scene: Scene) -> None:
    shop, parts = scene.cashier.shop, scene.cashier.handle.parts
    settings = msgspec.structs.replace(shop.shop.desk.state.settings, training_since_ms=SINCE_MS)
    shop.use_settings(settings)
    scene.cashier.scan(shop.badges["李明"])
    scene.cashier.begin()
    Watermark(scene.cashier.window, parts.language)
    _register(scene, StoppedPractice(is_here=True))


def tasks(scene: Scene) -> None:
    """A sale is paid with change."""
    _at_practice(scene)
    scene.cashier.scan(MILK)
    scene.cashier.press(Key.Key_F9)
    scene.cashier.type("100")
    scene.cashier.press(Key.Key_Return)
    _go(scene)


def selling(scene: Scene) -> None:
    _at_practice(scene)
    scene.cashier.scan(MILK)


def _go(scene: Scene) -> None:
    scene.cashier.handle.parts.navigation.go(ToTraining())
    scene.cashier.settle()


SHOTS = (
    Shot("training", "before", before, ToTraining, TILL_SIZES[:2]),
    Shot("training", "again", again, ToTraining),
    Shot("training", "making", making, ToTraining),
    Shot("training", "tasks", tasks, ToTraining, TILL_SIZES),
    Shot("training", "selling", selling, ToTill, TILL_SIZES),
    Shot("training", "large", tasks, ToTraining, TILL_SIZES[:2], scale_percent=150),
)

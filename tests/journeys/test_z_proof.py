"""Proof on the Z: whether both sides counted a day alike, where closed shifts are listed.

Owns: the tick, the warning, and that it costs no key its size. Does not own: comparing
(tests/sync/till/test_agreement.py), the words in the sync centre (test_sync_centre.py).
"""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QWidget

from tests.journeys.cashier import Cashier
from tests.screens import scenes_sync as acts
from tests.screens.scene import Scene, WaitingTerminal
from tests.ui import walking
from ui.navigation import ToShift

pytestmark = pytest.mark.journey


@pytest.fixture
def scene(cashier: Cashier) -> Scene:
    return Scene(cashier, "zh_CN", WaitingTerminal())


def shift_of(scene: Scene) -> Any:
    assert scene.cashier.at(ToShift)
    current: Any = scene.cashier.handle.parts.navigation.current
    return current.screen


def test_a_day_both_sides_count_alike_has_its_tick(scene: Scene) -> None:
    acts.agreed(scene)
    screen = shift_of(scene)
    assert "和服务器一致" in screen._view.rows[0].detail
    assert not screen.proof.isVisible()


@pytest.mark.parametrize("scale", [100, 150])
def test_a_day_that_differs_is_said_and_no_key_gets_too_small(scene: Scene, scale: int) -> None:
    acts.differs(scene)
    theme = scene.cashier.handle.parts.theme
    theme.use(scale_percent=scale)
    try:
        for language in ("zh_CN", "en"):
            scene.cashier.handle.parts.language.use(language)
            scene.cashier.window.resize(1024, 768)
            scene.cashier.settle()
            screen = shift_of(scene)
            assert screen.proof.isVisible()
            assert walking.too_small(screen) == []
            assert walking.clipped(screen) == walking.outside(screen) == []
    finally:
        theme.use(scale_percent=100)


def test_the_warning_and_the_list_under_it_have_one_edge(scene: Scene) -> None:
    acts.differs(scene)
    screen = shift_of(scene)
    for width in (1024, 1366, 1920):
        scene.cashier.window.resize(width, 768)
        scene.cashier.settle()
        assert screen._area.verticalScrollBar().maximum() == 0, "nothing to scroll: no bar"
        left, right = _edges(screen.proof)
        assert right > left
        assert [_edges(row) for row in screen.rows] == [(left, right)] * len(screen.rows)
        assert screen.rows


def _edges(widget: QWidget) -> tuple[int, int]:
    left = widget.mapToGlobal(QPoint(0, 0)).x()
    return left, left + widget.width()

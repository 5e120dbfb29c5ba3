"""The head of who pays: what gives way where there is little room, and what never does."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.ui import walking
from ui.payment.parts import MemberLine
from ui.payment.view_model import MemberHead
from ui.theme.theme import Theme

WIDE, NARROW = 600 - 48, 452 - 48
"""What the left column of the payment screen leaves it."""


def drawn(qtbot: QtBot, name: str, width: int) -> MemberLine:
    line = MemberLine()
    qtbot.addWidget(line)
    line.show_head(MemberHead(name, "Diamond", "gold", "138****8000", "Points 1,002,340"))
    line.setFixedWidth(width)
    line.show()
    QApplication.processEvents()
    return line


@pytest.mark.parametrize("scale", [100, 130, 150])
@pytest.mark.parametrize("width", [WIDE, NARROW])
@pytest.mark.parametrize("name", ["张*丰", "Zhang *", "Wilhelmina-Constance *"])
def test_tier_and_points_are_whole_and_the_phone_gives_way_first(
    qtbot: QtBot, look: Theme, name: str, width: int, scale: int
) -> None:
    look.use(scale_percent=scale)
    line = drawn(qtbot, name, width)
    assert walking.clipped(line) == walking.outside(line) == []
    for part in (line._tier, line._points):
        assert part.isVisible()
    right = line._points.geometry().right()
    assert right == line.width() - 1, "the figure stands at the edge"
    phone_is_whole = line._phone.text() == line._phone.whole_text
    assert line._phone.isVisible() is phone_is_whole, "a phone that is cut tells nothing"
    assert line._name.text() == name or not line._phone.isVisible()


def test_where_there_is_room_everything_is_said(qtbot: QtBot, look: Theme) -> None:
    line = drawn(qtbot, "Zhang *", WIDE)
    assert line._phone.isVisible()
    look.use(scale_percent=150)
    line.setFixedWidth(NARROW)
    QApplication.processEvents()
    assert not line._phone.isVisible()
    look.use(scale_percent=100)
    line.setFixedWidth(WIDE)
    QApplication.processEvents()
    assert line._phone.isVisible()
    assert line._name.text() == "Zhang *"

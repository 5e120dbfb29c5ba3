"""Figure tiles in a narrow window: whole names, and figures on one line."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QHBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from ui.kit.figure_tile import FigureTile
from ui.kit.text import FitFigure, Text
from ui.theme.theme import Theme

NAMES = ("Money received", "Sales", "Average basket", "Member share of money", "Repeat rate")


@pytest.mark.parametrize("scale", [100, 150])
def test_a_long_name_takes_two_lines_and_the_figures_stay_on_one(
    look: Theme, qtbot: QtBot, scale: int
) -> None:
    look.use(scale_percent=scale)
    row = QWidget()
    qtbot.addWidget(row)
    layout = QHBoxLayout(row)
    tiles = [FigureTile() for _ in NAMES]
    for name, tile in zip(NAMES, tiles, strict=True):
        tile.show_figure(name, "52.2%", "", "")
        layout.addWidget(tile, 1)
    row.resize(972, 200)
    row.show()
    qtbot.waitExposed(row)
    labels = [[each for each in tile.findChildren(Text) if each.text()] for tile in tiles]
    for name, [label] in zip(NAMES, labels, strict=True):
        assert label.text() == name
        assert label.height() >= label.heightForWidth(label.width()), "nothing of it is cut"
        longest = max(name.split(), key=len)
        assert QFontMetrics(label.font()).horizontalAdvance(longest) <= label.width()
    figures = [each for tile in tiles for each in tile.findChildren(FitFigure)]
    assert len({each.mapTo(row, QPoint()).y() for each in figures}) == 1

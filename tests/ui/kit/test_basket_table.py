"""The basket table where there is little room: names, prices, what to do about a line."""

import pytest
from PySide6.QtGui import QFontMetrics
from pytestqt.qtbot import QtBot

from ui.application import Application
from ui.kit.basket_table import BasketTable
from ui.kit.text import ElidedText
from ui.rows import BasketRow, Column

LONG = "特级初榨橄榄油 西班牙原装进口 500ml 礼盒装"
TOWEL = BasketRow("1", "1", "纯棉毛巾", "2", "19.90", "35.02", "金卡 8.8折", "−4.78")
OIL = BasketRow("2", "2", LONG, "1", "68.00", "55.00", "会员日特价", "−13.00")
CURE = "没有这个条码：按回车选商品，或删除这行"
UNKNOWN = BasketRow("3", "3", "未知条码 6901…888", "1", "", "", problem=CURE)


@pytest.fixture
def table(application: Application, qtbot: QtBot) -> BasketTable:
    made = BasketTable()
    qtbot.addWidget(made)
    made.set_narrow(True)
    made.resize(660, 500)
    made.show()
    return made


def settled(qtbot: QtBot, table: BasketTable, *rows: BasketRow) -> BasketTable:
    table.show_rows(rows)
    qtbot.wait(1)
    return table


def test_a_name_that_does_not_fit_takes_two_lines(
    application: Application, qtbot: QtBot, table: BasketTable
) -> None:
    settled(qtbot, table, TOWEL, OIL)
    assert table.rowHeight(1) > table.rowHeight(0), "two goods of a kind differ in their last words"
    table.resize(1_400, 500)
    qtbot.wait(1)
    assert table.rowHeight(1) == table.rowHeight(0)
    table.resize(660, 500)
    application.theme.use(scale_percent=150)
    qtbot.wait(1)
    assert table.rowHeight(1) > table.rowHeight(0)


def test_a_large_amount_keeps_off_its_unit_price(
    application: Application, qtbot: QtBot, table: BasketTable
) -> None:
    settled(qtbot, table, TOWEL)
    usual = table.columnWidth(Column.AMOUNT)
    dear = BasketRow("1", "1", "纯棉毛巾", "999", "19.90", "17,494.49")
    settled(qtbot, table, dear)
    figure = QFontMetrics(application.theme.font("title", 600)).horizontalAdvance("17,494.49")
    assert table.columnWidth(Column.AMOUNT) >= figure + 20 + 16
    settled(qtbot, table, TOWEL)
    assert table.columnWidth(Column.AMOUNT) == usual


def test_the_cure_of_a_line_spans_the_columns_that_stand_empty(
    application: Application, qtbot: QtBot, table: BasketTable
) -> None:
    table.resize(560, 500)
    settled(qtbot, table, TOWEL, UNKNOWN)
    picture = table.viewport().grab().toImage()
    edge = table.columnViewportPosition(Column.QUANTITY)
    lower = range(table.rowViewportPosition(1) + table.rowHeight(1) // 2,
                  table.rowViewportPosition(1) + table.rowHeight(1))  # fmt: skip
    ratio = picture.devicePixelRatio()
    wanted = application.theme.colour("warning")
    said = {
        x
        for x in range(edge, edge + 90)
        for y in lower
        if picture.pixelColor(int(x * ratio), int(y * ratio)) == wanted
    }
    assert said, "what to press is told beyond the column of names"


def test_fewer_words_come_before_an_ellipsis(application: Application, qtbot: QtBot) -> None:
    label = ElidedText()
    qtbot.addWidget(label)
    label.show()
    label.set_text("300 expire Nov 30", shorter="300: Nov 30")
    label.resize(400, 24)
    assert label.text() == "300 expire Nov 30"
    label.resize(label.fontMetrics().horizontalAdvance("300: Nov 30") + 4, 24)
    assert (label.text(), label.toolTip()) == ("300: Nov 30", "300 expire Nov 30")
    label.resize(30, 24)
    assert label.text().endswith("…")

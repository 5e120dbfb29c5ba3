"""Row table: what a row is known by keeps its room, and a head its letters."""

from pytestqt.qtbot import QtBot

from ui.kit.row_table import RowTable
from ui.table_rows import TableCell, TableColumn, TableRow, quiet
from ui.theme.theme import Theme
from ui.theme.tokens import Scheme

COLUMNS = (
    TableColumn("同意事项"),
    TableColumn("状态", 200),
    TableColumn("12 个月消费", 90, right=True),
    TableColumn("时间", 180),
)


def test_fixed_columns_give_way_to_the_naming_one_and_heads_take_what_is_over(
    qtbot: QtBot,
) -> None:
    look = Theme.current()
    look.use(scheme=Scheme.LIGHT, scale_percent=150)
    table = RowTable()
    qtbot.addWidget(table)
    name = TableCell("接收消息的方式", icon="settings", strong=True)
    cells = (name, quiet("短信，不行则邮件"), quiet("¥320.00"), quiet("2026-11-21"))
    table.show_rows(COLUMNS, [TableRow("consent", cells)])
    table.resize(740, 300)
    table.show()
    wide = [table.columnWidth(place) for place in range(4)]
    assert sum(wide) == table.viewport().width()
    assert wide[0] >= table.fontMetrics().horizontalAdvance(name.text)
    assert wide[1] < look.size(200)
    table.resize(1400, 300)
    assert table.columnWidth(1) == look.size(200)
    assert table.columnWidth(2) >= table.horizontalHeader().sectionSizeHint(2)
    look.use(scale_percent=100)

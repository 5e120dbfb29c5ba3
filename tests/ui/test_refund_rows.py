"""Rows of goods that come back: a long note is read to its end, at the small window too."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QFontMetrics
from pytestqt.qtbot import QtBot

from ui.refund.table import RefundTable
from ui.refund.view_model import Headers, RefundRow
from ui.theme.theme import Theme

pytestmark = pytest.mark.usefixtures("look")
HEADERS = Headers("Item", "Bought", "Returned", "Left", "This time", "Paid each")


def a_row(line_id: str, note: str) -> RefundRow:
    return RefundRow(
        line_id, "Milk", note, "primary", "1", "0", "1", "1", "59.00", "59.00", True, True
    )


def test_a_row_is_as_high_as_its_note_takes(qtbot: QtBot, look: Theme) -> None:
    table = RefundTable()
    qtbot.addWidget(table)
    table.set_narrow(True)
    table.resize(660, 400)
    table.show()
    long_note = "Quality ⋅ batch B20261101 ⋅ last day 2027-03-31 ⋅ came as a gift with other goods"
    table.show_rows(HEADERS, [a_row("1", "Quality"), a_row("2", ""), a_row("3", long_note)], "1")
    qtbot.wait(20)
    header, note = table.verticalHeader(), QFontMetrics(look.font("body"))
    assert header.sectionSize(2) > header.sectionSize(1)
    lines = note.horizontalAdvance(long_note) / table.columnWidth(1)
    assert header.sectionSize(2) >= lines * note.height()

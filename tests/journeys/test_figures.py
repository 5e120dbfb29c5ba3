"""Figures at the real window: by the keyboard from a number to the receipts and members behind it,
the same everywhere: tile, list, file, Z report."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt

from app.domain.figures import Days
from app.domain.money import Money
from app.domain.shift_sums import ShiftReport
from app.services.shift_report import report_of_shift
from tests.journeys.cashier import Cashier
from tests.real_shop import DAY
from tests.screens.scene import Scene, WaitingTerminal
from tests.screens.scenes_desk import wait
from tests.screens.scenes_figures import (
    ALT,
    CONTROL,
    a_day,
    board,
    is_read,
    open_figures,
    ten_years,
)
from tests.services.figure_shop import judged, recount
from tests.ui import walking
from ui import formatting
from ui.desk.controller import DeskController
from ui.figure_intents import ToFigures
from ui.figures.controller import FiguresController
from ui.figures.span_dialog import SpanDialog
from ui.navigation import ToAudit, ToDesk, ToMember

pytestmark = pytest.mark.journey
Key = Qt.Key


@pytest.fixture
def scene(cashier: Cashier) -> Scene:
    return Scene(cashier, "zh_CN", WaitingTerminal())


def yuan(minor: int) -> str:
    return formatting.money(Money(minor))


def is_of_year(controller: FiguresController) -> bool:
    found = controller.slice.found
    return found is not None and found.days.count > 300


def _what_z_will_say(work: Any) -> ShiftReport:
    return report_of_shift(work=work, shift_id=work.shifts.current().shift_id)


def test_from_a_number_to_its_receipts_and_its_members_by_keys_alone(
    scene: Scene, tmp_path: Path
) -> None:
    cashier = scene.cashier
    a_day(scene)
    judged(cashier.shop)
    sums = recount(cashier.shop, Days(DAY, DAY))
    cashier.begin()
    open_figures(scene)
    assert cashier.keys == 2
    screen = board(scene).screen
    paid = yuan(sums["paid"])
    assert [tile.words.split()[1] for tile in screen.tiles][:2] == [paid, str(sums["sales"])]
    assert "实际收到的钱" in screen.definition.text()
    of_shift = cashier.read(_what_z_will_say)  # the day's only shift
    told = (yuan(of_shift.sales.paid_minor), str(of_shift.sales.count))
    assert told == (screen.tiles[0].value, screen.tiles[1].value)
    assert screen.tenders.bars[0].accessibleName().split()[1] == yuan(of_shift.cash.sales_minor)

    cashier.press(Key.Key_Return)  # money received, day by day, then the receipts of the day
    assert paid in screen.behind.words
    assert [row.cells[1].text for row in screen.behind.table.rows] == [paid]
    cashier.press(Key.Key_Return)
    rows = screen.behind.table.rows
    assert len(rows) == sums["sales"]
    assert paid in screen.behind.words
    cashier.press(Key.Key_Return)
    assert cashier.at(ToAudit)
    while not cashier.at(ToDesk):
        cashier.press(Key.Key_Escape)

    open_figures(scene)
    for _ in range(3):  # the members behind their part of the money
        cashier.press(Key.Key_Right)
    cashier.press(Key.Key_Return)
    behind = screen.behind.table.rows
    assert len(behind) == 3
    assert "138" in behind[0].cells[0].text and "*" in behind[0].cells[0].text
    board(scene).file.folder = tmp_path
    cashier.press(Key.Key_E, CONTROL)
    cashier.type("2")
    wait(scene, lambda: bool(list(tmp_path.glob("*.csv"))) and not board(scene).file.is_running)
    [people] = tmp_path.glob("*.csv")
    assert len(people.read_text("utf-8-sig").strip().splitlines()) - 1 >= len(behind)
    cashier.press(Key.Key_Return)
    assert cashier.at(ToMember)


def test_the_chart_has_its_table_other_days_and_a_file_with_the_same_numbers(
    scene: Scene, tmp_path: Path
) -> None:
    cashier = scene.cashier
    a_day(scene)
    sums = recount(cashier.shop, Days(DAY, DAY))
    open_figures(scene)
    controller, screen = board(scene), board(scene).screen
    points = screen.chart.chart.view
    assert points is not None
    hours = [sum(value or 0 for value in each.values) for each in points.points]
    assert sum(hours) == sums["paid"]
    cashier.press(Key.Key_3, ALT)
    assert screen.chart.is_table
    assert len(screen.chart.table.rows) == len(points.points)
    cashier.press(Key.Key_Down)
    cashier.press(Key.Key_Down)
    assert screen.chart.table.currentIndex().row() == 1
    cashier.press(Key.Key_4, ALT)
    cashier.press(Key.Key_3, ALT)
    view = screen.chart.chart.view
    assert view is not None and view.kind == "lines"

    cashier.press(Key.Key_2, ALT)  # this till alone: nobody's life is known of it
    cashier.type("2")
    wait(scene, lambda: is_read(controller) and controller.slice.till is not None)
    assert yuan(sums["paid"]) in screen.tiles[0].words
    assert "会员生命周期价值" not in " ".join(line.words for line in screen.panels[0].lines[-2:])
    cashier.press(Key.Key_1, ALT)
    cashier.type("2")
    wait(scene, lambda: controller.slice.wanted.days.last < DAY and is_read(controller))
    assert "据本机所知" in (screen.chart.chart.view.empty if screen.chart.chart.view else "")
    cashier.press(Key.Key_1, ALT)
    cashier.type("1")
    wait(scene, lambda: controller.slice.wanted.days.last == DAY and is_read(controller))
    cashier.press(Key.Key_1, ALT)
    cashier.type("7")  # the year so far: put together in parts, beside the till
    wait(scene, lambda: controller.slice.found is not None and is_of_year(controller))
    assert yuan(sums["paid"]) in screen.tiles[0].words
    for _ in range(4):
        cashier.press(Key.Key_Up)
    for _ in range(3):
        cashier.press(Key.Key_Right)
    cashier.press(Key.Key_Return)
    wait(scene, lambda: len(screen.behind.table.rows) == 3)
    cashier.press(Key.Key_Escape)
    controller.file.folder = tmp_path
    cashier.press(Key.Key_E, CONTROL)
    cashier.type("1")
    wait(scene, lambda: bool(list(tmp_path.glob("*.xlsx"))) and not controller.file.is_running)
    [book] = tmp_path.glob("*.xlsx")
    with zipfile.ZipFile(book) as opened:
        first = opened.read("xl/worksheets/sheet1.xml").decode()
    whole, rest = divmod(sums["paid"], 100)
    assert f"<v>{whole}.{rest:02d}</v>" in first or f"<v>{whole}.{rest:02d}".rstrip("0") in first
    assert str(book) in screen.notice.accessibleName() or book.name in " ".join(cashier.texts())


def test_ten_years_are_answered_in_a_sentence_and_what_was_typed_stays(scene: Scene) -> None:
    cashier = scene.cashier
    ten_years(scene)
    [dialog] = cashier.shown(SpanDialog)
    assert "1,100" in dialog.first.accessibleDescription()
    assert dialog.first.text() == "2016-11-21"
    cashier.press(Key.Key_Escape)
    cashier.handle.parts.language.use("en")
    cashier.settle()
    screen = board(scene).screen
    assert "Money received" in screen.tiles[0].words
    assert walking.clipped(screen) == []
    cashier.press(Key.Key_Escape)
    assert cashier.at(ToDesk)


def test_a_cashier_has_no_room_for_figures(scene: Scene) -> None:
    cashier = scene.cashier
    cashier.press(Key.Key_M, CONTROL)
    desk = cashier.handle.parts.navigation.current
    assert isinstance(desk, DeskController)
    assert ToFigures not in {type(row.room.to()) for row in desk._rows}
    cashier.handle.parts.navigation.go(ToFigures())
    cashier.settle()
    assert "不能查看报表" in " ".join(cashier.texts())

"""Importing members at the real window: a file of another system, stopped, gone on after a restart,
taken again, dropped."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from app.domain.member_import import KeptImport
from tests.journeys.cashier import Cashier, Till, sit_down
from tests.journeys.test_members import list_of, settled
from tests.screens.scene import Scene, WaitingTerminal
from tests.screens.scenes_desk import ALT, CONTROL, as_manager
from tests.screens.scenes_members import open_members
from ui.application import Application
from ui.kit.pick_dialog import PickDialog
from ui.member_import import errand
from ui.member_import.controller import ImportController
from ui.navigation import ToMembers

pytestmark = pytest.mark.journey
Key = Qt.Key
ROWS = 130


def their_file(folder: Path) -> Path:
    """As another till writes it: its own names of columns, two rows nobody can take."""
    lines = [f"顾客{place},1390000{place:04d},普通,{place * 10}" for place in range(ROWS)]
    lines += ["无号,,普通,5", "坏号,12,普通,5"]
    path = folder / "members.csv"
    path.write_text("\n".join(("姓名,手机,级别,积分", *lines)), "gb18030")
    return path


def importing(cashier: Cashier) -> ImportController:
    current = cashier.handle.parts.navigation.current
    assert isinstance(current, ImportController)
    return current


def open_import(cashier: Cashier) -> ImportController:
    as_manager(Scene(cashier, "zh_CN", WaitingTerminal()))
    open_members(cashier)
    settled(cashier, lambda: list_of(cashier).screen.table.rows)
    cashier.press(Key.Key_F5)
    return importing(cashier)


def chosen(cashier: Cashier, page: ImportController, folder: Path) -> Path:
    """A name that is wrong first, then the file."""
    cashier.type(str(folder / "nothing.csv"))
    cashier.press(Key.Key_Return)
    settled(cashier, lambda: "无法打开" in page.screen.notice.sentence)
    path = their_file(folder)
    page.screen.path.edit.selectAll()
    cashier.type(str(path))
    cashier.press(Key.Key_Return)
    settled(cashier, lambda: page.errand.count == ROWS)
    assert [row.cells[1].text for row in page.screen.errors.rows] == ["手机号"] * 2
    assert "2 行需改正" in page.screen.notice.sentence
    return path


def on_its_way(cashier: Cashier) -> KeptImport | None:
    kept: KeptImport | None = cashier.read(lambda work: work.member_imports.read())
    return kept


def test_a_file_of_another_system_is_seen_stopped_gone_on_after_a_restart_and_never_doubled(
    at_till: Till, application: Application, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(errand, "documents", lambda: tmp_path)
    cashier = sit_down(at_till, application)
    page = open_import(cashier)
    path = chosen(cashier, page, tmp_path)
    another_column(cashier, page)
    stops = [40]

    def stop_once() -> None:
        if page.errand.done in stops:
            stops.clear()
            cashier.press(Key.Key_Escape)

    page.errand.moved.connect(stop_once)
    cashier.press(Key.Key_F9)
    settled(cashier, lambda: page.errand.state == "stopped")
    assert page.errand.done == 40
    page.open_file(str(path))
    assert page.screen.notice.sentence == "请先继续导入「members.csv」，或放弃它的剩余部分。"
    monkeypatch.setattr(errand, "_REST_MS", 60_000)  # the window goes before the next rows
    cashier.press(Key.Key_F9)
    settled(cashier, lambda: page.errand.done > 40)
    cashier.leave()
    kept = at_till.shop.store.lane.run(lambda work: work.member_imports.read())
    assert kept is not None
    assert (kept.state, kept.done) == ("running", 60)
    monkeypatch.setattr(errand, "_REST_MS", 1)
    cashier = sit_down(at_till, application)  # nobody is signed in, and it goes on
    settled(cashier, lambda: on_its_way(cashier) is None)
    [told] = tmp_path.glob("zhanggui-import-errors-*.csv")
    lines = told.read_text("utf-8-sig").splitlines()
    assert lines[0] == "行,字段,怎么做"
    assert [line.split(",")[:2] for line in lines[1:]] == [["132", "手机号"], ["133", "手机号"]]
    page = open_import(cashier)
    assert (page.errand.state, page.errand.taken) == ("done", ROWS)
    assert "已导入 130 位会员" in page.screen.notice.sentence
    page.open_file(str(path))
    settled(cashier, lambda: page.errand.state == "none" and page.errand.count == ROWS)
    cashier.press(Key.Key_F9)
    settled(cashier, lambda: page.errand.state == "done")
    assert (page.errand.taken, len(page.errand.known)) == (0, ROWS), "nobody is doubled"
    settled(cashier, lambda: on_its_way(cashier) is None)
    dropped_by_keys(cashier, page, path)
    cashier.press(Key.Key_Escape)
    assert cashier.at(ToMembers)
    cashier.leave()


def dropped_by_keys(cashier: Cashier, page: ImportController, path: Path) -> None:
    """Begun once more, stopped, and the rest of it is not wanted."""
    page.open_file(str(path))
    settled(cashier, lambda: page.errand.state == "none" and page.errand.count == ROWS)
    page.errand.moved.connect(page.errand.stop)
    cashier.press(Key.Key_F9)
    settled(cashier, lambda: page.errand.state == "stopped" and on_its_way(cashier))
    page.errand.moved.disconnect(page.errand.stop)
    cashier.press(Key.Key_2, ALT)
    cashier.press(Key.Key_Return, CONTROL)
    settled(cashier, lambda: page.errand.state == "none" and on_its_way(cashier) is None)


def another_column(cashier: Cashier, page: ImportController) -> None:
    """The points are not wanted after all: by keys, then wanted again."""
    for answer, read in (("未读", "不读取"), ("积分", "积分")):
        table = page.screen.columns
        table.go_to([row.key for row in table.rows].index("points"))
        cashier.press(Key.Key_Return)
        settled(cashier, lambda: isinstance(page.dialog, PickDialog))
        assert page.dialog is not None
        names = ["姓名", "手机", "级别", "积分", "未读"]
        cashier.type(str(names.index(answer) + 1))
        settled(cashier, lambda: page.errand.count == ROWS and page._read is not None)
        points = next(row for row in page.screen.columns.rows if row.key == "points")
        assert points.cells[1].text == read

"""The audit log at the real window: found in three acts, read, proved, exported with a reason."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QLineEdit

from app.domain.audit import AuditEntry, ChainedAuditEntry, audit_hash
from tests.journeys.cashier import Cashier
from tests.real_shop import MILK
from tests.screens.scene import Scene, WaitingTerminal
from tests.screens.scenes_desk import CONTROL, a_busy_hour, as_manager
from tests.ui import keys, walking
from tests.ui.real_window import wait_until
from ui.audit.controller import AuditController
from ui.audit.export_dialog import ExportDialog
from ui.audit.story import StoryView
from ui.audit.table import AuditTable
from ui.kit.pick_dialog import PickDialog
from ui.navigation import ToAudit, ToDesk, ToTill

pytestmark = pytest.mark.journey
LIVED = a_busy_hour
Key = Qt.Key
ALT = Qt.KeyboardModifier.AltModifier


@pytest.fixture
def manager(cashier: Cashier) -> Cashier:
    """An hour was busy; 王芳 is at the till."""
    as_manager(Scene(cashier, "zh_CN", WaitingTerminal()))
    cashier.begin()
    return cashier


def log_of(cashier: Cashier) -> AuditController:
    current = cashier.handle.parts.navigation.current
    assert isinstance(current, AuditController)
    return current


def shown_acts(cashier: Cashier) -> list[str]:
    """Newest first, as the table has them."""
    trail = log_of(cashier).screen.table.trail
    wait_until(lambda: all(trail.entry(place) for place in range(trail.rowCount())))
    cashier.settle()
    entries = [trail.entry(place) for place in range(trail.rowCount())]
    return [entry.entry.action for entry in entries if entry is not None]


def story_of(cashier: Cashier, act: str) -> StoryView:
    """The panel of the newest entry of this act."""
    place = shown_acts(cashier).index(act)
    screen = log_of(cashier).screen
    screen.table.go_to(place)
    cashier.settle()
    words = screen.table.trail.index(place, 2).data()
    wait_until(lambda: screen.story.view is not None and screen.story.view.title == words)
    view = screen.story.view
    assert view is not None
    return view


def told(view: StoryView) -> dict[str, str]:
    return {line.label: line.text for line in view.lines}


def test_the_log_is_three_acts_away(manager: Cashier) -> None:
    manager.press(Key.Key_M, CONTROL)
    assert manager.at(ToDesk)
    manager.type("1")
    assert manager.at(ToAudit)
    manager.press(Key.Key_3, ALT)
    assert manager.keys == 3
    manager.type("5")
    assert shown_acts(manager) == ["drawer_opened"]
    manager.press(Key.Key_Escape)
    manager.press(Key.Key_Escape)
    assert manager.at(ToTill)


def test_the_log_by_taps_alone(manager: Cashier) -> None:
    header = manager.window.header
    tab = next(button for button in header._tabs if button.tab.name == ToDesk.__name__)
    manager.tap(tab)
    current: Any = manager.handle.parts.navigation.current
    manager.tap(current.screen.rows[0])
    screen = log_of(manager).screen
    manager.tap(screen.filters["group"])
    (pick,) = manager.shown(PickDialog)
    manager.tap(pick.rows[1])
    assert set(shown_acts(manager)) == {"approved"}
    table = screen.table
    manager.tap(table.viewport(), table.visualRect(table.model().index(1, 2)).center())
    assert table.currentIndex().row() == 1
    manager.tap(screen.back)
    assert manager.at(ToDesk)


def test_a_story_tells_before_after_reason_approver_shift_and_device(manager: Cashier) -> None:
    manager.press(Key.Key_M, CONTROL)
    manager.type("1")
    lines = told(story_of(manager, "discount_given"))
    assert lines["操作人"] == "李明"
    assert lines["授权人"] == "王芳"
    assert (lines["之前"], lines["之后"]) == ("¥116.43", "¥93.14")
    assert lines["原因"] == "老客"
    assert lines["申请"] == "8折"
    assert lines["班次"].endswith("开班")
    assert lines["设备"] == "收银机 02 ⋅ till-02"
    assert lines["单号"].startswith("R007")
    drawer = told(story_of(manager, "drawer_opened"))
    assert (drawer["操作人"], drawer["授权人"]) == ("李明", "王芳")


def test_a_scanned_receipt_shows_its_story_and_only_that(manager: Cashier) -> None:
    sale = manager.sales()[0]
    manager.press(Key.Key_M, CONTROL)
    manager.type("1")
    manager.scan(sale.code)
    assert shown_acts(manager) == ["receipt_reprinted", "sale", "discount_given", "approved"]
    manager.scan(manager.shop.badges["李明"])
    assert "sign_in_failed" not in shown_acts(manager)
    assert log_of(manager).filters.about is not None
    manager.press(Key.Key_Escape)
    assert log_of(manager).filters.about is None
    manager.scan(MILK)
    assert log_of(manager).screen.about.error_text == "本店没有这张小票、会员或工牌"
    assert log_of(manager).filters.about is None


def test_nothing_found_offers_a_wider_range_until_there_is_none(manager: Cashier) -> None:
    manager.press(Key.Key_M, CONTROL)
    manager.type("1")
    manager.press(Key.Key_3, ALT)
    manager.type("6")
    screen = log_of(manager).screen
    for period in ("week", "month", "all"):
        manager.tap(screen.widen)
        assert log_of(manager).filters.period == period
    assert not screen.widen.isVisible()


def test_who_may_not_see_it_does_not_see_the_door(cashier: Cashier) -> None:
    cashier.press(Key.Key_M, CONTROL)
    current: Any = cashier.handle.parts.navigation.current
    names = [row.accessibleName() for row in current.screen.rows]
    assert "审计日志" not in names
    assert "异常" not in names
    cashier.handle.parts.navigation.go(ToAudit())
    cashier.settle()
    screen = log_of(cashier).screen
    assert screen.table.trail.rowCount() == 0
    assert screen.notice.sentence == "你的角色不能查看审计日志。"


def test_the_chain_is_proved_and_a_change_is_shown_where_it_was_made(manager: Cashier) -> None:
    manager.press(Key.Key_M, CONTROL)
    manager.type("1")
    log = log_of(manager)
    assert log.chain.state.how == "sound"
    assert "18:02" in log.screen._proof.text()

    def meddle(work: Any) -> None:
        work.connection.exec_driver_sql("UPDATE audit SET subject = 'x' WHERE number = 7")

    manager.shop.store.lane.submit(meddle).result()
    manager.press(Key.Key_4, ALT)
    assert (log.chain.state.how, log.chain.state.number) == ("broken", 7)
    assert "第 7 条" in log.screen._warning.sentence
    manager.press(Key.Key_4, ALT)
    entry = log.screen.table.trail.entry(log.screen.table.currentIndex().row())
    assert entry is not None
    assert entry.number == 7


def test_an_export_needs_a_reason_and_leaves_its_own_row(manager: Cashier, tmp_path: Path) -> None:
    manager.press(Key.Key_M, CONTROL)
    manager.type("1")
    log = log_of(manager)
    log.export.folder = tmp_path / "files"
    before = shown_acts(manager)
    manager.press(Key.Key_E, CONTROL)
    (dialog,) = manager.shown(ExportDialog)
    manager.press(Key.Key_Return)
    assert dialog.is_open, "not without a reason"
    manager.type("4")
    manager.press(Key.Key_Return)
    assert dialog.is_open, "nor with one that says nothing"
    manager.type("=1+1")
    manager.press(Key.Key_Return)
    wait_until(lambda: log.screen.notice.sentence.startswith("已保存"))
    (file,) = (tmp_path / "files").iterdir()
    with file.open(encoding="utf-8-sig", newline="") as kept:
        rows = list(csv.reader(kept))
    assert [row[4] for row in rows[1:]] == before
    assert all(len(row[7]) == 64 for row in rows[1:])
    assert shown_acts(manager)[0] == "trail_exported"
    entry = log.screen.table.trail.entry(0)
    assert entry is not None
    assert dict(entry.entry.details)["note"] == "=1+1"


def test_no_cell_of_the_file_is_a_formula(manager: Cashier, tmp_path: Path) -> None:
    def put(work: Any) -> None:
        work.audit.append(AuditEntry(manager.shop.shop.now().wall_ms, "", "sale", "=2+3"))

    manager.shop.store.lane.submit(put).result()
    manager.press(Key.Key_M, CONTROL)
    manager.type("1")
    log_of(manager).export.folder = tmp_path
    manager.press(Key.Key_E, CONTROL)
    manager.type("1")
    manager.press(Key.Key_Return)
    wait_until(lambda: any(tmp_path.glob("*.csv")))
    (file,) = tmp_path.glob("*.csv")
    assert "'=2+3" in file.read_text("utf-8-sig")


def test_a_file_that_cannot_be_written_is_said_and_the_log_is_whole(
    manager: Cashier, tmp_path: Path
) -> None:
    blocked = tmp_path / "blocked"
    blocked.write_text("a file where a folder should be")
    manager.press(Key.Key_M, CONTROL)
    manager.type("1")
    log = log_of(manager)
    log.export.folder = blocked
    manager.press(Key.Key_E, CONTROL)
    manager.type("1")
    manager.press(Key.Key_Return)
    wait_until(lambda: log.screen.notice.sentence.startswith("文件无法写入"))
    manager.settle()
    assert shown_acts(manager)[0] == "trail_exported"
    assert blocked.read_text() == "a file where a folder should be"


LONG = 100_000
BY_THE_TILL = 1_500
"""So many entries of a long trail the till writes itself."""
COLUMNS = "number, at_ms, staff_id, action, subject, details, hash"


def put_long_trail(cashier: Cashier, count: int) -> None:
    """Years of entries: the till writes the first, and the others are such rows as it wrote."""
    at = cashier.shop.shop.now().wall_ms - 400 * 86_400_000
    acts = ("drawer_opened" if number % 1000 == 0 else "line_removed" for number in range(count))
    entries = [AuditEntry(at + n, "", act, f"b{n}") for n, act in enumerate(acts)]

    def put(work: Any) -> None:
        head = work.audit.append(entries[0])
        rows = list(rows_behind(head, entries[1:]))
        for entry in entries[1:BY_THE_TILL]:
            work.audit.append(entry)
        stored = f"SELECT {COLUMNS} FROM audit WHERE number > ? ORDER BY number"
        written = work.connection.exec_driver_sql(stored, (head.number,)).all()
        assert [tuple(row) for row in written] == rows[: len(written)]
        assert len(written) == BY_THE_TILL - 1
        add = f"INSERT INTO audit ({COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?)"
        work.connection.exec_driver_sql(add, rows[len(written) :])

    cashier.shop.store.lane.submit(put).result()


def rows_behind(head: ChainedAuditEntry, entries: list[AuditEntry]) -> Iterator[tuple[Any, ...]]:
    """The rows of these entries, chained to the one before them."""
    link = head.hash
    for number, each in enumerate(entries, head.number + 1):
        link = audit_hash(link, number, each)
        yield (number, each.at_ms, each.staff_id, each.action, each.subject, "[]", link)


def test_a_hundred_thousand_entries_are_read_where_somebody_looks(manager: Cashier) -> None:
    before = manager.read(lambda work: work.audit.last_number())
    put_long_trail(manager, LONG)
    manager.press(Key.Key_M, CONTROL)
    keys.type_text(manager.window, "1")
    wait_until(lambda: manager.at(ToAudit))
    log = log_of(manager)
    log.chain.stop()  # at once: nobody sits out the check of a hundred thousand here
    manager.settle()
    manager.press(Key.Key_1, ALT)
    manager.type("5")
    table: AuditTable = log.screen.table
    assert table.trail.rowCount() == before + LONG
    manager.press(Key.Key_End)
    assert table.currentIndex().row() == before + LONG - 1
    wait_until(lambda: table.trail.entry(before + LONG - 1) is not None)
    last = table.trail.entry(before + LONG - 1)
    assert last is not None
    assert last.number == 1
    read = len(log.search._pages)
    assert read < 10, f"{read} pages were read to show the last one"
    manager.press(Key.Key_3, ALT)
    manager.type("5")
    wait_until(lambda: not log.search.is_searching)
    assert log.search.count == LONG // 1000 + 1


def test_a_long_check_can_be_stopped_and_goes_on_to_its_end(manager: Cashier) -> None:
    put_long_trail(manager, 3_000)
    manager.handle.parts.navigation.go(ToAudit())
    log = log_of(manager)
    wait_until(lambda: log.chain.state.number > 0)
    manager.press(Key.Key_4, ALT)
    how = log.chain.state.how
    assert how in ("stopped", "sound")
    log.check_or_stop()
    wait_until(lambda: log.chain.state.how == "sound")
    assert log.chain.state.number == log.chain.state.last > 3_000


SIZES = ((1024, 768), (1366, 768), (1920, 1080))


def test_every_control_has_a_name_a_size_and_tab(manager: Cashier) -> None:
    manager.press(Key.Key_M, CONTROL)
    for key in ("", "1"):
        manager.type(key)
        current: Any = manager.handle.parts.navigation.current
        assert walking.nameless(current.screen) == []
        assert walking.too_small(current.screen) == []
        assert walking.unreachable(current.screen) == []


def test_no_word_is_cut_at_any_size_scale_and_language(manager: Cashier, application: Any) -> None:
    manager.press(Key.Key_M, CONTROL)
    cut = []
    for key in ("", "1"):
        manager.type(key)
        current: Any = manager.handle.parts.navigation.current
        for scale in (100, 130, 150):
            application.theme.use(scale_percent=scale)
            for language in ("zh_CN", "en"):
                manager.handle.parts.language.use(language)
                for width, height in SIZES:
                    manager.window.resize(width, height)
                    manager.settle()
                    place = f"{key} {language} {scale} {width}"
                    found = [*walking.clipped(current.screen), *walking.outside(current.screen)]
                    cut += [f"{place}: {one}" for one in found]
                    if manager.window.width() != width:
                        cut.append(f"{place}: the window grew to {manager.window.width()}")
    application.theme.use(scale_percent=100)
    assert cut == []


def test_back_from_large_text_the_screen_is_as_before(manager: Cashier, application: Any) -> None:
    """No heading keeps the height its large words had."""
    manager.press(Key.Key_M, CONTROL)
    manager.type("1")
    log = log_of(manager)
    wait_until(lambda: log.chain.state.how == "sound")
    wait_until(lambda: log.screen.story.view is not None)
    manager.settle()
    before = rooms_of_words(manager)
    application.theme.use(scale_percent=150)
    manager.settle()
    assert rooms_of_words(manager) != before
    application.theme.use(scale_percent=100)
    manager.settle()
    assert rooms_of_words(manager) == before


def rooms_of_words(cashier: Cashier) -> list[tuple[str, object]]:
    """Every text of the log, and the room it has."""
    words = walking.visible(log_of(cashier).screen, QLabel)
    return [(walking.described(each), each.geometry().getRect()) for each in words]


@pytest.mark.parametrize("gap_ms", [8, 35])
def test_a_scan_types_and_presses_nothing(manager: Cashier, gap_ms: int) -> None:
    manager.press(Key.Key_M, CONTROL)
    manager.type("1")
    screen = log_of(manager).screen
    for widget in walking.focus_order(screen):
        widget.setFocus()
        keys.scan(manager.window, MILK, gap_ms=gap_ms)
        manager.settle()
        assert manager.at(ToAudit), walking.described(widget)
        assert [each.text() for each in manager.shown(QLineEdit)] == [""]
        assert not list(manager.shown(PickDialog)) + list(manager.shown(ExportDialog))
    assert not manager.state.lines


def test_a_scan_over_the_lists_closes_nothing_but_is_looked_up(manager: Cashier) -> None:
    manager.press(Key.Key_M, CONTROL)
    manager.type("1")
    manager.press(Key.Key_E, CONTROL)
    (dialog,) = manager.shown(ExportDialog)
    manager.scan(MILK)
    assert dialog.is_open
    assert "trail_exported" not in shown_acts(manager)

"""Pages of the settings that are no values: backups and what the till is built on.

Owns: keys, taps and scans there. Does not own: what lies in a backup (tests/store), pages of
devices and keys.
"""

from __future__ import annotations

import threading

import pytest
from PySide6.QtCore import Qt

from app.services.backup_port import BackupFacts
from app.store.restore import note_rehearsal
from tests.journeys.cashier import Cashier
from tests.journeys.test_settings import go, screen
from tests.real_shop import MILK, OPENED_AT
from tests.ui import keys, walking
from ui.kit.choice_row import ChoiceRow
from ui.navigation import ToDesk, ToSettings
from ui.settings.about_page import LICENCES, AboutPage, built_on, version
from ui.settings.backup_page import BackupPage
from ui.sounds import Sound

pytestmark = pytest.mark.journey
Key = Qt.Key


def backup(cashier: Cashier) -> BackupPage:
    go(cashier, "backup")
    (found,) = cashier.shown(BackupPage)
    return found


def says(page: BackupPage) -> dict[str, str]:
    return {fact.name: fact.says for fact in page.list.facts}


def test_a_backup_is_made_by_one_key_and_by_one_tap(cashier: Cashier) -> None:
    page = backup(cashier)
    assert says(page)["上次备份"] == "还没有。"
    cashier.press(Key.Key_Return)
    assert page.notice.sentence == "备份已完成并通过检查。"
    assert "保留 1 份" in says(page)["上次备份"]
    assert len(cashier.shop.store.backups.own()) == 1
    cashier.tap(page.make)
    assert page.make.isEnabled()
    assert "同一块磁盘" in says(page)["文件夹"]


class HangingShare:
    """A backup folder on a share that does not answer."""

    def __init__(self, facts: BackupFacts) -> None:
        self.facts, self.looks, self.go_on = facts, 0, threading.Event()

    def look(self) -> BackupFacts:
        self.looks += 1
        self.go_on.wait(5)
        return self.facts

    def back_up_now(self) -> BackupFacts:
        return self.facts


def test_a_share_that_hangs_holds_one_thread_however_often_it_is_looked_at(
    cashier: Cashier,
) -> None:
    page = backup(cashier)
    assert page._facts is not None
    share = HangingShare(page._facts)
    page._keeper = share
    for _ in range(4):
        page.enter()
    share.go_on.set()
    cashier.settle()
    assert share.looks == 1
    page.enter()
    cashier.settle()
    assert share.looks == 2


def test_the_last_rehearsal_stands_there(cashier: Cashier) -> None:
    cashier.shop.store.backups.folder.mkdir(exist_ok=True)
    assert "--rehearse" in says(backup(cashier))["上次恢复演练"]
    note_rehearsal(cashier.shop.store.backups.folder, OPENED_AT)
    cashier.press(Key.Key_Escape)
    assert says(backup(cashier))["上次恢复演练"].startswith("2026-11-21 ")


def test_a_folder_that_is_gone_says_what_to_do(cashier: Cashier) -> None:
    store = cashier.shop.store
    blocked = store.backups.folder.parent / "blocked"
    blocked.write_text("a file where a folder should be", encoding="utf-8")
    store.backups.folder = blocked
    page = backup(cashier)
    assert "请接上它的磁盘" in says(page)["文件夹"]
    cashier.press(Key.Key_Return)
    assert page.notice.sentence
    assert cashier.sounds[-1] is Sound.NEED_ATTENTION
    assert page.make.isEnabled()


def test_the_search_finds_a_page_by_what_stands_on_it(cashier: Cashier) -> None:
    shown = go(cashier, "language")
    cashier.press(Key.Key_F2)
    shown.search.edit.setText("演练")
    cashier.settle()
    (row,) = shown.rows
    assert row.accessibleName() == "备份"
    cashier.press(Key.Key_Return)
    assert list(cashier.shown(BackupPage))
    cashier.press(Key.Key_Escape)
    assert cashier.at(ToDesk)


def test_everything_the_till_is_built_on_stands_there(cashier: Cashier) -> None:
    go(cashier, "about")
    (page,) = cashier.shown(AboutPage)
    parts = list(built_on(LICENCES.read_text("utf-8")))
    assert {"pyside6-essentials", "sqlalchemy", "sqlcipher3"} <= {part.name for part in parts}
    assert page.list.facts[0].says == version()
    bar = page._area.verticalScrollBar()
    cashier.press(Key.Key_Down)
    assert bar.value() > 0
    cashier.press(Key.Key_Up)
    assert bar.value() == 0
    assert not any(isinstance(each, ChoiceRow) for each in cashier.shown(ChoiceRow))


@pytest.mark.parametrize("at", ["backup", "about"])
@pytest.mark.parametrize("gap_ms", [8, 16, 35])
def test_a_scan_presses_nothing(cashier: Cashier, at: str, gap_ms: int) -> None:
    go(cashier, at)
    for widget in walking.focus_order(screen(cashier)):
        widget.setFocus()
        cashier.shop.clock.go_on(milliseconds=2_000)
        cashier.sounds.clear()
        keys.scan(cashier.window, MILK, gap_ms=gap_ms)
        cashier.settle()
        assert cashier.at(ToSettings), walking.described(widget)
        assert cashier.sounds == [Sound.SCAN_ERROR], walking.described(widget)
    assert cashier.shop.store.backups.own() == []


@pytest.mark.parametrize("language", ["zh_CN", "en"])
@pytest.mark.parametrize("percent", [100, 150])
@pytest.mark.parametrize(("width", "height"), [(1024, 768), (1366, 768)])
@pytest.mark.parametrize("at", ["backup", "about"])
def test_no_word_is_cut(
    cashier: Cashier, at: str, language: str, percent: int, width: int, height: int
) -> None:
    shown = go(cashier, at)
    cashier.handle.parts.language.use(language)
    cashier.handle.parts.theme.use(scale_percent=percent)
    cashier.window.resize(width, height)
    cashier.settle()
    assert walking.nameless(shown) == []
    assert walking.unreachable(shown) == []
    assert walking.outside(shown) == []
    assert walking.clipped(shown) == []
    assert walking.too_small(shown) == []
    cashier.handle.parts.theme.use(scale_percent=100)

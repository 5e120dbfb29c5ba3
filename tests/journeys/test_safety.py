"""While a dead disk would cost sales the header says so, with the cure behind it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, get_args

import pytest
from PySide6.QtCore import Qt

from app.services.backup_port import BackupFacts, JournalWhy
from app.store.backups import BackupReason
from app.wording import load
from tests.journeys.cashier import Cashier, a_till, sit_down
from tests.real_shop import MILK
from tests.ui import walking
from tests.ui.real_window import let_run, wait_until
from ui.application import Application
from ui.navigation import ToSettings, ToTill
from ui.safety.dialog import SafetyDialog
from ui.safety.view_model import chip_part, safety_view, unsafe_of
from ui.safety.watch import SafetyWatch
from ui.status import StatusFacts, StatusState, Unsafe, status_state, status_view

pytestmark = pytest.mark.journey
NOW = datetime(2026, 11, 21, 10, 2, tzinfo=UTC)


@pytest.fixture
def kept(tmp_path: Path, application: Application) -> Iterator[Cashier]:
    """A till with a backup and a journal behind it; 王芳 is at it."""
    till = a_till(tmp_path)
    store = till.shop.store
    store.back_up(BackupReason.HAND, now=datetime.now(UTC))
    store.journal.start()
    made = sit_down(till, application)
    made.scan(made.shop.badges["王芳"])
    if not made.at(ToTill):
        made.press(Qt.Key.Key_Return)
    yield made
    made.leave()
    till.close()


def watch_of(cashier: Cashier) -> SafetyWatch:
    watch = cashier.window.findChild(SafetyWatch)
    assert isinstance(watch, SafetyWatch)
    return watch


def look(cashier: Cashier) -> str:
    """Look now and say what the chip says."""
    watch = watch_of(cashier)
    wait_until(lambda: not watch._is_looking)
    watch.look()
    wait_until(lambda: not watch._is_looking)
    cashier.settle()
    return cashier.window.header.status_text


def journal_is(cashier: Cashier, *, behind: bool) -> bool:
    status = cashier.shop.store.journal.status()
    return hasattr(status, "why") is behind


def test_a_folder_that_goes_and_comes_back_is_said_and_cured(kept: Cashier) -> None:
    assert look(kept) == "本店独立运行"
    folder = kept.shop.store.backups.folder
    away = folder.with_name("unplugged")
    folder.rename(away)
    kept.scan(MILK)
    kept.press(Qt.Key.Key_F9)
    kept.press(Qt.Key.Key_F9)
    wait_until(lambda: journal_is(kept, behind=True))
    assert look(kept).startswith("备份中断 ⋅ 自 ")
    assert kept.window.header.status_tone == "warning"
    kept.tap(kept.window.header._status)
    (dialog,) = kept.shown(SafetyDialog)
    assert dialog.view.happened.startswith("备份文件夹不在")
    assert dialog.view.cure.startswith("请重新插上磁盘")
    kept.press(Qt.Key.Key_Escape)
    assert not list(kept.shown(SafetyDialog))
    away.rename(folder)
    # It tries again within eight seconds; a machine under load may take its time.
    for _ in range(600):
        if journal_is(kept, behind=False):
            break
        let_run(100)
    assert look(kept) == "本店独立运行"


def test_the_dialog_leads_to_the_backups_and_a_cashier_to_the_manager(kept: Cashier) -> None:
    look(kept)
    kept.press(Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    (dialog,) = kept.shown(SafetyDialog)
    assert not dialog.view.happened
    assert walking.nameless(dialog) == []
    assert walking.too_small(dialog) == []
    assert walking.unreachable(dialog) == []
    kept.press(Qt.Key.Key_Return)
    assert kept.at(ToSettings)
    kept.press(Qt.Key.Key_Escape)
    kept.window.header.status_chosen.emit()
    (dialog,) = kept.shown(SafetyDialog)
    kept.scan(MILK)
    assert dialog.is_open, "a scan closes no dialog"
    kept.tap(dialog.close_key)
    kept.press(Qt.Key.Key_F12)
    kept.scan(kept.shop.badges["李明"])
    kept.window.header.status_chosen.emit()
    (dialog,) = kept.shown(SafetyDialog)
    assert not dialog.go_on.isVisible()


def facts(**other: Any) -> BackupFacts:
    made: dict[str, Any] = {
        "folder": "/media/backup", "is_there": True, "is_on_the_same_disk": False, "count": 3,
        "last": NOW - timedelta(hours=7), "rehearsed": None,
    }  # fmt: skip
    return BackupFacts(**(made | other))


CASES = [
    ("all is well", facts(), None),
    ("a night left out", facts(last=NOW - timedelta(hours=37)), "old_backup"),
    ("one night is no news", facts(last=NOW - timedelta(hours=35)), None),
    ("slow for a moment", facts(journal_since=NOW - timedelta(seconds=20), journal_why="slow"),
     None),
    ("slow for long", facts(journal_since=NOW - timedelta(minutes=3), journal_why="slow"),
     "journal"),
    ("unplugged", facts(journal_since=NOW, journal_why="no_folder"), "journal"),
    ("full", facts(journal_since=NOW, journal_why="folder_full"), "journal"),
    ("a new till", facts(last=None, journal_since=NOW, journal_why="no_backup"), None),
    ("never backed up", facts(last=None, journal_since=NOW - timedelta(hours=1),
     journal_why="no_backup"), "no_backup"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("known", "state"), [pytest.param(*case[1:], id=case[0]) for case in CASES]
)
def test_what_is_said_and_when(known: BackupFacts, state: Unsafe | None) -> None:
    unsafe, since = chip_part(known, NOW)
    on_chip = StatusFacts(unsafe=unsafe, unsafe_since=since)
    expected: StatusState = state or "alone"
    assert status_state(on_chip) == expected
    for language in ("zh_CN", "en"):
        wording = load(language)
        chip = status_view(on_chip, wording)
        assert chip.tone == ("warning" if state else "info")
        view = safety_view(known, NOW, wording)
        assert bool(view.happened) is bool(view.cure) is (state is not None)


@pytest.mark.parametrize("why", get_args(JournalWhy))
def test_every_cause_has_a_sentence_and_a_cure(why: JournalWhy) -> None:
    known = facts(journal_since=NOW - timedelta(hours=1), journal_why=why)
    assert unsafe_of(known, NOW) is not None
    for language in ("zh_CN", "en"):
        view = safety_view(known, NOW, load(language))
        assert view.happened
        assert view.cure
        assert "{" not in view.happened


def test_no_word_of_the_dialog_is_cut(kept: Cashier, application: Application) -> None:
    watch = watch_of(kept)
    wait_until(lambda: not watch._is_looking)
    watch._facts = facts(journal_since=NOW, journal_why="other_life", last=None)
    cut = []
    for scale in (100, 150):
        application.theme.use(scale_percent=scale)
        for language in ("zh_CN", "en"):
            kept.handle.parts.language.use(language)
            for width, height in ((1024, 768), (1366, 768)):
                kept.window.resize(width, height)
                watch.show_facts()
                kept.settle()
                (dialog,) = kept.shown(SafetyDialog)
                place = f"{language} {scale} {width}"
                found = [*walking.clipped(dialog), *walking.outside(dialog)]
                cut += [f"{place}: {one}" for one in found]
                dialog.reject()
                kept.settle()
    application.theme.use(scale_percent=100)
    assert cut == []

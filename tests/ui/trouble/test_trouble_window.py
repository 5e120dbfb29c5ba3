"""A till that cannot open says why and offers the one way out, on real stores."""

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

import main
from app.commands.shops import open_or_create
from app.store.folders import Folders
from app.store.opening import OpenStore, create_store
from app.store.recovery_code import RecoveryCode, new_recovery_code
from tests.real_shop import OPENED_AT
from ui.application import Application, NoDisplay, make_application
from ui.trouble.window import TroubleWindow


@pytest.fixture
def application(qtbot: QtBot) -> Application:
    made = make_application()
    assert not isinstance(made, NoDisplay)
    return made


@pytest.fixture
def folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Folders:
    monkeypatch.setenv("ZHANGGUI_KEY_FILE", "1")
    return Folders.of(tmp_path / "shop")


@pytest.fixture
def code(folders: Folders) -> RecoveryCode:
    """A shop that was set up; its store is closed again."""
    made = new_recovery_code()
    create_store(folders.setting(), code=made, now=OPENED_AT).close()
    return made


def when_shown(act: Callable[[TroubleWindow], object]) -> None:
    """Do it to the trouble window as soon as it stands."""

    def look() -> None:
        windows = [w for w in QApplication.topLevelWidgets() if isinstance(w, TroubleWindow)]
        shown = [window for window in windows if window.isVisible()]
        if shown:
            act(shown[0])
        else:
            QTimer.singleShot(10, look)

    QTimer.singleShot(0, look)


def texts(window: TroubleWindow) -> str:
    return " ".join(label.text() for label in window.findChildren(QLabel))


@pytest.fixture
def opened() -> Iterator[list[OpenStore]]:
    stores: list[OpenStore] = []
    yield stores
    for store in stores:
        store.close()


def test_a_missing_key_is_answered_by_the_recovery_code(
    application: Application, folders: Folders, code: RecoveryCode, opened: list[OpenStore]
) -> None:
    for kept in folders.keys.iterdir():
        kept.unlink()
    seen: list[str] = []

    def type_codes(window: TroubleWindow) -> None:
        assert window.code_field is not None
        for typed in ("", "ABC", new_recovery_code().grouped, code.grouped.lower()):
            window.code_field.setText(typed)
            window.code_field.returnPressed.emit()
            seen.append(texts(window))
            assert not window.isVisible() or window.code_field.text() == typed

    when_shown(type_codes)
    store = main._open_or_say_why(application, folders)
    assert store is not None
    opened.append(store)
    assert "E-STORE-01" in seen[0]
    assert len(set(seen[:3])) == 3, "each mistake has its own sentence"
    assert list(folders.keys.iterdir()), "the key is kept again"


def test_a_second_till_says_so_and_opens_when_the_first_is_closed(
    application: Application, folders: Folders, code: RecoveryCode, opened: list[OpenStore]
) -> None:
    first = open_or_create(folders.setting())

    def close_first_and_try_again(window: TroubleWindow) -> None:
        assert "E-STORE-07" in texts(window)
        window.again_requested.emit()
        assert window.isVisible()
        first.close()
        window.again_requested.emit()

    when_shown(close_first_and_try_again)
    store = main._open_or_say_why(application, folders)
    assert store is not None
    opened.append(store)


def test_closing_the_trouble_window_opens_nothing(
    application: Application, folders: Folders, code: RecoveryCode
) -> None:
    folders.data.joinpath("shop.db").write_bytes(b"not a database" * 1000)
    threads = threading.active_count()
    when_shown(TroubleWindow.close)
    assert main._open_or_say_why(application, folders) is None
    assert threading.active_count() == threads

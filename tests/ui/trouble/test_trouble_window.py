"""A till that cannot open says why and offers the one way out, on real stores."""

import shutil
import threading
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit
from pytestqt.qtbot import QtBot

import main
from app.commands import joined_till
from app.commands.joined_till import Till
from app.commands.shops import open_or_create
from app.store.folders import Folders
from app.store.opening import create_store, open_store
from app.store.recovery_code import RecoveryCode, new_recovery_code
from app.wording import load
from tests.real_shop import OPENED_AT
from tests.ui.one_application import one_application
from ui.application import Application
from ui.trouble.window import TroubleView, TroubleWindow


@pytest.fixture
def application(qapp: object) -> Iterator[Application]:
    with one_application() as made:
        yield made


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
    shown = (label for label in window.findChildren(QLabel) if label.isVisible())
    return " ".join(label.text() for label in shown)


@pytest.fixture
def opened() -> Iterator[list[Till]]:
    tills: list[Till] = []
    yield tills
    for till in tills:
        till.close()


def test_a_missing_key_is_answered_by_the_recovery_code(
    application: Application, folders: Folders, code: RecoveryCode, opened: list[Till]
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
    till = main._open_or_say_why(application, folders.setting())
    assert till is not None
    opened.append(till)
    assert "E-STORE-01" in seen[0]
    assert len(set(seen[:3])) == 3, "each mistake has its own sentence"
    assert list(folders.keys.iterdir()), "the key is kept again"


def test_a_second_till_says_so_and_opens_when_the_first_is_closed(
    application: Application, folders: Folders, code: RecoveryCode, opened: list[Till]
) -> None:
    first = open_or_create(folders.setting())

    def close_first_and_try_again(window: TroubleWindow) -> None:
        assert "E-STORE-07" in texts(window)
        window.again_requested.emit()
        assert window.isVisible()
        first.close()
        window.again_requested.emit()

    when_shown(close_first_and_try_again)
    till = main._open_or_say_why(application, folders.setting())
    assert till is not None
    opened.append(till)


def test_closing_the_trouble_window_opens_nothing(
    application: Application, folders: Folders, code: RecoveryCode
) -> None:
    folders.data.joinpath("shop.db").write_bytes(b"not a database" * 1000)
    threads = threading.active_count()
    when_shown(TroubleWindow.close)
    assert main._open_or_say_why(application, folders.setting()) is None
    assert threading.active_count() == threads


@pytest.mark.parametrize("folder", ["/home/till/zhanggui", "/media/shop/" + "a long name/" * 12])
def test_no_sentence_lies_upon_another(application: Application, qtbot: QtBot, folder: str) -> None:
    view = TroubleView(
        f"The till may not write into {folder}", "All is safe. " * 12, "Wait.", "E-1"
    )
    window = TroubleWindow(view, load("en"))
    qtbot.addWidget(window)
    window.resize(1024, 640)
    with qtbot.waitExposed(window):
        window.show()
    shown = [label for label in window.findChildren(QLabel) if label.text()][:4]
    tops = sorted(label.geometry().top() for label in shown)
    assert [label.geometry().top() for label in shown] == tops
    for upper, lower in pairwise(shown):
        assert (
            upper.geometry().top() + upper.heightForWidth(upper.width()) <= lower.geometry().top()
        )


# ------------------------------------------------------------------ opens, and is no till


@pytest.mark.parametrize(
    "stored",
    [
        pytest.param('{"store_name": "人民', id="cut off"),
        pytest.param('{"text_scale": 7}', id="a value that cannot be"),
        pytest.param("", id="empty"),
    ],
)
def test_settings_that_cannot_be_read_end_in_this_window(
    application: Application,
    folders: Folders,
    code: RecoveryCode,
    opened: list[Till],
    stored: str,
) -> None:
    put_settings(folders, stored)
    seen: list[str] = []

    def try_again_and_after_the_cure(window: TroubleWindow) -> None:
        seen.append(texts(window))
        window.again_requested.emit()
        assert window.isVisible()
        # Each try gave the file back: somebody may mend it or put a backup there.
        put_settings(folders, '{"store_name": "人民路店"}')
        window.again_requested.emit()

    when_shown(try_again_and_after_the_cure)
    till = main._open_or_say_why(application, folders.setting())
    assert till is not None
    opened.append(till)
    assert "E-STORE-09" in seen[0]
    assert "damaged" in seen[0]


def put_settings(folders: Folders, stored: str) -> None:
    store = open_store(folders.setting(), now=OPENED_AT)
    store.lane.run(lambda work: work.settings.put_value("settings", stored))
    store.close()


def test_a_missing_text_of_the_program_asks_to_install_it_again(
    application: Application,
    folders: Folders,
    code: RecoveryCode,
    opened: list[Till],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    whole, torn = main.RESOURCES, tmp_path / "resources"
    for kept in ("consents", "models"):
        shutil.copytree(whole / kept, torn / kept)
    torn.joinpath("consents", "membership.toml").unlink()
    torn.joinpath("consents", "marketing.toml").write_text("version = ")
    monkeypatch.setattr(main, "RESOURCES", torn)
    seen: list[str] = []

    def mend_one_after_the_other(window: TroubleWindow) -> None:
        for purpose in ("membership", "marketing"):
            window.again_requested.emit()
            seen.append(texts(window))
            shutil.copy(whole / "consents" / f"{purpose}.toml", torn / "consents")
        window.again_requested.emit()

    when_shown(mend_one_after_the_other)
    till = main._open_or_say_why(application, folders.setting())
    assert till is not None
    opened.append(till)
    assert "membership.toml" in seen[0]
    assert "marketing.toml" in seen[1], "the window says what is wrong now"
    assert all("E-APP-01" in each and "nstall" in each for each in seen)


def test_even_a_bug_at_the_start_has_words_and_a_code(
    application: Application,
    folders: Folders,
    code: RecoveryCode,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    def broken(*_: object) -> Till:
        raise ZeroDivisionError("somewhere inside")

    monkeypatch.setattr(joined_till, "_joined", broken)
    seen: list[str] = []

    def look(window: TroubleWindow) -> None:
        seen.append(texts(window))
        window.close()

    when_shown(look)
    assert main._open_or_say_why(application, folders.setting()) is None
    assert "E-APP-ZeroDivisionError" in seen[0]
    assert "doctor" in seen[0]
    assert "somewhere inside" not in seen[0]
    assert "somewhere inside" in caplog.text, "whoever looks for the bug finds it in the log"
    monkeypatch.undo()
    assert folders.data.joinpath("shop.db").exists()


def test_a_right_code_for_a_damaged_shop_says_what_is_wrong_then(
    application: Application, folders: Folders, code: RecoveryCode
) -> None:
    put_settings(folders, "{")
    for kept in folders.keys.iterdir():
        kept.unlink()
    seen: list[str] = []

    def type_code(window: TroubleWindow) -> None:
        seen.append(texts(window))
        assert window.code_field is not None
        window.code_field.setText(code.grouped)
        window.code_field.returnPressed.emit()
        seen.append(texts(window))
        fields = [field for field in window.findChildren(QLineEdit) if field.isVisible()]
        seen.append("asked again" if fields else "not asked again")
        window.close()

    when_shown(type_code)
    assert main._open_or_say_why(application, folders.setting()) is None
    assert "E-STORE-01" in seen[0]
    assert "E-STORE-09" in seen[1]
    assert seen[2] == "not asked again", "the code was right"

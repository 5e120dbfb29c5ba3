"""Making Qt ready: without a display it is a sentence's worth, never an abort."""

import os
import subprocess
import sys
from pathlib import Path

from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from tests.ui.one_application import one_application
from ui.announcer import Announcer
from ui.theme.tokens import Scheme

ROOT = Path(__file__).resolve().parent.parent.parent


def test_one_application_with_its_theme_and_router(qapp: QApplication) -> None:
    with one_application(Scheme.DARK) as made:
        assert (made.qt, made.theme.effective_scheme) == (qapp, Scheme.DARK)


def test_without_a_display_it_answers_instead_of_aborting() -> None:
    hidden = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    bare = {name: value for name, value in os.environ.items() if name not in hidden}
    if sys.platform != "linux":
        return
    script = "from ui.application import make_application; print(make_application())"
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, env=bare, capture_output=True, text=True,
        check=False,
    )  # fmt: skip
    assert (done.returncode, done.stdout.strip()) == (0, "NoDisplay(platform='xcb')")


def test_the_window_loads_nothing_slow_at_start() -> None:
    """Sound, Babel and the phone tables come with their first use: a till starts often."""
    script = (
        "import sys, ui.application, ui.main_window;"
        "late = ('PySide6.QtMultimedia', 'babel', 'phonenumbers', 'pypinyin', 'escpos');"
        "print([name for name in late if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"


def test_news_in_a_burst_become_the_last_and_urgent_ones_stay(qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    announcer = Announcer(window)
    announcer.announce("Milk 59.00")
    announcer.announce("Towel 39.80")
    assert announcer.waiting == "Towel 39.80"
    announcer.announce("Unknown barcode", is_urgent=True)
    announcer.announce("Oil 55.00")
    assert announcer.waiting == "Unknown barcode"
    qtbot.waitUntil(lambda: announcer.waiting == "")

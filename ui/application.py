"""Application: the one QApplication of a till, with its theme and router.

Owns: making Qt ready (names, style, font, theme, scan router), saying so when there is no display.
Does not own: the window (main_window.py), who is wired to whom (main.py).
"""

import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QApplication

from ui.scan_burst import ScanSettings
from ui.scan_router import ScanRouter
from ui.theme.theme import Theme
from ui.theme.tokens import Scheme

SWITCH_INTERVAL_S = 0.0005


@dataclass(frozen=True, slots=True)
class Application:
    """What main.py gets: the Qt application, its theme, its scan router."""

    qt: QApplication
    theme: Theme
    router: ScanRouter


@dataclass(frozen=True, slots=True)
class NoDisplay:
    """There is no screen to open a window on. `platform`: what Qt would have used."""

    platform: str


def has_display() -> bool:
    """Whether a window can open. Qt itself aborts the process where it cannot, so ask first."""
    if sys.platform != "linux":
        return True
    if os.environ.get("QT_QPA_PLATFORM"):
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def make_application(
    arguments: Sequence[str] = (),
    *,
    scheme: Scheme = Scheme.SYSTEM,
    scale_percent: int = 100,
    scan_settings: ScanSettings | None = None,
) -> Application | NoDisplay:
    """Make Qt ready. Called once a process; a second call finds what is there."""
    if not has_display():
        return NoDisplay("xcb")
    found = QCoreApplication.instance()
    application = found if isinstance(found, QApplication) else QApplication(list(arguments))
    application.setApplicationName("zhanggui")
    application.setApplicationDisplayName("Zhanggui")
    # Qt calls Python for every cell it paints and waits for the interpreter each time the store
    # lane holds it: 5 ms, Python's own share, would make a scan during a pull visibly late.
    sys.setswitchinterval(SWITCH_INTERVAL_S)
    theme = Theme.current()
    theme.use(scheme=scheme, scale_percent=scale_percent)
    return Application(application, theme, ScanRouter(application, scan_settings))

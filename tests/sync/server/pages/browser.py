"""A real browser for the pages: Chromium inside Qt, of a phone's size, without a screen.

    python -m tests.sync.server.pages.browser < visits.json

Owns: opening pages, asking them something by script, taking their picture. A process of its own:
an engine that dies takes no test run along. Does not own: what is asserted (test_looks.py).
Reads {"dark": bool, "visits": [...]} and writes one JSON line, the answers in the same order.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

FONTS = """<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig>
<dir>{fonts}</dir><cachedir>{cache}</cachedir>
<match target="pattern"><edit name="family" mode="append_last"><string>Noto Sans SC</string></edit>
</match></fontconfig>"""
SETTLE_MS = 150
GIVE_UP_MS = 100_000


def prepare(folder: Path, *, is_dark: bool) -> None:
    """What has to stand in the environment before Qt is loaded."""
    import pylopdf_fonts_zh_cn

    fonts = Path(str(pylopdf_fonts_zh_cn.__file__)).parent
    file = folder / "fonts.conf"
    file.write_text(FONTS.format(fonts=fonts, cache=folder / "fonts"), encoding="utf-8")
    os.environ |= {
        "QT_QPA_PLATFORM": "offscreen",
        "QT_SCALE_FACTOR": "2",
        "FONTCONFIG_FILE": str(file),
        "QTWEBENGINE_DISABLE_SANDBOX": "1",
        "QTWEBENGINE_CHROMIUM_FLAGS": "--disable-gpu --no-sandbox --hide-scrollbars "
        f"--blink-settings=preferredColorScheme={0 if is_dark else 1}",
    }


class Visitor:
    """Goes from page to page. A visit: url, language, width, height; `act` is a script to run,
    `moves` says that it leads to another page, `until` has to become true, `ask` is the question,
    `picture` a file for the screen, `whole` for all of the page.
    """

    def __init__(self, app: Any, visits: list[dict[str, Any]]) -> None:
        from PySide6.QtWebEngineCore import QWebEngineProfile, QWebEngineSettings
        from PySide6.QtWebEngineWidgets import QWebEngineView

        self.app = app
        self.todo = list(visits)
        self.answers: list[Any] = []
        self.awaited: Any = None
        self.profile = QWebEngineProfile()
        self.view = QWebEngineView(self.profile)
        bars = QWebEngineSettings.WebAttribute.ShowScrollBars
        self.view.settings().setAttribute(bars, False)
        self.view.loadFinished.connect(self.loaded)
        self.view.show()
        self.next()

    def next(self) -> None:
        """Open the next page, or be done."""
        from PySide6.QtCore import QUrl

        if not self.todo:
            self.app.quit()
            return
        visit = self.todo[0]
        self.profile.setHttpAcceptLanguage(visit["language"])
        self.view.resize(visit["width"], visit["height"])
        self.awaited = self.act
        self.view.load(QUrl(visit["url"]))

    def loaded(self, _: bool) -> None:
        """A page with status 404 or 410 counts as failed here, and is a page all the same."""
        awaited, self.awaited = self.awaited, None
        if awaited is not None:
            self.later(awaited)

    def act(self) -> None:
        """Do what the visit says."""
        visit = self.todo[0]
        if visit.get("moves"):
            self.awaited = self.look
        page = self.view.page()
        after = (lambda _: None) if visit.get("moves") else (lambda _: self.later(self.look))
        page.runJavaScript(visit.get("act") or "0", 0, after)

    def look(self) -> None:
        """Wait until the page is as it has to be."""
        until = self.todo[0]["until"]

        def heard(is_so: Any) -> None:
            self.later(self.ask if is_so else self.look)

        self.view.page().runJavaScript(f"Boolean({until})", 0, heard)

    def ask(self) -> None:
        self.view.page().runJavaScript(self.todo[0]["ask"], 0, self.answered)

    def answered(self, answer: Any) -> None:
        """Make the window as long as the page where all of it is wanted."""
        visit, said = self.todo[0], json.loads(answer)
        if visit.get("whole"):
            self.view.resize(visit["width"], max(visit["height"], int(said["height"])))
            self.later(lambda: self.later(lambda: self.done(said)))
        else:
            self.later(lambda: self.done(said))

    def done(self, answer: Any) -> None:
        visit = self.todo.pop(0)
        self.view.grab().save(visit["picture"])
        self.answers.append(answer)
        self.next()

    def later(self, what: Any) -> None:
        """Give the engine time to paint."""
        from PySide6.QtCore import QTimer

        QTimer.singleShot(SETTLE_MS, what)


def main() -> int:
    """Visit all and print the answers."""
    asked = json.loads(sys.stdin.read())
    prepare(Path(asked["folder"]), is_dark=asked["dark"])
    from PySide6.QtCore import Qt, QTimer
    from PySide6.QtWidgets import QApplication

    app = QApplication(["browser"])
    scheme = Qt.ColorScheme.Dark if asked["dark"] else Qt.ColorScheme.Light
    app.styleHints().setColorScheme(scheme)
    visitor = Visitor(app, asked["visits"])
    QTimer.singleShot(GIVE_UP_MS, app.quit)
    app.exec()
    sys.stdout.write(f"answers {json.dumps(visitor.answers)}\n")
    sys.stdout.flush()
    # The engine's threads may outlive Python's; nothing is left to be saved.
    os._exit(0)


if __name__ == "__main__":
    main()

"""Window banner: what the window itself has to say, in the language of the moment.

Owns: the sentence under the header, saying it anew after a language switch.
Does not own: what is said and when (open_window.py), the banner's look (kit/feedback.py).
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QTimer

from app.wording import Wording
from ui.main_window import MainWindow

Say = Callable[[Wording], str]
"""A sentence that can be said in any language."""
NEWS_MS = 4_000


class WindowBanner:
    """One sentence at a time; a newer one replaces it."""

    def __init__(self, window: MainWindow) -> None:
        self._window = window
        self._say: Say | None = None
        self._tone, self._can_close = "info", False
        window.banner.acted.connect(self.hide)
        window.banner.pressed.connect(self._end_news)
        self._news: Say | None = None
        self._passing = QTimer(window)
        self._passing.setSingleShot(True)
        self._passing.setInterval(NEWS_MS)
        self._passing.timeout.connect(self._end_news)

    @property
    def is_shown(self) -> bool:
        return self._say is not None

    def show(self, say: Say, *, tone: str, can_close: bool = True) -> str:
        """Say it until it is hidden; `can_close`: the person may. Answers the sentence."""
        self._say, self._tone, self._can_close = say, tone, can_close
        return self._draw()

    def tell(self, say: Say, tone: str) -> None:
        """Say what just happened; it goes by itself, and yields to what stands there until read."""
        if self._say is None or self._say is self._news:
            self._news = say
            self.show(say, tone=tone, can_close=False)
            self._passing.start()

    def shows(self, say: Say) -> bool:
        """Whether this is what stands there."""
        return self._say is say

    def hide(self) -> None:
        self._say = None
        self._window.show_banner("")

    def _end_news(self) -> None:
        """Its time is over, or a finger put it away: it lies over the header's keys."""
        if self._news is not None and self._say is self._news:
            self.hide()
        self._news = None

    def speak(self) -> None:
        """The language is another one: say the same again."""
        if self._say is not None:
            self._draw()

    def _draw(self) -> str:
        assert self._say is not None, "there is something to say"
        wording = self._window.wording
        sentence = self._say(wording)
        act = wording.t("Close") if self._can_close else ""
        passing = not self._can_close
        self._window.show_banner(sentence, tone=self._tone, act=act, passing=passing)
        return sentence

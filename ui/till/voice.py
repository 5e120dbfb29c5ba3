"""Voice of the till: what is said to an answer - on the notice, by a tone, to a screen reader.

Owns: passing sentences on. Does not own: the sentences (ui/said.py), the sound (main_window.py).
"""

from __future__ import annotations

from PySide6.QtCore import QObject, Slot

from ui.said import Said, said
from ui.till.screen import TillScreen
from ui.till.view_model import NoticeView, present
from ui.window_parts import WindowParts


class Voice(QObject):
    """Speaks for one till screen."""

    def __init__(self, parts: WindowParts, screen: TillScreen, parent: QObject) -> None:
        super().__init__(parent)
        self._parts, self._screen = parts, screen

    def answered(self, answer: object) -> None:
        """Say what an answer means, and give the focus back to the input line."""
        words = said(answer, self._parts.state, self._parts.wording)
        self.say(words)
        self._screen.focus_input()

    @Slot(str)
    def refuse(self, sentence: str) -> None:
        """Nothing was done: why."""
        self.say(Said(sentence, "danger", "scan_error"))

    def say(self, words: Said) -> None:
        if words.sound:
            self._parts.notifier.signal(words.sound)
        if words.sentence:
            self._screen.show_notice(NoticeView(words.sentence, words.tone))
            urgent = words.tone in ("danger", "warning")
            self._parts.notifier.announce(words.sentence, urgent=urgent)
        else:
            self._screen.show_notice(None)
            self._announce_line()

    def _announce_line(self) -> None:
        """ "added milk 59.00, due 101.60", for those who do not see it; or why not.

        What is wrong with a line stands in the line: a second sentence below would repeat it.
        """
        view = present(self._parts.state, self._parts.wording)
        row = next((row for row in view.rows if row.line_id == view.current_id), None)
        if row is None:
            return
        if row.problem:
            self._parts.notifier.announce(f"{row.name}. {row.problem}", urgent=True)
            return
        due = view.totals.due
        sentence = self._parts.wording.t(
            "{name} {amount}, due {due}", name=row.name, amount=row.amount, due=due
        )
        self._parts.notifier.announce(sentence)

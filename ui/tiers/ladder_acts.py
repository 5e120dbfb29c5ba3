"""Showing the tier ladder: asked of the store, then laid over the tier desk.

Owns: one dialog at a time. Does not own: its texts and look (ladder.py), reading (app/services).
"""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QObject, QTimer

from app.services.member_list import Judged, judge_list
from app.services.tier_ladder import TierLadder, tier_ladder
from ui.tiers.ladder import LadderDialog, ladder_rows
from ui.tiers.screen import TiersScreen
from ui.window_parts import WindowParts

_REST_MS = 1
"""Between two units of counting: who waits for the lane goes first."""


class LadderActs(QObject):
    """Of one screen."""

    def __init__(self, parts: WindowParts, screen: TiersScreen) -> None:
        super().__init__(screen)
        self._parts, self._screen = parts, screen
        self.dialog: LadderDialog | None = None
        screen.ladder_requested.connect(self.show)
        parts.navigation.arrived.connect(self.close)

    def show(self) -> None:
        """What each tier asks and gives, and how many stand on it."""
        if self.dialog is None:
            self._parts.ask(tier_ladder, self._came)

    def close(self, to: object = None) -> None:
        """Another screen comes to the front."""
        if self.dialog is not None and self.dialog.is_open:
            self.dialog.reject()

    def _came(self, answer: object) -> None:
        wording = self._parts.wording
        if not isinstance(answer, TierLadder):
            words = wording.t("Your role may not see the tiers of members.")
            self._screen.notice.show_banner(words, tone="danger")
        elif self.dialog is None:
            rows = ladder_rows(answer, wording, self._parts.state.program.currency)
            self.dialog = LadderDialog(self._screen, answer, rows, wording)
            self.dialog.finished.connect(self._gone)
            self.dialog.open()
            self._count(0)
        else:
            rows = ladder_rows(answer, wording, self._parts.state.program.currency)
            self.dialog.show_counts(answer, rows, wording)

    def _count(self, after: int) -> None:
        """Judge whoever is due, a few at a time, for as long as somebody looks."""
        if self.dialog is not None:
            self._parts.ask(judge_list, self._counted, after=after)

    def _counted(self, answer: Judged) -> None:
        if answer.looked is None:
            self._parts.ask(tier_ladder, self._told)
        else:
            QTimer.singleShot(_REST_MS, self, lambda: self._count(answer.looked or 0))

    def _told(self, answer: object) -> None:
        if self.dialog is not None and isinstance(answer, TierLadder):
            # Whoever is still missing was merged or forgotten: all that there are were counted.
            self._came(replace(answer, members=answer.counted))

    def _gone(self) -> None:
        self.dialog = None

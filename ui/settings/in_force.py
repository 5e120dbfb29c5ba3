"""In force: what the window does about changed settings, the moment they are kept.

Owns: language, look, text size, tones and the scanner following every snapshot.
Does not own: keys (open_window.py), printer and terminals (the shop's `equip`), the settings.
"""

from __future__ import annotations

from PySide6.QtCore import QObject, Slot

from app.domain.settings import Settings
from app.services.till_state import TillState
from ui.scanner_line import ScannerLine
from ui.sounds import Player, SoundSettings
from ui.theme.tokens import Scheme
from ui.window_parts import WindowParts


class InForce(QObject):
    """One per window. Only what was changed is touched.

    A look that was chosen a moment ago and is not kept yet would otherwise be taken back by any
    snapshot that comes in between.
    """

    def __init__(self, parts: WindowParts, line: ScannerLine, player: Player) -> None:
        super().__init__(parts.navigation)
        self._parts, self._line, self._player = parts, line, player
        self._last: Settings | None = None
        parts.live.changed.connect(self._on_state)

    @Slot(object)
    def _on_state(self, state: TillState) -> None:
        before, self._last = self._last, state.settings
        if before is not state.settings:
            self._follow(before, state.settings)

    def _follow(self, before: Settings | None, now: Settings) -> None:
        parts = self._parts
        if before is None or before.language != now.language:
            parts.language.use(now.language)
        if before is None or before.theme != now.theme:
            parts.theme.use(scheme=Scheme(now.theme))
        if before is None or before.text_scale != now.text_scale:
            parts.theme.use(scale_percent=now.text_scale)
        self._player.settings = SoundSettings(
            now.sound_percent, scanner_beeps=now.scanner_beeps, is_muted=not now.sounds
        )
        self._line.follow(now)

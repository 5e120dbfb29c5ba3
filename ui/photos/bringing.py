"""Bringing photos that another till took, one after the other, beside the store.

Owns: their line: however many a record has, one thread waits for head office, or a payment terminal
would wait behind them. Does not own: reading what is here, showing it (whoever shows the record).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QObject

from app.domain.photo import PhotoAnswer, PhotoBrought, PhotoSought
from app.domain.server_answer import NoAnswer
from app.services.answers import SignInFirst
from app.services.photo import bring_photo
from ui.photos.words import photo_away
from ui.window_parts import WindowParts


@dataclass(frozen=True, slots=True)
class _Wanted:
    sought: PhotoSought
    said: bool


class PhotoBringer(QObject):
    """Of one screen. `came`: hears what is here now; `away`: which photo is not, why, and whether
    somebody pressed it and waits for the sentence."""

    def __init__(
        self,
        parts: WindowParts,
        parent: QObject,
        came: Callable[[PhotoSought], object],
        away: Callable[[str, str, bool], object],
    ) -> None:
        super().__init__(parent)
        self._parts, self._came, self._away = parts, came, away
        self._line: list[_Wanted] = []
        self._asked: _Wanted | None = None

    def begin_anew(self) -> None:
        """Another record is in front: nobody waits for the pictures of the last one."""
        self._line = []

    def bring(self, sought: PhotoSought, *, said: bool = False) -> None:
        """Fetch it when its turn comes. `said`: somebody pressed it."""
        self._line.append(_Wanted(sought, said))
        self._go_on()

    def _go_on(self) -> None:
        if self._asked is None and self._line:
            self._asked = self._line.pop(0)
            self._parts.ask_aside(
                bring_photo, self._answered, on_error=self._failed, sought=self._asked.sought
            )

    def _answered(self, answer: PhotoAnswer | SignInFirst) -> None:
        wanted, self._asked = self._asked, None
        assert wanted is not None, "it was asked for"
        if isinstance(answer, PhotoBrought):
            self._came(wanted.sought)
        else:
            self._tell_away(wanted, photo_away(answer, self._parts.wording))
        if isinstance(answer, NoAnswer):  # nor would it be heard about the others
            left, self._line = self._line, []
            for each in left:
                self._tell_away(each, photo_away(answer, self._parts.wording))
        self._go_on()

    def _failed(self, error: BaseException) -> None:
        self._asked, self._line = None, []
        if self._parts.on_fault is not None:
            self._parts.on_fault(error)

    def _tell_away(self, wanted: _Wanted, why: str) -> None:
        self._away(wanted.sought.photo_id, why, wanted.said)

"""Photos beside a record on a screen: read here, fetched where another till took them, shown large.

Owns: which photos are shown and which are away. Does not own: who may see them (`read`, a service),
their look (photos.py), fetching (bringing.py).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from app.domain.photo import PhotoSought
from ui.photos.bringing import PhotoBringer
from ui.photos.photos import PhotoDialog, Photos
from ui.photos.words import photo_closed
from ui.window_parts import WindowParts

Named = tuple[str, str]
"""The record and the photo."""


class PhotosBeside(QObject):
    """Of one screen. `read`: the service that reads one (`about=`, `photo_id=`; `beside=`: all that
    are shown); `refuse`: hears why a photo that somebody pressed is not to be seen."""

    def __init__(
        self,
        parts: WindowParts,
        window: QWidget,
        row: Photos,
        read: Callable[..., Any],
        refuse: Callable[[str], object],
    ) -> None:
        super().__init__(window)
        self._parts, self._window, self._row = parts, window, row
        self._read, self._refuse = read, refuse
        self._shown: tuple[Named, ...] = ()
        self._away: dict[str, PhotoSought] = {}
        self._closed: dict[str, str] = {}
        """Those that whoever stands here may not see, and the sentence why."""
        self._bringer = PhotoBringer(parts, self, self._came, self._is_away)
        self.dialog: PhotoDialog | None = None
        row.chosen.connect(self.show_large)

    def show(self, photos: Sequence[Named]) -> None:
        """A place for each; those that are not here are asked for."""
        if tuple(photos) == self._shown:
            return
        self._shown, self._away, self._closed = tuple(photos), {}, {}
        self._bringer.begin_anew()
        self._row.show_count([photo for _, photo in photos], self._parts.wording)
        for about, photo in self._shown:
            self._ask_for(about, photo)

    def close(self) -> None:
        """Nobody is here any more."""
        if self.dialog is not None and self.dialog.is_open:
            self.dialog.reject()

    def show_large(self, photo: str) -> None:
        """One photo over the whole window; one that is away is asked for again."""
        picture = self._row.picture(photo)
        if picture is None and photo in self._away:
            self._bringer.bring(self._away[photo], said=True)
        elif photo in self._closed:
            self._refuse(self._closed[photo])
        elif picture is not None:
            self.dialog = PhotoDialog(self._window, picture, self._parts.wording)
            self.dialog.open()

    def _ask_for(self, about: str, photo: str) -> None:
        told = partial(self._told, photo)
        self._parts.ask(self._read, told, about=about, photo_id=photo, beside=self._shown)

    def _told(self, photo: str, answer: object) -> None:
        if photo not in {name for _, name in self._shown}:
            return
        if isinstance(answer, bytes):
            self._away.pop(photo, None)
            self._row.show_picture(photo, answer)
        elif isinstance(answer, PhotoSought) and photo not in self._away:
            self._away[photo] = answer
            self._bringer.bring(answer)
        elif not isinstance(answer, PhotoSought):
            self._close(photo, photo_closed(answer, self._parts.wording))

    def _close(self, photo: str, why: str) -> None:
        """It is not to be seen here: said once below the pictures, and whenever one is pressed."""
        self._away.pop(photo, None)
        self._closed[photo] = why
        self._row.show_away(photo, why)
        self._row.show_why(why)

    def _came(self, sought: PhotoSought) -> None:
        if sought.photo_id in self._away:
            self._ask_for(sought.about, sought.photo_id)

    def _is_away(self, photo: str, why: str, said: bool) -> None:
        self._row.show_away(photo, why)
        if said:
            self._refuse(why)

"""Choosing a photo: which file, made small beside the store, or why not.

Owns: the question for a file, one at a time. Does not own: making it small (picture.py), sentences
(words.py), what becomes of the photo (whoever asked).
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, QStandardPaths
from PySide6.QtWidgets import QFileDialog, QWidget

from app.domain.photo import NoPicture, PhotoTooLarge
from ui.photos.picture import read_picture
from ui.photos.words import photo_refused
from ui.window_parts import WindowParts

Made = Callable[[bytes], object]
Refuse = Callable[[str], object]


class PhotoChooser(QObject):
    """Over one window; one file is read at a time."""

    def __init__(self, parts: WindowParts, window: QWidget) -> None:
        super().__init__(window)
        self._parts, self._window = parts, window
        self._asker: tuple[Made, Refuse] | None = None
        """For whom a file is being read."""

    @property
    def is_reading(self) -> bool:
        """Whether a file is being read."""
        return self._asker is not None

    def begin(self, made: Made, refuse: Refuse) -> bool:
        """Which file? `made`: hears the small photo as JPEG; `refuse`: the sentence why not. Both
        know what the photo was chosen for: until it is small, something else may be in front.
        True: one is being read for it now."""
        t = self._parts.wording.t
        kind = QStandardPaths.StandardLocation.PicturesLocation
        folder = QStandardPaths.writableLocation(kind)
        kinds = f"{t('Pictures')} (*.jpg *.jpeg *.png *.webp *.bmp)"
        title = t("Choose a photo")
        found, _ = QFileDialog.getOpenFileName(self._window, title, folder, kinds)
        if found and self._asker is not None:
            refuse(t("The photo before this one is still being read. Choose this one in a moment."))
        elif found:
            self._asker = made, refuse
            read = partial(read_picture, Path(found))
            self._parts.runner.run_aside(read, self._made, self._failed)
            return True
        return False

    def _made(self, made: bytes | PhotoTooLarge | NoPicture) -> None:
        told, refuse = self._read_for()
        if isinstance(made, bytes):
            told(made)
        else:
            refuse(photo_refused(made, self._parts.wording))

    def _failed(self, error: BaseException) -> None:
        _, refuse = self._read_for()
        if isinstance(error, OSError):
            why = error.strerror or str(error)
            refuse(self._parts.wording.t("The file could not be read: {why}", why=why))
        elif self._parts.on_fault is not None:
            self._parts.on_fault(error)

    def _read_for(self) -> tuple[Made, Refuse]:
        """Who asked; another file may be chosen from now on."""
        asker, self._asker = self._asker, None
        assert asker is not None, "one is read only for somebody"
        return asker

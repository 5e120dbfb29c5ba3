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


class PhotoChooser(QObject):
    """Over one window. `made`: hears the small photo as JPEG; `refuse`: the sentence why not."""

    def __init__(
        self,
        parts: WindowParts,
        window: QWidget,
        made: Callable[[bytes], object],
        refuse: Callable[[str], object],
    ) -> None:
        super().__init__(window)
        self._parts, self._window = parts, window
        self._told, self._refuse = made, refuse
        self._is_reading = False

    def begin(self) -> None:
        """Which file?"""
        t = self._parts.wording.t
        kind = QStandardPaths.StandardLocation.PicturesLocation
        folder = QStandardPaths.writableLocation(kind)
        kinds = f"{t('Pictures')} (*.jpg *.jpeg *.png *.webp *.bmp)"
        title = t("Choose a photo")
        found, _ = QFileDialog.getOpenFileName(self._window, title, folder, kinds)
        if found and not self._is_reading:
            self._is_reading = True
            read = partial(read_picture, Path(found))
            self._parts.runner.run_aside(read, self._made, self._failed)

    def _made(self, made: bytes | PhotoTooLarge | NoPicture) -> None:
        self._is_reading = False
        if isinstance(made, bytes):
            self._told(made)
        else:
            self._refuse(photo_refused(made, self._parts.wording))

    def _failed(self, error: BaseException) -> None:
        self._is_reading = False
        if isinstance(error, OSError):
            why = error.strerror or str(error)
            self._refuse(self._parts.wording.t("The file could not be read: {why}", why=why))
        elif self._parts.on_fault is not None:
            self._parts.on_fault(error)

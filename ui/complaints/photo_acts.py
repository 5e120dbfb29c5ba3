"""Photo acts: choosing a file, keeping it with the case, showing what is kept.

Owns: the question for a file, what is said of one that is refused, reading pictures for the case
in front. Does not own: making it small (picture.py), widgets (photos.py), keeping
(app/services/complaint_photo.py).
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, QStandardPaths
from PySide6.QtWidgets import QFileDialog

from app.domain.complaint_photo import NoPicture, PhotoTooLarge, TooManyPhotos
from app.services.approval import ApprovalNeeded
from app.services.complaint_act import ComplaintChanged
from app.services.complaint_photo import add_photo, read_photo
from app.services.complaint_view import CaseView
from app.wording import Wording
from ui.complaints.answers import refusal_words
from ui.complaints.photos import PhotoDialog
from ui.complaints.picture import read_picture
from ui.complaints.screen import ComplaintsScreen
from ui.navigation import AskApproval
from ui.window_parts import WindowParts

_MEGABYTE = 1024 * 1024


def photo_refused(answer: object, wording: Wording) -> str:
    """Why a picture was not kept, and what to do."""
    t = wording.t
    match answer:
        case PhotoTooLarge(size=size, most=most):
            return t(
                "The file has {size} MB; at most {most} MB are taken. Take a smaller picture.",
                size=round(size / _MEGABYTE, 1), most=most // _MEGABYTE,
            )  # fmt: skip
        case NoPicture():
            return t("This file is no picture. Choose a photo (JPEG or PNG).")
        case TooManyPhotos(most=most):
            return t("A case holds {most} photos.", most=most)
        case _:
            return refusal_words(answer, wording)


class PhotoActs(QObject):
    """What P begins, and the pictures beside a case. `done`: hears when one was added."""

    def __init__(
        self, parts: WindowParts, screen: ComplaintsScreen, done: Callable[[], None]
    ) -> None:
        super().__init__(screen)
        self._parts, self._screen, self._done = parts, screen, done
        self._case_id = ""
        self._shown: tuple[str, ...] = ()
        self._is_asking = False
        self.dialog: PhotoDialog | None = None
        screen.aside.photos.chosen.connect(self.show_large)

    def show(self, view: CaseView | None) -> None:
        """Read the pictures of the case in front; those that did not come yet are named so."""
        photos = view.photos if view is not None else ()
        if photos == self._shown:
            return
        self._shown = photos
        self._screen.aside.photos.show_count(photos, self._parts.wording)
        for photo in photos:
            self._parts.ask(read_photo, partial(self._read, photo), photo_id=photo)

    def close(self) -> None:
        """Nobody is here any more."""
        if self.dialog is not None and self.dialog.is_open:
            self.dialog.reject()

    def begin(self, view: CaseView) -> None:
        """P: which file?"""
        self._case_id = view.line.case_id
        t = self._parts.wording.t
        kind = QStandardPaths.StandardLocation.PicturesLocation
        folder = QStandardPaths.writableLocation(kind)
        kinds = f"{t('Pictures')} (*.jpg *.jpeg *.png *.webp *.bmp)"
        title = t("Choose a photo")
        found, _ = QFileDialog.getOpenFileName(self._screen, title, folder, kinds)
        if found:
            self.add(Path(found))

    def add(self, path: Path) -> None:
        """Make it small beside the store, then keep it."""
        if self._is_asking:
            return
        self._is_asking = True
        self._parts.runner.run_aside(partial(read_picture, path), self._made, self._failed)

    def show_large(self, photo: str) -> None:
        """One picture over the whole window."""
        picture = self._screen.aside.photos.picture(photo)
        if picture is not None:
            self.dialog = PhotoDialog(self._screen, picture, self._parts.wording)
            self.dialog.open()

    def _made(self, made: object) -> None:
        if isinstance(made, bytes):
            self._parts.ask(
                add_photo, self._answered, on_error=self._failed, case_id=self._case_id, data=made
            )
        else:
            self._answered(made)

    def _answered(self, answer: object) -> None:
        self._is_asking = False
        if isinstance(answer, ApprovalNeeded):
            self._parts.navigation.open_dialog(AskApproval(answer, self._answered))
        elif isinstance(answer, ComplaintChanged):
            self._done()
        else:
            self._refuse(photo_refused(answer, self._parts.wording))

    def _refuse(self, sentence: str) -> None:
        self._parts.notifier.signal("scan_error")
        self._parts.notifier.announce(sentence, urgent=True)
        self._screen.notice.show_banner(sentence, tone="danger")

    def _failed(self, error: BaseException) -> None:
        self._is_asking = False
        if isinstance(error, OSError):
            why = error.strerror or str(error)
            sentence = self._parts.wording.t("The file could not be read: {why}", why=why)
            self._refuse(sentence)
        elif self._parts.on_fault is not None:
            self._parts.on_fault(error)

    def _read(self, photo: str, answer: object) -> None:
        if photo in self._shown and isinstance(answer, bytes):
            self._screen.aside.photos.show_picture(photo, answer)

"""Photo acts: choosing a file, keeping it with the case, showing what is kept.

Owns: the question for a file, reading pictures for the case in front, fetching those that another
till took. Does not own: making it small, widgets and sentences (ui/photos), keeping
(app/services/complaint_photo.py).
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, QStandardPaths
from PySide6.QtWidgets import QFileDialog

from app.domain.photo import NoPicture, PhotoSought, PhotoTooLarge, TooManyPhotos
from app.services.approval import ApprovalNeeded
from app.services.complaint_act import ComplaintChanged
from app.services.complaint_photo import add_photo, read_photo
from app.services.complaint_view import CaseView
from ui.complaints.answers import refusal_words
from ui.complaints.screen import ComplaintsScreen
from ui.navigation import AskApproval
from ui.photos.bringing import PhotoBringer
from ui.photos.photos import PhotoDialog
from ui.photos.picture import read_picture
from ui.photos.words import photo_refused
from ui.window_parts import WindowParts


class PhotoActs(QObject):
    """What P begins, and the pictures beside a case. `done`: hears when one was added."""

    def __init__(
        self, parts: WindowParts, screen: ComplaintsScreen, done: Callable[[], None]
    ) -> None:
        super().__init__(screen)
        self._parts, self._screen, self._done = parts, screen, done
        self._case_id = ""
        self._shown: tuple[str, ...] = ()
        self._away: dict[str, PhotoSought] = {}
        self._bringer = PhotoBringer(parts, self, self._came, self._is_away)
        self._is_asking = False
        self.dialog: PhotoDialog | None = None
        screen.aside.photos.chosen.connect(self.show_large)

    def show(self, view: CaseView | None) -> None:
        """Read the pictures of the case in front; those that did not come yet are named so."""
        photos = view.photos if view is not None else ()
        if photos == self._shown:
            return
        self._shown, self._away = photos, {}
        self._bringer.begin_anew()
        self._screen.aside.photos.show_count(photos, self._parts.wording)
        for photo in photos:
            assert view is not None, "it has photos"
            self._ask_for(view.line.case_id, photo)

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
        if picture is None and photo in self._away:
            self._bringer.bring(self._away[photo], said=True)
        elif picture is not None:
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
            self._refuse(self._why_not(answer))

    def _why_not(self, answer: object) -> str:
        wording = self._parts.wording
        if isinstance(answer, PhotoTooLarge | NoPicture | TooManyPhotos):
            return photo_refused(answer, wording)
        return refusal_words(answer, wording)

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

    # ------------------------------------------------------------------ looking

    def _ask_for(self, case_id: str, photo: str) -> None:
        read = partial(self._read, photo)
        self._parts.ask(read_photo, read, case_id=case_id, photo_id=photo)

    def _read(self, photo: str, answer: object) -> None:
        if photo not in self._shown:
            return
        if isinstance(answer, bytes):
            self._away.pop(photo, None)
            self._screen.aside.photos.show_picture(photo, answer)
        elif isinstance(answer, PhotoSought) and photo not in self._away:
            self._away[photo] = answer
            self._bringer.bring(answer)

    def _came(self, sought: PhotoSought) -> None:
        if sought.photo_id in self._away:
            self._ask_for(sought.about, sought.photo_id)

    def _is_away(self, photo: str, why: str, said: bool) -> None:
        self._screen.aside.photos.show_away(photo, why)
        if said:
            self._refuse(why)

"""Photo acts: choosing a photo, keeping it with the case, showing what is kept.

Owns: what P begins, the photos of the case in front. Does not own: the question for a file,
widgets, fetching (ui/photos), keeping (app/services/complaint_photo.py).
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from PySide6.QtCore import QObject

from app.domain.photo import NoPicture, PhotoTooLarge, TooManyPhotos
from app.services.approval import ApprovalNeeded
from app.services.complaint_act import ComplaintChanged
from app.services.complaint_photo import add_photo, read_photo
from app.services.complaint_view import CaseView
from app.services.ports import UnitOfWork
from app.services.shop import Shop
from ui.complaints.answers import refusal_words
from ui.complaints.screen import ComplaintsScreen
from ui.navigation import AskApproval
from ui.photos.beside import PhotosBeside
from ui.photos.choosing import PhotoChooser
from ui.photos.words import photo_refused
from ui.window_parts import WindowParts


class PhotoActs(QObject):
    """What P begins, and the pictures beside a case. `done`: hears when one was added."""

    def __init__(
        self, parts: WindowParts, screen: ComplaintsScreen, done: Callable[[], None]
    ) -> None:
        super().__init__(screen)
        self._parts, self._screen, self._done = parts, screen, done
        self._chooser = PhotoChooser(parts, screen)
        self.beside = PhotosBeside(parts, screen, screen.aside.photos, _read, self._refuse)

    def show(self, view: CaseView | None) -> None:
        """The pictures of the case in front; those that did not come yet are named so."""
        photos = () if view is None else view.photos
        case_id = "" if view is None else view.line.case_id
        self.beside.show([(case_id, photo) for photo in photos])

    def close(self) -> None:
        """Nobody is here any more."""
        self.beside.close()

    def begin(self, view: CaseView) -> None:
        """P: which file?"""
        self._chooser.begin(partial(self._made, view.line.case_id), self._refuse)

    def _made(self, case_id: str, data: bytes) -> None:
        """It belongs to the case it was chosen for, whichever is in front by now."""
        self._parts.ask(add_photo, self._answered, case_id=case_id, data=data)

    def _answered(self, answer: object) -> None:
        wording = self._parts.wording
        if isinstance(answer, ApprovalNeeded):
            self._parts.navigation.open_dialog(AskApproval(answer, self._answered))
        elif isinstance(answer, ComplaintChanged):
            self._done()
        elif isinstance(answer, PhotoTooLarge | NoPicture | TooManyPhotos):
            self._refuse(photo_refused(answer, wording))
        else:
            self._refuse(refusal_words(answer, wording))

    def _refuse(self, sentence: str) -> None:
        self._parts.notifier.signal("scan_error")
        self._parts.notifier.announce(sentence, urgent=True)
        self._screen.notice.show_banner(sentence, tone="danger")


def _read(*, shop: Shop, work: UnitOfWork, about: str, photo_id: str, beside: object) -> Any:
    return read_photo(shop=shop, work=work, case_id=about, photo_id=photo_id)

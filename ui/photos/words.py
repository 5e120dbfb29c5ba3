"""Words about photos: why one was not kept, why one is not to be seen.

Owns: those sentences. Does not own: the limits (app/domain/photo.py), fetching (app/services).
"""

from __future__ import annotations

from app.domain.photo import NoPicture, PhotoAnswer, PhotoTooLarge, PhotoUnreadable, TooManyPhotos
from app.domain.rights import LimitMissing
from app.domain.server_answer import Declined, NoAnswer
from app.services.answers import SignInFirst
from app.services.approval import ActForbidden
from app.wording import Wording
from ui.approval.view_model import forbidden_sentence

_MEGABYTE = 1024 * 1024


def photo_refused(answer: PhotoTooLarge | NoPicture | TooManyPhotos, wording: Wording) -> str:
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
            return t("At most {most} photos are kept here.", most=most)


def photo_closed(answer: object, wording: Wording) -> str:
    """Why whoever stands here is not shown a picture."""
    if isinstance(answer, ActForbidden | LimitMissing | SignInFirst):
        return forbidden_sentence(answer, wording)
    return wording.t("This photo is not kept any more.")


def photo_away(answer: PhotoAnswer | SignInFirst, wording: Wording) -> str:
    """Why a picture that another till took is not to be seen here now."""
    t = wording.t
    match answer:
        case PhotoUnreadable():
            return t("What came is not the photo that was taken. It is at the till that took it.")
        case Declined(code="not_here"):
            return t("The till that took this photo has not sent it yet.")
        case Declined():
            return t("Head office does not hand out this photo.")
        case NoAnswer():
            return t("Another till took this photo. It comes once head office can be reached.")
        case _:
            return t("Another till took this photo; it is not here.")

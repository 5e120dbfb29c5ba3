"""Photos beside records: reading one that is here, fetching one that another till took.

Owns: those. Does not own: who may look at which record (its own service asks first), keeping one
(complaint_photo.py), sending it (sync).
"""

from __future__ import annotations

from dataclasses import dataclass

from app.domain.photo import PhotoAnswer, PhotoSought
from app.services.answers import SignInFirst
from app.services.ports import UnitOfWork
from app.services.shop import Shop


@dataclass(frozen=True, slots=True)
class PhotosPending:
    """The server has every fact, and not yet so many photos that stand beside them."""

    count: int


def kept_photo(*, work: UnitOfWork, sought: PhotoSought) -> bytes | PhotoSought:
    """The picture, or what to ask for where it is not here."""
    found = work.photos.get(sought.photo_id)
    return sought if found is None else found.data


def bring_photo(*, shop: Shop, sought: PhotoSought) -> PhotoAnswer | SignInFirst:
    """Ask head office for a picture that somebody may look at; it is in the store when this answers
    so. Slow: outside the lane. Changes: complaints."""
    state = shop.desk.state
    if state.staff is None or state.locked:
        return SignInFirst()
    return shop.server.photo(sought)

"""Photos kept beside a record (a complaint, a request): how large one may be, what is kept.

Owns: the limits and their verdict, what stands beside the bytes. Does not own: making a picture
small (ui), what names it (a fact of its record), sending it (sync).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

from app.domain.ids import OpId
from app.domain.server_answer import Declined, NoAnswer, NoServer

FILE_BYTES_MAX = 20 * 1024 * 1024
"""Of the file that somebody chooses: a larger one is not read at all."""
PHOTO_BYTES_MAX = 1024 * 1024
"""Of the picture as kept, made small: a side of 1600 points fits well."""
PHOTOS_MAX = 8
"""Of one record."""
FETCHED_BYTES_MAX = 100 * 1024 * 1024
"""Of all pictures of other tills that are kept here; the longest here go first."""
_JPEG, _PNG = b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n"

PhotoState = Literal["waiting", "sent", "fetched"]


@dataclass(frozen=True, slots=True)
class StoredPhoto:
    """One picture as kept. `about`: the record it stands beside; `holder`: the person (or, of
    nobody's member, the case) under whose key it travels; `state`: whether head office has it (see
    the schema)."""

    photo_id: str
    about: OpId
    holder: str
    taken_ms: int
    data: bytes
    state: PhotoState = "waiting"


@dataclass(frozen=True, slots=True)
class SealedPhoto:
    """One as it travels: what is in it says nothing to whoever has not the key of its holder.

    The same picture is sealed into the same bytes each time, so that a till that was cut off goes
    on where it was.
    """

    photo_id: str
    about: OpId
    holder: str
    key_id: str
    data: bytes


@dataclass(frozen=True, slots=True)
class PhotoSought:
    """A picture another till took, as the fact that names it says: what to ask head office for."""

    photo_id: str
    about: OpId
    holder: str
    sha256: str
    """Of the picture itself, as hex."""


@dataclass(frozen=True, slots=True)
class PhotoBrought:
    """It is kept at this till now."""

    photo_id: str


@dataclass(frozen=True, slots=True)
class PhotoUnreadable:
    """What head office gave is not the picture that was taken, or its key is not here."""

    photo_id: str


PhotoAnswer: TypeAlias = PhotoBrought | PhotoUnreadable | NoServer | NoAnswer | Declined


@dataclass(frozen=True, slots=True)
class PhotoTooLarge:
    """The file has `size` bytes, at most `most` are taken: choose another or take it again."""

    size: int
    most: int


@dataclass(frozen=True, slots=True)
class NoPicture:
    """These bytes are no JPEG and no PNG."""


@dataclass(frozen=True, slots=True)
class TooManyPhotos:
    """The record has as many as it can hold."""

    most: int


PhotoRefused = PhotoTooLarge | NoPicture | TooManyPhotos


def check_photo_file(size: int) -> PhotoTooLarge | None:
    """Before a file is read: whether it is too large to be made small here."""
    return PhotoTooLarge(size, FILE_BYTES_MAX) if size > FILE_BYTES_MAX else None


def check_photo(data: bytes, kept: int) -> PhotoRefused | None:
    """A picture that was made small; `kept`: so many the record has already."""
    if kept >= PHOTOS_MAX:
        return TooManyPhotos(PHOTOS_MAX)
    if len(data) > PHOTO_BYTES_MAX:
        return PhotoTooLarge(len(data), PHOTO_BYTES_MAX)
    if not data.startswith((_JPEG, _PNG)):
        return NoPicture()
    return None

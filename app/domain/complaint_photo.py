"""Pictures of complaints: how large one may be, and what is kept of it.

Owns: the limits and their verdict. Does not own: making a picture small (ui), sending it (sync).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from app.domain.ids import OpId

FILE_BYTES_MAX = 20 * 1024 * 1024
"""Of the file that somebody chooses: a larger one is not read at all."""
PHOTO_BYTES_MAX = 1024 * 1024
"""Of the picture as kept, made small: a side of 1600 points fits well."""
PHOTOS_MAX = 8
"""Of one case."""
_JPEG, _PNG = b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n"

PhotoState = Literal["waiting", "sent", "fetched"]


@dataclass(frozen=True, slots=True)
class StoredPhoto:
    """One picture as kept. `state`: whether the server has it (see the schema)."""

    photo_id: str
    case_id: OpId
    taken_ms: int
    data: bytes
    state: PhotoState = "waiting"


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
    """The case has as many as it can hold."""

    most: int


PhotoRefused = PhotoTooLarge | NoPicture | TooManyPhotos


def check_photo_file(size: int) -> PhotoTooLarge | None:
    """Before a file is read: whether it is too large to be made small here."""
    return PhotoTooLarge(size, FILE_BYTES_MAX) if size > FILE_BYTES_MAX else None


def check_photo(data: bytes, kept: int) -> PhotoRefused | None:
    """A picture that was made small; `kept`: so many the case has already."""
    if kept >= PHOTOS_MAX:
        return TooManyPhotos(PHOTOS_MAX)
    if len(data) > PHOTO_BYTES_MAX:
        return PhotoTooLarge(len(data), PHOTO_BYTES_MAX)
    if not data.startswith((_JPEG, _PNG)):
        return NoPicture()
    return None

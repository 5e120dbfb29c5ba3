"""Photos as evidence of a tier by hand: kept with the request or the grant, seen by who decides.

Owns: keeping them beside their fact, and reading one. Does not own: asking and giving
(tier_change.py), fetching one that another till took (photo.py), sending (sync).
"""

from __future__ import annotations

from collections.abc import Sequence

from app.domain.facts import Fact
from app.domain.ids import OpId
from app.domain.photo import PhotoSought, StoredPhoto
from app.domain.tier_fact import photos_of
from app.services.answers import Refusal
from app.services.desk import allowed
from app.services.photo import kept_photo
from app.services.ports import UnitOfWork
from app.services.shop import Shop
from app.services.tier_answers import NoSuchRequest


def keep_photos(*, work: UnitOfWork, fact: Fact, photos: Sequence[bytes]) -> None:
    """The bytes of what the fact names, in its order. Changes: photos."""
    for named, data in zip(photos_of(fact), photos, strict=True):
        work.photos.put(
            StoredPhoto(named.photo, fact.op_id, fact.member or "", fact.clock.wall_ms, data)
        )


def read_evidence(
    *, shop: Shop, work: UnitOfWork, about: OpId, photo_id: str
) -> bytes | PhotoSought | NoSuchRequest | Refusal:
    """A photo beside a request or a grant; where another till took it and it is not here yet, what
    to ask head office for (`bring_photo`). Changes nothing."""
    refusal = allowed(shop, "join_member")
    if refusal:
        return refusal
    fact = work.tier_changes.request(about) or work.tier_changes.grant(about)
    named = next((each for each in photos_of(fact) if each.photo == photo_id), None)
    if fact is None or named is None or work.erasures.is_forgotten(fact.member or ""):
        return NoSuchRequest(about)
    sought = PhotoSought(photo_id, about, fact.member or "", named.sha256)
    return kept_photo(work=work, sought=sought)

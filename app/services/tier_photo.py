"""Photos as evidence of a tier by hand: kept with the request or the grant, seen by who decides.

Owns: keeping them beside their fact, reading one, and the trail of who looked. Does not own: asking
and giving (tier_change.py), fetching one that another till took (photo.py), sending (sync).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

from app.domain.facts import Fact
from app.domain.ids import OpId
from app.domain.photo import PhotoSought, StoredPhoto
from app.domain.rights import Forbidden, LimitMissing, judge_act
from app.domain.tier_fact import photos_of
from app.services.answers import SignInFirst
from app.services.approval import ActForbidden
from app.services.audit_trail import record
from app.services.photo import kept_photo
from app.services.ports import UnitOfWork
from app.services.shop import Shop
from app.services.tier_answers import NoSuchRequest

Named: TypeAlias = tuple[OpId, str]
"""A request or a grant, and a photo beside it."""
LOOK_MS = 600_000
"""So long after it a picture that comes, or is read again, belongs to the same look."""
LookRefused: TypeAlias = ActForbidden | LimitMissing | SignInFirst


def keep_photos(*, work: UnitOfWork, fact: Fact, photos: Sequence[bytes]) -> None:
    """The bytes of what the fact names, in its order. Changes: photos."""
    for named, data in zip(photos_of(fact), photos, strict=True):
        work.photos.put(
            StoredPhoto(named.photo, fact.op_id, fact.member or "", fact.clock.wall_ms, data)
        )


def read_evidence(
    *,
    shop: Shop,
    work: UnitOfWork,
    about: OpId,
    photo_id: str,
    beside: Sequence[Named] = (),
) -> bytes | PhotoSought | NoSuchRequest | LookRefused:
    """A photo beside a request or a grant, for whoever may ask for tiers or say yes to them: it
    may be of somebody's papers. Where another till took it and it is not here yet, what to ask
    head office for (`bring_photo`). `beside`: what else is shown with it: one look at all of them
    that are here is one entry; one that comes later is noted then. Changes: audit, where
    a colleague took it."""
    refused = _may_look(shop)
    if refused is not None:
        return refused
    fact = _fact_of(work, about)
    named = next((each for each in photos_of(fact) if each.photo == photo_id), None)
    if fact is None or named is None or work.erasures.is_forgotten(fact.member or ""):
        return NoSuchRequest(about)
    sought = PhotoSought(photo_id, about, fact.member or "", named.sha256)
    found = kept_photo(work=work, sought=sought)
    staff = shop.desk.state.staff
    if isinstance(found, bytes) and staff is not None and fact.staff != staff.staff_id:
        _note_look(shop, work, fact, photo_id, beside)
    return found


def _note_look(
    shop: Shop, work: UnitOfWork, fact: Fact, photo_id: str, beside: Sequence[Named]
) -> None:
    """Who saw which photos of a member, once for each look at them."""
    now, subject = shop.now(), fact.member or ""
    staff = shop.desk.state.staff
    assert staff is not None, "nobody else may look"
    for known in work.audit.about(subject, ("evidence_seen",)):
        entry = known.entry
        is_his = entry.staff_id == staff.staff_id and abs(now.wall_ms - entry.at_ms) < LOOK_MS
        if is_his and photo_id in dict(entry.details).get("photo", "").split():
            return
    seen = [photo_id]
    for other, photo in beside:
        about = _fact_of(work, other)
        if about is not None and about.member == fact.member and about.staff != staff.staff_id:
            named = [each.photo for each in photos_of(about) if each.photo == photo]
            # One on its way is not seen yet: it is noted when it comes.
            seen += [each for each in named if work.photos.get(each) is not None]
    details = {"photo": " ".join(dict.fromkeys(seen))}
    record(shop=shop, work=work, now=now, act="evidence_seen", subject=subject, details=details)


def _fact_of(work: UnitOfWork, about: OpId) -> Fact | None:
    return work.tier_changes.request(about) or work.tier_changes.grant(about)


def _may_look(shop: Shop) -> LookRefused | None:
    """Whoever needs a yes to give a tier may ask for one, and see what stands beside it."""
    state = shop.desk.state
    if state.staff is None or state.locked:
        return SignInFirst()
    judged = judge_act(state.rights, state.staff.role.role_id, "tier_grant", 0)
    if isinstance(judged, LimitMissing):
        return judged
    return ActForbidden("tier_grant") if isinstance(judged, Forbidden) else None

"""Pictures of complaints: kept with the case, sent by themselves.

Owns: adding one and reading it. Does not own: making it small (ui: read a file only after
`check_photo_file`, scale it to a side of 1600 points, hand over JPEG), fetching one that another
till took (photo.py), sending it (sync).
"""

from __future__ import annotations

from functools import partial
from hashlib import sha256
from typing import TypeAlias

from app.domain.complaint_fact import PhotoAdded
from app.domain.ids import OpId
from app.domain.photo import (
    NoPicture,
    PhotoSought,
    PhotoTooLarge,
    StoredPhoto,
    TooManyPhotos,
    check_photo,
)
from app.services.approval import ClearanceRefusal, Cleared
from app.services.audit_trail import record
from app.services.complaint_act import ComplaintChanged
from app.services.complaint_step import (
    CaseForgotten,
    LookRefused,
    NoSuchComplaint,
    cleared_for,
    is_forgotten,
    key_holder,
    may_look,
    read_case,
    step_fact,
    write_case_fact,
)
from app.services.open_approval import Approval
from app.services.photo import kept_photo
from app.services.ports import UnitOfWork
from app.services.shop import Shop

PhotoAnswer: TypeAlias = (
    ComplaintChanged
    | PhotoTooLarge
    | NoPicture
    | TooManyPhotos
    | NoSuchComplaint
    | CaseForgotten
    | ClearanceRefusal
)


def add_photo(
    *, shop: Shop, work: UnitOfWork, case_id: OpId, data: bytes, approval: Approval | None = None
) -> PhotoAnswer:
    """Keep a picture (JPEG or PNG, made small) with a case. Changes: facts, complaints, audit."""
    then = partial(add_photo, case_id=case_id, data=data)
    now = shop.now()
    case = read_case(work, case_id, now)
    if isinstance(case, NoSuchComplaint):
        return case
    if is_forgotten(work, case):
        return CaseForgotten(case_id)
    refused = check_photo(data, len(case.photos))
    if refused is not None:
        return refused
    cleared = cleared_for(shop, work, "complaint_handle", case_id, then, approval)
    if not isinstance(cleared, Cleared):
        return cleared
    photo = shop.op_id(now)
    step = PhotoAdded(photo=photo, size=len(data), sha256=sha256(data).hexdigest())
    fact = step_fact(shop, work, case, step)
    write_case_fact(shop, work, fact)
    work.photos.put(StoredPhoto(photo, case_id, key_holder(case), now.wall_ms, data))
    details = {"step": "photo", "size": str(len(data))}
    record(
        shop=shop, work=work, now=fact.clock, act="complaint_stepped", subject=case_id,
        details=details,
    )  # fmt: skip
    return ComplaintChanged(case_id)


def read_photo(
    *, shop: Shop, work: UnitOfWork, case_id: OpId, photo_id: str
) -> bytes | PhotoSought | NoSuchComplaint | CaseForgotten | LookRefused:
    """The picture; where another till took it and it is not here yet, what to ask head office for
    (`bring_photo`). Changes nothing."""
    refused = may_look(shop)
    if refused is not None:
        return refused
    case = read_case(work, case_id, shop.now())
    if isinstance(case, NoSuchComplaint):
        return case
    if is_forgotten(work, case):
        return CaseForgotten(case_id)
    named = next((each for each in case.photos if each.photo == photo_id), None)
    if named is None:
        return NoSuchComplaint(case_id)
    sought = PhotoSought(photo_id, case_id, key_holder(case), named.sha256)
    return kept_photo(work=work, sought=sought)

"""Members leave the till as a file: masked, with a reason, told in the trail before the first row.

Owns: who may, the trail, and whole names and numbers for who may see all of them. Does not own: the
rows (member_list.py gives them, masked as the list shows them), the file (ui/members/csv_file.py).
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import msgspec

from app.domain.member import PersonalData
from app.domain.member_list import ListChoice, ListPlace
from app.domain.note import clean_note
from app.services.answers import NotAllowed, Refusal, SignInFirst
from app.services.audit_search import ExportReason
from app.services.audit_trail import record
from app.services.desk import allowed
from app.services.member_list import MembersPart, list_members
from app.services.ports import UnitOfWork
from app.services.shop import Shop


@dataclass(frozen=True, slots=True)
class MemberExportTold:
    """It stands in the trail: now the rows may be read and written."""

    at_ms: int


@dataclass(frozen=True, slots=True)
class MemberExportWords:
    """ "Other" says nothing by itself: a few words are missing."""


def tell_member_export(
    *, shop: Shop, work: UnitOfWork, choice: ListChoice, reason: ExportReason, note: str = "",
    whole: bool = False,
) -> MemberExportTold | MemberExportWords | Refusal:  # fmt: skip
    """Put the export into the trail before anything leaves the till. Changes: audit.

    Needs the right to see the trail, as every export: a list of people is not a cashier's; `whole`
    (nothing masked) that of a manager besides.
    """
    refusal = allowed(shop, "member_note") or allowed(shop, "see_audit")
    if whole and refusal is None:
        refusal = may_see_whole(shop=shop)
    if refusal:
        return refusal
    words = clean_note(note)
    if reason == "other" and not words:
        return MemberExportWords()
    now = shop.now()
    details = {"reason": reason, "note": words}
    if whole:
        details["masked"] = "no"
    details["what"] = " ".join(str(value) for value in msgspec.structs.astuple(choice) if value)
    told = {name: value for name, value in details.items() if value}
    record(shop=shop, work=work, now=now, act="members_exported", details=told)
    return MemberExportTold(now.wall_ms)


def may_see_whole(*, shop: Shop) -> SignInFirst | NotAllowed | None:
    """Why whoever is signed in may not take names and numbers out as they are; None = he may."""
    return allowed(shop, "reveal_phone") or allowed(shop, "manage_settings")


def whole_members(
    *, shop: Shop, work: UnitOfWork, choice: ListChoice, after: ListPlace | None, want: int,
    reason: ExportReason,
) -> MembersPart | Refusal:  # fmt: skip
    """A part of the list with names and numbers as they are; each number seen is told of the
    member, as one that was shown. Changes: audit.
    """
    refusal = may_see_whole(shop=shop)
    if refusal:
        return refusal
    part = list_members(shop=shop, work=work, choice=choice, after=after, want=want)
    if not isinstance(part, MembersPart):
        return part
    now, rows = shop.now(), []
    for row in part.rows:
        member = work.members.get(row.member_id)
        person = member.person if member is not None else PersonalData()
        rows.append(replace(row, name_masked=person.name, phone_masked=person.phone))
        if person.phone:
            record(
                shop=shop, work=work, now=now, act="phone_revealed", subject=row.member_id,
                details={"reason": reason, "what": "export"},
            )  # fmt: skip
    return replace(part, rows=tuple(rows))

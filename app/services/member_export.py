"""Members leave the till as a file: masked, with a reason, told in the trail before the first row.

Owns: who may, and the trail. Does not own: the rows (member_list.py gives them, masked as the list
shows them), the file (ui/members/csv_file.py).
"""

from __future__ import annotations

from dataclasses import dataclass

import msgspec

from app.domain.member_list import ListChoice
from app.domain.note import clean_note
from app.services.answers import Refusal
from app.services.audit_search import ExportReason
from app.services.audit_trail import record
from app.services.desk import allowed
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
    *, shop: Shop, work: UnitOfWork, choice: ListChoice, reason: ExportReason, note: str = ""
) -> MemberExportTold | MemberExportWords | Refusal:
    """Put the export into the trail before anything leaves the till. Changes: audit.

    Needs the right to see the trail, as every export: a list of people is not a cashier's.
    """
    refusal = allowed(shop, "member_note") or allowed(shop, "see_audit")
    if refusal:
        return refusal
    words = clean_note(note)
    if reason == "other" and not words:
        return MemberExportWords()
    now = shop.now()
    details = {"reason": reason, "note": words}
    details["what"] = " ".join(str(value) for value in msgspec.structs.astuple(choice) if value)
    told = {name: value for name, value in details.items() if value}
    record(shop=shop, work=work, now=now, act="members_exported", details=told)
    return MemberExportTold(now.wall_ms)

"""Heard code: what a scan test shows of a code, without giving away whose it is. Pure.

Owns: the words for kinds of codes. Does not own: telling kinds apart (app/domain/scanning.py).
"""

from __future__ import annotations

from app.domain.scanning import (
    BadCheckDigit,
    CodeTooLong,
    CouponCode,
    Gs1Item,
    Gtin,
    InternalCode,
    MemberCard,
    MemberPass,
    PaymentCode,
    ReceiptCode,
    Scanned,
    StaffBadge,
    UnknownCode,
    WeighedItem,
)
from app.wording import N_, Wording
from ui import formatting

_KINDS: dict[type[object], str] = {
    StaffBadge: N_("A staff badge"),
    PaymentCode: N_("A payment code"),
    MemberCard: N_("A member card"),
    MemberPass: N_("A member code from a phone"),
    CouponCode: N_("A coupon"),
    ReceiptCode: N_("A receipt"),
    Gs1Item: N_("Goods with a GS1 code"),
    WeighedItem: N_("A scale label"),
    Gtin: N_("Goods"),
    InternalCode: N_("An internal code"),
    BadCheckDigit: N_("Goods, read incompletely: scan again"),
    UnknownCode: N_("A code of no known kind"),
    CodeTooLong: N_("Too long for a code"),
}
_SHOWN = (Gs1Item, WeighedItem, Gtin, InternalCode, BadCheckDigit)
"""Codes of things. Those of people and of money are only counted."""


def heard_sentence(text: str, kind: Scanned, wording: Wording) -> str:
    """`A member card, 15 signs`; codes of goods are shown too, so that missing signs are seen."""
    said = wording.n(
        "{kind}: {count} sign arrived",
        "{kind}: {count} signs arrived",
        len(text),
        kind=wording.t(_KINDS[type(kind)]),
    )
    if isinstance(kind, UnknownCode):  # it may be anybody's
        return f"{said}\n{formatting.shortened_code(text)}"
    if isinstance(kind, _SHOWN):
        shown = text if len(text) <= 32 and text.isprintable() else formatting.shortened_code(text)
        return f"{said}\n{shown}"
    return said

"""What works without a network, function by function, with this shop's own limits. Pure.

Owns: the list and its sentences. Does not own: widgets (offline_page.py), the limits themselves
(the program), that it is so (services).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from app.domain.program import OfflineLimits
from app.wording import N_, Wording

Can = Literal["yes", "within", "no"]


@dataclass(frozen=True, slots=True)
class OfflineLine:
    """One function. `says`: how far it goes, or what is done instead."""

    can: Can
    what: str
    says: str


@dataclass(frozen=True, slots=True)
class OfflineGroup:
    """Functions of one kind."""

    title: str
    lines: tuple[OfflineLine, ...]


_Row = tuple[Can, str, str]
_SELLING: tuple[_Row, ...] = (
    ("yes", N_("Scan, weigh, price, offers"), N_("by the goods and rules that are on this till")),
    ("yes", N_("Cash, receipts, drawer"), N_("as always; receipts keep their numbers")),
    ("yes", N_("Hold and recall"), N_("on this till")),
    ("no", N_("QR payment, bank card"), N_("by the terminal's own network; else take cash")),
    ("yes", N_("Refunds of this shop's sales"), N_("a sale of another till once it is known here")),
    ("no", N_("Refunds of other shops' sales"), N_("as a return without a receipt, with approval")),
)
_MEMBERS: tuple[_Row, ...] = (
    ("yes", N_("Find members of this shop"), N_("as they were when it last heard the server")),
    ("yes", N_("Join new members"), N_("two with one phone number are merged later")),
    ("within", N_("Members never seen here"),
     N_("list price and base points by the card number, credited later")),
    ("yes", N_("The code on a member's phone"), N_("proved on this till, once each")),
    ("no", N_("Joining on his own phone"), N_("let him join at the till")),
)  # fmt: skip
_SERVER: tuple[_Row, ...] = (
    ("yes", N_("Earn points"), N_("on the receipt at once; confirmed when it is uploaded")),
    ("within", N_("Pay with points"),
     N_("{member} of one member, {till} in all on this till, with data up to {hours} h old")),
    ("within", N_("Points set aside for this till"),
     N_("up to {grant} of one member for {days} days, on top of that")),
    ("within", N_("Coupons and benefits"), N_("those known here; used twice, both sales count")),
)  # fmt: skip
_ALONE: tuple[_Row, ...] = (
    ("yes", N_("Earn points"), N_("this till keeps the accounts itself")),
    ("yes", N_("Pay with points"), N_("the whole balance: nobody else can spend it")),
    ("yes", N_("Coupons and benefits"), N_("all of them")),
)
_DESK: tuple[_Row, ...] = (
    ("yes", N_("Open and close the shift, X and Z"), N_("compared with the server later")),
    ("yes", N_("Settings, roles, exceptions, audit log"), N_("they are this till's own")),
    ("no", N_("New prices and rules of head office"), N_("they come by themselves afterwards")),
)


def offline_groups(
    limits: OfflineLimits, *, has_server: bool, wording: Wording
) -> tuple[OfflineGroup, ...]:
    """Every function of the till; points by the limits of the program in force."""
    t = wording.t
    figures = {
        "member": f"{limits.floor_member:,}",
        "till": f"{limits.floor_till:,}",
        "hours": limits.data_hours,
        "grant": f"{limits.grant_max:,}",
        "days": limits.grant_days,
    }

    def group(title: str, rows: tuple[_Row, ...]) -> OfflineGroup:
        lines = (OfflineLine(can, t(what), t(says, **figures)) for can, what, says in rows)
        return OfflineGroup(t(title), tuple(lines))

    return (
        group(N_("Selling"), _SELLING),
        group(N_("Members"), _MEMBERS),
        group(N_("Points, coupons, benefits"), _SERVER if has_server else _ALONE),
        group(N_("Shift and desk"), _DESK),
    )


def mark_of(can: Can) -> tuple[str, str]:
    """Icon and tone; never by colour alone."""
    marks = {"yes": ("check", "success"), "within": ("hourglass", "warning")}
    return marks.get(can, ("x", "text_secondary"))


def can_words(can: Can, wording: Wording) -> str:
    """The same for whoever hears the page."""
    t = wording.t
    return {"yes": t("works"), "within": t("works within limits")}.get(can, t("does not work"))

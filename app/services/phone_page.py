"""Phone pages: whether this shop has pages for customers' phones, and the link to one of them.

Owns: when their codes are shown at all, asking for a link, the sentences where there is none. Does
not own: the pages (the server's), the code's picture (devices), where it is shown (ui).
A shop without a server, or whose server no phone can reach, shows none of these codes and says so.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from app.domain.phone_page import NoPages, PageAnswer, PageKind, PageLink, PageWanted
from app.domain.server_answer import Declined, NoAnswer, NoServer
from app.services.ports import UnitOfWork
from app.services.shop import Shop
from app.wording import N_, Wording


@dataclass(frozen=True, slots=True)
class PagesHere:
    """Codes are shown. `address`: where customers' phones find the pages."""

    address: str


@dataclass(frozen=True, slots=True)
class NoPagesHere:
    """No code is shown, and why."""

    why: Literal["no_server", "no_address"]


PhonePages = PagesHere | NoPagesHere


def phone_pages(*, work: UnitOfWork) -> PhonePages:
    """Whether codes for customers' phones are shown here. Changes nothing."""
    who = work.enrolment.read()
    if who is None:
        return NoPagesHere("no_server")
    return PagesHere(who.public_url) if who.public_url else NoPagesHere("no_address")


def pages_by_now(*, shop: Shop) -> PhonePages:
    """The same asked of the server: it may have got an address since this till joined it.

    Slow: outside the lane. A link that comes of it is not used, and ends by itself.
    """
    answer = phone_link(shop=shop, page="join")
    if isinstance(answer, PageLink):
        scheme, _, host = answer.url.split("/")[:3]
        return PagesHere(f"{scheme}//{host}")
    return NoPagesHere("no_address")


def learn_pages(*, work: UnitOfWork, address: str) -> None:
    """Keep the address that phones reach by now: receipts bear links to it. Changes: enrolment."""
    work.enrolment.learn_pages(address)


def phone_link(*, shop: Shop, page: PageKind, member_id: str | None = None) -> PageAnswer:
    """Ask the server for a link; each opens once. Slow: outside the lane. Changes nothing here."""
    return shop.server.page(PageWanted(page, member_id))


_HIDDEN: Mapping[str, str] = {
    "no_server": N_(
        "This till belongs to no server: codes with which customers join or keep their card on "
        "their own phones are not shown."
    ),
    "no_address": N_(
        "Customers' phones cannot reach this server: codes with which they join or keep their "
        "card on their own phones are not shown. Head office can give it a public address."
    ),
}
_NONE: Mapping[type, str] = {
    NoPages: _HIDDEN["no_address"],
    NoServer: _HIDDEN["no_server"],
}
_NO_ANSWER: Mapping[PageKind, str] = {
    "join": N_("There is no connection now. Let him join here at the till; it counts the same."),
    "claim": N_("There is no connection now. The printed card works the same; try again later."),
}
_DECLINED: Mapping[str, str] = {
    "unknown_member": N_(
        "Head office does not know this member yet. Wait until he is uploaded, then try again."
    ),
}


def hidden_sentence(pages: NoPagesHere, wording: Wording) -> str:
    """Why no codes are shown, and what to do."""
    return wording.t(_HIDDEN[pages.why])


def no_link_sentence(answer: PageAnswer, page: PageKind, wording: Wording) -> str:
    """Why there is no link, and what to do instead; empty where there is one."""
    match answer:
        case PageLink():
            return ""
        case NoAnswer():
            return wording.t(_NO_ANSWER[page])
        case Declined(code=code):
            known = _DECLINED.get(code, N_("The server gives no link now. Try again later."))
            return wording.t(known)
        case _:
            return wording.t(_NONE[type(answer)])

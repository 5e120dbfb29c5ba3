"""Enrolment: a till becomes one of a chain, by a one-time code of its head office.

Owns: who may do that at the window, asking, the trail, the sentences of what may go wrong. Does
not own: the request and the key (sync/till/enrolling.py), what a till is afterwards (the store).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from app.domain.enrolment import Enrolment
from app.domain.server_answer import EnrolAnswer, EnrolRefused, EnrolStep, EnrolTrouble
from app.domain.settings import Identity
from app.services.answers import Refusal
from app.services.audit_trail import record
from app.services.desk import allowed
from app.services.ports import UnitOfWork
from app.services.server_port import untold
from app.services.shop import Shop
from app.wording import N_, Wording


@dataclass(frozen=True, slots=True)
class MayEnrol:
    """This person may. `belongs_to`: who this till is by now; None = it was never enrolled."""

    belongs_to: Enrolment | None


def may_enrol(*, shop: Shop, work: UnitOfWork) -> MayEnrol | Refusal:
    """Whether whoever is signed in may enrol this till. Changes nothing."""
    refusal = allowed(shop, "manage_settings")
    return MayEnrol(work.enrolment.read()) if refusal is None else refusal


def enrol(
    *,
    shop: Shop,
    address: str,
    code: str,
    name: str = "",
    tell: Callable[[EnrolStep], object] = untold,
) -> EnrolAnswer:
    """Ask the server to take this till in. Slow: outside the lane.

    Changes: identity, enrolment and audit, together. From then on the server is the authority
    over members.
    """

    def note(work: UnitOfWork) -> None:
        _note(shop, work)

    return shop.server.enrol(address, code, tell, name, note)


def identity_now(*, shop: Shop, work: UnitOfWork) -> Identity:
    """Who this till is, as its store says. Changes nothing."""
    return work.device.read() or shop.identity


def _note(shop: Shop, work: UnitOfWork) -> None:
    """Write into the trail that this till joined a chain, in the transaction that made it so."""
    here = identity_now(shop=shop, work=work)
    details = {
        "store": str(here.store_number),
        "till": str(here.till_number),
        "epoch": str(here.epoch),
    }
    state = shop.desk.committed
    by = state.staff.staff_id if state is not None and state.staff is not None else ""
    now = shop.now()
    record(
        shop=shop, work=work, now=now, act="till_enrolled", subject=here.device,
        details=details, staff_id=by,
    )  # fmt: skip


_SENTENCES: Mapping[EnrolTrouble, str] = {
    "bad_address": N_("This is no address of a server: {address}. It looks like {example}."),
    "open_address": N_(
        "Others on the way could read along: {address} is not encrypted. Use an address that "
        "begins with https."
    ),
    "unreachable": N_(
        "Nobody answers at {address}. Look at the cable and the address, then try again."
    ),
    "untrusted": N_(
        "The certificate of {address} is not one this machine trusts. Nothing was sent: ask head "
        "office which address is right."
    ),
    "garbled": N_(
        "Something answers at {address} that is no server of ours: perhaps a network that wants a "
        "sign-in first."
    ),
    "unknown_code": N_(
        "The server does not know this code: it was used, is too old, or was mistyped. Ask head "
        "office for a new one."
    ),
    "till_taken": N_(
        "Another machine stands at this till number. Head office can give a code for another "
        "number, or let this machine take its place."
    ),
    "update_program": N_(
        "This program and the server are too far apart in age: bring the older one up to date."
    ),
    "too_many": N_("There were too many tries from here. Wait a minute, then try again."),
    "busy": N_("The server cannot do it now. Try again in a minute."),
    "not_kept": N_(
        "The server took this till in, but it could not be kept here. Try again with the same code."
    ),
    "refused": N_("The server refused."),
}
EXAMPLE = "https://zhanggui.example"


def enrol_sentence(refused: EnrolRefused, wording: Wording) -> str:
    """Why this till was not taken in, and what to do.

    The server's own words only where this till has none: it may speak another language.
    """
    said = wording.t(_SENTENCES[refused.trouble], address=refused.address, example=EXAMPLE)
    if refused.trouble != "refused" or not refused.said:
        return said
    return f"{said}{'' if wording.is_chinese else ' '}{refused.said}"

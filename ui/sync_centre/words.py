"""Words of sync: what a reason, a group of facts and a state are called.

Owns: those sentences, in source English. Does not own: putting them together (view_model.py), the
sentences of differences (app/services/difference_words.py).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from app.domain.link import Wire
from app.domain.outbox import OutboxState
from app.domain.server_answer import EnrolStep, EnrolTrouble
from app.services.sync_state import Group
from app.wording import N_


@dataclass(frozen=True, slots=True)
class StateWords:
    """How the link is called, with its icon and tone."""

    name: str
    icon: str
    tone: str


WIRES: Mapping[Wire, StateWords] = {
    "checking": StateWords(N_("Checking the link…"), "refresh", "info"),
    "online": StateWords(N_("Online"), "cloud", "text_primary"),
    "behind": StateWords(N_("Online, but not uploading"), "alert", "warning"),
    "offline": StateWords(N_("Offline, you can keep selling"), "cloud-off", "offline"),
    "needs_person": StateWords(N_("Somebody is needed"), "alert-circle", "danger"),
}
UPLOADING = StateWords(N_("Uploading"), "cloud-up", "info")
AGREES = StateWords(N_("Everything is uploaded"), "check-circle", "success")

REASONS: Mapping[str, tuple[str, str]] = {
    "unreachable": (N_("The server cannot be reached. The till tries again by itself."), ""),
    "garbled": (
        N_("Something else answers in the server's place, such as a sign-in page of the network."),
        "E-SYNC-01",
    ),
    "busy": (N_("The server is busy. The till tries again by itself."), ""),
    "switched_off": (N_("The cable is pulled, by the switch below."), ""),
    "store_failed": (
        N_("This till cannot write down what the server says. Make room on its disk."),
        "E-SYNC-02",
    ),
    "held": (N_("Head office looks at earlier records first. Nothing is lost."), ""),
    "restored_server": (
        N_("The server was restored from a backup. This till sends it everything again."), "",
    ),
    "not_allowed": (
        N_("The server does not let this till in. Connect it again with a new code."),
        "E-SYNC-03",
    ),
    "revoked": (
        N_("Head office has locked this till out. Its sales are kept and checked; call them."),
        "E-SYNC-04",
    ),
    "update_program": (
        N_("The server is of a newer version. Update the till program."), "E-SYNC-05",
    ),
    "enrol_again": (
        N_("A copy of this till was at work. Connect this one again with a new code."),
        "E-SYNC-06",
    ),
    "restored_till": (
        N_("This till was brought back from a backup. Connect it again with a new code."),
        "E-SYNC-08",
    ),
    "no_key": (
        N_("This machine cannot prove any more that it is this till. Connect it with a new code."),
        "E-SYNC-09",
    ),
    "op_refused": (
        N_("The server cannot take one record in. It is kept here; call support."), "E-SYNC-07",
    ),
    "set_aside": (N_("Refused requests wait for your decision."), ""),
}  # fmt: skip
"""Why the link is so (sync's reasons), and the code that support asks for; empty = it is normal."""

CODE_HELPS = frozenset({"not_allowed", "revoked", "enrol_again", "restored_till", "no_key"})
"""Reasons after which only a new code lets this till in."""

GROUPS: Mapping[Group, str] = {
    "sales": N_("Sales rung up"),
    "refunds": N_("Refunds given"),
    "members": N_("Members"),
    "complaints": N_("Complaints"),
    "shifts": N_("Shifts"),
    "others": N_("Others"),
}
GROUP_ICONS: Mapping[Group, str] = {
    "sales": "receipt", "refunds": "refund", "members": "user", "complaints": "complaint",
    "shifts": "cash", "others": "list",
}  # fmt: skip
REFUSED: Mapping[Group, str] = {
    "sales": N_("A sale was refused"),
    "refunds": N_("A refund was refused"),
    "members": N_("A change of a member was refused"),
    "complaints": N_("A complaint was refused"),
    "shifts": N_("A record of the shift was refused"),
    "others": N_("A request was refused"),
}

WHY_REFUSED: Mapping[str, str] = {
    "tier_request_decided": N_("A colleague decided about this tier first: {verdict}."),
    "tier_request_unknown": N_("The request for this tier is not known at head office."),
    "tier_request_lapsed": N_("The last day of the tier asked for had passed."),
    "tier_request_wrong": N_("The days of the tier asked for cannot be."),
    "open_case": N_("A complaint of this person is open."),
    "was_here": N_("This member was at another store since."),
    "unknown_case": N_("Head office does not know this complaint."),
    "of_member": N_("The complaint is a member's. Erase the member instead."),
}
"""What the server said by a code alone; `verdict`: in words."""

SENT: Mapping[OutboxState, tuple[tuple[str, str], str]] = {
    "pending": (("cloud-up", "info"), N_("waits to be uploaded")),
    "acknowledged": (("check-circle", "success"), N_("confirmed")),
    "adjusted": (("info", "warning"), N_("adjusted")),
    "quarantined": (("hourglass", "warning"), N_("waits for head office")),
    "set_aside": (("alert", "danger"), N_("refused: decide above")),
    "given_up": (("x", "text_secondary"), N_("given up")),
}
"""What became of a receipt: icon, tone, words."""

STREAMS: Mapping[str, str] = {
    "chain": N_("Goods, rules and staff"),
    "store": N_("Members and points"),
    "device": N_("What is set aside for this till"),
}
"""By the first word of a stream's name."""


@dataclass(frozen=True, slots=True)
class Offline:
    """One thing, and whether it is done without a network; `note`: how far, or instead of it."""

    what: str
    can: bool
    note: str = ""


OFFLINE: tuple[Offline, ...] = (
    Offline(N_("Sell, refund, hold"), True),
    Offline(N_("Find members, join them"), True, N_("known here")),
    Offline(N_("Pay with points"), True, N_("within limits")),
    Offline(N_("Coupons and benefits"), True, N_("within limits")),
    Offline(N_("Close the shift, X and Z"), True),
    Offline(N_("QR payment, bank card"), False, N_("take cash")),
    Offline(N_("Members of other shops"), False, N_("join, merged later")),
    Offline(N_("Refunds of other shops"), False, N_("needs approval")),
)

STEPS: Mapping[EnrolStep, str] = {
    "reaching": N_("Looking for the server…"),
    "proving": N_("Showing it the code…"),
    "adopting": N_("Taking over what it says…"),
}

OF_THE_CODE: frozenset[EnrolTrouble] = frozenset({"unknown_code", "till_taken", "too_many"})
OF_THE_ADDRESS: frozenset[EnrolTrouble] = frozenset(
    {"bad_address", "open_address", "unreachable", "untrusted", "garbled"}
)
"""Beside which field a refusal is said; the other ones stand above both."""

"""Words of the privacy room: what goes, what stands against it, purposes, reasons, states.

Owns: these words. Does not own: sentences around them (view_model.py).
"""

from __future__ import annotations

from collections.abc import Mapping

from app.domain.consent import Purpose
from app.domain.erasure import Obstacle
from app.services.erasure import Goes
from app.wording import N_

GOES: Mapping[Goes, str] = {
    "name": N_("name"),
    "phone": N_("phone number"),
    "email": N_("e-mail address"),
    "birthday": N_("birthday"),
    "note": N_("note"),
    "salutation": N_("salutation"),
    "tags": N_("tags"),
    "account_manager": N_("account manager"),
    "consents": N_("consents"),
}
OBSTACLES: Mapping[Obstacle, str] = {
    "in_basket": N_("This member is on the open sale: finish it or take the member off first."),
    "on_hold": N_("A sale of this member is on hold: recall it and finish it first."),
    "open_case": N_("A complaint of this member is open: close it first."),
}
PURPOSES: Mapping[Purpose, str] = {
    "membership": N_("Membership"),
    "marketing": N_("Offers by message"),
    "profiling": N_("Personal offers"),
}
REVEALS: Mapping[str, str] = {
    "verify_identity": N_("to check who it is"),
    "contact_member": N_("to call the member"),
    "member_asked": N_("the member asked"),
    "correct_data": N_("to correct the data"),
}
REFUSED: Mapping[str, str] = {
    "open_case": N_("Head office refused: a complaint of this member is open."),
    "was_here": N_("Head office refused: this member was at another store since."),
    "unknown_case": N_("Head office refused: it does not know this complaint."),
    "of_member": N_("Head office refused: the complaint is a member's. Erase the member instead."),
}
OTHERWISE_REFUSED = N_("Head office refused it. The sync centre says why.")
CONFIRM_WORD = N_("ERASE")
"""Typed before anybody is forgotten: a key pressed by mistake erases nobody."""

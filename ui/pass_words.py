"""Passes in words: why the code on a member's phone identifies nobody here.

Owns: those sentences. Does not own: the judgement (app/domain/member_pass.py).
"""

from __future__ import annotations

from collections.abc import Mapping

from app.services.member_pass import PassNotTaken
from app.wording import N_, Wording

_PASSES: Mapping[str, str] = {
    "form": N_("This is no member code of ours."),
    "unknown_key": N_("This till does not know the key of this code. Use the card instead."),
    "forged": N_("This code is not genuine. Use the card or the phone number."),
    "expired": N_("This code has run out: the phone shows a new one every minute."),
    "not_yet": N_("This code is from the future: the clock of this till is wrong."),
    "used": N_("This code was used here already: wait for the next one on the phone."),
}


def pass_sentence(refused: PassNotTaken, wording: Wording) -> str:
    """Why, and what to do."""
    return wording.t(_PASSES[refused.reason])

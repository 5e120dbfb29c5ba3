"""Answers of sync: what came of a decision, in a sentence.

Owns: those sentences. Does not own: deciding (app/services/sync_state.py), where they are said.
"""

from __future__ import annotations

from collections.abc import Mapping

from app.services.answers import NotAllowed, SignInFirst
from app.services.sync_state import GivenUp, NotRefused, ReasonMissing, TriedAgain
from app.wording import N_, Wording

_DONE = (TriedAgain, GivenUp)
_ANSWERS: Mapping[type, str] = {
    TriedAgain: N_("It is on its way again."),
    GivenUp: N_("Given up and recorded, with your reason."),
    ReasonMissing: N_("Say in a few words why."),
    NotRefused: N_("Nothing here waits any more: somebody decided, or the server took it."),
    NotAllowed: N_("Your role may not decide this. Ask a manager."),
    SignInFirst: N_("Sign in first."),
}


def answer_words(answer: object, wording: Wording) -> str:
    """What came of it, and what to do."""
    return wording.t(_ANSWERS[type(answer)])


def is_done(answer: object) -> bool:
    """Whether it was done; else nothing was changed."""
    return isinstance(answer, _DONE)


def knows(answer: type) -> bool:
    """Whether this answer has its sentence."""
    return answer in _ANSWERS

"""Notices: pages that say why there is nothing to see, and what to do instead.

Owns: their sentences and statuses. Does not own: when there is one (front.py and the pages).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from app.wording import N_, Wording
from sync.server.web.problem import WORDS as PROBLEMS
from sync.server.web.problem import Trouble


@dataclass(frozen=True, slots=True)
class Notice:
    """A title, a sentence, a status."""

    title: str
    says: str
    status: int


SHUT: Mapping[Literal["unknown", "ended", "used", "gone"], tuple[str, str, int]] = {
    "unknown": (
        N_("This link opens nothing"),
        N_("Please scan the code again, or ask in the shop for a new one."),
        404,
    ),
    "ended": (
        N_("This link has ended"),
        N_("Nothing is lost. Please ask in the shop for a new code."),
        410,
    ),
    "used": (
        N_("This link was used already"),
        N_("It works once. Your card is where it was opened first; else ask for a new code."),
        410,
    ),
    "gone": (
        N_("This card is not in use"),
        N_("Please ask in the shop; they can see why."),
        410,
    ),
}
TOO_OFTEN = (
    N_("One moment, please"),
    N_("Too many requests came from here. Please wait a little."),
)
NOT_UNDERSTOOD = (
    N_("This was not understood"),
    N_("Nothing was kept of it. Please scan the code again."),
)
NOT_NOW = (
    N_("Not possible at the moment"),
    N_("The shop's server is busy. Nothing is lost; please try again in a minute."),
)


def shut_notice(reason: Literal["unknown", "ended", "used", "gone"], words: Wording) -> Notice:
    """Why a link opens nothing."""
    title, says, status = SHUT[reason]
    return Notice(words.t(title), words.t(says), status)


def fault_notice(trouble: Trouble, words: Wording) -> Notice:
    """What went wrong on the way, for somebody who only wanted to see a page."""
    status = trouble.status or PROBLEMS[trouble.code][0]
    match status:
        case 404:
            return shut_notice("unknown", words)
        case 429:
            title, says = TOO_OFTEN
        case _ if status < 500:
            title, says = NOT_UNDERSTOOD
        case _:
            title, says = NOT_NOW
    return Notice(words.t(title), words.t(says), status)

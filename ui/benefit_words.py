"""Benefits in words: how often one may be used, here too, and why it cannot be ticked off now.

Owns: those sentences. Does not own: which way it is (services/tick_way.py).
"""

from __future__ import annotations

from collections.abc import Mapping

from app.domain.offline_allowance import Way
from app.services.entitlement import NoneLeft
from app.services.till_state import EntitlementOnPanel
from app.wording import N_, Wording
from ui import phrases
from ui.phrases import SEPARATOR
from ui.redeem_words import why_words

_LEFT = N_("{left} of {count} left {period}")
_HERE = N_("{left} of {count} left {period}, {here} usable here")
_OFFLINE = N_("{left} of {count} left {period}, {here} usable offline")
_WHY: Mapping[str, str] = {
    "used": N_("This benefit is used up for now."),
    "elsewhere": N_("This benefit was used up at another till."),
    "offline": N_(
        "Head office cannot be asked, and this till lets no more of this benefit through while "
        "offline."
    ),
}


def none_left(answer: NoneLeft, wording: Wording) -> str:
    """Why not."""
    return wording.t(_WHY[answer.why])


def how_often(held: EntitlementOnPanel, way: Way, wording: Wording) -> str:
    """What is left of it in its period, and how much of that here where it is less."""
    period = phrases.period(held.period, wording)
    if held.here is None:
        return wording.t(_LEFT, left=held.left, count=held.count, period=period)
    words = _HERE if way == "online" else _OFFLINE
    here = held.here.most
    return wording.t(words, left=held.left, count=held.count, period=period, here=here)


def how_often_and_why(held: EntitlementOnPanel, way: Way, wording: Wording) -> str:
    """The same, and why not all of it here."""
    said = how_often(held, way, wording)
    because = why_words(held.here.why, wording) if held.here is not None else ""
    return SEPARATOR.join(filter(None, (said, because)))

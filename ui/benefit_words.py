"""Benefits in words: why one cannot be ticked off now.

Owns: those sentences. Does not own: which way it is (services/tick_way.py).
"""

from __future__ import annotations

from collections.abc import Mapping

from app.services.entitlement import NoneLeft
from app.wording import N_, Wording

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

"""Points that were not turned into a coupon, in words.

Owns: those sentences. Does not own: whether they may be (services/expiring.py), who says them.
"""

from __future__ import annotations

from collections.abc import Mapping

from app.domain.exchange import NoExchange
from app.wording import N_, Wording
from ui import formatting

_WHY: Mapping[str, str] = {
    "no_rule": N_("The member rules turn no points into coupons."),
    "nothing_expires": N_("No points of this member expire soon."),
    "too_few": N_("Too few points expire: {points} short of a coupon."),
    "identify_better": N_("Scan the member card to use points"),
    "elsewhere": N_("Head office has {points} points less for this than it takes."),
    "offline": N_(
        "Head office cannot be asked: it takes {points} points more than this till may give now."
    ),
}


def not_exchanged(answer: NoExchange, wording: Wording) -> str:
    """Why not, with what is missing."""
    return wording.t(_WHY[answer.reason], points=formatting.points(answer.missing))

"""How points are spent, in words: who keeps them, how many can be used here, and why no more.

Owns: those words. Does not own: which way it is (services/redeem_way.py), the rows they stand in.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from app.domain.offline_allowance import Way, Why
from app.domain.redeem_way import RedeemWay
from app.wording import N_, Wording
from ui import formatting
from ui.phrases import SEPARATOR

_WAYS: Mapping[Way, str] = {
    "online": N_("Head office is asked."),
    "grant": N_("Offline, from this till's own share."),
    "floor": N_("Offline, within this till's limit."),
    "own": "",
}
_KEPT = N_("Kept by head office.")
_WHY: Mapping[Why | Literal["server_refused", "promised"], str] = {
    "balance": "",
    "member_limit": N_("No more for one member offline."),
    "till_limit": N_("This till can give no more offline."),
    "old_data": N_("Head office was not heard for too long."),
    "restarted": N_("This machine was restarted and has not heard head office since."),
    "unknown_member": N_("Head office does not know this member yet."),
    "promised": N_("The rest is set aside for another till."),
    "server_refused": N_("Head office has no more to give now."),
}


def redeem_words(way: RedeemWay, points: int, wording: Wording) -> str:
    """Which of the ways these points go, and why no more; empty where the shop has no server."""
    is_kept = way.reservation is not None and points <= (way.most or 0)
    which = _KEPT if is_kept else _WAYS[way.way]
    why = _WHY[way.why] if way.why is not None else ""
    if way.most == 0 and (way.way != "online" or why):
        which = ""  # nothing is spent that way
    said = [wording.t(words) for words in (which, why) if words]
    return ("" if wording.is_chinese else " ").join(said)


@dataclass(frozen=True, slots=True)
class Usable:
    """That fewer points can be used here than the member has. `because`: the same with its reason,
    where there is more to say."""

    said: str
    shorter: str
    because: str


def usable_here(points: int, way: RedeemWay, wording: Wording) -> Usable | None:
    """None where all of them can, or where they are kept for this sale already."""
    most, t = way.most, wording.t
    if way.way == "own" or way.reservation is not None or most is None or most >= points:
        return None
    figure = formatting.points(max(0, most))
    why = t(_WHY[way.why]) if way.why is not None and _WHY[way.why] else ""
    if way.way == "online":
        said, shorter = t("{points} usable here", points=figure), t("{points} here", points=figure)
    else:
        said = t("{points} usable offline", points=figure)
        shorter = t("{points} offline", points=figure)
    return Usable(said, shorter, SEPARATOR.join((said, why)) if why else said)


def why_words(why: Why | Literal["promised"], wording: Wording) -> str:
    """Why no more here; empty where there is nothing more to say."""
    return wording.t(_WHY[why]) if _WHY[why] else ""

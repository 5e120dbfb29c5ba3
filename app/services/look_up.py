"""Look-up: asking the server for a member this till does not know.

Owns: that question, beside the lane. Does not own: when it is asked (find_member.py), keeping what
was told (sync/till: it is in the store when this answers).
"""

from __future__ import annotations

from app.domain.server_answer import LookUpAnswer, LookUpWanted
from app.services.shop import Shop


def look_up_member(*, shop: Shop, wanted: LookUpWanted) -> LookUpAnswer:
    """Ask the server. Two seconds at most: outside the lane."""
    return shop.server.look_up(wanted)

"""The control group: who of an audience gets nothing, so that it can be seen what the gift did.

Owns: the draw. Does not own: who the audience is, the comparison (exact_test.py). No chance in it:
the order of hashes of campaign and member, so that anybody can draw again and find the same.
"""

from __future__ import annotations

from collections.abc import Collection
from hashlib import sha256


def draw_control(campaign_id: str, members: Collection[str], percent: int) -> frozenset[str]:
    """`percent` of the members, at least one and never all; nobody where it is zero or where there
    is only one to give to."""
    count = _kept_out(len(members), percent)
    in_order = sorted(members, key=lambda member: (_place(campaign_id, member), member))
    return frozenset(in_order[:count])


def draw_lots(
    campaign_id: str, members: Collection[str], percent: int, most: int
) -> frozenset[str]:
    """So many of the members that, without the control group of them, at most `most` get it."""
    size = len(members)
    while size - _kept_out(size, percent) > most:
        size -= 1
    in_order = sorted(members, key=lambda member: (_place(f"{campaign_id}\0lot", member), member))
    return frozenset(in_order[:size])


def _kept_out(members: int, percent: int) -> int:
    if members < 2 or not percent:
        return 0
    return min(max(1, members * percent // 100), members - 1)


def _place(campaign_id: str, member: str) -> bytes:
    return sha256(f"{campaign_id}\0{member}".encode()).digest()

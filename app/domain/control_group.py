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
    count = len(members) * percent // 100
    if percent and not count and len(members) > 1:
        count = 1
    in_order = sorted(members, key=lambda member: (_place(campaign_id, member), member))
    return frozenset(in_order[: min(count, len(members) - 1)] if members else ())


def _place(campaign_id: str, member: str) -> bytes:
    return sha256(f"{campaign_id}\0{member}".encode()).digest()

"""The order coupons are listed in, the same wherever a member's coupons are shown.

Owns: that order. Does not own: their words (phrases.py), the lists (till, coupons).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from app.services.till_state import CouponOnPanel


def in_order(coupons: Sequence[CouponOnPanel]) -> list[CouponOnPanel]:
    """In use, then what could be used instead, then the others; the soonest to end first."""

    def rank(held: CouponOnPanel) -> tuple[int, date, str]:
        place = {"used": 0, "not_used": 2, "refused": 3}[held.state]
        if held.why_not is not None and held.why_not.reason in _COULD_BE_USED:
            place = min(place, 1)
        return (place, held.expires or date.max, held.offer_id)

    return sorted(coupons, key=rank)


_COULD_BE_USED = ("EXCLUSIVE_WITH", "NOT_CHEAPEST", "MAX_COUPONS")

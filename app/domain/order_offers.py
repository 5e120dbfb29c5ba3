"""Order offers: amounts off and percentages on the whole order or a part of it.

Owns: whether a threshold is reached, what one offer takes off exactly, applying a chosen set in
the fixed order. Does not own: which set is chosen (search.py).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from app.domain.plan import OfferPlan
from app.domain.shelf import Positions, Shelf, rate_of, take_off


@dataclass(frozen=True, slots=True)
class Reached:
    """How an offer's threshold stands on the net after bundles."""

    times: int
    """How often it is reached; 0 = not; 1 where there is none."""
    missing_amount: int = 0
    missing_count: int = 0


def reached(offer: OfferPlan, shelf: Shelf, after_bundles: Sequence[int]) -> Reached:
    """Test the threshold once, on the net after bundles of the lines in scope."""
    positions = shelf.covered(offer.reach)
    if offer.threshold_amount is not None:
        net = sum(after_bundles[position] for position in positions)
        times = net // offer.threshold_amount
        return Reached(times, missing_amount=0 if times else offer.threshold_amount - net)
    if offer.threshold_count is not None:
        count = shelf.count_in(positions)
        times = count // offer.threshold_count
        return Reached(times, missing_count=0 if times else offer.threshold_count - count)
    return Reached(1)


def amount_off(offer: OfferPlan, times: int, left: int) -> int:
    """What the offer takes off a scope that still holds `left`, with a threshold reached `times`.

    Computed once, half up, limited by the cap and by what is left.
    """
    if offer.stage == "percent":
        off = rate_of(left, offer.num, offer.den)
    else:
        off = offer.amount * times if offer.per_threshold else offer.amount
    if offer.cap is not None and off > offer.cap:
        off = offer.cap
    return min(off, left)


def apply_offer(
    offer: OfferPlan, times: int, positions: Positions, nets: list[int]
) -> list[tuple[int, int]]:
    """Apply one offer once and allocate it at once; changes `nets`, returns the shares."""
    off = amount_off(offer, times, sum(nets[position] for position in positions))
    return take_off(nets, positions, off) if off else []

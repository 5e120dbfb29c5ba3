"""Claiming a campaign's coupon by a poster: how many there are, and on which days.

Owns: those two. Does not own: the plan (campaign.py), who claims and once (the server's), the
poster's paper (app/devices/poster.py).
"""

from __future__ import annotations

from datetime import date
from fractions import Fraction

from app.domain.offer import AmountOff, Offer, PercentOff


def most_claims(offer: Offer) -> int | None:
    """How many coupons may be claimed, so that all of them together keep the budget; None: nobody
    said."""
    found = [] if offer.budget.uses is None else [offer.budget.uses]
    one = _most_of_one(offer)
    if offer.budget.amount is not None and one:
        found.append(Fraction(offer.budget.amount) // one)
    return min(found, default=None)


def _most_of_one(offer: Offer) -> Fraction | None:
    """What one coupon can take off at most; None where nothing bounds it."""
    effect = offer.effect
    bound = None
    if isinstance(effect, AmountOff):
        bound = effect.cap if effect.cap is not None or effect.per_threshold else effect.amount
    elif isinstance(effect, PercentOff):
        bound = effect.cap
    return None if bound is None else Fraction(bound)


def may_be_claimed(offer: Offer, day: date) -> bool:
    """Whether this is one of its days."""
    begins, ends = offer.when.starts or date.min, offer.when.ends or date.max
    return begins <= day <= ends

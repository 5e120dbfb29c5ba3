"""The reward as the program file says it: what a member may have for points, and how often.

Owns: the shape of a reward in the TOML file. Does not own: the rest of the file (program.py),
whether it makes sense (reward_check.py), who can have which today (reward.py).
"""

from __future__ import annotations

from typing import Literal

from app.domain.offer import Amount, Conditions, Name, Some, Strict, Text


class CouponReward(Strict, frozen=True, kw_only=True, tag="coupon", tag_field="kind"):
    """A coupon of an offer, for this sale or a later one."""

    offer: Name


class GiftReward(Strict, frozen=True, kw_only=True, tag="gift", tag_field="kind"):
    """A piece of one of these products with nothing to pay beside the points."""

    products: tuple[str, ...]


class ProductReward(Strict, frozen=True, kw_only=True, tag="product", tag_field="kind"):
    """A piece of a product for points and this price."""

    product: str
    price: Amount = "0"


Period = Literal["day", "month", "year", "once"]


class Reward(Strict, frozen=True, kw_only=True):
    """Points for a gift, a coupon or a product; `count` times a period, absent = no limit."""

    id: Name
    name: Text
    points: Some
    gives: CouponReward | GiftReward | ProductReward
    when: Conditions = Conditions()
    count: Some | None = None
    period: Period | None = None
    """With `count` only: by the day, month or year of the business date, or once for ever."""

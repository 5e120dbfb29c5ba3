"""Occasions: the ids of what a person gets once only.

Owns: how such an id is written. Does not own: which fact of several for one occasion counts
(view.py: the smallest op_id). The ids stand in canonical bytes and can never change.
"""

from __future__ import annotations

from datetime import date

WELCOME = "welcome"
_FIRST_ORDER = "first_order:"
_FIRST_ORDER_BACK = "first_order_back:"
_REFERRAL_STEP = "referral_step:"
_TIER_UP = "tier_up:"
_SURVEY = "survey:"


def birthday_of(year: int) -> str:
    """The birthday gift of one year."""
    return f"birthday:{year}"


def first_order_of(friend: str) -> str:
    """What a referrer gets for the first paid order of a friend (a member id)."""
    return f"{_FIRST_ORDER}{friend}"


def is_first_order(occasion: str) -> bool:
    """Whether it is the first order of some friend."""
    return occasion.startswith(_FIRST_ORDER)


def friend_of(occasion: str) -> str:
    """The friend whose first order it is."""
    return occasion.removeprefix(_FIRST_ORDER)


def first_order_back(friend: str) -> str:
    """All of a friend's first order came back: he is not counted any more."""
    return f"{_FIRST_ORDER_BACK}{friend}"


def referral_step(friends: int) -> str:
    """What a referrer gets for so many friends."""
    return f"{_REFERRAL_STEP}{friends}"


def tier_up(tier: str, year: int) -> str:
    """The gift for reaching a tier in one year."""
    return f"{_TIER_UP}{tier}:{year}"


def is_tier_up(occasion: str | None) -> bool:
    """Whether a gift goes with its crossing when that is cancelled."""
    return occasion is not None and occasion.startswith(_TIER_UP)


def trial_of(tier: str) -> str:
    """The one time a person may try a tier."""
    return f"trial:{tier}"


def check_in_of(day: date) -> str:
    """The points of one day's check-in."""
    return f"check_in:{day.isoformat()}"


def rebate_of(offer: str, starts: date | None) -> str:
    """A cumulative-spend rebate of one run of an offer."""
    return f"rebate:{offer}:{starts or '-'}"


def survey_of(sale: str, reward_days: int) -> str:
    """The points for an answer about one sale, where of so many days one answer is rewarded."""
    return f"{_SURVEY}{sale}:{reward_days}"


def answered_sale(occasion: str) -> tuple[str, int] | None:
    """The sale and the days between two rewarded answers; None: no answer was given for it."""
    if not occasion.startswith(_SURVEY):
        return None
    sale, _, days = occasion.removeprefix(_SURVEY).rpartition(":")
    return (sale, int(days)) if days.isdecimal() else None

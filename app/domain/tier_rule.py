"""The tier as the program file says it: its ways up, its benefits, paid packs and trials.

Owns: their shape in the TOML file. Does not own: the rest of the file (program.py), whether it
makes sense (program_check.py), who stands where (tiers.py), what a pack brings back (pack.py).
"""

from __future__ import annotations

from typing import Literal

from app.domain.offer import Amount, Count, Days, Months, Name, Rate, Scope, Some, Strict, Text

TRIAL_DAYS_MAX = 92
"""Who tries a tier for longer has it."""


class Qualify(Strict, frozen=True, kw_only=True):
    """The ways up to a tier; any one of them is enough. All absent = the entry tier."""

    spend: Amount | None = None
    """Qualifying spend in the current and the 12 full months before."""
    visits: Some | None = None
    points_earned: Some | None = None
    plan: Name | None = None
    grant: bool = True


class Entitlement(Strict, frozen=True, kw_only=True):
    """A benefit that is not money, n per period."""

    id: Name
    name: Text
    count: Some
    period: Literal["day", "month", "year", "once"] = "month"


class Tier(Strict, frozen=True, kw_only=True):
    """One step of the ladder; the file lists tiers from the entry tier upwards."""

    id: Name
    name: Text
    qualify: Qualify = Qualify()
    discount: Rate = "0"
    discount_scope: Scope = Scope()
    earn_rate: Rate = "1"
    points_months: Months = 12
    months: Months = 12
    """How many months after the month of reaching it the tier lasts, to a month's end."""
    trial_days: Days | None = None
    response_minutes: Some = 240
    entitlements: tuple[Entitlement, ...] = ()
    benefits: tuple[Text, ...] = ()
    tier_up_offers: tuple[Name, ...] = ()
    """Coupons given once when the tier is reached."""


class PackRefund(Strict, frozen=True, kw_only=True):
    """What a pack brings back: all within `full_days` while nothing was had of it, then `rest`."""

    full_days: Count = 7
    rest: Literal["months", "none"] = "months"
    """months: as many whole months of its price as are left; none: nothing."""


class Plan(Strict, frozen=True, kw_only=True):
    """A paid membership pack that gives a tier for a time; it is sold as a product.

    It runs by the day; bought again before its end it goes on from there.
    """

    id: Name
    name: Text
    sku: str
    tier: Name
    months: Months = 12
    refund: PackRefund = PackRefund()
    earns_points: bool = False
    """Whether its price earns points."""
    discounts: bool = False
    """Whether member price, tier discount and offers on the whole order lower its price."""


class Trial(Strict, frozen=True, kw_only=True):
    """A tier to try for some days, once per person."""

    id: Name
    name: Text
    tier: Name
    days: Days = 30

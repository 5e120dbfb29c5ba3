"""Effects: what a fact does to one member's account, as data.

Owns: the effect types a fact may carry. Months and days in them are relative to the fact's own
business date, or to the date of the sale they name; only the fold makes them absolute.
Does not own: adding them up (account.py), deciding them (sale_effects.py, authority.py, ...).
Numbers are whole points, minor units, months and days, within bounds (bound.py); a negative number
takes back.
Tags and names are written into canonical bytes: they never change, new kinds are added.
"""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from app.domain.bound import DaysAway, Id, MonthsAway, MonthsLong, Name, Number
from app.domain.ids import OpId

Measure = Literal["spend", "visits", "points"]


class _Effect(Struct, frozen=True, kw_only=True, omit_defaults=True, tag_field="do"):
    pass


class Gained(_Effect, frozen=True, tag="gain"):
    """Points gained that live to the end of the month `expires_in` months later."""

    points: Number
    expires_in: MonthsAway


class Taken(_Effect, frozen=True, tag="take"):
    """Points taken in the fact's business month, from the oldest bucket alive then."""

    points: Number


class Exchanged(_Effect, frozen=True, tag="exchange"):
    """Points given up for something outside a sale (a coupon): taken, and part of the day's limit.

    Nothing gives them back: what was got for them stands on its own.
    """

    points: Number


class HeldGain(_Effect, frozen=True, tag="hold"):
    """Points gained that may first be used `usable_in_days` days after the business date."""

    points: Number
    expires_in: MonthsAway
    usable_in_days: DaysAway


class OccasionGain(_Effect, frozen=True, tag="occasion"):
    """Points for something that happens once: `occasion` counts once per person.

    With a `spend_line` (a rebate) it counts only while the spend of this month and the
    `months_back` before reaches it, less refunds dated up to `return_days` after the fact.
    """

    occasion: Name
    points: Number
    expires_in: MonthsAway
    usable_in_days: DaysAway = 0
    spend_line: Number = 0
    months_back: MonthsAway = 0
    return_days: DaysAway = 0


class Visited(_Effect, frozen=True, tag="visit"):
    """A sale's share in what qualifies: net spend, one visit, points earned.

    And in what is limited by the day: points spent, and the money that coupons took off.
    """

    spend_minor: Number
    points_earned: Number = 0
    points_spent: Number = 0
    coupon_minor: Number = 0


class EarnedPart(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Points earned on pieces, with the sale's expiry month and first usable day (if held)."""

    points: Number
    expires_in: MonthsAway
    usable_in_days: DaysAway | None = None


class SpentPart(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Points spent out of one expiry month, counted from the sale's business month.

    `prolonged`: they had been given back after lapsing once already, and will not be again.
    """

    points: Number
    expires_in: MonthsAway
    prolonged: bool = False


class Undone(_Effect, frozen=True, tag="undo"):
    """A refund of pieces of a sale; its months are those of that sale as confirmed.

    `visits` is 1 when the sale's last piece came back, `plan` when a paid plan did.
    """

    sale: OpId
    earned: tuple[EarnedPart, ...] = ()
    spent: tuple[SpentPart, ...] = ()
    spend_minor: Number = 0
    visits: Number = 0
    plan: bool = False


class Redone(_Effect, frozen=True, tag="redo"):
    """The reverse of what the refund `refund` did to pieces that another refund counts."""

    sale: OpId
    refund: OpId
    earned: tuple[EarnedPart, ...] = ()
    spent: tuple[SpentPart, ...] = ()
    spend_minor: Number = 0
    visits: Number = 0


class SaleShare(_Effect, frozen=True, tag="share"):
    """Points given because of someone's sale (negative: taken back by a refund of it).

    Expiry and first usable day count from that sale's business date, so gift and take-back
    meet under one key in whichever order they arrive.
    """

    sale: OpId
    points: Number
    expires_in: MonthsAway
    usable_in_days: DaysAway


class CouponGiven(_Effect, frozen=True, tag="coupon"):
    """A coupon of an offer; last day = business date + `days` (absent: as long as the offer)."""

    coupon: Id
    offer: Name
    days: DaysAway | None = None
    occasion: Name | None = None


class CouponUsed(_Effect, frozen=True, tag="use"):
    """The coupon was used by the sale whose fact carries this effect."""

    coupon: Id


class CouponBack(_Effect, frozen=True, tag="back"):
    """The use of a coupon by a sale is undone; `days` prolongs its life, once at most."""

    coupon: Id
    sale: OpId
    days: DaysAway | None = None


class EntitlementTicked(_Effect, frozen=True, tag="entitle"):
    """A benefit that is not money was used."""

    entitlement: Name
    count: Number = 1


class EntitlementBack(_Effect, frozen=True, tag="entitle_back"):
    """Uses that the fact `of` ticked off did not take place after all, or came back.

    They are named, and counted on the business date of that fact: given back twice is once.
    """

    entitlement: Name
    of: OpId
    uses: tuple[Name, ...]


class TierReached(_Effect, frozen=True, tag="reach"):
    """A tier line was crossed by this sale.

    It lasts to the end of the month `months` later, or (a trial) for `days` days. `line` is
    what `measure` had to reach; a refund dated up to `return_days` after the sale that brings
    the window below the line cancels the crossing. A plan (`measure` absent) has no line.
    """

    tier: Name
    months: MonthsAway
    measure: Measure | None = None
    line: Number = 0
    return_days: DaysAway = 0
    days: DaysAway | None = None


class Reviewed(_Effect, frozen=True, tag="review"):
    """The review of every claim that ended by the month `ended_back` months before this fact.

    It gives `tier` to the end of the month `months` after the reviewed one; `before` is the tier
    that ended. `notice_days`: it replaces an earlier review of the same month only that many
    days after this fact.
    """

    tier: Name
    before: Name
    months: MonthsAway
    ended_back: MonthsAway = 1
    notice_days: DaysAway = 0


class TierGiven(_Effect, frozen=True, tag="grant"):
    """A manager's grant of a tier from this fact's day for `days` days (last day inclusive)."""

    tier: Name
    days: DaysAway


class TierGivenFrom(_Effect, frozen=True, tag="grant_from"):
    """A grant that begins `starts_in` days after this fact and lasts for `days` days after that.

    One that `yields` ends with the first review after its beginning; others stand to their day.
    """

    tier: Name
    days: DaysAway
    starts_in: DaysAway = 0
    yields: bool = False


class TierTaken(_Effect, frozen=True, tag="revoke"):
    """The end of a grant; `grant` is the op_id of the fact that gave it."""

    grant: OpId


class PackBought(_Effect, frozen=True, tag="pack"):
    """A paid pack was bought: it gives `tier` for `months` months from this fact's day, or from
    the end of the packs of that tier that run by then.
    """

    plan: Name
    tier: Name
    months: MonthsLong


class PackUsed(_Effect, frozen=True, tag="pack_use"):
    """This sale had something of the pack that was bought in `sale`: its price, or its points."""

    sale: OpId


class PackBack(_Effect, frozen=True, tag="pack_back"):
    """The pack `plan` that was bought in `sale` came back on this fact's day: its tier ends."""

    sale: OpId
    plan: Name


class TierTried(_Effect, frozen=True, tag="trial"):
    """A tier to try from this fact's day for `days` days (last day inclusive), once per person."""

    tier: Name
    days: DaysAway


class CheckIn(_Effect, frozen=True, tag="check_in"):
    """The member was in the store on the fact's day."""


class Joined(_Effect, frozen=True, tag="join"):
    """The member exists from the fact's day."""


class ConsentGiven(_Effect, frozen=True, tag="consent"):
    """A consent by purpose. `consent` is its id, so that a withdrawal can name it."""

    consent: Id
    purpose: Name
    text_version: Name
    text_hash: Name


class ConsentsEnded(_Effect, frozen=True, tag="withdraw"):
    """The consents named end, whatever arrives later about them."""

    consents: tuple[Id, ...]


Effect = (
    Gained
    | Taken
    | Exchanged
    | HeldGain
    | OccasionGain
    | Visited
    | Undone
    | Redone
    | SaleShare
    | CouponGiven
    | CouponUsed
    | CouponBack
    | EntitlementTicked
    | EntitlementBack
    | TierReached
    | Reviewed
    | TierGiven
    | TierGivenFrom
    | TierTaken
    | PackBought
    | PackUsed
    | PackBack
    | TierTried
    | CheckIn
    | Joined
    | ConsentGiven
    | ConsentsEnded
)

"""Account records: the shape of what the fold keeps of one member.

Owns: MemberAccount and the small records in it, as they are stored. Does not own: building one
(account.py), judging one (view.py). Months are Month.index, days are date ordinals; all absolute.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TypeAlias

from msgspec import Struct, field

from app.domain import effects as do
from app.domain.ids import OpId

Numbers: TypeAlias = dict[int, int]
"""Per month or day; keys whose number is zero are left out, so that equal means equal."""


@dataclass(frozen=True, slots=True)
class Mark:
    """Where a fact stands in the chain of its device."""

    device: str
    epoch: int
    dseq: int


@dataclass(frozen=True, slots=True)
class FoldItem:
    """One fact as the fold needs it; `day` is its confirmed business date."""

    op_id: OpId
    member: str
    day: date
    effects: tuple[do.Effect, ...]
    mark: Mark | None = None


class OccasionPoints(Struct, frozen=True, omit_defaults=True, array_like=True):
    """What one fact gave for an occasion; zero points where it gave only coupons.

    With a `spend_line` it counts only while the spend of the months `since` to `month`, less
    refunds dated up to `refunds_until`, reaches it.
    """

    points: int = 0
    expires: int = 0
    usable: int = 0
    spend_line: int = 0
    since: int = 0
    month: int = 0
    refunds_until: int = 0


class IssuedCoupon(Struct, frozen=True, omit_defaults=True, array_like=True):
    """A coupon as issued; `last_day` None = as long as its offer runs."""

    op_id: OpId
    offer: str
    issued: int
    last_day: int | None = None
    occasion: str | None = None


class Crossing(Struct, frozen=True, omit_defaults=True, array_like=True):
    """A tier line crossed by a sale: its line and until when a refund may cancel it."""

    tier: str
    day: int
    month: int
    until: int
    trial: bool = False
    measure: do.Measure | None = None
    line: int = 0
    refunds_until: int = 0


class ReviewedTier(Struct, frozen=True, array_like=True):
    """A review of all claims ended by `ended` (a month); in force from `from_day` to `until`."""

    tier: str
    before: str
    ended: int
    from_day: int
    until: int


class TierGrant(Struct, frozen=True, omit_defaults=True, array_like=True):
    """A manager's grant, both days inclusive; one that `yields` ends with the next review."""

    tier: str
    from_day: int
    until: int
    yields: bool = False


class BoughtPack(Struct, frozen=True, array_like=True):
    """A paid pack as it was bought: its plan, the tier it gives, how many months, the day."""

    plan: str
    tier: str
    months: int
    day: int


def pack_key(sale: OpId, plan: str) -> str:
    """By which an account knows that a pack came back."""
    return f"{sale}/{plan}"


class TriedTier(Struct, frozen=True, array_like=True):
    """A tier given to try, both days inclusive."""

    tier: str
    from_day: int
    until: int


class Consent(Struct, frozen=True, array_like=True):
    """A consent as given; one id names one consent, its earliest day counts."""

    day: int
    purpose: str
    text_version: str
    text_hash: str


Held: TypeAlias = do.Undone | do.Redone | do.SaleShare | do.EntitlementBack
"""Effects whose days are those of another fact."""


class Awaiting(Struct, frozen=True, array_like=True):
    """Effects held because a fact they name is not known to the folder yet."""

    day: int
    effects: tuple[Held, ...]


class Tally(Struct, omit_defaults=True, array_like=True):
    """One qualifying measure: raised per sale month, lowered per sale month and refund date."""

    raised: Numbers = field(default_factory=dict)
    lowered: dict[int, Numbers] = field(default_factory=dict)


class MemberAccount(Struct, kw_only=True, omit_defaults=True):
    """The sums and ids of one member. Treated as a value: `fold` and `merge` give new ones."""

    includes: set[str] = field(default_factory=set)
    joined: int | None = None
    last_visit: int | None = None
    gained: Numbers = field(default_factory=dict)
    prolonged: Numbers = field(default_factory=dict)
    """Gained in the month after a refund, because the spent points had lapsed."""
    taken: Numbers = field(default_factory=dict)
    held: dict[int, Numbers] = field(default_factory=dict)
    """By expiry month and first usable day."""
    occasions: dict[str, dict[OpId, OccasionPoints]] = field(default_factory=dict)
    spent_on: Numbers = field(default_factory=dict)
    """Points by day."""
    coupon_off_on: Numbers = field(default_factory=dict)
    """What coupons took off by day, in minor units."""
    spend: Tally = field(default_factory=Tally)
    visits: Tally = field(default_factory=Tally)
    earned: Tally = field(default_factory=Tally)
    coupons: dict[str, IssuedCoupon] = field(default_factory=dict)
    coupon_uses: dict[str, set[OpId]] = field(default_factory=dict)
    coupon_returns: dict[str, set[OpId]] = field(default_factory=dict)
    prolongations: dict[str, dict[OpId, int]] = field(default_factory=dict)
    """Last days given by returns, per coupon and op_id; the smallest op_id counts."""
    entitlements: dict[str, Numbers] = field(default_factory=dict)
    """Uses by day, of rewards too (under `reward:` and their id)."""
    uses_back: dict[str, dict[int, set[str]]] = field(default_factory=dict)
    """Uses given back, by the day they were ticked off on; each is named."""
    crossings: dict[OpId, tuple[Crossing, ...]] = field(default_factory=dict)
    plans_returned: set[OpId] = field(default_factory=set)
    reviews: dict[OpId, ReviewedTier] = field(default_factory=dict)
    grants: dict[OpId, TierGrant] = field(default_factory=dict)
    revoked: set[OpId] = field(default_factory=set)
    check_ins: set[int] = field(default_factory=set)
    consents: dict[str, Consent] = field(default_factory=dict)
    withdrawn: set[str] = field(default_factory=set)
    awaiting: dict[OpId, Awaiting] = field(default_factory=dict)
    marks: dict[str, dict[str, Numbers]] = field(default_factory=dict)
    """Per member id included, device and epoch: the highest dseq folded or held."""
    packs: dict[OpId, tuple[BoughtPack, ...]] = field(default_factory=dict)
    """Paid packs by the sale they were bought in."""
    pack_uses: dict[OpId, int] = field(default_factory=dict)
    """How many sales had something of a pack, by the sale it was bought in."""
    packs_back: dict[str, set[int]] = field(default_factory=dict)
    """The days a pack came back on, by its sale and plan; the first counts."""
    trials: dict[OpId, TriedTier] = field(default_factory=dict)
    """Each with its occasion: of several of one tier the smallest op_id counts."""

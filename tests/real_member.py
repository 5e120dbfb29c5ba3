"""A member of the real shop with a life behind him: joined, reviewed, bought, given, granted.

Owns: the facts of such a life, written through the fact writer. Does not own: the shop
(real_shop.py).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from app.domain import effects as do
from app.domain.codes import CodeKind, random_code
from app.domain.facts import (
    CouponIssued,
    MemberJoined,
    PointsAdjusted,
    ProgramRef,
    TierGranted,
    TierReviewed,
)
from app.domain.member import Member, PersonalData
from app.services.fact_writer import write_fact
from app.services.shop import Shop

PROGRAM = ProgramRef("renmin", "2026.1")


@dataclass(frozen=True, slots=True, kw_only=True)
class Life:
    """What happened to a member before the pictures begin."""

    tier: str = ""
    """Granted by hand for 360 days."""
    kept: str = ""
    """The tier his last review left him, until the end of 2026."""
    bought: tuple[tuple[date, int], ...] = ()
    """(business day, minor units) of visits; their points were spent long ago."""
    points: tuple[tuple[int, int], ...] = ()
    """(how many, lives for so many months more)."""
    coupons: tuple[str, ...] = ()
    """Offers he holds a coupon of."""


def write_member(
    shop: Shop, work: Any, person: PersonalData, life: Life, *, store: str, day: date, **other: Any
) -> Member:
    """Store the member and write his life, oldest fact first."""
    now = shop.now()
    card = random_code(CodeKind.MEMBER, shop.ids.code_bits()).text
    member = Member(shop.op_id(now), card, date(2026, 1, 5), person, phone_verified=True,
                    home_store=store, last_visit=date(2026, 11, 3))  # fmt: skip
    member = replace(member, **other)
    work.members.add(member)
    head: dict[str, Any] = {
        "store": store, "day": day, "clock": now, "staff": "", "member": member.member_id,
    }  # fmt: skip
    joined = {"effects": (do.Joined(),), "card": card, "day": member.joined}
    for kind, said in [(MemberJoined, joined), *_events(shop, life)]:
        write_fact(shop=shop, work=work, fact=kind(**{**head, "op_id": shop.op_id(now), **said}))
    return member


def _events(shop: Shop, life: Life) -> Iterator[tuple[Any, dict[str, Any]]]:
    """(kind of fact, its own fields) of everything after the joining."""
    if life.kept:
        review = do.Reviewed(tier=life.kept, before=life.kept, months=12)
        yield TierReviewed, {
            "effects": (review,), "program": PROGRAM, "day": date(2026, 1, 4),
            "before": life.kept, "after": life.kept,
        }  # fmt: skip
    for day, minor in life.bought:
        visited = (do.Visited(spend_minor=minor),)
        yield PointsAdjusted, {"effects": visited, "reason": "import", "day": day}
    if life.points:
        gained = tuple(do.Gained(points=count, expires_in=months) for count, months in life.points)
        yield PointsAdjusted, {"effects": gained, "reason": "import"}
    if life.coupons:
        given = tuple(_coupon(shop, offer) for offer in life.coupons)
        yield CouponIssued, {"effects": given, "why": "win_back", "program": PROGRAM}
    if life.tier:
        granted = (do.TierGiven(tier=life.tier, days=360),)
        yield TierGranted, {"effects": granted, "reason_type": "import"}


def _coupon(shop: Shop, offer: str) -> do.CouponGiven:
    code = random_code(CodeKind.COUPON, shop.ids.code_bits()).text
    return do.CouponGiven(coupon=code, offer=offer, days=60)

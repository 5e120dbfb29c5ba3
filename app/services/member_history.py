"""What a member's page tells of coupons, benefits and tier.

Owns: gathering that, with the right. Does not own: judging an account (app/domain), the head, the
orders and the points (member_page.py), consents (member_consents.py), words.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Literal

from app.domain.account import MemberAccount
from app.domain.codes import Code, masked, parse_code
from app.domain.gifts import open_uses
from app.domain.months import Month
from app.domain.pack import periods, trials_that_count, was_returned
from app.domain.program import Program, Text
from app.domain.tiers import TierGap, TierSource, cancelled_crossings
from app.domain.view import EntitlementLeft
from app.services.answers import MemberUnknown, Refusal
from app.services.member_page import Looked, look_at
from app.services.member_panel import tier_words
from app.services.ports import UnitOfWork
from app.services.rule_words import rule_words
from app.services.shop import Shop

CouponState = Literal["usable", "used", "lapsed", "not_counted"]


@dataclass(frozen=True, slots=True)
class CouponRow:
    """One coupon he was ever given. `code`: masked, as whoever holds the whole one may use it."""

    code: str
    words: Text
    issued: date
    expires: date | None
    state: CouponState


@dataclass(frozen=True, slots=True)
class MemberCoupons:
    """Usable ones first, then the latest."""

    rows: tuple[CouponRow, ...]


def member_coupons(
    *, shop: Shop, work: UnitOfWork, member_id: str
) -> MemberCoupons | MemberUnknown | Refusal:
    """Every coupon, and what became of it. Needs the right. Changes nothing."""
    found = look_at(shop=shop, work=work, member_id=member_id)
    if not isinstance(found, Looked):
        return found
    ends = {held.coupon_id: held.expires for held in found.seen.coupons}
    programs = shop.desk.state.programs
    rows = [
        CouponRow(
            code=_masked(coupon_id),
            words=_offer_words(programs, issued.offer),
            issued=date.fromordinal(issued.issued),
            expires=ends.get(coupon_id, _day(issued.last_day)),
            state=_coupon_state(found, coupon_id, usable=coupon_id in ends),
        )
        for coupon_id, issued in found.account.coupons.items()
    ]
    rows.sort(key=lambda row: (row.issued, row.code), reverse=True)
    rows.sort(key=lambda row: row.state != "usable")
    return MemberCoupons(tuple(rows))


def _masked(coupon_id: str) -> str:
    code = parse_code(coupon_id)
    return masked(code) if isinstance(code, Code) else f"****{coupon_id[-4:]}"


def _offer_words(programs: tuple[Program, ...], offer: str) -> Text:
    found = (rule_words(program, offer) for program in reversed(programs))
    return next((words for words in found if words is not None), Text(zh=offer, en=offer))


def _day(ordinal: int | None) -> date | None:
    return None if ordinal is None else date.fromordinal(ordinal)


def _coupon_state(found: Looked, coupon_id: str, *, usable: bool) -> CouponState:
    if usable:
        return "usable"
    if open_uses(found.account, coupon_id):
        return "used"
    last = found.account.coupons[coupon_id].last_day
    return "lapsed" if last is not None and last < found.day.toordinal() else "not_counted"


# ------------------------------------------------------------------ benefits


@dataclass(frozen=True, slots=True)
class MemberBenefits:
    """What his tier gives besides money, and how often it is left."""

    tier: Text
    rows: tuple[EntitlementLeft, ...]


def member_benefits(
    *, shop: Shop, work: UnitOfWork, member_id: str
) -> MemberBenefits | MemberUnknown | Refusal:
    """His benefits of this period. Needs the right. Changes nothing."""
    found = look_at(shop=shop, work=work, member_id=member_id)
    if not isinstance(found, Looked):
        return found
    return MemberBenefits(tier_words(found.program, found.seen.tier), found.seen.entitlements)


# ------------------------------------------------------------------ tier


@dataclass(frozen=True, slots=True)
class TierEvent:
    """Something that gave or took a tier. `until`: its last day; `is_over`: taken back since."""

    day: date
    what: Literal["reached", "reviewed", "granted", "bought", "tried"]
    tier: Text
    until: date | None
    is_over: bool = False
    before: Text | None = None


@dataclass(frozen=True, slots=True)
class MemberTier:
    """How he stands, what is missing, and how it came about, newest first."""

    tier: Text
    until: date | None
    source: TierSource
    to_next: tuple[tuple[Text, TierGap], ...]
    to_keep: tuple[tuple[Text, TierGap], ...]
    events: tuple[TierEvent, ...]


def member_tier(
    *, shop: Shop, work: UnitOfWork, member_id: str
) -> MemberTier | MemberUnknown | Refusal:
    """His tier with its history. Needs the right. Changes nothing."""
    found = look_at(shop=shop, work=work, member_id=member_id)
    if not isinstance(found, Looked):
        return found
    program, seen = found.program, found.seen
    events = sorted(_events(found.account, program), key=lambda one: one.day, reverse=True)
    return MemberTier(
        tier=tier_words(program, seen.tier),
        until=seen.tier_until,
        source=seen.tier_source,
        to_next=tuple((tier_words(program, gap.tier), gap) for gap in seen.to_next),
        to_keep=tuple((tier_words(program, gap.tier), gap) for gap in seen.to_keep),
        events=tuple(events),
    )


def _events(account: MemberAccount, program: Program) -> Iterator[TierEvent]:
    cancelled = cancelled_crossings(account)
    for op_id, crossings in account.crossings.items():
        for crossing in crossings:
            yield TierEvent(
                date.fromordinal(crossing.day),
                "reached",
                tier_words(program, crossing.tier),
                date.fromordinal(crossing.until),
                is_over=op_id in cancelled,
            )
    for review in account.reviews.values():
        yield TierEvent(
            max(date.fromordinal(review.from_day), Month(review.ended).last_day),
            "reviewed",
            tier_words(program, review.tier),
            date.fromordinal(review.until),
            before=tier_words(program, review.before),
        )
    for op_id, grant in account.grants.items():
        yield TierEvent(
            date.fromordinal(grant.from_day),
            "granted",
            tier_words(program, grant.tier),
            date.fromordinal(grant.until),
            is_over=op_id in account.revoked,
        )
    yield from _lent(account, program)


def _lent(account: MemberAccount, program: Program) -> Iterator[TierEvent]:
    """Packs that were bought, and tiers that were tried."""
    for each in periods(account):
        yield TierEvent(
            date.fromordinal(each.pack.day),
            "bought",
            tier_words(program, each.pack.tier),
            date.fromordinal(each.last),
            is_over=was_returned(account, each),
        )
    for _, tried in trials_that_count(account):
        yield TierEvent(
            date.fromordinal(tried.from_day),
            "tried",
            tier_words(program, tried.tier),
            date.fromordinal(tried.until),
        )

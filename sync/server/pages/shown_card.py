"""The card as a customer reads it: his tier, points, what expires and which coupons he has.

Owns: turning an account on a day into the sentences of the card page. Does not own: the account
and what it means (app.domain.view), the code on the page (member_pass.py), the look (templates).
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date

import msgspec

from app.domain.account import MemberAccount, account_of
from app.domain.codes import Code, masked, parse_code
from app.domain.member import PersonalData, masked_name
from app.domain.offer import Text
from app.domain.program import Program
from app.domain.tiers import TierGap, line_of
from app.domain.view import AccountView, HeldCoupon, view
from app.wording import Wording
from sync.protocol import MemberConfirmed
from sync.server.pages import figures

_STYLED_TIERS = frozenset({"regular", "silver", "gold", "diamond"})
"""Tiers the look has colours for; any other wears the first one's."""


@dataclass(frozen=True, slots=True)
class Way:
    """One way up to the next tier, or of keeping this one, and how far it is walked."""

    says: str
    done: int
    line: int


@dataclass(frozen=True, slots=True)
class CouponShown:
    """Coupons of one offer with one last day."""

    name: str
    last_day: str
    times: str
    """Empty for a single one."""


@dataclass(frozen=True, slots=True)
class CardView:
    """Everything the card page shows beside its code."""

    name: str
    number: str
    """The masked card number."""
    tier: str
    tier_style: str
    tier_until: str
    ways: tuple[Way, ...]
    points: str
    points_unit: str
    points_notes: tuple[str, ...]
    """What lapses, what is held back, what is owed."""
    coupons: tuple[CouponShown, ...]


@dataclass(frozen=True, slots=True)
class Known:
    """A member as the pages use him."""

    member: str
    person: PersonalData
    seen: AccountView
    card: str
    account: MemberAccount

    @property
    def ids(self) -> tuple[str, ...]:
        """All he goes by."""
        return tuple(sorted({self.member, *self.account.includes}))


def known(told: MemberConfirmed, program: Program, today: date) -> Known:
    """A confirmed member, judged under the program on a day."""
    person = PersonalData()
    if told.profile is not None:
        person = msgspec.json.decode(told.profile, type=PersonalData)
    account = account_of(told.account)
    seen = view(account, program, today)
    return Known(told.member, person, seen, next(iter(told.cards), ""), account)


def present_card(who: Known, program: Program, today: date, words: Wording) -> CardView:
    """The card in one language."""
    seen = who.seen
    tier = program.tiers[_rank(program, seen.tier)]
    number = parse_code(who.card)
    return CardView(
        name=masked_name(who.person.name),
        number=masked(number) if isinstance(number, Code) else "",
        tier=said(tier.name, words),
        tier_style=tier.id if tier.id in _STYLED_TIERS else "regular",
        tier_until=_until(seen, words),
        ways=_ways(seen, program, words),
        points=figures.count(seen.balance),
        points_unit=words.n("point", "points", abs(seen.balance)),
        points_notes=_points_notes(seen, words),
        coupons=_coupons(seen.coupons, program, today, words),
    )


def said(text: Text, words: Wording) -> str:
    """Words of the program in the language of the page."""
    return text.zh if words.is_chinese else text.en


def _rank(program: Program, tier_id: str) -> int:
    """A tier that this version of the program does not know counts as the first."""
    ids = [tier.id for tier in program.tiers]
    return ids.index(tier_id) if tier_id in ids else 0


def _until(seen: AccountView, words: Wording) -> str:
    if seen.tier_until is None:
        return ""
    day = seen.tier_until.isoformat()
    if seen.tier_source == "trial":
        return words.t("to try until {day}", day=day)
    if seen.tier_source == "pack":
        return words.t("membership pack, valid to {day}", day=day)
    return words.t("valid to {day}", day=day)


def _ways(seen: AccountView, program: Program, words: Wording) -> tuple[Way, ...]:
    """What keeps this tier where its end is near, and what leads to the next one."""
    keeping = seen.to_keep if seen.notices else ()
    return (
        *(_way(gap, program, words, keeps=True, until=seen.tier_until) for gap in keeping),
        *(_way(gap, program, words, keeps=False) for gap in seen.to_next),
    )


def _way(
    gap: TierGap, program: Program, words: Wording, *, keeps: bool, until: date | None = None
) -> Way:
    tier = program.tier(gap.tier)
    line = line_of(program, tier.qualify, gap.measure) or gap.missing
    name, day = said(tier.name, words), until.isoformat() if until else ""
    says = _to_keep if keeps else _to_reach
    return Way(says(gap, program, words, tier=name, day=day), max(0, line - gap.missing), line)


def _money(gap: TierGap, program: Program) -> str:
    prices = program.prices
    return figures.money(gap.missing, currency=prices.currency, decimals=prices.decimals)


def _to_reach(gap: TierGap, program: Program, words: Wording, **named: str) -> str:
    missing, number = gap.missing, figures.count(gap.missing)
    match gap.measure:
        case "spend":
            return words.t("{amount} more to reach {tier}", amount=_money(gap, program), **named)
        case "visits":
            return words.n(
                "{count} more visit to reach {tier}",
                "{count} more visits to reach {tier}",
                missing,
                count=number,
                **named,
            )
        case "points":
            return words.n(
                "Earn {count} more point to reach {tier}",
                "Earn {count} more points to reach {tier}",
                missing,
                count=number,
                **named,
            )


def _to_keep(gap: TierGap, program: Program, words: Wording, **named: str) -> str:
    missing, number = gap.missing, figures.count(gap.missing)
    match gap.measure:
        case "spend":
            return words.t(
                "{amount} more by {day} to keep {tier}", amount=_money(gap, program), **named
            )
        case "visits":
            return words.n(
                "{count} more visit by {day} to keep {tier}",
                "{count} more visits by {day} to keep {tier}",
                missing,
                count=number,
                **named,
            )
        case "points":
            return words.n(
                "Earn {count} more point by {day} to keep {tier}",
                "Earn {count} more points by {day} to keep {tier}",
                missing,
                count=number,
                **named,
            )


def _points_notes(seen: AccountView, words: Wording) -> tuple[str, ...]:
    notes = [
        words.n(
            "{count} point can be used until {day}",
            "{count} points can be used until {day}",
            bucket.points.count,
            count=figures.count(bucket.points.count),
            day=bucket.expires.last_day.isoformat(),
        )
        for bucket in seen.expiring
    ]
    notes += [
        words.n(
            "{count} more point from {day} on",
            "{count} more points from {day} on",
            held.points,
            count=figures.count(held.points),
            day=held.usable_from.isoformat(),
        )
        for held in seen.held
    ]
    if seen.debt_points:
        notes.append(
            words.n(
                "{count} point is made up for by your next purchases",
                "{count} points are made up for by your next purchases",
                seen.debt_points,
                count=figures.count(seen.debt_points),
            )
        )
    return tuple(notes)


def _coupons(
    held: tuple[HeldCoupon, ...], program: Program, today: date, words: Wording
) -> tuple[CouponShown, ...]:
    """Coupons one could use, soonest last day first, equal ones as one line."""
    counted: Counter[tuple[date, str]] = Counter()
    for coupon in held:
        offer = program.offer(coupon.offer_id)
        if offer is None:
            continue
        days = [day for day in (coupon.expires, offer.when.ends) if day is not None]
        last = min(days, default=date.max)
        if last >= today:
            counted[(last, said(offer.name, words))] += 1
    return tuple(
        CouponShown(
            name=name,
            last_day=(
                words.t("no last day")
                if last == date.max
                else words.t("last day {day}", day=last.isoformat())
            ),
            times=f"×{number}" if number > 1 else "",
        )
        for (last, name), number in sorted(counted.items())
    )

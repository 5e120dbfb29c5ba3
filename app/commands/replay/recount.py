"""Recount: points, tiers and coupons of pass 2, computed again from what the receipts say.

Owns: its own arithmetic over the sales' bytes and the program's text. Imports nothing of the
product, so that an error there cannot be repeated here. It knows no refunds and no reviews: in
the replayed year there are none, and it says so where there would be (NotInThisStoryError).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_FLOOR, Decimal
from typing import Any


class NotInThisStoryError(Exception):
    """Something happened that this recount does not know."""


@dataclass(slots=True)
class MemberRecount:
    """What a member must have at the end."""

    tier: str
    balance: int = 0
    visits: int = 0
    spend: dict[int, int] = field(default_factory=dict)
    """Cents by month, counted from year 0."""
    tier_ends: int | None = None
    coupons_used: int = 0

    def spend_in_window(self, month: int) -> int:
        return sum(cents for at, cents in self.spend.items() if month - 12 <= at <= month)


@dataclass(slots=True)
class Recount:
    """All members, and every difference met on the way."""

    members: dict[str, MemberRecount] = field(default_factory=dict)
    differences: list[str] = field(default_factory=list)
    upgrades: Counter[str] = field(default_factory=Counter)
    coupons_used: Counter[str] = field(default_factory=Counter)
    coupon_minor: int = 0
    points_earned: int = 0
    points_spent: int = 0
    points_off_minor: int = 0
    total_minor: int = 0
    list_total_minor: int = 0
    sales: int = 0


@dataclass(frozen=True, slots=True)
class Rules:
    """Of the program only what this recount needs, read from its text."""

    tiers: tuple[tuple[str, Decimal, int, int], ...]
    """Id, earn rate, spend line in cents, months it lasts; the entry tier first."""
    factor_by_category: Mapping[str, Decimal]
    days_times: tuple[tuple[frozenset[int], Decimal], ...]
    """Weekdays and their factor."""
    points_a_unit: tuple[int, int]
    """So many points are worth so many cents."""

    @staticmethod
    def of(program: Mapping[str, Any]) -> Rules:
        """From the parsed TOML."""
        tiers = tuple(
            (
                tier["id"],
                Decimal(tier.get("earn_rate", "1")),
                _cents(tier.get("qualify", {}).get("spend", "0")),
                tier.get("months", 12),
            )
            for tier in program["tiers"]
        )
        earning, redemption = program.get("earning", {}), program.get("redemption", {})
        if earning.get("combine", "best") != "best" or "unit" in earning:
            raise NotInThisStoryError("another way to earn")
        factors = {
            category: Decimal(entry["factor"])
            for entry in earning.get("categories", ())
            for category in entry["categories"]
        }
        days = tuple(
            (frozenset(offer["when"]["weekdays"]), Decimal(offer["effect"]["factor"]))
            for offer in program.get("offers", ())
            if offer["effect"]["kind"] == "multiplier"
        )
        worth = (redemption.get("points", 100), _cents(redemption.get("amount", "1.00")))
        return Rules(tiers, factors, days, worth)


def _cents(text: str) -> int:
    return int(Decimal(text) * 100)


def recount(sales: Iterable[Mapping[str, Any]], rules: Rules) -> Recount:
    """Go through the sales in order; each must have earned and reached what it says."""
    answer = Recount()
    for sale in sales:
        member = answer.members.setdefault(sale["member"], MemberRecount(rules.tiers[0][0]))
        _recount_sale(sale, member, rules, answer)
    return answer


def _recount_sale(
    sale: Mapping[str, Any], member: MemberRecount, rules: Rules, answer: Recount
) -> None:
    day = date.fromisoformat(sale["day"])
    month = day.year * 12 + day.month - 1
    if member.tier_ends is not None and month > member.tier_ends:
        raise NotInThisStoryError(f"a tier ended before {day}: its review is not recounted")
    code, total = sale["code"], sum(line["net"] for line in sale["lines"])
    earned, spent = _points(sale, member.tier, day, rules), sale.get("points_spent", 0)
    _differs(answer, code, "total", sale["total_minor"], total)
    _differs(answer, code, "tier", sale["seen"]["tier"], member.tier)
    _differs(answer, code, "points earned", sale.get("points_earned", 0), earned)
    points, cents = rules.points_a_unit
    _differs(answer, code, "worth", sale.get("points_off_minor", 0), spent * cents // points)
    _differs(answer, code, "points there", sale["seen"].get("points_available", 0), member.balance)
    if spent > member.balance:
        answer.differences.append(f"{code}: {spent} points spent of {member.balance}")
    member.balance += earned - spent
    member.visits += 1
    member.spend[month] = member.spend.get(month, 0) + total
    reached = _reached(member, month, rules)
    said = [effect["tier"] for effect in sale["effects"] if effect["do"] == "reach"]
    _differs(answer, code, "tier reached", said, [reached] if reached else [])
    if reached:
        answer.upgrades[reached] += 1
    _count_coupons(sale, member, answer)
    answer.sales += 1
    answer.total_minor += total
    answer.list_total_minor += sum(line["list"] for line in sale["lines"])
    answer.points_earned += earned
    answer.points_spent += spent
    answer.points_off_minor += sale.get("points_off_minor", 0)


def _points(sale: Mapping[str, Any], tier: str, day: date, rules: Rules) -> int:
    """Exact over all lines, rounded down once."""
    rate = next(rate for name, rate, _, _ in rules.tiers if name == tier)
    times = [factor for weekdays, factor in rules.days_times if day.isoweekday() in weekdays]
    points = Decimal(0)
    for line in sale["lines"]:
        category = rules.factor_by_category.get(line.get("cat", ""))
        if category == 0:
            continue
        factors = times if category is None else [category, *times]
        points += Decimal(line["net"]) / 100 * rate * max(factors, default=Decimal(1))
    return int(points.to_integral_value(ROUND_FLOOR))


def _reached(member: MemberRecount, month: int, rules: Rules) -> str | None:
    """The highest tier above the present one whose line the window reaches; moves the member."""
    names = [name for name, _, _, _ in rules.tiers]
    spend = member.spend_in_window(month)
    for name, _, line, months in reversed(rules.tiers[names.index(member.tier) + 1 :]):
        if spend >= line:
            member.tier, member.tier_ends = name, month + months
            return name
    return None


def _count_coupons(sale: Mapping[str, Any], member: MemberRecount, answer: Recount) -> None:
    used = sale.get("coupons_used", ())
    by_rule = [each for each in sale.get("adjustments", ()) if each.get("coupon")]
    _differs(answer, sale["code"], "coupons", sorted(used), sorted(e["coupon"] for e in by_rule))
    if len(used) > 4:
        answer.differences.append(f"{sale['code']}: {len(used)} coupons in one sale")
    member.coupons_used += len(used)
    for each in by_rule:
        answer.coupons_used[each["rule"]] += 1
        answer.coupon_minor -= each["amount"]


def _differs(answer: Recount, code: str, what: str, there: object, here: object) -> None:
    if there != here:
        answer.differences.append(f"{code}: {what} {there!r}, recounted {here!r}")

"""Snapshots of the till for tables: builders that name only what matters.

Owns: a TillState of the shop of the pictures. Does not own: how one is made (services/present.py).
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from app.domain.money import ZERO, Money
from app.domain.program import Text
from app.domain.quantity import pieces
from app.domain.settings import Settings
from app.services.till_state import (
    MemberPanel,
    ProgramOnTill,
    RuleOnTill,
    ShownAdjustment,
    StaffOnTill,
    TillLine,
    TillState,
    Totals,
)

GOLD = Text(zh="金卡", en="Gold")
RULES = {
    "gold": RuleOnTill(GOLD, Decimal("0.12"), "tier"),
    "member-day": RuleOnTill(
        Text(zh="会员日特价", en="Member-day price"), None, "price_list", members_only=True,
        starts=date(2026, 11, 20), ends=date(2026, 11, 22),
    ),
    "fifteen": RuleOnTill(Text(zh="满150减15", en="¥15 off ¥150"), None, "coupon"),
    "eight": RuleOnTill(Text(zh="满100减8", en="¥8 off ¥100"), None, "coupon"),
    "gold-week": RuleOnTill(Text(zh="金卡周", en="Gold week"), None, "automatic", from_tier=GOLD),
    "ended": RuleOnTill(Text(zh="夏日", en="Summer"), None, "automatic", ends=date(2026, 8, 31)),
    "coming": RuleOnTill(Text(zh="圣诞", en="Xmas"), None, "automatic", starts=date(2026, 12, 24)),
}  # fmt: skip


def adjusted(rule: str, kind: Any, minor: int, **other: Any) -> ShownAdjustment:
    return ShownAdjustment(rule, kind, Money(minor), RULES[rule].words, **other)


def a_line(line_id: str = "1", name: str = "纯牛奶 250ml×12", **other: Any) -> TillLine:
    """One piece at 59.00, nothing taken off."""
    values: dict[str, Any] = {
        "line_id": line_id, "number": int(line_id), "name": name, "sku": "milk", "scanned": "69",
        "quantity": pieces(1), "unit": "", "weighed": False, "unit_price": Money(5900),
        "list_amount": Money(5900), "amount": Money(5900), "net": Money(5900),
    }  # fmt: skip
    return TillLine(**{**values, **other})


def some_totals(**other: Any) -> Totals:
    values: dict[str, Any] = {
        "kinds": 1, "pieces": 1, "list_total": Money(5900), "rows": (), "saved": ZERO,
        "total": Money(5900), "tax_on_top": ZERO, "due": Money(5900), "round_off": ZERO,
        "due_cash": Money(5900), "received": ZERO, "points_used": 0, "points_off": ZERO,
        "points_redeemable": 0, "points_earned": 0,
    }  # fmt: skip
    return Totals(**{**values, **other})


def a_member(**other: Any) -> MemberPanel:
    """张*丰, gold, 2,340 points, nothing urgent."""
    values: dict[str, Any] = {
        "member_id": "m1", "name_masked": "张*丰", "card_masked": "M****7XQ3",
        "phone_masked": "138****8000", "salutation": "", "identified_by": "card",
        "tier_id": "gold", "tier_words": GOLD, "tier_rank": 2, "tier_until": date(2027, 3, 31),
        "points": 2340, "points_worth": Money(2340), "points_held": 0, "points_today_left": 5000,
        "expiring": (), "coupons": (), "entitlements": (), "ahead": (), "birthday": "no",
        "joined": date(2026, 1, 5), "last_visit": None, "days_since_visit": None, "visits": 3,
        "checked_in_today": False, "streak": 0, "check_in_points": 0, "is_new": False,
        "is_anonymous": False, "phone_verified": True, "marketing_allowed": True,
    }  # fmt: skip
    return MemberPanel(**{**values, **other})


def a_state(**other: Any) -> TillState:
    values: dict[str, Any] = {
        "basket_id": "b", "lines": (a_line(),), "selected": "1", "totals": some_totals(),
        "member": None, "staff": StaffOnTill("s", "李明", "cashier"), "locked": False,
        "settings": Settings(), "pay_block": None, "tenders": (), "attempt": None,
        "can_undo": True, "cleared": False, "not_applied": (), "rules": RULES,
        "program": ProgramOnTill("renmin", "2026.1", date(2026, 11, 20), 3, "CNY"),
        "clock": None, "coming_program": None, "announcements": (), "last_sale_id": None,
    }  # fmt: skip
    return TillState(**{**values, **other})


def with_member(**other: Any) -> TillState:
    return replace(a_state(), member=a_member(**other))

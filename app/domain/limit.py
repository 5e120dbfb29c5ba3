"""One limit of a role: reading it, putting another one, and its values as they are typed.

Owns: a limit that nobody has said, changing one among all, percent, money and points as text; two
rules that read like limits: who says yes to himself, and from which sum on badge and PIN are asked.
Does not own: what limits mean and which are sound (rights.py), who may change them (services).
"""

from __future__ import annotations

import unicodedata
from decimal import Decimal
from typing import Literal

import msgspec

from app.domain.money import Money, NotAnAmount, amount_text, parse_amount
from app.domain.rights import (
    DEFAULT_RIGHTS,
    UNITS,
    WHOLE_RATE,
    Act,
    Limit,
    Rights,
    RoleRights,
    Unit,
)
from app.domain.setting_kind import ValueRefused

Subject = Act | Literal["self_approval", "both_above"]
"""What a limit is about. self_approval: allowed or not, by role. both_above: of all roles alike,

up_to the sum that badge or PIN is enough for, not_allowed = one of them always is.
"""
SUBJECTS: tuple[Subject, ...] = (*UNITS, "self_approval", "both_above")
NOTHING = Limit(verdict="not_allowed")
"""What a role may do of an act that nobody has said anything about."""
_ALLOWED = Limit(verdict="allowed")
LIMIT_MINOR_MAX = 100_000_000
LIMIT_POINTS_MAX = 10_000_000
LIMIT_STEPS_MAX = 20
_PERCENT = 100
"""Basis points in one percent."""


def unit_of(subject: Subject) -> Unit:
    """What the values of a limit are."""
    match subject:
        case "both_above":
            return "money"
        case "self_approval":
            return "none"
        case _:
            return UNITS[subject]


def limit_of(rights: Rights, role_id: str, subject: Subject) -> Limit:
    """What a role may do of an act; the two rules read like a limit."""
    role = rights.role(role_id)
    match subject:
        case "both_above":
            most = rights.both_above_minor
            return NOTHING if most is None else Limit(verdict="up_to", up_to=most)
        case "self_approval":
            return _ALLOWED if role is not None and role.self_approval else NOTHING
        case _:
            return role.limits.get(subject, NOTHING) if role is not None else NOTHING


def default_limit(role_id: str, subject: Subject) -> Limit | None:
    """What ships; None = the role is the shop's own."""
    if subject != "both_above" and DEFAULT_RIGHTS.role(role_id) is None:
        return None
    return limit_of(DEFAULT_RIGHTS, role_id, subject)


def with_limit(rights: Rights, role_id: str, subject: Subject, limit: Limit) -> Rights:
    """All rights with this one changed. What nobody has said stays at nothing, now in words."""
    if subject == "both_above":
        most = limit.up_to if limit.verdict == "up_to" else None
        return msgspec.structs.replace(rights, both_above_minor=most)
    if subject == "self_approval":
        return msgspec.structs.replace(
            rights, roles=tuple(_for_himself(role, role_id, limit) for role in rights.roles)
        )
    act: Act = subject
    roles = tuple(_said(role, act if role.role_id == role_id else None, limit)
                  for role in rights.roles)  # fmt: skip
    return msgspec.structs.replace(rights, roles=roles)


def read_limit(act: Subject, typed: str, decimals: int) -> int | ValueRefused:
    """A value in the unit of the act, from what was typed: percent, money, points or tiers.

    `decimals`: of the shop's currency. Raises KeyError for an act without a unit.
    """
    text = unicodedata.normalize("NFKC", typed).strip().removesuffix("%").strip()
    places, most = _TYPED[unit_of(act)]
    is_money = unit_of(act) == "money"
    shown_most = most // _PERCENT if unit_of(act) == "rate" else most
    value = parse_amount(text, decimals if is_money else places)
    if isinstance(value, NotAnAmount) or value.minor < 0:
        return ValueRefused("not_an_amount" if is_money else "not_a_number", 0, shown_most)
    if value.minor > most:
        return ValueRefused("amount_too_high" if is_money else "out_of_range", 0, shown_most)
    return value.minor


def write_limit(act: Subject, value: int, decimals: int) -> str:
    """A value as it is typed: "12.5" percent, "200.00", "5000". Raises KeyError as read_limit."""
    match unit_of(act):
        case "rate":
            return f"{Decimal(value).scaleb(-2).normalize():f}"
        case "money":
            return amount_text(Money(value), decimals)
        case "points" | "steps":
            return str(value)
        case _:
            raise KeyError(act)


_TYPED = {
    "rate": (2, WHOLE_RATE),
    "money": (2, LIMIT_MINOR_MAX),
    "points": (0, LIMIT_POINTS_MAX),
    "steps": (0, LIMIT_STEPS_MAX),
}
"""Per unit: figures behind the point (money has those of its currency), and the most."""


def _for_himself(role: RoleRights, role_id: str, limit: Limit) -> RoleRights:
    if role.role_id != role_id:
        return role
    return msgspec.structs.replace(role, self_approval=limit.verdict == "allowed")


def _said(role: RoleRights, changed: Act | None, limit: Limit) -> RoleRights:
    limits = {act: role.limits.get(act, NOTHING) for act in UNITS}
    if changed is not None:
        limits[changed] = limit
    return msgspec.structs.replace(role, limits={**role.limits, **limits})

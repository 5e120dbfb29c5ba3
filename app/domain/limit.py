"""One limit of a role: reading it, putting another one, and its values as they are typed.

Owns: a limit that nobody has said, changing one among all, percent, money and points as text.
Does not own: what limits mean and which are sound (rights.py), who may change them (services).
"""

from __future__ import annotations

import unicodedata
from decimal import Decimal

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
)
from app.domain.setting_kind import ValueRefused

NOTHING = Limit(verdict="not_allowed")
"""What a role may do of an act that nobody has said anything about."""
LIMIT_MINOR_MAX = 100_000_000
LIMIT_POINTS_MAX = 10_000_000
_PERCENT = 100
"""Basis points in one percent."""


def limit_of(rights: Rights, role_id: str, act: Act) -> Limit:
    """What a role may do of an act."""
    role = rights.role(role_id)
    return role.limits.get(act, NOTHING) if role is not None else NOTHING


def default_limit(role_id: str, act: Act) -> Limit | None:
    """What ships; None = the role is the shop's own."""
    role = DEFAULT_RIGHTS.role(role_id)
    return role.limits[act] if role is not None else None


def with_limit(rights: Rights, role_id: str, act: Act, limit: Limit) -> Rights:
    """All rights with this one changed. What nobody has said stays at nothing, now in words."""
    roles = tuple(_said(role, act if role.role_id == role_id else None, limit)
                  for role in rights.roles)  # fmt: skip
    return msgspec.structs.replace(rights, roles=roles)


def read_limit(act: Act, typed: str, decimals: int) -> int | ValueRefused:
    """A value in the unit of the act, from what was typed: percent, money or points.

    `decimals`: of the shop's currency. Raises KeyError for an act without a unit.
    """
    text = unicodedata.normalize("NFKC", typed).strip().removesuffix("%").strip()
    places, most = _TYPED[UNITS[act]]
    is_money = UNITS[act] == "money"
    shown_most = most // _PERCENT if UNITS[act] == "rate" else most
    value = parse_amount(text, decimals if is_money else places)
    if isinstance(value, NotAnAmount) or value.minor < 0:
        return ValueRefused("not_an_amount" if is_money else "not_a_number", 0, shown_most)
    if value.minor > most:
        return ValueRefused("amount_too_high" if is_money else "out_of_range", 0, shown_most)
    return value.minor


def write_limit(act: Act, value: int, decimals: int) -> str:
    """A value as it is typed: "12.5" percent, "200.00", "5000". Raises KeyError as read_limit."""
    match UNITS[act]:
        case "rate":
            return f"{Decimal(value).scaleb(-2).normalize():f}"
        case "money":
            return amount_text(Money(value), decimals)
        case "points":
            return str(value)
        case _:
            raise KeyError(act)


_TYPED = {
    "rate": (2, WHOLE_RATE),
    "money": (2, LIMIT_MINOR_MAX),
    "points": (0, LIMIT_POINTS_MAX),
}
"""Per unit: figures behind the point (money has those of its currency), and the most."""


def _said(role: RoleRights, changed: Act | None, limit: Limit) -> RoleRights:
    limits = {act: role.limits.get(act, NOTHING) for act in UNITS}
    if changed is not None:
        limits[changed] = limit
    return msgspec.structs.replace(role, limits={**role.limits, **limits})

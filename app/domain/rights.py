"""Rights: what each role may do by itself, what needs somebody else's yes, what it may not at all.

Owns: the acts that are limited, their units, roles with their limits as data, the shop's reasons,
judging an act, judging an approval, and what is wrong with such data. Does not own: the plain
permissions of screens (staff.py), asking for and giving an approval (app/services/approval.py),
where it is kept (app/store/rights.py).

A limit is one of four: `allowed`; `up_to` a value, and beyond it with an approval; `approval`
always; `not_allowed`, also not with one. Whether a role may give that approval is a word of its
own (`approves`), so that two pairs of eyes can be asked for even of a manager. Values are whole
numbers in the unit of the act: basis points (1000 = 10 %), minor units, points.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

import msgspec

from app.domain.program import Text

Act = Literal[
    "complaint_handle", "complaint_lead", "complaint_compensation", "complaint_budget",
    "line_discount", "order_discount", "price_override", "missing_price", "refund_amount",
    "refund_late", "refund_in_cash", "refund_own", "return_unlinked", "no_sale_open", "cash_in",
    "cash_out", "safe_drop", "count_difference", "points_limit", "coupon_limit", "void_sale",
    "reprint", "training_mode", "change_settings", "sell_expired", "tier_grant", "points_by_hand",
]  # fmt: skip
Unit = Literal["rate", "money", "points", "steps", "none"]
"""steps: tiers above what the rules give."""

UNITS: Mapping[Act, Unit] = {
    "line_discount": "rate",
    "order_discount": "rate",
    "price_override": "rate",
    "missing_price": "money",
    "refund_amount": "money",
    "refund_late": "money",
    "refund_in_cash": "money",
    "refund_own": "money",
    "return_unlinked": "money",
    "no_sale_open": "none",
    "cash_in": "money",
    "cash_out": "money",
    "safe_drop": "money",
    "count_difference": "money",
    "points_limit": "points",
    "coupon_limit": "money",
    "void_sale": "money",
    "reprint": "none",
    "training_mode": "none",
    "change_settings": "none",
    "sell_expired": "none",
    "complaint_handle": "none",
    "complaint_lead": "none",
    "complaint_compensation": "money",
    "complaint_budget": "money",
    "tier_grant": "steps",
    "points_by_hand": "points",
}
_ACTS: tuple[str, ...] = tuple(UNITS)
WHOLE_RATE = 10_000
"""All of a price, in basis points."""

Verdict = Literal["allowed", "up_to", "approval", "not_allowed"]


class Limit(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What one role may do of one act. `up_to` belongs to its verdict, `approves_up_to` too."""

    verdict: Verdict
    up_to: int = 0
    approves: bool = False
    """Whether this role may say yes for others."""
    approves_up_to: int | None = None
    """The largest value it may say yes to; None = any."""


class RoleRights(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The limits of one role by act. `self_approval`: its people may say yes to themselves,

    which is marked in the audit and stands among the exceptions.
    """

    role_id: str
    limits: Mapping[str, Limit]
    self_approval: bool = False


class ActReason(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Why somebody takes something off or gives something up; chosen by its digit, from 1."""

    reason_id: str
    words: Text
    acts: tuple[str, ...] = ()
    """For these acts; none named = for all that want a reason."""
    needs_note: bool = False


class Rights(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """All roles, the reasons, and the money above which an approval takes badge and PIN."""

    roles: tuple[RoleRights, ...]
    reasons: tuple[ActReason, ...] = ()
    both_above_minor: int | None = 50_000
    """None = one of them is always enough."""

    def role(self, role_id: str) -> RoleRights | None:
        return next((role for role in self.roles if role.role_id == role_id), None)

    def reasons_of(self, act: str) -> tuple[ActReason, ...]:
        """What may be chosen for an act, in its order."""
        return tuple(one for one in self.reasons if not one.acts or act in one.acts)

    def reason(self, act: str, reason_id: str) -> ActReason | None:
        return next((one for one in self.reasons_of(act) if one.reason_id == reason_id), None)

    def takes_both(self, effect_minor: int) -> bool:
        """Whether an approval with this effect on money takes badge and PIN."""
        return self.both_above_minor is not None and abs(effect_minor) > self.both_above_minor


# ------------------------------------------------------------------ judging an act


@dataclass(frozen=True, slots=True)
class Allowed:
    """The role may, by itself. `most`: up to this value; None = any."""

    most: int | None


@dataclass(frozen=True, slots=True)
class WithApproval:
    """Only with somebody else's yes. `limit`: what the role may by itself (0 = nothing)."""

    limit: int


@dataclass(frozen=True, slots=True)
class Forbidden:
    """The role may not, whoever says yes."""


@dataclass(frozen=True, slots=True)
class LimitMissing:
    """Nobody has said what this role may do of this act: nothing, until somebody does."""

    role_id: str
    act: Act


Judgement = Allowed | WithApproval | Forbidden | LimitMissing


def judge_act(rights: Rights, role_id: str, act: Act, asked: int) -> Judgement:
    """Whether a role may do so much of an act (`asked` is 0 for acts without a unit)."""
    limit = _limit_of(rights, role_id, act)
    if limit is None:
        return LimitMissing(role_id, act)
    match limit.verdict:
        case "allowed":
            return Allowed(None)
        case "up_to":
            return Allowed(limit.up_to) if asked <= limit.up_to else WithApproval(limit.up_to)
        case "approval":
            return WithApproval(0)
        case _:
            return Forbidden()


def may_approve(rights: Rights, role_id: str, act: Act, asked: int) -> bool:
    """Whether a role may say yes to so much of an act."""
    limit = _limit_of(rights, role_id, act)
    if limit is None or not limit.approves:
        return False
    return limit.approves_up_to is None or asked <= limit.approves_up_to


def _limit_of(rights: Rights, role_id: str, act: str) -> Limit | None:
    role = rights.role(role_id)
    return role.limits.get(act) if role is not None else None


# ------------------------------------------------------------------ what is wrong with such data

RightsFault = Literal[
    "role_doubled", "role_missing", "limit_missing", "act_unknown", "value_negative",
    "value_too_high", "value_unused", "nobody_approves", "nobody_changes", "reason_doubled",
    "reason_empty", "reason_missing",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class RightsProblem:
    """One thing that cannot stay so; `role_id` and `act` are empty where they say nothing."""

    fault: RightsFault
    role_id: str = ""
    act: str = ""


REASONED: tuple[Act, ...] = ("line_discount", "order_discount", "price_override", "void_sale")
"""Acts that want a reason of the shop's list."""


def check_rights(rights: Rights, used_roles: frozenset[str]) -> tuple[RightsProblem, ...]:
    """Everything that is wrong; `used_roles` are those somebody works in."""
    return (*_role_problems(rights, used_roles), *_act_problems(rights), *_reason_problems(rights))


def _role_problems(rights: Rights, used_roles: frozenset[str]) -> Iterator[RightsProblem]:
    names = [role.role_id for role in rights.roles]
    for role_id in sorted({name for name in names if names.count(name) > 1}):
        yield RightsProblem("role_doubled", role_id)
    for role_id in sorted(used_roles - set(names)):
        yield RightsProblem("role_missing", role_id)
    for role in rights.roles:
        for act in UNITS:
            if act not in role.limits:
                yield RightsProblem("limit_missing", role.role_id, act)
        for name, limit in role.limits.items():
            unit = next((unit for act, unit in UNITS.items() if act == name), None)
            fault = _limit_fault(limit, unit)
            if fault is not None:
                yield RightsProblem(fault, role.role_id, name)


def _limit_fault(limit: Limit, unit: Unit | None) -> RightsFault | None:
    if unit is None:
        return "act_unknown"
    values = [limit.up_to, limit.approves_up_to or 0]
    if min(values) < 0:
        return "value_negative"
    if unit == "rate" and max(values) > WHOLE_RATE:
        return "value_too_high"
    without_verdict = limit.up_to and limit.verdict != "up_to"
    without_yes = limit.approves_up_to is not None and not limit.approves
    without_unit = unit == "none" and (limit.verdict == "up_to" or limit.approves_up_to is not None)
    return "value_unused" if without_verdict or without_yes or without_unit else None


def _act_problems(rights: Rights) -> Iterator[RightsProblem]:
    for act in UNITS:
        limits = [role.limits[act] for role in rights.roles if act in role.limits]
        asks = any(limit.verdict in ("up_to", "approval") for limit in limits)
        if asks and not any(limit.approves for limit in limits):
            yield RightsProblem("nobody_approves", act=act)


def _reason_problems(rights: Rights) -> Iterator[RightsProblem]:
    names = [one.reason_id for one in rights.reasons]
    for name in sorted({name for name in names if names.count(name) > 1}):
        yield RightsProblem("reason_doubled", act=name)
    for one in rights.reasons:
        if not (one.reason_id and one.words.zh.strip() and one.words.en.strip()):
            yield RightsProblem("reason_empty", act=one.reason_id)
    for act in REASONED:
        if not rights.reasons_of(act):
            yield RightsProblem("reason_missing", act=act)


# ------------------------------------------------------------------ what ships

_ALLOWED = Limit(verdict="allowed")
_ASK = Limit(verdict="approval")
_NO = Limit(verdict="not_allowed")
_YES_FOR_ALL = Limit(verdict="allowed", approves=True)


def _up_to(value: int, *, approves: bool = False) -> Limit:
    return Limit(
        verdict="up_to",
        up_to=value,
        approves=approves,
        approves_up_to=value if approves else None,
    )


_CASHIER: dict[str, Limit] = dict.fromkeys(_ACTS, _ASK) | {
    "line_discount": _up_to(1_000),
    "order_discount": _up_to(1_000),
    "refund_amount": _up_to(20_000),
    "cash_in": _ALLOWED,
    "safe_drop": _ALLOWED,
    "count_difference": _up_to(2_000),
    "void_sale": _up_to(20_000),
    "reprint": _ALLOWED,
    "training_mode": _ALLOWED,
    "change_settings": _NO,
    "complaint_handle": _ALLOWED,
}
_SUPERVISOR: dict[str, Limit] = _CASHIER | {
    "line_discount": _up_to(2_000, approves=True),
    "order_discount": _up_to(2_000, approves=True),
    "price_override": _up_to(3_000, approves=True),
    "missing_price": _up_to(50_000, approves=True),
    "refund_amount": _up_to(200_000, approves=True),
    "refund_late": _YES_FOR_ALL,
    "refund_in_cash": _YES_FOR_ALL,
    "no_sale_open": _YES_FOR_ALL,
    "cash_out": _up_to(50_000, approves=True),
    "points_limit": _up_to(5_000, approves=True),
    "coupon_limit": _up_to(10_000, approves=True),
    "void_sale": _YES_FOR_ALL,
    "sell_expired": Limit(verdict="approval", approves=True),
    "complaint_lead": _YES_FOR_ALL,
    "complaint_compensation": _up_to(2_000, approves=True),
    "tier_grant": Limit(verdict="approval", approves=True, approves_up_to=1),
    "points_by_hand": _up_to(1_000, approves=True),
}
_MANAGER: dict[str, Limit] = dict.fromkeys(_ACTS, _YES_FOR_ALL) | {
    "refund_own": Limit(verdict="approval", approves=True),
    "count_difference": Limit(verdict="up_to", up_to=2_000, approves=True),
    "complaint_compensation": Limit(verdict="up_to", up_to=5_000, approves=True),
    "complaint_budget": Limit(verdict="approval", approves=True),
}

_DISCOUNTS = ("line_discount", "order_discount")
DEFAULT_REASONS = (
    ActReason(
        reason_id="damaged", words=Text(zh="瑕疵", en="Damaged"),
        acts=("line_discount", "price_override"),
    ),
    ActReason(
        reason_id="regular", words=Text(zh="老客", en="Regular customer"), acts=_DISCOUNTS
    ),
    ActReason(
        reason_id="goodwill", words=Text(zh="客诉补偿", en="Goodwill after a complaint"),
        acts=_DISCOUNTS,
    ),
    ActReason(
        reason_id="price_tag", words=Text(zh="价签不符", en="Price tag differs"),
        acts=("price_override",),
    ),
    ActReason(
        reason_id="customer_left", words=Text(zh="顾客不买了", en="Customer left"),
        acts=("void_sale",),
    ),
    ActReason(
        reason_id="rung_up_wrong", words=Text(zh="录错", en="Rung up wrongly"), acts=("void_sale",)
    ),
    ActReason(
        reason_id="points_wrong", words=Text(zh="积分记错", en="Points were recorded wrongly"),
        acts=("points_by_hand",),
    ),
    ActReason(
        reason_id="points_goodwill", words=Text(zh="表示歉意", en="As an apology"),
        acts=("points_by_hand",),
    ),
    ActReason(reason_id="other", words=Text(zh="其他", en="Other"), needs_note=True),
)  # fmt: skip

DEFAULT_RIGHTS = Rights(
    roles=(
        RoleRights(role_id="cashier", limits=_CASHIER),
        RoleRights(role_id="supervisor", limits=_SUPERVISOR),
        RoleRights(role_id="manager", limits=_MANAGER, self_approval=False),
        RoleRights(role_id="auditor", limits=dict.fromkeys(_ACTS, _NO)),
    ),
    reasons=DEFAULT_REASONS,
)
"""What a shop starts with; every value can be changed."""


LATER_ACTS: tuple[Act, ...] = ("sell_expired", "tier_grant", "points_by_hand")
"""Acts that came after the first shops had kept their rights."""


_OF_COMPLAINTS: tuple[Act, ...] = (
    "complaint_handle", "complaint_lead", "complaint_compensation", "complaint_budget",
)  # fmt: skip
"""They came later too."""


def with_new_acts(rights: Rights) -> Rights:
    """Rights that were kept before an act was limited: it begins in their roles as it ships.

    Only acts that came later: any other limit that is missing was lost, and is said to be.
    """
    shipped = {role.role_id: role.limits for role in DEFAULT_RIGHTS.roles}
    return msgspec.structs.replace(
        rights,
        roles=tuple(
            msgspec.structs.replace(role, limits={**_later(shipped, role.role_id), **role.limits})
            for role in rights.roles
        ),
    )


def _later(shipped: Mapping[str, Mapping[str, Limit]], role_id: str) -> dict[str, Limit]:
    limits = shipped.get(role_id, {})
    return {act: limits[act] for act in (*LATER_ACTS, *_OF_COMPLAINTS) if act in limits}

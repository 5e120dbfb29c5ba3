"""Rights: what ships is sound, every kind of limit judges as it says, bad data is named."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from app.domain.program import Text
from app.domain.rights import (
    DEFAULT_RIGHTS,
    UNITS,
    Act,
    ActReason,
    Allowed,
    Forbidden,
    Judgement,
    Limit,
    LimitMissing,
    Rights,
    RightsProblem,
    RoleRights,
    WithApproval,
    check_rights,
    judge_act,
    may_approve,
    with_new_acts,
)
from app.domain.staff import ROLES

ALL_ROLES = frozenset(ROLES)


def with_limit(role_id: str, act: str, limit: Limit | None) -> Rights:
    """What ships, with one limit changed or taken away."""
    roles = []
    for role in DEFAULT_RIGHTS.roles:
        if role.role_id == role_id:
            limits = {name: one for name, one in role.limits.items() if name != act}
            limits |= {act: limit} if limit is not None else {}
            role = msgspec.structs.replace(role, limits=limits)
        roles.append(role)
    return msgspec.structs.replace(DEFAULT_RIGHTS, roles=tuple(roles))


def test_what_ships_has_nothing_wrong_and_knows_every_role() -> None:
    assert check_rights(DEFAULT_RIGHTS, ALL_ROLES) == ()


def test_it_comes_back_from_its_stored_form() -> None:
    stored = msgspec.json.encode(DEFAULT_RIGHTS)
    assert msgspec.json.decode(stored, type=Rights) == DEFAULT_RIGHTS


@pytest.mark.parametrize(
    ("limit", "asked", "judged"),
    [
        (Limit(verdict="allowed"), 10_000, Allowed(None)),
        (Limit(verdict="up_to", up_to=1000), 1000, Allowed(1000)),
        (Limit(verdict="up_to", up_to=1000), 1001, WithApproval(1000)),
        (Limit(verdict="approval"), 1, WithApproval(0)),
        (Limit(verdict="not_allowed"), 1, Forbidden()),
        (None, 1, LimitMissing("cashier", "line_discount")),
    ],
    ids=["allowed", "at the limit", "above it", "always asks", "never", "nobody has said"],
)
def test_a_limit_judges(limit: Limit | None, asked: int, judged: Judgement) -> None:
    rights = with_limit("cashier", "line_discount", limit)
    assert judge_act(rights, "cashier", "line_discount", asked) == judged


def test_a_role_nobody_has_described_may_nothing() -> None:
    assert judge_act(DEFAULT_RIGHTS, "intern", "reprint", 0) == LimitMissing("intern", "reprint")
    assert not may_approve(DEFAULT_RIGHTS, "intern", "reprint", 0)


@pytest.mark.parametrize(
    ("role_id", "act", "asked", "may"),
    [
        ("cashier", "line_discount", 1, False),
        ("supervisor", "line_discount", 2000, True),
        ("supervisor", "line_discount", 2001, False),
        ("manager", "line_discount", 10_000, True),
        ("manager", "refund_own", 100, True),
        ("auditor", "reprint", 0, False),
    ],
    ids=["a cashier for nobody", "up to his limit", "not above it", "a manager all",
         "also what he may not alone", "an auditor for nobody"],
)  # fmt: skip
def test_who_may_say_yes(role_id: str, act: Act, asked: int, may: bool) -> None:
    assert may_approve(DEFAULT_RIGHTS, role_id, act, asked) is may


@pytest.mark.parametrize(
    ("effect", "both"), [(50_000, False), (50_001, True), (-50_001, True)],
    ids=["at the value", "above it", "money that comes back counts the same"],
)  # fmt: skip
def test_badge_and_pin_above_a_value(effect: int, both: bool) -> None:
    assert DEFAULT_RIGHTS.takes_both(effect) is both
    never = msgspec.structs.replace(DEFAULT_RIGHTS, both_above_minor=None)
    assert not never.takes_both(effect)


def test_reasons_belong_to_their_acts() -> None:
    ids = [one.reason_id for one in DEFAULT_RIGHTS.reasons_of("order_discount")]
    assert ids == ["regular", "goodwill", "other"]
    assert DEFAULT_RIGHTS.reason("order_discount", "damaged") is None
    other = DEFAULT_RIGHTS.reason("void_sale", "other")
    assert other is not None
    assert other.needs_note


WRONG_LIMITS: list[Any] = [
    pytest.param("line_discount", None, "limit_missing", id="a role without a needed limit"),
    pytest.param("juggle", Limit(verdict="allowed"), "act_unknown", id="no such act"),
    pytest.param("cash_out", Limit(verdict="up_to", up_to=-1), "value_negative", id="below zero"),
    pytest.param(
        "line_discount", Limit(verdict="up_to", up_to=10_001), "value_too_high", id="above all"
    ),
    pytest.param("cash_out", Limit(verdict="allowed", up_to=5), "value_unused", id="no use of it"),
    pytest.param(
        "cash_out", Limit(verdict="allowed", approves_up_to=5), "value_unused", id="says no yes"
    ),
    pytest.param("reprint", Limit(verdict="up_to", up_to=5), "value_unused", id="has no unit"),
]


@pytest.mark.parametrize(("act", "limit", "fault"), WRONG_LIMITS)
def test_a_wrong_limit_is_named_with_role_and_act(
    act: str, limit: Limit | None, fault: Any
) -> None:
    rights = with_limit("cashier", act, limit)
    assert check_rights(rights, ALL_ROLES) == (RightsProblem(fault, "cashier", act),)


def test_an_act_that_nobody_could_approve_is_named() -> None:
    rights = with_limit("manager", "return_unlinked", Limit(verdict="allowed"))
    assert check_rights(rights, ALL_ROLES) == (
        RightsProblem("nobody_approves", act="return_unlinked"),
    )


def test_roles_twice_or_missing_are_named() -> None:
    cashier = DEFAULT_RIGHTS.roles[0]
    doubled = msgspec.structs.replace(DEFAULT_RIGHTS, roles=(*DEFAULT_RIGHTS.roles, cashier))
    assert check_rights(doubled, ALL_ROLES) == (RightsProblem("role_doubled", "cashier"),)
    fault = RightsProblem("role_missing", "intern")
    assert check_rights(DEFAULT_RIGHTS, ALL_ROLES | {"intern"}) == (fault,)


@pytest.mark.parametrize(
    ("reasons", "problems"),
    [
        (
            (ActReason(reason_id="a", words=Text(zh="甲", en="A")),) * 2,
            (RightsProblem("reason_doubled", act="a"),),
        ),
        (
            (ActReason(reason_id="a", words=Text(zh=" ", en="A")),),
            (RightsProblem("reason_empty", act="a"),),
        ),
        (
            (
                ActReason(
                    reason_id="a",
                    words=Text(zh="甲", en="A"),
                    acts=("line_discount", "order_discount", "price_override"),
                ),
            ),
            (RightsProblem("reason_missing", act="void_sale"),),
        ),
    ],
    ids=["twice", "without words", "an act without any"],
)
def test_wrong_reasons_are_named(
    reasons: tuple[ActReason, ...], problems: tuple[RightsProblem, ...]
) -> None:
    rights = msgspec.structs.replace(DEFAULT_RIGHTS, reasons=reasons)
    assert check_rights(rights, ALL_ROLES) == problems


def test_every_act_has_a_limit_for_everybody_who_works_here() -> None:
    for role in DEFAULT_RIGHTS.roles:
        assert set(role.limits) == set(UNITS)


def test_rights_from_before_an_act_was_limited_take_what_ships_for_it() -> None:
    def without(role: RoleRights) -> RoleRights:
        limits = {act: limit for act, limit in role.limits.items() if act != "sell_expired"}
        return msgspec.structs.replace(role, limits=limits)

    own = RoleRights(role_id="intern", limits={"reprint": Limit(verdict="allowed")})
    older = Rights(roles=(*(without(role) for role in DEFAULT_RIGHTS.roles), own))
    now = with_new_acts(older)
    assert now.roles[:-1] == DEFAULT_RIGHTS.roles
    assert now.roles[-1] == own, "of a role of the shop nobody knows better"

"""What of a refund needs a yes, and what a yes covers. Owns: refund_approval.py's cases."""

import pytest

from app.domain.money import Money
from app.domain.refund_approval import (
    REFUND_LIMITS,
    Approval,
    ApprovalNeeded,
    RefundFacts,
    approvals_needed,
    not_covered,
)

SMALL, LARGE = Money(5_000), Money(30_000)


@pytest.mark.parametrize(
    ("role", "refund", "acts"),
    [
        pytest.param("cashier", RefundFacts(SMALL), [], id="a-plain-one"),
        pytest.param("cashier", RefundFacts(LARGE), ["refund_amount"], id="above-the-limit"),
        pytest.param("cashier", RefundFacts(Money(20_000)), [], id="just-the-limit"),
        pytest.param("cashier", RefundFacts(SMALL, is_late=True), ["refund_late"], id="late"),
        pytest.param("supervisor", RefundFacts(LARGE, is_late=True), [], id="supervisor-late"),
        pytest.param(
            "cashier", RefundFacts(SMALL, cash_instead=SMALL), ["refund_in_cash"], id="card-in-cash"
        ),
        pytest.param(
            "supervisor", RefundFacts(SMALL, is_unlinked=True), ["return_unlinked"], id="unlinked"
        ),
        pytest.param("manager", RefundFacts(LARGE, is_unlinked=True), [], id="manager"),
        pytest.param("manager", RefundFacts(SMALL, is_own=True), ["refund_own"], id="his-own"),
        pytest.param(
            "cashier",
            RefundFacts(LARGE, is_late=True, is_own=True),
            ["refund_own", "refund_late", "refund_amount"],
            id="several",
        ),
    ],
)
def test_what_needs_an_approval(role: str, refund: RefundFacts, acts: list[str]) -> None:
    needed = approvals_needed(refund, REFUND_LIMITS[role])
    assert [need.act for need in needed] == acts
    assert all(need.money for need in needed)


def test_a_yes_covers_its_own_act_up_to_its_sum_and_comes_from_somebody() -> None:
    late, own = ApprovalNeeded("refund_late", SMALL), ApprovalNeeded("refund_own", SMALL)
    yes = Approval(frozenset({"refund_late"}), SMALL, ("staff-wang",))
    assert not_covered((late, own), yes) == (own,)
    assert not_covered((late,), None) == (late,)
    assert not_covered((ApprovalNeeded("refund_late", LARGE),), yes)
    assert not_covered((late,), Approval(frozenset({"refund_late"}), SMALL, ()))

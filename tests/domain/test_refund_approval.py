"""Which limited acts a refund is. Owns: refund_approval.py's cases, by the rights that ship."""

import pytest

from app.domain.money import Money
from app.domain.refund_approval import RefundAct, RefundFacts, acts_of, beyond
from app.domain.rights import DEFAULT_RIGHTS

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
def test_what_a_role_may_not_do_by_itself(role: str, refund: RefundFacts, acts: list[str]) -> None:
    left = beyond(acts_of(refund), DEFAULT_RIGHTS, role)
    assert [each.act for each in left] == acts


def test_each_act_says_the_money_it_moves() -> None:
    assert acts_of(RefundFacts(LARGE, is_late=True, cash_instead=SMALL)) == (
        RefundAct("refund_late", LARGE),
        RefundAct("refund_in_cash", SMALL),
        RefundAct("refund_amount", LARGE),
    )

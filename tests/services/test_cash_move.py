"""Cash that belongs to no sale, and the drawer without one: limits, a yes, what is odd."""

from __future__ import annotations

from dataclasses import replace

import msgspec
import pytest

from app.domain.facts import CashMoved
from app.domain.facts import DrawerOpened as DrawerFact
from app.domain.money import Money
from app.domain.shift import AmountRefused, ReasonRefused
from app.services.approval import ApprovalNeeded, Approved, approve_with_badge
from app.services.cash_move import CashWasMoved, move_cash
from app.services.drawer import DrawerOpened, open_drawer
from app.services.shift import (
    Reason,
)
from app.services.shift_report import report_of_shift
from tests.real_shop import SETTINGS, RealShop
from tests.services.conftest import trail
from tests.services.shifts import (
    FLOAT,
    begin,
    close,
    count,
    facts,
)

CHANGE = Reason("change")


# ------------------------------------------------------------------ cash in, out, and dropped


def test_cash_moves_change_what_has_to_be_there(shop: RealShop) -> None:
    shop.sign_in("王芳")
    shift = begin(shop)
    for move, minor, reason in (
        ("in", 10_000, Reason("change")),
        ("out", 3_500, Reason("other", "买灯泡")),
        ("drop", 20_000, Reason("safe")),
    ):
        answer = shop.do(move_cash, move=move, amount=Money(minor), reason=reason)
        assert isinstance(answer, CashWasMoved), answer
    report = shop.do(lambda shop, work: report_of_shift(work=work, shift_id=shift.shift_id))
    assert report.cash.expected_minor == 45_000 + 10_000 - 3_500 - 20_000
    moved = [fact for fact in facts(shop) if isinstance(fact, CashMoved)]
    assert [(fact.move, fact.amount_minor) for fact in moved] == [
        ("in", 10_000), ("out", 3_500), ("drop", 20_000),
    ]  # fmt: skip
    assert trail(shop).count("cash_moved") == 3


@pytest.mark.parametrize(
    ("move", "minor", "reason", "refused"),
    [
        pytest.param("out", 45_001, CHANGE, AmountRefused("more_than_in_drawer"), id="too much"),
        pytest.param("in", 0, CHANGE, AmountRefused("zero"), id="nothing"),
        pytest.param("in", -5, CHANGE, AmountRefused("negative"), id="negative"),
        pytest.param(
            "drop", 5, CHANGE, ReasonRefused("reason", "unknown_reason"), id="another's reason"
        ),
        pytest.param(
            "in", 5, Reason("other"), ReasonRefused("note", "note_missing"), id="other what?"
        ),
        pytest.param(
            "in", 5, Reason("change", "x" * 101), ReasonRefused("note", "note_too_long"), id="novel"
        ),
    ],
)
def test_a_bad_move_is_refused(
    shop: RealShop, move: str, minor: int, reason: Reason, refused: object
) -> None:
    shop.sign_in("王芳")
    begin(shop)
    assert shop.do(move_cash, move=move, amount=Money(minor), reason=reason) == refused
    assert not [fact for fact in facts(shop) if isinstance(fact, CashMoved)]


def test_a_cashier_takes_cash_out_with_a_colleagues_yes_only(shop: RealShop) -> None:
    begin(shop)
    for move, reason in (("in", "change"), ("drop", "safe")):
        answer = shop.do(move_cash, move=move, amount=Money(100), reason=Reason(reason))
        assert isinstance(answer, CashWasMoved)
    asked = shop.do(move_cash, move="out", amount=Money(3_500), reason=Reason("purchase"))
    assert isinstance(asked, ApprovalNeeded)
    assert (asked.act, asked.effect) == ("cash_out", Money(3_500))
    assert not [fact for fact in facts(shop) if getattr(fact, "move", "") == "out"]
    yes = shop.do(approve_with_badge, request_id=asked.request_id, badge=shop.badges["王芳"])
    assert isinstance(yes, Approved)
    assert isinstance(yes.answer, CashWasMoved), "the act completes by itself"
    (fact,) = [fact for fact in facts(shop) if getattr(fact, "move", "") == "out"]
    assert (fact.staff, fact.approved_by) == (shop.staff["李明"], (shop.staff["王芳"],))


def test_a_cashier_opens_the_drawer_with_a_colleagues_yes_only(shop: RealShop) -> None:
    begin(shop)
    asked = shop.do(open_drawer, reason="stuck")
    assert isinstance(asked, ApprovalNeeded)
    assert "drawer_opened" not in trail(shop)
    yes = shop.do(approve_with_badge, request_id=asked.request_id, badge=shop.badges["王芳"])
    assert isinstance(yes, Approved)
    assert yes.answer == DrawerOpened()
    (fact,) = [fact for fact in facts(shop) if isinstance(fact, DrawerFact)]
    assert fact.approved_by == (shop.staff["王芳"],)


# ------------------------------------------------------------------ the drawer without a sale


def test_many_openings_without_a_sale_are_noted(shop: RealShop) -> None:
    shop.sign_in("王芳")
    begin(shop)
    for _ in range(7):
        assert isinstance(shop.do(open_drawer, reason="check"), DrawerOpened)
    assert trail(shop).count("drawer_opened") == 7
    assert trail(shop).count("many_drawer_openings") == 2, "the sixth and the seventh"
    (case,) = shop.do(lambda shop, work: work.exceptions.open_cases())
    assert (case.kind, dict(case.story)["openings"]) == ("many_no_sale_openings", "7")
    count(shop, FLOAT)
    close(shop, left=45_000)
    begin(shop, None)
    shop.do(open_drawer, reason="check")
    assert trail(shop).count("many_drawer_openings") == 2, "a new shift counts anew"


def test_openings_without_shifts_are_counted_by_the_day(shop: RealShop) -> None:
    shop.sign_in("王芳")
    for _ in range(6):
        shop.do(open_drawer, reason="stuck")
    assert trail(shop).count("many_drawer_openings") == 1


def test_the_drawer_opens_for_cash_that_moves(shop: RealShop) -> None:
    pulses: list[str] = []

    class Drawer:
        def open_drawer(self) -> None:
            pulses.append("pulse")

    shop.use_settings(msgspec.structs.replace(SETTINGS, drawer=True))
    shop.shop = replace(shop.shop, drawer=Drawer())
    shop.sign_in()
    begin(shop)
    refused = shop.do(move_cash, move="in", amount=Money(0), reason=CHANGE)
    assert isinstance(refused, AmountRefused)
    assert pulses == []
    shop.do(move_cash, move="in", amount=Money(5_000), reason=CHANGE)
    assert pulses == ["pulse"]

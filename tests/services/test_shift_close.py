"""Counting, closing, X and Z through the real store."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import msgspec
import pytest

from app.devices.receipt_text import receipt_text
from app.domain.cash_count import CountRefused
from app.domain.money import ZERO, Money
from app.domain.payment import Unknown
from app.domain.shift import AmountRefused, ClosedShift, HeldAtHandover, ReasonRefused
from app.services.answers import Changed, NotAllowed, OpenShiftFirst, PaymentUnderWay
from app.services.approval import (
    ApprovalNeeded,
    CannotApprove,
    SelfApproval,
    approve_with_badge,
)
from app.services.cash_move import move_cash
from app.services.checkout import SaleDone
from app.services.payment import (
    PaymentStarted,
    finish_payment,
    pay_cash,
    set_payment_aside,
    start_payment,
)
from app.services.scan import scan_code
from app.services.shift import (
    CountFirst,
    DifferenceToExplain,
    Reason,
    look_at_drawer,
    take_over_shift,
)
from app.services.shift_close import (
    BasketOpen,
    CloseInSight,
    NoCountsLeft,
    back_to_selling,
    close_shift,
    count_cash,
    look_at_close,
)
from app.services.shift_report import (
    XReport,
    ZReprinted,
    ZUnknown,
    closed_shifts,
    make_x_report,
    reprint_z,
)
from app.wording import load
from tests.real_shop import MILK, SETTINGS, RealShop
from tests.services.conftest import restarted, trail
from tests.services.shifts import (
    FLOAT,
    approved,
    begin,
    close,
    count,
    sell,
    with_shifts,
    z_fact,
)


@pytest.fixture
def open_shop(shop: RealShop) -> RealShop:
    """李明 has opened a shift with 450.00, in a shop that works with shifts."""
    with_shifts(shop)
    begin(shop)
    return shop


# ------------------------------------------------------------------ the blind count


def test_what_has_to_be_there_is_said_only_after_a_count(open_shop: RealShop) -> None:
    sell(open_shop)
    before = open_shop.do(look_at_close)
    assert isinstance(before, CloseInSight)
    assert (before.count, before.report, before.counts_left) == (None, None, 2)
    assert open_shop.do(close_shift, left=ZERO) == CountFirst()
    after = count(open_shop, FLOAT | {"50": "1", "5": "1", "1": "1"})
    assert after.count is not None
    assert after.report is not None
    assert after.count.expected == Money(45_000 + 5_900)
    assert after.count.difference == Money(-300)
    assert (after.counts_left, after.needs_reason, after.needs_approval) == (1, False, False)


def test_a_shop_that_does_not_count_blind_sees_what_has_to_be_there(open_shop: RealShop) -> None:
    with_shifts(open_shop, blind_count=False)
    seen = open_shop.do(look_at_close)
    assert seen.count is None
    assert seen.report.cash.expected_minor == 45_000


def test_one_recount_and_both_are_kept(open_shop: RealShop) -> None:
    count(open_shop, {"100": "4"})
    again = count(open_shop, FLOAT)
    assert again.counts_left == 0
    assert open_shop.do(count_cash, typed=FLOAT) == NoCountsLeft()
    done = close(open_shop)
    assert done.paper.end is not None
    assert [each.counted_minor for each in done.paper.end.counts] == [40_000, 45_000]
    assert trail(open_shop).count("shift_counted") == 2


def test_switching_the_till_off_gives_no_second_guess(open_shop: RealShop) -> None:
    count(open_shop, {"100": "3"})
    restarted(open_shop)
    open_shop.sign_in()
    seen = open_shop.do(look_at_close)
    assert seen.count is not None
    assert (seen.count.count.total, seen.counts_left) == (Money(30_000), 1)


def test_a_drawer_that_is_counted_stands_still_until_one_goes_back(open_shop: RealShop) -> None:
    count(open_shop, FLOAT)
    open_shop.do(scan_code, text=MILK)
    assert open_shop.do(pay_cash) == OpenShiftFirst("counting")
    assert open_shop.do(start_payment, kind="mobile") == OpenShiftFirst("counting")
    drop = {"move": "drop", "amount": Money(100), "reason": Reason("safe")}
    assert open_shop.do(move_cash, **drop) == OpenShiftFirst("counting")
    back = open_shop.do(back_to_selling)
    assert isinstance(back, Changed)
    assert back.state.shift is not None
    assert not back.state.shift.is_counting
    assert isinstance(open_shop.do(pay_cash), SaleDone)
    assert open_shop.do(look_at_close).count is None, "that count is of another moment"
    assert count(open_shop, FLOAT).counts_left == 1
    asked = open_shop.do(close_shift, left=ZERO, reason=Reason("miscount"))
    done = approved(open_shop, asked)
    assert done.paper.end is not None
    assert len(done.paper.end.counts) == 2, "the count that was set aside stands on the Z"
    assert trail(open_shop).count("count_set_aside") == 1


def test_going_back_without_a_count_changes_nothing(open_shop: RealShop) -> None:
    assert isinstance(open_shop.do(back_to_selling), Changed)
    assert "count_set_aside" not in trail(open_shop)


@pytest.mark.parametrize(
    ("typed", "refused"),
    [
        ({"100": "many"}, CountRefused("100", "many", "format")),
        ({"1": "-4"}, CountRefused("1", "-4", "negative")),
        ({"0.5": "12345"}, CountRefused("0.5", "12345", "too_many")),
    ],
)
def test_a_bad_count_is_refused_and_not_used_up(
    open_shop: RealShop, typed: dict[str, str], refused: CountRefused
) -> None:
    assert open_shop.do(count_cash, typed=typed) == refused
    assert open_shop.do(look_at_close).counts_left == 2
    assert "shift_counted" not in trail(open_shop)


# ------------------------------------------------------------------ what stops a close


def test_an_open_basket_is_held_or_voided_first(open_shop: RealShop) -> None:
    open_shop.do(scan_code, text=MILK)
    for service, wanted in (
        (look_at_close, {}), (count_cash, {"typed": FLOAT}), (close_shift, {"left": ZERO}),
    ):  # fmt: skip
        assert open_shop.do(service, **wanted) == BasketOpen()
    open_shop.do(start_payment, kind="mobile")
    assert open_shop.do(look_at_close) == PaymentUnderWay()


def test_only_who_answers_for_it_counts_and_closes(open_shop: RealShop) -> None:
    open_shop.sign_in("张敏")
    for service, wanted in (
        (look_at_close, {}), (count_cash, {"typed": FLOAT}), (close_shift, {"left": ZERO}),
        (back_to_selling, {}),
    ):  # fmt: skip
        assert open_shop.do(service, **wanted) == OpenShiftFirst("of_another")
    open_shop.sign_in("王芳")
    open_shop.do(take_over_shift)
    count(open_shop, FLOAT)
    close(open_shop)
    assert open_shop.do(look_at_close) == OpenShiftFirst("none")


def test_a_small_difference_needs_no_reason_and_may_have_one(open_shop: RealShop) -> None:
    seen = count(open_shop, {"100": "4", "10": "3"})
    assert seen.count is not None
    assert (seen.count.difference, seen.needs_reason) == (Money(-2_000), False)
    assert open_shop.do(close_shift, left=ZERO, reason=Reason("mood")) == ReasonRefused(
        "reason", "unknown_reason"
    )
    done = close(open_shop, reason=Reason("wrong_change"))
    assert done.paper.end is not None
    assert (done.paper.end.reason, done.paper.over_short_minor) == ("wrong_change", -2_000)
    assert "shift_differs" not in trail(open_shop)


def test_a_large_difference_needs_a_reason_and_a_manager(open_shop: RealShop) -> None:
    seen = count(open_shop, {"100": "4", "10": "2", "5": "1", "1": "4", "0.5": "1"})
    assert (seen.needs_reason, seen.needs_approval) == (True, True)
    asked = open_shop.do(close_shift, left=ZERO)
    assert isinstance(asked, DifferenceToExplain)
    assert asked.difference == Money(-2_050)
    why = Reason("other", "收到假币")
    needed = open_shop.do(close_shift, left=ZERO, reason=why)
    assert isinstance(needed, ApprovalNeeded)
    assert (needed.act, needed.asked, needed.limit) == ("count_difference", 2_050, 2_000)
    for name in ("李明", "张敏"):
        badge = open_shop.badges[name]
        answer = open_shop.do(approve_with_badge, request_id=needed.request_id, badge=badge)
        assert isinstance(answer, CannotApprove)
    done = approved(open_shop, needed)
    assert done.paper.end is not None
    assert done.paper.end.note == "收到假币"
    assert z_fact(open_shop).approved_by == (open_shop.staff["王芳"],)
    assert trail(open_shop)[-2:] == ["shift_closed", "shift_differs"]
    (case,) = open_shop.do(lambda shop, work: work.exceptions.open_cases())
    assert (case.kind, dict(case.story)["difference"]) == ("cash_difference", "-2050")


def test_nobody_approves_his_own_drawer(open_shop: RealShop) -> None:
    open_shop.sign_in("王芳")
    open_shop.do(take_over_shift)
    count(open_shop, FLOAT | {"10": "2"})
    needed = open_shop.do(close_shift, left=ZERO, reason=Reason("unknown"))
    assert isinstance(needed, ApprovalNeeded)
    badge = open_shop.badges["王芳"]
    answer = open_shop.do(approve_with_badge, request_id=needed.request_id, badge=badge)
    assert isinstance(answer, SelfApproval)
    assert open_shop.do(look_at_close).count is not None, "still open"


@pytest.mark.parametrize(("left", "why"), [(45_001, "more_than_counted"), (-1, "negative")])
def test_what_stays_is_at_most_what_is_there(open_shop: RealShop, left: int, why: Any) -> None:
    count(open_shop, FLOAT)
    assert open_shop.do(close_shift, left=Money(left)) == AmountRefused(why)


# ------------------------------------------------------------------ the Z


def test_zs_are_numbered_without_a_gap_and_listed(open_shop: RealShop) -> None:
    for number in (1, 2, 3):
        sell(open_shop)
        count(open_shop, FLOAT | {"50": "1", "5": "1", "1": "4"})
        done = close(open_shop, left=45_000)
        assert done.paper.number == number
        assert done.state.shift is None
        assert open_shop.paper.others[-1] == done.paper
        if number < 3:
            begin(open_shop, None)
    listed = open_shop.do(closed_shifts)
    assert [each.number for each in listed] == [3, 2, 1]
    assert isinstance(listed[0], ClosedShift)
    assert (listed[0].sales, listed[0].paid, listed[0].left) == (1, Money(5_900), Money(45_000))
    assert open_shop.do(closed_shifts, before=3, limit=1)[0].number == 2


def test_a_z_keeps_the_day_the_shift_was_opened_on(open_shop: RealShop) -> None:
    open_shop.clock.go_on(milliseconds=7 * 3_600_000)
    count(open_shop, FLOAT)
    done = close(open_shop)
    assert (done.paper.day, done.paper.made_at) == ("2026-11-21", "2026-11-22 01:02")
    assert z_fact(open_shop).day.isoformat() == "2026-11-22"


def test_a_reprint_is_marked_and_otherwise_the_same(open_shop: RealShop) -> None:
    assert open_shop.do(reprint_z) == ZUnknown(None)
    count(open_shop, FLOAT)
    done = close(open_shop)
    open_shop.use_settings(msgspec.structs.replace(SETTINGS, store_name="改名后的店"))
    open_shop.sign_in()
    for copy in (2, 3):
        again = open_shop.do(reprint_z, number=1)
        assert isinstance(again, ZReprinted)
        assert again.copy == copy
        assert msgspec.structs.replace(again.paper, copy=1) == done.paper
        assert open_shop.paper.others[-1] == again.paper
    assert open_shop.do(reprint_z, number=2) == ZUnknown(2)
    assert z_fact(open_shop).paper == done.paper


def test_holds_and_open_payments_are_handed_over(open_shop: RealShop) -> None:
    held = HeldAtHandover("h1", 1, open_shop.staff["李明"], 3, Money(10_160))
    open_shop.shop = replace(open_shop.shop, open_holds=lambda work: (held,))
    open_shop.do(scan_code, text=MILK)
    started = open_shop.do(start_payment, kind="mobile")
    assert isinstance(started, PaymentStarted)
    attempt = started.attempt.attempt_id
    open_shop.do(finish_payment, attempt_id=attempt, result=Unknown())
    open_shop.do(set_payment_aside, attempt_id=attempt)
    assert isinstance(open_shop.do(pay_cash), SaleDone)
    seen = count(open_shop, FLOAT | {"50": "1", "5": "1", "1": "4"})
    assert (seen.holds, seen.open_payments) == ((held,), 1)
    done = close(open_shop)
    assert (done.holds, done.open_payments) == ((held,), 1)
    assert done.paper.end is not None
    assert done.paper.end.holds == 1
    assert "移交挂单" in receipt_text(done.paper, load, columns=32)


def test_the_next_shift_begins_with_what_was_left(open_shop: RealShop) -> None:
    count(open_shop, FLOAT)
    done = close(open_shop, left=30_000)
    assert done.paper.end is not None
    assert done.paper.end.handed_minor == 15_000
    open_shop.sign_in("张敏")
    assert open_shop.do(look_at_drawer).left == Money(30_000)
    assert begin(open_shop, None).cash_float == Money(30_000)


# ------------------------------------------------------------------ X


def test_an_x_needs_the_right_while_counts_are_blind(open_shop: RealShop) -> None:
    assert open_shop.do(make_x_report) == NotAllowed("x_report")
    sighted = msgspec.structs.replace(SETTINGS, shifts_required=True, blind_count=False)
    open_shop.use_settings(sighted)
    open_shop.sign_in()
    assert isinstance(open_shop.do(make_x_report), XReport)


def test_an_x_has_no_number_and_changes_nothing(open_shop: RealShop) -> None:
    sell(open_shop)
    open_shop.sign_in("王芳")
    before = open_shop.do(lambda shop, work: len(work.facts.all_facts()))
    first, second = open_shop.do(make_x_report), open_shop.do(make_x_report)
    assert isinstance(first, XReport)
    assert (first.paper.kind, first.paper.number) == ("x", 0)
    assert first.paper == second.paper
    assert open_shop.do(lambda shop, work: len(work.facts.all_facts())) == before
    assert open_shop.paper.others == [first.paper, second.paper]


def test_there_is_no_x_without_a_shift(shop: RealShop) -> None:
    shop.sign_in("王芳")
    assert shop.do(make_x_report) == OpenShiftFirst("none")

"""Shifts through the real store: open, take over, cash moves, and what no open shift answers."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import msgspec
import pytest

from app.domain.cash_count import CountRefused
from app.domain.facts import SaleRecorded, ShiftOpened, ShiftTakenOver
from app.domain.moment import Moment
from app.domain.money import Money
from app.domain.setting_kind import ValueRefused
from app.domain.shift import ClockDrifts, ReasonRefused
from app.services.answers import Changed, NotAllowed, OpenShiftFirst, SignInFirst
from app.services.cash_move import move_cash
from app.services.checkout import SaleDone
from app.services.drawer import DrawerOpened, open_drawer
from app.services.nightly import run_night
from app.services.opening import refresh_desk
from app.services.payment import PaymentStarted, ask_terminal, finish_payment, pay_cash
from app.services.payment import start_payment as start
from app.services.scan import scan_code
from app.services.settings import SettingNotPossible, change_setting
from app.services.shift import (
    CountFirst,
    DayBeforeLastShift,
    DifferenceToExplain,
    DrawerFree,
    Reason,
    ShiftBegan,
    ShiftIsOpen,
    ShiftNameTooLong,
    ShiftWasTakenOver,
    look_at_drawer,
    open_shift,
    take_over_shift,
)
from app.services.shift_close import back_to_selling
from app.services.shift_report import report_of_shift
from app.services.shop import ClockBehind
from app.services.staff import lock_till
from app.store.waiting_lane import WaitingLane
from tests.real_shop import MILK, SETTINGS, ClockAt, RealShop
from tests.services.conftest import restarted, trail
from tests.services.shifts import (
    FLOAT,
    begin,
    close,
    count,
    facts,
    with_shifts,
)

CHANGE = Reason("change")


# ------------------------------------------------------------------ no money without a shift


def test_nothing_moves_without_a_shift_where_shifts_are_required(shop: RealShop) -> None:
    with_shifts(shop)
    shop.do(scan_code, text=MILK)
    assert shop.do(pay_cash) == OpenShiftFirst("none")
    assert shop.do(start, kind="mobile") == OpenShiftFirst("none")
    shop.sign_in("王芳")
    assert shop.do(open_drawer, reason="check") == OpenShiftFirst("none")
    move = {"move": "in", "amount": Money(100), "reason": CHANGE}
    assert shop.do(move_cash, **move) == OpenShiftFirst("none")
    assert not [fact for fact in facts(shop) if isinstance(fact, SaleRecorded)]
    begin(shop)
    assert isinstance(shop.do(pay_cash), SaleDone)
    assert isinstance(shop.do(open_drawer, reason="check"), DrawerOpened)


def test_a_shop_without_shifts_sells_as_before(shop: RealShop) -> None:
    shop.do(scan_code, text=MILK)
    assert isinstance(shop.do(pay_cash), SaleDone)
    (sale,) = [fact for fact in facts(shop) if isinstance(fact, SaleRecorded)]
    assert sale.shift is None
    shop.sign_in("王芳")
    move = {"move": "in", "amount": Money(100), "reason": CHANGE}
    assert shop.do(move_cash, **move) == OpenShiftFirst("none"), "there is no drawer to move it in"
    assert shop.do(look_at_drawer).denominations[0] == "100"


@pytest.mark.parametrize("is_required", [True, False])
def test_sales_belong_to_the_open_shift(shop: RealShop, is_required: bool) -> None:
    if is_required:
        with_shifts(shop)
    shift = begin(shop)
    shop.do(scan_code, text=MILK)
    done = shop.do(pay_cash)
    assert done.state.shift is not None
    assert done.state.shift.is_mine
    (sale,) = [fact for fact in facts(shop) if isinstance(fact, SaleRecorded)]
    assert sale.shift == shift.shift_id
    row = shop.do(lambda shop, work: work.sales.get(sale.op_id))
    assert row.shift_id == shift.shift_id
    report = shop.do(lambda shop, work: report_of_shift(work=work, shift_id=shift.shift_id))
    assert report.cash.expected_minor == 45_000 + 5_900


def test_a_colleague_sells_in_a_shared_shift_and_not_in_ones_own(shop: RealShop) -> None:
    with_shifts(shop)
    begin(shop)
    shop.sign_in("张敏")
    shop.do(scan_code, text=MILK)
    assert isinstance(shop.do(pay_cash), SaleDone)
    shop.use_settings(msgspec.structs.replace(SETTINGS, shifts_required=True, shift_shared=False))
    shop.sign_in("张敏")
    shop.do(scan_code, text=MILK)
    assert shop.do(pay_cash) == OpenShiftFirst("of_another")
    assert shop.do(look_at_drawer).may_sell is False
    shop.sign_in("李明")
    assert isinstance(shop.do(pay_cash), SaleDone)


def test_money_taken_by_a_terminal_is_recorded_whatever_the_drawer_does(shop: RealShop) -> None:
    """What a terminal has taken becomes a sale: no rule about drawers may lose it."""
    with_shifts(shop)
    begin(shop)
    shop.do(scan_code, text=MILK)
    started = shop.do(start, kind="mobile")
    assert isinstance(started, PaymentStarted)
    result = ask_terminal(shop=shop.shop, attempt=started.attempt, payer_code="134567890123456700")
    restarted(shop)
    done = shop.do(finish_payment, attempt_id=started.attempt.attempt_id, result=result)
    assert isinstance(done, SaleDone)
    (sale,) = [fact for fact in facts(shop) if isinstance(fact, SaleRecorded)]
    assert sale.shift is not None


# ------------------------------------------------------------------ opening


def test_the_first_float_is_counted(shop: RealShop) -> None:
    free = shop.do(look_at_drawer)
    assert isinstance(free, DrawerFree)
    assert (free.left, free.warnings) == (None, ())
    assert free.denominations == ("100", "50", "20", "10", "5", "1", "0.5", "0.1")
    assert shop.do(open_shift) == CountFirst()
    shift = begin(shop, name=" 早班 ")
    assert (shift.cash_float, shift.name) == (Money(45_000), "早班")
    assert shift.business_day == date(2026, 11, 21)
    (fact,) = [fact for fact in facts(shop) if isinstance(fact, ShiftOpened)]
    assert (fact.op_id, fact.left_minor, fact.float_minor) == (shift.shift_id, None, 45_000)
    assert sum(worth * count for worth, count in fact.pieces) == 45_000
    assert "shift_opened" in trail(shop)


def test_as_the_last_close_left_it(shop: RealShop) -> None:
    begin(shop)
    count(shop, FLOAT)
    close(shop, left=40_000)
    assert shop.do(look_at_drawer).left == Money(40_000)
    shop.sign_in("张敏")
    shift = begin(shop, None)
    assert shift.cash_float == Money(40_000)
    fact = [fact for fact in facts(shop) if isinstance(fact, ShiftOpened)][-1]
    assert (fact.left_minor, fact.pieces, fact.reason) == (40_000, (), "")


def test_a_float_that_differs_asks_why(shop: RealShop) -> None:
    begin(shop)
    count(shop, FLOAT)
    close(shop, left=45_000)
    less = FLOAT | {"10": "4", "1": "7"}
    answer = shop.do(open_shift, typed=less)
    assert isinstance(answer, DifferenceToExplain)
    assert (answer.difference, answer.counted) == (Money(-300), Money(44_700))
    assert "miscount" in answer.reasons
    assert shop.do(open_shift, typed=less, reason=Reason("stolen")) == ReasonRefused(
        "reason", "unknown_reason"
    )
    assert shop.do(open_shift, typed=less, reason=Reason("other", " ")) == ReasonRefused(
        "note", "note_missing"
    )
    shift = begin(shop, less, reason=Reason("other", "夜里换了硬币"))
    assert shift.cash_float == Money(44_700)
    fact = [fact for fact in facts(shop) if isinstance(fact, ShiftOpened)][-1]
    assert (fact.left_minor, fact.reason, fact.note) == (45_000, "other", "夜里换了硬币")


def test_a_float_as_left_needs_no_reason_and_keeps_none(shop: RealShop) -> None:
    begin(shop)
    count(shop, FLOAT)
    close(shop, left=45_000)
    begin(shop, FLOAT, reason=Reason("miscount"))
    assert [fact for fact in facts(shop) if isinstance(fact, ShiftOpened)][-1].reason == ""


@pytest.mark.parametrize(
    ("wanted", "refused"),
    [
        pytest.param({"typed": {"100": "两"}}, CountRefused("100", "两", "format"), id="letters"),
        pytest.param({"typed": {"5": "-1"}}, CountRefused("5", "-1", "negative"), id="negative"),
        pytest.param({"typed": {"1": "10000"}}, CountRefused("1", "10000", "too_many"), id="many"),
        pytest.param({"typed": FLOAT, "name": "班" * 21}, ShiftNameTooLong(20), id="name"),
    ],
)
def test_bad_input_opens_nothing(shop: RealShop, wanted: dict[str, Any], refused: object) -> None:
    assert shop.do(open_shift, **wanted) == refused
    assert isinstance(shop.do(look_at_drawer), DrawerFree)


def test_nobody_signed_in_opens_nothing(shop: RealShop) -> None:
    shop.do(lock_till)
    for service in (look_at_drawer, open_shift, take_over_shift, back_to_selling):
        assert shop.do(service) == SignInFirst()


def test_another_open_shift_is_gone_on_with_taken_over_or_refused(shop: RealShop) -> None:
    mine = begin(shop)
    again = shop.do(open_shift, typed=FLOAT)
    assert again == ShiftIsOpen(mine, True, True, False, False)
    shop.sign_in("张敏")
    answer = shop.do(open_shift, typed=FLOAT)
    assert answer == ShiftIsOpen(mine, False, True, False, False)
    assert shop.do(take_over_shift) == NotAllowed("take_over_shift")
    shop.sign_in("王芳")
    assert shop.do(look_at_drawer).may_take_over
    taken = shop.do(take_over_shift)
    assert isinstance(taken, ShiftWasTakenOver)
    assert taken.before == shop.staff["李明"]
    assert taken.state.shift is not None
    assert taken.state.shift.is_mine
    assert isinstance(shop.do(take_over_shift), Changed), "one's own stays as it is"
    (fact,) = [fact for fact in facts(shop) if isinstance(fact, ShiftTakenOver)]
    assert (fact.shift, fact.before) == (mine.shift_id, shop.staff["李明"])
    assert trail(shop).count("shift_taken_over") == 1


def test_there_is_nothing_to_take_over(shop: RealShop) -> None:
    shop.sign_in("王芳")
    assert shop.do(take_over_shift) == OpenShiftFirst("none")


def test_an_open_shift_is_there_after_a_kill(shop: RealShop) -> None:
    shift = begin(shop)
    restarted(shop)
    shop.sign_in()
    assert shop.shop.desk.state.shift == shift
    answer = shop.do(look_at_drawer)
    assert answer == ShiftIsOpen(shift, True, True, False, False)
    assert shop.do(refresh_desk).shift is not None


# ------------------------------------------------------------------ clocks


def test_a_shift_left_open_over_midnight_keeps_its_day(shop: RealShop) -> None:
    shift = begin(shop)
    shop.clock.go_on(milliseconds=7 * 3_600_000)
    shop.do(scan_code, text=MILK)
    done = shop.do(pay_cash)
    assert done.state.shift.is_over_midnight
    assert done.state.shift.business_day == date(2026, 11, 21)
    assert shop.do(look_at_drawer).over_midnight
    (sale,) = [fact for fact in facts(shop) if isinstance(fact, SaleRecorded)]
    assert (sale.shift, sale.day) == (shift.shift_id, date(2026, 11, 22))


class DriftingClock(ClockAt):
    """A clock the server has found eleven minutes slow."""

    def now(self) -> Moment:
        return replace(super().now(), offset_ms=660_000)


def test_a_clock_far_from_the_server_warns_and_goes_on(shop: RealShop) -> None:
    shop.shop = replace(shop.shop, clock=DriftingClock())
    answer = shop.do(open_shift, typed=FLOAT)
    assert isinstance(answer, ShiftBegan)
    assert answer.warnings == (ClockDrifts(660_000),)
    assert "clock_drift" in trail(shop)


def test_a_clock_behind_the_last_fact_warns(shop: RealShop) -> None:
    shop.clock.go_on(milliseconds=26 * 3_600_000)
    begin(shop)
    count(shop, FLOAT)
    close(shop, left=45_000)
    shop.clock.set_wrong(milliseconds=-2 * 3_600_000)
    (warning,) = shop.do(look_at_drawer).warnings
    assert isinstance(warning, ClockBehind)


def test_a_day_before_that_of_the_last_shift_warns(shop: RealShop) -> None:
    begin(shop)
    count(shop, FLOAT)
    close(shop, left=45_000)
    # A till that came back from its backup: another boot, and the facts after it are gone.
    shop.shop = replace(shop.shop, clock=ClockAt(datetime(2026, 11, 20, 2, 0, tzinfo=UTC)))
    shop.shop.desk.adopt(replace(shop.shop.desk.state, last_moment=Moment(1, 1, "boot-0")))
    (warning,) = shop.do(look_at_drawer).warnings
    assert warning == DayBeforeLastShift(date(2026, 11, 20), date(2026, 11, 21))


# ------------------------------------------------------------------ settings


def test_a_shop_counts_what_it_has_configured(shop: RealShop) -> None:
    own = ("100", "50", "20", "10", "5", "2", "1")
    shop.use_settings(msgspec.structs.replace(SETTINGS, denominations=own))
    shop.sign_in()
    assert shop.do(look_at_drawer).denominations == own
    assert shop.do(open_shift, typed={"0.5": "1"}) == CountRefused("0.5", "1", "unknown")
    assert begin(shop, {"2": "7"}).cash_float == Money(1_400)


def test_denominations_that_cannot_be_are_refused(shop: RealShop) -> None:
    shop.sign_in("王芳")
    before = shop.shop.desk.state.settings.denominations
    wrong = shop.do(change_setting, identifier="denominations", typed="1, 5")
    why = ValueRefused("worths_order", part="5")
    assert wrong == SettingNotPossible("denominations", why)
    assert shop.shop.desk.state.settings.denominations == before
    right = shop.do(change_setting, identifier="denominations", typed="5, 1")
    assert right.state.settings.denominations == ("5", "1")


def test_a_list_that_does_not_fit_the_currency_gives_way_to_it(shop: RealShop) -> None:
    thirds = ("100", "0.333")
    shop.use_settings(msgspec.structs.replace(SETTINGS, denominations=thirds))
    shop.sign_in()
    assert shop.do(look_at_drawer).denominations[-1] == "0.1"


def test_a_shift_left_open_is_noted_once_at_night(shop: RealShop) -> None:
    shift = begin(shop)
    lane = WaitingLane(shop.store.lane)
    run_night(shop=shop.shop, lane=lane)
    assert "shift_left_open" not in trail(shop), "it is of today"
    shop.clock.go_on(milliseconds=7 * 3_600_000)
    run_night(shop=shop.shop, lane=lane)
    run_night(shop=shop.shop, lane=lane)
    assert trail(shop).count("shift_left_open") == 1
    (case,) = shop.do(lambda shop, work: work.exceptions.open_cases())
    assert (case.kind, case.subject) == ("shift_left_open", shift.shift_id)
    assert dict(case.story)["owner"] == shop.staff["李明"]

"""Counting, closing, X and Z through the real store, and a day that reconciles to the fen."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from typing import Any

import msgspec
import pytest

from app.devices.receipt_text import receipt_text
from app.domain.cash_count import CountRefused
from app.domain.facts import SaleRecorded, ShiftClosed, read_fact
from app.domain.money import ZERO, Money, parse_amount
from app.domain.payment import Unknown
from app.domain.receipt import Receipt
from app.domain.shift import AmountRefused, ClosedShift, HeldAtHandover, ReasonRefused, Shift
from app.domain.shift_paper import ShiftPaper
from app.services.answers import Changed, NotAllowed, OpenShiftFirst, PaymentUnderWay
from app.services.approval import (
    ApprovalNeeded,
    Approved,
    CannotApprove,
    SelfApproval,
    approve_with_badge,
)
from app.services.cash_move import move_cash
from app.services.checkout import SaleDone
from app.services.drawer import open_drawer
from app.services.payment import (
    PaymentStarted,
    ask_terminal,
    confirm_by_hand,
    finish_payment,
    pay_cash,
    set_payment_aside,
    start_payment,
)
from app.services.redeem import redeem_points
from app.services.scan import scan_code
from app.services.shift import (
    CountFirst,
    DifferenceToExplain,
    Reason,
    ShiftBegan,
    look_at_drawer,
    open_shift,
    take_over_shift,
)
from app.services.shift_close import (
    BasketOpen,
    CloseInSight,
    NoCountsLeft,
    ShiftWasClosed,
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
from tests.real_shop import APPLE_LABEL, MILK, OIL, SETTINGS, TOWEL, RealShop
from tests.services.conftest import restarted, trail

FLOAT = {"100": "4", "10": "5"}
"""450.00."""


@pytest.fixture
def open_shop(shop: RealShop) -> RealShop:
    """李明 has opened a shift with 450.00, in a shop that works with shifts."""
    shop.use_settings(msgspec.structs.replace(SETTINGS, shifts_required=True))
    shop.sign_in()
    begin(shop)
    return shop


def begin(shop: RealShop, typed: dict[str, str] | None = FLOAT) -> Shift:
    answer = shop.do(open_shift, typed=typed)
    assert isinstance(answer, ShiftBegan), answer
    return answer.shift


def sell(shop: RealShop, *codes: str) -> SaleDone:
    for code in codes or (MILK,):
        shop.do(scan_code, text=code)
    done = shop.do(pay_cash)
    assert isinstance(done, SaleDone), done
    return done


def count(shop: RealShop, typed: dict[str, str]) -> CloseInSight:
    answer = shop.do(count_cash, typed=typed)
    assert isinstance(answer, CloseInSight), answer
    return answer


def close(shop: RealShop, left: int = 0, **wanted: Any) -> ShiftWasClosed:
    answer = shop.do(close_shift, left=Money(left), **wanted)
    assert isinstance(answer, ShiftWasClosed), answer
    return answer


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


def approved(shop: RealShop, needed: Any) -> ShiftWasClosed:
    """王芳 says yes with her badge, and the close completes by itself."""
    assert isinstance(needed, ApprovalNeeded), needed
    badge = shop.badges["王芳"]
    yes = shop.do(approve_with_badge, request_id=needed.request_id, badge=badge)
    assert isinstance(yes, Approved), yes
    assert isinstance(yes.answer, ShiftWasClosed), yes.answer
    return yes.answer


@pytest.mark.parametrize(("left", "why"), [(45_001, "more_than_counted"), (-1, "negative")])
def test_what_stays_is_at_most_what_is_there(open_shop: RealShop, left: int, why: Any) -> None:
    count(open_shop, FLOAT)
    assert open_shop.do(close_shift, left=Money(left)) == AmountRefused(why)


# ------------------------------------------------------------------ the Z


def z_fact(shop: RealShop) -> ShiftClosed:
    stored = shop.do(lambda shop, work: work.facts.all_facts())
    closed = [read_fact(each.data) for each in stored if each.kind == "shift_closed.1"]
    assert isinstance(closed[-1], ShiftClosed)
    return closed[-1]


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


# ------------------------------------------------------------------ one figure everywhere


def by_mobile(shop: RealShop) -> None:
    started = shop.do(start_payment, kind="mobile")
    assert isinstance(started, PaymentStarted), started
    result = ask_terminal(shop=shop.shop, attempt=started.attempt, payer_code="134567890123456700")
    done = shop.do(finish_payment, attempt_id=started.attempt.attempt_id, result=result)
    assert isinstance(done, SaleDone), done


def by_card(shop: RealShop) -> None:
    started = shop.do(start_payment, kind="card")
    result = ask_terminal(shop=shop.shop, attempt=started.attempt)
    shop.do(finish_payment, attempt_id=started.attempt.attempt_id, result=result)
    done = shop.do(confirm_by_hand, attempt_id=started.attempt.attempt_id, taken=True)
    assert isinstance(done, SaleDone), done


BASKETS = ((MILK,), (TOWEL, TOWEL, APPLE_LABEL), (OIL, MILK, OIL), (APPLE_LABEL,))


def a_day(shop: RealShop) -> None:
    """Twelve sales: members and walk-ins, three tenders, points, coupons, weights; cash moved."""
    for number in range(12):
        if number % 3 == 0:
            shop.do(scan_code, text=shop.cards["张三丰" if number % 2 else "王小红"])
        for code in BASKETS[number % len(BASKETS)]:
            shop.do(scan_code, text=code)
        if number in (3, 6):
            shop.do(redeem_points, points=300)
        if number % 4 == 1:
            by_mobile(shop)
        elif number % 4 == 2:
            by_card(shop)
        else:
            done = shop.do(pay_cash, received=Money(50_000), confirmed=True)
            assert isinstance(done, SaleDone), done
    shop.do(move_cash, move="drop", amount=Money(20_000), reason=Reason("safe"))
    shop.sign_in("王芳")
    shop.do(move_cash, move="in", amount=Money(5_000), reason=Reason("change"))
    shop.do(move_cash, move="out", amount=Money(1_250), reason=Reason("expense"))
    shop.do(open_drawer, reason="change_money")
    shop.sign_in()


def rows(shop: RealShop, shift_id: str) -> dict[str, Any]:
    """What the store's own tables say of a shift, by plain SQL."""
    sums = (
        "SELECT count(*), sum(list_total_minor), sum(total_minor), sum(round_off_minor),"
        " sum(due_minor), sum(points_earned), sum(points_redeemed), sum(tax_minor),"
        " count(member_id), sum(line_count) FROM sale WHERE shift_id = ?"
    )
    tenders = (
        "SELECT kind, sum(amount_minor), count(*) FROM sale_tender JOIN sale USING (sale_id)"
        " WHERE shift_id = ? GROUP BY kind"
    )
    changes = (
        "SELECT kind, sum(amount_minor), count(*) FROM sale_adjustment JOIN sale USING (sale_id)"
        " WHERE shift_id = ? GROUP BY kind"
    )

    def ask(shop: Any, work: Any) -> dict[str, Any]:
        run = work.connection.exec_driver_sql
        return {
            "sums": tuple(run(sums, (shift_id,)).one()),
            "tenders": {row[0]: (row[1], row[2]) for row in run(tenders, (shift_id,))},
            "changes": {row[0]: (row[1], row[2]) for row in run(changes, (shift_id,))},
        }

    found: dict[str, Any] = shop.do(ask)
    return found


def figure(text: str, label: str) -> int:
    """An amount of a printed line, in minor units."""
    (found,) = re.findall(rf"^ *{label} +([+-]?[\d.]+)$", text, re.MULTILINE)
    amount = parse_amount(found.removeprefix("+"))
    assert isinstance(amount, Money)
    return amount.minor


def test_z_rows_facts_and_receipts_say_the_same(open_shop: RealShop) -> None:
    shift = open_shop.shop.desk.state.shift
    assert shift is not None
    a_day(open_shop)
    open_shop.sign_in("王芳")
    x = open_shop.do(make_x_report).paper
    open_shop.sign_in()
    expected = x.report.cash.expected_minor
    notes, cents = divmod(expected, 10_000)
    tens, rest = divmod(cents, 10)
    assert rest == 0, "cash is rounded to ten fen"
    count(open_shop, {"100": str(notes), "0.1": str(tens)})
    z = close(open_shop, left=45_000).paper
    assert isinstance(z, ShiftPaper)
    assert z.report == x.report, "an X is the Z that would be made now"
    report, kept = z.report, rows(open_shop, shift.shift_id)

    # The store's rows.
    sales = report.sales
    assert kept["sums"] == (
        sales.count, sales.list_total_minor, sales.total_minor, sales.round_off_minor,
        sales.paid_minor, sales.points_earned, sales.points_spent,
        sum(each.tax_minor for each in sales.tax), sales.of_members, sales.lines,
    )  # fmt: skip
    assert sales.count == 12
    assert sales.points_spent == 600
    assert kept["tenders"] == {e.tender: (e.amount_minor, e.count) for e in sales.tenders}
    assert set(kept["tenders"]) == {"cash", "mobile", "card"}
    changes = {e.what: (e.amount_minor, e.count) for e in sales.discounts}
    points = {"points": (-sales.points_off_minor, 2)}
    assert kept["changes"] == changes | points

    # The papers the customers hold.
    papers = receipts_of(open_shop)
    assert len(papers) == 12
    texts = [receipt_text(each, load, columns=48) for each in papers]
    assert sum(figure(text, "应收") for text in texts) == sales.paid_minor
    tax: Counter[str] = Counter()
    for each in papers:
        for row in each.taxes:
            tax[row.rate] += row.tax_minor
    assert {row.rate: row.tax_minor for row in sales.tax} == dict(tax)

    # The Z as it was printed.
    printed = receipt_text(z, load, columns=48)
    assert figure(printed, "实收") == sales.paid_minor
    assert figure(printed, "标价合计") == sum(each.list_total_minor for each in papers)
    assert figure(printed, "钱箱应有") == expected == figure(printed, "实点")
    assert figure(printed, "无销售开箱") == 100  # one, as a figure without cents
    cash = sum(
        tender.amount_minor - each.change_minor
        for each in papers for tender in each.tenders if tender.kind == "cash"
    )  # fmt: skip
    assert expected == 45_000 + cash - 20_000 + 5_000 - 1_250


def receipts_of(shop: RealShop) -> list[Receipt]:
    stored = shop.do(lambda shop, work: work.facts.all_facts())
    facts = [read_fact(each.data) for each in stored]
    return [fact.receipt for fact in facts if isinstance(fact, SaleRecorded)]

"""What each kind of fact adds to the sums of its day and to its member's visits."""

from __future__ import annotations

from datetime import date
from typing import Any

from msgspec.structs import replace

from app.domain import effects as do
from app.domain import facts as ft
from app.domain.figure_count import (
    Counted,
    FigureBatch,
    Place,
    Visit,
    counted,
    paid_out,
    received,
    till_number,
)
from app.domain.pieces import Interval
from tests.domain.heart_builders import (
    MEMBER,
    STORE,
    a_line,
    a_refund,
    a_return,
    a_sale,
    moment,
    op,
)
from tests.domain.sale_samples import a_full_sale

DAY = date(2026, 11, 21)
HERE = Place(STORE, 2)


def test_a_sale_adds_its_money_once_and_to_its_member() -> None:
    sale = a_full_sale()
    paid = sale.tenders[0].amount_minor
    found = counted(sale)
    assert found.day == DAY
    assert found.visit == Visit(MEMBER, sales=1, paid_minor=paid)
    assert dict(found.sums) == {
        "sales": 1, "member_sales": 1, "paid": paid, "member_paid": paid, received("cash"): paid,
        "listed": sale.list_total_minor, "total": sale.total_minor, "round_off": 3,
        "points_earned": sale.points_earned, "points_spent": 200,
        "coupons_used": 1, "coupons_off": 500,
    }  # fmt: skip


def test_a_walk_in_has_no_visit() -> None:
    found = counted(a_sale(1, DAY, member=None))
    assert found.visit is None
    assert "member_sales" not in found.sums


def test_a_refund_adds_what_went_out() -> None:
    sale = a_sale(1, DAY, lines=(a_line("1", quantity_thousandths=2000),))
    worth = a_refund(2, sale, [Interval("1", 0, 2)], DAY)
    back = worth.tenders[0].amount_minor
    found = counted(worth)
    assert found.visit == Visit(MEMBER, back_minor=back, returned=1)
    assert found.sums["back"] == found.sums["worth"] == found.sums[paid_out("cash")] == back
    assert found.sums["member_refunds"] == 1
    nobody = counted(replace(worth, member=None))
    assert nobody.visit is None
    assert "member_back" not in nobody.sums


def test_a_return_without_receipt_is_nobodys() -> None:
    back = a_return(3, a_sale(1, DAY), [("towel", 1000)], DAY)
    found = counted(back)
    assert found.visit is None
    assert (found.sums["refunds"], found.sums["back"]) == (1, 1990)


def test_joining_and_coupons_are_counted_and_a_calendar_fact_is_no_contact() -> None:
    given = do.CouponGiven(coupon="C1", offer="welcome")
    head: dict[str, Any] = {"store": STORE, "day": DAY, "clock": moment()}
    joined = ft.MemberJoined(
        op_id=op(4), **head, staff="li", member=MEMBER, effects=(do.Joined(), given), card="M1"
    )
    assert counted(joined) == Counted(
        DAY, {"joined": 1, "coupons_given": 1}, Visit(MEMBER, joined=1)
    )
    birthday = ft.CouponIssued(op_id=op(5), **head, member=MEMBER, effects=(given,), why="birthday")
    assert counted(birthday) == Counted(DAY, {"coupons_given": 1}, None)
    back = do.CouponBack(coupon="C1", sale=op(1))
    returned = ft.CouponReturned(op_id=op(6), **head, member=MEMBER, effects=(back,), sale=op(1))
    assert counted(returned).sums == {"coupons_returned": 1}
    here = ft.CheckedIn(
        op_id=op(7), **head, staff="li", member=MEMBER, effects=(do.CheckIn(),), streak=1,
        program=ft.ProgramRef("renmin", "2026.1"),
    )  # fmt: skip
    assert counted(here).visit == Visit(MEMBER)


def test_a_batch_adds_up_in_any_order() -> None:
    sale = a_sale(1, DAY)
    facts: list[Any] = [sale, a_sale(2, DAY), a_sale(3, DAY, member=None),
             a_refund(4, sale, [Interval("1", 0, 1)], DAY)]  # fmt: skip
    one, other = FigureBatch(), FigureBatch()
    for fact in facts:
        one.count(HERE, fact)
    for fact in reversed(facts):
        other.count(HERE, fact)
    assert one == other
    assert one.visits[DAY, MEMBER, HERE].sales == 2
    assert one.facts == {HERE: 4}
    assert one.newest_ms == {HERE: sale.clock.wall_ms}


def test_a_receipt_code_names_its_till() -> None:
    assert till_number(a_sale(1, DAY).code) == 2
    assert till_number("") is None
    assert till_number("M0000000000000") is None

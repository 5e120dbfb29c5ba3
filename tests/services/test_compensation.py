"""Compensation: through the facts everything else uses, within the role's limit and the budget."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from app.domain.complaint_fact import Compensated
from app.domain.money import Money
from app.domain.rights import Limit
from app.domain.tier_change import TierWish
from app.services.answers import SignInFirst
from app.services.approval import ActForbidden, ApprovalNeeded
from app.services.compensation import (
    Compensation,
    Gift,
    GiftRefused,
    compensate,
    name_compensation,
    offers_for_complaints,
    worth_of,
)
from app.services.complaint import NoSuchComplaint
from app.services.given_elsewhere import given_elsewhere
from app.services.receipt import show_receipt
from app.services.staff import sign_out
from app.services.tier_answers import TierGiven
from app.services.tier_change import change_tier
from tests.real_shop import MILK, TOWEL, RealShop
from tests.services.complaints import approved, seen, taken, with_coupons
from tests.services.refunds import refunded, sold
from tests.services.test_approval import changed, use_rights


def balance(shop: RealShop, name: str) -> int:
    from app.services.scan import scan_code

    return int(shop.do(scan_code, text=shop.cards[name]).state.member.points)


def test_points_are_an_ordinary_fact_and_the_case_names_it(shop: RealShop) -> None:
    shop.sign_in("王芳")
    before = balance(shop, "王小红")
    case = taken(shop)
    given = shop.do(compensate, case_id=case, gift=Gift(points=200), text="抱歉")
    assert given == Compensation(case, "points", Money(200))
    assert balance(shop, "王小红") == before + 200
    view = seen(shop, case)
    assert view.story[-1].text == "抱歉"
    assert (view.room.given, view.room.spent, view.room.budget) == (
        Money(200), Money(200), Money(50_000),
    )  # fmt: skip
    assert view.room.alone == Money(4_800)


def test_a_coupon_for_complaints_is_the_member_s_at_once(shop: RealShop) -> None:
    shop = with_coupons(shop)
    shop.sign_in("王芳")
    case = taken(shop)
    given = shop.do(compensate, case_id=case, gift=Gift(offer="sorry-10"))
    assert (given.form, given.amount) == ("coupon", Money(1_000))
    owner = shop.store.lane.run(lambda work: work.coupons.owner(given.coupon_id))
    assert owner == shop.members["王小红"]
    assert [each.id for each in offers_for_complaints(shop=shop.shop)] == [
        "sorry-10", "sorry-percent", "sorry-open",
    ]  # fmt: skip
    assert worth_of(shop=shop.shop, gift=Gift(offer="sorry-percent")) == Money(2_000)
    assert worth_of(shop=shop.shop, gift=Gift(offer="sorry-open")) == Money(0)


@pytest.mark.parametrize(
    ("gift", "why"),
    [
        (Gift(), "nothing"),
        (Gift(points=-5), "nothing"),
        (Gift(points=100_001), "too_many"),
        (Gift(offer="coupon-100-8"), "no_such_offer"),
    ],
)
def test_what_cannot_be_given(shop: RealShop, gift: Gift, why: str) -> None:
    case = taken(shop)
    assert shop.do(compensate, case_id=case, gift=gift) == GiftRefused(why)  # type: ignore[arg-type]  # a literal, told by the table
    assert seen(shop, case).room.given == Money(0)


def test_nobody_gives_points_to_somebody_without_a_card(shop: RealShop) -> None:
    case = taken(shop, None, contact="wx: li2")
    assert shop.do(compensate, case_id=case, gift=Gift(points=100)) == GiftRefused("no_member")
    assert shop.do(compensate, case_id="none", gift=Gift(points=1)) == NoSuchComplaint("none")


def test_a_cashier_needs_a_yes_and_a_manager_has_his_limit(shop: RealShop) -> None:
    case = taken(shop)
    assert seen(shop, case).room.alone == Money(0)
    needed = shop.do(compensate, case_id=case, gift=Gift(points=200))
    assert isinstance(needed, ApprovalNeeded)
    assert (needed.act, needed.asked, needed.limit) == ("complaint_compensation", 200, 0)
    given = approved(shop, needed)
    assert given.approved_by == shop.staff["王芳"]
    shop.sign_in("王芳")
    # What one case costs counts together: the limit is not passed in parts.
    needed = shop.do(compensate, case_id=case, gift=Gift(points=4_900))
    assert isinstance(needed, ApprovalNeeded)
    assert (needed.asked, needed.limit) == (5_100, 5_000)


def test_beyond_the_month_s_budget_somebody_above_says_yes(shop: RealShop) -> None:
    shop.sign_in("王芳")
    for name in ("王小红", "陈静", "张三丰"):
        for _ in range(4):
            case = taken(shop, name)
            given = shop.do(compensate, case_id=case, gift=Gift(points=4_000))
            assert isinstance(given, Compensation)
    case = taken(shop)
    assert seen(shop, case).room.alone == Money(2_000)
    needed = shop.do(compensate, case_id=case, gift=Gift(points=4_000))
    assert isinstance(needed, ApprovalNeeded)
    assert (needed.act, needed.asked) == ("complaint_budget", 4_000)


def test_who_may_not_compensate_at_all_hears_so(shop: RealShop) -> None:
    case = taken(shop)
    person = shop.store.lane.run(lambda work: work.staff.get(shop.staff["李明"]))
    assert person is not None
    auditor = replace(person, role=replace(person.role, role_id="auditor"))
    state = shop.shop.desk.state
    shop.shop.desk.adopt(replace(state, staff=auditor))
    refused = shop.do(compensate, case_id=case, gift=Gift(points=100))
    assert refused == ActForbidden("complaint_compensation")


def test_only_a_refund_or_tier_of_this_case_is_named(shop: RealShop) -> None:
    case = taken(shop)
    other = taken(shop)
    refused = shop.do(name_compensation, case_id=case, by=other)
    assert refused == GiftRefused("not_of_this_case")
    assert shop.do(name_compensation, case_id="none", by=other) == NoSuchComplaint("none")


def test_nobody_names_what_was_given_for_a_case_he_may_not_read(shop: RealShop) -> None:
    case, other = taken(shop), taken(shop)
    use_rights(shop, changed("cashier", "complaint_handle", Limit(verdict="not_allowed")))
    answer = shop.do(name_compensation, case_id=case, by=other)
    assert answer == ActForbidden("complaint_handle")
    shop.do(sign_out)
    assert isinstance(shop.do(name_compensation, case_id=case, by=other), SignInFirst)


def test_a_refund_of_the_receipt_is_found_and_named_once(shop: RealShop) -> None:
    sale = sold(shop, MILK, TOWEL, member="王小红")
    code = shop.do(show_receipt, sale_id=sale).receipt.code
    case = taken(shop, None, receipt=code)
    assert shop.do(given_elsewhere, case_id=case) == ()
    back = refunded(shop, sale, (1, 1))
    (found,) = shop.do(given_elsewhere, case_id=case)
    assert (found.form, found.by) == ("refund", back.refund_id)
    given = shop.do(name_compensation, case_id=case, by=found.by, text="退毛巾")
    assert given == Compensation(case, "refund", Money(found.amount_minor))
    assert found.amount_minor > 0
    assert shop.do(given_elsewhere, case_id=case) == ()
    twice = shop.do(name_compensation, case_id=case, by=found.by)
    assert twice == GiftRefused("twice")
    shop.sign_in("王芳")
    granted = shop.do(
        change_tier, member_id=shop.members["王小红"], in_place=False,
        wish=TierWish("gold", date(2026, 11, 21), date(2027, 5, 31), "goodwill", "", (code,)),
    )  # fmt: skip
    assert isinstance(granted, TierGiven), granted
    (found,) = shop.do(given_elsewhere, case_id=case)
    assert (found.form, found.offer) == ("tier", "gold")
    shop.do(name_compensation, case_id=case, by=found.by)
    steps = [each.step for each in seen(shop, case).story[-2:]]
    assert [each.form for each in steps if isinstance(each, Compensated)] == ["refund", "tier"]
    assert shop.do(given_elsewhere, case_id="none") == NoSuchComplaint("none")
    shop.do(sign_out)
    assert isinstance(shop.do(given_elsewhere, case_id=case), SignInFirst)

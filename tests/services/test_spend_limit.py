"""Spending beyond the limit of an identification: only with a yes, once, and kept in the fact."""

from __future__ import annotations

from typing import Any

import pytest

from app.domain.facts import FactBeyond, SaleByHandRecorded, read_fact
from app.domain.money import Money
from app.services.answers import Changed, NoMember, SignInFirst
from app.services.approval import ApprovalNeeded, Approved, approve_with_badge
from app.services.checkout import SaleDone
from app.services.coupon import CouponTaken
from app.services.find_member import MemberPutOn, put_on
from app.services.payment import pay_cash
from app.services.redeem import PointsRefused, redeem_points, take_points_price
from app.services.scan import scan_code
from app.services.spend_limit import BeyondGiven, redeem_beyond, use_coupon_beyond
from app.services.staff import lock_till
from tests.real_shop import GOLD_PHONE, OIL, TOWEL, RealShop
from tests.services.conftest import restarted, trail, use_program
from tests.shop_rules import CHOICES

COUPON_LIMIT = '\n[stacking.per_day]\nphone = "10.00"\n'


@pytest.fixture
def by_phone(shop: RealShop) -> RealShop:
    """Four bottles of oil for 张三丰, who only said his phone number: 500 points a day."""
    for _ in range(4):
        shop.do(scan_code, text=OIL)
    answer = shop.do(put_on, member_id=shop.members["张三丰"], found_by=GOLD_PHONE)
    assert isinstance(answer, MemberPutOn)
    return shop


def yes(shop: RealShop, needed: Any) -> Any:
    assert isinstance(needed, ApprovalNeeded), needed
    done = shop.do(approve_with_badge, request_id=needed.request_id, badge=shop.badges["王芳"])
    assert isinstance(done, Approved)
    return done.answer


def test_within_the_limit_nobody_is_asked(by_phone: RealShop) -> None:
    assert isinstance(by_phone.do(redeem_beyond, points=500), Changed)


def test_beyond_it_only_with_a_yes_and_only_so_many(by_phone: RealShop) -> None:
    assert isinstance(by_phone.do(redeem_points, points=1000), PointsRefused)
    needed = by_phone.do(redeem_beyond, points=1000)
    assert (needed.act, needed.asked, needed.effect) == ("points_limit", 500, Money(500))
    given = yes(by_phone, needed)
    assert isinstance(given, BeyondGiven)
    assert given.state.totals.points_used == 1000
    assert given.approved_by == by_phone.staff["王芳"]
    assert trail(by_phone)[-2:] == ["approved", "limit_passed"]
    refused = by_phone.do(redeem_points, points=1100)
    assert isinstance(refused, PointsRefused)
    assert refused.redeemable == 1000


def test_goods_at_their_points_price_count_towards_it(shop: RealShop) -> None:
    use_program(shop, CHOICES)
    towel = shop.do(scan_code, text=TOWEL).line_id
    shop.do(scan_code, text=OIL)
    shop.do(put_on, member_id=shop.members["张三丰"], found_by=GOLD_PHONE)
    shop.do(take_points_price, line_id=towel, on=True)
    assert isinstance(shop.do(redeem_beyond, points=0), Changed)
    needed = shop.do(redeem_beyond, points=600)
    assert (needed.asked, needed.effect) == (600, Money(600))
    given = yes(shop, needed)
    assert isinstance(given, BeyondGiven)
    assert (given.state.totals.points_for_goods, given.state.totals.points_used) == (500, 600)


def test_it_survives_a_restart_and_goes_with_the_member(by_phone: RealShop) -> None:
    yes(by_phone, by_phone.do(redeem_beyond, points=1000))
    restarted(by_phone)
    by_phone.sign_in()
    assert by_phone.shop.desk.state.quote.points_redeemed == 1000
    by_phone.do(put_on, member_id=by_phone.members["张三丰"], found_by=GOLD_PHONE)
    assert by_phone.shop.desk.state.basket.choices.beyond is None


@pytest.mark.parametrize(
    ("points", "reason"), [(99_900, "too_many"), (1050, "not_a_step")],
    ids=["more than the bill takes", "no whole step"],
)  # fmt: skip
def test_the_other_limits_stand(by_phone: RealShop, points: int, reason: str) -> None:
    refused = by_phone.do(redeem_beyond, points=points)
    assert isinstance(refused, PointsRefused)
    assert refused.reason == reason


def test_the_fact_keeps_who_let_him(by_phone: RealShop) -> None:
    yes(by_phone, by_phone.do(redeem_beyond, points=1000))
    done = by_phone.do(pay_cash)
    assert isinstance(done, SaleDone)
    stored = by_phone.store.lane.submit(lambda work: work.facts.get(done.sale_id)).result()
    assert stored is not None
    fact = read_fact(stored.data)
    assert isinstance(fact, SaleByHandRecorded)
    li, wang = by_phone.staff["李明"], by_phone.staff["王芳"]
    assert fact.beyond == FactBeyond(points=500, given_by=li, approved_by=wang)
    assert (fact.by_hand, fact.approved_by) == ((), (wang,))


def coupon(shop: RealShop, offer: str) -> str:
    seat = shop.shop.desk.state.seat
    assert seat is not None
    return next(held.coupon_id for held in seat.view.coupons if held.offer_id == offer)


def test_a_coupon_beyond_the_limit_needs_a_yes_too(by_phone: RealShop) -> None:
    use_program(by_phone, COUPON_LIMIT)
    wanted = coupon(by_phone, "coupon-200-25")
    assert wanted not in by_phone.shop.desk.state.quote.coupons_used
    needed = by_phone.do(use_coupon_beyond, coupon_id=wanted)
    assert (needed.act, needed.asked) == ("coupon_limit", 1500)
    given = yes(by_phone, needed)
    assert isinstance(given, BeyondGiven)
    quote = by_phone.shop.desk.state.quote
    assert (quote.coupons_used, quote.coupon_off) == ((wanted,), Money(2500))
    yes(by_phone, by_phone.do(redeem_beyond, points=1000))
    beyond = by_phone.shop.desk.state.basket.choices.beyond
    assert beyond is not None
    assert (beyond.points, beyond.coupon_off) == (500, Money(1500))


def test_a_coupon_that_nothing_limits_is_used_as_every_day(by_phone: RealShop) -> None:
    answer = by_phone.do(use_coupon_beyond, coupon_id=coupon(by_phone, "coupon-100-8"))
    assert isinstance(answer, CouponTaken)
    use_program(by_phone, COUPON_LIMIT)
    answer = by_phone.do(use_coupon_beyond, coupon_id=coupon(by_phone, "coupon-100-8"))
    assert isinstance(answer, CouponTaken)


def test_without_a_member_or_anybody_at_the_till_there_is_no_limit_to_pass(shop: RealShop) -> None:
    assert shop.do(redeem_beyond, points=100) == NoMember()
    assert shop.do(use_coupon_beyond, coupon_id="C1") == NoMember()
    shop.do(lock_till)
    assert shop.do(redeem_beyond, points=100) == SignInFirst()
    assert shop.do(use_coupon_beyond, coupon_id="C1") == SignInFirst()

"""Voiding: with the right and a reason, for good, and with its goods in the trail."""

from __future__ import annotations

from app.domain.money import Money
from app.services.act_reason import ReasonNeeded
from app.services.answers import PaymentUnderWay, SignInFirst
from app.services.approval import ApprovalNeeded, Approved, approve_with_badge
from app.services.hold import HoldEnded, NoSuchHold, hold_sale
from app.services.lines import NothingToUndo, undo_step
from app.services.payment import start_payment
from app.services.scan import scan_code
from app.services.staff import lock_till
from app.services.void import NothingToVoid, SaleVoided, void_hold, void_sale
from tests.real_shop import MILK, OIL, TOWEL, RealShop
from tests.services.conftest import restarted, trail


def last_details(shop: RealShop, act: str) -> dict[str, str]:
    entries = shop.store.lane.submit(lambda work: work.audit.entries()).result()
    return dict([one.entry for one in entries if one.entry.action == act][-1].details)


def test_a_small_sale_is_given_up_for_good_and_its_goods_are_told(shop: RealShop) -> None:
    shop.do(scan_code, text=shop.cards["陈静"])
    for code in (MILK, TOWEL, TOWEL):
        shop.do(scan_code, text=code)
    answer = shop.do(void_sale, reason="customer_left")
    assert isinstance(answer, SaleVoided)
    assert answer.total == Money(9880)
    assert (answer.state.lines, answer.state.member) == ((), None)
    assert shop.do(undo_step) == NothingToUndo()
    assert last_details(shop, "sale_voided") == {
        "goods": "milk x 1, towel x 2", "lines": "2", "member": shop.members["陈静"],
        "reason": "customer_left", "total": "9880",
    }  # fmt: skip
    restarted(shop)
    assert shop.shop.desk.state.basket.is_empty


def test_a_large_one_needs_a_yes_and_then_goes_by_itself(shop: RealShop) -> None:
    for code in (OIL, OIL, OIL):
        shop.do(scan_code, text=code)
    needed = shop.do(void_sale, reason="other", note="客人改天再来")
    assert isinstance(needed, ApprovalNeeded)
    assert (needed.act, needed.limit) == ("void_sale", 20_000)
    assert len(shop.shop.desk.state.basket.lines) == 1
    done = shop.do(approve_with_badge, request_id=needed.request_id, badge=shop.badges["王芳"])
    assert isinstance(done, Approved)
    assert isinstance(done.answer, SaleVoided)
    assert shop.shop.desk.state.basket.is_empty
    details = last_details(shop, "sale_voided")
    assert (details["approved_by"], details["note"]) == (shop.staff["王芳"], "客人改天再来")


def test_it_wants_a_reason_and_something_to_void(shop: RealShop) -> None:
    assert shop.do(void_sale, reason="customer_left") == NothingToVoid()
    shop.do(scan_code, text=MILK)
    answer = shop.do(void_sale, reason="damaged")
    assert isinstance(answer, ReasonNeeded)
    ids = [one.reason_id for one in answer.reasons]
    assert ids == ["customer_left", "rung_up_wrong", "other"]
    assert shop.do(void_sale, reason="other").note


def test_money_has_to_be_given_back_first(shop: RealShop) -> None:
    shop.do(scan_code, text=MILK)
    shop.do(start_payment, kind="mobile")
    assert shop.do(void_sale, reason="customer_left") == PaymentUnderWay()


def test_a_held_sale_is_given_up_with_the_basket_on_the_till_untouched(shop: RealShop) -> None:
    shop.do(scan_code, text=MILK)
    hold_id = shop.do(hold_sale).hold_id
    shop.do(scan_code, text=TOWEL)
    answer = shop.do(void_hold, hold_id=hold_id, reason="customer_left")
    assert isinstance(answer, SaleVoided)
    assert (len(answer.state.lines), answer.state.holds, answer.total) == (1, 0, Money(5900))
    assert trail(shop)[-1] == "hold_voided"
    again = shop.do(void_hold, hold_id=hold_id, reason="customer_left")
    assert isinstance(again, HoldEnded)
    assert shop.do(void_hold, hold_id="x", reason="customer_left") == NoSuchHold("x")


def test_a_large_held_one_needs_a_yes_too(shop: RealShop) -> None:
    for code in (OIL, OIL, OIL):
        shop.do(scan_code, text=code)
    hold_id = shop.do(hold_sale).hold_id
    needed = shop.do(void_hold, hold_id=hold_id, reason="customer_left")
    assert isinstance(needed, ApprovalNeeded)
    done = shop.do(approve_with_badge, request_id=needed.request_id, badge=shop.badges["王芳"])
    assert isinstance(done.answer, SaleVoided)


def test_nobody_at_the_till_voids_nothing(shop: RealShop) -> None:
    shop.do(scan_code, text=MILK)
    hold_id = shop.do(hold_sale).hold_id
    shop.do(lock_till)
    assert shop.do(void_sale, reason="customer_left") == SignInFirst()
    assert shop.do(void_hold, hold_id=hold_id, reason="customer_left") == SignInFirst()

"""Goods come back: pieces, money, points, coupons - in one transaction, or nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from app.domain.facts import read_fact
from app.domain.member import PersonalData
from app.domain.money import Money
from app.domain.quantity import Quantity, pieces
from app.domain.view import view
from app.services.joining import NewMember, join_member
from app.services.nightly import run_night
from app.services.payment import (
    pay_cash,
)
from app.services.redeem import redeem_points
from app.services.refund import (
    NoOpenRefund,
    NoSuchRefundLine,
    NoSuchSale,
    RefundChanged,
    RefundGivenUp,
    RefundOpenAlready,
    TooManyBack,
    WholePiecesOnly,
    begin_refund,
    cancel_refund,
    choose_back,
    give_reason,
    open_refund,
    scan_back,
)
from app.services.refund_answers import (
    NothingChosen,
    PayoutChanged,
    ReasonMissing,
    RefundDone,
    RefundDoneBefore,
)
from app.services.refund_payment import (
    confirm_refund,
)
from app.services.refund_receipt import (
    REASON_WORDS,
)
from app.services.refund_search import (
    AllBackAlready,
)
from app.services.scan import scan_code
from tests.real_shop import (
    APPLE_LABEL,
    MILK,
    NEW_PHONE,
    OIL,
    SETTINGS,
    TOWEL,
    RealShop,
    add_member,
)
from tests.services.conftest import restarted, trail, use_program
from tests.services.refunds import (
    account_of,
    begun,
    chosen,
    fact_of,
    refunded,
    sold,
    verified,
)
from tests.shop_rules import CHOICES

# ------------------------------------------------------------------ a plain one


def test_one_towel_of_two_comes_back_for_what_it_cost(shop: RealShop) -> None:
    shop.use_settings(SETTINGS.__class__(store_name="人民路店", printer="none", drawer=True))
    shop.sign_in()
    sale_id = sold(shop, TOWEL, TOWEL, MILK)
    state = chosen(shop, sale_id, (0, 1))
    line = state.lines[0]
    assert (line.sold, line.returned, line.left) == (pieces(2), pieces(0), pieces(2))
    assert (line.each, line.amount, line.name) == (Money(1990), Money(1990), "纯棉毛巾 34×74")
    assert state.total.back == Money(1990)
    assert [(payout.kind, payout.amount) for payout in state.total.payouts] == [
        ("cash", Money(1990))
    ]
    done = shop.do(confirm_refund, refund_id=state.refund_id, shown=Money(1990))
    assert isinstance(done, RefundDone)
    assert (done.paid, done.cash, done.coupons) == (Money(1990), Money(1990), ())
    fact = fact_of(shop, state.refund_id)
    assert (fact.sale, fact.settled_minor, fact.last_piece) == (sale_id, 1990, False)
    assert [(p.line, p.start, p.end, p.reason) for p in fact.pieces] == [
        (line.line_id, 0, 1, "size")
    ]
    (row,) = shop.do(lambda shop, work: work.refunds.of_sale(sale_id))
    assert (row.paid, row.receipt_code, row.pieces) == (Money(1990), fact.code, fact.pieces)
    assert trail(shop)[-1] == "refund"
    assert shop.paper.others[-1] == done.receipt == fact.receipt
    assert isinstance(shop.do(open_refund), NoOpenRefund)
    assert verified(shop) == []


def test_receipt_numbers_of_sales_and_refunds_are_one_series(shop: RealShop) -> None:
    first = sold(shop, TOWEL)
    codes = [refunded(shop, first, (0, 1)).receipt.code]
    sold(shop, MILK)
    codes.append(shop.do(lambda shop, work: work.sales.latest())[0].receipt_code)
    assert len(set(codes)) == 2
    state = begun(shop, shop.do(lambda shop, work: work.sales.latest())[0].sale_id)
    assert state.sale.number == 3


def test_every_piece_in_turn_brings_money_points_spend_and_visit_back(shop: RealShop) -> None:
    member = shop.members["张三丰"]
    before = account_of(shop, member)
    shop.do(scan_code, text=shop.cards["张三丰"])
    shop.ring_up_story()
    shop.do(redeem_points, points=500)
    sale = shop.do(pay_cash)
    state = begun(shop, sale.sale_id)
    shop.do(cancel_refund)
    paid = Money(0)
    for place, line in enumerate(state.lines):
        whole = line.left.pieces if not line.by_weight else None
        for _ in range(whole or 1):
            now = begun(shop, sale.sale_id)
            answer = shop.do(
                choose_back,
                line_id=now.lines[place].line_id,
                quantity=pieces(1) if whole else line.left,
                reason="unwanted",
            )
            done = shop.do(confirm_refund, refund_id=answer.state.refund_id)
            assert isinstance(done, RefundDone), done
            paid += done.paid
    assert paid == sale.due
    after = account_of(shop, member)
    assert after.gained == before.gained
    assert after.taken == before.taken
    program = shop.shop.desk.state.program
    seen = [view(account, program, date(2026, 11, 21)) for account in (before, after)]
    assert seen[0].balance == seen[1].balance
    assert seen[0].spend_in_window == seen[1].spend_in_window
    assert seen[0].visits == seen[1].visits
    assert [c.coupon_id for c in seen[0].coupons] == [c.coupon_id for c in seen[1].coupons]
    assert isinstance(shop.do(begin_refund, sale_id=sale.sale_id), AllBackAlready)
    assert verified(shop) == []


def test_the_member_on_the_till_has_his_new_points_at_once(shop: RealShop) -> None:
    sale_id = sold(shop, MILK, member="陈静")
    shop.do(scan_code, text=shop.cards["陈静"])
    shown = shop.shop.desk.state.seat
    assert shown is not None
    before = shown.view.balance
    done = refunded(shop, sale_id, (0, 1))
    assert done.points.taken == 59
    assert done.state.member is not None
    assert done.state.member.points == before - 59 == done.points.balance_after


def test_the_coupon_comes_back_with_the_last_piece(shop: RealShop) -> None:
    sale_id = sold(shop, MILK, MILK, MILK, member="张三丰")
    used = shop.do(lambda shop, work: read_fact(work.facts.get(sale_id).data)).coupons_used
    assert len(used) == 1
    assert refunded(shop, sale_id, (0, 2)).coupons == ()
    done = refunded(shop, sale_id, (0, 1))
    assert done.coupons == used
    assert done.receipt.coupons_back == 1
    seen = view(
        account_of(shop, shop.members["张三丰"]), shop.shop.desk.state.program, date(2026, 11, 21)
    )
    assert used[0] in {coupon.coupon_id for coupon in seen.coupons}
    assert verified(shop) == []


def test_points_spent_elsewhere_are_kept_back_from_an_anonymous_card(shop: RealShop) -> None:
    add_member(shop, PersonalData(name=""), points=())
    sale_id = sold(shop, MILK, member="")
    shop.cards["anonymous"] = shop.cards[""]
    sale_id = sold(shop, MILK, OIL, member="anonymous")
    member = shop.members[""]

    def spend(shop: Any, work: Any) -> None:
        account = work.accounts.get(member)
        account.taken[2026 * 12 + 10] = 100
        work.accounts.put(member, account)

    shop.do(spend)
    done = refunded(shop, sale_id, (0, 1), (1, 1))
    assert done.points.taken == 114
    assert (done.points.kept, done.points.owed_after) == (100, 0)
    assert done.receipt.kept_back_minor == 100
    assert done.paid == Money(11_400 - 100)
    assert done.receipt.member is not None
    assert done.receipt.member.points_kept == 100


# ------------------------------------------------------------------ choosing


def test_what_cannot_come_back_is_refused_with_what_can(shop: RealShop) -> None:
    sale_id = sold(shop, TOWEL, TOWEL, APPLE_LABEL)
    towel, apple = (line.line_id for line in begun(shop, sale_id).lines)
    too_many = shop.do(choose_back, line_id=towel, quantity=pieces(3))
    assert too_many == TooManyBack(towel, pieces(2))
    assert shop.do(choose_back, line_id=towel, quantity=Quantity(500)) == WholePiecesOnly(towel)
    assert shop.do(choose_back, line_id="99", quantity=pieces(1)) == NoSuchRefundLine("99")
    assert shop.do(give_reason, line_id=towel, reason="size") == NoSuchRefundLine(towel)
    answer = shop.do(choose_back, line_id=apple, quantity=Quantity(300), reason="quality")
    assert answer.state.lines[1].by_weight
    assert answer.state.total.worth == Money(384)
    assert shop.do(choose_back, line_id=apple, quantity=Quantity(843)) == TooManyBack(
        apple, Quantity(842)
    )
    emptied = shop.do(choose_back, line_id=apple, quantity=Quantity(0))
    assert emptied.state.total is None


def test_a_reason_is_asked_for_and_nothing_goes_back_unsaid(shop: RealShop) -> None:
    sale_id = sold(shop, TOWEL)
    state = begun(shop, sale_id)
    refund = state.refund_id
    assert shop.do(confirm_refund, refund_id=refund) == NothingChosen()
    line = state.lines[0].line_id
    state = shop.do(choose_back, line_id=line, quantity=pieces(1)).state
    assert state.missing_reasons == (line,)
    assert shop.do(confirm_refund, refund_id=refund) == ReasonMissing(line)
    shop.do(give_reason, line_id=line, reason="expired")
    changed = shop.do(confirm_refund, refund_id=refund, shown=Money(1989))
    assert isinstance(changed, PayoutChanged)
    done = shop.do(confirm_refund, refund_id=refund, shown=Money(1990))
    assert done.receipt.lines[0].reason == "已过期"
    again = shop.do(confirm_refund, refund_id=refund, shown=Money(1990))
    assert again == RefundDoneBefore(refund, done.receipt)
    assert set(REASON_WORDS) >= {"expired"}


def test_goods_are_scanned_back_one_by_one(shop: RealShop) -> None:
    sale_id = sold(shop, TOWEL, TOWEL, APPLE_LABEL)
    assert shop.do(scan_back, text=TOWEL) == NoOpenRefund()
    line = begun(shop, sale_id).lines[0].line_id
    for count in (1, 2):
        answer = shop.do(scan_back, text=TOWEL)
        assert answer.state.lines[0].chosen == pieces(count)
        assert answer.line_id == line
    assert shop.do(scan_back, text=TOWEL) == TooManyBack(line, pieces(2))
    assert shop.do(scan_back, text=OIL) == NoSuchRefundLine(OIL)
    assert shop.do(scan_back, text="nonsense") == NoSuchRefundLine("nonsense")
    apples = shop.do(scan_back, text=APPLE_LABEL)
    assert apples.state.lines[1].chosen == Quantity(842)


def test_one_refund_at_a_time_and_it_outlives_a_restart(shop: RealShop) -> None:
    sale_id = sold(shop, TOWEL)
    other = sold(shop, MILK)
    state = chosen(shop, sale_id, (0, 1))
    again = shop.do(begin_refund, sale_id=other)
    assert isinstance(again, RefundOpenAlready)
    restarted(shop)
    found = shop.do(open_refund)
    assert isinstance(found, RefundChanged)
    assert found.state.refund_id == state.refund_id
    assert found.state.lines[0].chosen == pieces(1)
    shop.sign_in()
    assert shop.do(cancel_refund) == RefundGivenUp()
    assert shop.do(cancel_refund) == NoOpenRefund()
    assert isinstance(shop.do(begin_refund, sale_id="nobody"), NoSuchSale)
    assert shop.do(lambda shop, work: work.refunds.count()) == 0


def test_a_failure_in_the_middle_leaves_nothing_and_the_next_try_makes_one_refund(
    shop: RealShop, monkeypatch: pytest.MonkeyPatch
) -> None:
    sale_id = sold(shop, MILK, member="陈静")
    state = chosen(shop, sale_id, (0, 1))
    before = account_of(shop, shop.members["陈静"])
    facts = len(shop.do(lambda shop, work: work.facts.all_facts()))

    class DiskGoneError(Exception):
        pass

    def broken(shop: Any, work: Any) -> None:
        def fail(*_: object) -> None:
            raise DiskGoneError

        monkeypatch.setattr(work.audit, "append", fail)
        confirm_refund(shop=shop, work=work, refund_id=state.refund_id)

    with pytest.raises(DiskGoneError):
        shop.do(broken)
    assert len(shop.do(lambda shop, work: work.facts.all_facts())) == facts
    assert account_of(shop, shop.members["陈静"]) == before
    done = shop.do(confirm_refund, refund_id=state.refund_id)
    assert isinstance(done, RefundDone)
    assert shop.do(lambda shop, work: work.refunds.count()) == 1
    assert verified(shop) == []


# ------------------------------------------------------------------ bundles, friends


def test_a_gift_is_a_part_of_its_bundle_and_comes_back_for_its_share(shop: RealShop) -> None:
    use_program(shop, CHOICES)
    shop.do(scan_code, text=MILK)
    quote = shop.shop.desk.state.quote
    gift = next(line for line in quote.lines if line.gift_of == "milk-gift")
    assert gift.net != Money(0)
    sale = shop.do(pay_cash)
    state = begun(shop, sale.sale_id)
    shop.do(cancel_refund)
    assert state.lines[1].gift_of == "milk-gift"
    assert state.lines[1].each == gift.net
    paid = refunded(shop, sale.sale_id, (1, 1)).paid + refunded(shop, sale.sale_id, (0, 1)).paid
    assert paid == sale.due
    assert verified(shop) == []


def friend_buys(shop: RealShop) -> str:
    """A friend of 王小红 joins and buys two bottles of oil; the sale's id."""
    friend = NewMember(
        phone=NEW_PHONE,
        name="刘洋",
        consents=frozenset({"membership"}),
        referrer_card=shop.cards["王小红"],
    )
    joined = shop.do(join_member, new=friend)
    for code in (joined.card_code, OIL, OIL):
        shop.do(scan_code, text=code)
    return str(shop.do(pay_cash).sale_id)


def night(shop: RealShop) -> int:
    """A night goes by; how many referrals it rewarded."""

    class Lane:
        def run(self, work: Any) -> Any:
            return shop.store.lane.submit(work).result()

    return run_night(shop=shop.shop, lane=Lane()).referrals


def held_by(shop: RealShop, name: str) -> int:
    account = account_of(shop, shop.members[name])
    return sum(sum(days.values()) for days in account.held.values())


def test_what_a_referrer_got_for_a_sale_goes_back_with_its_pieces(shop: RealShop) -> None:
    sale_id = friend_buys(shop)
    assert night(shop) == 1
    held = held_by(shop, "王小红")
    assert held > 100
    refunded(shop, sale_id, (0, 1))
    assert 0 < held_by(shop, "王小红") < held
    refunded(shop, sale_id, (0, 1))
    assert held_by(shop, "王小红") == 0
    assert verified(shop) == []


def test_what_came_back_before_the_night_is_not_rewarded(shop: RealShop) -> None:
    sale_id = friend_buys(shop)
    refunded(shop, sale_id, (0, 1))
    assert night(shop) == 1
    half = held_by(shop, "王小红")
    assert 50 < half < 100
    refunded(shop, sale_id, (0, 1))
    assert held_by(shop, "王小红") == 0
    assert verified(shop) == []


def test_an_order_that_came_back_whole_was_no_first_order(shop: RealShop) -> None:
    refunded(shop, friend_buys(shop), (0, 2))
    assert night(shop) == 0
    assert held_by(shop, "王小红") == 0


def test_an_erased_member_gets_money_and_no_points(shop: RealShop) -> None:
    sale_id = sold(shop, MILK, member="陈静")
    member = shop.members["陈静"]
    before = account_of(shop, member)

    def erase(shop: Any, work: Any) -> None:
        gone = work.members.get(member)
        work.members.update(replace(gone, status="erased", person=PersonalData()))

    shop.do(erase)
    done = refunded(shop, sale_id, (0, 1))
    assert done.paid == Money(5900)
    assert (done.receipt.member, fact_of(shop, done.refund_id).member) == (None, None)
    assert account_of(shop, member) == before
    assert verified(shop) == []

"""Rewards as a cashier gives them: goods in a sale, a coupon outside of one, both given back right.

Owns: the services over a real store. Does not own: which reward may be had (test_reward.py of the
domain), the sheet (tests/ui/till/test_till_rewards.py).
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from app.domain.fact_base import FactBase
from app.domain.facts import CouponIssued, FullRefundRecorded, FullSaleRecorded, read_fact
from app.domain.money import Money
from app.domain.stored_fact import FactToAppend, StoredFact
from app.services.answers import NoMember
from app.services.approval import approve_with_badge
from app.services.checkout import SaleDone
from app.services.entitlement import EntitlementTicked, NoneLeft, tick_entitlement
from app.services.fact_replay import FactReplay
from app.services.find_member import put_on, remove_member
from app.services.hold import hold_sale, recall_sale
from app.services.lines import clear_basket, step_quantity, undo_step
from app.services.payment import pay_cash
from app.services.receipt import stored_receipt
from app.services.redeem import redeem_points
from app.services.refund_answers import RefundDone
from app.services.reward import RewardCoupon, RewardRefused, RewardTaken, take_reward
from app.services.reward_choice import RewardChoice
from app.services.scan import scan_code
from app.services.spend_limit import redeem_beyond
from app.services.till_state import TillState
from app.services.void import void_hold, void_sale
from tests.real_shop import GOLD_PHONE, MILK, OIL, TOWEL, RealShop, copy_shop
from tests.services.conftest import restarted, trail, use_program
from tests.services.refunds import Scripted, account_of, fact_of, refunded, shop_with, verified
from tests.services.test_void import last_details
from tests.shop_rules import REWARDS

DAY_MS = 24 * 3600 * 1000
GOLD = "张三丰"


@pytest.fixture
def rules(tmp_path: Path) -> Iterator[RealShop]:
    """A shop with rewards and a gold member of 2,340 points."""
    for shop in shop_with(Scripted(), tmp_path):
        gold = 'earn_rate = "1.5"\npoints_months = 24\n'
        parking = (
            '\n[[tiers.entitlements]]\nid = "parking"\n'
            'name = { zh = "免费停车", en = "Free parking" }\ncount = 1\nperiod = "month"\n'
        )
        use_program(shop, REWARDS, swap=(gold, gold + parking))
        yield shop


def with_member(shop: RealShop, *codes: str) -> TillState:
    state: TillState = shop.do(scan_code, text=shop.cards[GOLD]).state
    for code in codes:
        state = shop.do(scan_code, text=code).state
    return state


def choice(state: TillState, reward_id: str) -> RewardChoice:
    return next(one for one in state.choices.rewards if one.reward_id == reward_id)


def points(shop: RealShop) -> int:
    state = shop.do(put_on, member_id=shop.members[GOLD], found_by=GOLD_PHONE).state
    assert state.member is not None
    left: int = state.member.points
    shop.do(remove_member)
    return left


def line_ids(state: TillState) -> list[tuple[str, str]]:
    return [(line.line_id, line.name) for line in state.lines]


def test_what_can_be_had_now_stands_first_and_the_rest_says_what_is_missing(
    rules: RealShop,
) -> None:
    assert rules.shop.desk.state.seat is None
    state = with_member(rules)
    assert [(one.reward_id, one.reason, one.missing) for one in state.choices.rewards] == [
        ("five-off", None, 0),
        ("towel", None, 0),
        ("milk-cheap", None, 0),
        ("oil", "POINTS_MINIMUM", 660),
    ]
    towel = choice(state, "towel")
    assert (towel.kind, towel.left, towel.period) == ("gift", 2, "month")
    assert [goods.name for goods in towel.goods] == ["纯棉毛巾 34×74"]
    assert choice(state, "milk-cheap").price == Money(1990)
    low = rules.do(scan_code, text=rules.cards["陈静"]).state
    cheap = choice(low, "milk-cheap")
    assert (cheap.reason, cheap.tier and cheap.tier.zh) == ("TIER_TOO_LOW", "银卡")


def test_goods_are_added_as_a_reward_and_cost_points_when_they_are_paid(rules: RealShop) -> None:
    assert rules.do(take_reward, reward_id="towel") == NoMember()
    before = points(rules)
    with_member(rules, MILK)
    taken = rules.do(take_reward, reward_id="towel")
    assert isinstance(taken, RewardTaken)
    assert taken.points == 800
    line = next(one for one in taken.state.lines if one.line_id == taken.line_id)
    assert (line.net, line.name) == (Money(0), "纯棉毛巾 34×74")
    assert choice(taken.state, "towel").left == 1
    assert choice(taken.state, "milk-cheap").missing == 0
    restarted(rules)
    rules.sign_in()
    done = rules.do(pay_cash)
    assert isinstance(done, SaleDone)
    assert done.points_balance == before - 800 + done.points_earned
    fact = read_fact(rules.do(lambda shop, work: work.facts.get(done.sale_id)).data)
    assert isinstance(fact, FullSaleRecorded)
    (towel,) = [one for one in fact.lines if one.reward]
    assert (towel.reward, towel.points_spent, towel.net_minor) == ("towel", 800, 0)
    assert sum(part.points for part in towel.spent_from) == 800
    printed = rules.do(lambda shop, work: stored_receipt(work=work, sale_id=done.sale_id))
    (row,) = [one for one in printed.lines if one.name == "纯棉毛巾 34×74"]
    assert [(each.words, each.amount_minor) for each in row.adjustments] == [
        ("积分兑换 800分", -1990),
    ]  # fmt: skip
    assert (printed.member.points_spent, printed.member.points_for_goods) == (800, 800)
    assert last_details(rules, "reward_had") == {
        "goods": "towel", "receipt": fact.code, "reward": "towel",
    }  # fmt: skip
    assert verified(rules) == []


def test_goods_that_were_scanned_become_the_reward(rules: RealShop) -> None:
    state = with_member(rules, TOWEL, TOWEL)
    assert [line.quantity.pieces for line in state.lines] == [2]
    first = rules.do(take_reward, reward_id="towel").state
    assert [(line.quantity.pieces, line.net.minor) for line in first.lines] == [(1, 1751), (1, 0)]
    second = rules.do(take_reward, reward_id="towel").state
    assert [line.net.minor for line in second.lines] == [0, 0]
    assert choice(second, "towel").reason == "MEMBER_LIMIT"
    third = rules.do(take_reward, reward_id="towel")
    assert isinstance(third, RewardRefused)
    assert (third.reason, third.missing) == ("MEMBER_LIMIT", 0)
    undone = rules.do(undo_step).state
    undone = rules.do(undo_step).state
    assert [(line.quantity.pieces, line.net.minor) for line in undone.lines] == [(2, 3502)]


def test_another_piece_of_a_reward_is_scanned_beside_it(rules: RealShop) -> None:
    with_member(rules)
    rules.do(take_reward, reward_id="towel")
    state = rules.do(scan_code, text=TOWEL).state
    assert [line.net.minor for line in state.lines] == [0, 1751]
    one_more = rules.do(step_quantity, line_id=state.lines[0].line_id, by=1).state
    assert one_more.lines[0].net == Money(0)
    assert rules.shop.desk.state.quote.points_redeemed == 1600


def test_a_reward_goes_with_its_member_and_comes_back_with_him(rules: RealShop) -> None:
    with_member(rules)
    rules.do(take_reward, reward_id="towel")
    alone = rules.do(remove_member).state
    assert [line.net for line in alone.lines] == [Money(1990)]
    assert alone.choices.rewards == ()
    assert [line.net for line in rules.do(undo_step).state.lines] == [Money(0)]


def test_points_short_and_goods_gone_are_told(rules: RealShop) -> None:
    with_member(rules)
    short = rules.do(take_reward, reward_id="oil")
    assert isinstance(short, RewardRefused)
    assert (short.reason, short.missing) == ("POINTS_MINIMUM", 660)
    assert rules.do(take_reward, reward_id="none") == RewardRefused(None, "unknown")
    assert rules.do(take_reward, reward_id="towel", sku="oil").reason == "NOT_IN_SCOPE"
    assert rules.shop.desk.state.basket.is_empty


def test_who_only_said_his_number_spends_no_more_than_that_allows(rules: RealShop) -> None:
    state = rules.do(put_on, member_id=rules.members[GOLD], found_by=GOLD_PHONE).state
    towel = choice(state, "towel")
    assert (towel.reason, towel.missing) == ("IDENTIFY_BETTER", 300)
    assert choice(state, "five-off").reason is None


def test_points_on_the_bill_give_way_to_goods(rules: RealShop) -> None:
    with_member(rules, OIL)
    rules.do(redeem_points, points="max")
    state = rules.do(take_reward, reward_id="towel").state
    quote = rules.shop.desk.state.quote
    assert 2000 < quote.points_redeemed <= 2340
    assert quote.points_redeemed_amount == Money(1500), "what the towel leaves"
    assert choice(state, "towel").left == 1


def test_goods_of_a_higher_tier_are_no_reward_for_this_one(shop: RealShop) -> None:
    for_gold = '\n[[exclusive]]\nproducts = ["oil"]\ntier = "gold"\n'
    use_program(shop, REWARDS.replace("points = 3000", "points = 100") + for_gold)
    shop.do(scan_code, text=shop.cards["王小红"])
    answer = shop.do(take_reward, reward_id="oil")
    assert isinstance(answer, RewardRefused)
    assert answer.reason == "TIER_TOO_LOW"
    assert shop.shop.desk.state.basket.is_empty


# ------------------------------------------------------------------ a coupon for points


def test_a_coupon_for_points_needs_no_sale(rules: RealShop) -> None:
    before = points(rules)
    with_member(rules)
    answer = rules.do(take_reward, reward_id="five-off")
    assert isinstance(answer, RewardCoupon)
    assert answer.coupon.zh == "积分换5元"
    assert answer.state.member is not None
    assert answer.state.member.points == before - 450
    assert answer.coupon_id in [held.coupon_id for held in answer.state.member.coupons]
    [*_, stored] = rules.do(lambda shop, work: work.facts.of_member(rules.members[GOLD]))
    fact = read_fact(stored.data)
    assert isinstance(fact, CouponIssued)
    assert fact.why == "reward:five-off"
    assert last_details(rules, "reward_had")["reward"] == "five-off"
    again = rules.do(take_reward, reward_id="five-off")
    assert (again.reason, again.missing) == ("MEMBER_LIMIT", 0), "once a month"
    rules.clock.go_on(milliseconds=31 * DAY_MS)
    rules.sign_in()
    assert isinstance(rules.do(take_reward, reward_id="five-off"), RewardCoupon)
    assert verified(rules) == []


def test_the_coupon_works_in_the_basket_that_is_open(rules: RealShop) -> None:
    before = with_member(rules, MILK).totals.total
    answer = rules.do(take_reward, reward_id="five-off")
    assert answer.state.totals.total == before - Money(500)


def test_what_was_allowed_beyond_the_limit_is_allowed_once(shop: RealShop) -> None:
    use_program(shop, REWARDS.replace('count = 1\nperiod = "month"\n', ""))
    shop.do(scan_code, text=OIL)
    shop.do(put_on, member_id=shop.members[GOLD], found_by=GOLD_PHONE)
    needed = shop.do(redeem_beyond, points=1000)
    shop.do(approve_with_badge, request_id=needed.request_id, badge=shop.badges["王芳"])
    shop.do(redeem_points, points=0)
    for _ in range(2):
        assert isinstance(shop.do(take_reward, reward_id="five-off"), RewardCoupon)
    third = shop.do(take_reward, reward_id="five-off")
    assert isinstance(third, RewardRefused), "500 of the day and 500 more are 1000"
    assert (third.reason, third.missing) == ("IDENTIFY_BETTER", 350)
    shop.do(undo_step)
    again = shop.do(take_reward, reward_id="five-off")
    assert isinstance(again, RewardRefused), "undo gives no permission back either"


def test_a_coupon_of_another_store_is_not_to_be_had_here(shop: RealShop) -> None:
    use_program(shop, REWARDS + '\n[[rewards]]\nid = "there"\npoints = 450\n'
        'name = { zh = "别店券", en = "Elsewhere" }\n'
        'gives = { kind = "coupon", offer = "points-5" }\nwhen = { stores = ["other"] }\n'
    )  # fmt: skip
    with_member(shop)
    answer = shop.do(take_reward, reward_id="there")
    assert isinstance(answer, RewardRefused)
    assert answer.reason == "WRONG_STORE"
    assert "reward_had" not in trail(shop)


# ------------------------------------------------------------------ giving back


def test_a_refund_gives_back_points_with_their_months_and_the_use(rules: RealShop) -> None:
    before = account_of(rules, rules.members[GOLD])
    with_member(rules, MILK)
    rules.do(take_reward, reward_id="towel")
    done = rules.do(pay_cash)
    towel = next(n for n, one in enumerate(done.receipt.lines) if one.name.startswith("纯棉毛巾"))
    back = refunded(rules, done.sale_id, (towel, 1))
    assert isinstance(back, RefundDone)
    fact = fact_of(rules, back.refund_id)
    assert isinstance(fact, FullRefundRecorded)
    assert (fact.points_spent, sum(each.amount_minor for each in fact.tenders)) == (800, 0)
    state = with_member(rules)
    assert choice(state, "towel").left == 2
    rest = refunded(rules, done.sale_id, (1 - towel, 1))
    assert rest.refund_id
    after = account_of(rules, rules.members[GOLD])
    assert (after.gained, after.taken) == (before.gained, before.taken)
    assert verified(rules) == []


def parking(shop: RealShop) -> int:
    state = shop.do(scan_code, text=shop.cards[GOLD]).state
    (held,) = state.member.entitlements
    return int(held.left)


def test_a_benefit_ticked_off_comes_back_with_the_whole_sale(rules: RealShop) -> None:
    with_member(rules, MILK, OIL)
    assert isinstance(rules.do(tick_entitlement, entitlement_id="parking"), EntitlementTicked)
    done = rules.do(pay_cash)
    refunded(rules, done.sale_id, (0, 1))
    assert parking(rules) == 0, "part of the sale stands"
    rules.do(remove_member)
    refunded(rules, done.sale_id, (1, 1))
    assert parking(rules) == 1
    assert rules.do(lambda shop, work: work.accounts.get(rules.members[GOLD])).awaiting == {}
    assert verified(rules) == []


@pytest.mark.parametrize("way", ["void", "clear", "hold"])
def test_a_benefit_ticked_off_comes_back_when_the_sale_is_given_up(
    rules: RealShop, way: str
) -> None:
    with_member(rules, TOWEL)
    rules.do(tick_entitlement, entitlement_id="parking")
    assert rules.do(tick_entitlement, entitlement_id="parking") == NoneLeft("parking")
    give_up: dict[str, Any] = {
        "void": lambda: rules.do(void_sale, reason="customer_left"),
        "clear": lambda: rules.do(clear_basket),
        "hold": lambda: rules.do(
            void_hold, hold_id=rules.do(hold_sale).hold_id, reason="customer_left"
        ),
    }
    give_up[way]()
    assert last_details(rules, "entitlement_returned")["entitlements"] == "parking"
    assert parking(rules) == 1
    assert verified(rules) == []


def test_a_held_sale_keeps_what_was_ticked_off_also_over_a_new_month(rules: RealShop) -> None:
    with_member(rules, TOWEL)
    rules.do(tick_entitlement, entitlement_id="parking")
    held = rules.do(hold_sale)
    rules.clock.go_on(milliseconds=31 * DAY_MS)
    rules.sign_in()
    assert parking(rules) == 1, "a new month"
    rules.do(tick_entitlement, entitlement_id="parking")
    rules.do(clear_basket)
    rules.do(recall_sale, hold_id=held.hold_id)
    rules.do(void_sale, reason="customer_left")
    assert parking(rules) == 1, "what comes back of last month is last month's"


def test_what_one_member_ticked_off_is_no_business_of_the_next(rules: RealShop) -> None:
    with_member(rules, TOWEL)
    rules.do(tick_entitlement, entitlement_id="parking")
    rules.do(scan_code, text=rules.cards["王小红"])
    done = rules.do(pay_cash)
    stored = rules.do(lambda shop, work: work.facts.get(done.sale_id))
    assert stored.kind == "sale_recorded.1"
    assert parking(rules) == 0, "his parking was used"
    assert "entitlement_returned" not in trail(rules)


def test_the_facts_alone_make_the_same_rows_and_account_again(
    rules: RealShop, tmp_path: Path
) -> None:
    before = rules.do(lambda shop, work: len(work.facts.all_facts()))
    with_member(rules, OIL)
    rules.do(scan_code, text=f"]d2010{MILK}1726113010B7")
    rules.do(take_reward, reward_id="towel")
    rules.do(tick_entitlement, entitlement_id="parking")
    sale = rules.do(pay_cash).sale_id
    back = [refunded(rules, sale, (0, 1)), refunded(rules, sale, (1, 1), (2, 1))]
    with_member(rules)
    rules.do(tick_entitlement, entitlement_id="parking")
    rules.do(take_reward, reward_id="five-off")
    rules.do(clear_basket)
    written = rules.do(lambda shop, work: work.facts.all_facts())[before:]
    kinds = [each.kind for each in written]
    assert {"sale_recorded.3", "refund_recorded.3", "entitlement_returned.1"} <= set(kinds)
    (tmp_path / "again").mkdir()
    again = copy_shop(tmp_path / "again")
    replay = FactReplay(again.shop.identity.device)
    for fact in written:
        again.do(lambda shop, work, fact=fact: replay.write(work, to_append(fact)))
    for question in (
        lambda work: work.sales.get(sale),
        lambda work: [work.refunds.get(each.refund_id) for each in back],
        lambda work: work.accounts.get(rules.members[GOLD]),
    ):
        assert rules.store.lane.submit(question).result() == (
            again.store.lane.submit(question).result()
        )
    again.close()


def to_append(fact: StoredFact) -> FactToAppend:
    """A stored fact as the journal would bring it back."""
    read = read_fact(fact.data)
    assert isinstance(read, FactBase)
    member = read.member
    return FactToAppend(
        op_id=fact.op_id, kind=fact.kind, member_ids=(member,) if member else (),
        business_day=fact.business_day, moment=read.clock, data=fact.data, shift_id=None,
    )  # fmt: skip

"""Coupons, codes, gifts, budgets and members-only goods as the cashier meets them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from app.domain.money import Money
from app.domain.stored_program import StoredProgram
from app.services.answers import Changed, NoMember
from app.services.approval import ApprovalNeeded
from app.services.checkout import SaleDone
from app.services.coupon import (
    CouponNotApplied,
    CouponTaken,
    back_to_best,
    choose_gift,
    refuse_coupon,
    use_coupon,
)
from app.services.drawer import DrawerOpened, open_drawer
from app.services.explain import LineExplained, explain_line
from app.services.lines import LineUnresolved, set_quantity
from app.services.opening import refresh_desk
from app.services.payment import NotPayable, pay_cash
from app.services.redeem import NoPointsPrice, PointsRefused, redeem_points, take_points_price
from app.services.scan import scan_code
from app.services.till_state import TillState
from tests.real_shop import MILK, OIL, PROGRAM, TOWEL, RealShop
from tests.services.conftest import trail, use_program

CODE = """
[[offers]]
id = "radio"
name = { zh = "电台口令 减3元", en = "Radio code: ¥3 off" }
trigger = "code"
code = "FM1017"
threshold = { amount = "50.00" }
effect = { kind = "amount_off", amount = "3.00" }
budget = { uses = 2 }
"""

GIFT = """
[[offers]]
id = "milk-gift"
name = { zh = "买牛奶送毛巾", en = "A towel with your milk" }
scope = { products = ["milk"] }
threshold = { quantity = 2 }
effect = { kind = "gift", products = ["towel", "oil"] }
"""

EXCLUSIVE = """
[[exclusive]]
products = ["oil"]
tier = "silver"
"""

POINTS_PRICE = """
[[points_prices]]
product = "towel"
points = 500
price = "9.90"
"""


def coupon_of(state: TillState, offer: str) -> str:
    assert state.member is not None
    return next(held.coupon_id for held in state.member.coupons if held.offer_id == offer)


def states_of(state: TillState) -> dict[str, str]:
    assert state.member is not None
    return {held.offer_id: held.state for held in state.member.coupons}


def test_the_best_coupon_is_used_by_itself_and_another_by_choice(shop: RealShop) -> None:
    shop.do(scan_code, text=shop.cards["张三丰"])
    line = shop.do(scan_code, text=MILK).line_id
    state = shop.do(set_quantity, line_id=line, text="3").state
    assert states_of(state)["coupon-150-15"] == "used"
    best = state.totals.total
    small = coupon_of(state, "coupon-100-8")
    taken = shop.do(use_coupon, coupon_id=small)
    assert isinstance(taken, CouponTaken)
    assert states_of(taken.state)["coupon-150-15"] == "not_used", "they exclude each other"
    assert taken.state.totals.total == best + Money(700)
    assert shop.do(back_to_best).state.totals.total == best
    refused = shop.do(refuse_coupon, rule_or_coupon=coupon_of(state, "coupon-150-15"))
    assert isinstance(refused, Changed)
    assert states_of(refused.state)["coupon-150-15"] == "refused"
    assert states_of(refused.state)["coupon-100-8"] == "used"


def test_a_chosen_coupon_that_is_short_is_kept_and_works_once_it_is_not(shop: RealShop) -> None:
    shop.do(scan_code, text=shop.cards["张三丰"])
    state = shop.do(scan_code, text=MILK).state
    wanted = coupon_of(state, "coupon-100-8")
    short = shop.do(use_coupon, coupon_id=wanted)
    assert isinstance(short, CouponNotApplied)
    assert (short.why.reason, short.why.missing_amount) == ("BELOW_THRESHOLD", Money(4808))
    assert states_of(shop.do(scan_code, text=MILK).state)["coupon-100-8"] == "used"


def test_a_coupon_is_used_once_only(shop: RealShop) -> None:
    for _ in range(2):
        shop.do(scan_code, text=shop.cards["张三丰"])
        shop.do(scan_code, text=MILK)
        state = shop.do(scan_code, text=MILK).state
        used = [offer for offer, is_ in states_of(state).items() if is_ == "used"]
        assert isinstance(shop.do(pay_cash), SaleDone)
        if "coupon-100-8" in used:
            assert used == ["coupon-100-8"]
        else:
            assert used == []
    assert "coupon-100-8" not in states_of(shop.do(scan_code, text=shop.cards["张三丰"]).state)


def test_an_offers_code_is_typed_or_scanned_in_any_case(shop: RealShop) -> None:
    use_program(shop, CODE)
    early = shop.do(scan_code, text="fm1017")
    assert isinstance(early, CouponNotApplied)
    state = shop.do(scan_code, text=MILK).state
    assert state.totals.total == Money(5600)
    assert [row.kind for row in state.totals.rows] == ["code"]


def test_a_budget_ends_with_its_last_use(shop: RealShop) -> None:
    use_program(shop, CODE)
    totals: list[Money] = []
    reasons: set[str] = set()
    for _ in range(3):
        shop.do(scan_code, text=MILK)
        shop.do(scan_code, text="FM1017")
        totals.append(shop.shop.desk.state.quote.total)
        reasons = {why.reason for why in shop.shop.desk.state.quote.not_applied}
        assert isinstance(shop.do(pay_cash), SaleDone)
    assert totals == [Money(5600), Money(5600), Money(5900)]
    assert "BUDGET_USED" in reasons


def test_a_gift_stands_as_a_line_of_its_own_and_can_be_chosen(shop: RealShop) -> None:
    use_program(shop, GIFT)
    line = shop.do(scan_code, text=MILK).line_id
    state = shop.do(set_quantity, line_id=line, text="2").state
    assert [(row.name, row.net, row.is_gift) for row in state.lines][1:] == [
        ("纯棉毛巾 34×74", _gift_net(state), True)
    ]
    other = shop.do(choose_gift, offer_id="milk-gift", sku="oil").state
    assert other.lines[1].sku == "oil"
    assert other.totals.total == Money(11800)
    why = shop.do(lambda shop, work: explain_line(shop=shop, line_id=other.lines[1].line_id))
    assert isinstance(why, LineExplained)
    done = shop.do(pay_cash)
    assert [gift.name for gift in done.receipt.gifts] == ["特级初榨橄榄油 500ml"]
    assert done.receipt.total_minor == 11800


def _gift_net(state: TillState) -> Money:
    """What of the bundle's saving the gift's own line carries: the lines add up to the milk."""
    return Money(11800 - state.lines[0].net.minor)


def test_goods_for_a_tier_wait_for_a_member_of_it(shop: RealShop) -> None:
    use_program(shop, EXCLUSIVE)
    barred = shop.do(scan_code, text=OIL)
    assert isinstance(barred, LineUnresolved)
    assert barred.problem == "members_only"
    assert barred.state.lines[0].needs_tier is not None
    assert barred.state.lines[0].needs_tier.en == "Silver"
    assert shop.do(pay_cash) == NotPayable("unresolved")
    shop.do(scan_code, text=shop.cards["陈静"])
    assert shop.do(pay_cash) == NotPayable("unresolved"), "a regular member is not silver"
    seated = shop.do(scan_code, text=shop.cards["王小红"]).state
    assert (seated.pay_block, seated.lines[0].problem) == (None, None)
    assert isinstance(shop.do(pay_cash), SaleDone)


def test_a_line_may_be_taken_at_its_points_price(shop: RealShop) -> None:
    use_program(shop, POINTS_PRICE)
    towel = shop.do(scan_code, text=TOWEL).line_id
    milk = shop.do(scan_code, text=MILK).line_id
    assert shop.do(take_points_price, line_id=towel, on=True) == NoMember()
    shop.do(scan_code, text=shop.cards["张三丰"])
    assert shop.do(take_points_price, line_id=milk, on=True) == NoPointsPrice("milk")
    state = shop.do(take_points_price, line_id=towel, on=True).state
    row = state.lines[0]
    assert (row.amount, [change.kind for change in row.adjustments]) == (
        Money(990),
        ["points_price"],
    )
    done = shop.do(pay_cash)
    assert done.receipt.member is not None
    assert done.receipt.member.points_spent == 500
    assert shop.do(scan_code, text=shop.cards["张三丰"]).state.member.points == done.points_balance


def test_points_need_a_member(shop: RealShop) -> None:
    shop.do(scan_code, text=MILK)
    assert shop.do(redeem_points, points="max") == NoMember()
    shop.do(scan_code, text=shop.cards["陈静"])
    assert isinstance(shop.do(redeem_points, points="max"), PointsRefused)


def test_the_drawer_opens_with_a_reason_and_a_trace_only(shop: RealShop) -> None:
    pulses: list[str] = []

    class Drawer:
        def open_drawer(self) -> None:
            pulses.append("pulse")

    shop.shop = replace(shop.shop, drawer=Drawer())
    assert isinstance(shop.do(open_drawer, reason="change_money"), ApprovalNeeded)
    assert pulses == []
    shop.sign_in("王芳")
    assert shop.do(open_drawer, reason="change_money") == DrawerOpened()
    assert (pulses, trail(shop)[-1]) == (["pulse"], "drawer_opened")


def test_goods_that_became_a_tiers_at_midnight_are_not_sold_as_before(shop: RealShop) -> None:
    """Scanned before midnight, paid after it: nothing was priced in between."""
    toml = PROGRAM.replace('version = "2026.1"', 'version = "2026.2"')
    toml = toml.replace("effective = 2025-11-01", "effective = 2026-11-22") + EXCLUSIVE
    later = StoredProgram("renmin", "2026.2", date(2026, 10, 1), date(2026, 11, 22), toml)
    shop.store.lane.submit(lambda work: work.programs.add(later)).result()
    shop.do(refresh_desk)
    for code in (OIL, MILK):
        shop.do(scan_code, text=code)
    shop.clock.go_on(milliseconds=8 * 3600 * 1000)
    refused = shop.do(pay_cash)
    assert refused == NotPayable("unresolved")
    assert isinstance(refused, NotPayable)
    assert refused.state is not None
    assert [line.problem for line in refused.state.lines] == ["members_only", None]
    assert shop.shop.desk.state.basket.unresolved, "the till shows what is in the way"

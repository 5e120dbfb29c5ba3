"""Membership packs over the counter: asked for a member, sold, had, prolonged, taken back.

Owns: the services over a real store. Does not own: what a pack brings back and how long it runs
(tests/domain/test_pack.py), other tills (tests/sync/joined/test_pack.py).
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.devices.receipt_text import receipt_text
from app.domain.facts import PackRefundRecorded, PackSaleRecorded, read_fact
from app.domain.money import Money
from app.domain.product import Product
from app.domain.quantity import pieces
from app.services.lines import clear_basket, step_quantity
from app.services.member_history import MemberTier, member_tier
from app.services.payment import NotPayable, pay_cash
from app.services.redeem import PointsRefused, redeem_points
from app.services.refund import open_refund
from app.services.refund_answers import RefundDone
from app.services.refund_payment import confirm_refund
from app.services.scan import scan_code
from app.services.unlinked_return import (
    PackNeedsItsSale,
    ReturnItem,
    ReturnWanted,
    confirm_return,
    new_return,
    show_return,
)
from tests.real_shop import MILK, RealShop, words_for
from tests.services.conftest import use_program
from tests.services.refunds import (
    DAY_MS,
    Scripted,
    begun,
    chosen,
    fact_of,
    refunded,
    shop_with,
    sold,
    tried,
    verified,
)

PACK = "6901028000048"
REGULAR = "陈静"
RULES = """
[[plans]]
id = "gold-year"
name = { zh = "金卡年卡", en = "Gold for a year" }
sku = "SVC-GOLD"
tier = "gold"
months = 12
refund = { full_days = 7, rest = "months" }
"""


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[RealShop]:
    """人民路店, which sells gold for a year at 199.00."""
    for made in shop_with(Scripted(), tmp_path):
        put_pack_on_sale(made)
        yield made


def put_pack_on_sale(shop: RealShop, more: str = "") -> None:
    """The product, and rules that know it."""
    goods = Product("SVC-GOLD", "金卡年卡", "service", Money(19_900), (PACK,))
    shop.store.lane.submit(lambda work: work.products.put(goods)).result()
    use_program(shop, RULES + more)


def fact_of_sale(shop: RealShop, sale_id: str) -> PackSaleRecorded:
    fact = read_fact(shop.do(lambda shop, work: work.facts.get(sale_id)).data)
    assert isinstance(fact, PackSaleRecorded)
    return fact


def test_a_pack_asks_for_a_member_holds_in_the_next_sale_and_comes_back(shop: RealShop) -> None:
    shop.do(scan_code, text=PACK)
    assert shop.do(pay_cash) == NotPayable("pack_needs_member")
    state = shop.do(scan_code, text=shop.cards[REGULAR]).state
    assert (state.pay_block, state.totals.points_earned) == (None, 0), "its price earns nothing"
    shop.do(step_quantity, line_id=state.lines[0].line_id, by=1)
    assert shop.do(pay_cash) == NotPayable("pack_twice")
    shop.do(clear_basket)
    before = shop.do(scan_code, text=shop.cards[REGULAR]).state.member.tier_id
    shop.do(scan_code, text=PACK)
    points = shop.do(redeem_points, points="max")
    assert isinstance(points, PointsRefused)
    assert points.reason == "NOT_FOR_PACKS"
    done = shop.do(pay_cash)
    assert "金卡年卡：有效期至 2027-11-20" in receipt_text(done.receipt, words_for, columns=48)
    sale = fact_of_sale(shop, done.sale_id)
    assert [(each.plan, each.months, each.full_days) for each in sale.packs] == [
        ("gold-year", 12, 7)
    ]
    asked = ReturnWanted(new_return(shop=shop.shop), (ReturnItem("SVC-GOLD", pieces(1), "other"),))
    for act in (show_return, confirm_return):
        assert shop.do(act, wanted=asked) == PackNeedsItsSale("SVC-GOLD"), "at list price, used"
    state = shop.do(scan_code, text=shop.cards[REGULAR]).state
    assert (before, state.member.tier_id) == ("regular", "gold"), "it holds in the next sale"
    shop.do(scan_code, text=MILK)
    had = shop.do(pay_cash)
    assert fact_of_sale(shop, had.sale_id).packs == ()
    taken_back(shop, done.sale_id)


def taken_back(shop: RealShop, sale_id: str) -> None:
    """On the next day, used once: eleven of twelve months of 199.00, in steps of ten fen."""
    shop.clock.go_on(milliseconds=DAY_MS)
    state = chosen(shop, sale_id, (0, 1))
    (pack,) = state.total.packs
    assert (pack.why, pack.months_left, pack.kept) == ("months", 11, Money(1_650))
    assert (state.total.back, state.total.kept_for_points) == (Money(18_250), Money(0))
    shop.do(lambda shop, work: work.refunds.clear_open())
    done = refunded(shop, sale_id, (0, 1))
    fact = fact_of(shop, done.refund_id)
    assert isinstance(fact, PackRefundRecorded)
    assert (fact.kept_back_minor, fact.points_kept, fact.last_piece) == (1_650, 0, True)
    paper = receipt_text(done.receipt, words_for, columns=48)
    assert "剩余 11 个月，共 12 个月" in paper
    state = shop.do(scan_code, text=shop.cards[REGULAR]).state
    assert state.member.tier_id == "regular"
    shop.sign_in("王芳")
    history = shop.do(member_tier, member_id=shop.members[REGULAR])
    assert isinstance(history, MemberTier)
    assert [(each.what, each.is_over) for each in history.events] == [("bought", True)]
    assert verified(shop) == []


def test_bought_again_it_goes_on_from_its_end_and_unused_all_of_it_comes_back(
    shop: RealShop,
) -> None:
    first = sold(shop, PACK, member=REGULAR)
    second = sold(shop, PACK, member=REGULAR)
    told = fact_of_sale(shop, second).receipt.member
    assert told is not None
    assert told.packs[0].last_day == "2028-11-20"
    state = chosen(shop, second, (0, 1))
    assert (state.total.packs[0].why, state.total.back) == ("unused", Money(19_900))
    shop.do(lambda shop, work: work.refunds.clear_open())
    refunded(shop, second, (0, 1))
    shop.clock.go_on(milliseconds=8 * DAY_MS)
    state = shop.do(scan_code, text=shop.cards[REGULAR]).state
    assert state.member.tier_until.isoformat() == "2027-11-20"
    assert begun(shop, first).lines[0].left.pieces == 1


def test_the_terms_are_those_of_the_day_on_which_money_began_to_move(shop: RealShop) -> None:
    """Asked for on its last day of grace, answered by the terminal behind midnight."""
    sale = sold(shop, PACK, member=REGULAR, kind="mobile")
    shop.clock.go_on(milliseconds=7 * DAY_MS)
    state = chosen(shop, sale, (0, 1))
    assert (state.total.packs[0].why, state.total.back) == ("unused", Money(19_900))
    asked = shop.do(confirm_refund, refund_id=state.refund_id, shown=state.total.back)
    shop.clock.go_on(milliseconds=DAY_MS)
    shown = shop.do(open_refund).state.total
    assert (shown.packs[0].why, shown.back) == ("unused", Money(19_900)), "nothing is kept by now"
    done = tried(shop, asked)
    assert isinstance(done, RefundDone), done
    fact = fact_of(shop, done.refund_id)
    assert isinstance(fact, PackRefundRecorded)
    assert [(each.why, each.kept_minor) for each in fact.packs] == [("unused", 0)]
    assert [each.amount_minor for each in fact.tenders] == [19_900]
    assert fact.day.isoformat() == "2026-11-29", "the day on which it was done"
    assert verified(shop) == []

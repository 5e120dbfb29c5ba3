"""Labels that say batch, last day, serial number, weight or price: rung up, told, sold, refunded.

Owns: GS1 goods at the till over a real store. Does not own: reading the codes (test_scanning.py),
the panel that asks for a yes (tests/ui), weighed EAN-13 (test_scan.py).
"""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from msgspec import structs

from app.devices.receipt_text import receipt_text
from app.domain.facts import FullRefundRecorded, FullSaleRecorded, read_fact
from app.domain.freshness import Freshness
from app.domain.money import Money
from app.domain.product import Product
from app.domain.quantity import pieces
from app.domain.rights import DEFAULT_RIGHTS, Limit, RoleRights
from app.services.answers import LineChanged
from app.services.approval import (
    ActForbidden,
    ApprovalNeeded,
    Approved,
    approve_with_badge,
    cancel_approval,
)
from app.services.hold import hold_sale, recall_sale
from app.services.label import PieceThereAlready
from app.services.lines import QuantityRefused, set_quantity, step_quantity
from app.services.opening import refresh_desk
from app.services.payment import pay_cash
from app.services.receipt import stored_receipt
from app.services.refund import (
    NoSuchRefundLine,
    RefundChanged,
    begin_refund,
    cancel_refund,
    scan_back,
)
from app.services.scan import scan_code
from app.services.staff import sign_in_with_badge
from tests.real_shop import MILK, RealShop, words_for
from tests.services.conftest import restarted, trail
from tests.services.refunds import chosen, fact_of, refunded, verified
from tests.services.test_void import last_details

GS = "\x1d"
PEAR = "6901028000055"


def label(
    gtin: str = MILK, last_day: str = "261130", lot: str = "B20261101", more: str = ""
) -> str:
    """A GS1 DataMatrix as a scanner with AIM identifiers sends it."""
    return f"]d2010{gtin}17{last_day}10{lot}{GS}{more}"


EXPIRED = label(last_day="261120")


def rung_up(shop: RealShop, code: str) -> Any:
    answer = shop.do(scan_code, text=code)
    assert isinstance(answer, LineChanged), answer
    return next(line for line in answer.state.lines if line.line_id == answer.line_id)


def test_batch_and_last_day_go_from_the_label_to_fact_paper_and_refund(shop: RealShop) -> None:
    line = rung_up(shop, label())
    assert (line.lot, line.expires, line.freshness) == ("B20261101", date(2026, 11, 30), "fresh")
    restarted(shop)
    shop.sign_in()
    done = shop.do(pay_cash)
    fact = read_fact(shop.do(lambda shop, work: work.facts.get(done.sale_id)).data)
    assert isinstance(fact, FullSaleRecorded)
    assert (fact.lines[0].lot, fact.lines[0].expires) == ("B20261101", date(2026, 11, 30))
    paper = shop.do(lambda shop, work: stored_receipt(work=work, sale_id=done.sale_id))
    text = receipt_text(paper, words_for, columns=32)
    assert "批次 B20261101" in text
    assert "有效期至 2026-11-30" in text
    state = chosen(shop, done.sale_id, (0, 1))
    assert (state.lines[0].lot, state.lines[0].expires) == ("B20261101", date(2026, 11, 30))
    shop.do(cancel_refund)
    back = fact_of(shop, refunded(shop, done.sale_id, (0, 1)).refund_id)
    assert isinstance(back, FullRefundRecorded)
    assert back.receipt is not None
    assert "批次 B20261101" in receipt_text(back.receipt, words_for, columns=48)
    assert verified(shop) == []


def test_goods_without_a_batch_keep_the_first_shape_of_their_facts(shop: RealShop) -> None:
    rung_up(shop, MILK)
    done = shop.do(pay_cash)
    assert shop.do(lambda shop, work: work.facts.get(done.sale_id)).kind == "sale_recorded.1"
    refund = refunded(shop, done.sale_id, (0, 1)).refund_id
    assert shop.do(lambda shop, work: work.facts.get(refund)).kind == "refund_recorded.2"


@pytest.mark.parametrize(
    ("last_day", "state"),
    [("261121", "today"), ("261122", "soon"), ("261124", "soon"), ("261125", "fresh"),
     ("261100", "fresh")],
    ids=["today", "tomorrow", "in 3 days", "in 4 days", "end of the month"],
)  # fmt: skip
def test_what_ends_soon_is_said_at_the_scan(
    shop: RealShop, last_day: str, state: Freshness
) -> None:
    answer = shop.do(scan_code, text=label(last_day=last_day))
    assert isinstance(answer, LineChanged)
    assert answer.freshness == state
    assert answer.state.lines[0].freshness == state


def test_how_near_is_near_is_a_setting(shop: RealShop) -> None:
    wider = structs.replace(shop.shop.desk.state.settings, expiry_soon_days=9)
    shop.use_settings(wider)
    shop.sign_in()
    assert shop.do(scan_code, text=label()).freshness == "soon"


def test_best_before_counts_where_no_last_day_stands(shop: RealShop) -> None:
    answer = shop.do(scan_code, text=f"]d2010{MILK}15261122")
    assert answer.freshness == "soon"
    needed = shop.do(scan_code, text=f"]d2010{MILK}15261130" + "17261101")
    assert isinstance(needed, ApprovalNeeded), "the day of use comes first"


def test_a_yes_to_expired_goods_is_for_the_pieces_that_were_seen(shop: RealShop) -> None:
    needed = shop.do(scan_code, text=EXPIRED)
    yes = shop.do(approve_with_badge, request_id=needed.request_id, badge=shop.badges["王芳"])
    assert isinstance(yes, Approved)
    assert isinstance(yes.answer, LineChanged)
    line_id = yes.answer.line_id
    assert shop.do(set_quantity, line_id=line_id, text="50") == QuantityRefused("50", "approved")
    assert shop.do(step_quantity, line_id=line_id, by=1) == QuantityRefused("1", "approved")
    assert shop.shop.desk.state.basket.lines[0].quantity == pieces(1)


def test_expired_goods_need_a_yes_and_are_sold_with_its_trace(shop: RealShop) -> None:
    needed = shop.do(scan_code, text=EXPIRED)
    assert isinstance(needed, ApprovalNeeded)
    assert needed.act == "sell_expired"
    assert needed.about == "纯牛奶 250ml×12 B20261101 2026-11-20"
    assert shop.shop.desk.state.basket.is_empty
    yes = shop.do(approve_with_badge, request_id=needed.request_id, badge=shop.badges["王芳"])
    assert isinstance(yes, Approved)
    assert isinstance(yes.answer, LineChanged)
    assert yes.answer.freshness == "expired"
    assert yes.answer.state.lines[0].freshness == "expired"
    assert last_details(shop, "expired_goods_sold") == {
        "approved_by": shop.staff["王芳"], "basket": shop.shop.desk.state.basket.basket_id,
        "expires": "2026-11-20", "lot": "B20261101",
    }  # fmt: skip
    done = shop.do(pay_cash)
    fact = read_fact(shop.do(lambda shop, work: work.facts.get(done.sale_id)).data)
    assert isinstance(fact, FullSaleRecorded)
    assert fact.approved_by == (shop.staff["王芳"],)


def test_without_a_yes_nothing_is_in_the_basket(shop: RealShop) -> None:
    shop.do(scan_code, text=EXPIRED)
    shop.do(cancel_approval)
    assert shop.shop.desk.state.basket.is_empty
    assert "expired_goods_sold" not in trail(shop)


def with_limit(shop: RealShop, role_id: str, limit: Limit) -> None:
    roles = tuple(
        structs.replace(role, limits={**role.limits, "sell_expired": limit})
        if role.role_id == role_id
        else role
        for role in DEFAULT_RIGHTS.roles
    )
    rights = structs.replace(DEFAULT_RIGHTS, roles=roles)
    shop.do(lambda shop, work: work.rights.write(rights))
    shop.do(refresh_desk)


def test_a_shop_may_refuse_them_or_leave_them_to_a_role(shop: RealShop) -> None:
    with_limit(shop, "cashier", Limit(verdict="not_allowed"))
    assert shop.do(scan_code, text=EXPIRED) == ActForbidden("sell_expired")
    shop.do(sign_in_with_badge, badge=shop.badges["王芳"])
    answer = shop.do(scan_code, text=EXPIRED)
    assert isinstance(answer, LineChanged)
    assert answer.freshness == "expired", "a manager sells them himself, and hears it"
    assert last_details(shop, "expired_goods_sold")["lot"] == "B20261101"


def test_rights_kept_before_this_act_begin_with_what_ships(shop: RealShop) -> None:
    def old(role: RoleRights) -> RoleRights:
        limits = {act: limit for act, limit in role.limits.items() if act != "sell_expired"}
        return structs.replace(role, limits=limits)

    older = structs.replace(DEFAULT_RIGHTS, roles=tuple(old(r) for r in DEFAULT_RIGHTS.roles))
    shop.do(lambda shop, work: work.rights.write(older))
    shop.do(refresh_desk)
    assert isinstance(shop.do(scan_code, text=EXPIRED), ApprovalNeeded)


def test_batches_stand_apart_and_the_same_batch_counts_up(shop: RealShop) -> None:
    for lot in ("B1", "B2", "B1"):
        rung_up(shop, label(lot=lot))
    rung_up(shop, MILK)
    lines = shop.shop.desk.state.basket.lines
    told = [(line.goods.lot, line.quantity.pieces) for line in lines if line.goods is not None]
    assert told == [("B1", 2), ("B2", 1), ("", 1)]


def test_a_numbered_piece_is_one_piece(shop: RealShop) -> None:
    numbered = label(more="21S000077")
    line = rung_up(shop, numbered)
    assert shop.do(scan_code, text=numbered) == PieceThereAlready(line.line_id)
    rung_up(shop, label(more="21S000078"))
    assert isinstance(shop.do(step_quantity, line_id=line.line_id, by=1), QuantityRefused)
    assert isinstance(shop.do(set_quantity, line_id=line.line_id, text="2"), QuantityRefused)

    three = shop.do(scan_code, text=label(more="21S000079"), quantity=pieces(3))
    assert isinstance(three, QuantityRefused)
    assert three.reason == "label"
    done = shop.do(pay_cash)
    fact = read_fact(shop.do(lambda shop, work: work.facts.get(done.sale_id)).data)
    assert isinstance(fact, FullSaleRecorded)
    assert [line.serial for line in fact.lines] == ["S000077", "S000078"]


def test_a_weight_or_a_price_stands_beside_the_batch(shop: RealShop) -> None:
    pears = Product("pear", "香梨", "fresh", Money(1580), (PEAR,), unit="kg", weighed=True)
    shop.do(lambda shop, work: work.products.put(pears))
    weighed = rung_up(shop, f"]C1010{PEAR}310300084217261130" + "10W7")
    assert (weighed.quantity.thousandths, weighed.lot, weighed.net) == (842, "W7", Money(1330))
    priced = rung_up(shop, f"]C1010{MILK}39221290{GS}10P9")
    assert (priced.unit_price, priced.lot) == (Money(1290), "P9")


def test_a_damaged_date_never_stops_the_till(shop: RealShop) -> None:
    line = rung_up(shop, f"]d2010{MILK}17260231" + "10B1")
    assert (line.name, line.lot, line.expires) == ("纯牛奶 250ml×12", "", None)


def test_a_held_sale_keeps_its_batches(shop: RealShop) -> None:
    rung_up(shop, label())
    held = shop.do(hold_sale)
    back = shop.do(recall_sale, hold_id=held.hold_id)
    assert back.state.lines[0].lot == "B20261101"


def test_at_a_refund_the_label_finds_its_own_batch(shop: RealShop) -> None:
    for lot in ("B1", "B2"):
        rung_up(shop, label(lot=lot))
    done = shop.do(pay_cash)
    shop.do(begin_refund, sale_id=done.sale_id)
    back = shop.do(scan_back, text=label(lot="B2"))
    assert isinstance(back, RefundChanged)
    assert [line.lot for line in back.state.lines if line.chosen.thousandths] == ["B2"]
    assert isinstance(shop.do(scan_back, text=label(lot="B3")), NoSuchRefundLine)
    plain = shop.do(scan_back, text=MILK)
    assert isinstance(plain, RefundChanged), "a code without a batch finds what is left"
    assert [line.lot for line in plain.state.lines if line.chosen.thousandths] == ["B1", "B2"]


def test_three_of_a_batch_are_typed_before_its_label(shop: RealShop) -> None:
    answer = shop.do(scan_code, text=label(), quantity=pieces(3))
    assert isinstance(answer, LineChanged)
    (line,) = answer.state.lines
    assert (line.quantity, line.lot, line.amount) == (pieces(3), "B20261101", Money(17700))
    weight = shop.do(set_quantity, line_id=line.line_id, text="1.250")
    assert isinstance(weight, QuantityRefused)
    assert weight.reason == "whole_pieces"

"""Tiers for a time at the real window: a pack asks for its member and comes back, one is tried."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt

from app.domain.facts import PackRefundRecorded, read_fact
from tests.journeys.cashier import Cashier
from tests.real_shop import SILVER_PHONE
from tests.screens.scene import Scene, WaitingTerminal
from tests.screens.scenes_desk import ALT, as_manager
from tests.screens.scenes_pack import REGULAR
from tests.services.test_pack import PACK, put_pack_on_sale
from tests.services.test_trial import TRIALS
from ui.navigation import ToReceipt, ToTiers, ToTill

pytestmark = pytest.mark.journey
Key = Qt.Key


def test_a_pack_is_sold_to_a_member_and_taken_back_by_its_terms(cashier: Cashier) -> None:
    put_pack_on_sale(cashier.shop)
    cashier.scan(PACK)
    cashier.press(Key.Key_F9)
    assert cashier.at(ToTill)
    assert any("付费会员卡只卖给会员" in text for text in cashier.texts())
    cashier.scan(cashier.shop.cards[REGULAR])
    cashier.press(Key.Key_F9)
    cashier.press(Key.Key_F9)
    assert cashier.at(ToReceipt)
    assert "金卡年卡：有效期至 2027-11-20" in cashier.paper()
    assert "未使用，7 天内全额退款" in cashier.paper()
    code = cashier.sales()[-1].code
    cashier.press(Key.Key_Escape)
    cashier.scan(cashier.shop.cards[REGULAR])
    assert cashier.panel.tier_id == "gold"
    cashier.press(Key.Key_F8)
    cashier.scan(code)
    cashier.scan(PACK)
    cashier.type("3")
    assert "未使用：全额退款" in cashier.texts()
    cashier.press(Key.Key_Return)
    facts = [read_fact(each.data) for each in cashier.read(lambda work: work.facts.all_facts())]
    (fact,) = [each for each in facts if isinstance(each, PackRefundRecorded)]
    assert (fact.packs[0].why, fact.settled_minor, fact.kept_back_minor) == ("unused", 19_900, 0)


def test_a_tier_is_tried_by_two_keys_and_stands_on_its_list(cashier: Cashier) -> None:
    put_pack_on_sale(cashier.shop, TRIALS)
    as_manager(Scene(cashier, "zh_CN", WaitingTerminal()))
    cashier.handle.parts.navigation.go(ToTiers())
    cashier.settle()
    cashier.type("/")
    cashier.type(SILVER_PHONE)
    cashier.press(Key.Key_Return)
    cashier.type("y")
    cashier.settle()
    cashier.type("1")
    cashier.settle()
    assert "金卡体验，至 2026-12-04。" in cashier.texts()
    cashier.type("y")
    cashier.press(Key.Key_Escape)
    for _ in range(5):
        cashier.press(Key.Key_3, ALT)
    cashier.settle()
    assert any("金卡体验" in text for text in cashier.texts())
    cashier.handle.parts.navigation.go(ToTill())
    cashier.scan(cashier.shop.cards["王小红"])
    assert cashier.panel.lent == "trial"
    assert any(text == "金卡体验" for text in cashier.texts())

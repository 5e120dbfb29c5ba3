"""One member's page over the real store: head and tabs say what happened, and the points add up."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from app.domain import effects as do
from app.domain.facts import TierGranted, TierGrantRevoked
from app.domain.member import PersonalData
from app.services.answers import MemberUnknown, NotAllowed
from app.services.consent import change_consent
from app.services.fact_origin import origin
from app.services.fact_writer import write_fact
from app.services.member_consents import member_consents
from app.services.member_history import (
    member_benefits,
    member_coupons,
    member_tier,
)
from app.services.member_page import member_head, member_ledger, member_orders
from tests.real_shop import DAY, MILK, OIL, RealShop
from tests.services.refunds import sold

EVERY_TAB = (
    member_head, member_orders, member_ledger, member_coupons, member_benefits, member_tier,
    member_consents,
)  # fmt: skip


@pytest.fixture
def desk(shop: RealShop) -> RealShop:
    """张三丰 bought milk and oil; 王芳 looks at him."""
    sold(shop, MILK, OIL, member="张三丰")
    shop.sign_in("王芳")
    return shop


def test_the_head_says_who_he_is_masked(desk: RealShop) -> None:
    head = desk.do(member_head, member_id=desk.members["张三丰"])
    assert (head.name_masked, head.phone_masked, head.tier.zh) == ("张*丰", "138****8000", "金卡")
    assert (head.state, head.visits, head.last_visit) == ("normal", 6, DAY)
    assert head.tier_until == date(2026, 12, 31)
    assert "13800138000" not in repr(head)


def test_what_he_bought_and_what_it_did_to_his_points(desk: RealShop) -> None:
    member_id = desk.members["张三丰"]
    orders = desk.do(member_orders, member_id=member_id)
    [sale] = orders.rows
    assert (sale.line_count, sale.day, orders.more) == (2, DAY, False)
    assert orders.staff[sale.staff_id] == "李明"
    found = desk.do(member_ledger, member_id=member_id)
    newest = found.ledger.entries[0]
    assert (newest.kind, newest.code) == ("sale_recorded", sale.receipt)
    entries = sum(entry.points for entry in found.ledger.entries)
    ledger = found.ledger
    assert entries + ledger.elsewhere - ledger.lapsed - ledger.held == ledger.balance
    assert ledger.balance == desk.do(member_head, member_id=member_id).points
    assert found.has_all


def test_coupons_say_what_became_of_them(desk: RealShop) -> None:
    rows = desk.do(member_coupons, member_id=desk.members["张三丰"]).rows
    assert {row.state for row in rows} == {"usable", "used"}
    assert all("****" in row.code for row in rows)
    assert rows[0].state == "usable"


def test_his_tier_with_its_history(desk: RealShop) -> None:
    member_id = desk.members["张三丰"]

    def granted(work: Any) -> None:
        now = desk.shop.now()
        head = origin(shop=desk.shop, now=now, day=DAY, member=member_id)
        given = TierGranted(
            **head, effects=(do.TierGiven(tier="silver", days=30),), reason_type="goodwill"
        )
        write_fact(shop=desk.shop, work=work, fact=given)
        head = origin(shop=desk.shop, now=now, day=DAY, member=member_id)
        taken = TierGrantRevoked(**head, effects=(do.TierTaken(grant=given.op_id),))
        write_fact(shop=desk.shop, work=work, fact=taken)

    desk.store.lane.submit(granted).result()
    tier = desk.do(member_tier, member_id=member_id)
    assert (tier.tier.zh, tier.source) == ("金卡", "review")
    assert [(event.what, event.is_over) for event in tier.events] == [
        ("granted", True), ("reviewed", False),
    ]  # fmt: skip
    assert tier.to_keep


def test_his_benefits_and_consents(desk: RealShop) -> None:
    member_id = desk.members["张三丰"]
    desk.do(change_consent, member_id=member_id, purpose="marketing", given=True)
    desk.do(change_consent, member_id=member_id, purpose="marketing", given=False)
    seen = desk.do(member_consents, member_id=member_id)
    assert [(row.purpose, row.day, row.given, row.stands, row.by) for row in seen.rows] == [
        ("marketing", DAY, False, False, "王芳"), ("marketing", DAY, True, False, "王芳"),
    ]  # fmt: skip
    assert {row.at_ms for row in seen.rows} == {desk.clock.now().wall_ms}
    standing = {each.purpose: each for each in seen.standing}
    assert not standing["marketing"].stands and standing["marketing"].day == DAY
    assert standing["profiling"].day is None and not standing["membership"].can_end
    assert desk.do(member_benefits, member_id=member_id).tier.zh == "金卡"


def test_an_id_that_was_merged_leads_to_who_he_is_now(desk: RealShop) -> None:
    gold, chen = desk.members["张三丰"], desk.members["陈静"]

    def merged(work: Any) -> None:
        member = work.members.get(chen)
        work.members.update(replace(member, status="merged", merged_into=gold))

    desk.store.lane.submit(merged).result()
    assert desk.do(member_head, member_id=chen).member_id == gold


def test_nobody_there_and_nobody_who_may(desk: RealShop) -> None:
    chen = desk.members["陈静"]

    def erased(work: Any) -> None:
        member = work.members.get(chen)
        work.members.update(replace(member, status="erased", person=PersonalData()))

    desk.store.lane.submit(erased).result()
    for tab in EVERY_TAB:
        assert desk.do(tab, member_id="nobody") == MemberUnknown("nobody")
        assert desk.do(tab, member_id=chen) == MemberUnknown(chen)
    desk.sign_in("李明")
    for tab in EVERY_TAB:
        assert desk.do(tab, member_id=chen) == NotAllowed("member_note")

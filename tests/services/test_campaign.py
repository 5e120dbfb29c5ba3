"""Coupons of a campaign: every member gets them once asked, usable at the next scan."""

from __future__ import annotations

from app.domain.audit import AuditEntry
from app.domain.facts import CouponIssued, read_fact
from app.services.answers import NotAllowed
from app.services.campaign import CampaignIssued, NoCouponOffer, issue_campaign
from app.services.scan import scan_code
from tests.real_shop import DAY, RealShop


def test_every_member_holds_the_coupons_and_the_fact_says_why(shop: RealShop) -> None:
    shop.sign_in("王芳")
    members = [shop.members["王小红"], shop.members["陈静"]]
    issued = shop.do(issue_campaign, offer_id="coupon-100-8", members=members, each=2)
    assert issued == CampaignIssued(members=2, coupons=4)
    state = shop.do(scan_code, text=shop.cards["陈静"]).state
    assert [coupon.offer_id for coupon in state.member.coupons] == ["coupon-100-8"] * 2
    (stored,) = shop.do(lambda shop, work: work.facts.of_member(members[1])[-1:])
    fact = read_fact(stored.data)
    assert isinstance(fact, CouponIssued)
    assert (fact.why, fact.day, fact.store) == ("campaign", DAY, "renmin-road")
    given = [entry for entry in trail_entries(shop) if entry.action == "campaign_issued"]
    assert [(entry.subject, dict(entry.details)) for entry in given] == [
        ("coupon-100-8", {"each": "2", "members": "2"})
    ]


def trail_entries(shop: RealShop) -> list[AuditEntry]:
    return [kept.entry for kept in shop.do(lambda shop, work: work.audit.entries())]


def test_an_offer_that_is_no_coupon_is_refused(shop: RealShop) -> None:
    shop.sign_in("王芳")
    for offer in ("member-day", "nothing"):
        assert shop.do(issue_campaign, offer_id=offer, members=[]) == NoCouponOffer(offer)


def test_a_cashier_may_not(shop: RealShop) -> None:
    answer = shop.do(issue_campaign, offer_id="coupon-100-8", members=[])
    assert answer == NotAllowed("manage_program")

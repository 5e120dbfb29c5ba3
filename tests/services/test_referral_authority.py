"""Referrals of a shop alone: steps once their friends count, and what merges and refunds change."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from app.domain.facts import CouponIssued, SaleRecorded, SaleShared, read_fact
from app.domain.figures import Days
from app.services.checkout import SaleDone
from app.services.data_copy import CopyGiven, copy_of_data
from app.services.figure_gathering import name_people, people_found
from app.services.figures import people_behind
from app.services.find_member import remove_member
from app.services.joining import Joined, NewMember, join_member
from app.services.merge import Merged, merge_members
from app.services.payment import pay_cash
from app.services.referral import MemberReferrals, ReferralCopy, member_referrals
from app.services.scan import scan_code
from tests.real_shop import DAY, MILK, RealShop
from tests.services.conftest import use_program
from tests.services.figure_shop import counted, read, value
from tests.services.refunds import DAY_MS, refunded
from tests.services.test_nightly import LaneOf, friend_of, night, panel_of

STEPS = ("[referral]", "[referral]\nsteps = [{ friends = 2, points = 200 }]")
WANG = "王小红"


@pytest.fixture
def stepped(shop: RealShop) -> RealShop:
    """人民路店 with a step at the second friend; 王芳 signed in."""
    use_program(shop, "", swap=STEPS)
    shop.sign_in("王芳")
    return shop


def facts_of(shop: RealShop, member_id: str) -> list[Any]:
    stored = shop.store.lane.submit(lambda work: work.facts.of_member(member_id)).result()
    return [read_fact(each.data) for each in stored]


def steps_given(shop: RealShop, member_id: str) -> int:
    facts = facts_of(shop, member_id)
    return sum(isinstance(each, CouponIssued) and each.why == "referral" for each in facts)


def shared(shop: RealShop, member_id: str) -> int:
    """Points a referrer has because of friends' sales, less what refunds took."""
    facts = [each for each in facts_of(shop, member_id) if isinstance(each, SaleShared)]
    return sum(points for each in facts for _, points in each.by_line)


def sale_to(shop: RealShop, member_id: str) -> str:
    return next(each.op_id for each in facts_of(shop, member_id) if isinstance(each, SaleRecorded))


def after_days(shop: RealShop, days: int) -> None:
    shop.clock.go_on(milliseconds=days * DAY_MS)
    night(shop)


def test_a_step_is_given_once_its_friends_orders_stand(stepped: RealShop) -> None:
    wang = stepped.members[WANG]
    friend_of(stepped, WANG, 1)
    second = friend_of(stepped, WANG, 2)
    night(stepped)
    assert steps_given(stepped, wang) == 0, "both can still come back"
    refunded(stepped, sale_to(stepped, second.member_id), (0, 1))
    after_days(stepped, 9)
    assert (steps_given(stepped, wang), night(stepped).referrals) == (0, 0), "one came back"
    friend_of(stepped, WANG, 3)
    night(stepped)
    points = panel_of(stepped, WANG).points
    after_days(stepped, 9)
    assert steps_given(stepped, wang) == 1
    night(stepped)
    assert steps_given(stepped, wang) == 1
    gained = panel_of(stepped, WANG).points - points
    assert gained > 200, "the step, and the third friend's own"


def test_two_friends_who_are_one_count_once_and_bring_nothing_more(stepped: RealShop) -> None:
    wang = stepped.members[WANG]
    friends = [friend_of(stepped, WANG, number) for number in (1, 2)]
    night(stepped)
    before = shared(stepped, wang)
    stepped.do(remove_member)
    ids = {"member_id": friends[0].member_id, "other_id": friends[1].member_id}
    merged = stepped.do(merge_members, **ids, reason="同一人")
    assert isinstance(merged, Merged), merged
    after_days(stepped, 9)
    assert (shared(stepped, wang), steps_given(stepped, wang)) == (before, 0)


def test_one_person_whom_two_have_won_rewards_the_first_alone(stepped: RealShop) -> None:
    wang = stepped.members[WANG]
    first = next(name for name in stepped.members if name != WANG)
    stepped.do(remove_member)
    idle = join_without_buying(stepped, WANG, 7)
    stepped.clock.go_on(milliseconds=60_000)  # the older one of the two is who they become
    bought = friend_of(stepped, first, 5)
    night(stepped)
    assert shared(stepped, stepped.members[first]) > 0
    stepped.do(remove_member)
    ids = {"member_id": idle.member_id, "other_id": bought.member_id}
    assert stepped.do(merge_members, **ids, reason="同一人") == Merged(idle.member_id)
    after_days(stepped, 1)
    assert shared(stepped, wang) == 0, "he has one first order"
    refunded(stepped, sale_to(stepped, bought.member_id), (0, 1))
    assert shared(stepped, stepped.members[first]) == 0


def test_a_merged_referrer_is_rewarded_and_a_refund_takes_it_back(stepped: RealShop) -> None:
    """He won a friend with his second card; both cards are his."""
    yes = NewMember(phone="13912340009", name="王红", consents=frozenset({"membership"}))
    twin = stepped.do(join_member, new=yes)
    assert isinstance(twin, Joined)
    stepped.do(remove_member)
    stepped.members["王红"], stepped.cards["王红"] = twin.member_id, twin.card_code
    joined = friend_of(stepped, "王红", 1)
    ids = {"member_id": twin.member_id, "other_id": stepped.members[WANG]}
    assert isinstance(stepped.do(merge_members, **ids, reason="两张卡"), Merged)
    assert night(stepped).referrals == 1
    assert panel_of(stepped, WANG).points_held > 100
    refunded(stepped, sale_to(stepped, joined.member_id), (0, 1))
    assert shared(stepped, twin.member_id) == 0
    assert panel_of(stepped, WANG).points_held == 0


def test_who_is_the_referrer_himself_brings_nothing(stepped: RealShop) -> None:
    """A second number to win oneself with: once both are one, nothing is due."""
    new = NewMember(phone="13912340008", name="王红", consents=frozenset({"membership"}),
                    referrer_card=stepped.cards[WANG])  # fmt: skip
    joined = stepped.do(join_member, new=new)
    assert isinstance(joined, Joined)
    stepped.do(scan_code, text=MILK)
    assert isinstance(stepped.do(pay_cash), SaleDone)
    ids = {"member_id": joined.member_id, "other_id": stepped.members[WANG]}
    assert isinstance(stepped.do(merge_members, **ids, reason="同一人"), Merged)
    assert night(stepped).referrals == 0
    assert shared(stepped, stepped.members[WANG]) == 0


def test_the_page_tells_who_sent_him_and_whom_he_sent(stepped: RealShop) -> None:
    friends = [friend_of(stepped, WANG, number) for number in (1, 2)]
    night(stepped)
    late = join_without_buying(stepped, WANG, 3)
    seen = stepped.do(member_referrals, member_id=stepped.members[WANG])
    assert isinstance(seen, MemberReferrals)
    states = {each.who.member_id: each.state for each in seen.rows}
    waiting = dict.fromkeys((each.member_id for each in friends), "waiting")
    assert states == waiting | {late.member_id: "joined"}
    assert seen.progress is not None
    assert (seen.progress.waiting, seen.progress.missing, seen.sent_by) == (2, 2, None)
    refunded(stepped, sale_to(stepped, friends[0].member_id), (0, 1))
    after_days(stepped, 9)
    seen = stepped.do(member_referrals, member_id=stepped.members[WANG])
    assert sorted(each.state for each in seen.rows) == ["came_back", "counted", "joined"]
    panel = panel_of(stepped, WANG)
    assert (panel.next_friend.friends, panel.next_friend.points) == (2, 200), "one is missing"
    theirs = stepped.do(member_referrals, member_id=late.member_id)
    assert theirs.sent_by.name == "王*红"
    copied = copy_of_data(shop=stepped.shop, lane=LaneOf(stepped), member_id=stepped.members[WANG])
    assert isinstance(copied, CopyGiven)
    assert copied.data.referral == ReferralCopy(False, 3, 1, 0)
    counted(stepped)
    days = Days(DAY, DAY + timedelta(days=10))
    assert value(read(stepped, days), "referral_conversion") == (2, 3), "two of three bought"
    behind = stepped.do(people_behind, figure="referral_conversion", days=days)
    lane = LaneOf(stepped)
    found = people_found(shop=stepped.shop, lane=lane, figure="referral_conversion", days=days)
    assert isinstance(found, tuple)
    assert stepped.do(name_people, lines=found, has_more=False) == behind
    assert {line.person for line in behind.lines} == states.keys()
    assert value(read(stepped), "referral_conversion")[1] == 3
    tomorrow = Days(DAY + timedelta(days=1), DAY + timedelta(days=1))
    assert value(read(stepped, tomorrow), "referral_conversion") == (0, 0)


def join_without_buying(shop: RealShop, referrer: str, number: int) -> Joined:
    new = NewMember(
        phone=f"1391234{number:04d}",
        consents=frozenset({"membership"}),
        referrer_card=shop.cards[referrer],
    )
    joined = shop.do(join_member, new=new)
    assert isinstance(joined, Joined)
    shop.do(remove_member)
    return joined

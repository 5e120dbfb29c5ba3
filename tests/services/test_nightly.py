"""What the night gives: birthdays, reviews, referral points; once, in any number of runs."""

from __future__ import annotations

from typing import Any

import pytest

from app.domain.facts import TierReviewed, read_fact
from app.domain.member import BirthdayOn, PersonalData
from app.domain.settlement import ShareEntry
from app.services.checkout import SaleDone
from app.services.joining import Joined, NewMember, join_member
from app.services.nightly import NightDone, run_night
from app.services.payment import pay_cash
from app.services.scan import scan_code
from tests.real_shop import MILK, NEW_PHONE, OIL, RealShop, add_member
from tests.services.conftest import restarted, trail, use_program

DAY_MS = 24 * 3600 * 1000

BIRTHDAY = """
[birthday]
points = 88
offers = ["birthday-gift"]

[[offers]]
id = "birthday-gift"
name = { zh = "生日礼 满20减10", en = "Birthday: ¥10 off ¥20" }
trigger = "coupon"
coupon_days = 31
threshold = { amount = "20.00" }
why = "birthday"
effect = { kind = "amount_off", amount = "10.00" }
"""


class LaneOf:
    """The store lane, as a night takes it."""

    def __init__(self, shop: RealShop) -> None:
        self._shop = shop

    def run(self, work: Any) -> Any:
        return self._shop.store.lane.submit(work).result()


def night(shop: RealShop) -> NightDone:
    return run_night(shop=shop.shop, lane=LaneOf(shop))


class FactReads:
    """The facts of a unit of work, counting how often all facts of somebody are read."""

    def __init__(self, lane: LaneOf) -> None:
        self._lane = lane
        self.of_members: list[str] = []

    def run(self, work: Any) -> Any:
        return self._lane.run(lambda unit: work(_Counted(unit, self.of_members)))


class _Counted:
    def __init__(self, part: Any, read: list[str]) -> None:
        self._part, self._read = part, read

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._part, name)
        return _Counted(found, self._read) if name == "facts" else found

    def of_member(self, member_id: str) -> Any:
        self._read.append(member_id)
        return self._part.of_member(member_id)


def reads_of_a_night(shop: RealShop) -> tuple[int, list[str]]:
    """How many referrals a night rewarded, and whose facts it read for that."""
    lane = FactReads(LaneOf(shop))
    done = run_night(shop=shop.shop, lane=lane)
    return done.referrals, lane.of_members


def friend_of(shop: RealShop, referrer: str, number: int) -> Joined:
    """Somebody who joined with the referrer's card and has bought."""
    new = NewMember(
        phone=f"1391234{number:04d}",
        name=f"友{number}",
        consents=frozenset({"membership"}),
        referrer_card=shop.cards[referrer],
    )
    joined = shop.do(join_member, new=new)
    assert isinstance(joined, Joined)
    buys(shop, joined)
    return joined


def buys(shop: RealShop, joined: Joined) -> None:
    shop.do(scan_code, text=joined.card_code)
    shop.do(scan_code, text=MILK)
    assert isinstance(shop.do(pay_cash), SaleDone)


def panel_of(shop: RealShop, name: str) -> Any:
    return shop.do(scan_code, text=shop.cards[name]).state.member


def test_a_birthday_is_given_once_in_its_month_and_usable_at_once(shop: RealShop) -> None:
    use_program(shop, BIRTHDAY)
    lunar = BirthdayOn(10, 12, lunar=True)  # 20 November 2026
    add_member(shop, PersonalData(phone="+8613900003333", name="孙月", birthday=lunar))
    before = panel_of(shop, "张三丰").points
    first = night(shop)
    assert first.birthdays == 2, "张三丰 on the 18th, 孙月 by the moon"
    assert night(shop).birthdays == 0
    shop.do(scan_code, text=MILK)
    panel = panel_of(shop, "张三丰")
    assert panel.points == before + 88
    coupons = {coupon.offer_id: coupon.state for coupon in panel.coupons}
    assert coupons["birthday-gift"] == "used"
    assert trail(shop).count("nightly") == 2


def reviews_of(shop: RealShop, name: str) -> int:
    """How many reviews there are of one member after this night; others have theirs too."""
    night(shop)
    member_id = shop.members[name]
    kept = shop.do(lambda shop, work: list(work.facts.of_member(member_id)))
    return sum(isinstance(read_fact(row.data), TierReviewed) for row in kept)


def test_a_tier_that_was_not_earned_again_steps_down_once_after_its_end(shop: RealShop) -> None:
    shop.do(scan_code, text=shop.cards["陈静"])
    from app.services.lines import set_quantity

    line = shop.do(scan_code, text=OIL).line_id
    shop.do(set_quantity, line_id=line, text="95")
    reached = shop.do(pay_cash).tier_reached
    assert (reached.tier_id, reached.last_day) == ("gold", "2027-11-30")
    shop.clock.go_on(milliseconds=370 * DAY_MS)
    assert reviews_of(shop, "陈静") == 0, "still gold"
    shop.clock.go_on(milliseconds=7 * DAY_MS)
    assert reviews_of(shop, "陈静") == 1, "the window still holds the month of the big sale"
    assert panel_of(shop, "陈静").tier_id == "gold"
    shop.clock.go_on(milliseconds=366 * DAY_MS)
    assert reviews_of(shop, "陈静") == 2
    assert night(shop).reviews == 0
    assert reviews_of(shop, "陈静") == 2
    assert panel_of(shop, "陈静").tier_id == "silver", "one step, not two"


def test_a_referrer_gets_his_points_once_the_friend_has_bought(shop: RealShop) -> None:
    friend = NewMember(
        phone=NEW_PHONE,
        name="刘洋",
        consents=frozenset({"membership"}),
        referrer_card=shop.cards["王小红"],
    )
    joined = shop.do(join_member, new=friend)
    assert isinstance(joined, Joined)
    assert night(shop).referrals == 0, "joining alone earns nothing"
    shop.do(scan_code, text=joined.card_code)
    shop.do(scan_code, text=MILK)
    done = shop.do(pay_cash)
    assert night(shop).referrals == 1
    assert night(shop).referrals == 0
    panel = panel_of(shop, "王小红")
    share = done.points_earned * 3 // 10
    assert (panel.points, panel.points_held) == (640, 100 + share)
    shop.clock.go_on(milliseconds=8 * DAY_MS)
    assert panel_of(shop, "王小红").points == 640 + 100 + share


def test_a_rewarded_referral_costs_no_later_night_a_read_of_anybodys_facts(
    shop: RealShop,
) -> None:
    friends = [friend_of(shop, "王小红", number) for number in range(3)]
    rewarded, read = reads_of_a_night(shop)
    assert rewarded == 3
    assert set(read) == {*(each.member_id for each in friends), shop.members["王小红"]}
    points = panel_of(shop, "王小红").points_held
    for _ in range(2):
        buys(shop, friends[0])
        assert reads_of_a_night(shop) == (0, [])
    later = friend_of(shop, "王小红", 7)
    rewarded, read = reads_of_a_night(shop)
    assert (rewarded, read) == (1, [later.member_id, shop.members["王小红"]]), "only the new one"
    assert panel_of(shop, "王小红").points_held > points
    restarted(shop)
    assert reads_of_a_night(shop) == (0, [])


def test_a_referrer_who_has_had_all_of_a_year_is_not_read_again_before_the_next(
    shop: RealShop,
) -> None:
    use_program(shop, "", swap=("[referral]", "[referral]\nper_year = 2"))
    for number in range(3):
        friend_of(shop, "王小红", number)
    assert reads_of_a_night(shop)[0] == 2
    assert reads_of_a_night(shop) == (0, [])
    shop.clock.go_on(milliseconds=60 * DAY_MS)
    assert reads_of_a_night(shop)[0] == 1, "January: nobody is missed"
    assert reads_of_a_night(shop) == (0, [])


def test_a_gift_of_a_till_that_did_not_mark_it_yet_is_not_given_again(
    shop: RealShop, monkeypatch: pytest.MonkeyPatch
) -> None:
    friend_of(shop, "王小红", 1)
    with monkeypatch.context() as before:
        before.setattr(ShareEntry, "effects", property(lambda entry: (entry.effect,)))
        assert reads_of_a_night(shop)[0] == 1
    points = panel_of(shop, "王小红").points_held
    assert reads_of_a_night(shop)[0] == 0
    assert panel_of(shop, "王小红").points_held == points


def test_local_notes_are_forgotten_after_35_days(shop: RealShop) -> None:
    shop.do(scan_code, text=shop.cards["张三丰"])
    shop.do(scan_code, text=MILK)
    done = shop.do(pay_cash)

    def notes() -> int:
        return len(shop.do(lambda shop, work: work.not_applied.of_sale(done.sale_id)))

    night(shop)
    assert notes() > 0
    shop.clock.go_on(milliseconds=36 * DAY_MS)
    night(shop)
    assert notes() == 0


def test_everybody_has_his_turn_where_many_are_due_in_one_night(shop: RealShop) -> None:
    use_program(shop, BIRTHDAY)
    born = BirthdayOn(11, 30)
    for number in range(25):
        phone = f"+861390000{number:04d}"
        add_member(shop, PersonalData(phone=phone, name=f"孙{number}", birthday=born))
    done = night(shop)
    assert done.birthdays == 26, "张三丰 too"
    assert done.members == 29
    assert night(shop).birthdays == 0

"""Joining at the till, and everything a member may do there afterwards."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import msgspec
import pytest

from app.domain.codes import CodeKind, random_code
from app.domain.consent import ConsentText
from app.domain.facts import CardIssued, MemberJoined, ProfileEditRequested, read_fact
from app.domain.member import BirthdayOn, PersonalData
from app.domain.money import Money
from app.domain.phone import HasLetters, NoSuchSegment, Overseas, WrongLength
from app.services.answers import Changed, NoMember, NotAllowed, PaymentUnderWay
from app.services.check_in import CheckedInBefore, MemberCheckedIn, check_in
from app.services.consent import ConsentAsBefore, ConsentNeeded, change_consent
from app.services.entitlement import EntitlementTicked, NoneLeft, NotEntitled, tick_entitlement
from app.services.find_member import (
    MemberPutOn,
    MembersFound,
    NobodyFound,
    OwnMembership,
    PhoneIncomplete,
    TypeMore,
    find_members,
    put_on,
    remove_member,
)
from app.services.joining import (
    AlreadyMember,
    BirthdayRefused,
    ConsentMissing,
    Joined,
    NewMember,
    PhoneRefused,
    ReferralNeedsPhone,
    join_member,
)
from app.services.payment import pay_cash, start_payment
from app.services.profile import CardReplaced, ProfileEdit, edit_profile, replace_card
from app.services.referrer import ReferrerUnknown
from app.services.reveal import NoPhone, PhoneRevealed, reveal_phone
from app.services.scan import scan_code
from tests.real_shop import GOLD_PHONE, MILK, NEW_PHONE, TOWEL, RealShop
from tests.services.conftest import restarted, trail, use_program

YES = frozenset({"membership"})


def join(shop: RealShop, **fields: Any) -> Any:
    return shop.do(join_member, new=NewMember(**{"phone": NEW_PHONE, "consents": YES, **fields}))


def test_a_new_member_uses_the_welcome_pack_in_the_same_basket(shop: RealShop) -> None:
    for code in (MILK, TOWEL):
        shop.do(scan_code, text=code)
    joined = join(shop, name="刘 洋", birthday=BirthdayOn(2, 29))
    assert isinstance(joined, Joined)
    assert joined.saved == Money(500)
    assert [coupon.words.en for coupon in joined.welcome] == ["Welcome: ¥5 off ¥30"]
    panel = joined.state.member
    assert panel is not None
    assert (panel.is_new, panel.tier_id, panel.phone_masked) == (True, "regular", "137****2468")
    done = shop.do(pay_cash)
    assert done.receipt.total_minor == 7890 - 500
    assert isinstance(shop.do(scan_code, text=joined.card_code), MemberPutOn)
    seat = shop.shop.desk.state.seat
    assert seat is not None
    assert seat.view.coupons == (), "the welcome coupon is used"


def test_consents_are_kept_by_purpose_with_version_and_hash_of_the_text(shop: RealShop) -> None:
    joined = join(shop, consents=frozenset({"membership", "marketing"}))
    account = shop.do(lambda shop, work: work.accounts.get(joined.member_id))
    texts = shop.shop.consent_texts
    kept = {(c.purpose, c.text_version, c.text_hash) for c in account.consents.values()}
    expected = {
        (purpose, texts[purpose].version, texts[purpose].hash)
        for purpose in ("membership", "marketing")
    }
    assert kept == expected
    other = ConsentText("marketing", "2", (("en", "Anything"), ("zh_CN", "别的")))
    assert other.hash not in {consent.text_hash for consent in account.consents.values()}


def test_personal_data_stands_in_the_fact_only_under_the_members_key(shop: RealShop) -> None:
    joined = join(shop, name="刘洋")
    [stored] = shop.do(lambda shop, work: work.facts.of_member(joined.member_id))
    assert NEW_PHONE.encode() not in stored.data
    assert "刘洋".encode() not in stored.data
    fact = read_fact(stored.data)
    assert isinstance(fact, MemberJoined)
    assert fact.profile is not None
    sealed = fact.profile
    plain = shop.do(lambda shop, work: work.member_keys.unseal(joined.member_id, sealed))
    person = msgspec.json.decode(plain, type=PersonalData)
    assert (person.phone, person.name) == (f"+86{NEW_PHONE}", "刘洋")
    shop.do(lambda shop, work: work.member_keys.destroy(joined.member_id))
    assert shop.do(lambda shop, work: work.member_keys.unseal(joined.member_id, sealed)) is None


STRANGER = random_code(CodeKind.MEMBER, 7).text
BAD = [
    pytest.param({"phone": "1371234246"}, PhoneRefused(WrongLength(10)), id="ten digits"),
    pytest.param({"phone": "137123424689"}, PhoneRefused(WrongLength(12)), id="twelve digits"),
    pytest.param({"phone": "12012345678"}, PhoneRefused(NoSuchSegment("12")), id="no segment"),
    pytest.param({"phone": "1371234246a"}, PhoneRefused(HasLetters("a")), id="a letter"),
    pytest.param({"phone": "+49123"}, PhoneRefused(Overseas("+49123")), id="no foreign number"),
    pytest.param({"birthday": BirthdayOn(2, 30)}, BirthdayRefused(2, 30), id="30 February"),
    pytest.param(
        {"birthday": BirthdayOn(5, 31, lunar=True)}, BirthdayRefused(5, 31), id="lunar 31st"
    ),
    pytest.param({"consents": frozenset()}, ConsentMissing("membership"), id="not asked"),
    pytest.param(
        {"consents": frozenset({"marketing"})}, ConsentMissing("membership"), id="marketing alone"
    ),
    pytest.param({"referrer_card": "M123"}, ReferrerUnknown("M123"), id="no such friend"),
    pytest.param({"referrer_card": STRANGER}, ReferrerUnknown(STRANGER), id="nobody's card"),
    pytest.param(
        {"referrer_card": "M123", "phone": ""}, ReferralNeedsPhone(), id="a card without a phone"
    ),
]


@pytest.mark.parametrize(("fields", "answer"), BAD)
def test_bad_input_is_named_and_nobody_joins(
    shop: RealShop, fields: dict[str, Any], answer: object
) -> None:
    before = shop.do(lambda shop, work: work.members.count())
    assert join(shop, **fields) == answer
    assert shop.do(lambda shop, work: work.members.count()) == before
    assert "member_joined" not in trail(shop)


def test_a_number_somebody_has_leads_to_that_membership(shop: RealShop) -> None:
    answer = join(shop, phone=f"138 0013 {GOLD_PHONE[-4:]}")
    assert isinstance(answer, AlreadyMember)
    assert (answer.hit.name_masked, answer.hit.phone_masked) == ("张*丰", "138****8000")


def test_an_overseas_number_is_read_by_the_full_library(shop: RealShop) -> None:
    joined = join(shop, phone="+49 1512 3456789")
    assert isinstance(joined, Joined)
    member = shop.do(lambda shop, work: work.members.get(joined.member_id))
    assert member.person.phone == "+4915123456789"


def test_an_anonymous_card_earns_and_gets_no_welcome_pack(shop: RealShop) -> None:
    shop.do(scan_code, text=MILK)
    joined = join(shop, phone="")
    assert isinstance(joined, Joined)
    assert (joined.welcome, joined.phone_masked, joined.saved) == ((), None, Money(0))
    assert joined.state.member is not None
    assert joined.state.member.is_anonymous
    assert shop.do(pay_cash).points_earned == 59
    answer = shop.do(reveal_phone, member_id=joined.member_id, reason="member_asked")
    assert answer == NoPhone()


def test_the_friend_who_sent_him_stands_in_the_fact(shop: RealShop) -> None:
    joined = join(shop, referrer_card=shop.cards["张三丰"].lower())
    [stored] = shop.do(lambda shop, work: work.facts.of_member(joined.member_id))
    fact = read_fact(stored.data)
    assert isinstance(fact, MemberJoined)
    assert fact.referrer == shop.members["张三丰"]


def test_nobody_joins_a_basket_that_is_being_paid(shop: RealShop) -> None:
    shop.do(scan_code, text=MILK)
    shop.do(start_payment, kind="mobile")
    assert join(shop) == PaymentUnderWay()
    assert isinstance(join(shop, put_on_basket=False), Joined)


# ------------------------------------------------------------------ finding


@pytest.mark.parametrize(
    ("text", "names"),
    [
        pytest.param("13800138000", ["张*丰"], id="phone"),
        pytest.param("138 0013 8000", ["张*丰"], id="phone in groups"),
        pytest.param("+8613800138000", ["张*丰"], id="phone with country"),
        pytest.param("8000", ["张*丰", "陈*"], id="last four digits"),
        pytest.param("张三", ["张*丰"], id="name"),
        pytest.param("zhangsan", ["张*丰"], id="pinyin"),
        pytest.param("zsf", ["张*丰"], id="initials"),
    ],
)
def test_a_member_is_found_by(shop: RealShop, text: str, names: list[str]) -> None:
    found = shop.do(find_members, text=text)
    assert isinstance(found, MembersFound)
    assert sorted(hit.name_masked for hit in found.hits) == sorted(names)
    assert "13800138000" not in repr(found)


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        pytest.param("", TypeMore(), id="nothing"),
        pytest.param("800", TypeMore(), id="three digits"),
        pytest.param("1380013800", PhoneIncomplete(10), id="ten digits"),
        pytest.param("138001380001", PhoneIncomplete(12), id="twelve digits"),
        pytest.param("z", TypeMore(), id="one letter"),
        pytest.param("9999", NobodyFound("9999"), id="nobody's last four"),
        pytest.param(NEW_PHONE, NobodyFound(NEW_PHONE, f"+86{NEW_PHONE}"), id="can join"),
        pytest.param("不存在", NobodyFound("不存在"), id="nobody's name"),
    ],
)
def test_a_search_that_finds_nobody_says_what_to_do(
    shop: RealShop, text: str, answer: object
) -> None:
    assert shop.do(find_members, text=text) == answer


def test_a_member_put_on_by_look_up_and_taken_off_again(shop: RealShop) -> None:
    shop.do(scan_code, text=MILK)
    [hit] = shop.do(find_members, text="13800138000").hits
    on = shop.do(put_on, member_id=hit.member_id, found_by="138 0013 8000")
    assert isinstance(on, MemberPutOn)
    assert on.state.member is not None
    assert (on.state.member.identified_by, on.state.member.points_today_left) == ("phone", 500)
    off = shop.do(remove_member)
    assert isinstance(off, Changed)
    assert off.state.totals.total == Money(5900)
    assert shop.do(remove_member) == NoMember()


FOUND_BY = [
    pytest.param("张三", "name", 0, id="his name"),
    pytest.param("8000", "name", 0, id="the last four digits"),
    pytest.param("13911222233", "name", 0, id="somebody else's number"),
    pytest.param("{card of 王小红}", "name", 0, id="somebody else's card"),
    pytest.param("", "name", 0, id="nothing"),
    pytest.param("pass", "name", 0, id="a word of the window"),
    pytest.param("138-0013-8000", "phone", 500, id="his number"),
    pytest.param("{card of 张三丰}", "card", 5000, id="his card"),
]


@pytest.mark.parametrize(("typed", "known_by", "points"), FOUND_BY)
def test_a_member_is_known_by_what_was_typed_not_by_what_the_window_says(
    shop: RealShop, typed: str, known_by: str, points: int
) -> None:
    for name, card in shop.cards.items():
        typed = typed.replace(f"{{card of {name}}}", card)
    shop.do(scan_code, text=MILK)
    on = shop.do(put_on, member_id=shop.members["张三丰"], found_by=typed)
    assert isinstance(on, MemberPutOn)
    assert on.state.member is not None
    assert on.state.member.identified_by == known_by
    assert on.state.member.points_today_left == points


def test_a_card_that_was_replaced_finds_its_member_and_proves_no_more_than_a_name(
    shop: RealShop,
) -> None:
    shop.sign_in("王芳")
    old = shop.cards["张三丰"]
    shop.do(replace_card, member_id=shop.members["张三丰"])
    [hit] = shop.do(find_members, text=old).hits
    assert (hit.member_id, hit.identified_by) == (shop.members["张三丰"], "name")
    on = shop.do(put_on, member_id=hit.member_id, found_by=old)
    assert isinstance(on, MemberPutOn)
    assert on.state.member is not None
    assert on.state.member.identified_by == "name"


# ------------------------------------------------------------------ afterwards


def test_the_phone_is_revealed_with_a_reason_and_a_trace(shop: RealShop) -> None:
    answer = shop.do(reveal_phone, member_id=shop.members["张三丰"], reason="contact_member")
    assert answer == PhoneRevealed("+8613800138000")
    assert "13800138000" not in repr(answer)
    last = shop.do(lambda shop, work: work.audit.entries())[-1].entry
    assert (last.action, last.subject) == ("phone_revealed", shop.members["张三丰"])
    assert ("reason", "contact_member") in last.details


def test_a_check_in_counts_once_a_day_and_more_with_the_streak(shop: RealShop) -> None:
    points = []
    for _ in range(3):
        shop.do(scan_code, text=shop.cards["王小红"])
        answer = shop.do(check_in)
        assert isinstance(answer, MemberCheckedIn)
        points.append((answer.streak, answer.points))
        assert shop.do(check_in) == CheckedInBefore()
        restarted(shop)
        shop.sign_in()
        assert shop.do(check_in) == CheckedInBefore(), "also after a restart"
        shop.clock.go_on(milliseconds=24 * 3600 * 1000)
    assert points == [(1, 5), (2, 5), (3, 10)]
    seen = shop.do(scan_code, text=shop.cards["王小红"]).state.member
    assert seen.points == 640 + 20


PARKING = """
[[tiers.entitlements]]
id = "parking"
name = { zh = "免费停车", en = "Free parking" }
count = 2
period = "month"
"""


def test_a_benefit_is_ticked_off_until_none_is_left(shop: RealShop) -> None:
    gold = 'earn_rate = "1.5"\npoints_months = 24\n'
    use_program(shop, "", swap=(gold, gold + PARKING))
    shop.do(scan_code, text=shop.cards["张三丰"])
    left = []
    for _ in range(2):
        answer = shop.do(tick_entitlement, entitlement_id="parking")
        assert isinstance(answer, EntitlementTicked)
        left.append(answer.left)
    assert left == [1, 0]
    assert shop.do(tick_entitlement, entitlement_id="parking") == NoneLeft("parking")
    assert shop.do(tick_entitlement, entitlement_id="lounge") == NotEntitled("lounge")
    shop.do(scan_code, text=shop.cards["王小红"])
    assert shop.do(tick_entitlement, entitlement_id="parking") == NotEntitled("parking")


def test_consents_are_given_and_withdrawn_one_by_one(shop: RealShop) -> None:
    joined = join(shop)
    change: Callable[..., Any] = lambda **w: shop.do(  # noqa: E731 - a short name for this test
        change_consent, member_id=joined.member_id, **w
    )
    assert change(purpose="marketing", given=False) == ConsentAsBefore("marketing")
    given = change(purpose="marketing", given=True)
    assert isinstance(given, Changed)
    assert given.state.member is not None
    assert given.state.member.marketing_allowed
    assert change(purpose="marketing", given=True) == ConsentAsBefore("marketing")
    assert not change(purpose="marketing", given=False).state.member.marketing_allowed
    assert change(purpose="membership", given=False) == ConsentNeeded("membership")


def test_a_member_on_the_basket_over_midnight_is_judged_by_the_new_day(shop: RealShop) -> None:
    shop.do(scan_code, text=shop.cards["张三丰"])
    assert shop.do(check_in).streak == 1
    shop.clock.go_on(milliseconds=24 * 3600 * 1000)
    answer = shop.do(check_in)
    assert isinstance(answer, MemberCheckedIn), "yesterday's check-in is not today's"
    assert answer.streak == 2


def test_nobody_checks_his_own_membership_in_after_taking_over(shop: RealShop) -> None:
    shop.do(scan_code, text=shop.cards["张三丰"])
    person = shop.do(lambda shop, work, who=shop.staff["张敏"]: work.staff.get(who))
    own = replace(person, member_ids=frozenset({shop.members["张三丰"]}))
    shop.do(lambda shop, work: work.staff.put(own))
    shop.sign_in("张敏")
    before = len(trail(shop))
    assert shop.do(check_in) == OwnMembership()
    assert shop.do(tick_entitlement, entitlement_id="parking") == OwnMembership()
    assert len(trail(shop)) == before


def test_optional_fields_are_filled_in_afterwards(shop: RealShop) -> None:
    joined = join(shop)
    edit = ProfileEdit(name="刘洋", birthday=BirthdayOn(11, 21))
    answer = shop.do(edit_profile, member_id=joined.member_id, edit=edit)
    assert isinstance(answer, Changed)
    assert answer.state.member is not None
    assert (answer.state.member.name_masked, answer.state.member.birthday) == ("刘*", "today")
    shop.do(edit_profile, member_id=joined.member_id, edit=edit)
    [fact] = [
        read_fact(stored.data)
        for stored in shop.do(lambda shop, work: work.facts.of_member(joined.member_id))
        if stored.kind == "profile_edit_requested.1"
    ]  # the same values again are no edit
    assert isinstance(fact, ProfileEditRequested)
    assert fact.fields == ("birthday", "name")
    plain = shop.do(lambda shop, work: work.member_keys.unseal(joined.member_id, fact.values))
    assert msgspec.json.decode(plain) == {"name": "刘洋", "birthday": {"month": 11, "day": 21}}
    wrong = ProfileEdit(birthday=BirthdayOn(13, 1))
    assert shop.do(edit_profile, member_id=joined.member_id, edit=wrong) == BirthdayRefused(13, 1)


def test_a_lost_card_is_replaced_by_who_may(shop: RealShop) -> None:
    member = shop.members["张三丰"]
    assert shop.do(replace_card, member_id=member) == NotAllowed("replace_card")
    shop.sign_in("王芳")
    answer = shop.do(replace_card, member_id=member)
    assert isinstance(answer, CardReplaced)
    assert answer.card_code != shop.cards["张三丰"]
    [*_, stored] = shop.do(lambda shop, work: work.facts.of_member(member))
    issued = read_fact(stored.data)
    assert isinstance(issued, CardIssued)
    assert (issued.card, issued.replaces) == (answer.card_code, shop.cards["张三丰"])
    found = shop.do(find_members, text=shop.cards["张三丰"])
    assert isinstance(found, MembersFound), "the old card still finds its member"

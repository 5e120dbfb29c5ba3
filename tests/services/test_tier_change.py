"""Tiers by hand in a shop of its own: asked for, given, decided once, undone, and kept private."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import text

from app.domain.facts import TierGrantedByHand, TierRequested, read_fact
from app.domain.limit import NOTHING, with_limit
from app.domain.photo import PhotoSought
from app.domain.staff import AUDITOR, SUPERVISOR
from app.domain.tier_change import TierWish, Words
from app.domain.tier_fact import Verdict
from app.services.answers import MemberUnknown, NotAllowed
from app.services.approval import ActForbidden, ApprovalNeeded, Approved, approve_with_badge
from app.services.opening import refresh_desk
from app.services.scan import scan_code
from app.services.tier_answers import (
    AlreadyDecided,
    CannotDecide,
    GrantUndone,
    NoSuchRequest,
    NothingToUndo,
    OwnMembership,
    RequestDecided,
    TierAsked,
    TierGiven,
    WishRefused,
)
from app.services.tier_change import change_tier, decide_request, undo_grant
from app.services.tier_desk import RequestPage, WaitingCount, count_waiting, waiting_requests
from app.services.tier_member import TierOfMember, tier_of_member
from app.services.tier_photo import LOOK_MS, read_evidence
from tests.real_shop import DAY, RealShop
from tests.services.conftest import trail

LAST = date(2027, 11, 30)
SILVER = TierWish("silver", DAY, LAST, "goodwill", "短秤 138 0013 8000", ("C-1042",))
WHO = "陈静"
JPEG = b"\xff\xd8\xff" + b"the other shop's card" * 50


def change(shop: RealShop, wish: TierWish = SILVER, who: str = WHO, **more: Any) -> Any:
    return shop.do(change_tier, member_id=shop.members[who], wish=wish, **more)


def ask(shop: RealShop) -> TierAsked:
    answer = change(shop)
    assert isinstance(answer, TierAsked), answer
    return answer


def decide(shop: RealShop, asked: TierAsked, verdict: Verdict = "approved", note: str = "") -> Any:
    return shop.do(decide_request, request_id=asked.request, verdict=verdict, note=note)


def of_member(shop: RealShop, who: str = WHO) -> TierOfMember:
    answer = shop.do(tier_of_member, member_id=shop.members[who])
    assert isinstance(answer, TierOfMember), answer
    return answer


def requests(shop: RealShop) -> RequestPage:
    page = shop.do(waiting_requests)
    assert isinstance(page, RequestPage), page
    return page


def test_a_cashier_asks_and_it_has_no_effect_until_a_manager_says_yes(shop: RealShop) -> None:
    asked = ask(shop)
    assert not asked.goes_out, "this shop decides alone"
    assert of_member(shop).standing.tier == "regular"
    (row,) = requests(shop).rows
    assert (row.may, row.is_own, row.state, row.asked_by) == (False, True, "waiting", "李明")
    assert shop.do(count_waiting) == WaitingCount(0)
    assert decide(shop, asked) == CannotDecide("own")
    shop.sign_in("王芳")
    assert shop.do(count_waiting) == WaitingCount(1)
    done = decide(shop, asked, note="同意")
    assert done == RequestDecided(asked.request, "approved", counts=True)
    seen = of_member(shop)
    assert (seen.standing.tier, seen.standing.until, seen.standing.source) == (
        "silver", LAST, "grant",
    )  # fmt: skip
    assert requests(shop).rows == ()
    assert [each.event.kind for each in seen.events] == ["grant", "decision", "request"]
    assert [each.event.version for each in seen.events] == ["2026.1", "", "2026.1"]
    grant = seen.events[0]
    assert (grant.by, grant.approved_by, grant.event.before) == ("王芳", "王芳", "regular")
    assert grant.words == Words("短秤 *", ("C-1042",)), "no phone number stands in a trail"
    assert seen.events[1].words == Words("同意")
    assert trail(shop)[-1] == "tier_decided"


def test_the_second_decision_is_told_who_was_first(shop: RealShop) -> None:
    asked = ask(shop)
    shop.sign_in("王芳")
    assert isinstance(decide(shop, asked, "refused", "证据不足"), RequestDecided)
    again = decide(shop, asked)
    assert again == AlreadyDecided(asked.request, "refused", shop.staff["王芳"], DAY, counts=True)
    assert of_member(shop).standing.tier == "regular"
    assert decide(shop, replace(asked, request="nobody")) == NoSuchRequest("nobody")


def test_whoever_asked_may_take_it_back_and_nobody_else(shop: RealShop) -> None:
    asked = ask(shop)
    shop.sign_in("王芳")
    assert decide(shop, asked, "withdrawn") == CannotDecide("not_own")
    shop.sign_in("李明")
    assert isinstance(decide(shop, asked, "withdrawn"), RequestDecided)
    assert of_member(shop).events[0].event.verdict == "withdrawn"


def test_a_manager_gives_it_at_once_and_undoes_it_by_a_record_of_its_own(shop: RealShop) -> None:
    shop.sign_in("王芳")
    gold = replace(SILVER, tier="gold", locked=True)
    given = change(shop, gold)
    assert isinstance(given, TierGiven), given
    shop.do(scan_code, text=shop.cards[WHO])
    member = shop.shop.desk.state.seat
    assert member is not None
    assert member.view.tier == "gold", "in the very next basket"
    assert of_member(shop).grants == (given.grant,)
    done = shop.do(undo_grant, member_id=given.member_id, grant=given.grant, note="给错人")
    assert done == GrantUndone(given.grant)
    seen = of_member(shop)
    assert seen.standing.tier == "regular"
    assert seen.grants == ()
    assert [each.event.kind for each in seen.events] == ["revoked"]
    assert seen.events[0].words == Words("给错人")
    assert shop.do(undo_grant, member_id=given.member_id, grant=given.grant) == NothingToUndo(
        given.grant
    )
    facts = shop.store.lane.run(lambda work: work.facts.of_member(given.member_id))
    assert [fact.kind for fact in facts][-2:] == ["tier_granted.2", "tier_grant_revoked.2"]
    assert trail(shop)[-1] == "tier_undone"


def test_a_wish_that_cannot_be_keeps_what_was_typed(shop: RealShop) -> None:
    backwards = replace(SILVER, last_day=DAY - timedelta(days=1), evidence=())
    answer = change(shop, backwards)
    assert isinstance(answer, WishRefused)
    assert [(each.field, each.fault) for each in answer.faults] == [
        ("last_day", "ends_before_start"), ("evidence", "evidence_missing"),
    ]  # fmt: skip
    assert (answer.wish.reason, answer.wish.last_day) == ("短秤 *", backwards.last_day)
    assert requests(shop).rows == ()


def test_a_manager_who_stands_by_says_yes_in_place(shop: RealShop) -> None:
    needed = change(shop, in_place=True)
    assert isinstance(needed, ApprovalNeeded)
    assert (needed.act, needed.asked, needed.limit) == ("tier_grant", 1, 0)
    badge = shop.badges["王芳"]
    done = shop.do(approve_with_badge, request_id=needed.request_id, badge=badge)
    assert isinstance(done, Approved)
    assert isinstance(done.answer, TierGiven)
    (story,) = of_member(shop).events
    assert (story.by, story.approved_by) == ("李明", "王芳")


def test_a_supervisor_says_yes_to_one_tier_and_not_to_two(shop: RealShop) -> None:
    one = ask(shop)
    two = change(shop, replace(SILVER, tier="gold"), "陈静")
    assert isinstance(two, TierAsked)

    def promote(work: Any) -> None:
        work.staff.put(replace(work.staff.get(shop.staff["张敏"]), role=SUPERVISOR))

    shop.store.lane.submit(promote).result()
    shop.sign_in("张敏")
    may = {row.request.tier: row.may for row in requests(shop).rows}
    assert may == {"silver": True, "gold": False}
    assert decide(shop, two) == CannotDecide("too_high")
    assert isinstance(decide(shop, one), RequestDecided)


def test_nobody_gives_a_tier_to_himself(shop: RealShop) -> None:
    def own(work: Any) -> None:
        person = work.staff.get(shop.staff["李明"])
        work.staff.put(replace(person, member_ids=frozenset({shop.members[WHO]})))

    shop.store.lane.submit(own).result()
    shop.do(refresh_desk)
    assert change(shop) == OwnMembership()


def test_who_may_not_and_who_is_not_there(shop: RealShop) -> None:
    assert shop.do(change_tier, member_id="nobody", wish=SILVER) == MemberUnknown("nobody")
    _no_tiers(shop)
    assert change(shop) == ActForbidden("tier_grant")


def _no_tiers(shop: RealShop) -> None:
    none = with_limit(shop.shop.desk.state.rights, "cashier", "tier_grant", NOTHING)
    shop.shop.desk.adopt(replace(shop.shop.desk.state, rights=none))


def test_an_auditor_does_not_enter(shop: RealShop) -> None:
    state = shop.shop.desk.state
    assert state.staff is not None
    shop.shop.desk.adopt(replace(state, staff=replace(state.staff, role=AUDITOR)))
    assert change(shop) == NotAllowed("join_member")
    assert shop.do(waiting_requests) == NotAllowed("join_member")
    assert shop.do(count_waiting) == NotAllowed("join_member")


def test_a_request_whose_last_day_passed_is_off_the_list_and_cannot_be_approved(
    shop: RealShop,
) -> None:
    soon = replace(SILVER, last_day=DAY + timedelta(days=1))
    asked = change(shop, soon)
    shop.clock.go_on(milliseconds=3 * 86_400_000)
    shop.sign_in("王芳")
    assert requests(shop).rows == ()
    assert decide(shop, asked) == CannotDecide("lapsed")


@pytest.mark.parametrize("kind", [TierRequested, TierGrantedByHand])
def test_what_was_written_about_him_stands_only_under_his_key(
    shop: RealShop, kind: type[Any]
) -> None:
    shop.sign_in("王芳" if kind is TierGrantedByHand else "李明")
    change(shop)
    stored = shop.store.lane.run(lambda work: work.facts.of_member(shop.members[WHO]))[-1]
    assert isinstance(read_fact(stored.data), kind)
    assert "短秤".encode() not in stored.data
    shop.store.lane.run(lambda work: work.member_keys.destroy(shop.members[WHO]))
    assert of_member(shop).events[0].hidden


def test_one_look_at_several_photos_is_one_entry_that_names_them(shop: RealShop) -> None:
    card = replace(SILVER, reason_type="matched", reason="", evidence=(), tier="gold")
    shop.sign_in("王芳")
    given = change(shop, replace(card, photos=tuple(JPEG + bytes([n]) for n in range(3))))
    assert isinstance(given, TierGiven), given
    shown = of_member(shop).photos
    names = {photo for _, photo in shown}
    assert len(names) == 3

    def look() -> list[set[str]]:
        for about, photo in shown:
            shop.do(read_evidence, about=about, photo_id=photo, beside=shown)
        entries = shop.store.lane.run(
            lambda work: work.audit.about(shop.members[WHO], ["evidence_seen"])
        )
        return [set(dict(each.entry.details)["photo"].split()) for each in entries]

    assert look() == [], "her own"
    shop.sign_in("李明")
    assert look() == [names]
    assert look() == [names], "the same look"
    shop.clock.go_on(milliseconds=LOOK_MS)
    assert look() == [names] * 2
    shop.clock.go_on(milliseconds=LOOK_MS)
    about, photo = shown[0]
    shop.do(read_evidence, about=about, photo_id=photo, beside=((about, "no such photo"),))
    assert look() == [names, names, {photo}, names], "what was not named is"
    shop.clock.go_on(milliseconds=LOOK_MS)
    kept = shop.store.lane.run(lambda work: work.photos.get(photo))
    assert kept is not None
    away = text("DELETE FROM photo WHERE photo_id = :key").bindparams(key=photo)
    shop.store.lane.run(lambda work: work.connection.execute(away).rowcount)
    assert look()[4:] == [names - {photo}], "nobody saw the one that is still on its way"
    shop.store.lane.run(lambda work: work.photos.put(kept))
    assert photo in look()[5], "when it came"


def test_a_photo_is_evidence_and_goes_with_the_person(shop: RealShop) -> None:
    card, picture = replace(SILVER, reason_type="matched", reason="", evidence=()), JPEG
    refused = change(shop, card)
    assert [each.fault for each in refused.faults] == ["evidence_missing"]
    for wrong in ((b"no picture",), (picture,) * 9):
        refused = change(shop, replace(card, photos=wrong))
        assert [(each.field, each.fault) for each in refused.faults] == [
            ("photos", "photo_refused")
        ]
        assert refused.wish.photos == wrong, "what was chosen stays"
    asked = change(shop, replace(card, photos=(picture, picture + b"2")))
    assert isinstance(asked, TierAsked), asked
    seen = of_member(shop).photos
    assert [about for about, _ in seen] == [asked.request] * 2
    read = [shop.do(read_evidence, about=about, photo_id=photo) for about, photo in seen]
    assert read == [picture, picture + b"2"]
    assert "evidence_seen" not in trail(shop), "his own"
    none = NoSuchRequest(asked.request)
    assert shop.do(read_evidence, about=asked.request, photo_id="none") == none
    waiting = shop.store.lane.run(lambda work: work.photos.waiting())
    sealed = shop.store.lane.run(lambda work: [work.photos.sealed(each) for each in waiting])
    assert None not in sealed, "its key was made with it, and travels"
    shop.sign_in("王芳")
    shop.clock.go_on(milliseconds=1000)
    given = change(shop, replace(card, photos=(picture,), tier="gold"))
    assert isinstance(given, TierGiven), given
    (about, photo), *_ = of_member(shop).photos
    assert about == given.grant
    shop.sign_in("李明")
    assert shop.do(read_evidence, about=about, photo_id=photo) == picture
    assert trail(shop)[-1] == "evidence_seen", "another may see it, and it is known who did"
    _no_tiers(shop)
    assert shop.do(read_evidence, about=about, photo_id=photo) == ActForbidden("tier_grant")
    shop.sign_in("王芳")
    shop.store.lane.run(lambda work: work.photos.forget(shop.members[WHO]))
    sought = shop.do(read_evidence, about=about, photo_id=photo)
    assert isinstance(sought, PhotoSought)
    shop.store.lane.run(lambda work: work.erasures.wipe([shop.members[WHO]]))
    assert shop.do(read_evidence, about=about, photo_id=photo) == NoSuchRequest(about)

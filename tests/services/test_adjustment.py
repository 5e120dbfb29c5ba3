"""Points by hand over the real store: reason, limit, a colleague's yes, an entry undoing one."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from app.domain.codes import Code, parse_code
from app.domain.facts import PointsAdjusted, read_fact
from app.domain.staff import SUPERVISOR
from app.services.act_reason import ReasonNeeded
from app.services.adjustment import (
    NothingToTakeBack,
    PointsChanged,
    PointsRefused,
    adjust_points,
    undo_adjustment,
)
from app.services.answers import MemberUnknown, NotAllowed
from app.services.approval import ApprovalNeeded, approve_with_badge
from app.services.find_member import OwnMembership, put_on_by_card
from app.services.member_page import member_head, member_ledger
from app.services.profile import FieldTooLong, ProfileEdit, edit_profile
from tests.real_shop import RealShop


@pytest.fixture
def desk(shop: RealShop) -> RealShop:
    """王芳, the manager."""
    shop.sign_in("王芳")
    return shop


def adjusted(shop: RealShop, points: int, **more: Any) -> Any:
    wanted = {"member_id": shop.members["张三丰"], "reason": "points_wrong", **more}
    return shop.do(adjust_points, points=points, **wanted)


def test_an_entry_with_its_reason_and_its_trace(desk: RealShop) -> None:
    given = adjusted(desk, 160)
    assert isinstance(given, PointsChanged)
    assert (given.points, given.balance) == (160, 2500)
    found = desk.do(member_ledger, member_id=desk.members["张三丰"])
    [entry] = [each for each in found.ledger.entries if each.op_id == given.op_id]
    assert (entry.gained, entry.reason, entry.staff_id) == (160, "points_wrong", desk.staff["王芳"])
    last = desk.store.lane.run(lambda work: work.audit.entries(work.audit.last_number() - 1))
    assert last[0].entry.action == "points_adjusted"
    assert dict(last[0].entry.details) == {"points": "+160", "reason": "points_wrong"}


def test_words_of_ones_own_stand_for_the_reason_without_numbers(desk: RealShop) -> None:
    assert isinstance(adjusted(desk, 5, reason="other"), ReasonNeeded)
    given = adjusted(desk, -40, reason="other", note="退货少扣 13800138000")
    stored = desk.store.lane.run(lambda work: work.facts.get(given.op_id))
    assert stored is not None
    fact = read_fact(stored.data)
    assert isinstance(fact, PointsAdjusted)
    assert fact.reason == "退货少扣 *"


def test_it_is_taken_back_once_and_by_another_entry(desk: RealShop) -> None:
    member_id = desk.members["张三丰"]
    given = adjusted(desk, 160)
    back = desk.do(undo_adjustment, member_id=member_id, op_id=given.op_id)
    assert isinstance(back, PointsChanged)
    assert (back.points, back.balance) == (-160, 2340)
    again = desk.do(undo_adjustment, member_id=member_id, op_id=given.op_id)
    assert again == NothingToTakeBack("done")
    of_the_undo = desk.do(undo_adjustment, member_id=member_id, op_id=back.op_id)
    assert of_the_undo == NothingToTakeBack("done")
    unknown = desk.do(undo_adjustment, member_id=member_id, op_id="nothing")
    assert unknown == NothingToTakeBack("no_adjustment")
    found = desk.do(member_ledger, member_id=member_id)
    assert found.undone == frozenset({given.op_id})


def test_what_is_refused_says_why(desk: RealShop) -> None:
    assert adjusted(desk, 0) == PointsRefused("zero")
    assert adjusted(desk, 1_000_001) == PointsRefused("too_many", 1_000_000)
    assert adjusted(desk, -2341) == PointsRefused("not_there", 2340)
    assert adjusted(desk, 5, member_id=desk.members["周杰"]) == PointsRefused("frozen")
    assert adjusted(desk, 5, member_id="nobody") == MemberUnknown("nobody")

    def own(work: Any) -> None:
        person = work.staff.get(desk.staff["王芳"])
        work.staff.put(replace(person, member_ids=frozenset({desk.members["张三丰"]})))

    desk.store.lane.submit(own).result()
    desk.sign_in("王芳")
    assert adjusted(desk, 5) == OwnMembership()


def test_above_the_limit_of_the_role_a_colleague_says_yes(desk: RealShop) -> None:
    def supervisor(work: Any) -> None:
        work.staff.put(replace(work.staff.get(desk.staff["张敏"]), role=SUPERVISOR))

    desk.store.lane.submit(supervisor).result()
    desk.sign_in("张敏")
    assert isinstance(adjusted(desk, 1000), PointsChanged)
    needed = adjusted(desk, 1001)
    assert isinstance(needed, ApprovalNeeded)
    assert (needed.act, needed.asked, needed.limit) == ("points_by_hand", 1001, 1000)
    said = desk.do(approve_with_badge, request_id=needed.request_id, badge=desk.badges["王芳"])
    assert isinstance(said.answer, PointsChanged)
    stored = desk.store.lane.run(lambda work: work.facts.get(said.answer.op_id))
    assert stored is not None
    fact = read_fact(stored.data)
    assert isinstance(fact, PointsAdjusted)
    assert fact.approved_by == (desk.staff["王芳"],)


def test_whoever_is_on_the_basket_sees_it_at_once(desk: RealShop) -> None:
    card = parse_code(desk.cards["张三丰"])
    assert isinstance(card, Code)
    desk.do(put_on_by_card, card=card)
    answer = adjusted(desk, 160)
    assert answer.state.member.points == 2500


# ------------------------------------------------------------------ what the shop says of him


def test_tags_and_who_looks_after_him(desk: RealShop) -> None:
    member_id = desk.members["张三丰"]
    edit = ProfileEdit(
        tags=(" 茶友", "VIP", "茶友", ""),
        account_manager="王芳",
        note="花生过敏",
    )
    desk.do(edit_profile, member_id=member_id, edit=edit)
    head = desk.do(member_head, member_id=member_id)
    assert head.tags == ("茶友", "VIP")
    assert (head.account_manager, head.note) == ("王芳", "花生过敏")
    last = desk.store.lane.run(lambda work: work.audit.entries(work.audit.last_number() - 1))
    assert dict(last[0].entry.details) == {"fields": "account_manager,note,tags"}


@pytest.mark.parametrize(
    ("edit", "refused"),
    [
        (ProfileEdit(tags=tuple(map(str, range(11)))), FieldTooLong("tags", 10)),
        (ProfileEdit(tags=("字" * 21,)), FieldTooLong("tag", 20)),
        (ProfileEdit(note="字" * 201), FieldTooLong("note", 200)),
        (ProfileEdit(account_manager="字" * 41), FieldTooLong("account_manager", 40)),
    ],
)
def test_what_is_too_long_is_named(
    desk: RealShop, edit: ProfileEdit, refused: FieldTooLong
) -> None:
    answer = desk.do(edit_profile, member_id=desk.members["张三丰"], edit=edit)
    assert answer == refused


def test_a_cashier_writes_notes_but_no_tags(shop: RealShop) -> None:
    member_id = shop.members["张三丰"]
    answer = shop.do(edit_profile, member_id=member_id, edit=ProfileEdit(tags=("VIP",)))
    assert answer == NotAllowed("member_note")
    assert adjusted(shop, 5) == NotAllowed("member_note")

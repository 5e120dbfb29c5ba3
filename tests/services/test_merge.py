"""A shop of its own merges two members who are one, and takes it back: seen before, and sound."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from app.domain.consent import Purpose
from app.domain.member import Member, PersonalData
from app.services.adjustment import PointsChanged, adjust_points
from app.services.answers import MemberUnknown, NotAllowed
from app.services.checkout import SaleDone
from app.services.erasure import ErasureHolds, ask_erasure
from app.services.fact_replay import FactReplay
from app.services.find_member import MemberPutOn, remove_member
from app.services.joining import Joined, NewMember, join_member
from app.services.member_page import MemberHead, member_head
from app.services.merge import (
    Merged,
    MergePreview,
    MergeRefused,
    merge_candidates,
    merge_members,
    preview_merge,
)
from app.services.merge_history import MergesOf, merges_of
from app.services.parting import Parted, PartPreview, part_members, preview_parting
from app.services.payment import pay_cash
from app.services.person import person_behind
from app.services.profile import ProfileEdit, edit_profile
from app.services.redeem import redeem_points
from app.services.scan import scan_code
from app.services.verify import VerifyReport, verify_store
from app.store.waiting_lane import WaitingLane
from tests.real_shop import MILK, OIL, RealShop, add_member, copy_shop
from tests.services.test_reward import to_append

FIRST, AGAIN = "匿名卡", "欧阳娜娜"
"""She had a card without a name first, and months later joined once more with her number."""


@pytest.fixture
def desk(shop: RealShop) -> RealShop:
    """王芳, the manager, signed in; 欧阳娜娜 has two cards: 640 points on one, 60 on the other."""
    shop.sign_in("王芳")
    yes = frozenset[Purpose]({"membership", "marketing"})
    cards = (
        (FIRST, NewMember(consents=yes), 640, ProfileEdit(tags=("老客",), note="常来")),
        (AGAIN, NewMember(phone="13812345678", name=AGAIN, consents=yes), 60,
         ProfileEdit(tags=("茶友",), note="坚果过敏")),
    )  # fmt: skip
    for name, new, points, edit in cards:
        joined = shop.do(join_member, new=replace(new, put_on_basket=False))
        assert isinstance(joined, Joined), joined
        shop.members[name], shop.cards[name] = joined.member_id, joined.card_code
        shop.do(edit_profile, member_id=joined.member_id, edit=edit)
        extra = points - head(shop, name).points
        changed = shop.do(adjust_points, member_id=joined.member_id, points=extra,
                          reason="points_wrong", note="开业积分")  # fmt: skip
        assert isinstance(changed, PointsChanged), changed
        shop.clock.go_on(milliseconds=60_000)
    return shop


def both(desk: RealShop) -> dict[str, str]:
    return {"member_id": desk.members[AGAIN], "other_id": desk.members[FIRST]}


def head(desk: RealShop, name: str) -> MemberHead:
    found = desk.do(member_head, member_id=desk.members[name])
    assert isinstance(found, MemberHead), found
    return found


def sound(desk: RealShop) -> bool:
    report = VerifyReport()
    lane = WaitingLane(desk.store.lane)
    list(verify_store(lane=lane, identity=desk.shop.identity, report=report))
    assert report.sound, report.faults
    return report.sound


def test_what_becomes_of_both_is_seen_before_and_is_so_after(desk: RealShop) -> None:
    twin = add_member(desk, PersonalData(phone="+8613812345678", name="欧阳"))
    [alike] = desk.do(merge_candidates, member_id=desk.members[AGAIN])
    assert alike.member_id == twin.member_id
    seen = desk.do(preview_merge, **both(desk))
    assert isinstance(seen, MergePreview), seen
    stays, goes = sorted(both(desk).values())
    assert (seen.kept.member_id, seen.gone.member_id) == (stays, goes), "the older id"
    assert (seen.kept.points + seen.gone.points, seen.after.points) == (700, 700)
    assert set(seen.after.tags) == {"老客", "茶友"}
    assert (set(seen.after.note.split(" / ")), seen.after.coupons) == ({"常来", "坚果过敏"}, 1)
    ranks = seen.kept.tier_rank, seen.gone.tier_rank
    assert (seen.after.tier_rank, seen.decided_here) == (max(ranks), True)
    assert desk.do(merge_members, **both(desk), reason=" ") == MergeRefused("reason")
    assert desk.do(merge_members, **both(desk), reason="同一手机号") == Merged(stays)
    one = head(desk, AGAIN)
    assert one == head(desk, FIRST), "either id leads to him"
    assert (one.points, one.coupons, one.merged) == (700, 1, 1)
    assert {*one.tags, *one.tags_beside} == {"老客", "茶友"}
    assert {one.note, one.note_beside} == {"常来", "坚果过敏"}
    assert desk.do(preview_merge, **both(desk)) == MergeRefused("same")
    assert sound(desk)
    past = desk.do(merges_of, member_id=desk.members[FIRST])
    assert isinstance(past, MergesOf)
    [row] = past.rows
    assert (row.other_id, row.state, row.reason) == (goes, "one", "同一手机号")


def sell(desk: RealShop, name: str, points: int = 0) -> None:
    """Oil and milk on the card of this name, with so many points."""
    assert isinstance(desk.do(scan_code, text=desk.cards[name]), MemberPutOn)
    for code in (OIL, MILK):
        desk.do(scan_code, text=code)
    if points:
        desk.do(redeem_points, points=points)
    assert isinstance(desk.do(pay_cash), SaleDone)


def test_taken_back_each_bears_his_part_of_what_was_spent_since(
    desk: RealShop, tmp_path: Path
) -> None:
    asked = {"member_id": desk.members[FIRST], "other_id": desk.members[AGAIN]}
    assert desk.do(part_members, **asked, reason="母女") == MergeRefused("not_merged")
    sell(desk, AGAIN)
    alone = {name: head(desk, name) for name in (FIRST, AGAIN)}
    before = len(desk.do(lambda shop, work: work.facts.all_facts()))
    assert isinstance(desk.do(merge_members, **asked, reason="同一手机号"), Merged)
    sell(desk, AGAIN, points=700)
    whole = head(desk, FIRST)
    desk.do(scan_code, text=desk.cards[FIRST])
    assert desk.do(part_members, **asked, reason="母女") == MergeRefused("in_basket")
    desk.do(remove_member)
    seen = desk.do(preview_parting, **asked)
    assert isinstance(seen, PartPreview) and seen.kept is not None and seen.gone is not None
    assert desk.do(part_members, **asked, reason="") == MergeRefused("reason")
    assert desk.do(part_members, **asked, reason="母女") == Parted(*sorted(asked.values()))
    one, other = head(desk, FIRST), head(desk, AGAIN)
    assert (one.points, other.points) == (seen.kept.points, seen.gone.points)
    assert one.points + other.points == whole.points, "together they have what both had"
    brought = alone[FIRST].points, alone[AGAIN].points
    assert one.points < brought[0] and other.points > brought[1] - 700, "both bear a part"
    assert (one.name_masked, one.phone_masked, one.merged, other.merged) == ("", None, 0, 0)
    assert (other.note, other.tags, other.name_masked) == ("坚果过敏", ("茶友",), "欧*娜")
    assert sound(desk)
    facts = desk.do(lambda shop, work: work.facts.all_facts())
    assert_replayed(desk, facts[:before], facts[before:], tmp_path)


def test_what_was_written_of_him_is_parted_and_forgotten_with_him(desk: RealShop) -> None:
    """Both cards have a note and tags; while they are one, the shop adds a tag."""
    stays, goes = sorted(both(desk).values())
    words = {m: row_of(desk, m).person for m in (stays, goes)}
    before = len(desk.do(lambda shop, work: work.facts.all_facts()))
    assert desk.do(merge_members, **both(desk), reason="同一手机号") == Merged(stays)
    assert len(desk.do(lambda shop, work: work.facts.all_facts())) == before + 1, "no edit"
    whole = desk.do(member_head, member_id=stays)
    assert isinstance(whole, MemberHead)
    assert (whole.note_beside, whole.tags_beside) == (words[goes].note, words[goes].tags)
    seated = desk.do(scan_code, text=desk.cards[FIRST])
    assert isinstance(seated, MemberPutOn) and seated.state.member is not None
    assert seated.state.member.note == f"{words[stays].note} / {words[goes].note}"
    assert set(seated.state.member.tags) == {"老客", "茶友"}
    desk.do(remove_member)
    desk.do(edit_profile, member_id=stays, edit=ProfileEdit(tags=(*whole.tags, "常订货")))
    copied = desk.do(lambda shop, work: person_behind(work=work, member_id=goes))
    assert set(copied.whole.tags) == {"老客", "茶友", "常订货"}, "all of it is in his copy"
    asked = {"member_id": stays, "other_id": goes}
    assert desk.do(part_members, **asked, reason="母女") == Parted(stays, goes)
    assert isinstance(desk.do(ask_erasure, member_id=goes, reason="本人要求"), ErasureHolds)
    left = row_of(desk, stays).person
    assert (left.note, left.tags) == (words[stays].note, (*words[stays].tags, "常订货"))


def row_of(desk: RealShop, member: str) -> Member:
    found = desk.do(lambda shop, work: work.members.get(member))
    assert isinstance(found, Member)
    return found


def assert_replayed(desk: RealShop, old: list[Any], new: list[Any], tmp_path: Path) -> None:
    """The journal brings the same: a till restored from before both acts."""
    (tmp_path / "again").mkdir()
    again = copy_shop(tmp_path / "again")
    replay = FactReplay(again.shop.identity.device)
    have = len(again.do(lambda shop, work: work.facts.all_facts()))
    for fact in (*old[have:], *new):
        again.do(lambda shop, work, fact=fact: replay.write(work, to_append(fact)))
    for name in (FIRST, AGAIN):
        member = desk.members[name]
        assert desk.do(lambda shop, work, m=member: work.accounts.get(m)) == again.do(
            lambda shop, work, m=member: work.accounts.get(m)
        )
        row = again.do(lambda shop, work, m=member: work.members.get(m))
        assert row is not None and row.status == "active"
    again.close()


def test_it_wants_a_right_and_two_who_may_be_one(shop: RealShop) -> None:
    gold, silver = shop.members["张三丰"], shop.members["王小红"]
    two = {"member_id": gold, "other_id": silver}
    for service in (preview_merge, preview_parting):
        assert shop.do(service, **two) == NotAllowed("manage_settings")
    shop.sign_in("王芳")
    assert shop.do(preview_merge, member_id=gold, other_id=gold) == MergeRefused("same")
    frozen = {"member_id": gold, "other_id": shop.members["周杰"]}
    assert shop.do(preview_merge, **frozen) == MergeRefused("frozen")
    nobody = {"member_id": gold, "other_id": "nobody"}
    assert shop.do(preview_merge, **nobody) == MemberUnknown("nobody")
    shop.do(scan_code, text=shop.cards["张三丰"])
    assert shop.do(merge_members, **two, reason="x") == MergeRefused("in_basket")
    assert shop.do(merges_of, member_id=gold) == MergesOf((), names(shop))


def names(shop: RealShop) -> dict[str, str]:
    return {person: name for name, person in shop.staff.items()}

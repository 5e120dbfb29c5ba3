"""The rules of merging: who stays, what stands in the way, what is known of the one person."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from app.domain import effects as do
from app.domain.facts import MembersMerged
from app.domain.member import PersonalData
from app.domain.merging import (
    Share,
    kept_and_gone,
    merge_between,
    merge_fault,
    one_person,
    shares_of,
    survivors_by,
    words_beside,
    words_together,
)
from app.domain.months import Month
from app.domain.parting import Parting
from tests.domain.heart_builders import FRIEND, MEMBER, STORE, moment, op

THIRD = "0197c2a0-0000-7000-8000-00000000a003"
DAY = date(2026, 11, 21)


def merged(number: int, gone: str, into: str) -> MembersMerged:
    said: dict[str, Any] = {"op_id": op(number), "store": STORE, "day": DAY, "clock": moment()}
    return MembersMerged(**said, member=gone, into=into)


def test_the_older_id_stays_whoever_is_named_first() -> None:
    assert kept_and_gone(FRIEND, MEMBER) == kept_and_gone(MEMBER, FRIEND) == (MEMBER, FRIEND)


@pytest.mark.parametrize(
    ("other", "states", "fault"),
    [
        (MEMBER, {MEMBER: "active"}, "same"),
        (FRIEND, {MEMBER: "active"}, "unknown"),
        (FRIEND, {MEMBER: "active", FRIEND: "merged"}, "unknown"),
        (FRIEND, {MEMBER: "frozen", FRIEND: "active"}, "frozen"),
        (FRIEND, {MEMBER: "active", FRIEND: "erased"}, "erased"),
        (FRIEND, {MEMBER: "active", FRIEND: "active"}, None),
    ],
)
def test_what_stands_in_the_way(other: str, states: Any, fault: str | None) -> None:
    assert merge_fault(MEMBER, other, states) == fault


def test_of_each_field_the_first_who_has_it_speaks() -> None:
    one = PersonalData(name="张三丰", tags=("茶友",), note="不要塑料袋")
    other = PersonalData(name="张三", phone="+8613800138000", note="坚果过敏", tags=("会员日",))
    assert one_person((one, other)) == PersonalData(
        phone="+8613800138000", name="张三丰", tags=("茶友",), note="不要塑料袋"
    )


def test_nothing_the_shop_wrote_of_either_is_lost() -> None:
    one = PersonalData(name="张三丰", tags=("茶友", "老客"), note="不要塑料袋")
    other = PersonalData(name="张三", tags=("老客", "会员日"), note="坚果过敏")
    assert words_beside(one, (other, other)) == PersonalData(tags=("会员日",), note="坚果过敏")
    assert words_together(one, (other,)) == PersonalData(
        name="张三丰", tags=("茶友", "老客", "会员日"), note="不要塑料袋 / 坚果过敏"
    )
    assert words_together(one, (PersonalData(name="张三"),)) == one
    nothing = PersonalData()
    assert words_together(nothing, (other,)) == PersonalData(tags=other.tags, note=other.note)
    assert one_person((nothing, other)) == PersonalData(name="张三"), "and each keeps his own"


def test_a_parting_is_one_fact_on_who_goes_and_two_a_month() -> None:
    october = Month.of(date(2026, 10, 1))
    now = Month.of(DAY)
    found = Parting({now.index: 30, october.index: -12}, ("C-K",), ("C-G",))
    assert list(shares_of(MEMBER, FRIEND, found, DAY)) == [
        Share(FRIEND, (do.CouponUsed(coupon="C-G"),)),
        Share(MEMBER, (do.CouponUsed(coupon="C-K"),)),
        Share(MEMBER, (do.Taken(points=-12),), date(2026, 10, 31)),
        Share(FRIEND, (do.Taken(points=12),), date(2026, 10, 31)),
        Share(MEMBER, (do.Taken(points=30),), DAY),
        Share(FRIEND, (do.Taken(points=-30),), DAY),
    ]
    assert list(shares_of(MEMBER, FRIEND, Parting(), DAY)) == [Share(FRIEND, ())]


def test_every_id_leads_to_the_smallest_of_those_who_are_one() -> None:
    merges = [merged(1, THIRD, FRIEND), merged(2, FRIEND, MEMBER)]
    assert survivors_by(merges) == {THIRD: MEMBER, FRIEND: MEMBER}
    assert merge_between(merges, MEMBER, THIRD) is merges[1], "the newest that parts them"
    assert merge_between(merges, FRIEND, THIRD) is merges[0]
    assert merge_between(merges[:1], MEMBER, THIRD) is None, "they are two"
    twice = [*merges, merged(3, THIRD, MEMBER)]
    assert merge_between(twice, MEMBER, MEMBER) is None

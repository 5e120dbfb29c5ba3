"""The members' desk over the real store: the list in its orders, looking somebody up, who may."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from itertools import cycle, product
from typing import Any, get_args

import msgspec
import pytest

from app.domain.member import PersonalData
from app.domain.member_list import ListChoice, MemberOrder, Visited, bounds_of, fits
from app.services import member_list
from app.services.answers import NotAllowed
from app.services.member_list import (
    Judged,
    ListFacts,
    MemberRow,
    judge_list,
    keep_list_choice,
    list_facts,
    list_members,
    look_for_members,
)
from tests.real_shop import DAY, GOLD_PHONE, RealShop, add_member


@pytest.fixture
def desk(shop: RealShop) -> RealShop:
    """王芳, the manager, and everybody in the list."""
    shop.sign_in("王芳")
    judge_all(shop)
    return shop


def judge_all(shop: RealShop) -> int:
    """Until nobody is due; how many were."""
    after, count = 0, 0
    while True:
        judged: Judged = shop.do(judge_list, after=after)
        count += judged.count
        if judged.looked is None:
            return count
        after = judged.looked


def rows_of(shop: RealShop, choice: ListChoice, page: int = 50) -> list[MemberRow]:
    """The whole list, a page at a time."""
    rows: list[MemberRow] = []
    place = None
    while True:
        part = shop.do(list_members, choice=choice, after=place, want=page)
        rows += part.rows
        place = part.place
        if place is None:
            return rows


def names(rows: list[MemberRow] | tuple[MemberRow, ...]) -> list[str]:
    return [row.name_masked for row in rows]


def test_every_order_shows_everybody_once(desk: RealShop) -> None:
    zhao = PersonalData(phone="+8613500001111", name="赵云")
    add_member(desk, zhao, last_visit=date(2026, 11, 9))
    assert judge_all(desk) == 1
    firsts: dict[MemberOrder, str] = {
        "last_visit": "赵*", "spend": "张*丰", "points": "张*丰", "newest": "赵*",
    }  # fmt: skip
    for order, first in firsts.items():
        for page in (1, 2, 50):
            rows = rows_of(desk, ListChoice(order=order), page)
            assert rows[0].name_masked == first
            assert sorted(names(rows)) == sorted(["张*丰", "王*红", "陈*", "周*", "赵*"])


def test_a_row_is_masked_and_says_how_he_stands(desk: RealShop) -> None:
    [gold] = rows_of(desk, ListChoice(tier="gold"))
    assert (gold.phone_masked, gold.name_masked) == ("138****8000", "张*丰")
    assert (gold.tier.zh, gold.points, gold.spend.minor) == ("金卡", 2340, 473_557)
    assert (gold.state, gold.days_away) == ("normal", 18)
    assert names(rows_of(desk, ListChoice(state="frozen"))) == ["周*"]
    assert rows_of(desk, ListChoice(visited="never")) == []


def test_whoever_changes_is_judged_again_by_himself(desk: RealShop) -> None:
    assert judge_all(desk) == 0
    gold = desk.members["张三丰"]

    def tagged(work: Any) -> None:
        member = work.members.get(gold)
        person = msgspec.structs.replace(member.person, tags=("茶友",))
        work.members.update(replace(member, person=person))

    desk.store.lane.submit(tagged).result()
    assert rows_of(desk, ListChoice(tag="茶友")) == []
    assert judge_all(desk) == 1
    assert names(rows_of(desk, ListChoice(tag="茶友"))) == ["张*丰"]
    assert desk.do(list_facts).tags == ("茶友",)


@pytest.mark.parametrize(
    "gone",
    [{"status": "erased", "person": PersonalData()}, {"status": "merged"}],
    ids=["erased", "merged"],
)
def test_who_was_merged_or_erased_leaves_the_list(desk: RealShop, gone: dict[str, Any]) -> None:
    before = desk.do(list_facts)
    assert before.listed == before.members

    def leave(work: Any) -> None:
        member = work.members.get(desk.members["陈静"])
        into = desk.members["张三丰"] if gone["status"] == "merged" else None
        work.members.update(replace(member, **gone, merged_into=into))

    desk.store.lane.submit(leave).result()
    assert "陈*" not in names(rows_of(desk, ListChoice()))
    now = desk.do(list_facts)
    assert (now.listed, now.members) == (before.listed - 1, before.members - 1)


def test_a_slice_without_anybody_says_where_to_go_on(
    desk: RealShop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(member_list, "LOOKED_A_UNIT", 2)
    part = desk.do(list_members, choice=ListChoice(tier="gold", order="newest"), after=None, want=9)
    assert part.rows == ()
    assert part.place is not None
    assert names(rows_of(desk, ListChoice(tier="gold", order="newest"))) == ["张*丰"]


def test_the_table_finds_whoever_fits_and_nobody_else(desk: RealShop) -> None:
    people = [
        ("钱一", date(2026, 11, 20)), ("钱二", date(2026, 10, 22)), ("钱三", None),
        ("钱四", date(2026, 8, 23)), ("钱五", date(2026, 8, 24)), ("钱六", date(2026, 5, 1)),
    ]  # fmt: skip
    for number, (name, visit) in enumerate(people):
        person = PersonalData(phone=f"+8613500002{number:03}", name=name)
        tags = ("茶友", "VIP") if number % 2 else ()
        add_member(desk, msgspec.structs.replace(person, tags=tags), last_visit=visit)
    judge_all(desk)
    rows = desk.do(lambda shop, work: work.member_list.page("newest", None, 99))
    assert len(rows) == 10
    chosen = product(
        ("", "gold"), ("", "normal", "dormant", "frozen"), get_args(Visited), ("", "茶友", "茶")
    )
    parts = ("tier", "state", "visited", "tag", "order")
    choices = [
        msgspec.convert(dict(zip(parts, (*each, order), strict=True)), ListChoice)
        for each, order in zip(chosen, cycle(get_args(MemberOrder)), strict=False)
    ]
    found = desk.do(_all_narrowed, choices=choices, day=DAY)
    for choice, ids in zip(choices, found, strict=True):
        assert sorted(ids) == sorted(e.member_id for e in rows if fits(e, choice, DAY)), choice


def _all_narrowed(*, shop: Any, work: Any, choices: list[ListChoice], day: date) -> Any:
    """Two rows looked at a time, so that every place is gone on from."""
    told = []
    for choice in choices:
        ids, place = [], None
        while True:
            part = work.member_list.narrowed(
                choice.order, place, bounds_of(choice, day), want=2, look=5
            )
            ids += [each.member_id for each in part.rows]
            place = part.place
            if place is None:
                break
        told.append(ids)
    return told


def test_looking_somebody_up(desk: RealShop) -> None:
    for typed, found in (
        (GOLD_PHONE, ["张*丰"]),
        ("138 0013-8000", ["张*丰"]),
        ("8000", ["张*丰", "陈*"]),
        ("zsf", ["张*丰"]),
        ("王", ["王*红"]),
        ("0077", ["周*"]),  # frozen
        ("诸葛", []),
        ("", []),
        ("13911110000", []),
        ("M0000000000000", []),
    ):
        looked_up = desk.do(look_for_members, text=typed)
        assert sorted(names(looked_up.rows)) == sorted(found), typed


def test_a_scanned_card_names_its_member(desk: RealShop) -> None:
    assert names(desk.do(look_for_members, text=desk.cards["王小红"]).rows) == ["王*红"]


def test_what_somebody_chose_is_his_own_and_stays(desk: RealShop) -> None:
    chosen = ListChoice(order="points", tier="gold")
    desk.do(keep_list_choice, choice=chosen)
    facts = desk.do(list_facts)
    assert isinstance(facts, ListFacts)
    assert (facts.choice, facts.listed, facts.members) == (chosen, 4, 4)
    assert [tier for tier, _ in facts.tiers] == ["regular", "silver", "gold"]


def test_a_choice_of_a_later_program_is_forgotten(desk: RealShop) -> None:
    def later(work: Any) -> None:
        work.member_list.keep_choice(desk.staff["王芳"], ListChoice(order="points"))
        work.connection.exec_driver_sql(
            "UPDATE member_list_choice SET data = ?",
            (msgspec.json.encode({"order": "astral"}).decode(),),
        )

    desk.store.lane.submit(later).result()
    assert desk.do(list_facts).choice == ListChoice()


def test_a_cashier_may_not_see_the_list(shop: RealShop) -> None:
    for service, asked in (
        (list_facts, {}),
        (list_members, {"choice": ListChoice(), "after": None, "want": 9}),
        (look_for_members, {"text": "8000"}),
    ):
        assert shop.do(service, **asked) == NotAllowed("member_note")

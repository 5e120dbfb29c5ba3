"""Two members who are one: the survivor by rule, everything of both found under either id."""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import pytest

from app.domain import effects as do
from app.domain.facts import MemberJoined, MembersMerged, ProfileEditRequested, read_fact
from app.domain.member import PersonalData
from sync.protocol import (
    GrantWanted,
    LookUp,
    MemberConfirmed,
    MemberKey,
    Reserve,
)
from sync.server import tables as t
from sync.server.database import ServerDatabase
from sync.server.grant import give_grant
from sync.server.head_office import Office, Said
from sync.server.look_up import look_up
from sync.server.merge import AlreadyOne, MergeAnswer, Merged, NotMerged, merge_members
from sync.server.rebuild import rebuild, verify
from sync.server.reserve import reserve
from tests.domain.heart_builders import FRIEND, MEMBER, STORE, a_line, a_sale, moment, op
from tests.sync.server.asking import TODAY, ask, asking, gift, points
from tests.sync.server.members import KEY, sealed
from tests.sync.server.programs import put_in_force
from tests.sync.server.tills import Chain, Till, outcomes

THIRD = "0197c2a0-0000-7000-8000-00000000a003"
CLAIM, OTHER_CLAIM = "7f" * 32, "3b" * 32
FRIENDS_KEY = MemberKey(member=FRIEND, key_id="k-2", secret=bytes(range(60, 92)))
WANG = Said(by="店长王", reason="同一手机号")


@pytest.fixture
def chain(database: ServerDatabase, tenant: str) -> Chain:
    """A server that knows nobody yet."""
    return Chain(database, tenant)


def joined(number: int, member: str, **changes: Any) -> MemberJoined:
    fields: dict[str, Any] = {
        "op_id": op(number), "store": STORE, "day": TODAY, "clock": moment(), "member": member,
        "card": f"M{number:012}", "effects": (do.Joined(),),
    }  # fmt: skip
    return MemberJoined(**(fields | changes))


def merged(chain: Chain, one: str, other: str) -> MergeAnswer:
    return chain.database.write(
        lambda connection: merge_members(
            Office(connection, chain.tenant, chain.now_ms, chain.house), one, other, WANG
        )
    )


def looked_up(chain: Chain, **by: str) -> MemberConfirmed:
    [told] = ask(chain, look_up, LookUp(**by)).members
    return told


def sound(chain: Chain) -> bool:
    found = chain.database.read(lambda connection: verify(connection, chain.tenant))
    return found.is_sound


def balance(chain: Chain, member: str) -> int:
    account = chain.account(member)
    return sum(account.gained.values()) - sum(account.taken.values())


@pytest.fixture
def two(chain: Chain) -> Chain:
    """One person who joined at two tills that heard nothing of each other: the younger first."""
    one, other = Till("till-02"), Till("till-07", "xidan")
    person = PersonalData(phone="+8613800138000", name="张三")
    other.record(joined(1, FRIEND, claims=(CLAIM,), store="xidan",
                        profile=sealed(person, FRIENDS_KEY)))  # fmt: skip
    other.record(points(2, 300, FRIEND))
    other.record(gift(3, do.CouponGiven(coupon="C-1", offer="welcome"), member=FRIEND))
    one.record(joined(11, MEMBER, claims=(CLAIM, OTHER_CLAIM),
                      profile=sealed({"name": "张三丰", "note": "不要塑料袋"})))  # fmt: skip
    one.record(points(12, 40))
    chain.push(other, keys=(FRIENDS_KEY,))
    assert outcomes(chain.push(one, keys=(KEY,)))[0] == "accepted_adjusted"
    return chain


def test_the_smallest_id_survives_whoever_came_first(two: Chain) -> None:
    assert merged(two, FRIEND, MEMBER) == Merged(MEMBER, (MEMBER, FRIEND))
    assert (balance(two, MEMBER), two.account(MEMBER).includes) == (340, {MEMBER, FRIEND})
    [row] = two.rows(t.account, member=FRIEND)
    assert row["survivor"] == MEMBER
    [fact] = [read_fact(row["data"]) for row in two.rows(t.op, device="server")]
    assert isinstance(fact, MembersMerged)
    assert (fact.member, fact.into, fact.approved_by) == (FRIEND, MEMBER, ("店长王",))
    assert sound(two)


def test_either_card_claim_and_id_find_one_person(two: Chain) -> None:
    merged(two, MEMBER, FRIEND)
    by = [
        {"card": f"M{1:012}"}, {"card": f"M{11:012}"}, {"claim": CLAIM}, {"claim": OTHER_CLAIM},
        {"member": FRIEND}, {"member": MEMBER},
    ]  # fmt: skip
    told = [looked_up(two, **each) for each in by]
    assert {each.member for each in told} == {MEMBER}
    person = told[0]
    assert set(person.cards) == {f"M{1:012}", f"M{11:012}"}
    assert {key.key_id for key in person.keys} == {KEY.key_id, "k-2"}
    profile = (person.profile or b"").decode()
    assert all(word in profile for word in ("张三丰", "不要塑料袋", "+8613800138000"))


def test_every_store_that_had_one_of_them_hears(two: Chain) -> None:
    before = len(two.feed("store:xidan"))
    merged(two, MEMBER, FRIEND)
    [told] = two.feed("store:xidan")[before:]
    assert (told["kind"], told["ref"]) == ("member", MEMBER)
    # Who meets only the survivor afterwards is heard of there, too.
    till = Till("till-02")
    till.epoch = 2
    till.record(a_sale(31, TODAY))
    two.push(till)
    assert [row["ref"] for row in two.feed("store:xidan")[before + 1 :]] == [MEMBER]


def test_what_arrives_later_under_the_younger_id_counts_for_the_survivor(two: Chain) -> None:
    merged(two, MEMBER, FRIEND)
    till = Till("till-09")
    till.record(points(21, 60, FRIEND))
    assert outcomes(two.push(till)) == ["accepted"]
    assert balance(two, MEMBER) == 400
    assert two.account(MEMBER).marks[FRIEND]["till-09"] == {1: 1}
    assert sound(two)


def test_promises_made_to_either_are_kept(two: Chain) -> None:
    put_in_force(two)
    wanted = GrantWanted(grant=op(51), member=FRIEND, points=50, coupons=("C-1",))
    given = asking(two, give_grant, wanted).given
    assert given is not None and sum(given.buckets.values()) == 50
    merged(two, MEMBER, FRIEND)
    [promise] = looked_up(two, member=MEMBER).promises
    assert (promise.id, promise.points, promise.coupons) == (op(51), 50, ("C-1",))
    more = asking(two, reserve, Reserve(reservation=op(52), member=MEMBER, points=300), "till-05")
    assert (more.refusal and more.refusal.code, more.available) == ("not_enough_points", 290)
    line = a_line(points_spent=50)
    till = Till("till-02")
    till.epoch = 2
    till.record(a_sale(32, TODAY, lines=(line,), grant=op(51)))
    assert outcomes(two.push(till)) == ["accepted"]
    [row] = two.rows(t.grant_given)
    assert b'"buckets"' not in row["content"]


def test_merged_twice_and_merged_on(two: Chain) -> None:
    till = Till("till-08")
    till.record(joined(61, THIRD))
    two.push(till)
    assert merged(two, FRIEND, THIRD) == Merged(FRIEND, (FRIEND, THIRD))
    assert merged(two, THIRD, FRIEND) == AlreadyOne(FRIEND)
    assert merged(two, THIRD, MEMBER) == Merged(MEMBER, (MEMBER, FRIEND, THIRD))
    assert merged(two, FRIEND, THIRD) == AlreadyOne(MEMBER)
    assert merged(two, MEMBER, MEMBER) == AlreadyOne(MEMBER)
    assert {row["survivor"] for row in two.rows(t.account)} == {MEMBER}
    assert sound(two)


def test_nobody_is_merged_with_a_stranger_or_a_frozen_member(two: Chain) -> None:
    stranger = "0197c2a0-0000-7000-8000-00000000a999"
    assert merged(two, MEMBER, stranger) == NotMerged(stranger, "unknown")
    assert two.rows(t.account, member=stranger) == []
    revoked = Till("till-66")
    revoked.record(joined(71, THIRD))
    two.push(revoked, revoked=True)
    assert merged(two, THIRD, MEMBER) == NotMerged(THIRD, "frozen")


def test_a_proposal_ends_with_the_merge(two: Chain) -> None:
    [case] = two.cases("phone_taken")
    assert (case["subject"], case["state"]) == (MEMBER, "open")
    merged(two, MEMBER, FRIEND)
    [case] = two.cases("phone_taken")
    assert (case["state"], case["ended_by"], case["note"]) == ("accepted", "店长王", "同一手机号")
    till = Till("till-02")
    till.epoch = 2
    till.record(joined(81, FRIEND, claims=(CLAIM,), card="M-AGAIN"))
    assert outcomes(two.push(till)) == ["accepted"], "both are one: nobody's number is taken"


def test_the_debt_of_one_is_paid_by_the_other(two: Chain) -> None:
    spent = a_sale(91, TODAY, lines=(a_line(points_spent=200, points_earned=0),))
    till = Till("till-09")
    till.record(spent)
    [answer] = two.push(till).answers
    assert [each.kind for each in answer.adjustments] == ["overdraft"]
    merged(two, MEMBER, FRIEND)
    [case] = two.cases("overdraft")
    assert (case["state"], balance(two, MEMBER)) == ("recovered", 140)


def test_a_gift_both_had_and_spent_leaves_a_debt_with_its_story(chain: Chain) -> None:
    till = Till("till-02")
    for number, member in ((1, MEMBER), (2, FRIEND)):
        welcome = do.OccasionGain(occasion="welcome", points=50, expires_in=12)
        till.record(gift(number, welcome, member=member))
        line = a_line(points_spent=50, points_earned=0)
        till.record(a_sale(number + 10, TODAY, member=member, lines=(line,)))
    assert outcomes(chain.push(till)) == ["accepted"] * 4
    merged(chain, MEMBER, FRIEND)
    [case] = chain.cases("overdraft")
    assert (case["subject"], case["points"], b'"by":"merge"' in case["story"]) == (
        MEMBER, -50, True,
    )  # fmt: skip
    assert case["story"].count(b"sale_recorded") == 2, "both stories, whatever id they came under"


def test_who_survives_is_found_again_from_the_facts_alone(two: Chain) -> None:
    merged(two, MEMBER, FRIEND)
    right = two.account(MEMBER)
    split = t.account.update().where(
        t.account.c.tenant_id == two.tenant, t.account.c.member == FRIEND
    )
    two.database.write(lambda connection: connection.execute(split.values(survivor=FRIEND)))
    found = two.database.read(lambda connection: verify(connection, two.tenant))
    assert ("alias", FRIEND) in {(each.what, each.where) for each in found.differences}
    two.database.write(lambda connection: rebuild(connection, two.tenant))
    assert sound(two)
    assert two.account(MEMBER) == right


def test_the_other_side_of_an_overdraft_is_found_under_his_other_id(two: Chain) -> None:
    """One phone, two cards: each till spends what both ids hold together."""
    merged(two, MEMBER, FRIEND)
    here, there = Till("till-02"), Till("till-09", "xidan")
    here.epoch = 2
    all_points = (a_line(points_spent=340, points_earned=0),)
    here.record(a_sale(91, TODAY, lines=all_points, member=FRIEND))
    there.record(a_sale(92, TODAY, lines=all_points, store="xidan"))
    assert outcomes(two.push(here)) == ["accepted"]
    [answer] = two.push(there).answers
    [adjustment] = answer.adjustments
    assert (adjustment.kind, adjustment.points) == ("overdraft", -340)
    assert adjustment.text["other_points"] == "340"
    assert adjustment.text["other_receipt"] == a_sale(91, TODAY).code


def test_an_edit_under_his_other_id_wins_over_what_was_known(two: Chain) -> None:
    """A till that has not heard of the merge still says the younger id, under its key."""
    merged(two, MEMBER, FRIEND)
    till = Till("till-09")
    till.record(
        ProfileEditRequested(
            op_id=op(95), store=STORE, day=TODAY, clock=moment(), member=FRIEND,
            fields=("name",), values=sealed({"name": "张老三"}, FRIENDS_KEY),
        )
    )  # fmt: skip
    assert outcomes(two.push(till)) == ["accepted"]
    profile = (looked_up(two, member=MEMBER).profile or b"").decode()
    assert "张老三" in profile and "张三丰" not in profile


def test_merged_while_tills_push_nothing_is_lost_or_counted_twice(
    on_postgres: ServerDatabase, tenant: str
) -> None:
    """Sales of both ids come in at eight workers while head office merges, twice over."""
    chain = Chain(on_postgres, tenant)
    tills = [Till(f"till-{number:02}") for number in range(8)]
    people = (MEMBER, FRIEND, THIRD)
    for number, till in enumerate(tills):
        for each in range(12):
            till.record(points(100 * number + each, 10, people[(number + each) % 3]))
        chain.push(till, till.ops[:2])

    def sell(till: Till) -> None:
        for start in range(0, 12, 2):
            chain.push(till, till.ops[: start + 2])

    with ThreadPoolExecutor(10) as pool:
        pushing = [pool.submit(sell, till) for till in tills]
        merging = [
            pool.submit(merged, chain, *pair) for pair in ((THIRD, FRIEND), (FRIEND, MEMBER))
        ]
        running: list[Future[Any]] = [*pushing, *merging]
        for done in running:
            done.result()
    assert {row["survivor"] for row in chain.rows(t.account)} == {MEMBER}
    assert balance(chain, MEMBER) == 8 * 12 * 10
    assert sound(chain)

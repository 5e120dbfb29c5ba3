"""Members on the server: joined, claimed, edited field by field, with cards that are replaced."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import msgspec
import pytest
from msgspec import structs

from app.domain import effects as do
from app.domain.facts import CardIssued, MemberJoined, ProfileEditRequested
from app.domain.keyed_hash import phone_claim
from app.domain.member import PersonalData
from sync.protocol import MemberConfirmed, MemberKey
from sync.server import tables as t
from sync.server.database import ServerDatabase
from sync.server.member import confirmed_members
from sync.server.release import release
from sync.server.sender import Sender
from tests.domain.heart_builders import FRIEND, MEMBER, STORE, a_sale, moment, op
from tests.sync.server.members import KEY, sealed
from tests.sync.server.tills import Chain, Till, outcomes

TODAY = date(2026, 5, 29)
CLAIM = "7f" * 32
ZHANG = PersonalData(phone="+8613800138000", name="张三")


@pytest.fixture
def chain(database: ServerDatabase, tenant: str) -> Chain:
    """A server that knows nobody yet."""
    return Chain(database, tenant)


def joined(number: int, member: str = MEMBER, **changes: Any) -> MemberJoined:
    fields: dict[str, Any] = {
        "op_id": op(number), "store": STORE, "day": TODAY, "clock": moment(), "member": member,
        "card": f"M{number:012}", "effects": (do.Joined(),), "profile": sealed(ZHANG),
    }  # fmt: skip
    return MemberJoined(**(fields | changes))


def edit(number: int, values: object, member: str = MEMBER, **changes: Any) -> ProfileEditRequested:
    fields: dict[str, Any] = {
        "op_id": op(number), "store": STORE, "day": TODAY, "clock": moment(), "member": member,
        "fields": ("name",), "values": sealed(values),
    }  # fmt: skip
    return ProfileEditRequested(**(fields | changes))


def told(chain: Chain, member: str = MEMBER) -> MemberConfirmed:
    return chain.database.read(
        lambda connection: confirmed_members(
            connection, chain.tenant, [member], chain.now_ms, chain.house
        )
    )[member]


def person(chain: Chain) -> PersonalData:
    return msgspec.json.decode(told(chain).profile or b"{}", type=PersonalData)


def test_two_who_join_offline_with_one_phone_both_stay_and_it_is_told(chain: Chain) -> None:
    one, two = Till("till-02"), Till("till-03")
    one.record(joined(1, MEMBER, claims=(CLAIM,)))
    two.record(joined(2, FRIEND, claims=(CLAIM,), profile=None))
    assert outcomes(chain.push(one, keys=(KEY,))) == ["accepted"]
    [answer] = chain.push(two).answers
    assert answer.outcome == "accepted_adjusted"
    assert [(each.kind, each.text) for each in answer.adjustments] == [
        ("phone_taken", {"holder": MEMBER})
    ]
    assert {row["member"] for row in chain.rows(t.member)} == {MEMBER, FRIEND}
    assert [row["member"] for row in chain.rows(t.identity_claim)] == [MEMBER]


def test_the_edit_received_later_wins_field_by_field_and_the_loser_is_kept(chain: Chain) -> None:
    one, two = Till("till-02"), Till("till-03")
    one.record(joined(1))
    one.record(edit(2, {"name": "张小三", "note": "花生过敏"}))
    two.record(edit(3, {"name": "张三丰"}))
    chain.push(one, keys=(KEY,))
    assert outcomes(chain.push(two)) == ["accepted"]
    assert person(chain) == PersonalData(phone="+8613800138000", name="张三丰", note="花生过敏")
    names = {row["op_id"]: row["state"] for row in chain.rows(t.profile_field, field="name")}
    assert names == {op(1): "lost", op(2): "lost", op(3): "current"}


def test_who_joined_late_does_not_undo_an_edit_that_came_first(chain: Chain) -> None:
    one, two = Till("till-02"), Till("till-03")
    one.record(joined(1))
    two.record(edit(3, {"name": "张三丰"}))
    chain.push(two, keys=(KEY,))
    chain.push(one)
    assert person(chain) == PersonalData(phone="+8613800138000", name="张三丰")


@pytest.mark.parametrize(
    ("values", "code", "fields"),
    [
        pytest.param({"name": 7}, "wrong_values", {"values"}, id="wrong type"),
        pytest.param({"height": "180"}, "wrong_values", {"height"}, id="unknown field"),
        pytest.param(["name"], "wrong_values", {"values"}, id="no fields"),
    ],
)
def test_an_edit_that_makes_no_sense_is_refused_and_leaves_a_tombstone(
    chain: Chain, values: object, code: str, fields: set[str]
) -> None:
    till = Till("till-02")
    till.record(joined(1))
    till.record(edit(2, values))
    till.record(a_sale(3, TODAY))
    answer = chain.push(till, keys=(KEY,))
    assert outcomes(answer) == ["accepted", "rejected", "accepted"]
    refusal = answer.answers[1].refusal
    assert refusal is not None
    assert (refusal.code, set(refusal.fields)) == (code, fields)
    [row] = chain.rows(t.op, op_id=op(2))
    assert (row["state"], row["data"]) == ("rejected", None)
    assert len(chain.rows(t.place)) == 3, "the chain stays whole"
    assert outcomes(chain.push(till))[1] == "rejected again"


def test_an_edit_under_a_key_nobody_knows_is_refused(chain: Chain) -> None:
    till = Till("till-02")
    till.record(edit(1, {"name": "张三"}))
    [answer] = chain.push(till).answers
    assert (answer.outcome, answer.refusal and answer.refusal.code) == (
        "rejected", "unreadable_values",
    )  # fmt: skip


def test_a_key_that_is_known_is_not_overwritten(chain: Chain) -> None:
    till = Till("till-02")
    till.record(joined(1))
    chain.push(till, keys=(KEY,))
    other = MemberKey(member=MEMBER, key_id=KEY.key_id, secret=bytes(32))
    short = MemberKey(member=MEMBER, key_id="k-2", secret=b"short")
    chain.push(till, keys=(other, short))
    assert told(chain).keys == (KEY,)


def test_a_new_card_comes_first_and_the_old_one_finds_him_still(chain: Chain) -> None:
    till = Till("till-02")
    till.record(joined(1))
    till.record(
        CardIssued(
            op_id=op(2), store=STORE, day=TODAY, clock=moment(), member=MEMBER, card="MNEW",
            replaces="M000000000001",
        )
    )  # fmt: skip
    chain.push(till, keys=(KEY,))
    assert told(chain).cards == ("MNEW", "M000000000001")


def test_who_joined_at_a_revoked_till_is_frozen_and_claims_nothing(chain: Chain) -> None:
    till = Till("till-02")
    till.record(joined(1, claims=(CLAIM,)))
    [answer] = chain.push(till, revoked=True, keys=(KEY,)).answers
    assert answer.outcome == "quarantined"
    assert (told(chain).status, told(chain).cards, told(chain).profile) == ("frozen", (), None)
    assert chain.rows(t.identity_claim) == []


def test_somebody_nobody_heard_of_is_not_told(chain: Chain) -> None:
    answer = chain.database.read(
        lambda connection: confirmed_members(
            connection, chain.tenant, [FRIEND], chain.now_ms, chain.house
        )
    )
    assert answer == {}


# ------------------------------------------------------------------ a number that changes


SECRET = bytes(range(7, 39))
OLD, NEW = (phone_claim(SECRET, number) for number in ("+8613800138000", "+8613900139000"))


@pytest.fixture
def hashed(chain: Chain) -> Chain:
    """The same server, to which a till brought the key of phones; somebody who joined."""
    chain.house = replace(chain.house, claim_secret=lambda connection, tenant: SECRET)
    till = Till("till-02")
    till.record(joined(1, claims=(OLD,)))
    chain.push(till, keys=(KEY,))
    return chain


def holders(chain: Chain) -> dict[str, str]:
    return {row["claim"]: row["member"] for row in chain.rows(t.identity_claim)}


def test_a_new_number_finds_him_and_the_old_one_is_free(hashed: Chain) -> None:
    till = Till("till-05")
    till.record(edit(2, {"phone": "+8613900139000"}))
    assert outcomes(hashed.push(till)) == ["accepted"]
    assert holders(hashed) == {NEW: MEMBER}
    till.record(edit(3, {"phone": None}))
    hashed.push(till)
    assert holders(hashed) == {}
    other = Till("till-06")
    other.record(joined(4, FRIEND, claims=(OLD,), profile=None))
    assert outcomes(hashed.push(other)) == ["accepted"], "somebody else has the number now"


def test_a_number_that_another_member_holds_is_told(hashed: Chain) -> None:
    other = Till("till-06")
    mine = MemberKey(member=FRIEND, key_id="k-2", secret=bytes(range(60, 92)))
    friend = PersonalData(phone="+8613900139000", name="李雷")
    other.record(joined(2, FRIEND, claims=(NEW,), profile=sealed(friend, mine)))
    hashed.push(other, keys=(mine,))
    till = Till("till-05")
    till.record(edit(3, {"phone": "+8613900139000", "name": "张三丰"}))
    [answer] = hashed.push(till).answers
    assert [(each.kind, each.text["holder"]) for each in answer.adjustments] == [
        ("phone_taken", FRIEND)
    ]
    assert person(hashed).name == "张三丰"
    assert holders(hashed) == {NEW: FRIEND}


def test_an_edit_of_the_name_alone_moves_no_claim(hashed: Chain) -> None:
    till = Till("till-05")
    till.record(edit(2, {"name": "张三丰"}))
    hashed.push(till)
    assert holders(hashed) == {OLD: MEMBER}


# ------------------------------------------------------------------ a shop that was alone before

ALONE = bytes(range(60, 92))
"""The key its tills hashed phones under, before the chain's was theirs."""
THIRD = "0197c2a0-0000-7000-8000-00000000a003"
KEYS = [MemberKey(member=each, key_id=each[-4:], secret=b"k" * 32) for each in (FRIEND, THIRD)]


def of_a_shop_alone(number: int, key: MemberKey, phone: str) -> MemberJoined:
    person = PersonalData(phone=phone, name="李芳")
    return joined(
        number, key.member, claims=(phone_claim(ALONE, phone),), profile=sealed(person, key),
        card=f"M{number}",
    )  # fmt: skip


@pytest.mark.parametrize("is_held_first", [False, True])
def test_members_of_a_shop_that_joins_the_chain_are_found_and_nobody_is_two(
    hashed: Chain, is_held_first: bool
) -> None:
    """FRIEND's number is free in the chain; THIRD has the number of one who is there already."""
    till = Till("till-05")
    till.record(of_a_shop_alone(2, KEYS[0], "+8613900139000"))
    till.record(of_a_shop_alone(3, KEYS[1], "+8613800138000"))
    answers = hashed.push(till, keys=tuple(KEYS), revoked=is_held_first).answers
    if is_held_first:
        assert holders(hashed) == {OLD: MEMBER}
        sender = Sender(hashed.tenant, till.device, till.store)
        hashed.database.write(
            lambda c: release(c, sender, (op(2), op(3)), hashed.now_ms, hashed.house)
        )
    else:
        assert [[each.kind for each in one.adjustments] for one in answers] == [[], ["phone_taken"]]
    found = holders(hashed)
    assert (found[NEW], found[OLD]) == (FRIEND, MEMBER)
    assert found[phone_claim(ALONE, "+8613900139000")] == FRIEND, "by the older key, too"
    [case] = hashed.cases("phone_taken")
    assert (case["subject"], msgspec.json.decode(case["story"])["said"]) == (
        THIRD,
        {"holder": MEMBER},
    )
    assert {row["survivor"] for row in hashed.rows(t.account)} == {MEMBER, FRIEND, THIRD}


def test_a_number_of_such_a_member_that_changes_is_found_by_the_new_one(hashed: Chain) -> None:
    till = Till("till-05")
    till.record(of_a_shop_alone(2, KEYS[0], "+8613700137000"))
    change = sealed({"phone": "+8613900139000"}, KEYS[0])
    till.record(structs.replace(edit(3, {}, FRIEND), fields=("phone",), values=change))
    assert outcomes(hashed.push(till, keys=tuple(KEYS))) == ["accepted", "accepted"]
    found = holders(hashed)
    assert found[NEW] == FRIEND
    assert phone_claim(SECRET, "+8613700137000") not in found

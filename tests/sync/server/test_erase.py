"""Forgetting a person: nothing of him can be read any more, and what he bought still adds up."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from app.domain import effects as do
from app.domain.facts import MemberErased, MemberJoined, read_fact
from app.domain.keyed_hash import phone_claim
from app.domain.member import PersonalData
from sync.protocol import LookUp, MemberConfirmed
from sync.server import tables as t
from sync.server.database import ServerDatabase
from sync.server.erase import AlreadyErased, Erased, NobodyToErase, erase_member
from sync.server.head_office import Office, Said
from sync.server.look_up import look_up
from sync.server.member_keys import key_ring
from sync.server.merge import NotMerged, merge_members
from sync.server.page_token import PageToken, PageTokens
from sync.server.rebuild import verify
from tests.domain.heart_builders import FRIEND, MEMBER, NOON_MS, STORE, a_sale, moment, op
from tests.sync.server.asking import TODAY, ask
from tests.sync.server.members import KEY, sealed
from tests.sync.server.tills import DAY_MS, HOUR_MS, Chain, Till, outcomes

CLAIM = "7f" * 32
PERSON = PersonalData(phone="+8613800138000", name="张三")
WANG = Said(by="店长王", reason="本人要求")


@pytest.fixture
def chain(database: ServerDatabase, tenant: str) -> Chain:
    """A member with everything there is of a person, and a friend."""
    made = Chain(database, tenant)
    till = Till("till-02")
    consent = do.ConsentGiven(consent="c-1", purpose="profiling", text_version="1", text_hash="ab")
    till.record(joined(1, MEMBER, effects=(do.Joined(), consent)))
    till.record(a_sale(2, TODAY))
    till.record(a_sale(3, TODAY, member=FRIEND))
    made.push(till, keys=(KEY,))
    return made


def joined(number: int, member: str, **changes: Any) -> MemberJoined:
    fields: dict[str, Any] = {
        "op_id": op(number), "store": STORE, "day": TODAY, "clock": moment(), "member": member,
        "card": f"M{number:012}", "effects": (do.Joined(),), "claims": (CLAIM,),
        "profile": sealed(PERSON),
    }  # fmt: skip
    return MemberJoined(**(fields | changes))


def erased(chain: Chain, member: str = MEMBER) -> Erased | AlreadyErased | NobodyToErase:
    return chain.database.write(
        lambda connection: erase_member(office(chain, connection), member, WANG)
    )


def office(chain: Chain, connection: Any) -> Office:
    return Office(connection, chain.tenant, chain.now_ms, chain.house)


def told(chain: Chain, **by: str) -> MemberConfirmed:
    [member] = ask(chain, look_up, LookUp(**by)).members
    return member


def readable(chain: Chain, *members: str) -> list[str]:
    """Of which of these the server still holds a key."""
    ring = chain.database.read(
        lambda connection: key_ring(connection, chain.tenant, members, chain.house)
    )
    return [key.member for key in ring.keys]


def test_nothing_of_the_person_is_left_and_his_purchases_add_up(chain: Chain) -> None:
    assert readable(chain, MEMBER) == [MEMBER]
    heard = len(chain.feed(f"store:{STORE}"))
    assert erased(chain) == Erased((MEMBER,))
    member = told(chain, card=f"M{1:012}")
    assert (member.status, member.profile, member.keys) == ("erased", None, ())
    assert readable(chain, MEMBER) == []
    assert chain.rows(t.profile_field) == []
    assert chain.rows(t.member_key) != [], "the place of the destroyed key stays taken"
    assert [row["ref"] for row in chain.feed(f"store:{STORE}")[heard:]] == [MEMBER]
    account = chain.account(MEMBER)
    assert (sum(account.gained.values()), account.withdrawn) == (59, {"c-1"})
    [fact] = [read_fact(row["data"]) for row in chain.rows(t.op, device="server")]
    assert isinstance(fact, MemberErased)
    assert (fact.ids, fact.approved_by) == ((MEMBER,), ("店长王",))
    assert chain.database.read(lambda connection: verify(connection, chain.tenant)).is_sound


def test_a_till_that_pushes_his_key_again_gives_it_to_nobody(chain: Chain) -> None:
    erased(chain)
    late = type(KEY)(member=MEMBER, key_id="k-9", secret=bytes(range(32)))
    till = Till("till-05")
    till.record(a_sale(9, TODAY))
    assert outcomes(chain.push(till, keys=(KEY, late))) == ["accepted"]
    assert readable(chain, MEMBER) == []


def test_all_ids_of_a_merged_person_are_forgotten(chain: Chain) -> None:
    chain.database.write(
        lambda connection: merge_members(office(chain, connection), MEMBER, FRIEND, WANG)
    )
    assert erased(chain, FRIEND) == Erased((MEMBER, FRIEND))
    assert told(chain, member=FRIEND).status == "erased"
    assert {row["status"] for row in chain.rows(t.member)} == {"erased"}
    assert erased(chain, MEMBER) == AlreadyErased(MEMBER)


def test_nobody_and_nobody_again(chain: Chain) -> None:
    stranger = "0197c2a0-0000-7000-8000-00000000a999"
    assert erased(chain, stranger) == NobodyToErase(stranger)
    erased(chain)
    assert erased(chain) == AlreadyErased(MEMBER)
    answer = chain.database.write(
        lambda connection: merge_members(office(chain, connection), FRIEND, MEMBER, WANG)
    )
    assert answer == NotMerged(MEMBER, "erased")


def test_links_to_his_card_open_nothing_any_more(chain: Chain) -> None:
    token = PageToken("ab" * 32, "card", STORE, MEMBER, chain.now_ms, chain.now_ms + DAY_MS)
    chain.database.write(lambda connection: PageTokens(connection, chain.tenant).put(token))
    erased(chain)
    kept = chain.database.read(lambda c: PageTokens(c, chain.tenant).find(token.token_hash))
    assert kept is not None
    assert not kept.is_open("card", chain.now_ms)


def test_who_joined_before_with_this_number_arrives_forgotten(chain: Chain) -> None:
    """A till was away for a week; meanwhile the person asked to be forgotten."""
    chain.now_ms += HOUR_MS
    erased(chain)
    chain.now_ms += 7 * DAY_MS
    away = Till("till-07")
    third, key = "0197c2a0-0000-7000-8000-00000000a003", b"k" * 32
    mine = type(KEY)(member=third, key_id="k-3", secret=key)
    away.record(joined(41, third, profile=sealed(PERSON, mine)))
    away.record(a_sale(42, TODAY, member=third))
    assert outcomes(chain.push(away, keys=(mine,))) == ["accepted", "accepted"]
    member = told(chain, member=third)
    assert (member.status, member.profile, member.cards) == ("erased", None, ())
    assert (readable(chain, third), chain.rows(t.profile_field)) == ([], [])
    assert sum(chain.account(third).gained.values()) == 59


def test_also_where_his_shop_hashed_the_number_under_a_key_of_its_own(chain: Chain) -> None:
    secret = bytes(range(7, 39))
    chain.house = replace(chain.house, claim_secret=lambda connection, tenant: secret)
    till, alone = Till("till-04"), Till("till-07", "store-7")
    known = "0197c2a0-0000-7000-8000-00000000a003"
    late = "0197c2a0-0000-7000-8000-00000000a004"
    keys = {each: type(KEY)(member=each, key_id="k-3", secret=b"k" * 32) for each in (known, late)}
    person = PersonalData(phone="+8613900139000", name="李芳")
    claim = phone_claim(secret, "+8613900139000")
    till.record(joined(30, known, profile=sealed(person, keys[known]), claims=(claim,)))
    chain.push(till, keys=(keys[known],))
    chain.now_ms += HOUR_MS
    erased(chain, known)
    chain.now_ms += 7 * DAY_MS
    other = phone_claim(bytes(32), "+8613900139000")
    alone.record(joined(41, late, profile=sealed(person, keys[late]), claims=(other,)))
    chain.push(alone, keys=(keys[late],))
    assert told(chain, member=late).status == "erased"


def test_who_joins_again_afterwards_is_a_new_person(chain: Chain) -> None:
    erased(chain)
    chain.now_ms += 7 * DAY_MS
    till = Till("till-07")
    third = "0197c2a0-0000-7000-8000-00000000a003"
    mine = type(KEY)(member=third, key_id="k-3", secret=b"k" * 32)
    clock = moment(NOON_MS + 7 * DAY_MS)
    till.record(joined(51, third, profile=sealed(PERSON, mine), day=date(2026, 6, 4), clock=clock))
    assert outcomes(chain.push(till, keys=(mine,))) == ["accepted"]
    member = told(chain, claim=CLAIM)
    assert (member.member, member.status) == (third, "active")
    assert member.profile is not None


def test_a_list_of_an_earlier_system_brings_nobody_back(chain: Chain) -> None:
    """A till that never knew him takes the row in, as far as it can know; he arrives as nobody."""
    erased(chain)
    chain.now_ms += 7 * DAY_MS
    till = Till("till-07")
    third = "0197c2a0-0000-7000-8000-00000000a003"
    mine = type(KEY)(member=third, key_id="k-3", secret=b"k" * 32)
    clock, day = moment(NOON_MS + 7 * DAY_MS), date(2026, 6, 4)
    till.record(
        joined(51, third, profile=sealed(PERSON, mine), day=day, clock=clock, channel="import")
    )
    assert outcomes(chain.push(till, keys=(mine,))) == ["accepted"]
    assert told(chain, member=third).status == "erased"
    assert readable(chain, third) == []

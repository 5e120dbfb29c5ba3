"""Tiers by hand at head office: a request waits, the first decision counts, all tills hear."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from app.domain import effects as do
from app.domain.facts import MemberJoined, TierGrantedByHand, read_fact
from app.domain.tier_change import GRANT_DAYS_MAX
from app.domain.tiers import standing
from sync.protocol import PushAnswer
from sync.server import tables as t
from sync.server.database import ServerDatabase
from sync.server.feed import CHAIN
from sync.server.head_office import Office, Said
from sync.server.merge import Merged, merge_members
from sync.server.rebuild import verify
from sync.server.release import Released
from tests.domain.heart_builders import FRIEND, MEMBER, STORE, a_program, moment, op
from tests.domain.tier_builders import a_decision, a_end_of, a_grant, a_request
from tests.sync.server.asking import TODAY
from tests.sync.server.test_release import let_go
from tests.sync.server.tills import Chain, Till, outcomes

LAST = TODAY + timedelta(days=200)
ASKED: dict[str, Any] = {"from_day": TODAY, "last_day": LAST, "day": TODAY}


@pytest.fixture
def chain(database: ServerDatabase, tenant: str) -> Chain:
    return Chain(database, tenant)


@pytest.fixture
def here(chain: Chain) -> Till:
    """A till whose cashier asked for silver."""
    till = Till("till-02")
    till.record(a_request(70, **ASKED))
    assert outcomes(chain.push(till)) == ["accepted"]
    return till


def say(chain: Chain, till: Till, *facts: Any) -> PushAnswer:
    return chain.push(till, [till.record(fact) for fact in facts])


def tier(chain: Chain, member: str = MEMBER) -> str:
    return standing(chain.account(member), a_program(), TODAY).tier


def told_to_all(chain: Chain) -> list[str]:
    """Kinds of facts in the stream of all tills."""
    refs = [row["ref"] for row in chain.feed(CHAIN) if row["kind"] == "fact"]
    kinds = {row["op_id"]: row["kind"] for row in chain.rows(t.op)}
    return [kinds[ref] for ref in refs]


def test_a_request_waits_and_an_approval_at_another_store_grants_it(
    chain: Chain, here: Till
) -> None:
    assert tier(chain) == "regular"
    there = Till("haidian-01", store="haidian")
    assert outcomes(say(chain, there, a_decision(71, day=TODAY))) == ["accepted"]
    assert tier(chain) == "silver"
    assert told_to_all(chain) == ["tier_requested.1", "tier_decided.1", "tier_granted.2"]
    [row] = chain.rows(t.op, device="server")
    fact = read_fact(row["data"])
    assert isinstance(fact, TierGrantedByHand)
    assert (fact.request, fact.approved_by, fact.before) == (op(70), ("staff-wang",), "regular")
    assert outcomes(chain.push(there)) == ["accepted again"]
    assert len(chain.rows(t.op, device="server")) == 1, "a duplicate grants nothing more"
    assert chain.database.read(lambda one: verify(one, chain.tenant)).is_sound


def test_an_approval_that_was_held_grants_it_once_it_is_released(chain: Chain, here: Till) -> None:
    there, late = Till("haidian-01", store="haidian"), Till("haidian-02", store="haidian")
    for till, number in ((there, 71), (late, 72)):
        till.record(a_decision(number, day=TODAY))
        chain.push(till, revoked=True)
    assert tier(chain) == "regular"
    assert let_go(chain, there, op(71)) == Released((op(71),), ())
    assert tier(chain) == "silver"
    assert let_go(chain, late, op(72)) == Released((), (op(72),)), "it was decided already"
    assert len(chain.rows(t.op, device="server")) == 1
    assert chain.database.read(lambda one: verify(one, chain.tenant)).is_sound


@pytest.mark.parametrize("first", ["approved", "refused", "withdrawn"])
def test_of_two_managers_at_once_the_first_to_arrive_decides(
    chain: Chain, here: Till, first: str
) -> None:
    one, two = Till("haidian-01", store="haidian"), Till("chaoyang-01", store="chaoyang")
    assert outcomes(say(chain, one, a_decision(71, verdict=first, day=TODAY))) == ["accepted"]
    answer = say(chain, two, a_decision(72, day=TODAY, staff="staff-zhao"))
    assert outcomes(answer) == ["rejected"]
    refusal = answer.answers[0].refusal
    assert refusal is not None
    assert refusal.code == "tier_request_decided"
    assert refusal.fields == {
        "verdict": first, "by": "staff-wang", "day": TODAY.isoformat(),
    }  # fmt: skip
    assert tier(chain) == ("silver" if first == "approved" else "regular")
    assert outcomes(chain.push(two)) == ["rejected again"], "the same answer for ever"


def test_a_request_with_two_decisions_in_one_push(chain: Chain) -> None:
    till = Till("till-02")
    facts = [a_request(70, **ASKED), a_decision(71, day=TODAY),
             a_decision(72, verdict="refused", day=TODAY)]  # fmt: skip
    assert outcomes(say(chain, till, *facts)) == ["accepted", "accepted", "rejected"]
    assert tier(chain) == "silver"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        pytest.param({"last_day": TODAY - timedelta(days=1)}, "tier_request_wrong", id="backwards"),
        pytest.param(
            {"last_day": TODAY + timedelta(days=GRANT_DAYS_MAX + 1)}, "tier_request_wrong",
            id="too-long",
        ),
    ],
)  # fmt: skip
def test_a_request_that_cannot_be_is_rejected_and_told_to_nobody(
    chain: Chain, changes: dict[str, Any], code: str
) -> None:
    till = Till("till-02")
    answer = say(chain, till, a_request(70, **(ASKED | changes)), a_decision(71, day=TODAY))
    assert [each.refusal.code if each.refusal else "" for each in answer.answers] == [
        code, "tier_request_unknown",
    ]  # fmt: skip
    assert told_to_all(chain) == []


def test_an_approval_after_its_last_day_is_rejected(chain: Chain, here: Till) -> None:
    chain.now_ms += 201 * 86_400_000
    late = TODAY + timedelta(days=201)
    clock = moment(chain.now_ms, 201 * 86_400_000)
    answer = say(chain, Till("haidian-01"), a_decision(71, day=late, clock=clock))
    assert answer.answers[0].refusal is not None
    assert answer.answers[0].refusal.code == "tier_request_lapsed"


def test_a_managers_grant_and_its_undoing_are_never_rejected(chain: Chain) -> None:
    till = Till("till-02")
    given = a_grant(72, approved_by=(), day=TODAY, request=None, from_day=TODAY, last_day=LAST)
    said = say(chain, till, given)
    assert [each.adjustments for each in said.answers] == [()]
    assert tier(chain) == "silver"
    said = say(chain, till, a_end_of(given, 73))
    assert [each.adjustments for each in said.answers] == [()]
    assert tier(chain) == "regular"
    assert told_to_all(chain) == ["tier_granted.2", "tier_grant_revoked.2"]


def test_who_is_merged_keeps_what_was_asked_and_given(chain: Chain, here: Till) -> None:
    for number, member in ((1, MEMBER), (2, FRIEND)):
        joined = MemberJoined(
            op_id=op(number), store=STORE, day=TODAY, clock=moment(), member=member,
            card=f"M{number:012}", effects=(do.Joined(),),
        )  # fmt: skip
        here.record(joined)
    younger = a_request(74, member=FRIEND, tier="gold", **ASKED)
    here.record(younger)
    chain.push(here)

    def merge(connection: Any) -> Any:
        office = Office(connection, chain.tenant, chain.now_ms, chain.house)
        return merge_members(office, MEMBER, FRIEND, Said("staff-wang", "同一手机号"))

    assert isinstance(chain.database.write(merge), Merged)
    there = Till("haidian-01", store="haidian")
    said = [a_decision(75, member=FRIEND, request=op(74), day=TODAY),
            a_decision(76, day=TODAY, verdict="refused")]  # fmt: skip
    assert outcomes(say(chain, there, *said)) == ["accepted", "accepted"]
    assert tier(chain) == "gold", "the survivor has it"
    [grant] = chain.account(MEMBER).grants.values()
    assert grant.tier == "gold"
    assert chain.database.read(lambda one: verify(one, chain.tenant)).is_sound


def test_a_channel_gives_no_tiers(chain: Chain) -> None:
    shop = Till("web")
    shop.record(a_request(70, **ASKED))
    assert outcomes(chain.push(shop, is_channel=True)) == ["quarantined"]
    assert told_to_all(chain) == []

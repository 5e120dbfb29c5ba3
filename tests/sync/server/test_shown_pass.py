"""One pass at two tills: each took it in good faith, and where their facts meet it is seen."""

from __future__ import annotations

import pytest

from app.domain.facts import PassTaken
from sync.server.database import ServerDatabase
from tests.domain.heart_builders import FRIEND, MEMBER, NOON_MS, STORE, a_sale, moment, op
from tests.sync.server.asking import TODAY
from tests.sync.server.tills import Chain, Till, outcomes


@pytest.fixture
def chain(database: ServerDatabase, tenant: str) -> Chain:
    """A server that knows nobody yet."""
    return Chain(database, tenant)


def taken(number: int, member: str = MEMBER, issued_ms: int = NOON_MS) -> PassTaken:
    return PassTaken(
        op_id=op(number), store=STORE, day=TODAY, clock=moment(), member=member,
        issued_ms=issued_ms,
    )  # fmt: skip


def test_the_second_till_is_told_and_the_case_has_both_stories(chain: Chain) -> None:
    one, two = Till("till-02"), Till("till-07", "xidan")
    one.record(taken(1))
    one.record(a_sale(2, TODAY, identified_by="pass"))
    two.record(taken(3))
    two.record(a_sale(4, TODAY, identified_by="pass", store="xidan"))
    assert outcomes(chain.push(one)) == ["accepted", "accepted"]
    assert outcomes(chain.push(two)) == ["accepted_adjusted", "accepted"]
    [case] = chain.cases("pass_used_twice")
    assert (case["subject"], case["op_id"]) == (MEMBER, op(3))
    assert all(each.encode() in case["story"] for each in (op(1), op(3), "till-02", "till-07"))
    assert outcomes(chain.push(two)) == ["accepted_adjusted again", "accepted again"]
    assert len(chain.cases("pass_used_twice")) == 1


def test_a_fresh_pass_and_another_members_are_other_passes(chain: Chain) -> None:
    till = Till("till-02")
    for number, (member, issued) in enumerate(
        ((MEMBER, NOON_MS), (MEMBER, NOON_MS + 40_000), (FRIEND, NOON_MS)), 1
    ):
        till.record(taken(number, member, issued))
    assert outcomes(chain.push(till)) == ["accepted"] * 3


def test_a_till_restored_from_a_backup_took_it_once(chain: Chain) -> None:
    till = Till("till-02")
    till.record(taken(1))
    chain.push(till)
    assert outcomes(chain.push(till.restored())) == ["accepted again"]
    assert chain.cases() == []

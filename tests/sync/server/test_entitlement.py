"""Benefits ticked off at two tills: what is over the count is a case, what is not is none."""

from __future__ import annotations

from datetime import date

import pytest

from app.domain import effects as do
from app.domain.facts import EntitlementUsed, ProgramRef
from app.domain.program import Program
from app.domain.program_file import decode_program
from sync.server import tables as t
from sync.server.database import ServerDatabase
from sync.server.rows import put
from sync.server.tables import shard_of
from tests.domain.heart_builders import MEMBER, STORE, moment, op
from tests.sync.server.tills import Chain, Till, outcomes

TODAY = date(2026, 5, 29)
TOML = """
schema = 1
id = "shop"
version = "7"
name = { zh = "会员规则", en = "Members" }
announced = 2026-01-01
effective = 2026-02-01

[[tiers]]
id = "regular"
name = { zh = "普通", en = "Regular" }
entitlements = [{ id = "parking", name = { zh = "停车", en = "Parking" }, count = 2 }]

[[rewards]]
id = "mug"
name = { zh = "马克杯", en = "A mug" }
points = 500
count = 1
period = "year"
gives = { kind = "gift", products = ["sku-mug"] }
"""


@pytest.fixture
def chain(database: ServerDatabase, tenant: str) -> Chain:
    """A server whose program allows free parking twice a month."""
    assert isinstance(decode_program(TOML), Program)
    row = {
        "shard_key": shard_of("shop"), "program_id": "shop", "version": "7", "toml": TOML,
        "announced": "2026-01-01", "effective": "2026-02-01", "published_ms": 0,
    }  # fmt: skip
    database.write(lambda connection: put(connection, tenant, t.program, [row], "new"))
    return Chain(database, tenant)


def used(number: int, entitlement: str = "parking") -> EntitlementUsed:
    return EntitlementUsed(
        op_id=op(number), store=STORE, day=TODAY, clock=moment(), member=MEMBER,
        effects=(do.EntitlementTicked(entitlement=entitlement),), entitlement=entitlement,
        program=ProgramRef("shop", "7"),
    )  # fmt: skip


def test_the_third_parking_of_a_month_is_a_case_with_both_stories(chain: Chain) -> None:
    one, two = Till("till-02"), Till("till-03")
    one.record(used(1))
    one.record(used(2))
    two.record(used(3))
    assert outcomes(chain.push(one)) == ["accepted", "accepted"]
    [answer] = chain.push(two).answers
    assert answer.outcome == "accepted_adjusted"
    assert [(each.kind, each.text) for each in answer.adjustments] == [
        (
            "entitlement_used_twice",
            {"entitlement": "parking", "used": "3", "allowed": "2"},
        )
    ]
    [case] = chain.cases()
    assert b"till-02" in case["story"]
    assert b"till-03" in case["story"]


def test_what_no_program_here_counts_is_no_case(chain: Chain, tenant: str) -> None:
    till = Till("till-02")
    for number in (1, 2, 3):
        till.record(used(number, "lounge"))
    assert outcomes(chain.push(till)) == ["accepted"] * 3
    nobody = Chain(chain.database, f"{tenant}-without-program")
    parking = Till("till-02")
    for number in (1, 2, 3):
        parking.record(used(number))
    assert outcomes(nobody.push(parking)) == ["accepted"] * 3


def test_a_reward_has_its_own_count(chain: Chain) -> None:
    till = Till("till-02")
    till.record(used(1, "reward:mug"))
    till.record(used(2, "reward:mug"))
    assert outcomes(chain.push(till)) == ["accepted_adjusted", "accepted_adjusted"]

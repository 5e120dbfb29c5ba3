"""Sales that post what was kept for them, come too late for it, or spent beyond every limit."""

from __future__ import annotations

from typing import Any

import pytest

from sync.protocol import Reserve, Reserved, Void, Voided
from sync.server import tables as t
from sync.server.database import ServerDatabase
from sync.server.reserve import reserve, void
from tests.domain.heart_builders import MEMBER, STORE, a_line, a_sale, moment, op
from tests.sync.server.asking import TODAY, asking, points
from tests.sync.server.programs import put_in_force
from tests.sync.server.tills import HOUR_MS, Chain, Till, outcomes


@pytest.fixture
def chain(database: ServerDatabase, tenant: str) -> Chain:
    """A member with 500 points; 100 of each member and 250 of all may be spent offline."""
    made = Chain(database, tenant)
    put_in_force(made)
    till = Till("till-09")
    till.record(points(1, 500))
    made.push(till)
    return made


def kept(chain: Chain, number: int, count: int) -> Reserved:
    wanted = Reserve(reservation=op(number), member=MEMBER, points=count)
    return asking(chain, reserve, wanted)


def a_sale_by(number: int, spent: int, **changes: Any) -> Any:
    line = a_line(points_spent=spent, points_earned=0)
    return a_sale(number, TODAY, lines=(line,), **changes)


def adjusted(chain: Chain, till: Till) -> list[tuple[str, dict[str, str]]]:
    """What the newest op of a till was told."""
    answer = chain.push(till).answers[-1]
    return [(each.kind, each.text) for each in answer.adjustments]


def test_a_sale_posts_what_was_kept_for_it(chain: Chain) -> None:
    kept(chain, 11, 300)
    till = Till("till-02")
    till.record(a_sale_by(21, 300, reservation=op(11)))
    assert outcomes(chain.push(till)) == ["accepted"]
    [row] = chain.rows(t.reservation)
    assert (row["state"], row["sale"]) == ("posted", op(21))
    assert kept(chain, 12, 201).available == 200
    late = asking(chain, void, Void(reservation=op(11)))
    assert late == Voided(reservation=op(11), posted=True, server_ms=chain.now_ms)


@pytest.mark.parametrize("how", ["expired", "voided", "unknown"])
def test_a_sale_by_what_had_ended_counts_and_is_told(chain: Chain, how: str) -> None:
    if how != "unknown":
        kept(chain, 11, 300)
    if how == "voided":
        asking(chain, void, Void(reservation=op(11)))
    chain.now_ms += HOUR_MS
    till = Till("till-02")
    till.record(a_sale_by(21, 90, reservation=op(11)))
    assert adjusted(chain, till) == [("reservation_expired", {"reservation": op(11), "state": how})]
    [case] = chain.cases("reservation_expired")
    assert (case["subject"], case["op_id"]) == (MEMBER, op(21))


def test_another_tills_reservation_is_none_of_his(chain: Chain) -> None:
    kept(chain, 11, 300)
    till = Till("till-03")
    till.record(a_sale_by(21, 90, reservation=op(11)))
    assert adjusted(chain, till) == [
        ("reservation_expired", {"reservation": op(11), "state": "unknown"})
    ]
    assert chain.rows(t.reservation)[0]["state"] == "kept"


def test_a_push_that_comes_again_posts_nothing_twice(chain: Chain) -> None:
    kept(chain, 11, 300)
    till = Till("till-02")
    till.record(a_sale_by(21, 300, reservation=op(11)))
    chain.push(till)
    assert outcomes(chain.push(till)) == ["accepted again"]
    assert chain.cases() == []


def test_offline_beyond_the_limit_of_a_member_is_an_exception(chain: Chain) -> None:
    till = Till("till-02")
    till.record(a_sale_by(21, 60))
    till.record(a_sale_by(22, 40))
    assert outcomes(chain.push(till)) == ["accepted", "accepted"]
    further = Till("till-03")
    further.record(a_sale_by(23, 60))
    further.record(a_sale_by(24, 41))
    assert adjusted(chain, further) == [
        ("floor_exceeded", {"limit": "member", "spent": "101", "allowed": "100"})
    ]


def test_offline_beyond_the_limit_of_a_till_is_an_exception(chain: Chain) -> None:
    members = [f"0197c2a0-0000-7000-8000-00000000b00{number}" for number in range(3)]
    giver = Till("till-08")
    for number, member in enumerate(members):
        giver.record(points(31 + number, 200, member))
    chain.push(giver)
    till = Till("till-02")
    for number, member in enumerate(members):
        till.record(a_sale_by(21 + number, 90, member=member))
    assert adjusted(chain, till) == [
        ("floor_exceeded", {"limit": "till", "spent": "270", "allowed": "250"})
    ]


def test_a_shop_that_joined_later_is_not_bound_for_what_was_before(chain: Chain) -> None:
    till = Till("till-02")
    till.record(a_sale_by(21, 400, store=STORE, clock=moment()))
    assert outcomes(chain.push(till, enrolled_ms=moment().wall_ms + 1)) == ["accepted"]


def test_what_was_spent_alone_is_counted_over_all_its_pushes(chain: Chain) -> None:
    till = Till("till-02")
    for number, spent in ((21, 60), (22, 40)):
        till.record(a_sale_by(number, spent))
        assert outcomes(chain.push(till))[-1] == "accepted"
    till.record(a_sale_by(23, 1))
    assert adjusted(chain, till) == [
        ("floor_exceeded", {"limit": "member", "spent": "101", "allowed": "100"})
    ]
    assert outcomes(chain.push(till))[-1] == "accepted_adjusted again", "and a duplicate is not"


def test_what_a_till_spent_alone_is_counted_over_members_pushes_and_backups(chain: Chain) -> None:
    """Each of three members stays below his own limit; what all of them come to does not."""
    members = [f"0197c2a0-0000-7000-8000-00000000b00{number}" for number in range(3)]
    giver = Till("till-08")
    for number, member in enumerate((*members, MEMBER)):
        giver.record(points(31 + number, 200, member))
    chain.push(giver)
    till = Till("till-02")
    till.record(a_sale_by(21, 90, member=members[0]))
    assert outcomes(chain.push(till)) == ["accepted"]
    till.record(a_sale_by(22, 90, member=members[1]))
    assert outcomes(chain.push(till))[-1] == "accepted"
    back = till.restored()
    back.record(a_sale_by(23, 90, member=members[2]))
    assert adjusted(chain, back) == [
        ("floor_exceeded", {"limit": "till", "spent": "270", "allowed": "250"})
    ]
    assert chain.push(back, final=True).answers[-1].duplicate
    back.record(a_sale_by(24, 11, member=members[0]))
    assert outcomes(chain.push(back))[-1] == "accepted", "it had said everything"


def test_what_a_member_spent_alone_is_counted_over_a_backup(chain: Chain) -> None:
    till = Till("till-02")
    till.record(a_sale_by(21, 60))
    chain.push(till)
    back = till.restored()
    back.record(a_sale_by(22, 41))
    assert adjusted(chain, back)[0] == (
        "floor_exceeded", {"limit": "member", "spent": "101", "allowed": "100"}
    )  # fmt: skip


def test_a_till_that_had_said_everything_begins_anew(chain: Chain) -> None:
    till = Till("till-02")
    till.record(a_sale_by(21, 100))
    assert outcomes(chain.push(till, final=True)) == ["accepted"]
    till.record(a_sale_by(22, 100))
    assert outcomes(chain.push(till))[-1] == "accepted"
    # Behind a gap not everything has come, whatever it says.
    till.record(a_sale_by(23, 1))
    till.record(a_sale_by(24, 1))
    assert outcomes(chain.push(till, till.ops[3:], final=True)) == ["retry"]
    assert adjusted(chain, till)[0][1]["spent"] == "102"

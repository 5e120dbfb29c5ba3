"""Grants: a share by the program, one device's alone, spent down, never refilled, ended once."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from app.domain import effects as do
from app.domain.facts import EntitlementUsed, GrantReleased, ProgramRef
from app.domain.months import Month
from sync.protocol import GrantAnswer, GrantEnded, GrantWanted, Reserve, decoded
from sync.protocol.pull import Event
from sync.server import tables as t
from sync.server.database import ServerDatabase
from sync.server.grant import (
    GrantWrittenOff,
    NoSuchGrant,
    give_grant,
    grants_standing,
    write_off,
)
from sync.server.member import confirmed_members
from sync.server.reserve import reserve
from tests.domain.heart_builders import FRIEND, MEMBER, STORE, a_line, a_sale, moment, op
from tests.sync.server.asking import TODAY, asking, gift, points
from tests.sync.server.programs import put_in_force
from tests.sync.server.tills import HOUR_MS, Chain, Till, outcomes

COUPON = "C7Q2M9K4T1XA0B"
MAY_27 = Month.of(TODAY).plus(12).index


@pytest.fixture
def chain(database: ServerDatabase, tenant: str) -> Chain:
    """A member with 500 points and a coupon; a fifth may be granted, 150 at most."""
    made = Chain(database, tenant)
    put_in_force(made)
    till = Till("till-09")
    till.record(points(1, 500))
    till.record(gift(2, do.CouponGiven(coupon=COUPON, offer="welcome", days=30)))
    made.push(till)
    return made


def granted(chain: Chain, number: int, device: str = "till-02", **asked: Any) -> GrantAnswer:
    wanted = GrantWanted(grant=op(number), **({"member": MEMBER} | asked))
    return asking(chain, give_grant, wanted, device)


def promised(chain: Chain) -> list[tuple[str, str, int, tuple[str, ...]]]:
    told = chain.database.read(
        lambda connection: confirmed_members(
            connection, chain.tenant, [MEMBER], chain.now_ms, chain.house
        )
    )
    return [(each.id, each.device, each.points, each.coupons) for each in told[MEMBER].promises]


def a_sale_by(number: int, spent: int, **changes: Any) -> Any:
    """A sale that spent points."""
    line = a_line(points_spent=spent, points_earned=0)
    return a_sale(number, TODAY, lines=(line,), **changes)


def released(number: int, grant: int) -> GrantReleased:
    return GrantReleased(
        op_id=op(number), store=STORE, day=TODAY, clock=moment(), member=MEMBER, grant=op(grant)
    )


def ends(chain: Chain, device: str = "till-02") -> list[Any]:
    events = [row["event"] for row in chain.feed(f"device:{device}") if row["event"]]
    told = [msgspec.json.decode(each, type=Event) for each in events]
    return [each for each in told if isinstance(each, GrantEnded)]


# ------------------------------------------------------------------ giving


def test_a_share_of_the_balance_and_no_more(chain: Chain) -> None:
    answer = granted(chain, 11, points=400, coupons=(COUPON,), hours=24)
    assert answer.given is not None
    assert answer.given.buckets == {MAY_27: 100}
    assert (answer.given.coupons, answer.given.ends_ms) == ((COUPON,), chain.now_ms + 24 * HOUR_MS)
    assert promised(chain) == [(op(11), "till-02", 100, (COUPON,))]
    [event] = [row for row in chain.feed("device:till-02") if b"grant.1" in (row["event"] or b"")]
    assert op(11).encode() in event["event"]


def test_the_next_till_gets_its_share_of_what_is_left(chain: Chain) -> None:
    granted(chain, 11, points=400)
    second = granted(chain, 12, "till-03", points=400)
    assert second.given is not None
    assert second.given.buckets == {MAY_27: 80}
    rest = asking(chain, reserve, Reserve(reservation=op(13), member=MEMBER, points=321))
    assert rest.refusal is not None
    assert rest.available == 320


def test_the_same_id_gets_the_same_grant_and_another_is_refused(chain: Chain) -> None:
    first = granted(chain, 11, points=400)
    assert granted(chain, 11, points=400) == first
    again = granted(chain, 12, points=400)
    assert again.refusal is not None
    assert (again.refusal.code, again.refusal.fields) == ("already_granted", {"grant": op(11)})
    stranger = granted(chain, 11, "till-03", points=400)
    assert stranger.refusal is not None
    assert stranger.refusal.code == "id_used"


def test_it_ends_within_the_days_of_the_program(chain: Chain) -> None:
    answer = granted(chain, 11, points=10, hours=24 * 31)
    assert answer.given is not None
    assert answer.given.ends_ms == chain.now_ms + 7 * 24 * HOUR_MS


@pytest.mark.parametrize(
    ("asked", "refusal"),
    [
        pytest.param({}, "nothing_wanted", id="nothing"),
        pytest.param({"points": 5, "member": FRIEND}, "unknown_member", id="a stranger"),
        pytest.param({"coupons": ("C-unheard-of",)}, "coupon_gone", id="no such coupon"),
        pytest.param({"entitlements": {"parking": 3}}, "no_uses_left", id="too many uses"),
    ],
)
def test_what_cannot_be_granted_is_refused(
    chain: Chain, asked: dict[str, Any], refusal: str
) -> None:
    answer = granted(chain, 11, **asked)
    assert answer.refusal is not None
    assert answer.refusal.code == refusal
    assert chain.rows(t.grant_given) == []


def test_a_coupon_that_is_gone_takes_none_of_the_others_away(chain: Chain) -> None:
    """Nor points, nor uses of benefits: the till that asks knows less than head office."""
    asked: dict[str, Any] = {"points": 400, "coupons": ("C-unheard-of", COUPON)}
    asked["entitlements"] = {"parking": 3}
    answer = granted(chain, 11, **asked)
    assert answer.given is not None
    assert (answer.given.coupons, answer.given.entitlements) == ((COUPON,), {})
    assert answer.given.buckets == {MAY_27: 100}


def test_without_a_program_nothing_is_granted(database: ServerDatabase, tenant: str) -> None:
    chain = Chain(database, tenant)
    till = Till("till-09")
    till.record(points(1, 500))
    chain.push(till)
    answer = granted(chain, 11, points=10)
    assert answer.refusal is not None
    assert answer.refusal.code == "no_program"


# ------------------------------------------------------------------ spending


def test_what_is_sold_by_it_is_taken_from_it_and_never_comes_back(chain: Chain) -> None:
    granted(chain, 11, points=400, coupons=(COUPON,))
    till = Till("till-02")
    till.record(a_sale_by(21, 60, grant=op(11), coupons_used=(COUPON,)))
    assert outcomes(chain.push(till)) == ["accepted"]
    assert promised(chain) == [(op(11), "till-02", 40, ())]
    assert granted(chain, 11, points=400).given is not None
    assert promised(chain) == [(op(11), "till-02", 40, ())]
    rest = asking(chain, reserve, Reserve(reservation=op(13), member=MEMBER, points=401))
    assert (rest.refusal is None, rest.available) == (False, 400)


def test_uses_are_taken_from_it_too(chain: Chain) -> None:
    granted(chain, 11, entitlements={"parking": 2})
    till = Till("till-02")
    till.record(
        EntitlementUsed(
            op_id=op(21), store=STORE, day=TODAY, clock=moment(), member=MEMBER,
            effects=(do.EntitlementTicked(entitlement="parking"),), entitlement="parking",
            program=ProgramRef("renmin", "2026.1"),
        )
    )  # fmt: skip
    chain.push(till)
    [row] = chain.rows(t.grant_given)
    assert b'"entitlements":{"parking":1}' in row["content"]


def test_its_interval_alone_frees_nothing(chain: Chain) -> None:
    """What was sold by it offline may be on its way still."""
    granted(chain, 11, points=400, hours=1)
    chain.now_ms += 2 * HOUR_MS
    assert promised(chain) == [(op(11), "till-02", 100, ())]
    till = Till("till-02")
    till.record(a_sale_by(21, 60, grant=op(11)))
    till.record(released(22, 11))
    assert outcomes(chain.push(till)) == ["accepted", "accepted"]
    assert promised(chain) == []
    assert ends(chain) == [GrantEnded(grant=op(11), why="released")]


def test_only_its_own_device_releases_it(chain: Chain) -> None:
    granted(chain, 11, points=400)
    other = Till("till-03")
    other.record(released(22, 11))
    assert outcomes(chain.push(other)) == ["accepted"]
    assert promised(chain) == [(op(11), "till-02", 100, ())]


def test_after_its_end_its_device_may_have_a_new_one(chain: Chain) -> None:
    granted(chain, 11, points=400)
    till = Till("till-02")
    till.record(released(22, 11))
    chain.push(till)
    again = granted(chain, 11, points=400)
    assert again.refusal is not None
    assert again.refusal.code == "ended"
    assert granted(chain, 12, points=400).given is not None


def test_a_manager_writes_a_lost_tills_grant_off(chain: Chain) -> None:
    granted(chain, 11, points=400)

    def off(grant: str) -> object:
        return chain.database.write(lambda connection: write_off(connection, chain.tenant, grant))

    done = off(op(11))
    assert isinstance(done, GrantWrittenOff)
    assert (done.device, done.member) == ("till-02", MEMBER)
    assert promised(chain) == []
    assert ends(chain) == [GrantEnded(grant=op(11), why="written_off")]
    assert off(op(11)) == NoSuchGrant("written_off")
    assert off(op(12)) == NoSuchGrant()
    standing = chain.database.read(lambda connection: grants_standing(connection, chain.tenant))
    assert standing == []
    till = Till("till-02")
    till.record(a_sale_by(21, 60, grant=op(11)))
    [answer] = chain.push(till).answers
    assert [(each.kind, each.text) for each in answer.adjustments] == [
        ("grant_exceeded", {"grant": op(11), "state": "written_off"})
    ]


def test_the_bytes_of_a_grant_are_read_back(chain: Chain) -> None:
    answer = granted(chain, 11, points=400)
    assert decoded(chain.rows(t.grant_given)[0]["content"], type(answer.given)) == answer.given

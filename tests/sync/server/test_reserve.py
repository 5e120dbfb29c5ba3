"""Reservations: all of it or nothing, the same answer to the same id, an end by itself."""

from __future__ import annotations

from typing import Any

import pytest

from app.domain import effects as do
from app.domain.pieces import Interval
from sync.protocol import PiecesWanted, Reserve, Reserved, Void, Voided
from sync.server import tables as t
from sync.server.database import ServerDatabase
from sync.server.member import confirmed_members
from sync.server.reserve import reserve, void
from tests.domain.heart_builders import FRIEND, MEMBER, STORE, a_line, a_refund, a_sale, op
from tests.sync.server.asking import TODAY, asking, gift, points
from tests.sync.server.tills import Chain, Till

COUPON = "C7Q2M9K4T1XA0B"
SALE = a_sale(2, TODAY, member=None, effects=(), identified_by=None, lines=(a_line("1"),))


@pytest.fixture
def chain(database: ServerDatabase, tenant: str) -> Chain:
    """A member with 500 points and a coupon, and a walk-in sale of three pieces."""
    made = Chain(database, tenant)
    till = Till("till-02")
    till.record(points(1, 500))
    till.record(SALE)
    till.record(gift(3, do.CouponGiven(coupon=COUPON, offer="welcome", days=30)))
    made.push(till)
    return made


def reserved(chain: Chain, number: int, device: str = "till-02", **asked: Any) -> Reserved:
    wanted = Reserve(reservation=op(number), **({"member": MEMBER} | asked))
    return asking(chain, reserve, wanted, device)


def voided(chain: Chain, number: int, device: str = "till-02") -> Voided:
    return asking(chain, void, Void(reservation=op(number)), device)


def code(answer: Reserved) -> str | None:
    return answer.refusal.code if answer.refusal else None


def promised(chain: Chain) -> list[tuple[str, str, int]]:
    """What every till is told is spoken for."""
    told = chain.database.read(
        lambda connection: confirmed_members(
            connection, chain.tenant, [MEMBER], chain.now_ms, chain.house
        )
    )
    return [(each.id, each.device, each.points) for each in told[MEMBER].promises]


def test_what_one_till_keeps_no_other_gets(chain: Chain) -> None:
    first = reserved(chain, 11, points=300)
    assert (first.refusal, first.available) == (None, 200)
    assert first.ends_ms == chain.now_ms + 900_000
    second = reserved(chain, 12, "till-03", points=300)
    assert (code(second), second.available, second.ends_ms) == ("not_enough_points", 200, 0)
    assert second.refusal is not None
    assert second.refusal.fields == {"points": "200"}
    assert reserved(chain, 13, "till-03", points=200).available == 0
    assert promised(chain) == [(op(11), "till-02", 300), (op(13), "till-03", 200)]


def test_the_same_id_gets_the_same_answer(chain: Chain) -> None:
    first = reserved(chain, 11, points=500)
    refused = reserved(chain, 12, points=1)
    chain.now_ms += 60_000
    voided(chain, 11)
    again = reserved(chain, 12, points=1)
    assert (again.refusal, again.available) == (refused.refusal, 0)
    assert again.server_ms == chain.now_ms
    assert code(reserved(chain, 13, points=500)) is None
    assert reserved(chain, 13, points=500).ends_ms == chain.now_ms + 900_000
    assert first.ends_ms < chain.now_ms + 900_000
    assert len(chain.rows(t.reservation)) == 3


@pytest.mark.parametrize(
    ("device", "asked"),
    [("till-03", {"points": 100}), ("till-02", {"points": 101})],
    ids=["another till", "something else"],
)
def test_an_id_is_used_once(chain: Chain, device: str, asked: dict[str, int]) -> None:
    reserved(chain, 11, points=100)
    assert code(reserved(chain, 11, device, **asked)) == "id_used"
    assert promised(chain) == [(op(11), "till-02", 100)]


def test_it_ends_with_its_interval(chain: Chain) -> None:
    reserved(chain, 11, points=500, seconds=60)
    chain.now_ms += 59_999
    assert code(reserved(chain, 12, points=500)) == "not_enough_points"
    chain.now_ms += 1
    assert promised(chain) == []
    assert code(reserved(chain, 13, points=500)) is None


def test_a_void_frees_it_and_a_late_request_keeps_nothing(chain: Chain) -> None:
    reserved(chain, 11, points=500)
    assert voided(chain, 11) == Voided(reservation=op(11), server_ms=chain.now_ms)
    assert voided(chain, 11).posted is False
    assert code(reserved(chain, 12, "till-03", points=500)) is None
    voided(chain, 12)
    assert promised(chain) == [(op(12), "till-03", 500)], "only its own till voids it"
    voided(chain, 14)
    assert code(reserved(chain, 14, points=0, coupons=(COUPON,))) == "voided"


def test_others_hear_of_it_and_of_its_end(chain: Chain) -> None:
    [before] = chain.rows(t.account, member=MEMBER)
    heard = len(chain.feed(f"store:{STORE}"))
    reserved(chain, 11, points=300)
    voided(chain, 11)
    [after] = chain.rows(t.account, member=MEMBER)
    assert after["version"] == before["version"] + 2
    assert [row["ref"] for row in chain.feed(f"store:{STORE}")[heard:]] == [MEMBER, MEMBER]


def test_a_coupon_is_kept_once(chain: Chain) -> None:
    assert code(reserved(chain, 11, coupons=(COUPON,))) is None
    other = reserved(chain, 12, "till-03", coupons=(COUPON, "C-unheard-of"))
    assert other.refusal is not None
    assert (other.refusal.code, other.refusal.fields) == (
        "coupon_gone",
        {COUPON: "promised", "C-unheard-of": "not_usable"},
    )


@pytest.mark.parametrize(
    ("asked", "refusal"),
    [
        pytest.param({}, "nothing_wanted", id="nothing"),
        pytest.param({"points": 1, "member": FRIEND}, "unknown_member", id="a stranger"),
        pytest.param({"points": 1, "member": None}, "unknown_member", id="nobody"),
        pytest.param(
            {"sale": op(99), "pieces": (PiecesWanted(line="1", start=0, end=1),)},
            "unknown_sale",
            id="a sale nobody knows",
        ),
    ],
)
def test_what_cannot_be_kept_is_refused(chain: Chain, asked: dict[str, Any], refusal: str) -> None:
    assert code(reserved(chain, 11, **asked)) == refusal
    assert code(reserved(chain, 11, **asked)) == refusal
    assert chain.rows(t.account, member=FRIEND) == []


def pieces(start: int, end: int, line: str = "1") -> dict[str, Any]:
    wanted = (PiecesWanted(line=line, start=start, end=end),)
    return {"member": None, "sale": SALE.op_id, "pieces": wanted}


def test_pieces_of_another_tills_sale_are_kept_once(chain: Chain) -> None:
    assert code(reserved(chain, 11, "till-03", **pieces(0, 2))) is None
    other = reserved(chain, 12, "till-04", **pieces(1, 3))
    assert other.refusal is not None
    assert (other.refusal.code, other.refusal.fields) == ("pieces_gone", {"1": "2-3"})
    assert code(reserved(chain, 13, "till-04", **pieces(2, 3))) is None


@pytest.mark.parametrize("wanted", [(0, 1), (0, 4), (2, 2)], ids=["refunded", "beyond", "none"])
def test_pieces_that_are_not_there_are_not_kept(chain: Chain, wanted: tuple[int, int]) -> None:
    till = Till("till-05")
    till.record(a_refund(21, SALE, [Interval("1", 0, 1)], TODAY))
    chain.push(till)
    answer = reserved(chain, 11, "till-03", **pieces(*wanted))
    assert (code(answer), answer.refusal and answer.refusal.fields) == ("pieces_gone", {"1": "1-3"})
    assert code(reserved(chain, 12, "till-03", **pieces(0, 1, "9"))) == "pieces_gone"


def test_a_sale_asks_for_more_in_one_step_and_what_it_had_goes_on_until_then(chain: Chain) -> None:
    reserved(chain, 11, points=300)
    too_many = reserved(chain, 12, points=600, own=(op(11),))
    assert (code(too_many), too_many.available) == ("not_enough_points", 500)
    assert promised(chain) == [(op(11), "till-02", 300)]
    assert code(reserved(chain, 13, points=450, own=(op(11),))) is None
    assert promised(chain) == [(op(13), "till-02", 450)]
    assert code(reserved(chain, 13, points=450, own=(op(11),))) is None, "the same answer"


def test_what_is_promised_to_another_till_is_left_alone_whoever_names_it(chain: Chain) -> None:
    reserved(chain, 11, "till-05", points=300)
    foreign = reserved(chain, 12, points=300, own=(op(11),))
    assert (code(foreign), foreign.available) == ("not_enough_points", 200)
    assert code(reserved(chain, 13, points=200, own=(op(11),))) is None
    assert (op(11), "till-05", 300) in promised(chain)

"""Prices checked behind the push: what a till made up is a case, and the till is told."""

from __future__ import annotations

from contextlib import ExitStack
from datetime import UTC, date, datetime
from typing import Any

import msgspec
import pytest
from msgspec import structs

from app.domain import effects as do
from app.domain.facts import MemberJoined, ProgramRef, SaleRecorded, canonical_bytes
from app.domain.pieces import Interval
from app.domain.program import Program
from app.domain.repricing import PriceAgrees, check_price
from sync.protocol import AnswerChanged, Event, Push
from sync.server import tables as t
from sync.server.database import ServerDatabase
from sync.server.ingest import ingest
from sync.server.price_check import check_prices
from sync.server.rows import put
from sync.server.sender import Sender
from sync.server.tables import shard_of
from tests.domain.heart_builders import MEMBER, STORE, a_line, a_refund, a_sale, moment, op
from tests.domain.pricing_shop import member, program
from tests.domain.test_repricing import AT_MS, MILK, TEA, sold
from tests.sync.server.tills import Chain, Till, outcomes, statements_of

RULES = program()
AT_DAY = datetime.fromtimestamp(AT_MS / 1000, UTC).date()
TOML = """
schema = 1
id = "shop"
version = "7"
name = { zh = "shop", en = "shop" }
announced = 2026-01-01
effective = 2026-02-01
earning = { birthday_factor = "2" }

[[tiers]]
id = "regular"
name = { zh = "Regular", en = "Regular" }

[[tiers]]
id = "silver"
name = { zh = "Silver", en = "Silver" }
discount = "0.10"
earn_rate = "1.2"
qualify = { spend = "20000" }

[[tiers]]
id = "gold"
name = { zh = "Gold", en = "Gold" }
discount = "0.12"
earn_rate = "1.5"
qualify = { spend = "50000" }

[welcome]
points = 50
"""


@pytest.fixture
def chain(database: ServerDatabase, tenant: str) -> Chain:
    """A server whose owner has published a program."""
    made = Chain(database, tenant, AT_MS + 60_000)
    publish(made, "7", TOML, "2026-02-01")
    return made


def publish(chain: Chain, version: str, toml: str, effective: str) -> None:
    row = {
        "shard_key": shard_of("shop"), "program_id": "shop", "version": version, "toml": toml,
        "announced": "2026-01-01", "effective": effective, "published_ms": 0,
    }  # fmt: skip
    chain.database.write(lambda connection: put(connection, chain.tenant, t.program, [row], "new"))


def check(chain: Chain) -> int:
    return check_prices(chain.database, chain.tenant, chain.now_ms)


def claiming(sale: SaleRecorded, earned: int) -> SaleRecorded:
    """The same with other points, on every part of it."""
    effects = {do.Visited: {"points_earned": earned}, do.Gained: {"points": earned}}
    return structs.replace(
        sale,
        lines=(structs.replace(sale.lines[0], points_earned=earned),),
        points_earned=earned,
        effects=tuple(structs.replace(each, **effects[type(each)]) for each in sale.effects),
    )


def test_the_program_as_published_prices_like_the_tills() -> None:
    assert check_price(sold(RULES, (MILK, TEA), member("gold")), RULES) == PriceAgrees()


def test_honest_sales_raise_nothing_and_are_looked_at_once(chain: Chain) -> None:
    till = Till("till-02")
    till.record(sold(RULES, (MILK, TEA), member("gold")))
    chain.push(till)
    assert check(chain) == 2
    assert chain.cases() == []
    assert check(chain) == 0


def test_many_stores_cost_no_more_statements_than_one(chain: Chain) -> None:
    """A chain of many small stores would pay more for looking than for selling."""
    tills = [Till(f"till-{number:02}", f"store-{number}") for number in range(5)]
    counts = []
    for part in (tills[:1], tills):
        for till in part:
            number = 10 * int(till.device[-2:]) + len(till.ops)
            till.record(a_sale(number, AT_DAY, store=till.store, clock=moment(AT_MS)))
            chain.push(till)
        with statements_of(chain.database) as said:
            # One member, whom every store has met by now: his account is news to all of them.
            assert check(chain) >= 2 * len(part)
        counts.append(len(said))
    assert counts[0] == counts[1]
    assert check(chain) == 0


def test_of_many_stores_each_gets_its_share(chain: Chain, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sync.server.price_check.PLACES_AT_ONCE", 4)
    for number in range(3):
        till = Till(f"till-{number}", f"store-{number}")
        for each in range(2):
            sale = a_sale(10 * number + each, AT_DAY, member=None, clock=moment(AT_MS))
            till.record(structs.replace(sale, store=till.store))
        chain.push(till)
    assert [check(chain) for _ in range(3)] == [3, 3, 0]


def test_points_that_a_till_made_up_are_a_case_and_the_till_hears_of_it(chain: Chain) -> None:
    till = Till("till-02")
    honest = sold(RULES, (MILK,), member("gold"))
    till.record(claiming(honest, honest.points_earned + 900))
    assert outcomes(chain.push(till)) == ["accepted"]
    check(chain)
    [case] = chain.cases("price_differs")
    assert (case["subject"], case["op_id"], case["state"]) == ("m1", op(1), "open")
    [told] = chain.feed("device:till-02")
    event = msgspec.json.decode(told["event"], type=Event)
    assert isinstance(event, AnswerChanged)
    assert event.answer.outcome == "accepted_adjusted"
    assert event.answer.adjustments[0].text["expected_earned"] == str(honest.points_earned)


def test_a_sale_by_a_program_nobody_published_is_passed_over(chain: Chain) -> None:
    till = Till("till-02")
    honest = sold(RULES, (MILK,), member("gold"))
    till.record(structs.replace(claiming(honest, 1), program=ProgramRef("shop", "8")))
    chain.push(till)
    assert check(chain) == 2
    assert chain.cases() == []


def test_a_sale_that_nobody_can_read_to_its_end_is_a_case(chain: Chain) -> None:
    till = Till("till-02")
    said = msgspec.json.decode(canonical_bytes(a_sale(1, AT_DAY, clock=moment(AT_MS))))
    said["tenders"][0]["amount"] += 500
    till.append(op(1), msgspec.json.encode(said))
    assert outcomes(chain.push(till)) == ["accepted"], "what stands outside fits"
    check(chain)
    [case] = chain.cases("sums_differ")
    assert (case["subject"], case["op_id"]) == (MEMBER, op(1))
    [told] = chain.feed("device:till-02")
    event = msgspec.json.decode(told["event"], type=Event)
    assert isinstance(event, AnswerChanged)
    assert [each.kind for each in event.answer.adjustments] == ["sums_differ"]


def test_sales_come_in_while_others_are_priced_again(
    chain: Chain, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever reckons holds no row: on SQLite nobody could write at all meanwhile."""
    till, other = Till("till-02"), Till("till-03")
    till.record(sold(RULES, (MILK, TEA), member("gold")))
    chain.push(till)
    other.record(a_sale(2, AT_DAY, clock=moment(AT_MS)))
    heard = []

    def slow(fact: SaleRecorded, rules: Program) -> Any:
        heard.extend(outcomes(chain.push(other)))
        return check_price(fact, rules)

    monkeypatch.setattr("sync.server.price_check.check_price", slow)
    check(chain)
    assert heard[0] == "accepted"


def test_of_two_workers_one_tells(chain: Chain, monkeypatch: pytest.MonkeyPatch) -> None:
    till = Till("till-02")
    honest = sold(RULES, (MILK,), member("gold"))
    till.record(claiming(honest, honest.points_earned + 900))
    chain.push(till)
    passed = []

    def overtaken(fact: SaleRecorded, rules: Program) -> Any:
        monkeypatch.undo()
        passed.append(check(chain))
        return check_price(fact, rules)

    monkeypatch.setattr("sync.server.price_check.check_price", overtaken)
    passed.append(check(chain))
    assert sorted(passed) == [0, 2]
    assert len(chain.feed("device:till-02")) == 1


def test_refunds_that_were_under_way_with_their_sale_are_settled_behind(
    on_postgres: ServerDatabase, tenant: str
) -> None:
    """Neither saw the sale, and the sale saw neither: all three were written at once."""
    chain, sale = Chain(on_postgres, tenant), a_sale(1, AT_DAY, member=None, effects=())
    seller, tills = Till("till-02"), [Till("till-05", "store-5"), Till("till-06", "store-6")]
    seller.record(sale)
    with ExitStack() as open_ones:
        for number, till in enumerate(tills):
            till.record(a_refund(8 + number, sale, [Interval("1", 0, 3)], AT_DAY))
            connection = open_ones.enter_context(on_postgres.engine.begin())
            sender = Sender(tenant, till.device, till.store)
            said = Push(ops=tuple(till.ops))
            ingest(connection, sender, said, chain.now_ms, chain.house)
        chain.push(seller)
    assert chain.cases("piece_refunded_twice") == []
    while check(chain):
        pass
    [case] = chain.cases("piece_refunded_twice")
    assert (case["subject"], case["op_id"], case["money_minor"]) == ("till-06", op(9), 5970)
    told = [chain.feed(f"device:{each.device}") for each in tills]
    events = [msgspec.json.decode(rows[-1]["event"], type=Event) for rows in told]
    heard = [each.answer for each in events if isinstance(each, AnswerChanged)]
    assert [each.op_id for each in heard] == [op(8), op(9)], "either hears of the other"
    assert {each.adjustments[0].case for each in heard} == {case["case_id"]}
    assert check(chain) == 0


def a_newcomer(number: int, *gifts: do.Effect) -> MemberJoined:
    return MemberJoined(
        op_id=op(number), store=STORE, day=AT_DAY, clock=moment(AT_MS), member=f"m{number}",
        card=f"M{number}", effects=(do.Joined(), *gifts), channel="web",
    )  # fmt: skip


def test_a_web_shop_that_gives_gifts_of_its_own_is_a_case(chain: Chain) -> None:
    shop = Till("web-01")
    welcome = do.OccasionGain(occasion="welcome", points=50, expires_in=12)
    for fact in (
        a_newcomer(1, welcome),
        a_newcomer(2),
        a_newcomer(3, structs.replace(welcome, points=9_000)),
        a_newcomer(4, do.CouponGiven(coupon="C-1", offer="tea-5", days=30)),
    ):
        shop.record(fact)
    answer = chain.push(shop, is_channel=True)
    assert outcomes(answer) == ["accepted"] * 4, "what was given stands"
    check(chain)
    cases = {row["subject"]: row for row in chain.cases("gifts_differ")}
    assert {member: row["points"] for member, row in cases.items()} == {"m3": 8_950, "m4": -50}
    said = msgspec.json.decode(cases["m3"]["story"])["said"]
    assert (said["device"], said["given"], said["allowed"]) == ("web-01", "9000", "50")
    told = [msgspec.json.decode(row["event"], type=Event) for row in chain.feed("device:web-01")]
    assert [each.answer.op_id for each in told if isinstance(each, AnswerChanged)] == [op(3), op(4)]


def test_gifts_of_an_older_program_are_in_order_and_without_one_nobody_can_tell(
    chain: Chain,
) -> None:
    older = TOML.replace('"7"', '"6"').replace("points = 50", "points = 80")
    later = TOML.replace('"7"', '"8"').replace("points = 50", "points = 99")
    publish(chain, "6", older, "2026-01-01")
    publish(chain, "8", later.replace("2026-02-01", "2027-02-01"), "2027-02-01")
    till = Till("till-02")
    gift = do.OccasionGain(occasion="welcome", points=80, expires_in=12)
    till.record(a_newcomer(1, gift))
    till.record(a_newcomer(2, structs.replace(gift, points=99)))
    before_any = structs.replace(a_newcomer(3, gift), day=date(2025, 1, 1))
    till.record(before_any)
    chain.push(till)
    check(chain)
    assert [row["subject"] for row in chain.cases("gifts_differ")] == ["m2"], "not in force yet"


LINES = (a_line(points_spent=10, spent_from=(do.SpentPart(points=10, expires_in=12),)),)


@pytest.mark.parametrize("comes_first", ["sale", "refund"])
def test_a_refund_that_gives_back_more_than_its_pieces_took_is_a_case(
    chain: Chain, comes_first: str
) -> None:
    sale = a_sale(1, AT_DAY, clock=moment(AT_MS), lines=LINES)
    honest = a_refund(2, sale, [Interval("1", 0, 1)], AT_DAY, clock=moment(AT_MS))
    [undo] = honest.effects
    assert isinstance(undo, do.Undone)
    more = structs.replace(undo, spent=(do.SpentPart(points=500, expires_in=12),))
    wrong = structs.replace(honest, op_id=op(3), pieces=(structs.replace(
        honest.pieces[0], start=1, end=2),), effects=(more,), points_spent=500,
    )  # fmt: skip
    seller, other = Till("till-02"), Till("till-03")
    seller.record(sale)
    other.record(honest)
    other.record(wrong)
    for till in (seller, other) if comes_first == "sale" else (other, seller):
        assert set(outcomes(chain.push(till))) == {"accepted"}, "what was given stands"
        check(chain)
    [case] = chain.cases("refund_differs")
    assert (case["subject"], case["op_id"], case["points"]) == (MEMBER, op(3), 495)
    said = msgspec.json.decode(case["story"])["said"]
    assert (said["sale"], said["given_back"], said["expected_given_back"]) == (op(1), "500", "4")
    assert check(chain) == 0

"""Prices checked behind the push: what a till made up is a case, and the till is told."""

from __future__ import annotations

from contextlib import ExitStack
from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest
from msgspec import structs

from app.domain import effects as do
from app.domain.facts import ProgramRef, SaleRecorded, canonical_bytes
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
from tests.domain.heart_builders import MEMBER, a_refund, a_sale, moment, op
from tests.domain.pricing_shop import member, program
from tests.domain.test_repricing import AT_MS, MILK, TEA, sold
from tests.sync.server.tills import Chain, Till, outcomes

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
"""


@pytest.fixture
def chain(database: ServerDatabase, tenant: str) -> Chain:
    """A server whose owner has published a program."""
    row = {
        "shard_key": shard_of("shop"), "program_id": "shop", "version": "7", "toml": TOML,
        "announced": "2026-01-01", "effective": "2026-02-01", "published_ms": 0,
    }  # fmt: skip
    database.write(lambda connection: put(connection, tenant, t.program, [row], "new"))
    return Chain(database, tenant, AT_MS + 60_000)


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
    assert check(chain) == 0

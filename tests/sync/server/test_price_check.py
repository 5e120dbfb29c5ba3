"""Prices checked behind the push: what a till made up is a case, and the till is told."""

from __future__ import annotations

import msgspec
import pytest
from msgspec import structs

from app.domain import effects as do
from app.domain.facts import ProgramRef, SaleRecorded
from app.domain.repricing import PriceAgrees, check_price
from sync.protocol import AnswerChanged, Event
from sync.server import tables as t
from sync.server.database import ServerDatabase
from sync.server.price_check import check_prices
from sync.server.rows import put
from sync.server.tables import shard_of
from tests.domain.heart_builders import op
from tests.domain.pricing_shop import member, program
from tests.domain.test_repricing import AT_MS, MILK, TEA, sold
from tests.sync.server.tills import Chain, Till, outcomes

RULES = program()
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
    return chain.database.write(
        lambda connection: check_prices(connection, chain.tenant, chain.now_ms)
    )


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

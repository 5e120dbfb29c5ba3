"""Answers at head office: which one stands, who hears of it, what pages and figures read of them.
On every database.
"""

from __future__ import annotations

from datetime import timedelta
from threading import Event, Thread

import pytest
from msgspec.structs import replace
from sqlalchemy import Connection

from app.domain.figures import Days
from app.domain.pieces import Interval
from app.domain.survey_record import SurveySums
from sync.protocol import FactKnown
from sync.server.database import ServerDatabase
from sync.server.figures import CHAIN, slice_figures
from sync.server.head_office import Office
from sync.server.snapshot_rows import Wanted, snapshot_rows
from sync.server.survey import Surveys, answers_for_store, read_answers
from tests.domain.heart_builders import MEMBER, NOON_MS, STORE, a_refund, a_sale, moment, op
from tests.domain.survey_samples import an_answer
from tests.sync.server.asking import TODAY
from tests.sync.server.tills import Chain, Till, outcomes

OTHER = "xidan"
DAYS = Days(TODAY - timedelta(days=1), TODAY)


@pytest.fixture
def chain(database: ServerDatabase, tenant: str) -> Chain:
    return Chain(database, tenant)


def told(chain: Chain, store: str) -> list[str]:
    return [row["ref"] for row in chain.feed(f"store:{store}") if row["kind"] == "fact"]


def test_the_first_answer_of_a_sale_stands_and_its_stores_hear_of_it(chain: Chain) -> None:
    here, there = Till("till-02"), Till("till-07", OTHER)
    there.record(a_sale(1, TODAY, store=OTHER))
    here.record(a_sale(2, TODAY))
    assert outcomes(chain.push(there)) == outcomes(chain.push(here)) == ["accepted"]
    said = {"day": TODAY, "clock": moment(), "words": None}
    later = an_answer(9, sale=op(2), score=2, **said)
    first = replace(an_answer(5, sale=op(2), score=10, **said), channel="cashier", effects=())
    here.record(later)
    assert outcomes(chain.push(here))[-1] == "accepted"
    there.record(replace(first, store=OTHER))
    there.record(an_answer(7, sale=op(1), score=7, store=OTHER, member=None, effects=(), **said))
    assert outcomes(chain.push(there))[-2:] == ["accepted", "accepted"]
    read, tenant = chain.database.read, chain.tenant
    assert read(lambda c: read_answers(c, tenant, DAYS)) == SurveySums(2, 1, 0)
    assert read(lambda c: read_answers(c, tenant, DAYS, OTHER, 3)) == SurveySums(2, 1, 0)
    assert read(lambda c: read_answers(c, tenant, DAYS, STORE)) == SurveySums()
    figures = {each.id: each for each in read(lambda c: slice_figures(c, tenant, DAYS, CHAIN))}
    assert (figures["nps"].is_empty, figures["survey_answers"].rounded) == (True, 2)
    assert told(chain, STORE)[-2:] == [op(9), op(5)], "the member is a customer of both"
    assert told(chain, OTHER)[-1] == op(7)
    assert read(lambda c: answers_for_store(c, tenant, OTHER, NOON_MS)) == [op(5), op(7)]
    assert read(lambda c: answers_for_store(c, tenant, STORE, NOON_MS)) == [op(5)], "of its member"


def test_of_two_who_answer_at_once_the_second_hears_of_the_first(chain: Chain) -> None:
    here, heard, is_held = Till("till-02"), [], Event()
    here.record(a_sale(2, TODAY))
    chain.push(here)

    def ask(connection: Connection) -> bool:
        return Surveys(connection, chain.tenant, chain.house).is_answered(op(2), lock=True)

    def second() -> None:
        is_held.wait(10)
        heard.append(chain.database.write(ask))

    def first(connection: Connection) -> None:
        assert not ask(connection)
        is_held.set()
        other.join(0.3)
        assert heard == [], "he waits"
        facts = Office(connection, chain.tenant, chain.now_ms, chain.house).facts()
        said = {"day": TODAY, "clock": moment(), "words": None, "member": None, "effects": ()}
        facts.write(an_answer(9, sale=op(2), **said))
        facts.finish()

    other = Thread(target=second)
    other.start()
    chain.database.write(first)
    other.join(10)
    assert heard == [True]


def test_what_a_page_asks_and_what_a_new_till_is_told(chain: Chain) -> None:
    here = Till("till-02")
    sale = a_sale(2, TODAY)
    for fact in (sale, a_sale(3, TODAY), a_refund(4, sale, [Interval("1", 0, 3)], TODAY)):
        here.record(fact)
    here.record(an_answer(9, sale=op(3), day=TODAY, clock=moment(), words=None))
    chain.push(here)

    def asked(connection: object) -> None:
        book = Surveys(connection, chain.tenant, chain.house)  # type: ignore[arg-type] # a connection
        assert book.bought([MEMBER], 0) == [op(3), op(2)]
        assert book.bought([MEMBER], NOON_MS + 86_400_000) == []
        assert [(each.start, each.end) for each in book.back(op(2))] == [(0, 3)]
        assert (book.is_answered(op(3), lock=True), book.is_answered(op(2))) == (True, False)
        found = book.sale(op(2))
        assert found is not None and found.code == sale.code
        assert (book.sale(op(77)), book.key_of(MEMBER)) == (None, None)

    chain.database.write(asked)
    wanted = Wanted(chain.tenant, "till-09", STORE, NOON_MS, chain.house)
    rows = chain.database.read(lambda c: list(snapshot_rows(c, wanted)))
    assert any(isinstance(event, FactKnown) and b'"score":9' in event.data for _, event in rows)

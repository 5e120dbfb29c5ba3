"""Proof of agreement: both sides count by themselves, and the first block that differs is named."""

from __future__ import annotations

from datetime import date

import pytest
from msgspec.structs import replace
from sqlalchemy import Connection, update

from app.domain.chain import GENESIS
from app.domain.pieces import Interval
from sync.protocol import DaySums, Digest, DigestAnswer
from sync.server import tables as t
from sync.server.chain_audit import audit_chains
from sync.server.database import ServerDatabase
from sync.server.digest import BLOCK_OPS, alarm, compare, has_news
from sync.server.sender import Sender
from tests.domain.heart_builders import NOON_MS, a_line, a_refund, a_sale, moment, op
from tests.sync.server.tills import Chain, Till

TODAY, TOMORROW = date(2026, 5, 29), date(2026, 5, 30)


@pytest.fixture
def chain(database: ServerDatabase, tenant: str) -> Chain:
    """A server that knows nobody yet."""
    return Chain(database, tenant, NOON_MS + 3 * 86_400_000)


def two_days(till: Till) -> tuple[DaySums, DaySums]:
    """Two sales and a refund today, one sale tomorrow; what the till counts of it."""
    sale = a_sale(1, TODAY, lines=(a_line(points_spent=10),))
    till.record(sale)
    till.record(a_sale(2, TODAY))
    till.record(a_refund(3, sale, [Interval("1", 0, 1)], TODAY))
    till.record(a_sale(4, TOMORROW, clock=moment(NOON_MS + 86_400_000, 86_405_000)))
    return (
        DaySums(
            day=TODAY, ops=3, sales=2, tenders={"cash": 2 * 5970 - 1990},
            points={"earned": 118, "spent": 10, "taken_back": 20},
        ),
        DaySums(day=TOMORROW, ops=1, sales=1, tenders={"cash": 5970}, points={"earned": 59}),
    )  # fmt: skip


def ask(chain: Chain, till: Till, digest: Digest) -> DigestAnswer:
    sender = Sender(chain.tenant, till.device, till.store)
    return chain.database.read(lambda connection: compare(connection, sender, digest, chain.now_ms))


def a_digest(till: Till, *sums: DaySums) -> Digest:
    return Digest(epoch=till.epoch, dseq=len(till.ops), head=till.head, sums=sums)


def test_equal_chains_and_sums_agree(chain: Chain) -> None:
    till = Till("till-02")
    sums = two_days(till)
    chain.push(till)
    answer = ask(chain, till, a_digest(till, *sums))
    assert answer.sums == sums
    assert (answer.equal, answer.known, answer.blocks) == (True, 4, ())


def test_one_day_alone_may_be_asked_about(chain: Chain) -> None:
    till = Till("till-02")
    _, tomorrow = two_days(till)
    chain.push(till)
    assert ask(chain, till, a_digest(till, tomorrow)).equal


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"sales": 3}, id="one sale more"),
        pytest.param({"tenders": {"cash": 9951}}, id="a fen more"),
        pytest.param({"points": {"earned": 118, "spent": 10}}, id="points not taken back"),
    ],
)
def test_other_sums_do_not_agree_and_are_not_adopted(
    chain: Chain, changes: dict[str, object]
) -> None:
    till = Till("till-02")
    today, tomorrow = two_days(till)
    chain.push(till)
    answer = ask(chain, till, a_digest(till, replace(today, **changes), tomorrow))
    assert not answer.equal
    assert answer.sums == (today, tomorrow)
    assert ask(chain, till, a_digest(till, today, tomorrow)).equal


def test_what_has_not_come_yet_does_not_agree(chain: Chain) -> None:
    till = Till("till-02")
    sums = two_days(till)
    chain.push(till, till.ops[:2])
    answer = ask(chain, till, a_digest(till, *sums))
    assert (answer.equal, answer.known) == (False, 2)


def test_a_restored_tills_epoch_counts_what_it_said_again(chain: Chain) -> None:
    till = Till("till-02")
    sums = two_days(till)
    chain.push(till)
    again = till.restored()
    chain.push(again)
    assert ask(chain, again, a_digest(again, *sums)).equal


def test_the_blocks_name_where_both_differ(chain: Chain) -> None:
    till = Till("till-02")
    for number in range(1, 2 * BLOCK_OPS + 2):
        till.record(a_sale(number, TODAY, member=None, effects=(), identified_by=None))
    for start in range(0, len(till.ops), 200):
        chain.push(till, till.ops[start : start + 200])
    wrong = replace(a_digest(till), head=bytes(32))
    answer = ask(chain, till, wrong)
    assert not answer.equal
    assert [(each.dseq, each.hash) for each in answer.blocks] == [
        (dseq, till.ops[dseq - 1].hash) for dseq in (200, 400, 401)
    ]


def test_a_row_that_was_changed_behind_our_back_is_found(chain: Chain) -> None:
    till = Till("till-02")
    sums = two_days(till)
    chain.push(till)
    chain.database.write(
        lambda connection: connection.execute(
            update(t.op)
            .where(t.op.c.tenant_id == chain.tenant, t.op.c.dseq == 2)
            .values(data=till.ops[0].data)
        )
    )
    assert not ask(chain, till, a_digest(till, *sums)).equal


def alarmed(chain: Chain, till: Till, digest: Digest) -> list[str]:
    """The states of the alarms after the till asked."""
    sender = Sender(chain.tenant, till.device, till.store)

    def work(connection: Connection) -> None:
        answer = compare(connection, sender, digest, chain.now_ms)
        alarm(connection, sender, digest, answer, chain.now_ms)

    def looked(connection: Connection) -> bool:
        answer = compare(connection, sender, digest, chain.now_ms)
        return has_news(connection, sender, digest, answer)

    before = chain.cases("digest_differs")
    is_news = chain.database.read(looked)
    chain.database.write(work)
    after = chain.cases("digest_differs")
    assert is_news or before == after, "who only reads knows when there is nothing to write"
    return [row["state"] for row in after]


def test_other_sums_of_the_same_facts_raise_an_alarm_that_ends_when_they_agree(
    chain: Chain,
) -> None:
    till = Till("till-02")
    today, tomorrow = two_days(till)
    wrong = replace(today, sales=9)
    assert alarmed(chain, till, a_digest(till, wrong)) == [], "nothing was pushed yet"
    chain.push(till)
    assert alarmed(chain, till, a_digest(till, wrong, tomorrow)) == ["open"]
    [case] = chain.cases("digest_differs")
    assert (case["subject"], b'"days":"2026-05-29"' in case["story"]) == ("till-02", True)
    assert alarmed(chain, till, a_digest(till, wrong)) == ["open"], "once"
    assert alarmed(chain, till, a_digest(till, today, tomorrow)) == ["recovered"]
    assert alarmed(chain, till, a_digest(till, today, tomorrow)) == ["recovered"]


def test_a_case_ends_by_its_own_days_alone(chain: Chain) -> None:
    till = Till("till-02")
    today, tomorrow = two_days(till)
    chain.push(till)
    assert alarmed(chain, till, a_digest(till, replace(today, sales=9))) == ["open"]
    wrong = replace(tomorrow, sales=9)
    chain.now_ms += 3_600_000
    assert alarmed(chain, till, a_digest(till, replace(today, sales=9), wrong)) == ["open"] * 2
    assert alarmed(chain, till, a_digest(till)) == ["open"] * 2, "nobody asked about those days"
    assert alarmed(chain, till, Digest(epoch=1, dseq=0, head=GENESIS)) == ["open"] * 2
    assert alarmed(chain, till, a_digest(till, today, wrong)) == ["recovered", "open"]
    assert alarmed(chain, till, a_digest(till, tomorrow)) == ["recovered"] * 2


def test_what_ended_and_differs_again_is_a_case_of_its_own(chain: Chain) -> None:
    till = Till("till-02")
    today, _ = two_days(till)
    chain.push(till)
    alarmed(chain, till, a_digest(till, replace(today, sales=9)))
    alarmed(chain, till, a_digest(till, today))
    chain.now_ms += 3_600_000
    states = alarmed(chain, till, a_digest(till, replace(today, sales=9)))
    assert sorted(states) == ["open", "recovered"]


def test_a_broken_chain_is_no_case_that_equal_days_could_end(chain: Chain) -> None:
    till = Till("till-02")
    today, tomorrow = two_days(till)
    chain.push(till)
    whole = a_digest(till, today, tomorrow)
    assert alarmed(chain, till, replace(whole, head=bytes(32))) == ["open"]
    assert alarmed(chain, till, replace(whole, head=bytes(32))) == ["open"], "once"
    chain.database.write(
        lambda connection: connection.execute(
            update(t.op)
            .where(t.op.c.tenant_id == chain.tenant, t.op.c.op_id == op(2))
            .values(data=b"{}")
        )
    )
    chain.database.write(lambda c: audit_chains(c, chain.tenant, chain.now_ms))
    till_says = a_digest(till, tomorrow)
    assert sorted(alarmed(chain, till, till_says)) == ["open", "recovered"]
    [left] = [row for row in chain.cases("digest_differs") if row["state"] == "open"]
    assert left["case_id"] == "digest_differs:chain:till-02:1:2", "the disk forgot it still"


def test_equal_days_write_nothing(chain: Chain) -> None:
    till = Till("till-02")
    today, tomorrow = two_days(till)
    chain.push(till)
    digest, sender = a_digest(till, today, tomorrow), Sender(chain.tenant, till.device, till.store)

    def looked(connection: Connection) -> bool:
        answer = compare(connection, sender, digest, chain.now_ms)
        assert answer.equal
        return has_news(connection, sender, digest, answer)

    assert not chain.database.read(looked)

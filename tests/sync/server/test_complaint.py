"""Complaints at head office: who hears of a case, when, and with which key. On every database."""

from __future__ import annotations

import pytest
from msgspec.structs import replace
from sqlalchemy import Connection

from app.domain import complaint_fact as cf
from app.domain.facts import Sealed
from sync.protocol import READS, FactKnown, MemberKey, SealedFactKnown
from sync.server.complaint import facts_for_store, facts_of
from sync.server.database import ServerDatabase
from sync.server.feed import Reader, read_stream
from sync.server.snapshot_rows import Wanted, snapshot_rows
from tests.domain.complaint_story import Shop
from tests.domain.complaint_story import facts_of as told_facts
from tests.domain.heart_builders import MEMBER, NOON_MS, STORE, a_sale, moment, op
from tests.sync.server.asking import TODAY
from tests.sync.server.tills import Chain, Till, outcomes

OTHER = "xidan"


@pytest.fixture
def chain(database: ServerDatabase, tenant: str) -> Chain:
    """A server that knows nobody yet."""
    return Chain(database, tenant)


def opened(number: int, *, member: str | None = MEMBER, store: str = STORE) -> cf.ComplaintOpened:
    (fact,) = told_facts(Shop("gold"), "11-21 10:00 open")
    assert isinstance(fact, cf.ComplaintOpened)
    return replace(fact, op_id=op(number), store=store, member=member, day=TODAY, clock=moment())


def stepped(number: int, case: cf.ComplaintOpened, *, store: str = STORE) -> cf.ComplaintStepped:
    return cf.ComplaintStepped(
        op_id=op(number), store=store, day=TODAY, clock=moment(), member=case.member,
        case=case.op_id, home=case.store, after=case.op_id, step=cf.Answered(channel="phone"),
        words=Sealed("key-1", b"nonce", b"words"),
    )  # fmt: skip


def told(chain: Chain, stream: str) -> list[str]:
    """The facts a stream tells, in its order."""
    return [row["ref"] for row in chain.feed(stream) if row["kind"] == "fact"]


def test_a_case_is_told_where_its_member_is_a_customer(chain: Chain) -> None:
    here, there = Till("till-02"), Till("till-07", OTHER)
    there.record(a_sale(1, TODAY, store=OTHER))
    chain.push(there)
    case = opened(2)
    here.record(case)
    assert outcomes(chain.push(here)) == ["accepted"]
    assert told(chain, f"store:{STORE}") == [op(2)]
    assert told(chain, f"store:{OTHER}") == [op(1), op(2)]
    there.record(stepped(3, case, store=OTHER))
    assert outcomes(chain.push(there)) == ["accepted again", "accepted"]
    assert told(chain, f"store:{STORE}") == [op(2), op(3)]
    assert told(chain, f"store:{OTHER}") == [op(1), op(2), op(3)]


def test_a_store_that_meets_him_later_hears_all_of_it(chain: Chain) -> None:
    here, there = Till("till-02"), Till("till-07", OTHER)
    case = opened(1)
    here.record(case)
    here.record(stepped(2, case))
    chain.push(here)
    assert told(chain, f"store:{OTHER}") == []
    there.record(a_sale(3, TODAY, store=OTHER))
    chain.push(there)
    assert told(chain, f"store:{OTHER}") == [op(3), op(1), op(2)]


def test_a_case_without_a_member_stays_with_its_store_and_brings_its_key(chain: Chain) -> None:
    here, there = Till("till-02"), Till("till-07", OTHER)
    case = opened(1, member=None)
    here.record(case)
    key = MemberKey(member=case.op_id, key_id="key-1", secret=bytes(range(32)))
    chain.push(here, keys=(key,))
    assert told(chain, f"store:{OTHER}") == []
    events = chain.database.read(lambda work: _read(chain, work, f"store:{STORE}"))
    (event,) = [each for each in events if isinstance(each, SealedFactKnown)]
    assert event.keys == (key,)
    # Another store that acts on it hears of it from then on.
    there.record(stepped(2, case, store=OTHER))
    chain.push(there)
    assert told(chain, f"store:{OTHER}") == [op(1), op(2)]
    assert told(chain, f"store:{STORE}") == [op(1), op(2)]


def _read(chain: Chain, work: Connection, stream: str) -> list[object]:
    reader = Reader(chain.tenant, NOON_MS, chain.house, frozenset(READS))
    return [each.event for each in read_stream(work, reader, stream, 0).events]


def test_a_till_of_before_hears_of_it_in_the_shapes_it_reads(
    chain: Chain,
) -> None:
    """In its stream as in a snapshot: one event it cannot read would stop it for good."""
    here = Till("till-02")
    case = opened(1, member=None)
    here.record(case)
    key = MemberKey(member=case.op_id, key_id="key-1", secret=bytes(range(32)))
    chain.push(here, keys=(key,))
    stream = f"store:{STORE}"
    for reads, kind in ((frozenset[str](), FactKnown), (frozenset(READS), SealedFactKnown)):
        reader = Reader(chain.tenant, NOON_MS, chain.house, reads)
        answer = chain.database.read(
            lambda work, reader=reader: read_stream(work, reader, stream, 0)  # type: ignore[misc]  # bound now
        )
        assert [type(each.event) for each in answer.events] == [kind]
        wanted = Wanted(chain.tenant, "till-02", STORE, case.clock.wall_ms, chain.house, reads)
        rows = chain.database.read(lambda work, of=wanted: list(snapshot_rows(work, of)))  # type: ignore[misc]  # bound now
        told = [event for name, event in rows if name == stream and event.__class__ in KNOWN]
        assert [type(each) for each in told] == [kind]


KNOWN = (FactKnown, SealedFactKnown)


def test_a_push_that_comes_again_tells_nobody_again(chain: Chain) -> None:
    here = Till("till-02")
    here.record(opened(1))
    chain.push(here)
    assert outcomes(chain.push(here)) == ["accepted again"]
    assert told(chain, f"store:{STORE}") == [op(1)]


def test_a_new_till_gets_the_cases_of_its_store_and_the_library(chain: Chain) -> None:
    here, there = Till("till-02"), Till("till-07", OTHER)
    case, other = opened(1), opened(2, member=None, store=OTHER)
    entry = cf.SolutionNoted(
        op_id=op(4), store=STORE, day=TODAY, clock=moment(), solution=op(4), topic="weight",
        title="短秤", problem="少了", answer="复称",
    )  # fmt: skip
    for fact in (case, stepped(3, case), entry):
        here.record(fact)
    there.record(other)
    chain.push(here)
    chain.push(there)
    assert told(chain, "chain") == [op(4)]

    def ids(store: str) -> list[str]:
        return chain.database.read(
            lambda work: facts_for_store(work, chain.tenant, store, case.clock.wall_ms)
        )

    assert ids(STORE) == [op(1), op(3), op(4)]
    assert ids(OTHER) == [op(2), op(4)]
    later = case.clock.wall_ms + 500 * 86_400_000
    late = chain.database.read(lambda work: facts_for_store(work, chain.tenant, STORE, later))
    assert late == [op(4)]


def test_a_step_that_came_before_its_opening_is_told_with_it(chain: Chain) -> None:
    here, there = Till("till-02"), Till("till-07", OTHER)
    case = opened(1, member=None)
    there.record(stepped(2, case, store=OTHER))
    chain.push(there)
    assert told(chain, f"store:{STORE}") == [op(2)]
    here.record(case)
    chain.push(here)
    assert told(chain, f"store:{STORE}") == [op(2), op(1)]
    assert told(chain, f"store:{OTHER}") == [op(2), op(1)]
    found = chain.database.read(lambda work: facts_of(work, chain.tenant, [case.op_id]))
    assert found == {op(1): [op(1), op(2)]}

"""Forgetting somebody because a till asked for it: done at once, told to all, reported by each."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace
from sqlalchemy import Connection, insert, text

from app.domain.erasure_fact import ErasureDone, ErasureRequested, PersonErased, ReportingTill
from app.domain.facts import read_fact
from sync.server import tables as t
from sync.server.database import ServerDatabase
from sync.server.device import device_table
from sync.server.erasure_record import report, standing
from sync.server.erasure_traces import listed_in, tidy_erasures
from sync.server.head_office import Office
from sync.server.rebuild import verify
from sync.server.server_epoch import keep_backup_folder
from sync.server.tenant import CHAIN_SHARD, store_table
from tests.domain.heart_builders import MEMBER, STORE, a_sale, moment, op
from tests.sync.server.asking import TODAY
from tests.sync.server.members import KEY
from tests.sync.server.test_erase import joined, readable
from tests.sync.server.tills import Chain, Till, outcomes


@pytest.fixture
def chain(database: ServerDatabase, tenant: str) -> Chain:
    return Chain(database, tenant)


def asked(number: int) -> ErasureRequested:
    return ErasureRequested(
        op_id=op(number), store=STORE, day=TODAY, clock=moment(), member=MEMBER,
        staff="staff-wang", reason="本人要求",
    )  # fmt: skip


def said(chain: Chain, kind: str) -> list[Any]:
    return [read_fact(row["data"]) for row in chain.rows(t.op, kind=kind)]


def test_a_request_in_the_push_of_the_join_forgets_at_once(chain: Chain) -> None:
    till = Till("till-02")
    for fact in (joined(1, MEMBER), a_sale(2, TODAY), asked(3)):
        till.record(fact)
    assert outcomes(chain.push(till, keys=(KEY,))) == ["accepted"] * 3
    assert readable(chain, MEMBER) == []
    assert chain.rows(t.profile_field) == []
    [fact] = said(chain, "member_erased.2")
    assert isinstance(fact, PersonErased)
    assert (fact.ids, fact.request, fact.approved_by) == ((MEMBER,), op(3), ("staff-wang",))
    assert sum(chain.account(MEMBER).gained.values()) == 59
    assert chain.database.read(lambda c: verify(c, chain.tenant)).is_sound


def test_asking_twice_forgets_once(chain: Chain) -> None:
    till = Till("till-02")
    for fact in (joined(1, MEMBER), asked(3), asked(4)):
        till.record(fact)
    assert outcomes(chain.push(till, keys=(KEY,))) == ["accepted"] * 3
    assert len(said(chain, "member_erased.2")) == 1


def test_a_report_is_kept_and_told_to_whoever_asked(chain: Chain) -> None:
    till, other = Till("till-02"), Till("till-09", "store-9")
    for fact in (joined(1, MEMBER), asked(3)):
        till.record(fact)
    chain.push(till, keys=(KEY,))
    [fact] = said(chain, "member_erased.2")
    other.record(done(9, fact.op_id, "store-9"))
    heard = len(chain.feed(f"store:{STORE}"))
    assert outcomes(chain.push(other)) == ["accepted"]
    assert [row["ref"] for row in chain.feed(f"store:{STORE}")[heard:]] == [op(9)]
    [now] = chain.database.read(lambda c: standing(c, chain.tenant))
    assert (now.member, now.ids, now.reports) == (MEMBER, (MEMBER,), {"till-09": chain.now_ms})


def done(number: int, erasure: str, store: str) -> ErasureDone:
    return ErasureDone(
        op_id=op(number), store=store, day=TODAY, clock=moment(), erasure=erasure, ids=(MEMBER,)
    )


def test_by_the_last_report_every_till_hears_that_it_ended_and_hears_it_once(
    chain: Chain,
) -> None:
    """Also of a store to which no single report is told: it keeps the hash of a number until
    then."""
    here, far = enrolled(chain, "till-02", STORE, 1), enrolled(chain, "till-09", "store-9", 9)
    for fact in (joined(1, MEMBER), asked(3)):
        here.record(fact)
    chain.push(here, keys=(KEY,))
    [fact] = said(chain, "member_erased.2")
    assert {each.device for each in fact.tills} == {"till-02", "till-09"}
    heard = len(chain.feed("store:store-9"))
    for number, till, store in ((8, here, STORE), (9, far, "store-9"), (10, far, "store-9")):
        assert said(chain, "erasure_ended.1") == [] or number == 10
        till.record(done(number, fact.op_id, store))
        assert outcomes(chain.push(till))[-1] == "accepted"
    [ended] = said(chain, "erasure_ended.1")
    assert (ended.erasure, ended.member, ended.store) == (fact.op_id, None, fact.store)
    assert [row["ref"] for row in chain.feed("store:store-9")[heard:]] == [ended.op_id]
    assert ended.op_id in [row["ref"] for row in chain.feed(f"store:{STORE}")]
    forged = replace(ended, op_id=op(20), store="store-9")
    far.record(forged)
    assert outcomes(chain.push(far))[-1] == "quarantined", "no till says so"


def test_of_two_that_report_at_once_one_is_the_last(
    on_postgres: ServerDatabase, tenant: str
) -> None:
    """The second waits until the first is written, and finds that it is the last."""
    chain, till = Chain(on_postgres, tenant), Till("till-02")
    waits_for = tuple(ReportingTill(each, "人民路店", 7, 2) for each in ("till-02", "till-09"))
    erased = PersonErased(
        op_id=op(2), store=STORE, day=TODAY, clock=moment(), ids=(op(1),), tills=waits_for
    )
    till.record(erased)
    chain.push(till, enrolled_ms=moment().wall_ms + 1)

    def say(connection: Connection, device: str) -> list[ErasureDone]:
        at = Office(connection, chain.tenant, chain.now_ms, chain.house)
        return report(at, device, [done(9, erased.op_id, STORE)])

    with ThreadPoolExecutor(1) as pool, on_postgres.engine.begin() as first:
        assert say(first, "till-02") == []
        second = pool.submit(on_postgres.write, lambda connection: say(connection, "till-09"))
        while not (second.done() or is_waited_for(first)):
            time.sleep(0.01)
        first.commit()
        assert second.result() == []
    [ended] = said(chain, "erasure_ended.1")
    assert ended.erasure == erased.op_id


def is_waited_for(connection: Connection) -> bool:
    """Whether another connection waits for what this one holds."""
    asked = text("SELECT count(*) FROM pg_locks WHERE NOT granted")
    return bool(connection.execute(asked).scalar())


def enrolled(chain: Chain, device: str, store: str, number: int) -> Till:
    """A till that has to report, as enrolment writes it down."""
    place = {"tenant_id": chain.tenant, "shard_key": CHAIN_SHARD, "store": store}
    row = place | {
        "device": device, "kind": "till", "till_number": 1, "name": "", "rights": "push",
        "public_key": b"key", "epoch": 0, "enrolled_ms": 0,
    }  # fmt: skip

    def write(connection: Connection) -> None:
        connection.execute(insert(store_table).values(place | {"number": number, "name": store}))
        connection.execute(insert(device_table).values(row))

    chain.database.write(write)
    return Till(device, store)


def test_a_shop_that_joins_the_chain_brings_whom_it_forgot(chain: Chain) -> None:
    till = Till("till-02")
    till.record(joined(1, MEMBER))
    here = ReportingTill("till-02", "人民路店", 7, 2)
    till.record(
        PersonErased(
            op_id=op(2), store=STORE, day=TODAY, clock=moment(), member=MEMBER, ids=(MEMBER,),
            tills=(here,),
        )
    )  # fmt: skip
    assert outcomes(chain.push(till, enrolled_ms=moment().wall_ms + 1)) == ["accepted"] * 2
    assert {row["status"] for row in chain.rows(t.member)} == {"erased"}
    [now] = chain.database.read(lambda c: standing(c, chain.tenant))
    assert now.op_id == op(2)


def test_the_freed_pages_say_nothing_and_the_list_beside_the_backups_names_her(
    chain: Chain, tmp_path: Path
) -> None:
    till = Till("till-02")
    till.record(joined(1, MEMBER))
    chain.push(till, keys=(KEY,))
    [row] = chain.rows(t.member_key)
    till.record(asked(3))
    chain.push(till)
    if chain.database.engine.dialect.name == "postgresql":
        assert row["wrapped"] in pages(chain.database), "a row that is gone still lies there"
    assert tidy_erasures(chain.database, chain.tenant, chain.now_ms) == 1, "no folder is known"
    if chain.database.engine.dialect.name == "postgresql":
        assert row["wrapped"] not in pages(chain.database)
    chain.database.write(lambda c: keep_backup_folder(c, chain.tenant, str(tmp_path)))
    assert tidy_erasures(chain.database, chain.tenant, chain.now_ms) == 1
    assert tidy_erasures(chain.database, chain.tenant, chain.now_ms) == 0
    assert listed_in(tmp_path) == [MEMBER]


def pages(database: ServerDatabase) -> bytes:
    """The table of keys as PostgreSQL's file has it."""
    alone = database.engine.execution_options(isolation_level="AUTOCOMMIT")
    with alone.connect() as connection:
        connection.execute(text("CHECKPOINT"))
        asked = "SELECT pg_read_binary_file(pg_relation_filepath('member_key'))"
        return bytes(connection.execute(text(asked)).scalar_one())


def test_a_restored_server_forgets_again_by_what_a_till_reports(chain: Chain) -> None:
    """Its copy is older than the erasure, and nobody kept the list beside the backups."""
    till, other = Till("till-02"), Till("till-09", "store-9")
    till.record(joined(1, MEMBER))
    chain.push(till, keys=(KEY,))
    other.record(
        ErasureDone(
            op_id=op(9), store="store-9", day=TODAY, clock=moment(), erasure=op(8), ids=(MEMBER,)
        )
    )
    assert outcomes(chain.push(other)) == ["accepted"]
    assert readable(chain, MEMBER) == []
    assert len(said(chain, "member_erased.2")) == 1

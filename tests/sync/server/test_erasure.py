"""Forgetting somebody because a till asked for it: done at once, told to all, reported by each."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from app.domain.erasure_fact import ErasureDone, ErasureRequested, PersonErased, ReportingTill
from app.domain.facts import read_fact
from sync.server import tables as t
from sync.server.database import ServerDatabase
from sync.server.erasure_record import standing
from sync.server.erasure_traces import listed_in, tidy_erasures
from sync.server.rebuild import verify
from sync.server.server_epoch import keep_backup_folder
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
    done = ErasureDone(
        op_id=op(9), store="store-9", day=TODAY, clock=moment(), erasure=fact.op_id, ids=fact.ids
    )
    other.record(done)
    heard = len(chain.feed("chain"))
    assert outcomes(chain.push(other)) == ["accepted"]
    assert [row["ref"] for row in chain.feed("chain")[heard:]] == [op(9)], "every till hears it"
    [now] = chain.database.read(lambda c: standing(c, chain.tenant))
    assert (now.member, now.ids, now.reports) == (MEMBER, (MEMBER,), {"till-09": chain.now_ms})


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

"""The schema of the server: brought up from nothing, the same as the tables, refused when newer."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import msgspec
import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import insert, inspect, select, text

from app.domain.campaign_fact import CampaignDrawn
from app.domain.fact_parts import FactAdjustment
from app.domain.facts import canonical_bytes, read_fact
from sync.server import tables as t
from sync.server.campaign_given import Given, given_by
from sync.server.campaign_result import campaign_member_table
from sync.server.database import ServerDatabase
from sync.server.erasure_record import standing
from sync.server.erasure_traces import listed_in, tidy_erasures
from sync.server.migrations import SchemaReady, SchemaTooNew, _config, bring_up
from sync.server.rows import put
from sync.server.server_epoch import keep_backup_folder
from tests.domain.heart_builders import a_line, a_sale
from tests.sync.server.conftest import KINDS

MakeDatabase = Callable[[str], ServerDatabase]


def test_the_versions_lead_to_the_tables(database: ServerDatabase) -> None:
    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, t.METADATA) == []


def test_the_tables_of_sqlite_are_strict(on_sqlite: ServerDatabase) -> None:
    with on_sqlite.engine.connect() as connection:
        rows = connection.execute(text("SELECT name, strict FROM pragma_table_list")).all()
    strict = {name: bool(is_strict) for name, is_strict in rows}
    assert all(strict[name] for name in t.METADATA.tables)


@pytest.mark.parametrize("kind", KINDS)
def test_threads_may_start_at_once(empty_database: MakeDatabase, kind: str) -> None:
    database = empty_database(kind)
    with ThreadPoolExecutor(4) as workers:
        answers = list(workers.map(lambda _: bring_up(database.engine), range(4)))
    assert all(isinstance(each, SchemaReady) for each in answers)
    assert set(t.METADATA.tables) <= set(inspect(database.engine).get_table_names())


_WORKER = """
import sys
from sync.server.database import postgres_engine
from sync.server.migrations import SchemaReady, bring_up
assert isinstance(bring_up(postgres_engine(sys.stdin.readline().strip())), SchemaReady)
"""


@pytest.mark.no_cover  # what its processes run is counted by the tests beside it
def test_worker_processes_may_start_at_once(empty_database: MakeDatabase) -> None:
    database = empty_database("postgresql")
    url = database.engine.url.render_as_string(hide_password=False)
    workers = [
        subprocess.Popen([sys.executable, "-c", _WORKER], stdin=subprocess.PIPE, text=True)
        for _ in range(3)
    ]
    for worker in workers:
        assert worker.stdin is not None
        worker.stdin.write(f"{url}\n")
        worker.stdin.close()
    assert [worker.wait() for worker in workers] == [0, 0, 0]
    assert set(t.METADATA.tables) <= set(inspect(database.engine).get_table_names())


@pytest.mark.parametrize("kind", KINDS)
def test_a_newer_schema_is_refused_and_left_alone(empty_database: MakeDatabase, kind: str) -> None:
    database = empty_database(kind)
    assert isinstance(bring_up(database.engine), SchemaReady)
    row = {"tenant_id": "renmin", "shard_key": 0, "name": "server_epoch", "value": "3"}
    with database.engine.begin() as connection:
        connection.execute(insert(t.server_state), row)
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    answer = bring_up(database.engine)
    assert isinstance(answer, SchemaTooNew)
    assert answer.found == "9999"
    with database.engine.connect() as connection:
        assert connection.execute(select(t.server_state.c.value)).scalars().all() == ["3"]


@pytest.mark.parametrize("kind", KINDS)
def test_a_second_start_finds_the_work_done(empty_database: MakeDatabase, kind: str) -> None:
    database = empty_database(kind)
    first, second = bring_up(database.engine), bring_up(database.engine)
    assert isinstance(first, SchemaReady)
    assert isinstance(second, SchemaReady)
    assert (first.before, second.before) == (None, first.version)


def brought_to(database: ServerDatabase, version: str) -> None:
    """As a server of that time left it."""
    with database.engine.begin() as connection:
        config = _config()
        config.attributes["connection"] = connection
        command.upgrade(config, version)


@pytest.mark.parametrize("kind", KINDS)
def test_who_was_forgotten_before_there_was_a_list_stands_in_it(
    empty_database: MakeDatabase, kind: str, tmp_path: Path
) -> None:
    """Two ids of one person, one who stands there already, and one who is a customer."""
    database = empty_database(kind)
    brought_to(database, "0009")
    people = {"m-1": "m-1", "m-2": "m-1", "m-3": "m-3", "m-4": "m-4"}
    with database.engine.begin() as connection:
        for number, (member, survivor) in enumerate(people.items()):
            key = {"shard_key": t.shard_of(member), "member": member}
            row = key | {
                "status": "active" if member == "m-4" else "erased", "home_store": "",
                "referrer": None, "joined_op": "", "received_ms": 1000 + number,
            }  # fmt: skip
            put(connection, "renmin", t.member, [row], "new")
            account = {"survivor": survivor, "version": 1, "waiting": 0, "debt": 0, "data": b""}
            put(connection, "renmin", t.account, [key | account], "new")
        known = {
            "shard_key": t.shard_of("m-3"), "member": "m-3", "op_id": "op-3", "ids": b'["m-3"]',
            "stores": "", "erased_ms": 5, "listed_ms": 6, "cleaned_ms": 7,
        }  # fmt: skip
        put(connection, "renmin", t.erasure, [known], "new")
    assert isinstance(bring_up(database.engine), SchemaReady)
    kept = {each.member: each.ids for each in database.read(lambda c: standing(c, "renmin"))}
    assert kept == {"m-1": ("m-1", "m-2"), "m-3": ("m-3",)}
    database.write(lambda c: keep_backup_folder(c, "renmin", str(tmp_path)))
    tidy_erasures(database, "renmin", 9)
    assert listed_in(tmp_path) == ["m-1", "m-2"]


def op_row(number: int, kind: str, data: bytes, state: str = "counted") -> dict[str, object]:
    """As it stands in the table of facts."""
    return {
        "shard_key": number, "op_id": f"op-{number}", "device": "till-02", "epoch": 1,
        "dseq": number, "kind": kind, "store": "", "member": None, "state": state,
        "stated_day": "", "day": "", "received_ms": 1, "receipt": None, "outcome": "accepted",
        "answer": None, "digest": None, "data": data,
    }  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
def test_who_was_drawn_for_a_campaign_before_there_was_a_list_stands_in_it(
    empty_database: MakeDatabase, kind: str
) -> None:
    database = empty_database(kind)
    brought_to(database, "0011")
    golden = (Path(__file__).parents[2] / "domain/golden/campaign_drawn.1.json").read_bytes()
    with database.engine.begin() as connection:
        for number, state in ((1, "counted"), (2, "counted"), (3, "held")):
            data = golden.replace(b'"a1"', b'"b2"') if number == 3 else golden
            row = op_row(number, "campaign_drawn.1", data, state)
            put(connection, "renmin", t.op, [row], "new")
    assert isinstance(bring_up(database.engine), SchemaReady)
    with database.engine.connect() as connection:
        rows = connection.execute(select(campaign_member_table)).mappings().all()
    drawn = read_fact(golden)
    assert isinstance(drawn, CampaignDrawn)
    found = {(row["campaign"], row["member"], row["is_control"]) for row in rows}
    assert found == {("a1", drawn.chosen[0], 0), ("a1", drawn.control[0], 1)}
    assert {row["shard_key"] for row in rows} == {t.shard_of("a1")}


@pytest.mark.parametrize("kind", KINDS)
def test_what_a_campaign_gave_before_its_takings_were_counted_has_them(
    empty_database: MakeDatabase, kind: str
) -> None:
    """Two sales that were looked at, one that is not yet, and three that count nowhere."""
    database = empty_database(kind)
    brought_to(database, "0012")
    off = FactAdjustment(rule="camp-b2", kind="offer", amount_minor=-500, by_line=(("1", -500),))
    shared: dict[str, Any] = {"member": None, "effects": ()}
    with_coupon = msgspec.structs.replace(off, coupon="C-1", by_line=())
    by_coupon = a_sale(1, lines=(a_line(adjustments=(with_coupon,)),), **shared)
    others = [a_sale(each, adjustments=(off,), **shared) for each in (2, 3, 4)]
    sales = [canonical_bytes(each) for each in (by_coupon, *others, a_sale(5, **shared))]
    states = ("counted", "counted", "counted", "held", "counted")
    order = (1, 5, 2, 3, 4)
    stream = {"shard_key": t.shard_of("store:s-1"), "stream": "store:s-1"}
    with database.engine.begin() as connection:
        for number, (data, state) in enumerate(zip(sales, states, strict=True), 1):
            row = op_row(number, "sale_recorded.1", data, state)
            put(connection, "renmin", t.op, [row], "new")
            ref = f"op-{order[number - 1]}"
            place = stream | {"at": number, "kind": "fact", "ref": ref}
            put(connection, "renmin", t.feed, [place], "new")
        copy = op_row(6, "sale_recorded.1", sales[1]) | {"op_id": "op-2+77"}
        put(connection, "renmin", t.op, [copy], "new")
        looked_at = stream | {"name": "price_check", "position": 3}
        put(connection, "renmin", t.consumer, [looked_at], "new")
        told = {"shard_key": t.shard_of("given:camp-b2"), "name": "given:camp-b2"}
        put(connection, "renmin", t.server_state, [told | {"value": "[2,1000]"}], "new")
        put(connection, "xidan", t.server_state, [told | {"value": "[0,0]"}], "new")
    assert isinstance(bring_up(database.engine), SchemaReady)
    worth = by_coupon.total_minor + others[0].total_minor
    given = database.read(lambda c: given_by(c, "renmin", "camp-b2"))
    assert given == Given(sales=2, cost_minor=1_000, coupons=1, takings_minor=worth)
    assert database.read(lambda c: given_by(c, "xidan", "camp-b2")) == Given()


@pytest.mark.parametrize("kind", KINDS)
def test_what_tills_spent_alone_before_it_was_one_number_is_added_up(
    empty_database: MakeDatabase, kind: str
) -> None:
    """Two members since the till had said everything, one before; another epoch, another shop."""
    database = empty_database(kind)
    brought_to(database, "0019")
    place = {"shard_key": t.shard_of("till-02"), "device": "till-02"}
    head = place | {
        "hash": b"h", "state": "open", "wall_ms": None, "monotonic_ms": None, "boot_id": None,
        "offset_ms": None,
    }  # fmt: skip
    with database.engine.begin() as connection:
        for epoch, dseq, drained in ((1, 9, 5), (2, 3, None), (3, 4, 4)):
            row = head | {"epoch": epoch, "dseq": dseq, "drained": drained}
            put(connection, "renmin", t.device_head, [row], "new")
        row = head | {"epoch": 1, "dseq": 9, "drained": 5}
        put(connection, "xidan", t.device_head, [row], "new")
        for member, epoch, dseq, points in (
            ("m-1", 1, 5, 900), ("m-2", 1, 6, 40), ("m-3", 1, 9, 2), ("m-1", 2, 3, 7),
            ("m-1", 3, 4, 800),
        ):  # fmt: skip
            spent = place | {"epoch": epoch, "member": member, "dseq": dseq, "points": points}
            put(connection, "renmin", t.floor_spent, [spent], "new")
    assert isinstance(bring_up(database.engine), SchemaReady)
    heads = t.device_head.c
    asked = select(heads.tenant_id, heads.epoch, heads.floor_points)
    with database.engine.connect() as connection:
        found = {(row[0], row[1]): row[2] for row in connection.execute(asked)}
    assert found == {("renmin", 1): 42, ("renmin", 2): 7, ("renmin", 3): 0, ("xidan", 1): 0}

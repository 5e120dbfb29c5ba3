"""A store that repeats another within PostgreSQL: the same sales by as many other people.

Owns: those rows, and copying rows in at all. Does not own: the store that is repeated
(server_made.py).

Ids end in other characters, and stand in their right shards; within facts and accounts they are
changed, too, and so are the names of store and tills. What is not made anew are the hashes of a
chain and the numbers of receipts: they are the pattern's.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping
from functools import partial
from random import Random
from typing import Any
from zlib import crc32

import psycopg
from sqlalchemy import Table

from app.domain.codes import CodeKind, random_code
from sync.server import figure_tables as ft
from sync.server import tables as t
from sync.server.tables import SHARDS, shard_of

_PREFIX, _TAIL = 34, 2
"""Of an id: what stays, and what turns."""


def store_name(number: int) -> str:
    """All of one length: they are changed in place."""
    return f"store-{number:03}"


def repeat(connection: psycopg.Connection[Any], tenant: str, pattern: int, number: int) -> None:
    """The store `number` out of the store `pattern`; run these in the order of patterns."""
    old, new = store_name(pattern), store_name(number)
    _hold_pattern(connection, old)
    _hold_names(connection, old, new, number)
    swapped = {"data": _swapped("p.data", [(f"'{old}'", f"'{new}'"), _id("member", "m")])}
    store = {"store": f"'{new}'"}
    of_member = _renamed("member")
    for table, changes in (
        (t.member, of_member | {"home_store": f"'{new}'", "joined_op": _new("joined_op", "o")}),
        (t.account, of_member | {"survivor": _new("member", "m")} | swapped),
        (ft.figure_visit, of_member | store),
        (ft.figure_person, _renamed("person")),
        (ft.figure_sum, store | {"shard_key": str(shard_of(new))}),
        (t.device_head, _OF_DEVICE),
        (ft.figure_cursor, _OF_DEVICE),
        (t.place, _OF_DEVICE | {"op_id": _new("op_id", "o")}),
        (t.op, _of_op(old, new) | store),
    ):
        _insert(connection, table, changes)
    _cards(connection, tenant, new, number)


def _hold_pattern(connection: psycopg.Connection[Any], store: str) -> None:
    """Its rows, each table in one of this connection's own: found once for all that repeat it."""
    held = connection.execute("SELECT to_regclass('pg_temp.p_member')").fetchone()
    if held != (None,):
        if connection.execute("SELECT DISTINCT home_store FROM p_member").fetchone() == (store,):
            return
        for table in _PARTS:
            connection.execute(f"DROP TABLE p_{table}".encode())
    for table, asked in _PARTS.items():
        words = f"CREATE TEMP TABLE p_{table} AS SELECT x.* FROM {table} x {asked}"
        connection.execute(words.replace("$store", f"'{store}'").encode())


_OF_MEMBERS = "JOIN p_member h ON h.member = x.{} AND h.shard_key = x.shard_key"
_PARTS = {
    "member": "WHERE x.home_store = $store",
    "account": _OF_MEMBERS.format("member"),
    "figure_visit": "WHERE x.store = $store",
    "figure_person": _OF_MEMBERS.format("person"),
    "figure_sum": "WHERE x.store = $store",
    "device_head": "WHERE x.device LIKE $store || '-%'",
    "figure_cursor": "WHERE x.device LIKE $store || '-%'",
    "place": "WHERE x.device LIKE $store || '-%'",
    "op": "WHERE x.store = $store",
}


def _hold_names(connection: psycopg.Connection[Any], old: str, new: str, by: int) -> None:
    """What each tail becomes, and how that turns the shard: a checksum of texts of one length
    differs by what the differences alone come to."""
    connection.execute("DROP TABLE IF EXISTS turned, renamed")
    connection.execute("CREATE TEMP TABLE turned (tail text, became text, by_shard bigint)")
    connection.execute("CREATE TEMP TABLE renamed (device text, became text, shard_key bigint)")
    stays = "0" * _PREFIX
    with connection.cursor() as cursor, cursor.copy("COPY turned FROM STDIN") as into:
        for value in range(256):
            tail, became = f"{value:02x}", f"{(value + by) % 256:02x}"
            by_shard = crc32(f"{stays}{tail}".encode()) ^ crc32(f"{stays}{became}".encode())
            into.write_row((tail, became, by_shard % SHARDS))
    devices = [row[0] for row in connection.execute("SELECT device FROM p_device_head")]
    with connection.cursor() as cursor, cursor.copy("COPY renamed FROM STDIN") as into:
        for device in devices:
            name = device.replace(old, new)
            into.write_row((device, name, shard_of(name)))


def _insert(connection: psycopg.Connection[Any], table: Table, changes: Mapping[str, str]) -> None:
    names = [each.name for each in table.columns]
    said = ", ".join(changes.get(name, f"p.{name}") for name in names)
    joined = "".join(
        f" LEFT JOIN turned {mark} ON {mark}.tail = right(p.{column}, {_TAIL})"
        for mark, column in (("m", _member_of(table)), ("o", _op_of(table)))
        if column
    )
    if "device" in names:
        joined += " JOIN renamed d ON d.device = p.device"
    words = f"INSERT INTO {table.name} ({', '.join(names)}) SELECT {said} FROM p_{table.name} p"
    connection.execute(f"{words}{joined}".encode())


def _member_of(table: Table) -> str:
    return next((name for name in ("member", "person") if name in table.columns), "")


def _op_of(table: Table) -> str:
    return next((name for name in ("joined_op", "op_id") if name in table.columns), "")


def _new(column: str, mark: str) -> str:
    return f"left(p.{column}, {_PREFIX}) || {mark}.became"


def _id(column: str, mark: str) -> tuple[str, str]:
    return f"p.{column}", _new(column, mark)


def _renamed(column: str) -> dict[str, str]:
    return {column: _new(column, "m"), "shard_key": "p.shard_key # m.by_shard"}


_OF_DEVICE = {"device": "d.became", "shard_key": "d.shard_key"}


def _of_op(old: str, new: str) -> dict[str, str]:
    pairs = [(f"'{old}'", f"'{new}'"), _id("op_id", "o")]
    whole = _swapped("p.data", [*pairs, _id("member", "m")])
    return {
        "op_id": _new("op_id", "o"), "shard_key": "p.shard_key # o.by_shard",
        "member": _new("member", "m"), "device": "d.became",
        "data": f"CASE WHEN p.member IS NULL THEN {_swapped('p.data', pairs)} ELSE {whole} END",
    }  # fmt: skip


def _swapped(data: str, pairs: Iterable[tuple[str, str]]) -> str:
    """Bytes with texts in the place of others, as long."""
    said = f"encode({data}, 'hex')"
    for before, after in pairs:
        said = f"replace({said}, {_hex(before)}, {_hex(after)})"
    return f"decode({said}, 'hex')"


def _hex(words: str) -> str:
    return f"encode(convert_to({words}, 'UTF8'), 'hex')"


def _cards(connection: psycopg.Connection[Any], tenant: str, store: str, seed: int) -> None:
    """One each."""
    chance = Random(f"cards {seed}")
    asked = "SELECT member, joined_op FROM member WHERE tenant_id = %s AND home_store = %s"
    rows = []
    for member, joined in connection.execute(asked, (tenant, store)).fetchall():
        card = random_code(CodeKind.MEMBER, chance.getrandbits(60)).text
        rows.append(
            {"shard_key": shard_of(card), "card": card, "member": member, "state": "in_use",
             "op_id": joined}
        )  # fmt: skip
    copy(connection, tenant, t.card, rows)


def copy(
    connection: psycopg.Connection[Any],
    tenant: str,
    table: Table,
    rows: Iterable[Mapping[str, Any]],
) -> None:
    """Rows into a table, all at once."""
    names = [each.name for each in table.columns]
    words = f"COPY {table.name} ({', '.join(names)}) FROM STDIN"
    own = partial(_values, tenant, names)
    with connection.cursor() as cursor, cursor.copy(words.encode()) as into:
        for row in rows:
            into.write_row(own(row))


def _values(tenant: str, names: list[str], row: Mapping[str, Any]) -> list[Any]:
    return [tenant if name == "tenant_id" else row[name] for name in names]


def say(words: str) -> None:
    """How far it is."""
    sys.stderr.write(f"\r{words:40}")

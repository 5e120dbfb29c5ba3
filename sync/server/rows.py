"""Rows in bulk: one statement reads or writes as many as a push brings.

Owns: the two ways that are fast (one jsonb parameter on PostgreSQL, executemany and json_each on
SQLite) behind one face. Does not own: any table, and what a row means.
Rows are mappings by column name without tenant; bytes go over PostgreSQL's jsonb in base64.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

import msgspec
from sqlalchemy import (
    Column,
    Connection,
    Dialect,
    Insert,
    LargeBinary,
    Select,
    Table,
    Text,
    and_,
    bindparam,
    cast,
    column,
    func,
    literal_column,
    select,
    true,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.sql.expression import FromClause

from sync.server.tables import METADATA

Row = Mapping[str, Any]
Mode = Literal["new", "ignore", "replace"]
"""On a row whose key is there: fail, leave it, put this one in its place."""


def put(connection: Connection, tenant: str, table: Table, rows: Sequence[Row], mode: Mode) -> int:
    """Write rows in their order; how many of them went in."""
    if not rows:
        return 0
    dialect = connection.dialect.name
    names = tuple(sorted(rows[0]))
    counting = {"preserve_rowcount": True}
    said: Any
    if dialect == "postgresql":
        said = {"tenant": tenant, "rows": msgspec.json.encode(rows).decode()}
        words = _put_words(connection.dialect, table.name, names, mode)
    else:
        said = [{**row, "tenant_id": tenant} for row in rows]
        words = _put_words(_NAMED, table.name, names, mode)
    return connection.exec_driver_sql(words, said, execution_options=counting).rowcount


def find(
    connection: Connection,
    tenant: str,
    table: Table,
    keys: Iterable[Row],
    *,
    columns: Sequence[Column[Any]] = (),
    lock: bool = False,
    least: tuple[str, Any] | None = None,
) -> list[dict[str, Any]]:
    """The rows whose columns match one of `keys` (all keys name the same columns).

    `lock`: held for this transaction, taken in the order of the table's key, so that two who want
    the same rows never wait for each other. `least`: only rows where this column is not below.
    """
    wanted = list(keys)
    if not wanted:
        return []
    if lock:
        by_key = [each.name for each in table.primary_key.columns if each.name in wanted[0]]
        wanted.sort(key=lambda key: tuple(key[name] for name in by_key))
    dialect = connection.dialect.name
    chosen = tuple(each.name for each in (columns or table.columns))
    asked = _Asked(table.name, tuple(sorted(wanted[0])), chosen, lock, least and least[0])
    said = {"tenant": tenant, "rows": msgspec.json.encode(wanted).decode()}
    if least is not None:
        said["least"] = least[1]
    words = _find_words(connection.dialect, asked) if dialect == "postgresql" else _by_keys(asked)
    found = connection.exec_driver_sql(words, said)
    return [dict(zip(chosen, row, strict=True)) for row in found]


@dataclass(frozen=True, slots=True)
class _Asked:
    """One shape of question."""

    table: str
    keys: tuple[str, ...]
    chosen: tuple[str, ...]
    lock: bool
    least: str | None


# SQLAlchemy does not keep what it compiled of a table-valued function, nor of an upsert on SQLite:
# it would put the same words together anew for each statement of each push.
_NAMED = sqlite.dialect(paramstyle="named")


@cache
def _put_words(dialect: Dialect, table_name: str, names: tuple[str, ...], mode: Mode) -> str:
    own = None if dialect.name == "postgresql" else ["tenant_id", *names]
    return str(
        _put(dialect.name, table_name, names, mode).compile(dialect=dialect, column_keys=own)
    )


@cache
def _find_words(dialect: Dialect, asked: _Asked) -> str:
    return str(_find("postgresql", asked).compile(dialect=dialect))


@cache
def _by_keys(asked: _Asked) -> str:
    """For SQLite: CROSS JOIN is its word for "the keys first, then each row by the index"."""
    words = str(_find("sqlite", asked).compile(dialect=_NAMED))
    assert words.count(" JOIN ") == 1, words
    return words.replace(" JOIN ", " CROSS JOIN ")


@cache
def _put(dialect: str, table_name: str, names: tuple[str, ...], mode: Mode) -> Insert:
    table = METADATA.tables[table_name]
    keys = [each.name for each in table.primary_key.columns]
    if dialect == "postgresql":
        source = recordset(table, names)
        values = [
            func.decode(source.c[name], literal_column("'base64'"))
            if isinstance(table.c[name].type, LargeBinary)
            else source.c[name]
            for name in names
        ]
        rows = select(bindparam("tenant", type_=Text), *values).select_from(source)
        written: Any = postgresql.insert(table).from_select(["tenant_id", *names], rows)
    else:
        written = sqlite.insert(table)
    if mode == "ignore":
        return written.on_conflict_do_nothing(index_elements=keys)  # type: ignore[no-any-return]  # either dialect's
    if mode == "replace":
        changed = {name: written.excluded[name] for name in names if name not in keys}
        return written.on_conflict_do_update(index_elements=keys, set_=changed)  # type: ignore[no-any-return]  # as above
    return written  # type: ignore[no-any-return]  # as above


@cache
def _find(dialect: str, asked: _Asked) -> Select[Any]:
    table, keys = METADATA.tables[asked.table], asked.keys
    source = recordset(table, keys) if dialect == "postgresql" else _json_rows(keys)
    own = table.c.tenant_id == bindparam("tenant", type_=Text)
    matches = and_(own, *(table.c[key] == source.c[key] for key in keys))
    if asked.least is not None:
        matches = and_(matches, table.c[asked.least] >= bindparam("least", type_=Text))
    columns = [table.c[name] for name in asked.chosen]
    if dialect != "postgresql":
        return select(*columns).select_from(source).join(table, matches)
    # OFFSET 0 keeps the planner from turning it round: each key is looked up by its index, in the
    # order of the keys, however large the table has grown since the statement was planned.
    each = select(*columns).where(matches).offset(literal_column("0"))
    found = (each.with_for_update() if asked.lock else each).lateral("found")
    return select(*(found.c[name] for name in asked.chosen)).select_from(source.join(found, true()))


def recordset(table: Table, names: tuple[str, ...]) -> FromClause:
    """The rows of PostgreSQL's parameter `rows`, as a table `said`; bytes as base64 texts."""
    types = [(name, table.c[name].type) for name in names]
    shape = [column(name, Text() if isinstance(t, LargeBinary) else t) for name, t in types]
    rows = cast(bindparam("rows", type_=Text), postgresql.JSONB)
    return (
        func.jsonb_to_recordset(rows)
        .table_valued(*shape, name="said")
        .render_derived(with_types=True)
    )


def _json_rows(names: tuple[str, ...]) -> FromClause:
    each = func.json_each(bindparam("rows", type_=Text)).table_valued("value", name="each_row")
    return select(
        *(
            func.json_extract(each.c.value, literal_column(f"'$.{name}'")).label(name)
            for name in names
        )
    ).subquery("said")

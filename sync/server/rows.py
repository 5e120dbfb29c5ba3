"""Rows in bulk: one statement reads or writes as many as a push brings.

Owns: the two ways that are fast (one JSON parameter and arrays of bytes on PostgreSQL, executemany
and json_each on SQLite) behind one face. Does not own: any table, and what a row means.
Rows are mappings by column name without tenant.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

import msgspec
from sqlalchemy import (
    BigInteger,
    Column,
    ColumnElement,
    Connection,
    Dialect,
    Insert,
    LargeBinary,
    Select,
    Table,
    Text,
    TextClause,
    and_,
    bindparam,
    cast,
    column,
    func,
    literal_column,
    select,
    text,
    true,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.sql.expression import FromClause

from sync.server.plain_row import plain_rows, rows_changed
from sync.server.tables import METADATA

Row = Mapping[str, Any]
Mode = Literal["new", "ignore", "replace"]
"""On a row whose key is there: fail, leave it, put this one in its place."""


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows for one table, to be written in their order."""

    table: Table
    rows: Sequence[Row]
    mode: Mode


def put(connection: Connection, tenant: str, table: Table, rows: Sequence[Row], mode: Mode) -> int:
    """Write rows in their order; how many of them went in."""
    return put_all(connection, tenant, Rows(table, rows, mode))[0]


def put_all(connection: Connection, tenant: str, *parts: Rows) -> list[int]:
    """Write rows of several tables; of each how many went in.

    PostgreSQL gets one statement for all of them, and none of them sees what another writes: a
    statement costs more than the few rows a push brings.
    """
    wanted = [each for each in parts if each.rows]
    if connection.dialect.name == "postgresql":
        counts = _put_at_once(connection, tenant, wanted) if wanted else ()
    else:
        counts = tuple(_put_each(connection, tenant, each) for each in wanted)
    done = iter(counts)
    return [next(done) if each.rows else 0 for each in parts]


def _put_each(connection: Connection, tenant: str, part: Rows) -> int:
    names = tuple(sorted(part.rows[0]))
    said: Any = [{**row, "tenant_id": tenant} for row in part.rows]
    words = _put_words(_NAMED, _Put(part.table.name, names, part.mode))
    return connection.exec_driver_sql(words, said, execution_options=_COUNTING).rowcount


def _put_at_once(connection: Connection, tenant: str, parts: Sequence[Rows]) -> Sequence[int]:
    said: dict[str, Any] = {"tenant": tenant}
    asked = []
    for at, part in enumerate(parts):
        rows, mark, names = part.rows, f"_{at}", tuple(sorted(part.rows[0]))
        bytes_of = _bytes_of(part.table)
        carried = tuple(name for name in bytes_of if any(row.get(name) for row in rows))
        said |= {f"{name}{mark}": [row[name] for row in rows] for name in carried}
        if carried:
            rows = [_without(row, carried) for row in rows]
        said[f"rows{mark}"] = msgspec.json.encode(rows).decode()
        asked.append(_Put(part.table.name, names, part.mode, carried, mark))
    words = _all_words(connection.dialect, tuple(asked))
    if len(parts) == 1:
        return (rows_changed(connection, words, said),)
    [(_, *counts)] = plain_rows(connection, words, said)
    counted = iter(counts)
    return [next(counted) if part.mode == "ignore" else len(part.rows) for part in parts]


_COUNTING = {"preserve_rowcount": True}


def _without(row: Row, names: Iterable[str]) -> Row:
    """A copy with a part taken away: picking what stays takes several times as long."""
    rest = dict(row)
    for name in names:
        del rest[name]
    return rest


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
    wanted: Sequence[Row] = list(keys)
    if not wanted:
        return []
    if lock:
        wanted = in_order(table, wanted)
    dialect = connection.dialect.name
    chosen = tuple(each.name for each in (columns or table.columns))
    asked = Asked(table.name, tuple(sorted(wanted[0])), chosen, lock, least and least[0])
    said = {"tenant": tenant, "rows": msgspec.json.encode(wanted).decode()}
    if least is not None:
        said["least"] = least[1]
    words = _find_words(connection.dialect, asked) if dialect == "postgresql" else _by_keys(asked)
    found = plain_rows(connection, words, said)
    return [dict(zip(chosen, row, strict=True)) for row in found]


def in_order(table: Table, keys: Sequence[Row]) -> Sequence[Row]:
    """Keys of one table in the order of its key: whoever holds rows takes them so."""
    names = [each.name for each in table.primary_key.columns if each.name in keys[0]]
    return sorted(keys, key=lambda key: tuple(key[name] for name in names))


def ask(
    connection: Connection, statement: Select[Any], said: Mapping[str, Any]
) -> list[dict[str, Any]]:
    """The rows of a question that is always the same but for its bindparams.

    Put into words once: SQLAlchemy would make a key of all its parts at every execution.
    """
    name = connection.dialect.name
    words, names, fixed = _words(connection.dialect if name == "postgresql" else _NAMED, statement)
    found = plain_rows(connection, words, {**fixed, **said})
    return [dict(zip(names, row, strict=True)) for row in found]


@dataclass(frozen=True, slots=True)
class Asked:
    """One shape of question. `mark`: what its keys are told from those of other tables by."""

    table: str
    keys: tuple[str, ...]
    chosen: tuple[str, ...]
    lock: bool
    least: str | None = None
    mark: str = ""


# SQLAlchemy does not keep what it compiled of a table-valued function, nor of an upsert on SQLite:
# it would put the same words together anew for each statement of each push.
_NAMED = sqlite.dialect(paramstyle="named")


@dataclass(frozen=True, slots=True)
class _Put:
    """One shape of writing. `carried`: columns of bytes that travel as what they are. `mark`: what
    its parameters are told from those of other tables by."""

    table: str
    names: tuple[str, ...]
    mode: Mode
    carried: tuple[str, ...] = ()
    mark: str = ""


@cache
def _bytes_of(table: Table) -> tuple[str, ...]:
    return tuple(each.name for each in table.columns if isinstance(each.type, LargeBinary))


@cache
def _put_words(dialect: Dialect, asked: _Put) -> str:
    own = None if dialect.name == "postgresql" else ["tenant_id", *asked.names]
    words = str(_put(dialect.name, asked).compile(dialect=dialect, column_keys=own))
    for name in asked.carried:
        words = words.replace(f"%({name}{asked.mark})s", f"%({name}{asked.mark})b")
    return words


@cache
def _all_words(dialect: Dialect, asked: tuple[_Put, ...]) -> str:
    words = [_put_words(dialect, each) for each in asked]
    if len(words) == 1:
        return words[0]
    counts = ["1"]
    for at, each in enumerate(asked):
        if each.mode == "ignore":  # of all others every row goes in
            words[at] += " RETURNING 1"
            counts.append(f"({select(func.count()).select_from(text(f'part_{at}'))})")
    parts = ", ".join(f"part_{at} AS ({each})" for at, each in enumerate(words))
    return f"WITH {parts} SELECT {', '.join(counts)}"


@cache
def _words(dialect: Dialect, statement: Select[Any]) -> tuple[str, tuple[str, ...], Row]:
    names = tuple(each.name for each in statement.selected_columns)
    compiled = statement.compile(dialect=dialect)
    # What the dialect itself has to say, such as OFFSET 0 behind a limit.
    fixed = {name: value for name, value in compiled.params.items() if value is not None}
    return str(compiled), names, fixed


@cache
def _find_words(dialect: Dialect, asked: Asked) -> str:
    return str(_find("postgresql", asked).compile(dialect=dialect))


@cache
def _by_keys(asked: Asked) -> str:
    """For SQLite: CROSS JOIN is its word for "the keys first, then each row by the index"."""
    words = str(_find("sqlite", asked).compile(dialect=_NAMED))
    assert words.count(" JOIN ") == 1, words
    return words.replace(" JOIN ", " CROSS JOIN ")


def _put(dialect: str, asked: _Put) -> Insert:
    table, names, mode = METADATA.tables[asked.table], asked.names, asked.mode
    keys = [each.name for each in table.primary_key.columns]
    if dialect == "postgresql":
        rows = select(bindparam("tenant", type_=Text), *_values(table, asked))
        rows = rows.select_from(_zipped(table, asked))
        written: Any = postgresql.insert(table).from_select(["tenant_id", *names], rows)
    else:
        written = sqlite.insert(table)
    if mode == "ignore":
        return written.on_conflict_do_nothing(index_elements=keys)  # type: ignore[no-any-return]  # either dialect's
    if mode == "replace":
        changed = {name: written.excluded[name] for name in names if name not in keys}
        return written.on_conflict_do_update(index_elements=keys, set_=changed)  # type: ignore[no-any-return]  # as above
    return written  # type: ignore[no-any-return]  # as above


def _values(table: Table, asked: _Put) -> list[ColumnElement[Any]]:
    """The columns of `said` as the table wants them."""
    packed = set(_bytes_of(table)) - set(asked.carried)
    return [
        func.decode(literal_column(name), literal_column("'base64'"))
        if name in packed
        else literal_column(name)
        for name in asked.names
    ]


def _zipped(table: Table, asked: _Put) -> TextClause:
    """The rows of the parameter `rows` side by side with an array for each column of bytes: in JSON
    those would be a third longer, and be read and copied several times. In few words: psycopg reads
    what is longer than 4 KiB anew each time.
    """
    plain = [name for name in asked.names if name not in asked.carried]
    shape = ", ".join(
        f"{name} {'BIGINT' if isinstance(table.c[name].type, BigInteger) else 'TEXT'}"
        for name in plain
    )
    mark = asked.mark
    packed = f"json_to_recordset(CAST(:rows{mark} AS JSON))"
    if not asked.carried:
        return text(f"{packed} AS said ({shape})")
    arrays = "".join(f", unnest(CAST(:{name}{mark} AS BYTEA[]))" for name in asked.carried)
    names = ", ".join((*plain, *asked.carried))
    return text(f"ROWS FROM ({packed} AS ({shape}){arrays}) AS said ({names})")


@cache
def _find(dialect: str, asked: Asked) -> Select[Any]:
    if dialect == "postgresql":
        joined, found = looked_up(asked)
        return select(*(found.c[name] for name in asked.chosen)).select_from(joined)
    table = METADATA.tables[asked.table]
    source = _json_rows(asked.keys)
    columns = [table.c[name] for name in asked.chosen]
    return select(*columns).select_from(source).join(table, _matches(table, source, asked))


def _matches(table: Table, source: FromClause, asked: Asked) -> ColumnElement[bool]:
    own = table.c.tenant_id == bindparam("tenant", type_=Text)
    matches = and_(own, *(table.c[key] == source.c[key] for key in asked.keys))
    if asked.least is None:
        return matches
    return and_(matches, table.c[asked.least] >= bindparam("least", type_=Text))


def looked_up(asked: Asked) -> tuple[FromClause, FromClause]:
    """PostgreSQL's keys side by side with the rows they lead to; and those rows alone."""
    table = METADATA.tables[asked.table]
    source = recordset(table, asked.keys, asked.mark)
    columns = [table.c[name] for name in asked.chosen]
    # OFFSET 0 keeps the planner from turning it round: each key is looked up by its index, in the
    # order of the keys, however large the table has grown since the statement was planned.
    each = select(*columns).where(_matches(table, source, asked)).offset(literal_column("0"))
    found = (each.with_for_update() if asked.lock else each).lateral("found")
    return source.join(found, true()), found


def recordset(table: Table, names: tuple[str, ...], mark: str = "") -> FromClause:
    """The rows of PostgreSQL's parameter `rows` (and its `mark`), as a table `said`; without
    columns of bytes.
    """
    shape = [column(name, table.c[name].type) for name in names]
    rows = cast(bindparam(f"rows{mark}", type_=Text), postgresql.JSON)
    return (
        func.json_to_recordset(rows)
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

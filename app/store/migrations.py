"""Numbered schema steps, from an empty file to today's.

Owns: reading app/store/schema/NNNN_*.sql, running the missing ones in one transaction, refusing
gaps and files of a newer program. Does not own: the backup made before (opening.py).

A released step is never edited; a change is a new step. `PRAGMA user_version` is the number of
the last step a file has seen.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from importlib import resources

from app.store.errors import StoreBug, TooNew, mapped_errors
from app.store.sqlcipher import SqlCipherConnection, dbapi

_NAME = re.compile(r"(\d{4})_([a-z0-9_]+)\.sql")


@dataclass(frozen=True, slots=True)
class SchemaStep:
    """One numbered SQL file."""

    number: int
    name: str
    sql: str


def load_steps() -> tuple[SchemaStep, ...]:
    """All steps of this program, in order. Raises StoreBug for a gap or a stray file."""
    folder = resources.files("app.store") / "schema"
    return checked_steps((item.name, item.read_text("utf-8")) for item in folder.iterdir())


def checked_steps(files: Iterable[tuple[str, str]]) -> tuple[SchemaStep, ...]:
    """Steps from (file name, SQL) pairs: numbered from 1 without a gap and without a double."""
    steps = []
    for file_name, sql in files:
        match = _NAME.fullmatch(file_name)
        if match is None:
            if file_name.startswith("__"):
                continue
            raise StoreBug(f"schema/{file_name}: name it NNNN_what.sql")
        steps.append(SchemaStep(int(match[1]), match[2], sql))
    steps.sort(key=lambda step: step.number)
    numbers = [step.number for step in steps]
    if numbers != list(range(1, len(steps) + 1)):
        raise StoreBug(f"schema steps must be 1, 2, 3, ... without a gap: {numbers}")
    return tuple(steps)


def schema_number(connection: SqlCipherConnection) -> int:
    """The last step the file has seen; 0 for an empty one."""
    with mapped_errors():
        row = connection.execute("PRAGMA user_version").fetchone()
    assert row is not None
    return int(row[0])


def schema_fingerprint() -> str:
    """Of the text of all steps: equal where two programs make equal files."""
    text = "\n".join(step.sql for step in load_steps())
    return hashlib.sha256(text.encode()).hexdigest()


def missing_steps(found: int, steps: Sequence[SchemaStep]) -> tuple[SchemaStep, ...]:
    """The steps still to run. Raises TooNew for a file of a newer program."""
    if found > len(steps):
        raise TooNew(f"schema {found}, known {len(steps)}", found=found, known=len(steps))
    return tuple(steps[found:])


def statements(sql: str) -> Iterator[str]:
    """The single statements of a file (`executescript` would commit before it starts)."""
    pending = ""
    for line in sql.splitlines(keepends=True):
        pending += line
        if line.rstrip().endswith(";") and dbapi.complete_statement(pending):
            yield pending.strip()
            pending = ""
    if re.sub(r"--.*", "", pending).strip():
        raise StoreBug(f"a schema statement has no end: {pending.strip()[:60]}")


def migrate(connection: SqlCipherConnection, steps: Sequence[SchemaStep]) -> int:
    """Run the missing steps, all or none. Answers the number of steps run."""
    todo = missing_steps(schema_number(connection), steps)
    if not todo:
        return 0
    with mapped_errors():
        # Rebuilding a referenced table needs this, and it cannot change inside a transaction.
        connection.execute("PRAGMA foreign_keys=OFF")
        connection.execute("BEGIN IMMEDIATE")
        try:
            _run(connection, todo)
            connection.execute("COMMIT")
        except BaseException:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            raise
        finally:
            connection.execute("PRAGMA foreign_keys=ON")
    return len(todo)


def _run(connection: SqlCipherConnection, todo: Sequence[SchemaStep]) -> None:
    for step in todo:
        for statement in statements(step.sql):
            connection.execute(statement)
    orphans = connection.execute("PRAGMA foreign_key_check").fetchall()
    if orphans:
        raise StoreBug(f"schema step left {len(orphans)} rows without their parent")
    connection.execute(f"PRAGMA user_version={todo[-1].number}")

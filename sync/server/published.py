"""Programs as the owner published them, read for judging.

Owns: the program table read back. Does not own: publishing (sync/commands), what a program means.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import lru_cache

from sqlalchemy import Connection, Text, bindparam, select

from app.domain.program import Program, precedence
from app.domain.program_file import decode_program
from sync.server import tables as t
from sync.server.rows import ask


def programs(connection: Connection, tenant: str) -> dict[tuple[str, str], Program]:
    """Every version ever published here that can be read, by id and version."""
    rows = ask(connection, _PROGRAMS, {"tenant": tenant})
    read = {(row["program_id"], row["version"]): _read(row["toml"]) for row in rows}
    return {name: program for name, program in read.items() if program is not None}


_PROGRAMS = select(t.program.c.program_id, t.program.c.version, t.program.c.toml).where(
    t.program.c.tenant_id == bindparam("tenant", type_=Text)
)


def in_force(known: Iterable[Program], day: date) -> Program | None:
    """The version with the latest effective day that has come; None before the first."""
    due = [program for program in known if program.effective <= day]
    return max(due, key=precedence, default=None)


@lru_cache(maxsize=64)
def _read(toml: str) -> Program | None:
    program = decode_program(toml)
    return program if isinstance(program, Program) else None

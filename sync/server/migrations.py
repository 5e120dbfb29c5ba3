"""The schema of the server: brought up to date at start, and never opened where it is newer.

Owns: running the versions of alembic/, and the refusal. Does not own: what a version does
(alembic/versions), engines (database.py).
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from threading import Lock

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError

_FOLDER = Path(__file__).parent / "alembic"
_ONE_AT_A_TIME = Lock()
"""What alembic is doing it keeps in its module: two threads would take each other's work."""


@dataclass(frozen=True, slots=True)
class SchemaReady:
    """The schema is today's. `before`: the version it had; None = the database was empty."""

    version: str
    before: str | None


@dataclass(frozen=True, slots=True)
class SchemaTooNew:
    """A newer program wrote this database: update before starting. Nothing was touched."""

    found: str
    known: str


def bring_up(engine: Engine) -> SchemaReady | SchemaTooNew:
    """Bring the schema up to today's, in one transaction.

    Several workers may start at once: whoever comes second finds the work done.
    """
    try:
        with _ONE_AT_A_TIME:
            return _bring_up(engine)
    except DBAPIError:
        known = _script().get_current_head()
        with engine.connect() as connection:
            if _version(connection) != known:
                raise
        return SchemaReady(str(known), known)


def _bring_up(engine: Engine) -> SchemaReady | SchemaTooNew:
    script = _script()
    head = script.get_current_head()
    assert head is not None, "there is at least the first version"
    with engine.begin() as connection:
        before = _version(connection)
        known = {each.revision for each in script.walk_revisions()}
        if before is not None and before not in known:
            return SchemaTooNew(before, head)
        if before != head:
            config = _config()
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
    return SchemaReady(head, before)


def _version(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()


def _script() -> ScriptDirectory:
    return ScriptDirectory.from_config(_config())


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(_FOLDER).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config

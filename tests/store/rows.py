"""Small units of work that the tests of lane, backups and crashes hand in."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import text

from app.store.changes import Changes
from app.store.unit_of_work import UnitOfWork

_PUT = text("INSERT INTO setting (name, value) VALUES (:name, :value)")


def put_setting(name: str, value: str) -> Callable[[UnitOfWork], None]:
    """A unit of work that writes one row and says so."""

    def work(unit: UnitOfWork) -> None:
        unit.connection.execute(_PUT, {"name": name, "value": value})
        unit.changed(Changes(settings=True))

    return work


def put_settings(names: list[str], value: str, unit: UnitOfWork) -> None:
    """Writes many rows of one value."""
    unit.connection.execute(_PUT, [{"name": name, "value": value} for name in names])


def count_settings(unit: UnitOfWork) -> int:
    """How many rows there are."""
    return int(unit.connection.execute(text("SELECT count(*) FROM setting")).scalar_one())


def setting_names(unit: UnitOfWork) -> list[str]:
    """The names, in order."""
    rows = unit.connection.execute(text("SELECT name FROM setting ORDER BY name"))
    return [str(name) for (name,) in rows]

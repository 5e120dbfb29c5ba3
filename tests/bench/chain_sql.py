"""The share of the database: the statements of real pushes, run again bare on a twin.

Owns: noting what ingest says to PostgreSQL, saying it again through the driver alone, and the
dearest steps of ingest by a profile. Does not own: ingest.
"""

from __future__ import annotations

import cProfile
import pstats
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import psycopg
from sqlalchemy import event

from sync.protocol import Push
from sync.server.database import ServerDatabase
from sync.server.ingest import ingest
from sync.server.sender import House, Sender
from tests.bench.chain_made import now_ms

Statement = tuple[str, Any]
ROOMS = ("/sync/server/", "/app/domain/", "/tests/bench/")


def noted(
    database: ServerDatabase, pushes: Sequence[Push], sender: Sender, house: House
) -> tuple[float, list[list[Statement]]]:
    """Ingest these pushes; how long it took, and what was said in each transaction."""
    said: list[list[Statement]] = []

    def note(_c: Any, _cur: Any, sql: str, parameters: Any, _ctx: Any, many: bool) -> None:
        assert not many, "batches travel as one parameter"
        said[-1].append((sql, parameters))

    seconds = 0.0
    event.listen(database.engine, "before_cursor_execute", note)
    for push in pushes:
        said.append([])
        at = time.perf_counter()
        _take(database, push, sender, house)
        seconds += time.perf_counter() - at
    event.remove(database.engine, "before_cursor_execute", note)
    return seconds, said


def _take(database: ServerDatabase, push: Push, sender: Sender, house: House) -> None:
    database.write(lambda connection: ingest(connection, sender, push, now_ms(), house))


def bare(url: str, said: Sequence[Sequence[Statement]]) -> float:
    """The same statements by the driver alone, one transaction each; how long it took."""
    seconds = 0.0
    with psycopg.connect(url.replace("+psycopg", "")) as connection:
        for statements in said:
            at = time.perf_counter()
            for sql, parameters in statements:
                cursor = connection.execute(sql.encode(), parameters)
                if cursor.description is not None:
                    cursor.fetchall()
            connection.commit()
            seconds += time.perf_counter() - at
    return seconds


def dearest(
    database: ServerDatabase, pushes: Sequence[Push], sender: Sender, house: House, most: int
) -> list[dict[str, Any]]:
    """The functions of ours in which most of the time is spent, what they call outside included."""
    profile = cProfile.Profile()
    profile.enable()
    for push in pushes:
        _take(database, push, sender, house)
    profile.disable()
    stats: Any = pstats.Stats(profile)
    whole: float = stats.total_tt
    own: dict[tuple[str, str], float] = {}
    for (file, _, name), (_, _, alone, _, callers) in stats.stats.items():
        if any(room in file for room in ROOMS):
            own[Path(file).name, name] = own.get((Path(file).name, name), 0.0) + alone
        else:
            _give(own, callers)
    ranked = sorted(own.items(), key=lambda each: -each[1])[:most]
    return [
        {"step": f"{file} {name}", "share": round(seconds / whole, 3)}
        for (file, name), seconds in ranked
    ]


def _give(own: dict[tuple[str, str], float], callers: Any) -> None:
    """What a library did counts for whoever of ours called it."""
    for (file, _, name), (_, _, _, cumulative) in callers.items():
        if any(room in file for room in ROOMS):
            key = (Path(file).name, name)
            own[key] = own.get(key, 0.0) + cumulative

"""Rows made again from facts: the file of a day beside one that only heard its facts.

Owns: that comparison, table by table. Does not own: making rows (app/services/fact_replay.py),
which tables facts can fill (tests/commands/burnt_shop.py).
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

from app.services.fact_replay import FactReplay
from app.store.journal_file import JournalRecord, Position
from app.store.journal_rows import JournalRows
from app.store.restore import _write_one
from app.store.unit_of_work import UnitOfWork
from tests.commands.burnt_shop import rows
from tests.machine.shop import Bank, a_day, furnished
from tests.real_shop import IDENTITY, RealShop


def differences(day: RealShop) -> Iterator[str]:
    """Tables that differ when the facts of the day are written into the file of the morning."""
    records = day.store.lane.read(_since_morning).result()
    folder = Path(tempfile.mkdtemp(prefix="zhanggui-again-"))
    try:
        again = a_day(folder, Bank())
        again.store.lane.submit(lambda work: _write(work, records)).result()
        key = day.store.secrets.database_key
        first, second = (rows(each.store.place.database, key) for each in (day, again))
        again.close()
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    for table, told in first.items():
        if told != second[table]:
            only = [row for row in told if row not in second[table]]
            beside = [row for row in second[table] if row not in told]
            yield f"{table}: {only[:2]} became {beside[:2]}"


def _since_morning(work: UnitOfWork) -> list[JournalRecord]:
    return JournalRows(work).after(Position(IDENTITY.epoch, furnished().dseq), 10_000)


def _write(work: UnitOfWork, records: list[JournalRecord]) -> None:
    replay = FactReplay(IDENTITY.device)
    for record in records:
        appended = _write_one(work, record, replay.write)
        assert appended.chain_hash == record.chain_hash

"""A snapshot's events as they are read: all of them, in their order, page by page."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest

from app.store import snapshot
from app.store.database import connect_writer
from app.store.errors import WrongKey
from app.store.snapshot import snapshot_events

KEY = bytes(range(32))


def written(path: Path, events: list[bytes]) -> Path:
    with closing(connect_writer(path, KEY)) as file:
        file.execute("PRAGMA journal_mode=DELETE")
        file.execute("CREATE TABLE event (stream TEXT NOT NULL, event BLOB NOT NULL) STRICT")
        file.executemany("INSERT INTO event VALUES ('chain', ?)", [(each,) for each in events])
    return path


@pytest.mark.parametrize("count", [0, 1, 2, 5, 6])
def test_all_events_come_in_their_order(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, count: int
) -> None:
    monkeypatch.setattr(snapshot, "ROWS_A_READ", 2)
    events = [f'{{"n":{n},"name":"欧阳\\n娜"}}'.encode() for n in range(count)]
    pages = list(snapshot_events(written(tmp_path / "s.db", events), KEY))
    assert len(pages) == (count + 1) // 2
    assert [line for page in pages for line in page.split(b"\n")] == events


def test_another_key_opens_nothing(tmp_path: Path) -> None:
    file = written(tmp_path / "s.db", [b"{}"])
    with pytest.raises(WrongKey):
        next(snapshot_events(file, bytes(32)))

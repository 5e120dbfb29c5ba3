"""Snapshots: a one-time key, parts that go on where they broke off, and what is not adopted.

Owns: the cases of fetching and sealing. Does not own: the threads around it (test_lanes.py).
"""

from __future__ import annotations

import random
from hashlib import sha256
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from msgspec import structs

from sync.errors import Garbled, Refused, SyncError, Unreachable
from sync.ports import OtherServer
from sync.protocol import Snapshot, SnapshotWanted, encoded
from sync.sealing import NotSealedForUs, sealed, unsealed
from sync.snapshot import PART_BYTES, SnapshotFetcher
from sync.transport import Call
from tests.sync.ports_in_memory import DiskFull, MemoryInbox

FILE = random.Random(3).randbytes(2 * PART_BYTES + 17)
KEY = bytes(range(32))


class Source:
    """A server's answers about one snapshot; `changes` make them wrong."""

    def __init__(self) -> None:
        self.changes: dict[str, object] = {}
        self.cut: int | None = None
        self.ranges: list[str] = []
        self.keys: list[bytes] = []
        self.fails: SyncError | None = None
        self.sealed_for: bytes | None = None
        self.garbage: bytes | None = None

    def __call__(self, call: Call) -> bytes:
        if isinstance(call.message, SnapshotWanted):
            self.keys.append(call.message.public)
            made = Snapshot(
                id="a/b", ready=True, size=len(FILE), sha256=sha256(FILE).digest(),
                sealed_key=sealed(KEY, self.sealed_for or call.message.public),
                positions={"chain": 9}, server_ms=1, server_epoch=2,
            )  # fmt: skip
            return self.garbage or encoded(structs.replace(made, **self.changes))
        assert call.path == "snapshot/a%2Fb"
        span = call.headers["Range"].removeprefix("bytes=")
        self.ranges.append(span)
        if self.fails is not None and len(self.ranges) == 2:
            raise self.fails
        start, end = (int(one) for one in span.split("-"))
        return FILE[start : end + 1][: self.cut]


def fetcher(source: Source, folder: Path) -> SnapshotFetcher:
    def pause(_: float) -> None:
        source.changes.clear()

    return SnapshotFetcher(source, folder / "sync", pause)


def test_a_snapshot_comes_in_parts_and_leaves_nothing_behind(tmp_path: Path) -> None:
    source, inbox = Source(), MemoryInbox()
    source.changes = {"ready": False}
    assert fetcher(source, tmp_path).bring(inbox, 2) == {"chain": 9}
    assert inbox.adopted == (FILE, KEY)
    assert inbox.epoch == 2
    assert len(source.ranges) == 3
    assert not list((tmp_path / "sync").iterdir())


def test_it_goes_on_where_it_broke_off(tmp_path: Path) -> None:
    source, inbox = Source(), MemoryInbox()
    made = fetcher(source, tmp_path)
    source.fails = Unreachable("no network")
    with pytest.raises(Unreachable):
        made.bring(inbox, None)
    assert inbox.epoch is None
    made.bring(inbox, None)
    assert inbox.adopted == (FILE, KEY)
    assert len(source.ranges) == 4
    assert source.ranges[1] == source.ranges[2]


def test_a_full_disk_keeps_what_was_fetched(tmp_path: Path) -> None:
    source, inbox = Source(), MemoryInbox()
    made = fetcher(source, tmp_path)
    inbox.disk.full = True
    with pytest.raises(DiskFull):
        made.bring(inbox, 2)
    inbox.disk.full = False
    made.bring(inbox, 2)
    assert len(source.ranges) == 3


def test_a_file_that_the_server_lost_is_asked_for_by_another_key(tmp_path: Path) -> None:
    source, inbox = Source(), MemoryInbox()
    made = fetcher(source, tmp_path)
    source.fails = Refused("not_found", 404)
    with pytest.raises(Refused):
        made.bring(inbox, 2)
    source.fails = None
    made.bring(inbox, 2)
    first, second = dict.fromkeys(source.keys)
    assert first != second, "by the same key it would say for a day that the file is ready"
    assert inbox.adopted == (FILE, KEY)


def test_after_another_server_epoch_another_snapshot_is_asked_for(tmp_path: Path) -> None:
    """By the same key the one made before the restore would be named again."""
    source, inbox = Source(), MemoryInbox()
    made = fetcher(source, tmp_path)
    assert made.bring(inbox, 1) == OtherServer(1, 2)
    made.bring(inbox, 2)
    assert len(dict.fromkeys(source.keys)) == 2


def test_a_file_that_somebody_took_away_is_fetched_again(tmp_path: Path) -> None:
    source, inbox = Source(), MemoryInbox()
    made = fetcher(source, tmp_path)
    inbox.disk.full = True
    with pytest.raises(DiskFull):
        made.bring(inbox, 2)
    next((tmp_path / "sync").iterdir()).unlink()
    inbox.disk.full = False
    made.bring(inbox, 2)
    assert inbox.adopted == (FILE, KEY)


def test_a_snapshot_of_another_server_epoch_is_not_adopted(tmp_path: Path) -> None:
    source, inbox = Source(), MemoryInbox()
    assert fetcher(source, tmp_path).bring(inbox, 1) == OtherServer(known=1, told=2)
    assert inbox.adopted is None
    assert not source.ranges


@pytest.mark.parametrize("what", ["another file", "a short part", "for another", "no message"])
def test_a_damaged_one_is_not_adopted_and_the_next_may_be(what: str, tmp_path: Path) -> None:
    source, inbox = Source(), MemoryInbox()
    made = fetcher(source, tmp_path)
    match what:
        case "another file":
            source.changes = {"sha256": bytes(32)}
        case "a short part":
            source.cut = 5
        case "for another":
            source.sealed_for = X25519PrivateKey.generate().public_key().public_bytes_raw()
        case _:
            source.garbage = b"<html>"
    with pytest.raises(Garbled):
        made.bring(inbox, 2)
    assert inbox.adopted is None
    source.changes, source.cut, source.sealed_for, source.garbage = {}, None, None, None
    made.bring(inbox, 2)
    assert inbox.adopted == (FILE, KEY)


# ------------------------------------------------------------------ sealing


def test_what_is_sealed_is_read_by_its_owner_alone() -> None:
    owner, other = X25519PrivateKey.generate(), X25519PrivateKey.generate()
    data = sealed(KEY, owner.public_key().public_bytes_raw())
    assert unsealed(data, owner) == KEY
    assert KEY not in data
    for wrong in (data[:-1], data[:-1] + bytes([data[-1] ^ 1]), b"", bytes(80)):
        with pytest.raises(NotSealedForUs):
            unsealed(wrong, owner)
    with pytest.raises(NotSealedForUs):
        unsealed(data, other)


def test_a_public_key_of_the_wrong_length_is_refused() -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        sealed(KEY, b"short")

"""Snapshots: built behind, at one exact place, for who asked alone; a real till adopts it."""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from app.domain import effects as do
from app.domain.account import account_of
from app.domain.facts import MemberJoined
from app.domain.pieces import Interval
from app.store.database import connect_writer
from sync.ports import Applied
from sync.protocol import Snapshot, SnapshotWanted
from sync.sealing import unsealed
from sync.server.database import ServerDatabase
from sync.server.feed import Reader, read_stream
from sync.server.snapshot import (
    CLAIM_MS,
    KEPT_MS,
    SnapshotRoom,
    build_snapshots,
    snapshot_path,
    wanted_snapshot,
)
from tests.domain.heart_builders import MEMBER, STORE, a_refund, a_sale, moment, op
from tests.sync.server.asking import TODAY, a_device, ask, points
from tests.sync.server.members import KEY
from tests.sync.server.programs import put_in_force
from tests.sync.server.tills import Chain, Till
from tests.sync.till.a_till import SyncedTill
from tests.sync.till.small_server import SmallServer

STREAM = f"store:{STORE}"


@pytest.fixture
def chain(database: ServerDatabase, tenant: str) -> Chain:
    """人民路店 with a program, a member, his card and points, and a sale of a walk-in."""
    made = Chain(database, tenant)
    put_in_force(made)
    other = Till("till-03")
    other.record(
        MemberJoined(
            op_id=op(1), store=STORE, day=TODAY, clock=moment(), member=MEMBER,
            card="M000000000001", effects=(do.Joined(),),
        )
    )  # fmt: skip
    other.record(points(2, 500))
    other.record(a_sale(3, TODAY, member=None, effects=(), identified_by=None))
    made.push(other, keys=(KEY,))
    return made


@pytest.fixture
def room(tmp_path: Path) -> SnapshotRoom:
    return SnapshotRoom(tmp_path / "snapshots", connect_writer)


def asked(chain: Chain, private: X25519PrivateKey, device: str = "till-02") -> Snapshot:
    wanted = SnapshotWanted(public=private.public_key().public_bytes_raw())
    return ask(chain, wanted_snapshot, wanted, a_device(chain.tenant, device))


def built(chain: Chain, room: SnapshotRoom) -> int:
    return build_snapshots(chain.database, chain.tenant, chain.now_ms, room, chain.house)


def path_of(chain: Chain, room: SnapshotRoom, snapshot: str, device: str) -> Path | None:
    who = a_device(chain.tenant, device)
    return chain.database.read(lambda connection: snapshot_path(connection, who, snapshot, room))


def test_it_is_built_behind_and_told_when_it_is_ready(chain: Chain, room: SnapshotRoom) -> None:
    private = X25519PrivateKey.generate()
    first = asked(chain, private)
    assert not first.ready
    assert asked(chain, private).id == first.id, "the same key asks for the same one"
    assert path_of(chain, room, first.id, "till-02") is None
    assert [built(chain, room), built(chain, room)] == [1, 0]
    ready = asked(chain, private)
    assert (ready.ready, ready.id, ready.members) == (True, first.id, 1)
    path = path_of(chain, room, ready.id, "till-02")
    assert path is not None
    data = path.read_bytes()
    assert (len(data), sha256(data).digest()) == (ready.size, ready.sha256)
    assert path_of(chain, room, ready.id, "till-09") is None, "another till's is none of his"
    assert len(unsealed(ready.sealed_key, private)) == 32
    assert b"M000000000001" not in data
    assert [each.name for each in room.folder.iterdir()] == [path.name]


def test_its_positions_are_the_heads_of_the_three_streams(chain: Chain, room: SnapshotRoom) -> None:
    private = X25519PrivateKey.generate()
    asked(chain, private)
    built(chain, room)
    assert asked(chain, private).positions == {
        "chain": 0,
        STREAM: len(chain.feed(STREAM)),
        "device:till-02": 0,
    }


def test_a_builder_that_was_stopped_is_followed_by_another(
    chain: Chain, room: SnapshotRoom, tmp_path: Path
) -> None:
    class Stopped(BaseException):
        """As a power cut: nobody could say anything."""

    def stop(path: Path, key: bytes) -> None:
        raise Stopped

    private = X25519PrivateKey.generate()
    asked(chain, private)
    with pytest.raises(Stopped):
        built(chain, SnapshotRoom(tmp_path / "snapshots", stop))
    assert built(chain, room) == 0, "it may be at it still"
    chain.now_ms += CLAIM_MS + 1
    assert built(chain, room) == 1
    assert asked(chain, private).ready


def test_a_build_that_failed_is_begun_anew_at_once(
    chain: Chain, room: SnapshotRoom, tmp_path: Path
) -> None:
    def full(path: Path, key: bytes) -> None:
        raise OSError(28, "No space left on device")

    private = X25519PrivateKey.generate()
    first = asked(chain, private)
    with pytest.raises(OSError, match="No space"):
        built(chain, SnapshotRoom(tmp_path / "snapshots", full))
    assert built(chain, room) == 1, "nobody is at it any more"
    assert asked(chain, private).id == first.id
    assert asked(chain, private).ready


def test_of_one_device_only_the_newest_wish_is_built(chain: Chain, room: SnapshotRoom) -> None:
    """A till that forgot its key asks by another: the older one can be opened by nobody."""
    older = [X25519PrivateKey.generate() for _ in range(3)]
    for private in older:
        asked(chain, private)
    neighbour, newest = X25519PrivateKey.generate(), X25519PrivateKey.generate()
    asked(chain, neighbour, "till-04")
    asked(chain, newest)
    assert [built(chain, room) for _ in range(3)] == [1, 1, 0]
    assert asked(chain, newest).ready
    assert asked(chain, neighbour, "till-04").ready


def test_a_wish_given_up_while_it_is_built_leaves_no_file(chain: Chain, room: SnapshotRoom) -> None:
    def slow(path: Path, key: bytes) -> Any:
        asked(chain, X25519PrivateKey.generate())
        return connect_writer(path, key)

    asked(chain, X25519PrivateKey.generate())
    built(chain, SnapshotRoom(room.folder, slow))
    assert list(room.folder.iterdir()) == []


def test_a_key_nothing_can_be_sealed_to_stops_nobody(chain: Chain, room: SnapshotRoom) -> None:
    wanted = SnapshotWanted(public=bytes(32))
    ask(chain, wanted_snapshot, wanted)
    private = X25519PrivateKey.generate()
    asked(chain, private, "till-04")
    assert [built(chain, room), built(chain, room), built(chain, room)] == [1, 1, 0]
    assert not ask(chain, wanted_snapshot, wanted).ready
    assert asked(chain, private, "till-04").ready


def test_after_a_day_it_goes_with_its_file(chain: Chain, room: SnapshotRoom) -> None:
    private = X25519PrivateKey.generate()
    asked(chain, private)
    built(chain, room)
    chain.now_ms += KEPT_MS + 1
    built(chain, room)
    assert list(room.folder.iterdir()) == []
    assert not asked(chain, private).ready


# ------------------------------------------------------------------ a real till


@pytest.fixture
def till() -> Iterator[SyncedTill]:
    made = SyncedTill()
    made.enrol(SmallServer())
    yield made
    made.close()


def adopt(chain: Chain, room: SnapshotRoom, till: SyncedTill) -> None:
    """The till asks, the server builds, the till takes it in."""
    private = X25519PrivateKey.generate()
    asked(chain, private)
    built(chain, room)
    ready = asked(chain, private)
    path = path_of(chain, room, ready.id, "till-02")
    assert path is not None
    till.inbox.adopt(path, unsealed(ready.sealed_key, private), ready.positions, ready.server_epoch)


def test_a_till_adopts_it_and_pulls_on_without_a_hole(
    chain: Chain, room: SnapshotRoom, till: SyncedTill
) -> None:
    adopt(chain, room, till)
    assert till.shown_points(MEMBER) == 500
    assert till.inbox.cursors()[STREAM] == len(chain.feed(STREAM))
    later = Till("till-04")
    later.record(points(9, 50))
    chain.push(later)
    reader = Reader(chain.tenant, chain.now_ms, chain.house)
    answer = chain.database.read(
        lambda connection: read_stream(connection, reader, STREAM, till.inbox.cursors()[STREAM])
    )
    assert till.inbox.apply(answer) == Applied(len(chain.feed(STREAM)))
    assert till.shown_points(MEMBER) == 550
    confirmed = till.run(lambda work: work.confirmed.get(MEMBER))
    assert account_of(confirmed.account) == chain.account(MEMBER)


def test_what_came_back_in_another_store_is_told_to_the_one_that_sold_it(
    chain: Chain, room: SnapshotRoom, till: SyncedTill
) -> None:
    sale = a_sale(3, TODAY, member=None, effects=(), identified_by=None)
    back = a_refund(20, sale, [Interval("1", 0, 1)], TODAY, effects=(), store="store-west-lake")
    far = Till("till-07", "store-west-lake")
    far.record(back)
    chain.push(far)
    assert [row["ref"] for row in chain.feed(STREAM)].count(back.op_id) == 1
    # A till that begins anew hears of it by its snapshot as well.
    adopt(chain, room, till)
    known = till.run(lambda work: work.refunds.of_sale(sale.op_id))
    assert [each.refund_id for each in known] == [back.op_id]

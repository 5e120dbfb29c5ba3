"""Snapshots: everything of a till's streams at one exact place, as an encrypted file.

Owns: the snapshot table, who builds one, the file and its one-time key. Does not own: what stands
in it (snapshot_rows.py), opening encrypted files (handed in), fetching (the web), merging (the
till). It is built behind, by one worker at a time, over a reading transaction: no push waits.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from hashlib import sha256
from importlib import import_module
from pathlib import Path
from typing import Any

from msgspec.structs import replace
from sqlalchemy import Connection, delete, select, update

from sync.protocol import Snapshot, SnapshotWanted, decoded, encoded
from sync.sealing import sealed
from sync.server import tables as t
from sync.server.database import ServerDatabase
from sync.server.device import Device
from sync.server.rows import put
from sync.server.sender import House
from sync.server.server_epoch import server_epoch
from sync.server.snapshot_rows import Wanted, positions_of, snapshot_rows
from sync.server.tables import shard_of

KEY_LENGTH = 32
CLAIM_MS = 30 * 60_000
"""A builder that has not finished by then was stopped; another one begins anew."""
KEPT_MS = 24 * 3_600_000
PART_BYTES = 1024 * 1024


@dataclass(frozen=True, slots=True)
class SnapshotRoom:
    """Where snapshots lie, and how an encrypted file is opened for writing."""

    folder: Path
    connect: Callable[[Path, bytes], Any]

    def path(self, snapshot: str) -> Path:
        """Of a finished one."""
        return self.folder / f"{snapshot}.db"

    @property
    def spoken(self) -> str:
        """In words, for another process: `of_words` reads them."""
        return f"{self.connect.__module__}:{self.connect.__qualname__}:{self.folder}"

    @staticmethod
    def of_words(spoken: str) -> SnapshotRoom:
        """The same room in a process of its own."""
        module, name, folder = spoken.split(":", 2)
        return SnapshotRoom(Path(folder), getattr(import_module(module), name))


def wanted_snapshot(
    connection: Connection, device: Device, asked: SnapshotWanted, now_ms: int, house: House
) -> Snapshot:
    """Begin one, or say how far it is. The same key asks for the same one."""
    for row in _rows(connection, device):
        if bytes(row["public"]) == asked.public:
            epoch = server_epoch(connection, device.tenant)
            return _told(row, now_ms, epoch)
    _give_up_others(connection, device)
    row = {
        "shard_key": shard_of(device.device),
        "device": device.device,
        "snapshot": house.op_id(now_ms),
        "store": device.store,
        "state": "wanted",
        "public": asked.public,
        "asked_ms": now_ms,
        "claimed_ms": 0,
        "made": None,
        "reads": " ".join(sorted(device.reads)),
    }
    put(connection, device.tenant, t.snapshot, [row], "new")
    return _told(row, now_ms, server_epoch(connection, device.tenant))


def _give_up_others(connection: Connection, device: Device) -> None:
    """Who asks by a new key fetches nothing by an older one: of a device one build waits at most,
    or a till that cannot keep its key would have the server build without end."""
    mine = t.snapshot.c
    connection.execute(
        delete(t.snapshot).where(
            mine.tenant_id == device.tenant,
            mine.shard_key == shard_of(device.device),
            mine.device == device.device,
            mine.state != "ready",
        )
    )


def _told(row: dict[str, Any], now_ms: int, epoch: int) -> Snapshot:
    if row["made"] is None:
        return Snapshot(id=row["snapshot"], ready=False, server_ms=now_ms, server_epoch=epoch)
    return replace(decoded(row["made"], Snapshot), server_ms=now_ms)


def _rows(connection: Connection, device: Device) -> list[dict[str, Any]]:
    mine = t.snapshot.c
    asked = select(t.snapshot).where(
        mine.tenant_id == device.tenant,
        mine.shard_key == shard_of(device.device),
        mine.device == device.device,
    )
    return [dict(row) for row in connection.execute(asked).mappings()]


def snapshot_path(
    connection: Connection, device: Device, snapshot: str, room: SnapshotRoom
) -> Path | None:
    """The file of a finished snapshot of this device; None = no such, or not yet."""
    for row in _rows(connection, device):
        if row["snapshot"] == snapshot and row["made"] is not None:
            return room.path(snapshot)
    return None


# ------------------------------------------------------------------ building


def build_snapshots(
    database: ServerDatabase, tenant: str, now_ms: int, room: SnapshotRoom, house: House
) -> int:
    """Build the one that has waited longest; how many were built. What is old goes."""
    row = database.write(lambda connection: _claim(connection, tenant, now_ms))
    _tidy(database, tenant, now_ms, room)
    if row is None:
        return 0
    try:
        made = _build(database, row, now_ms, room, house)
    except ValueError:  # a public key nothing can be sealed to
        values: dict[str, Any] = {"state": "failed"}
    except Exception:
        # A full disk, a database away: whoever builds next begins anew, and need not wait.
        back = {"state": "wanted", "claimed_ms": 0}
        database.write(lambda connection: _set(connection, row, back))
        raise
    else:
        values = {"state": "ready", "made": encoded(made)}
    if not database.write(lambda connection: _set(connection, row, values)):
        room.path(row["snapshot"]).unlink(missing_ok=True)  # given up meanwhile
    return 1


def _claim(connection: Connection, tenant: str, now_ms: int) -> dict[str, Any] | None:
    mine = t.snapshot.c
    found = (
        connection.execute(
            select(t.snapshot)
            .where(
                mine.tenant_id == tenant,
                mine.state.in_(("wanted", "building")),
                mine.claimed_ms < now_ms - CLAIM_MS,
            )
            .order_by(mine.asked_ms, mine.snapshot)
            .limit(1)
            .with_for_update()
        )
        .mappings()
        .first()
    )
    if found is None:
        return None
    row = dict(found)
    _set(connection, row, {"state": "building", "claimed_ms": now_ms})
    return row


def _set(connection: Connection, row: dict[str, Any], values: dict[str, Any]) -> bool:
    """Whether it was still there."""
    mine = t.snapshot.c
    changed = connection.execute(
        update(t.snapshot)
        .where(
            mine.tenant_id == row["tenant_id"],
            mine.shard_key == row["shard_key"],
            mine.device == row["device"],
            mine.snapshot == row["snapshot"],
        )
        .values(**values)
    )
    return changed.rowcount > 0


def _build(
    database: ServerDatabase, row: dict[str, Any], now_ms: int, room: SnapshotRoom, house: House
) -> Snapshot:
    key = secrets.token_bytes(KEY_LENGTH)
    sealed_key = sealed(key, bytes(row["public"]))
    room.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path, part = room.path(row["snapshot"]), room.folder / f"{row['snapshot']}.part"
    part.unlink(missing_ok=True)
    reads = frozenset(row["reads"].split())
    wanted = Wanted(row["tenant_id"], row["device"], row["store"], now_ms, house, reads)

    def write(connection: Connection) -> tuple[dict[str, int], int, int]:
        positions = positions_of(connection, wanted)
        with closing(room.connect(part, key)) as file:
            return (
                positions,
                _write(connection, wanted, file),
                server_epoch(connection, wanted.tenant),
            )

    positions, members, epoch = database.read(write, exact=True)
    part.replace(path)
    return Snapshot(
        id=row["snapshot"],
        ready=True,
        size=path.stat().st_size,
        sha256=_digest(path),
        sealed_key=sealed_key,
        positions=positions,
        members=members,
        server_ms=now_ms,
        server_epoch=epoch,
    )


def _write(connection: Connection, wanted: Wanted, file: Any) -> int:
    """Fill the file; how many members it holds."""
    # One file, nothing beside it: it is fetched as it lies.
    file.execute("PRAGMA journal_mode=DELETE")
    file.execute("CREATE TABLE event (stream TEXT NOT NULL, event BLOB NOT NULL) STRICT")
    file.execute("BEGIN")
    members = 0
    for stream, event in snapshot_rows(connection, wanted):
        file.execute("INSERT INTO event VALUES (?, ?)", (stream, encoded(event)))
        members += type(event).__name__ == "MemberConfirmed"
    file.execute("COMMIT")
    return members


def _digest(path: Path) -> bytes:
    digest = sha256()
    with path.open("rb") as file:
        while part := file.read(PART_BYTES):
            digest.update(part)
    return digest.digest()


def _tidy(database: ServerDatabase, tenant: str, now_ms: int, room: SnapshotRoom) -> None:
    """Forget what was asked for more than a day ago, with its file."""
    mine = t.snapshot.c
    is_old = (mine.tenant_id == tenant) & (mine.asked_ms < now_ms - KEPT_MS)

    def forget(connection: Connection) -> list[str]:
        old = list(connection.execute(select(mine.snapshot).where(is_old)).scalars())
        connection.execute(delete(t.snapshot).where(is_old))
        return old

    for snapshot in database.write(forget):
        room.path(snapshot).unlink(missing_ok=True)

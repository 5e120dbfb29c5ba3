"""Snapshots: everything of this till's streams in one encrypted file, fetched and handed over.

Owns: the one-time key, fetching in parts (going on where it broke off), checking, unsealing. Does
not own: making snapshots (the server), merging them (the till's Inbox), when one is needed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from hashlib import sha256
from pathlib import Path
from urllib.parse import quote

import msgspec
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from sync.errors import Garbled, Refused
from sync.ports import Inbox, OtherServer
from sync.protocol import Snapshot, SnapshotWanted, decoded
from sync.sealing import NotSealedForUs, unsealed
from sync.transport import Call

PART_BYTES = 1024 * 1024
ASK_AGAIN_S = 1.0
PART_NAME = "snapshot.part"


class SnapshotFetcher:
    """Fetches one snapshot after the other into a folder of its own."""

    def __init__(
        self, fetch: Callable[[Call], bytes], folder: Path, pause: Callable[[float], None]
    ) -> None:
        self._fetch = fetch
        self._pause = pause
        self._file = folder / PART_NAME
        self._private = X25519PrivateKey.generate()
        self._id: str | None = None

    def bring(self, inbox: Inbox, server_epoch: int | None) -> Mapping[str, int] | OtherServer:
        """Fetch, check and adopt it; the places it stands at. Not adopted where it is of another
        server epoch than the one given (None = any).

        Raises what the transport, `pause` and the inbox raise; Garbled for a damaged file.
        """
        wanted = self._wanted()
        if server_epoch is not None and wanted.server_epoch != server_epoch:
            self._forget()
            return OtherServer(server_epoch, wanted.server_epoch)
        self._load(wanted)
        self._check(wanted)
        inbox.adopt(self._file, self._key(wanted), wanted.positions, wanted.server_epoch)
        self._forget()
        return wanted.positions

    def _wanted(self) -> Snapshot:
        """The server makes it while we ask; the same key asks for the same snapshot."""
        question = SnapshotWanted(public=self._private.public_key().public_bytes_raw())
        while True:
            data = self._fetch(Call("snapshot", question))
            try:
                answer = decoded(data, Snapshot)
            except (msgspec.DecodeError, UnicodeDecodeError) as error:
                raise Garbled(f"snapshot: {error}") from error
            if answer.ready:
                return answer
            self._pause(ASK_AGAIN_S)

    def _load(self, wanted: Snapshot) -> None:
        if self._id != wanted.id or not self._file.exists():
            self._file.parent.mkdir(parents=True, exist_ok=True)
            self._file.write_bytes(b"")
            self._id = wanted.id
        have = self._file.stat().st_size
        path = "snapshot/" + quote(wanted.id, safe="")
        with self._file.open("ab") as file:
            while have < wanted.size:
                end = min(have + PART_BYTES, wanted.size) - 1
                part = self._part(Call(path, headers={"Range": f"bytes={have}-{end}"}))
                if len(part) != end - have + 1:
                    raise Garbled(f"{len(part)} bytes of a snapshot instead of {end - have + 1}")
                file.write(part)
                have += len(part)

    def _part(self, call: Call) -> bytes:
        try:
            return self._fetch(call)
        except Refused as error:
            if error.code == "not_found":  # made, and gone from the server's disk: another one
                self._forget()
            raise

    def _check(self, wanted: Snapshot) -> None:
        digest = sha256()
        with self._file.open("rb") as file:
            while part := file.read(PART_BYTES):
                digest.update(part)
        if digest.digest() != wanted.sha256:
            self._forget()
            raise Garbled("a snapshot that is not what the server made")

    def _key(self, wanted: Snapshot) -> bytes:
        try:
            return unsealed(wanted.sealed_key, self._private)
        except NotSealedForUs as error:
            self._forget()
            raise Garbled("a snapshot for somebody else") from error

    def _forget(self) -> None:
        """The next one is another: another key, another file."""
        self._private = X25519PrivateKey.generate()
        self._id = None
        self._file.unlink(missing_ok=True)

"""One till per file: a lock that the operating system drops when the process dies.

Owns: `<database>.lock`, who holds it, and the refusal for a second instance.
Does not own: SQLite's own locks (they allow several processes; two tills on one file would
each number their facts from the same start).
"""

from __future__ import annotations

import json
import os
import socket
import sys
from datetime import UTC, datetime
from pathlib import Path

from app.store.errors import AlreadyOpen, FolderNotWritable

# On Windows a locked range cannot be read by others, so the lock lies far behind the text.
_LOCKED_BYTE = 1 << 30
_HOLDER_BYTES_MAX = 4096


def _lock(handle: int) -> None:
    if sys.platform == "win32":
        import msvcrt

        os.lseek(handle, _LOCKED_BYTE, os.SEEK_SET)
        msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
    else:
        import fcntl

        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)


def _holder(handle: int) -> dict[str, str | int]:
    os.lseek(handle, 0, os.SEEK_SET)
    try:
        said = json.loads(os.read(handle, _HOLDER_BYTES_MAX) or b"{}")
        return {key: said[key] for key in ("pid", "host", "started") if key in said}
    except (OSError, ValueError, TypeError):
        return {}


class InstanceLock:
    """Held from before the file is opened until after it is closed."""

    def __init__(self, path: Path) -> None:
        """Take the lock. Raises AlreadyOpen (naming the holder), FolderNotWritable."""
        self._path = path
        try:
            self._handle: int | None = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as error:
            raise FolderNotWritable(str(error), folder=str(path.parent)) from error
        try:
            _lock(self._handle)
        except OSError as error:
            holder = _holder(self._handle)
            os.close(self._handle)
            raise AlreadyOpen(f"held by {holder or 'an unknown process'}", **holder) from error
        self._sign()

    def _sign(self) -> None:
        assert self._handle is not None
        started = datetime.now(UTC).isoformat(timespec="seconds")
        said = json.dumps({"pid": os.getpid(), "host": socket.gethostname(), "started": started})
        try:
            os.ftruncate(self._handle, 0)
            os.lseek(self._handle, 0, os.SEEK_SET)
            os.write(self._handle, said.encode())
        except OSError:
            # A full disk must not keep the till shut: the lock stands without a name.
            return

    def release(self) -> None:
        """Give the lock back; calling twice is harmless. The file stays: removing it races."""
        if self._handle is not None:
            os.close(self._handle)
            self._handle = None

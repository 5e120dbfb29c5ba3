"""How much room is left, and what the till does about it.

Owns: the two lines (warn, stop new sales) and the probe. Does not own: the words shown.
"""

from __future__ import annotations

import shutil
from enum import Enum
from pathlib import Path

from app.store.errors import FolderGone

MEGABYTE = 1_000_000
WARN_BELOW_BYTES = 500 * MEGABYTE
STOP_BELOW_BYTES = 100 * MEGABYTE
assert STOP_BELOW_BYTES < WARN_BELOW_BYTES


class DiskRoom(Enum):
    """What the free space allows."""

    PLENTY = "plenty"
    WARN = "warn"
    FINISH_ONLY = "finish_only"
    """No new basket; the open one may still be paid."""


def judge_room(free_bytes: int) -> DiskRoom:
    """The decision alone: below 500 MB warn, below 100 MB only finish the open sale."""
    if free_bytes < STOP_BELOW_BYTES:
        return DiskRoom.FINISH_ONLY
    if free_bytes < WARN_BELOW_BYTES:
        return DiskRoom.WARN
    return DiskRoom.PLENTY


def free_bytes(folder: Path) -> int:
    """Bytes an ordinary process may still write on the disk of `folder`. Raises FolderGone."""
    try:
        return shutil.disk_usage(folder).free
    except OSError as error:
        raise FolderGone(str(error), folder=str(folder)) from error


def probe_room(folder: Path) -> DiskRoom:
    """The decision for the disk that holds `folder`. Raises FolderGone."""
    return judge_room(free_bytes(folder))


def takes_new_sales(folder: Path) -> bool:
    """Whether a new basket may be begun. Raises FolderGone."""
    return probe_room(folder) is not DiskRoom.FINISH_ONLY

"""The list of who was forgotten, beside the backups: ids only, one a line.

Owns: that file. Does not own: what it is for: a copy made before an erasure knows nothing of it
(restore.py applies the list before a restored file opens). Several stores may share a folder, and
the list: whoever one forgot no other may bring back.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from app.store.errors import FolderNotWritable
from app.store.wrapped_key import write_whole

ERASED_FILE = "erased.txt"


def listed_in(folder: Path) -> tuple[str, ...]:
    """Everybody in the list, in their order; nobody where there is none."""
    file = folder / ERASED_FILE
    try:
        return tuple(dict.fromkeys(file.read_text("ascii").split()))
    except FileNotFoundError:
        return ()
    except (OSError, UnicodeDecodeError) as error:
        raise FolderNotWritable(str(error), folder=str(folder)) from error


def keep_listed(folder: Path, ids: Iterable[str]) -> int:
    """Add those who are missing; how many. Raises FolderNotWritable."""
    known = listed_in(folder)
    there = set(known)
    new = tuple(each for each in dict.fromkeys(ids) if each not in there)
    if new:
        content = "".join(f"{each}\n" for each in (*known, *new))
        write_whole(folder / ERASED_FILE, content.encode("ascii"))
    return len(new)

"""What the server's command needs of this installation: the store's openers and the consent texts.

Owns: putting them into one room, reading a till's export by it. Does not own: any of them, the
server (sync, which never sees the store).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from app.domain.consent import ConsentText, Purpose
from app.domain.pending_export import ExportedPart, ExportHead, read_head, read_part
from app.services.consent import load_consent_texts
from app.store.pending_file import PendingFileFault, open_pending
from app.store.server_file import (
    copy_server,
    open_server_file,
    open_server_keys,
    restore_server,
    snapshot_files,
)
from app.wording import LOCALE_FOLDER

__all__ = [
    "consent_texts", "copy_server", "exported_by", "open_server_file", "open_server_keys",
    "restore_server", "snapshot_files",
]  # fmt: skip


def consent_texts() -> Mapping[Purpose, ConsentText]:
    """The texts in force. Raises TextsUnreadable."""
    return load_consent_texts(LOCALE_FOLDER.parent / "consents")


class Exported:
    """What a till exported; `parts` can be read more than once."""

    def __init__(self, path: Path, code: str) -> None:
        """Raises PendingFileFault, OSError."""
        self._file = open_pending(path, code)
        head = read_head(next(self._file.parts(), b""))
        if not isinstance(head, ExportHead):
            raise PendingFileFault("not_one")
        self.head = head

    def parts(self) -> Iterator[ExportedPart]:
        """Raises PendingFileFault where the file ends too early."""
        pieces = self._file.parts()
        next(pieces)
        for each in pieces:
            part = read_part(each)
            if not isinstance(part, ExportedPart):
                raise PendingFileFault("not_one")
            yield part


def exported_by(path: Path, code: str) -> Exported | str:
    """The export in a file, by its till's recovery code; or why it does not open."""
    try:
        found = Exported(path, code)
        for _ in found.parts():
            pass  # a torn file is known before anything of it counts
    except PendingFileFault as fault:
        return fault.why
    except OSError:
        return "not_there"
    return found

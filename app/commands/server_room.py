"""What the server's command needs of this installation: the store's opener and the consent texts.

Owns: putting both into one room. Does not own: either of them, the server (sync, which never sees
the store).
"""

from __future__ import annotations

from collections.abc import Mapping

from app.domain.consent import ConsentText, Purpose
from app.services.consent import load_consent_texts
from app.store.server_file import (
    copy_server,
    open_server_file,
    open_server_keys,
    restore_server,
    snapshot_files,
)
from app.wording import LOCALE_FOLDER

__all__ = [
    "consent_texts", "copy_server", "open_server_file", "open_server_keys", "restore_server",
    "snapshot_files",
]  # fmt: skip


def consent_texts() -> Mapping[Purpose, ConsentText]:
    """The texts in force. Raises TextsUnreadable."""
    return load_consent_texts(LOCALE_FOLDER.parent / "consents")

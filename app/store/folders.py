"""Folders: where the store, its key and its backups lie on this machine.

Owns: the platform's places, a chosen folder instead of them, and the store setting they make.
Does not own: the names of files (place.py), what lies in them.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from platformdirs import user_data_path, user_documents_path

from app.store.backups import BackupFolder
from app.store.keys import KeyVault, system_keychain
from app.store.opening import StoreSetting
from app.store.place import StorePlace

FOLDER_VARIABLE = "ZHANGGUI_HOME"
KEY_FILE_VARIABLE = "ZHANGGUI_KEY_FILE"
"""Set to keep the key in a file even where there is a keychain (a till without a login)."""


@dataclass(frozen=True, slots=True)
class Folders:
    """Where everything of one shop lies."""

    data: Path
    keys: Path
    backups: Path

    @staticmethod
    def of(chosen: Path | None = None) -> Folders:
        """A chosen folder holds all three; without one the platform says where data lives."""
        named = chosen or os.environ.get(FOLDER_VARIABLE)
        if named:
            home = Path(named).expanduser().resolve()
            return Folders(home / "store", home / "keys", home / "backups")
        data = user_data_path("zhanggui", appauthor=False)
        return Folders(data / "store", data / "keys", user_documents_path() / "Zhanggui backups")

    @property
    def practice(self) -> Path:
        """Where the till to practise at lies: beside the real one, with folders of its own."""
        return self.data.parent / "training"

    def setting(self, *, key_in_file: bool = False) -> StoreSetting:
        """What opening a store needs to know. `key_in_file`: nothing goes into a keychain."""
        place = StorePlace.in_folder(self.data)
        in_file = key_in_file or bool(os.environ.get(KEY_FILE_VARIABLE))
        keychain = None if in_file else system_keychain()
        vault = KeyVault(fall_back_folder=self.keys, keychain=keychain)
        return StoreSetting(place, vault, BackupFolder(place, self.backups))

"""The first run of a store: its recovery code, where its key lies, where its backups go.

Owns: a fresh code for the store that was just made, proving that it was written down, keeping the
chosen backup folder. Does not own: the wizard (ui/setup), wrapping (wrapped_key.py).
"""

from __future__ import annotations

import os
from pathlib import Path

import msgspec

from app.store.errors import FolderNotWritable
from app.store.keys import KeyHome
from app.store.opening import OpenStore, code_is_right, renew_code
from app.store.recovery_code import RecoveryCode, new_recovery_code, parse_recovery_code
from app.store.unit_of_work import UnitOfWork
from app.store.wrapped_key import write_whole

BACKUP_FOLDER = "backup_folder"
_CODE_FILE = "zhanggui-recovery-code.txt"
_CODE_PAGE = "zhanggui-recovery-code.pdf"


class FirstRun:
    """Fits what the set-up asks of its machine (services' RecoveryCodes, ui's Machine)."""

    def __init__(self, store: OpenStore, *, code_folder: Path) -> None:
        """`code_folder`: where the code is saved when somebody wants it as a file."""
        self._store = store
        self._code_folder = code_folder
        self._code: RecoveryCode | None = None

    def shown(self) -> str:
        """The code in groups. Each run of the set-up has one of its own, made when first asked."""
        if self._code is None:
            code = new_recovery_code()
            renew_code(self._store.place, self._store.secrets, code)
            self._code = code
        return self._code.grouped

    def is_right(self, typed: str) -> bool:
        """Whether what was typed opens this store's key."""
        code = parse_recovery_code(typed)
        return isinstance(code, RecoveryCode) and code_is_right(self._store.place, code)

    @property
    def key_in_file(self) -> bool:
        """There is no keychain: the key lies in a file. This must be said aloud."""
        return self._store.key_home is KeyHome.FILE

    @property
    def backup_folder(self) -> str:
        return str(self._store.backups.folder)

    @property
    def is_on_the_same_disk(self) -> bool:
        """Whether a dead disk would take the backups along."""
        return self._store.backups.is_on_the_same_disk

    def use_backup_folder(self, folder: str) -> None:
        """Put backups there from now on, also after a restart. Raises FolderNotWritable."""
        chosen = Path(folder)
        try:
            chosen.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise FolderNotWritable(str(error), folder=folder) from error
        if not os.access(chosen, os.W_OK):
            raise FolderNotWritable("no right to write there", folder=folder)
        lane = self._store.lane
        lane.run(lambda work: work.settings.put_value(BACKUP_FOLDER, str(chosen)))
        self._store.backups.move_to(chosen)

    def use_till_number(self, number: int) -> None:
        """Which register this is, also after a restart. Raises StoreError."""

        def write(work: UnitOfWork) -> None:
            identity = work.device.read()
            assert identity is not None, "a store gets its identity when it is first joined"
            work.device.write(msgspec.structs.replace(identity, till_number=number))

        self._store.lane.run(write)

    def save_code(self, code: str) -> str:
        """Write the code to a text file only this user may read. Raises FolderNotWritable."""
        return self._write(_CODE_FILE, f"Zhanggui 掌柜\n{code}\n".encode())

    def save_code_page(self, pdf: bytes) -> str:
        """Write the page with the code, only for this user too. Raises FolderNotWritable."""
        return self._write(_CODE_PAGE, pdf)

    def _write(self, name: str, content: bytes) -> str:
        path = self._code_folder / name
        try:
            self._code_folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise FolderNotWritable(str(error), folder=str(self._code_folder)) from error
        write_whole(path, content, mode=0o600)
        return str(path)


def use_kept_backup_folder(store: OpenStore) -> None:
    """Take over the backup folder that was chosen once; none: the platform's own stays."""
    kept = store.lane.read(lambda work: work.settings.value(BACKUP_FOLDER)).result()
    if kept is not None:
        store.backups.folder = Path(kept)

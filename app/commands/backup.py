"""`main.py backup`: a checked copy of the shop, now.

Owns: the command line, progress, the words. Does not own: copying, checking and rotation
(store/backups.py). It works while the till is open, and sales go on meanwhile.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console
from rich.progress import Progress

from app.commands.openings import OK
from app.store.backups import BackupFolder, BackupReason, copy_beside
from app.store.diagnosis import look_at_store
from app.store.errors import KeyMissing
from app.store.folders import Folders
from app.store.keys import Found
from app.store.opening import StoreSetting
from app.store.restore import last_rehearsal
from app.store.wrapped_key import read_wrapped
from app.wording import Wording


def run(arguments: Sequence[str], *, wording: Wording) -> int:
    """Make a backup; exit code 0 made and checked, 2 bad arguments, 3 not possible."""
    options = _parser(wording).parse_args(arguments)
    setting = Folders.of(options.dir).setting()
    kept = look_at_store(setting).backup_folder
    folder = options.to or kept or setting.backups.folder
    backups = BackupFolder(setting.place, folder.expanduser().absolute(), beside=True)
    key = _key(setting)
    with Progress(console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task(wording.t("copying"), total=None)

        def told(done: int, size: int) -> None:
            progress.update(task, completed=done, total=size)

        def copy(target: Path) -> None:
            copy_beside(setting.place.database, key, target, told)

        made = backups.make(BackupReason.HAND, copy=copy, key=key, now=datetime.now(UTC))
    size_mb = made.path.stat().st_size / 1_000_000
    print(
        wording.t("Backup made and checked: {file} ({mb} MB)", file=made.path, mb=f"{size_mb:.1f}")
    )
    if backups.is_on_the_same_disk:
        print(wording.t("It lies on the disk of the shop: copy it to another one."))
    if last_rehearsal(folder) is None:
        print(
            wording.t(
                "Nobody has tried a restore from here yet: {command}",
                command=f"main.py restore --from {folder} --rehearse",
            )
        )
    return OK


def _key(setting: StoreSetting) -> bytes:
    kept = setting.vault.read(read_wrapped(setting.place.key_file).key_id)
    if not isinstance(kept, Found):
        raise KeyMissing("the keychain of this machine has no entry for this store")
    return kept.secrets.database_key


def _parser(wording: Wording) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="main.py backup",
        description=wording.t("Make a checked copy of the shop now, also while the till is open."),
        epilog=wording.t("Example: {command}", command="main.py backup --to /media/usb/backups"),
    )
    parser.add_argument("--dir", type=Path, help=wording.t("the shop's data folder"))
    parser.add_argument(
        "--to", type=Path, help=wording.t("another folder than the shop's backup folder")
    )
    return parser

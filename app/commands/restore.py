"""`main.py restore`: bring a shop back on a new machine, or rehearse it.

Owns: the command line, asking for the recovery code, progress, what is said at the end.
Does not own: the restore itself (store/restore.py), rows from facts (services/fact_replay.py).
The code is typed or read from standard input, never an argument: those can be seen by others.
"""

from __future__ import annotations

import argparse
import getpass
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console
from rich.progress import Progress

from app.commands.openings import BAD_INPUT, FAILED, NOT_POSSIBLE, OK
from app.commands.verify import say_report
from app.services.fact_replay import FactReplay
from app.services.verify import Fault, VerifyReport, verify_store
from app.store.backups import BackupFolder, BackupReason
from app.store.errors import StoreError, StoreUnavailable
from app.store.first_run import use_kept_backup_folder
from app.store.folders import Folders
from app.store.keys import KeyHome, KeyVault
from app.store.opening import OpenStore, StoreSetting, open_store
from app.store.place import StorePlace
from app.store.recovery_code import RecoveryCode, parse_recovery_code
from app.store.restore import (
    FoundShop,
    JournalBehind,
    NoBackupHere,
    Restoring,
    WrongCode,
    find_shop,
    note_rehearsal,
)
from app.store.waiting_lane import WaitingLane
from app.wording import Wording

TRIES = 3
Ask = Callable[[str], str]


class _Refused(Exception):
    """It cannot be restored so; the sentence says what to do. `exit_code` as in openings.py."""

    def __init__(self, sentence: str, exit_code: int = NOT_POSSIBLE) -> None:
        self.exit_code = exit_code
        super().__init__(sentence)


@dataclass(slots=True)
class _Done:
    """What was restored."""

    journal: JournalBehind
    backup_made: datetime
    skipped: tuple[str, ...]
    report: VerifyReport = field(default_factory=VerifyReport)
    receipt_epoch: int = 0
    key_in_file: bool = False
    new_backup: bool = True
    forgotten: int = 0
    """People who were erased after the backup was made."""


class _MemoryKeychain:
    """For a rehearsal: the key must not stay on the machine it was rehearsed on."""

    def __init__(self) -> None:
        self._kept: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self._kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self._kept[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        self._kept.pop((service, username), None)


def run(arguments: Sequence[str], *, wording: Wording, ask: Ask | None = None) -> int:
    """Restore or rehearse; exit code 0 restored and sound, 1 restored with faults, 2 bad input or

    the wrong code, 3 not possible. `ask` reads the code.
    """
    options = _parser(wording).parse_args(arguments)
    folder = options.source.expanduser().absolute()
    try:
        found = _find(folder, wording, ask or _ask_for_code)
        if options.rehearse:
            done = _rehearse(found, wording, accept_gap=options.accept_gap)
        else:
            setting = Folders.of(options.dir).setting()
            done = _restore(found, setting, wording, accept_gap=options.accept_gap, stays=True)
    except _Refused as refused:
        print(refused, file=sys.stderr)
        return refused.exit_code
    _say(done, wording, rehearsed=options.rehearse)
    if done.forgotten:
        print(_forgotten(done.forgotten, wording))
    if options.rehearse and done.report.sound:
        _note(folder, wording)
    return OK if done.report.sound else FAILED


def _parser(wording: Wording) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="main.py restore",
        description=wording.t(
            "Bring a shop back from its backup folder and its recovery code. The code is asked "
            "for, or read from standard input."
        ),
        epilog=wording.t(
            "Example: {command}", command="main.py restore --from /media/usb/backups --rehearse"
        ),
    )
    parser.add_argument(
        "--from",
        dest="source",
        metavar="FOLDER",
        type=Path,
        required=True,
        help=wording.t("the backup folder"),
    )
    parser.add_argument("--dir", type=Path, help=wording.t("the shop's data folder"))
    parser.add_argument(
        "--rehearse",
        action="store_true",
        help=wording.t("restore into a temporary folder, check everything, delete it again"),
    )
    parser.add_argument(
        "--accept-gap",
        action="store_true",
        help=wording.t("restore what can be read of a damaged journal"),
    )
    return parser


# ------------------------------------------------------------------ the code


def _ask_for_code(question: str) -> str:
    if sys.stdin.isatty():
        return getpass.getpass(question)
    return sys.stdin.readline()


def _find(folder: Path, wording: Wording, ask: Ask) -> FoundShop:
    if not folder.is_dir():
        raise _Refused(wording.t("There is no folder {folder}.", folder=folder), BAD_INPUT)
    for _ in range(TRIES if sys.stdin.isatty() else 1):
        code = parse_recovery_code(ask(wording.t("Recovery code: ")))
        if isinstance(code, RecoveryCode):
            return _open(folder, code, wording)
        whole = wording.t("This is not a whole recovery code; look at the paper again.")
        print(whole, file=sys.stderr)
    raise _Refused(wording.t("Nothing was changed."), BAD_INPUT)


def _open(folder: Path, code: RecoveryCode, wording: Wording) -> FoundShop:
    found = find_shop(folder, code)
    if isinstance(found, NoBackupHere):
        raise _Refused(
            wording.t("In {folder} lies no backup of a shop. Name another folder.", folder=folder),
            BAD_INPUT,
        )
    if isinstance(found, WrongCode):
        wrong = wording.t(
            "This code opens none of the backups in {folder}. A code that was renewed opens the "
            "backups made since; an older one those before.",
            folder=folder,
        )
        if found.unreadable:
            unreadable = wording.n(
                "{count} backup has no readable key file beside it.",
                "{count} backups have no readable key file beside them.",
                found.unreadable,
            )
            wrong = f"{wrong} {unreadable}"
        raise _Refused(wrong, BAD_INPUT)
    return found


# ------------------------------------------------------------------ the restore


def _rehearse(found: FoundShop, wording: Wording, *, accept_gap: bool) -> _Done:
    with tempfile.TemporaryDirectory(prefix="zhanggui-rehearsal-") as folder:
        place = StorePlace.in_folder(Path(folder) / "store")
        vault = KeyVault(fall_back_folder=Path(folder) / "keys", keychain=_MemoryKeychain())
        setting = StoreSetting(place, vault, BackupFolder(place, Path(folder) / "backups"))
        return _restore(found, setting, wording, accept_gap=accept_gap, stays=False)


def _restore(
    found: FoundShop, setting: StoreSetting, wording: Wording, *, accept_gap: bool, stays: bool
) -> _Done:
    now = datetime.now(UTC)
    with (
        Restoring(found, setting) as restoring,
        Progress(console=Console(stderr=True), transient=True) as progress,
    ):
        copying = progress.add_task(wording.t("copying"), total=None)
        sound = restoring.take_backup(
            lambda done, size: progress.update(copying, completed=done, total=size)
        )
        if not sound or restoring.backup is None:
            raise _Refused(_all_damaged(found, wording))
        journal = restoring.read_journal()
        if journal.beyond and not accept_gap:
            raise _Refused(_gap(journal, wording))
        count = len(journal.whole) + len(journal.beyond)
        replaying = progress.add_task(wording.t("facts since then"), total=count)
        for number in restoring.replay(journal, FactReplay(restoring.device()).write):
            progress.advance(replaying, number)
        forgotten = restoring.forget()
        restoring.finish(now=now, keep_folder=stays)
        skipped = tuple(each.path.name for each in restoring.skipped)
        done = _Done(journal, restoring.backup.made, skipped, forgotten=forgotten)
    _prove(done, setting, wording, stays=stays)
    return done


def _prove(done: _Done, setting: StoreSetting, wording: Wording, *, stays: bool) -> None:
    """Open what was restored as a till would, check all of it, back it up where it stays."""
    store = open_store(setting, now=datetime.now(UTC))
    try:
        use_kept_backup_folder(store)
        done.key_in_file = store.key_home is KeyHome.FILE
        _verify(done, store, wording)
        # A new copy pushes older ones of the day out: not while somebody may need them again.
        if stays and done.report.sound and not done.journal.beyond:
            try:
                store.back_up(BackupReason.HAND, now=datetime.now(UTC))
            except (StoreUnavailable, OSError):
                done.new_backup = False
    finally:
        store.close()


def _verify(done: _Done, store: OpenStore, wording: Wording) -> None:
    identity = store.lane.run(lambda work: work.device.read())
    assert identity is not None, "a restored till knows who it is"
    done.receipt_epoch = identity.epoch
    if (damage := store.damage()) is not None:
        done.report.faults.append(Fault("file", damage))
    steps = verify_store(lane=WaitingLane(store.lane), identity=identity, report=done.report)
    with Progress(console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task(wording.t("checking"), total=None)
        for count in steps:
            progress.advance(task, count)


# ------------------------------------------------------------------ the words


def _all_damaged(found: FoundShop, wording: Wording) -> str:
    return wording.n(
        "The only backup this code opens is damaged. Nothing was changed; keep the folder and try "
        "another copy of it.",
        "All {count} backups this code opens are damaged. Nothing was changed; keep the folder "
        "and try another copy of it.",
        len(found.backups),
    )


def _gap(journal: JournalBehind, wording: Wording) -> str:
    return wording.t(
        "The journal is damaged: {whole} facts since the backup follow each other, then some are "
        "missing before {beyond} more. Nothing was changed. Try another copy of the folder, or "
        "restore what can be read with --accept-gap.",
        whole=len(journal.whole),
        beyond=len(journal.beyond),
    )


def _say(done: _Done, wording: Wording, *, rehearsed: bool) -> None:
    journal = done.journal
    for name in done.skipped:
        print(wording.t("{file} is damaged: an older backup was taken.", file=name))
    print(
        wording.t(
            "Backup of {time}; {facts} facts since then from the journal.",
            time=_local(done.backup_made),
            facts=len(journal.whole) + len(journal.beyond),
        )
    )
    if journal.torn:
        print(
            wording.t(
                "The last record of the journal is torn: it was being written when the machine "
                "died, and is left out."
            )
        )
    if journal.beyond:
        print(wording.t("Facts are missing in a gap of the journal; verify names what differs."))
    last = datetime.fromtimestamp((journal.last_ms or 0) / 1000, UTC)
    print(
        wording.t(
            "Missing at most: what was confirmed in the last second before the machine was lost "
            "(the last fact is of {time}).",
            time=_local(last if journal.last_ms is not None else done.backup_made),
        )
    )
    print(
        wording.t(
            "Goods, settings, staff, held sales, payments without an answer and the audit log are "
            "as of the backup: only facts are journaled."
        )
    )
    if rehearsed:
        print(wording.t("Rehearsed: the restored copy was deleted again."))
    else:
        _say_stays(done, wording)
    say_report(done.report, wording)


def _forgotten(count: int, wording: Wording) -> str:
    return wording.n(
        "{count} person erased since was erased again.",
        "{count} people erased since were erased again.",
        count,
    )


def _say_stays(done: _Done, wording: Wording) -> None:
    print(
        wording.t(
            "This till numbers its receipts in series {epoch} from now on. Never open the old "
            "till again.",
            epoch=done.receipt_epoch,
        )
    )
    if done.key_in_file:
        print(
            wording.t("The key lies in a file, as this machine has no keychain: guard the folder.")
        )
    if not done.new_backup:
        print(wording.t("No backup could be made there: choose another backup folder at once."))


def _local(moment: datetime) -> str:
    return moment.astimezone().isoformat(sep=" ", timespec="seconds")


def _note(folder: Path, wording: Wording) -> None:
    try:
        note_rehearsal(folder, datetime.now(UTC))
    except StoreError:
        print(wording.t("The date of the rehearsal could not be kept in {folder}.", folder=folder))

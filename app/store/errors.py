"""What can go wrong with the store, as one tree.

StoreError
 ├─ StoreUnavailable     the world failed: a person can act on it
 │   ├─ KeyMissing         the key of this file is not on this machine
 │   ├─ WrongKey           the file is not opened by the key we hold
 │   ├─ FolderNotWritable
 │   ├─ DiskFull
 │   ├─ DiskFault          an I/O error; nothing of the unit of work was kept
 │   ├─ CommitUncertain    an I/O error while committing: look before ringing it up again
 │   ├─ AlreadyOpen        a second instance
 │   ├─ StoreBusy          another program holds the file
 │   ├─ Damaged
 │   ├─ TooNew             written by a newer till program
 │   ├─ LibraryTooOld      SQLite before 3.51.3 can corrupt a WAL
 │   ├─ StoreClosed        asked after the lane was closed
 │   ├─ StoreExists        a new store was asked for where there is one
 │   ├─ NoStore            there is no shop in this folder
 │   ├─ FolderGone         the folder of an open shop is not there any more
 │   └─ JournalForeign     the journal in a backup folder does not continue the backup
 └─ StoreBug               we failed: save, report, stop

Owns: the tree, the stable code of each error, what is safe and what to do next (as data).
Does not own: the sentences shown to a person (they come from the catalogue, by code).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from enum import Enum
from typing import ClassVar

from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from app.store.sqlcipher import dbapi


class KeptSafe(Enum):
    """What a person may rely on after the error."""

    ALL_CONFIRMED_SALES = "all_confirmed_sales"
    ALL_BUT_THE_LAST_IS_KNOWN = "all_but_the_last_is_known"
    NOT_KNOWN = "not_known"
    NOTHING_CHANGED = "nothing_changed"


class DoNext(Enum):
    """The one step that helps."""

    TYPE_RECOVERY_CODE = "type_recovery_code"
    MAKE_FOLDER_WRITABLE = "make_folder_writable"
    FREE_DISK_SPACE = "free_disk_space"
    CHECK_THE_DISK = "check_the_disk"
    LOOK_UP_THE_LAST_SALE = "look_up_the_last_sale"
    USE_THE_OTHER_WINDOW = "use_the_other_window"
    CLOSE_THE_OTHER_PROGRAM = "close_the_other_program"
    RESTORE_A_BACKUP = "restore_a_backup"
    UPDATE_THE_PROGRAM = "update_the_program"
    START_THE_TILL_AGAIN = "start_the_till_again"
    OPEN_THE_EXISTING_STORE = "open_the_existing_store"
    CHOOSE_THE_RIGHT_FOLDER = "choose_the_right_folder"
    BRING_THE_FOLDER_BACK = "bring_the_folder_back"
    TRY_ANOTHER_COPY = "try_another_copy"
    REPORT = "report"


class StoreError(Exception):
    """Any failure of the store. `code` is stable and printed beside the sentence."""

    code: ClassVar[str] = "E-STORE-00"
    kept: ClassVar[KeptSafe] = KeptSafe.ALL_CONFIRMED_SALES
    next: ClassVar[DoNext] = DoNext.REPORT

    def __init__(self, detail: str = "", **named: str | int) -> None:
        """`detail` is for the log; `named` fills the placeholders of the sentence."""
        self.detail = detail
        self.named: dict[str, str | int] = dict(named)
        super().__init__(f"{self.code} {detail}".strip())


class StoreUnavailable(StoreError):
    """The world failed; the cashier or the manager can act on it."""


class KeyMissing(StoreUnavailable):
    """Neither the keychain nor the fall-back file knows the key: the recovery code does."""

    code = "E-STORE-01"
    next = DoNext.TYPE_RECOVERY_CODE


class WrongKey(StoreUnavailable):
    """The key we hold does not open the file (SQLCipher: "file is not a database")."""

    code = "E-STORE-02"
    next = DoNext.TYPE_RECOVERY_CODE


class FolderNotWritable(StoreUnavailable):
    """The folder, or the file in it, refuses to be written. `named`: folder."""

    code = "E-STORE-03"
    next = DoNext.MAKE_FOLDER_WRITABLE


class DiskFull(StoreUnavailable):
    """The disk is full; the unit of work was rolled back whole."""

    code = "E-STORE-04"
    next = DoNext.FREE_DISK_SPACE


class DiskFault(StoreUnavailable):
    """The disk answered with an I/O error; the unit of work was rolled back whole."""

    code = "E-STORE-05"
    next = DoNext.CHECK_THE_DISK


class CommitUncertain(DiskFault):
    """The commit itself failed: whether the last unit of work stands, only the file can say."""

    code = "E-STORE-06"
    kept = KeptSafe.ALL_BUT_THE_LAST_IS_KNOWN
    next = DoNext.LOOK_UP_THE_LAST_SALE


class AlreadyOpen(StoreUnavailable):
    """A second instance. `named`: pid, started (ISO), host of the first, as far as known."""

    code = "E-STORE-07"
    next = DoNext.USE_THE_OTHER_WINDOW


class StoreBusy(StoreUnavailable):
    """Another program (a copy tool, a scanner of files) held the file for too long."""

    code = "E-STORE-08"
    next = DoNext.CLOSE_THE_OTHER_PROGRAM


class Damaged(StoreUnavailable):
    """A page, a kept key or a backup is not what was written. `named`: file, where known."""

    code = "E-STORE-09"
    kept = KeptSafe.NOT_KNOWN
    next = DoNext.RESTORE_A_BACKUP


class TooNew(StoreUnavailable):
    """`named`: found and known (schema numbers)."""

    code = "E-STORE-10"
    next = DoNext.UPDATE_THE_PROGRAM


class LibraryTooOld(StoreUnavailable):
    """The SQLite in use has a known fault with write-ahead logs. `named`: found."""

    code = "E-STORE-11"
    next = DoNext.UPDATE_THE_PROGRAM


class StoreClosed(StoreUnavailable):
    """Work was handed in after the lane was closed."""

    code = "E-STORE-12"
    next = DoNext.START_THE_TILL_AGAIN


class StoreExists(StoreUnavailable):
    """A new store was asked for where there is one. `named`: folder."""

    code = "E-STORE-13"
    next = DoNext.OPEN_THE_EXISTING_STORE


class NoStore(StoreUnavailable):
    """A command was pointed at a folder without a shop. `named`: folder."""

    code = "E-STORE-14"
    kept = KeptSafe.NOTHING_CHANGED
    next = DoNext.CHOOSE_THE_RIGHT_FOLDER


class FolderGone(StoreUnavailable):
    """The data folder of an open shop was unplugged, moved or deleted. `named`: folder."""

    code = "E-STORE-15"
    kept = KeptSafe.NOT_KNOWN
    next = DoNext.BRING_THE_FOLDER_BACK


class JournalForeign(StoreUnavailable):
    """Facts of the journal are not those that came behind the backup (a copied or mixed folder)."""

    code = "E-STORE-16"
    kept = KeptSafe.NOTHING_CHANGED
    next = DoNext.TRY_ANOTHER_COPY


class StoreBug(StoreError):
    """Our SQL or our data is wrong: roll back, report, stop."""

    code = "E-STORE-90"


_BY_SQLITE_CODE: dict[int, type[StoreError]] = {
    5: StoreBusy,  # SQLITE_BUSY
    6: StoreBusy,  # SQLITE_LOCKED
    8: FolderNotWritable,  # SQLITE_READONLY
    10: DiskFault,  # SQLITE_IOERR
    11: Damaged,  # SQLITE_CORRUPT
    13: DiskFull,  # SQLITE_FULL
    14: FolderNotWritable,  # SQLITE_CANTOPEN
    26: WrongKey,  # SQLITE_NOTADB
}
_PRIMARY_CODE_MASK = 0xFF


def from_database(error: BaseException) -> StoreError:
    """The error of the tree for one that SQLCipher or SQLAlchemy raised."""
    original: object = error.orig if isinstance(error, DBAPIError) else error
    sqlite_code = getattr(original, "sqlite_errorcode", None)
    kind: type[StoreError] = StoreBug
    if isinstance(sqlite_code, int):
        kind = _BY_SQLITE_CODE.get(sqlite_code & _PRIMARY_CODE_MASK, StoreBug)
    name = getattr(original, "sqlite_errorname", "")
    # Never the statement's parameters: they hold names and phone numbers.
    return kind(f"{name} {original}".strip())


@contextmanager
def mapped_errors() -> Iterator[None]:
    """Let no library error get past: everything leaves as one of the tree."""
    try:
        yield
    except (SQLAlchemyError, dbapi.Error, dbapi.Warning) as error:
        raise from_database(error) from error

"""`main.py doctor`: what a support person asks about this till, answered in sentences.

Owns: the questions, what needs attention, the diagnostics file. Does not own: the answers of the
store (store/diagnosis.py) and of the window (handed in). It works while the till is open, and
where the store cannot be opened it says why. Nothing it prints or writes names a person: counts,
sizes, versions and times only, folders without the user's name.
"""

from __future__ import annotations

import argparse
import json
import platform
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from importlib import metadata
from pathlib import Path
from typing import Any

from app.commands.doctor_sync import sync_facts, time_text
from app.commands.openings import FAILED, NOT_POSSIBLE, OK
from app.services.fault_words import fault_words
from app.store.backups import BackupFolder
from app.store.diagnosis import (
    Disk,
    JournalLook,
    StoreLook,
    is_open_elsewhere,
    library_versions,
    look_at_disk,
    look_at_journal,
    look_at_store,
)
from app.store.disk import STOP_BELOW_BYTES, WARN_BELOW_BYTES
from app.store.errors import StoreError
from app.store.folders import Folders
from app.store.keys import KeyHome
from app.store.opening import StoreSetting
from app.store.restore import last_rehearsal
from app.wording import N_, Wording

MEGABYTE = 1_000_000
LISTED_MAX = 5
"""Of a list in sentences; the file has all of it."""
LOG_LARGE_BYTES = 64 * MEGABYTE
BACKUP_OLD = timedelta(days=2)
JOURNAL_LATE_MS = 10_000

ATTENTION = {
    "store": N_("The shop's file cannot be opened."),
    "window": N_("The window cannot be loaded: {why}"),
    "font": N_("The shipped Chinese font is missing: install the program again."),
    "key_in_file": N_("The key lies in a file, as this machine has no keychain: guard the folder."),
    "same_disk": N_("Backups lie on the disk of the shop: choose another disk or a share."),
    "no_backup": N_("There is no backup yet."),
    "old_backup": N_("The last backup is older than two days."),
    "journal": N_(
        "Facts not journaled beside the backups yet: {count}, the oldest of {time}. Is the backup "
        "disk there, and not full?"
    ),
    "disk_low": N_("The disk is nearly full: {mb} MB free."),
    "disk_full": N_("The disk is full: only the open sale can be finished ({mb} MB free)."),
    "log_large": N_("The write-ahead log is large ({mb} MB): close the till once."),
    "clock_behind": N_("The clock stands before the last sale: set the clock."),
    "attempts": N_("Payments without an answer: {count}. Open the till, it asks the terminal."),
}


@dataclass(slots=True)
class Findings:
    """What was found. `attention`: codes with what their sentence names."""

    facts: dict[str, Any] = field(default_factory=dict)
    attention: list[tuple[str, dict[str, str | int]]] = field(default_factory=list)

    def mind(self, code: str, **named: str | int) -> None:
        """Something a person should look at."""
        self.attention.append((code, named))


def run(
    arguments: Sequence[str],
    *,
    window_facts: Callable[[], Mapping[str, str]],
    wording: Wording,
) -> int:
    """Examine; exit code 0 all well, 1 something needs attention, 3 the store does not open."""
    options = _parser(wording).parse_args(arguments)
    found = Findings()
    _look_at_program(found, window_facts)
    opens = _look_at_shop(found, Folders.of(options.dir).setting(), wording)
    report = _as_json(found)
    if options.out is not None and not _write(options.out, report, wording):
        return NOT_POSSIBLE
    if options.json:
        print(json.dumps(report, ensure_ascii=False, indent=2))
    else:
        _say(found, wording)
    if not opens:
        return NOT_POSSIBLE
    return FAILED if found.attention else OK


def diagnostics(
    setting: StoreSetting, words_for: Callable[[str], Wording], window_facts: Mapping[str, str]
) -> bytes:
    """The file of `--out` for a till that is open: it reads beside the lane, and waits for disks.

    Sentences in it are English: whoever is asked for help reads them. Where the store cannot be
    read the file says why.
    """
    found = Findings()
    _look_at_program(found, lambda: window_facts)
    _look_at_shop(found, setting, words_for("en"))
    return _as_text(_as_json(found)).encode()


def _parser(wording: Wording) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="main.py doctor",
        description=wording.t("Look at this till and say what needs attention."),
        epilog=wording.t("Example: {command}", command="main.py doctor --out diagnostics.json"),
    )
    parser.add_argument("--dir", type=Path, help=wording.t("the shop's data folder"))
    parser.add_argument("--json", action="store_true", help=wording.t("print the result as JSON"))
    parser.add_argument(
        "--out", type=Path, help=wording.t("write a diagnostics file, without any person's data")
    )
    return parser


# ------------------------------------------------------------------ looking


def _look_at_program(found: Findings, window_facts: Callable[[], Mapping[str, str]]) -> None:
    found.facts["versions"] = {
        "zhanggui": _version("zhanggui"),
        "python": platform.python_version(),
        "system": f"{platform.system()} {platform.release()} {platform.machine()}",
        "sqlalchemy": _version("SQLAlchemy"),
        **library_versions(),
    }
    try:
        found.facts["window"] = dict(window_facts())
    except ImportError as error:
        # A missing system library: the till cannot open, every command works.
        found.facts["window"] = {"error": str(error)}
        found.mind("window", why=str(error))
        return
    if not found.facts["window"].get("shipped_font"):
        found.mind("font")


def _version(package: str) -> str:
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return "0"  # run from its source, not installed


def _look_at_shop(found: Findings, setting: StoreSetting, wording: Wording) -> bool:
    """Whether the store opens."""
    backups, look = setting.backups, None
    try:
        look = look_at_store(setting)
        found.facts["store"] = _store_facts(look)
        if look.sync is not None:
            found.facts["sync"] = sync_facts(look.sync)
        if look.backup_folder is not None:
            backups = BackupFolder(setting.place, look.backup_folder)
    except StoreError as error:
        words = fault_words(error.code, error.kept.value, error.next.value, error.named, wording)
        found.facts["store"] = {"error": error.code, "detail": _homeless(error.detail)}
        found.mind("store")
        found.facts["store"]["says"] = _homeless(words.text())
    disk = look_at_disk(setting, backups)
    found.facts["folder"] = {
        "data": _homeless(str(setting.place.folder)),
        "backups": _homeless(str(backups.folder)),
        "open_now": is_open_elsewhere(setting),
        "last_rehearsal": _iso(last_rehearsal(backups.folder)),
        **_disk_facts(disk),
    }
    _mind_disk(found, disk)
    if look is not None:
        _mind_backups(found, disk)
        _mind_journal(found, look_at_journal(setting, backups))
        _mind_store(found, look)
    return look is not None


def _store_facts(look: StoreLook) -> dict[str, Any]:
    return {
        "schema": look.schema,
        "schema_known": look.schema_known,
        "key_home": look.key_home.value,
        "counts": look.counts,
        "open_attempts": look.open_attempts,
        "last_sale": time_text(look.last_sold_ms),
        "printer": look.printer.partition(":")[0],
        "language": look.language,
    }


def _disk_facts(disk: Disk) -> dict[str, Any]:
    return {
        "free_mb": disk.free_bytes // MEGABYTE,
        "database_kb": _kilobytes(disk.database_bytes),
        "write_ahead_log_kb": _kilobytes(disk.write_ahead_log_bytes),
        "backup_count": disk.backups,
        "last_backup": _iso(disk.last_backup),
        "backups_on_the_same_disk": disk.backups_on_the_same_disk,
    }


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def _kilobytes(size: int | None) -> int | None:
    return None if size is None else size // 1000


def _homeless(text: str) -> str:
    """Without the home folder: its name is a person's name more often than not."""
    return text.replace(str(Path.home()), "~")


def _mind_disk(found: Findings, disk: Disk) -> None:
    free_mb = disk.free_bytes // MEGABYTE
    if disk.free_bytes < STOP_BELOW_BYTES:
        found.mind("disk_full", mb=free_mb)
    elif disk.free_bytes < WARN_BELOW_BYTES:
        found.mind("disk_low", mb=free_mb)
    log = disk.write_ahead_log_bytes or 0
    if log > LOG_LARGE_BYTES:
        found.mind("log_large", mb=log // MEGABYTE)


def _mind_backups(found: Findings, disk: Disk) -> None:
    if disk.backups_on_the_same_disk:
        found.mind("same_disk")
    if disk.last_backup is None:
        found.mind("no_backup")
    elif datetime.now(UTC) - disk.last_backup > BACKUP_OLD:
        found.mind("old_backup")


def _mind_journal(found: Findings, look: JournalLook | None) -> None:
    if look is None:
        return  # without a backup there is nothing a journal could follow
    found.facts["folder"]["journal_behind"] = look.behind
    age_ms = datetime.now(UTC).timestamp() * 1000 - (look.since_ms or 0)
    if look.since_ms is not None and age_ms > JOURNAL_LATE_MS:
        found.mind("journal", count=look.behind, time=time_text(look.since_ms) or "")


def _mind_store(found: Findings, look: StoreLook) -> None:
    if look.key_home is KeyHome.FILE:
        found.mind("key_in_file")
    now_ms = int(datetime.now(UTC).timestamp() * 1000)
    if look.last_sold_ms is not None and now_ms < look.last_sold_ms:
        found.mind("clock_behind")
    if look.open_attempts:
        found.mind("attempts", count=look.open_attempts)


# ------------------------------------------------------------------ telling


def _as_json(found: Findings) -> dict[str, Any]:
    return {**found.facts, "attention": [code for code, _ in found.attention]}


def _as_text(report: dict[str, Any]) -> str:
    return json.dumps(report, ensure_ascii=False, indent=2) + "\n"


def _write(out: Path, report: dict[str, Any], wording: Wording) -> bool:
    try:
        out.write_text(_as_text(report), encoding="utf-8")
    except OSError as error:
        print(f"{out}: {error.strerror}", file=sys.stderr)
        return False
    print(wording.t("Written to {file}: no person's data is in it.", file=out), file=sys.stderr)
    return True


def _say(found: Findings, wording: Wording) -> None:
    for part, facts in found.facts.items():
        print(f"[{part}]")
        for name, value in facts.items():
            if name != "says":
                print(f"  {name}: {_flat(value)}")
    for code, named in found.attention:
        print(f"! {wording.t(ATTENTION[code], **named)}")
        if code == "store":
            print(found.facts["store"]["says"])
    if not found.attention:
        print(wording.t("All is well."))


def _flat(value: object) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{name} {_flat(count)}" for name, count in value.items())
    if isinstance(value, list):
        return "; ".join(map(_flat, value[:LISTED_MAX])) or "-"
    return "-" if value is None else str(value)

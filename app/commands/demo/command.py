"""`main.py demo`: open a ready shop; the first time it is made, with its year of history.

Owns: the command line, the folder, progress, making it whole or not at all.
Does not own: the making (making.py), the window (handed in).
"""

from __future__ import annotations

import argparse
import os
import shutil
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from platformdirs import user_data_path
from rich.console import Console
from rich.progress import Progress

from app.commands.demo.history import HistoryClock
from app.commands.demo.making import (
    STAFF,
    DemoFiles,
    demo_settings,
    prepare,
    start_of_year,
    tell_the_year,
)
from app.commands.openings import OK, ShopForCommand
from app.domain.settings import Language, Settings
from app.services.ports import Clock
from app.store.folders import KEY_FILE_VARIABLE
from app.store.migrations import schema_fingerprint
from app.wording import Wording

MARK = "demo-is-whole"
LANGUAGES: dict[str, Language] = {"zh": "zh_CN", "en": "en"}

NewShop = Callable[[Path, Settings, Clock], AbstractContextManager[ShopForCommand]]
"""Make an empty store in a folder, with these settings and this clock."""

OpenWindow = Callable[[Path, Mapping[str, str]], int]
"""Open the till of a folder; PINs by name are shown on the sign-in screen."""


@dataclass(frozen=True, slots=True)
class DemoRoom:
    """What main.py hands in."""

    folder: Path
    """Where demo shops live unless --dir says otherwise."""
    files: DemoFiles
    new_shop: NewShop
    open_window: OpenWindow


def run_in(
    files: Path,
    new_shop: NewShop,
    open_window: OpenWindow,
    arguments: Sequence[str],
    wording: Wording,
) -> int:
    """As `main.py demo` does: in the platform's folder; nothing of a demo goes into a keychain."""
    os.environ[KEY_FILE_VARIABLE] = "demo"
    folder = user_data_path("zhanggui-demo", appauthor=False)
    room = DemoRoom(folder, DemoFiles(files), new_shop, open_window)
    return run(arguments, room=room, wording=wording)


def run(arguments: Sequence[str], *, room: DemoRoom, wording: Wording) -> int:
    """Make the demo where it is not there yet, and open it."""
    options = _parser(wording).parse_args(arguments)
    language = LANGUAGES[options.lang or ("zh" if wording.is_chinese else "en")]
    folder = options.dir or room.folder / language
    mark = folder / MARK
    if mark.exists() and (options.again or not _is_of_today(mark)):
        shutil.rmtree(folder)  # only what carries our mark: no other folder is ever touched
    if not (folder / MARK).exists():
        _make(folder, language, room, wording)
    pins = {name: pin for name, _, pin in STAFF[language]}
    if options.make_only:
        print(wording.t("The demo shop is ready: {folder}", folder=folder))
        return OK
    return room.open_window(folder, pins)


def _is_of_today(mark: Path) -> bool:
    """Whether the demo was made with the schema of this program; another one may not open."""
    return mark.read_text("ascii", "replace").strip() == schema_fingerprint()


def _parser(wording: Wording) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="main.py demo",
        description=wording.t("Open a ready shop to try everything out; nothing in it is real."),
        epilog=wording.t("Example: {command}", command="main.py demo --lang en"),
    )
    parser.add_argument("--lang", choices=tuple(LANGUAGES), help=wording.t("the shop's language"))
    parser.add_argument("--dir", type=Path, help=wording.t("where the demo shop is kept"))
    parser.add_argument(
        "--again", action="store_true", help=wording.t("throw the demo away and make it anew")
    )
    parser.add_argument(
        "--make-only", action="store_true", help=wording.t("make it and open no window")
    )
    return parser


def _make(folder: Path, language: Language, room: DemoRoom, wording: Wording) -> None:
    """Into a folder beside it, renamed when whole: a broken-off making is begun again."""
    if folder.exists() and any(folder.iterdir()):
        raise SystemExit(
            wording.t("{folder} is not empty and no demo shop; choose another.", folder=folder)
        )
    draft = folder.with_name(f"{folder.name}.making")
    shutil.rmtree(draft, ignore_errors=True)
    now = datetime.now(UTC)
    clock = HistoryClock(start_of_year(now))
    with (
        room.new_shop(draft, demo_settings(language), clock) as opened,
        Progress(console=Console(stderr=True), transient=True) as progress,
    ):
        shop, lane = opened.shop, opened.lane
        task = progress.add_task(wording.t("Making a year of history"), total=None)
        badges = prepare(shop=shop, lane=lane, files=room.files, language=language)
        for step in tell_the_year(
            shop=shop, lane=lane, clock=clock, badges=badges, files=room.files,
            language=language, now=now,
        ):  # fmt: skip
            progress.update(task, completed=step.done, total=step.of)
    (draft / MARK).write_text(f"{schema_fingerprint()}\n", encoding="ascii")
    if folder.exists():
        folder.rmdir()
    draft.replace(folder)

"""`main.py demo`: open a ready shop; the first time it is made, with its year of history.

Owns: the command line, the folder, progress, making it whole or not at all.
Does not own: the making (making.py), the window (handed in).
"""

from __future__ import annotations

import argparse
import os
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
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
from app.commands.demo.people import STORY_PHONE
from app.commands.demo.two_tills import FIRST, TwoRoom, end_with_input, make_two, run_two
from app.commands.openings import OK, OpenShop, ShopForCommand
from app.domain.settings import Language, Settings
from app.services.ports import Clock
from app.store.folders import KEY_FILE_VARIABLE
from app.store.migrations import schema_fingerprint
from app.wording import Wording

MARK, CARD = "demo-is-whole", "card"
LANGUAGES: dict[str, Language] = {"zh": "zh_CN", "en": "en"}

NewShop = Callable[[Path, Settings, Clock], AbstractContextManager[ShopForCommand]]
"""Make an empty store in a folder, with these settings and this clock."""

OpenWindow = Callable[[Path, Mapping[str, str]], int]
"""Open the till of a folder; PINs by name are shown on the sign-in screen."""


@dataclass(frozen=True, slots=True)
class Opens:
    """What main.py hands in."""

    new_shop: NewShop
    open_window: OpenWindow
    open_shop: OpenShop
    program: Sequence[str]
    """How this program is started again."""


@dataclass(frozen=True, slots=True)
class DemoRoom:
    """Where demos lie, and what they are made of."""

    folder: Path
    """Where demo shops live unless --dir says otherwise."""
    files: DemoFiles
    opens: Opens


def run_in(files: Path, opens: Opens, arguments: Sequence[str], wording: Wording) -> int:
    """As `main.py demo` does: in the platform's folder; nothing of a demo goes into a keychain."""
    os.environ[KEY_FILE_VARIABLE] = "demo"
    folder = user_data_path("zhanggui-demo", appauthor=False)
    return run(arguments, room=DemoRoom(folder, DemoFiles(files), opens), wording=wording)


def run(arguments: Sequence[str], *, room: DemoRoom, wording: Wording) -> int:
    """Make the demo where it is not there yet, and open it."""
    options = _parser(wording).parse_args(arguments)
    language = LANGUAGES[options.lang or ("zh" if wording.is_chinese else "en")]
    pins = {name: pin for name, _, pin in STAFF[language]}
    if options.open is not None:
        end_with_input()
        return room.opens.open_window(options.open, pins)
    is_two = options.tills == 2
    folder = options.dir or room.folder / (f"{language}-two" if is_two else language)
    mark = folder / MARK
    if mark.exists() and (options.again or not _is_of_today(mark)):
        shutil.rmtree(folder)  # only what carries our mark: no other folder is ever touched
    if not mark.exists():
        make = _make_both if is_two else _make
        make(folder, language, room, wording)
    if options.make_only:
        print(wording.t("The demo shop is ready: {folder}", folder=folder))
        return OK
    _say_card(folder / FIRST if is_two else folder, wording)
    if not is_two:
        return room.opens.open_window(folder, pins)
    open_first = partial(room.opens.open_window, folder / FIRST, pins)
    spoken = "zh" if language == "zh_CN" else "en"
    return run_two(folder, spoken, room.opens.program, open_first, wording)


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
    parser.add_argument(
        "--tills", type=int, choices=(1, 2), default=1,
        help=wording.t("2: two stores with a till each and their server; pull a cable and watch"),
    )  # fmt: skip
    parser.add_argument("--open", type=Path, help=argparse.SUPPRESS)  # the second window
    return parser


def _make(folder: Path, language: Language, room: DemoRoom, wording: Wording) -> None:
    """One shop with its year."""
    with _whole(folder, wording) as draft:
        _tell_year(draft, language, room, wording)


def _make_both(folder: Path, language: Language, room: DemoRoom, wording: Wording) -> None:
    """Two stores and their server."""
    opens = room.opens
    tell_first = partial(_tell_year, language=language, room=room, wording=wording)
    with _whole(folder, wording) as draft:
        two = TwoRoom(room.files, opens.new_shop, opens.open_shop, opens.program)
        make_two(draft, language, two, tell_first, datetime.now(UTC))


@contextmanager
def _whole(folder: Path, wording: Wording) -> Iterator[Path]:
    """A folder beside it, renamed when whole: a broken-off making is begun again."""
    if folder.exists() and any(folder.iterdir()):
        raise SystemExit(
            wording.t("{folder} is not empty and no demo shop; choose another.", folder=folder)
        )
    draft = folder.with_name(f"{folder.name}.making")
    shutil.rmtree(draft, ignore_errors=True)
    yield draft
    (draft / MARK).write_text(f"{schema_fingerprint()}\n", encoding="ascii")
    if folder.exists():
        folder.rmdir()
    draft.replace(folder)


def _tell_year(home: Path, language: Language, room: DemoRoom, wording: Wording) -> None:
    now = datetime.now(UTC)
    clock = HistoryClock(start_of_year(now))
    with (
        room.opens.new_shop(home, demo_settings(language), clock) as opened,
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
        found = lane.run(lambda work: work.members.by_phone(f"+86{STORY_PHONE}"))
    (home / CARD).write_text("".join(each.card_code for each in found), encoding="ascii")


def _say_card(home: Path, wording: Wording) -> None:
    """A card to scan: its number stands whole on no screen, and points need it."""
    card = home / CARD
    if card.exists():
        code = card.read_text("ascii")
        print(wording.t("The card of {phone}, to type and Enter where it would be scanned: {card}",
                        phone=STORY_PHONE, card=code), flush=True)  # fmt: skip

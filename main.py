"""Zhanggui: the till that knows its members. The only file that knows every room.

Owns: which folder a shop lies in, joining store, devices and services into a till (`build`), and
the table of commands. Does not own: what any of them does. Imported by tests only.
Rooms are imported where they are used: `quote` starts without a database, `--help` without Qt.
"""

from __future__ import annotations

import locale
import os
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from app.commands.openings import BAD_INPUT, NOT_POSSIBLE, ShopForCommand
from app.wording import N_, Wording, closest_language, load

if TYPE_CHECKING:
    from app.devices.print_queue import PrintQueue
    from app.devices.printers import Typesetting
    from app.domain.payment import TenderKind
    from app.domain.settings import Identity, Settings
    from app.services.ports import Clock, PaymentTerminal
    from app.services.shop import Shop
    from app.store.errors import StoreError
    from app.store.opening import OpenStore, StoreSetting
    from app.store.unit_of_work import UnitOfWork
    from ui.application import Application
    from ui.open_window import RegisterScreens
    from ui.window_parts import PrinterFacts, Renderers

RESOURCES = Path(__file__).resolve().parent / "resources"
FOLDER_VARIABLE = "ZHANGGUI_HOME"
KEY_FILE_VARIABLE = "ZHANGGUI_KEY_FILE"
"""Set to keep the key in a file even where there is a keychain (a till without a login)."""


@cache
def words_for(language: str) -> Wording:
    """The catalogue of a language, loaded once."""
    return load(language)


def system_wording() -> Wording:
    """The language of this machine: for commands, and for the window before a shop says its own."""
    wanted = os.environ.get("LC_ALL") or os.environ.get("LANG") or locale.getlocale()[0]
    return words_for(closest_language(wanted))


# ------------------------------------------------------------------ a till, joined


@dataclass(frozen=True, slots=True)
class Folders:
    """Where everything of one shop lies."""

    data: Path
    keys: Path
    backups: Path

    @staticmethod
    def of(chosen: Path | None = None) -> Folders:
        """A chosen folder holds all three; without one the platform says where data lives."""
        from platformdirs import user_data_path, user_documents_path

        named = chosen or os.environ.get(FOLDER_VARIABLE)
        if named:
            home = Path(named).expanduser().resolve()
            return Folders(home / "store", home / "keys", home / "backups")
        data = user_data_path("zhanggui", appauthor=False)
        return Folders(data / "store", data / "keys", user_documents_path() / "Zhanggui backups")


@dataclass(frozen=True, slots=True)
class Till:
    """An open shop with its devices. `close()` it: the lane and the printer have threads."""

    shop: Shop
    store: OpenStore
    printing: PrintQueue

    def close(self) -> None:
        """Let the printer finish what it holds, finish what is queued, give the file back."""
        self.printing.close()
        self.store.close()


def store_setting(folders: Folders) -> StoreSetting:
    """Where the store, its key and its backups are."""
    from app.store.backups import BackupFolder
    from app.store.keys import KeyVault, system_keychain
    from app.store.opening import StoreSetting
    from app.store.place import StorePlace

    place = StorePlace.in_folder(folders.data)
    keychain = None if os.environ.get(KEY_FILE_VARIABLE) else system_keychain()
    vault = KeyVault(fall_back_folder=folders.keys, keychain=keychain)
    return StoreSetting(place, vault, BackupFolder(place, folders.backups))


def build(store: OpenStore, *, clock: Clock | None = None) -> Till:
    """Join an open store with the devices its settings name and the services."""
    from app.devices.drawer import PrinterDrawer
    from app.devices.machine import SystemClock, SystemIds
    from app.devices.print_queue import PrintQueue
    from app.devices.printers import printer_from_setting
    from app.services.consent import load_consent_texts
    from app.services.shop import Shop
    from app.store.pins import PepperedPins

    identity, settings = store.lane.submit(_identity_and_settings).result()
    printing = PrintQueue(printer_from_setting(settings.printer, _typesetting(settings)))
    shop = Shop(
        identity=identity,
        clock=clock or SystemClock(),
        ids=SystemIds(),
        pins=PepperedPins(store.secrets.device_secret),
        terminals=_terminals(settings),
        printer=printing,
        drawer=PrinterDrawer(printing),
        words_for=words_for,
        consent_texts=load_consent_texts(RESOURCES / "consents"),
    )
    return Till(shop, store, printing)


def _identity_and_settings(work: UnitOfWork) -> tuple[Identity, Settings]:
    """A store that has no identity yet becomes a shop of its own; a chain renumbers it later."""
    from app.devices.machine import SystemClock, SystemIds
    from app.domain.settings import Identity

    identity = work.device.read()
    if identity is None:
        ids, now = SystemIds(), SystemClock().now()
        tenant, store_id, device = (ids.op_id(now.wall_ms) for _ in range(3))
        identity = Identity(
            tenant=tenant, store_id=store_id, store_number=1, till_number=1, device=device
        )
        work.device.write(identity)
    return identity, work.settings.read()


def _terminals(settings: Settings) -> Mapping[TenderKind, PaymentTerminal]:
    from app.devices.terminals import HandConfirmedTerminal, SimulatedTerminal

    label = words_for(settings.language).t("SIMULATED")
    chosen: dict[TenderKind, str] = {
        "mobile": settings.mobile_terminal,
        "card": settings.card_terminal,
    }
    return {
        kind: SimulatedTerminal(label=label) if name == "simulated" else HandConfirmedTerminal()
        for kind, name in chosen.items()
    }


def _typesetting(settings: Settings) -> Typesetting:
    """How receipts are set; PDF is measured and painted only where the printer asks for it."""
    from app.devices.printers import Typesetting

    if "pdf" not in settings.printer:
        return Typesetting(words_for, settings.receipt_columns)
    from ui.printing.pdf import page_pdf, text_width_um

    return Typesetting(words_for, settings.receipt_columns, text_width_um, page_pdf)


@contextmanager
def open_shop(chosen: Path | None) -> Iterator[ShopForCommand]:
    """The shop of a folder for a command: opened as the till opens it, nobody signed in."""
    from app.services.opening import open_till
    from app.store.opening import open_store
    from app.store.waiting_lane import WaitingLane

    folders = Folders.of(chosen)
    till = build(open_store(store_setting(folders), now=datetime.now(UTC)))
    try:
        lane = WaitingLane(till.store.lane)
        lane.run(lambda work: open_till(shop=till.shop, work=work))
        yield ShopForCommand(till.shop, lane, folders.data, lambda: _damage(till.store))
    finally:
        till.close()


def _damage(store: OpenStore) -> str | None:
    from app.store.database import connect_reader, quick_check
    from app.store.errors import Damaged

    connection = connect_reader(store.place.database, store.secrets.database_key)
    try:
        quick_check(connection)
    except Damaged as fault:
        return fault.detail
    finally:
        connection.close()
    return None


@contextmanager
def new_shop(home: Path, settings: Settings, clock: Clock) -> Iterator[ShopForCommand]:
    """An empty shop in a folder of its own: its key lies beside it, in a file."""
    from app.store.backups import BackupFolder
    from app.store.keys import KeyVault
    from app.store.opening import StoreSetting, create_store
    from app.store.place import StorePlace
    from app.store.recovery_code import new_recovery_code
    from app.store.waiting_lane import WaitingLane

    folders = Folders.of(home)
    place = StorePlace.in_folder(folders.data)
    vault = KeyVault(fall_back_folder=folders.keys, keychain=None)
    setting = StoreSetting(place, vault, BackupFolder(place, folders.backups))
    store = create_store(setting, code=new_recovery_code(), now=datetime.now(UTC))
    lane = WaitingLane(store.lane)
    lane.run(lambda work: work.settings.write(settings))
    till = build(store, clock=clock)
    try:
        yield ShopForCommand(till.shop, lane, folders.data, lambda: _damage(store))
    finally:
        till.close()


# ------------------------------------------------------------------ the window


def open_till_window(folders: Folders, *, demo_pins: Mapping[str, str] | None = None) -> int:
    """Open the window of a shop and run it until it is closed."""
    from ui.application import NoDisplay, make_application

    application = make_application(sys.argv[:1])
    if isinstance(application, NoDisplay):
        print(
            system_wording().t(
                "There is no screen to open the till on. On a machine without one, "
                "the commands work (main.py --help)."
            ),
            file=sys.stderr,
        )
        return NOT_POSSIBLE
    from app.store.opening import create_store, open_store
    from app.store.recovery_code import new_recovery_code

    setting, now = store_setting(folders), datetime.now(UTC)
    if setting.place.database.exists():
        store = open_store(setting, now=now)
    else:
        # Replaced by the code of the set-up, which is shown and typed back.
        store = create_store(setting, code=new_recovery_code(), now=now)
    return _run_window(application, build(store), demo_pins)


def _run_window(application: Application, till: Till, demo_pins: Mapping[str, str] | None) -> int:
    from app.commands.caretaker import Caretaker
    from app.store.backups import BackupReason
    from app.store.waiting_lane import WaitingLane, WindowLane
    from ui.open_window import WindowWishes, open_window
    from ui.sounds import Player

    lane = WindowLane(till.store.lane)
    wishes = WindowWishes(
        language=till.store.lane.read(lambda work: work.settings.read()).result().language,
        renderers=_renderers(till),
        player=Player(),
        screens=_screens(till, demo_pins),
    )
    opened = open_window(application, till.shop, lane, wishes)
    unsubscribe = till.store.lane.subscribe(lane.tell(opened.on_commit))
    caretaker = Caretaker(till.shop, till.store, WaitingLane(till.store.lane))
    opened.window.show()
    opened.start()
    caretaker.start()
    try:
        return application.qt.exec()
    finally:
        caretaker.stop()
        unsubscribe()
        opened.close()
        till.store.back_up(BackupReason.CLOSE, now=datetime.now(UTC))
        till.close()


def _renderers(till: Till) -> Renderers:
    from app.devices.cards import MemberCard, card_page, card_qr
    from app.devices.receipt_page import ROLL_80, receipt_page
    from app.domain.codes import Code, CodeKind
    from app.domain.page import Page
    from app.domain.receipt import Receipt
    from ui.printing.pdf import text_width_um
    from ui.window_parts import Renderers

    def page_of_receipt(receipt: Receipt) -> Page:
        return receipt_page(receipt, words_for, text_width_um, roll=ROLL_80)

    def page_of_card(code: str, language: str) -> Page:
        name = till.shop.desk.state.settings.store_name
        card = MemberCard(name, Code(CodeKind.MEMBER, code))
        return card_page(card, words_for(language), text_width_um)

    return Renderers(
        member_qr=lambda code: card_qr(Code(CodeKind.MEMBER, code)).rows,
        receipt_page=page_of_receipt,
        card_page=page_of_card,
        printer=lambda: _printer_facts(till),
        print_again=till.printing.try_again,
    )


def _printer_facts(till: Till) -> PrinterFacts:
    from app.devices.print_queue import Busy, PrinterFailed, PrinterNotThere, Ready
    from ui.window_parts import PrinterFacts

    if not till.shop.desk.state.settings.printer:
        return PrinterFacts("none")
    match till.printing.state():
        case Ready():
            return PrinterFacts("ready")
        case Busy(waiting):
            return PrinterFacts("busy", waiting)
        case PrinterNotThere(kept=kept):
            return PrinterFacts("not_there", kept)
        case PrinterFailed(kept=kept):
            return PrinterFacts("failed", kept)


def _screens(till: Till, demo_pins: Mapping[str, str] | None) -> list[RegisterScreens]:
    from ui import payment, receipt, sign_in

    return [
        lambda parts: sign_in.register(parts, demo_pins=demo_pins),
        payment.register,
        receipt.register,
    ]


# ------------------------------------------------------------------ commands


def _till(arguments: Sequence[str], wording: Wording) -> int:
    import argparse

    parser = argparse.ArgumentParser(
        prog="main.py", description=wording.t("Open the till; the first start sets it up.")
    )
    parser.add_argument("--dir", type=Path, help=wording.t("the shop's data folder"))
    return open_till_window(Folders.of(parser.parse_args(arguments).dir))


def _demo(arguments: Sequence[str], wording: Wording) -> int:
    from platformdirs import user_data_path

    from app.commands.demo.command import DemoRoom, run
    from app.commands.demo.making import DemoFiles

    os.environ[KEY_FILE_VARIABLE] = "demo"  # nothing of a demo belongs into a keychain
    room = DemoRoom(
        folder=user_data_path("zhanggui-demo", appauthor=False),
        files=DemoFiles(RESOURCES / "demo"),
        new_shop=new_shop,
        open_window=lambda home, pins: open_till_window(Folders.of(home), demo_pins=pins),
    )
    return run(arguments, room=room, wording=wording)


def _verify(arguments: Sequence[str], wording: Wording) -> int:
    from app.commands import verify

    return verify.run(arguments, open_shop=open_shop, wording=wording)


def _import(arguments: Sequence[str], wording: Wording) -> int:
    from app.commands import import_

    return import_.run(arguments, open_shop=open_shop, wording=wording)


def _quote(arguments: Sequence[str], wording: Wording) -> int:
    from app.commands import quote

    return quote.run(arguments, wording=wording)


def _program(arguments: Sequence[str], wording: Wording) -> int:
    from app.commands import program

    return program.run(arguments, wording=wording)


@dataclass(frozen=True, slots=True)
class Command:
    """One row of the table."""

    run: Callable[[Sequence[str], Wording], int]
    says: str


COMMANDS: dict[str, Command] = {
    "till": Command(_till, N_("open the till (the first start sets it up)")),
    "demo": Command(_demo, N_("open a ready shop to try everything out")),
    "import": Command(_import, N_("bring products or members in from a CSV file")),
    "program": Command(_program, N_("check, show or describe program files")),
    "quote": Command(_quote, N_("price a basket from files, as JSON with every reason")),
    "verify": Command(_verify, N_("check a shop's store against itself")),
}


def usage(wording: Wording) -> str:
    """The list of commands."""
    rows = [f"main.py {name:<14} {wording.t(row.says)}" for name, row in COMMANDS.items()]
    rows.append(wording.t("Each command has --help with an example."))
    return "\n".join(rows)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run what was asked for; the exit code is the answer."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    wording = system_wording()
    if not words or words[0] == "--dir":
        words.insert(0, "till")
    name = words[0]
    if name in {"-h", "--help", "help"}:
        print(usage(wording))
        return 0
    command = COMMANDS.get(name)
    if command is None:
        print(f"{name}?\n{usage(wording)}", file=sys.stderr)
        return BAD_INPUT
    try:
        return command.run(words[1:], wording)
    except KeyboardInterrupt:
        print(wording.t("Stopped; what was done so far is kept."), file=sys.stderr)
        return 130
    except Exception as error:
        if (words_of_fault := _fault_text(error, wording)) is None:
            raise
        print(words_of_fault, file=sys.stderr)
        return NOT_POSSIBLE


def _fault_text(error: Exception, wording: Wording) -> str | None:
    """The sentences for an error of the store; None for a bug, which may show where it is."""
    from app.services.fault_words import fault_words
    from app.store.errors import StoreBug, StoreError

    if not isinstance(error, StoreError) or isinstance(error, StoreBug):
        return None
    fault: StoreError = error
    return fault_words(fault.code, fault.kept.value, fault.next.value, fault.named, wording).text()


if __name__ == "__main__":
    sys.exit(main())

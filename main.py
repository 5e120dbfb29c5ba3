"""Zhanggui: the till that knows its members. The only file that knows every room.

Owns: which folder a shop lies in, joining store, devices and services into a till (`build`), and
the table of commands. Does not own: what any of them does. Imported by tests only.
Rooms are imported where they are used: `quote` starts without a database, `--help` without Qt.
"""

from __future__ import annotations

import gc
import sys
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from functools import cache, partial
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from app.commands.openings import NOT_POSSIBLE, OK
from app.commands.table import Command, dispatch, late
from app.wording import N_, Wording, load, machine_language

if TYPE_CHECKING:
    from app.commands.bench.window import Watched
    from app.commands.joined_till import Till
    from app.commands.openings import ShopOpened
    from app.commands.training import Practice
    from app.devices.printers import Typesetting
    from app.domain.moment import Moment
    from app.domain.settings import Settings
    from app.services.ports import Clock
    from app.services.server_port import ServerLine
    from app.store.folders import Folders
    from app.store.opening import OpenStore, StoreSetting
    from ui.application import Application
    from ui.open_window import RegisterScreens, TillWindow
    from ui.window_parts import PrinterFacts, Renderers

NO_SCREEN = N_("There is no screen to open the till on. The commands work (main.py --help).")
RESOURCES = Path(__file__).resolve().parent / "resources"


@cache
def words_for(language: str) -> Wording:
    """The catalogue of a language, loaded once."""
    return load(language)


def system_wording() -> Wording:
    """The language of this machine: for commands, and for the window before a shop says its own."""
    return words_for(machine_language())


def build(store: OpenStore, *, clock: Clock | None = None) -> Till:
    """Join an open store with its devices and services; closed again where that cannot be."""
    from app.commands.joined_till import House, join

    house = House(words_for, _typesetting, RESOURCES / "consents", RESOURCES / "models", _line)
    return join(store, house, clock=clock)


def _line(store: OpenStore, now: Callable[[], Moment]) -> ServerLine:
    """The line of an open store to the server it may belong to."""
    from app.store.device_key import DeviceKeys
    from app.store.snapshot import snapshot_events
    from sync.till.late import LateTill, TillRoom

    keys, workspace = DeviceKeys(store.vault), store.place.folder / "sync"
    cable = store.place.has_cable
    return LateTill(TillRoom(store.lane, now, keys, snapshot_events, workspace, has_cable=cable))


def _typesetting(settings: Settings) -> Typesetting:
    """How receipts are set; PDF is measured and painted only where the printer asks for it."""
    from app.devices.printers import Typesetting

    if "pdf" not in settings.printer:
        return Typesetting(words_for, settings.receipt_columns)
    from ui.printing.pdf import page_pdf, text_width_um

    return Typesetting(words_for, settings.receipt_columns, text_width_um, page_pdf)


def open_shop(chosen: Path | None) -> ShopOpened:
    """The shop of a folder for a command: opened as the till opens it, nobody signed in."""
    from app.commands import shops

    return shops.open_shop(chosen, build=build)


def new_shop(home: Path, settings: Settings, clock: Clock) -> ShopOpened:
    """An empty shop in a folder of its own: its key lies beside it, in a file."""
    from app.commands import shops

    return shops.new_shop(home, settings, build=lambda store: build(store, clock=clock))


def open_till_window(folders: Folders, *, demo_pins: Mapping[str, str] | None = None) -> int:
    """Open the window of a shop and run it until it is closed; in between the practice till's."""
    from app.commands.shops import made_setting
    from app.commands.training import Practised, practice_pins
    from ui.application import NoDisplay, make_application

    application = make_application(sys.argv[:1])
    if isinstance(application, NoDisplay):
        print(system_wording().t(NO_SCREEN), file=sys.stderr)
        return NOT_POSSIBLE
    at_practice, practised = False, Practised()
    while True:
        setting = made_setting(folders.practice) if at_practice else folders.setting()
        till = _open_or_say_why(application, setting)
        if till is None:
            return OK
        practised.stand_at(till.shop, till.store.lane)
        practice = _practice(folders, None if at_practice else till)
        pins = practice_pins() if at_practice else demo_pins
        ended = _run_window(application, till, practice, pins)
        if not practice.wanted:
            return ended
        at_practice, practised = practice.wanted == "practice", practice.practised


def _practice(folders: Folders, real: Till | None) -> Practice:
    """The way to the practice till; `real` None: the way back from it."""
    from app.commands.demo.making import DemoFiles
    from app.commands.training import Model, Practice, model_of
    from app.store.waiting_lane import WaitingLane

    def read_model() -> Model:
        assert real is not None, "only the real till is a model"
        return model_of(shop=real.shop, lane=WaitingLane(real.store.lane))

    files = DemoFiles(RESOURCES / "demo")
    return Practice(folders.practice, files, new_shop, None if real is None else read_model)


def _open_or_say_why(application: Application, setting: StoreSetting) -> Till | None:
    """Open or begin the shop's till; while it cannot be, say why and offer the way out."""
    from app.commands.shops import OpeningAttempts, Trouble
    from ui.trouble.window import TroubleView, run_trouble

    wording = system_wording()
    attempts = OpeningAttempts(setting, build, wording)

    def attempt(typed: str = "") -> TroubleView | str | None:
        answer = attempts.attempt(typed)
        if not isinstance(answer, Trouble):
            return answer
        words, asks_code = answer.words, answer.asks_code
        return TroubleView(
            words.happened, words.kept_safe, words.do_next, words.code, asks_code=asks_code
        )

    trouble = attempt()
    if isinstance(trouble, TroubleView):
        run_trouble(trouble, wording, attempt, application.qt.exec)
    return attempts.till


def _run_window(
    application: Application, till: Till, practice: Practice, demo_pins: Mapping[str, str] | None
) -> int:
    from app.commands.caretaker import Caretaker
    from app.commands.shops import close_for_the_day
    from app.store.waiting_lane import WaitingLane
    from ui.closing import put_away

    opened, unsubscribe = _join_window(application, till, demo_pins, practice)
    practice.close_window = partial(_close_window, application, opened)
    shop, lane = till.shop, WaitingLane(till.store.lane)
    caretaker = Caretaker(
        shop, till.store, lane, on_low_disk=opened.on_low_disk, on_night=opened.on_night
    )
    practice.begin(shop)
    opened.start()
    caretaker.start()
    till.connect()
    try:
        return application.qt.exec()
    finally:
        practice.end(till.shop, till.store.lane)
        caretaker.stop()
        unsubscribe()
        opened.close()
        put_away(opened.window)
        close_for_the_day(till)


def _close_window(application: Application, opened: TillWindow) -> None:
    """Without a question: the other till's window comes."""
    opened.window.set_may_close(True)
    opened.window.close()
    application.qt.quit()


def _join_window(
    application: Application,
    till: Till,
    demo_pins: Mapping[str, str] | None = None,
    practice: Practice | None = None,
) -> tuple[TillWindow, Callable[[], None]]:
    """The window over a till, shown and not started; and what ends its hearing of commits."""
    from app.store.waiting_lane import WindowLane
    from ui.open_window import WindowWishes, open_window
    from ui.sounds import Player
    from ui.training.watermark import Watermark

    lane, player = WindowLane(till.store.lane), Player()
    settings = till.store.lane.read(lambda work: work.settings.read()).result()
    wishes = WindowWishes(
        language=settings.language,
        renderers=_renderers(till),
        player=player,
        screens=_screens(till, demo_pins, practice),
    )
    opened = open_window(application, till.shop, lane, wishes)
    opened.opened.connect(player.prepare)
    opened.opened.connect(lambda _: gc.freeze())  # what stays is not searched again, 60 ms a time
    if settings.is_training:
        Watermark(opened.window, opened.parts.language)
    opened.window.show()
    return opened, till.store.lane.subscribe(lane.tell(opened.on_commit))


def _watch_window(home: Path, watch: Callable[[Watched, OpenStore], None]) -> int:
    """Open the window of a folder for `bench`, with a stopwatch on it."""
    from app.commands.shops import made_setting
    from app.store.opening import open_store
    from ui.application import NoDisplay, make_application
    from ui.stopwatch import Stopwatch

    application = make_application(sys.argv[:1])
    if isinstance(application, NoDisplay):
        return NOT_POSSIBLE
    till = build(open_store(made_setting(home), now=datetime.now(UTC)))
    opened, unsubscribe = _join_window(application, till)
    stopwatch = Stopwatch(opened)
    opened.start()
    watch(stopwatch, till.store)
    unsubscribe()
    opened.close()
    till.close()
    return OK


def _renderers(till: Till) -> Renderers:
    from app.devices.cards import card_of, card_page, card_qr
    from app.devices.code_reader import CodeReader
    from app.devices.codes import code128_bars, qr_matrix
    from app.devices.poster import poster_pages
    from app.devices.receipt_page import ROLL_80, receipt_page
    from app.domain.codes import Code, CodeKind
    from app.domain.page import Page
    from ui.printing.pdf import text_width_um
    from ui.window_parts import Renderers

    def page_of_card(code: str, language: str, holder: str) -> Page:
        card = card_of(till.shop.desk.state.settings.store_name, code, holder)
        return card_page(card, words_for(language), text_width_um)

    return Renderers(
        member_qr=lambda code: card_qr(Code(CodeKind.MEMBER, code)).rows,
        bars=lambda text: code128_bars(text).widths,
        code_reader=lambda: CodeReader().read,
        pay_qr=lambda text: qr_matrix(text).rows,
        receipt_page=lambda paper: receipt_page(paper, words_for, text_width_um, roll=ROLL_80),
        card_page=page_of_card,
        poster_pages=lambda record, url: poster_pages(
            till.shop.desk.state.settings.store_name, record, url, words_for, text_width_um
        ),
        printer=lambda: _printer_facts(till),
        waiting_papers=till.printing.waiting,
        watch_printer=lambda hear: till.printing.listen(lambda state: hear(_printer_facts(till))),
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
        case PrinterFailed("paper_out" | "cover_open" | "busy" as reason, kept):
            return PrinterFacts("in_use" if reason == "busy" else reason, kept)
        case PrinterFailed(kept=kept, in_part=True):
            return PrinterFacts("in_part", kept)
        case PrinterFailed(kept=kept):
            return PrinterFacts("failed", kept)


def _screens(
    till: Till, demo_pins: Mapping[str, str] | None, practice: Practice | None = None
) -> list[RegisterScreens]:
    from platformdirs import user_documents_path

    from app.commands.backup_keeper import StoreBackups
    from app.store.first_run import FirstRun
    from ui.rooms import every_room
    from ui.setup import SetupWishes, templates_in

    first = FirstRun(till.store, code_folder=user_documents_path())
    wishes = SetupWishes(first, first, templates_in(RESOURCES / "programs"))
    return every_room(
        wishes, demo_pins=demo_pins, backups=StoreBackups(till.store), practice=practice
    )


def _demo(arguments: Sequence[str], wording: Wording) -> int:
    from app.commands.demo.command import Opens, run_in
    from app.store.folders import Folders

    def open_window(home: Path, pins: Mapping[str, str]) -> int:
        return open_till_window(Folders.of(home), demo_pins=pins)

    opens = Opens(new_shop, open_window, open_shop, (sys.executable, __file__))
    return run_in(RESOURCES / "demo", opens, arguments, wording)


def _bench(arguments: Sequence[str], wording: Wording) -> int:
    from app.commands.bench.command import BenchRoom, run
    from app.commands.shops import open_made_shop

    room = BenchRoom(
        new_shop=new_shop,
        open_till=lambda home: open_made_shop(home, build=build),
        watch_window=_watch_window,
        rules=RESOURCES / "programs" / "default.toml",
        program=(sys.executable, __file__),
    )
    return run(arguments, room=room, wording=wording)


def _window_facts() -> Mapping[str, str]:
    from ui.machine_facts import window_facts

    return window_facts()


def _sync(name: str, room: str) -> Callable[[Sequence[str], Wording], int]:
    """A command of the wire, with the room of the till whose files it needs."""
    return lambda arguments, wording: import_module(f"sync.commands.{name}").run(
        arguments, room=import_module(room), wording=wording
    )


COMMANDS: dict[str, Command] = {
    "backup": Command(late("backup"), N_("make a checked copy of the shop now")),
    "bench": Command(_bench, N_("measure every budget of one till on this machine")),
    "till": Command(
        late("till", open_window=open_till_window), N_("open the till (the first start sets it up)")
    ),
    "enrol": Command(
        late("enrol", open_shop=open_shop), N_("let this till join the server of its chain")
    ),
    "demo": Command(_demo, N_("open a ready shop to try everything out")),
    "doctor": Command(
        late("doctor", window_facts=_window_facts), N_("look at this till, say what is wrong")
    ),
    "import": Command(
        late("import_", open_shop=open_shop), N_("bring products or members in from a CSV file")
    ),
    "program": Command(late("program"), N_("check, show or describe program files")),
    "quote": Command(late("quote"), N_("price a basket from files, as JSON with every reason")),
    "remove": Command(late("remove", open_shop=open_shop), N_("say if this till may be removed")),
    "replay": Command(
        late("replay.command", new_shop=new_shop, program=RESOURCES / "programs" / "journey.toml"),
        N_("ring up a year of a real grocery chain, and compare"),
    ),
    "restore": Command(late("restore"), N_("bring a shop back from its backups, or rehearse it")),
    "server": Command(
        _sync("server", "app.commands.server_room"),
        N_("run the central server of a chain, let its tills in"),
    ),
    "simulate": Command(
        _sync("simulate", "app.commands.simulation_room"),
        N_("let made-up chains live through every kind of trouble"),
    ),
    "verify": Command(late("verify", open_shop=open_shop), N_("check a store against itself")),
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run what was asked for; without a command the till itself."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    if not words or words[0] == "--dir":
        words.insert(0, "till")
    return dispatch(COMMANDS, words, system_wording())


if __name__ == "__main__":
    sys.exit(main())

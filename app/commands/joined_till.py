"""A joined till: a shop's open store with the devices its settings name and the services.

Owns: joining the three floors that never meet, when the line to the server begins and ends, what
wakes it. Does not own: opening the store (shops.py), the line itself (sync, handed in), the window
over it and what needs a window (main.py).
Rooms are imported where they are used: a command that opens no till does not pay for one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from app.services.server_port import NoServerHere

if TYPE_CHECKING:
    from app.devices.print_queue import PrintQueue
    from app.devices.printers import Typesetting
    from app.devices.terminals import HandConfirmedTerminal, SimulatedTerminal
    from app.domain.moment import Moment
    from app.domain.payment import TenderKind
    from app.domain.settings import Identity, Settings
    from app.services.ports import Clock
    from app.services.server_port import ServerLine
    from app.services.shop import Shop
    from app.store.changes import Changes
    from app.store.opening import OpenStore
    from app.wording import Wording


@dataclass(frozen=True, slots=True)
class Till:
    """An open shop with its devices. `close()` it: lane, printer and line have threads."""

    shop: Shop
    store: OpenStore
    printing: PrintQueue
    line: ServerLine = field(default_factory=NoServerHere)

    def connect(self) -> None:
        """Sync from now on, where this till was enrolled, or as soon as it is."""
        self.store.lane.subscribe(self._wake)
        self.line.start()

    def _wake(self, changes: Changes, initiator: object) -> None:
        if changes.outbox:
            self.line.wake()

    def close(self) -> None:
        """End the line, let the printer finish what it holds, finish what is queued, give the
        file back."""
        try:
            self.line.stop()
            self.printing.close()
        finally:
            self.store.close()


@dataclass(frozen=True, slots=True)
class House:
    """What every till of this machine is joined with, whatever its shop."""

    words_for: Callable[[str], Wording]
    typesetting: Callable[[Settings], Typesetting]
    consents: Path
    """The folder of the consent texts."""
    models: Path
    """The folder of what was fitted on shops' data."""
    line: Callable[[OpenStore, Callable[[], Moment]], ServerLine] | None = None
    """Makes the line to the server of an open store, by the till's own clock; None = none."""


class Equipment:
    """Printer and terminals of an open till, following its settings.

    Only what was changed is made anew: a terminal knows the charges of its day.
    """

    def __init__(
        self,
        house: House,
        printing: PrintQueue,
        terminals: dict[TenderKind, HandConfirmedTerminal | SimulatedTerminal],
        settings: Settings,
    ) -> None:
        self._house, self._printing, self._terminals = house, printing, terminals
        self._settings = settings

    def follow(self, settings: Settings) -> None:
        """The next receipt and the next payment find what was set. Called in the lane only."""
        from app.devices.printer_setting import printer_from_setting
        from app.devices.terminals import terminals_of

        before, self._settings = self._settings, settings
        paper = (settings.printer, settings.receipt_columns)
        if paper != (before.printer, before.receipt_columns):
            typesetting = self._house.typesetting(settings)
            self._printing.use_printer(printer_from_setting(settings.printer, typesetting))
        label = self._house.words_for(settings.language).t("SIMULATED")
        was, now = terminals_of(before, label=label), terminals_of(settings, label=label)
        for kind, terminal in now.items():
            if type(terminal) is not type(was[kind]):
                self._terminals[kind] = terminal


def join(store: OpenStore, house: House, *, clock: Clock | None = None) -> Till:
    """Join an open store with the devices its settings name and the services.

    Where they cannot be joined the store is closed again.
    """
    try:
        return _joined(store, house, clock)
    except BaseException:
        store.close()
        raise


def _clock_and_line(
    store: OpenStore, house: House, clock: Clock | None
) -> tuple[Clock, ServerLine]:
    """The till's clock knows the server's by the line, and the line's ages are of that clock."""
    from app.devices.machine import SystemClock

    clock = clock or SystemClock(lambda: line.contact().offset_ms)
    line = NoServerHere() if house.line is None else house.line(store, clock.now)
    return clock, line


def _begun(store: OpenStore) -> tuple[Identity, Settings]:
    """Who this till is and how it is set; from now on its journal is kept."""
    from app.commands.shops import identity_and_settings
    from app.store.first_run import use_kept_backup_folder

    use_kept_backup_folder(store)
    store.journal.start()
    return store.lane.run(identity_and_settings)


def _diagnose(store: OpenStore, house: House, window: Mapping[str, str]) -> bytes:
    """What `main.py doctor --out` writes, of this open till."""
    from app.commands.doctor import diagnostics
    from app.store.opening import StoreSetting

    setting = StoreSetting(store.place, store.vault, store.backups)
    return diagnostics(setting, house.words_for, window)


def _print_queue(house: House, settings: Settings) -> PrintQueue:
    from app.devices.print_queue import PrintQueue
    from app.devices.printer_setting import printer_from_setting

    return PrintQueue(printer_from_setting(settings.printer, house.typesetting(settings)))


def _joined(store: OpenStore, house: House, clock: Clock | None) -> Till:
    from app.devices.drawer import PrinterDrawer
    from app.devices.machine import SystemIds, work_ns
    from app.devices.pass_signature import is_signed
    from app.devices.terminals import terminals_of
    from app.services.churn import load_churn_model
    from app.services.consent import load_consent_texts
    from app.services.hold import holds_at_handover
    from app.services.opening import reread_till
    from app.services.shop import Shop
    from app.store.disk import takes_new_sales
    from app.store.pending_file import PendingSeal
    from app.store.pins import PepperedPins

    identity, settings = _begun(store)
    printing = _print_queue(house, settings)
    terminals = terminals_of(settings, label=house.words_for(settings.language).t("SIMULATED"))
    clock, line = _clock_and_line(store, house, clock)
    shop = Shop(
        identity=identity,
        clock=clock,
        ids=SystemIds(),
        pins=PepperedPins(store.secrets.device_secret),
        terminals=terminals,
        printer=printing,
        drawer=PrinterDrawer(printing),
        words_for=house.words_for,
        stopwatch=work_ns,
        consent_texts=load_consent_texts(house.consents),
        churn_model=load_churn_model(house.models / "churn.toml"),
        open_holds=lambda work: holds_at_handover(work=work),
        has_room=partial(takes_new_sales, store.place.folder),
        equip=Equipment(house, printing, terminals, settings).follow,
        is_signed=is_signed,
        server=line,
        pending_seal=PendingSeal(store.place.key_file, store.secrets),
        diagnose=partial(_diagnose, store, house),
    )
    store.lane.when_reopened(lambda work: reread_till(shop=shop, work=work))
    return Till(shop, store, printing, line)

"""A counter with a printer on a line: a real socket or serial line at the end of a real till.

Owns: joining the till as main.py does, waiting for the printer. Does not own: the printer's side
(tests/devices/counter_printer.py), the cashier.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import cast

import msgspec

from app.commands.joined_till import Equipment, House
from app.devices.drawer import PrinterDrawer
from app.devices.printers import Typesetting
from app.devices.terminals import SimulatedTerminal
from app.domain.payment import TenderKind
from app.domain.settings import Settings
from app.services.opening import refresh_desk
from tests.journeys.cashier import COUNTER, Cashier, a_till, sit_down
from tests.real_shop import RESOURCES, words_for
from ui.application import Application


def _typesetting(settings: Settings) -> Typesetting:
    return Typesetting(words_for, settings.receipt_columns)


@contextmanager
def a_counter(
    folder: Path, application: Application, *, printer: str = "", drawer: bool = False
) -> Iterator[Cashier]:
    """A till whose printer follows its settings; nobody is signed in. `printer`: its address."""
    till = a_till(folder, settings=msgspec.structs.replace(COUNTER, drawer=drawer))
    queue, settings = till.printer.queue, till.shop.shop.desk.state.settings
    terminals = cast(dict[TenderKind, SimulatedTerminal], dict(till.shop.shop.terminals))
    house = House(words_for, _typesetting, RESOURCES / "consents", RESOURCES / "models")
    equipment = Equipment(house, queue, {**terminals}, settings)
    till.shop.shop = replace(till.shop.shop, equip=equipment.follow, drawer=PrinterDrawer(queue))
    if printer:
        wanted = msgspec.structs.replace(settings, printer=printer)
        equipment.follow(wanted)
        till.shop.use_settings(wanted)
    made = sit_down(till, application)
    made.handle.parts.live.adopt(till.shop.do(refresh_desk))
    try:
        yield made
    finally:
        made.leave()
        till.close()


def wait_for_printer(cashier: Cashier) -> None:
    """Until nothing is in line any more, and the window has seen it."""
    assert cashier.at_till.printer.queue.wait_until_idle(60)
    cashier.settle()

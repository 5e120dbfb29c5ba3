"""The till that gets killed at its shifts: opens, sells, counts and closes without end.

Owns: one cashier's shifts, each step said before it is tried and after it was answered.
Does not own: any check (test_kill_shift.py), how a till is opened (shop.py).
"""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from dataclasses import dataclass, replace
from multiprocessing.connection import Connection
from pathlib import Path
from random import Random

from app.domain.money import Money
from app.domain.paper import Paper
from app.domain.shift import ClosedShift, Shift
from app.domain.shift_paper import ShiftPaper
from app.services.checkout import SaleDone
from app.services.payment import pay_cash
from app.services.ports import UnitOfWork
from app.services.scan import scan_code
from app.services.shift import Reason, ShiftBegan, open_shift
from app.services.shift_close import CloseInSight, ShiftWasClosed, close_shift, count_cash
from app.services.shift_report import report_of_shift
from app.services.shop import Shop
from app.store.shift import ShiftRepository
from tests.kill.child import Cashier
from tests.kill.shop import Place, keys_in_files, open_as_till, sign_in
from tests.real_shop import MILK, TOWEL


def keep_shifts(folder: Path, seed: str, shifts: int | None, pipe: Connection) -> None:
    """Go on with the open shift, or open one; close it; again, without end unless told."""
    keys_in_files()
    chance = Random(seed)
    with open_as_till(Place(folder), chance) as till:
        sign_in(till)
        cashier = Cashier(till, chance, pipe)
        current = till.shop.desk.state.shift
        cashier.say(opened=True, shift=current.shift_id if current else None)
        done = 0
        while shifts is None or done < shifts:
            one_shift(cashier, till.shop.desk.state.shift, chance)
            done += 1


def die_at_close(folder: Path, moment: str, pipe: Connection) -> None:
    """Close a shift and die by -9 in the middle of it, at exactly this moment."""
    keys_in_files()
    with open_as_till(Place(folder), Random(1)) as till:
        sign_in(till)
        close = ShiftRepository.close

        def die(*_: object) -> None:
            os.kill(os.getpid(), signal.SIGKILL)

        def close_and_die(repository: ShiftRepository, done: ClosedShift) -> None:
            close(repository, done)
            die()

        match moment:
            case "before its row":
                ShiftRepository.close = die  # type: ignore[assignment,method-assign]  # it dies of it
            case "before the commit":
                ShiftRepository.close = close_and_die  # type: ignore[assignment,method-assign]  # as above
            case _:
                till = replace(till, shop=replace(till.shop, printer=DyingPrinter(die)))
        cashier = Cashier(till, Random(1), pipe)
        one_shift(cashier, till.shop.desk.state.shift, Random(1))


@dataclass(frozen=True, slots=True)
class DyingPrinter:
    """A printer at which the till dies: it is asked right after the commit."""

    die: Callable[[], None]

    def print_receipt(self, receipt: Paper) -> None:
        if isinstance(receipt, ShiftPaper):
            self.die()


def one_shift(
    cashier: Cashier,
    current: Shift | None,
    chance: Random,
    trade: Callable[[Cashier, Random], None] | None = None,
) -> None:
    """Open it if need be, trade in it (cash sales, unless told), count it, close it."""
    if current is None:
        cashier.say(trying="open")
        begun = cashier.do(open_shift, typed={"100": "4"}, reason=Reason("miscount"))
        assert isinstance(begun, ShiftBegan), begun
        current = begun.shift
        cashier.say(shift=current.shift_id)
    if not current.is_counting:
        (trade or _sell)(cashier, chance)
        # Whoever was killed over an open basket pays for it first.
        if not cashier.do(_basket_is_empty):
            cashier.say(sold=cashier.do(pay_cash).sale_id)
        cashier.say(trying="count")
        counted = cashier.do(count_cash, typed=cashier.do(_what_is_there, shift=current.shift_id))
        assert isinstance(counted, CloseInSight), counted
        cashier.say(counted=True)
    cashier.say(trying="close", of=current.shift_id)
    left = min(40_000, cashier.do(_counted))
    closed = cashier.do(close_shift, left=Money(left), reason=Reason("miscount"))
    assert isinstance(closed, ShiftWasClosed), closed
    cashier.say(z=closed.paper.number, of=current.shift_id)


def _sell(cashier: Cashier, chance: Random) -> None:
    for _ in range(chance.randint(0, 3)):
        cashier.do(scan_code, text=chance.choice((MILK, TOWEL)))
        sold = cashier.do(pay_cash)
        assert isinstance(sold, SaleDone), sold
        cashier.say(sold=sold.sale_id)


def _counted(*, shop: Shop, work: UnitOfWork) -> int:
    shift = work.shifts.current()
    assert shift is not None
    return shift.counts[-1].count.total.minor


def _basket_is_empty(*, shop: Shop, work: UnitOfWork) -> bool:
    basket = work.baskets.load()
    return basket is None or basket.is_empty


def _what_is_there(*, shop: Shop, work: UnitOfWork, shift: str) -> dict[str, str]:
    """The drawer as an honest cashier finds it: hundreds, and the rest in coins of ten fen."""
    there = report_of_shift(work=work, shift_id=shift).cash.expected_minor
    notes, rest = divmod(max(0, there), 10_000)
    return {"100": str(notes), "0.1": str(rest // 10)}

"""The till that gets killed at everything at once: refunds and exchanges within shifts that are
counted and closed, while backups and the journal are written.

Owns: that till's life, said step by step with its time. Does not own: the refunds
(refund_child.py), the shifts (shift_child.py), the copies (backup_child.py), any check
(mixed_run.py).
"""

from __future__ import annotations

import threading
import time
from datetime import UTC, datetime
from functools import partial
from multiprocessing.connection import Connection
from pathlib import Path
from random import Random

from app.services.ports import UnitOfWork
from app.services.shop import Shop
from app.store.backups import BackupReason
from tests.kill.backup_child import back_up
from tests.kill.child import Cashier
from tests.kill.refund_child import RefundCounter
from tests.kill.shift_child import one_shift
from tests.kill.shop import Place, keys_in_files, open_as_till, sign_in


class TimedCashier(Cashier):
    """Says when, too: what is older than a second must come back from the backup folder."""

    def say(self, **what: object) -> None:
        super().say(at=time.monotonic(), **what)


def keep_shop(folder: Path, seed: str, shifts: int | None, pipe: Connection) -> None:
    """Settle and finish what a kill left, then shift after shift, without end unless told."""
    keys_in_files()
    chance = Random(seed)
    with open_as_till(Place(folder), chance) as till:
        sign_in(till)
        cashier = TimedCashier(till, chance, pipe)
        if not till.store.backups.list():
            till.store.back_up(BackupReason.HAND, now=datetime.now(UTC))
        threading.Thread(target=back_up, args=(till, chance), daemon=True).start()
        cashier.settle_open_attempts()
        counter = RefundCounter(till, cashier, chance)
        counter.settle_tries()
        if not cashier.do(_is_counting):
            counter.finish_what_is_open()
        cashier.say(selling=True)
        trade = partial(_rounds, counter)
        done = 0
        while shifts is None or done < shifts:
            one_shift(cashier, till.shop.desk.state.shift, chance, trade)
            done += 1


def _rounds(counter: RefundCounter, cashier: Cashier, chance: Random) -> None:
    for _ in range(chance.randint(1, 3)):
        counter.one_round()


def _is_counting(*, shop: Shop, work: UnitOfWork) -> bool:
    shift = work.shifts.current()
    return shift is not None and shift.is_counting

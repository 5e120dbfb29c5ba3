"""The till that gets killed while it copies itself: sells, and backs up without end beside it.

Owns: that till's life, said step by step. Does not own: the sales (child.py), any check
(backup_run.py).
"""

from __future__ import annotations

import threading
import time
from datetime import UTC, datetime
from multiprocessing.connection import Connection
from pathlib import Path
from random import Random

import main
from app.services.payment import pay_cash
from app.services.scan import scan_code
from app.store.backups import BackupReason
from tests.kill.child import Cashier
from tests.kill.shop import OpenTill, Place, keys_in_files, open_as_till, sign_in
from tests.real_shop import MILK, OIL, TOWEL


def sell_and_back_up(folder: Path, seed: str, pipe: Connection) -> None:
    """Sell without end; a copy is under way most of the time, the journal always."""
    keys_in_files()
    chance = Random(seed)
    with open_as_till(Place(folder), chance) as till:
        sign_in(till)
        cashier = Cashier(till, chance, pipe)
        if not till.store.backups.list():
            till.store.back_up(BackupReason.HAND, now=datetime.now(UTC))
        threading.Thread(target=back_up, args=(till, chance), daemon=True).start()
        cashier.say(selling=True)
        while True:
            cashier.do(scan_code, text=chance.choice((MILK, TOWEL, OIL)))
            sold = cashier.do(pay_cash)
            cashier.say(sold=sold.sale_id, at=time.monotonic())
            time.sleep(chance.uniform(0, 0.03))


def back_up(till: OpenTill, chance: Random) -> None:
    """Copy without end, with short breaks."""
    while True:
        till.store.back_up(BackupReason.HAND, now=datetime.now(UTC))
        time.sleep(chance.uniform(0, 0.3))


def restore(folder: Path, home: Path, code: str, pipe: Connection) -> None:
    """`main.py restore` as a process of its own, to be killed."""
    import io
    import sys

    keys_in_files()
    sys.stdin = io.StringIO(code)
    pipe.send_bytes(b'{"selling": true}')
    answer = main.main(["restore", "--from", str(folder), "--dir", str(home)])
    pipe.send_bytes(b'{"answer": %d}' % answer)

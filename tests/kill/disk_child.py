"""A till on a disk that fails: `python -m tests.kill.disk_child FOLDER ORDER stays|dies`.

Sells once, rings up milk, gives the disk its order (failing_disk.c) and confirms the sale. Says
what came of it as JSON lines, then dies at once, or stays and goes on selling as a cashier would.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

from app.services.checkout import SaleDone
from app.services.payment import pay_cash
from app.services.scan import scan_code
from app.store.errors import CommitUncertain
from tests.kill.shop import OpenTill, Place, keys_in_files, open_as_till, sign_in
from tests.real_shop import MILK, TOWEL

DIED = 9
ORDER_PLACE = "FAILING_DISK"


def say(**what: object) -> None:
    """One line, at once: the process may die right after."""
    sys.stdout.write(json.dumps(what) + "\n")
    sys.stdout.flush()


def asker(till: OpenTill) -> Callable[..., Any]:
    """Asks a service of the till as its window does."""

    def do(service: Callable[..., Any], **wanted: Any) -> Any:
        lane = till.store.lane
        return lane.submit(lambda work: service(shop=till.shop, work=work, **wanted)).result()

    return do


def sell(do: Callable[..., Any]) -> None:
    """Confirm the basket and say so."""
    done = do(pay_cash)
    assert isinstance(done, SaleDone), done
    say(sold=done.sale_id, code=done.receipt.code, due=done.receipt.due_minor)


def doubtful(do: Callable[..., Any], service: Callable[..., Any], **wanted: Any) -> None:
    """Ask for something whose commit fails."""
    try:
        do(service, **wanted)
    except CommitUncertain as error:
        say(doubtful=error.code)


def main() -> None:
    """See the module's docstring."""
    folder, order, then = sys.argv[1:]
    keys_in_files()
    with open_as_till(Place(Path(folder)), Random(0)) as till:
        do = asker(till)
        sign_in(till)
        do(scan_code, text=TOWEL)
        sell(do)
        basket = do(scan_code, text=MILK).state.basket_id
        say(now=[[["milk", 1000]], None])
        say(trying="pay", basket=basket)
        disk = Path(os.environ[ORDER_PLACE])
        disk.write_text(order, encoding="ascii")
        doubtful(do, pay_cash)
        if then == "dies":
            os._exit(DIED)
        if disk.exists():  # it fails for longer: the file was opened anew on it, and fails again
            doubtful(do, scan_code, text=TOWEL)
            disk.unlink()
        after = do(scan_code, text=TOWEL).state
        say(
            basket=after.basket_id,
            lines=[line.sku for line in after.lines],
            last_sale=after.last_sale_id,
            staff=after.staff.name,
        )
        sell(do)


if __name__ == "__main__":
    main()

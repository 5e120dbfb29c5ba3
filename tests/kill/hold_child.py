"""The till that gets killed at its holds: rings up, puts aside, takes back, pays, without end.

Owns: one cashier's holds, each step said before it is tried and after it was answered. Does not
own: any check (test_kill_hold.py), how a till is opened (shop.py).
"""

from __future__ import annotations

from multiprocessing.connection import Connection
from pathlib import Path
from random import Random

from app.services.checkout import SaleDone
from app.services.hold import SaleHeld, SaleRecalled, held_sales, hold_sale, recall_sale
from app.services.payment import pay_cash
from app.services.ports import UnitOfWork
from app.services.scan import scan_code
from app.services.shop import Shop
from app.services.void import SaleVoided, void_hold
from tests.kill.child import Cashier
from tests.kill.shop import Place, keys_in_files, open_as_till, sign_in
from tests.real_shop import MILK, TOWEL

HELD_MAX = 4


def keep_holding(folder: Path, seed: str, rounds: int | None, pipe: Connection) -> None:
    """Go on with what is on the till; hold, take back, sell; without end unless told."""
    keys_in_files()
    chance = Random(seed)
    with open_as_till(Place(folder), chance) as till:
        sign_in(till)
        cashier = Cashier(till, chance, pipe)
        cashier.say(opened=True)
        done = 0
        while rounds is None or done < rounds:
            _one_round(cashier, chance)
            done += 1


def _one_round(cashier: Cashier, chance: Random) -> None:
    if not cashier.do(_basket_id):
        cashier.do(scan_code, text=chance.choice((MILK, TOWEL)))
    cashier.say(trying="hold", basket=cashier.do(_basket_id))
    held = cashier.do(hold_sale)
    assert isinstance(held, SaleHeld), held
    cashier.say(held=held.hold_id)
    holds = cashier.do(held_sales)
    wanted = chance.choice(holds).hold_id
    if len(holds) >= HELD_MAX and chance.random() < 0.3:
        cashier.say(trying="void", basket=wanted)
        voided = cashier.do(void_hold, hold_id=wanted, reason="customer_left")
        assert isinstance(voided, SaleVoided), voided
        cashier.say(voided=wanted)
    elif len(holds) >= HELD_MAX or chance.random() < 0.4:
        cashier.say(trying="recall", basket=wanted)
        recalled = cashier.do(recall_sale, hold_id=wanted)
        assert isinstance(recalled, SaleRecalled), recalled
        assert recalled.differs.is_nothing
        cashier.say(recalled=wanted)
        if chance.random() < 0.7:
            cashier.say(trying="pay", basket=wanted)
            sold = cashier.do(pay_cash)
            assert isinstance(sold, SaleDone), sold
            assert sold.sale_id == wanted
            cashier.say(sold=wanted)


def _basket_id(*, shop: Shop, work: UnitOfWork) -> str:
    """The basket with goods on the till; empty where there are none."""
    basket = shop.desk.state.basket
    return "" if basket.is_empty else basket.basket_id

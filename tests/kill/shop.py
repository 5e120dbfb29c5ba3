"""The shop of the kill runs: files, key and backups in one folder as `main.py` has them.

Owns: making it through the services, opening it as the till does (with the bank in place of a
terminal), and what of an open basket can be told from outside (`Shape`).
Does not own: selling (child.py), checking (checks.py).
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from random import Random

import main
from app.domain.money import Money
from app.domain.open_basket import OpenBasket
from app.domain.product import Product
from app.domain.settings import Settings
from app.services.opening import TillOpened, open_till
from app.services.program import ProgramAdded, put_program
from app.services.shop import Shop
from app.services.staff import NewStaff, SignedIn, StaffSaved, put_new_staff, sign_in_with_pin
from app.store.folders import KEY_FILE_VARIABLE, Folders
from app.store.opening import OpenStore, create_store, open_store
from app.store.recovery_code import RecoveryCode, new_recovery_code
from app.store.unit_of_work import UnitOfWork
from tests.kill.bank import LedgerBank
from tests.real_shop import PRODUCTS, PROGRAM

PIN = "2580"
MORE_PRODUCTS = tuple(
    Product(f"goods-{number}", name, category, Money(price), (code,))
    for number, (name, category, price, code) in enumerate(
        (
            ("蒙牛酸奶 8杯", "dairy", 1690, "6901028000048"),
            ("农夫山泉 550ml×12", "drinks", 2280, "6901028000055"),
            ("海天酱油 500ml", "grocery", 1150, "6901028000062"),
            ("清风抽纸 3层×10包", "home", 3590, "6901028000079"),
            ("洽洽香瓜子 308g", "snacks", 1380, "6901028000086"),
        )
    )
)


@dataclass(frozen=True, slots=True)
class Shape:
    """An open basket as a person would describe it: goods in thousandths by sku, and whose it is.

    A code nobody knows counts under "?" and the code.
    """

    goods: tuple[tuple[str, int], ...] = ()
    member: str | None = None

    def with_goods(self, sku: str, thousandths: int) -> Shape:
        """So much of one article, whatever there was before; 0 = none."""
        rest = {name: count for name, count in self.goods if name != sku}
        if thousandths:
            rest[sku] = thousandths
        return replace(self, goods=tuple(sorted(rest.items())))

    def count_of(self, sku: str) -> int:
        return dict(self.goods).get(sku, 0)


EMPTY = Shape()


def shape_of(basket: OpenBasket) -> Shape:
    """What is in a basket."""
    counts: dict[str, int] = {}
    for line in basket.lines:
        name = line.goods.sku if line.goods else f"?{line.scanned}"
        counts[name] = counts.get(name, 0) + line.quantity.thousandths
    member = basket.member.member_id if basket.member else None
    return Shape(tuple(sorted(counts.items())), member)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a kill run keeps its shop, its bank and its story."""

    folder: Path

    @property
    def shop(self) -> Path:
        return self.folder / "shop"

    @property
    def ledger(self) -> Path:
        return self.folder / "bank.ledger"

    @property
    def story(self) -> Path:
        return self.folder / "kills.jsonl"


@dataclass(frozen=True, slots=True)
class OpenTill:
    """A till over the shop's file, opened as at a start."""

    shop: Shop
    store: OpenStore
    opened: TillOpened


def keys_in_files() -> None:
    """No keychain of the machine is asked, here and in every process started from here."""
    os.environ[KEY_FILE_VARIABLE] = "1"


@contextmanager
def open_as_till(place: Place, chance: Random) -> Iterator[OpenTill]:
    """Open the shop as a start of the till does; nobody is signed in."""
    setting = Folders.of(place.shop).setting(key_in_file=True)
    till = main.build(open_store(setting, now=datetime.now(UTC)))
    bank = LedgerBank(place.ledger, chance)
    shop = replace(till.shop, terminals={"mobile": bank, "card": bank})
    try:
        opened = till.store.lane.submit(lambda work: open_till(shop=shop, work=work)).result()
        assert isinstance(opened, TillOpened), opened
        yield OpenTill(shop, till.store, opened)
    finally:
        till.close()


def make_kill_shop(place: Place) -> RecoveryCode:
    """A shop with staff, program and goods; members join while it sells. Answers its code."""
    code = new_recovery_code()
    setting = Folders.of(place.shop).setting(key_in_file=True)
    till = main.build(create_store(setting, code=code, now=datetime.now(UTC)))
    try:
        till.store.lane.run(lambda work: _furnish(till.shop, work))
    finally:
        till.close()
    return code


def _furnish(shop: Shop, work: UnitOfWork) -> None:
    simulated = Settings(
        store_name="人民路店", mobile_terminal="simulated", card_terminal="simulated"
    )
    work.settings.write(simulated)
    assert isinstance(put_program(shop=shop, work=work, toml=PROGRAM), ProgramAdded)
    saved = put_new_staff(shop=shop, work=work, person=NewStaff("李明", "manager", PIN))
    assert isinstance(saved, StaffSaved), saved
    for product in (*PRODUCTS, *MORE_PRODUCTS):
        work.products.put(product)


def sign_in(till: OpenTill) -> None:
    """Somebody is at the till."""

    def enter(work: UnitOfWork) -> object:
        (person,) = work.staff.all_staff()
        return sign_in_with_pin(shop=till.shop, work=work, staff_id=person.staff_id, pin=PIN)

    answer = till.store.lane.submit(enter).result()
    assert isinstance(answer, SignedIn), answer

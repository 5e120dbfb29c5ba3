"""The shop of the machine: 人民路店 with everything a member may choose, each example a copy.

Owns: that shop as a file made once, its counted ids, its bank that behaves as told, the copy
another till works with. Does not own: what is done in it (hands.py).
"""

from __future__ import annotations

import atexit
import shutil
import tempfile
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import msgspec

from app.devices.terminals import Behaviour, HandConfirmedTerminal, SimulatedTerminal
from app.domain import ids
from app.domain.account import MemberAccount
from app.services.shop import Desk
from app.services.staff import SignedIn, sign_in_with_badge
from app.store.unit_of_work import UnitOfWork
from tests.real_shop import IDENTITY, SETTINGS, MemoryKeychain, RealShop, copy_shop
from tests.services.conftest import use_program
from tests.shop_rules import CHOICES, RIVALS

MEMBERS = ("张三丰", "王小红", "陈静")
TEA, PARKING = "tea", "parking"
BENEFITS = """points_months = 24
entitlements = [
  { id = "tea", name = { zh = "茶饮", en = "Tea" }, count = 2, period = "day" },
  { id = "parking", name = { zh = "停车券", en = "Parking" }, count = 3, period = "month" },
]"""
REWARDS = """
[[rewards]]
id = "towel"
name = { zh = "毛巾一条", en = "A towel" }
points = 300
gives = { kind = "gift", products = ["towel"] }
count = 2
period = "month"

[[rewards]]
id = "milk"
name = { zh = "牛奶换购", en = "Milk at a third" }
points = 200
gives = { kind = "product", product = "milk", price = "19.90" }

[[rewards]]
id = "five-off"
name = { zh = "5元券", en = "¥5 coupon" }
points = 250
gives = { kind = "coupon", offer = "points-5" }
count = 2
period = "month"
"""
REWARD_IDS = ("towel", "milk", "five-off")
RULES = CHOICES + RIVALS + REWARDS + "\n[debt]\nnamed_limit = 50\n"
"""Beyond a small debt what was earned and spent already is kept back in money."""
PARTS = ("shop", "keys")


class CountedIds:
    """Ids that are the same in every run: a failing example can be shrunk and repeated."""

    def __init__(self, series: int) -> None:
        self._next = series << 40

    def op_id(self, wall_ms: int) -> str:
        """A UUIDv7 of that time. Of one millisecond the order is scattered, as chance scatters."""
        return ids.uuid7(wall_ms, self._scattered())

    def code_bits(self) -> int:
        return self._scattered() % (1 << 60)

    def _scattered(self) -> int:
        self._next += 1
        bits: int = self._next * 0x2F0E_7A35_9C41_D283_6B5 % (1 << ids.RANDOM_BITS)
        return bits


class Bank:
    """The simulated bank, behaving as told before each question."""

    def __init__(self) -> None:
        self.behaviour: Behaviour = "approve"
        self.terminal = SimulatedTerminal(scripted=lambda: self.behaviour, label="模拟")


@dataclass(frozen=True)
class Furnished:
    """The shop as it stands before every day. `dseq`: its last fact."""

    folder: Path
    shop: RealShop
    accounts: dict[str, MemberAccount]
    dseq: int


@cache
def furnished() -> Furnished:
    """Made once a process and closed."""
    folder = Path(tempfile.mkdtemp(prefix="zhanggui-machine-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    made = copy_shop(folder)
    made.use_settings(msgspec.structs.replace(SETTINGS, shifts_required=True, printer="none"))
    made.sign_in()
    use_program(made, RULES, swap=("points_months = 24", BENEFITS))
    accounts, dseq = made.store.lane.submit(lambda work: _standing(made, work)).result()
    made.close()
    return Furnished(folder, made, accounts, dseq)


def _standing(made: RealShop, work: UnitOfWork) -> tuple[dict[str, MemberAccount], int]:
    accounts = {name: work.accounts.get(made.members[name]) for name in MEMBERS}
    last = work.facts.all_facts(0, 100_000)[-1].dseq
    return {made.members[name]: known for name, known in accounts.items() if known}, last


def a_day(folder: Path, bank: Bank) -> RealShop:
    """That shop in a folder of its own, 李明 signed in, no shift open."""
    return _opened(furnished().folder, folder, bank, IDENTITY.till_number)


def another_till(here: RealShop, folder: Path, bank: Bank) -> RealShop:
    """A second till that holds everything the first holds now, and hears nothing from then on."""
    source = here.store.place.folder.parent
    made = _opened(source, folder, bank, IDENTITY.till_number + 1)
    made.clock = here.clock
    made.shop = replace(made.shop, clock=here.clock, desk=Desk())
    # Its own next basket: under the id of the other's both would sell the same sale.
    made.store.lane.submit(lambda work: work.baskets.clear()).result()
    made.open()
    sign_in(made)
    return made


def sign_in(made: RealShop, name: str = "李明") -> None:
    """By badge: a PIN takes longer than ten sales."""
    answer = made.do(sign_in_with_badge, badge=made.badges[name])
    assert isinstance(answer, SignedIn), answer


def _opened(source: Path, folder: Path, bank: Bank, till: int) -> RealShop:
    keychain = MemoryKeychain()
    keychain.entries.update(furnished().shop.keychain.entries)
    terminals = {"mobile": bank.terminal, "card": HandConfirmedTerminal()}
    made = copy_shop(
        folder,
        terminals=terminals,  # type: ignore[arg-type] # dict is invariant in its keys
        of=(source, furnished().shop),
    )
    identity = msgspec.structs.replace(IDENTITY, till_number=till)
    made.store.lane.submit(lambda work: work.device.write(identity)).result()
    made.shop = replace(made.shop, ids=CountedIds(till), identity=identity)
    made.open()
    sign_in(made)
    return made

"""A real shop for tests of screens: SQLCipher file, store lane, services, catalogue, members.

Owns: the story of mockups (人民路店, till 02, 张三丰 with a gold card and 2,340 points, the basket
of 177.58), opened through the real services. Does not own: windows, key events (tests/ui/keys.py).

Nothing here stands in for a part that could run: only the clock stands still until it is told to
move, the bank is the product's own simulated one, and the printer writes receipts into a list.
"""

from __future__ import annotations

import atexit
import shutil
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from datetime import UTC, date, datetime
from functools import cache, partial
from pathlib import Path
from typing import Any

from stdnum.ean import calc_check_digit

from app.commands.doctor import diagnostics
from app.devices.drawer import NoDrawer
from app.devices.machine import SystemIds, work_ns
from app.devices.terminals import HandConfirmedTerminal, SimulatedTerminal
from app.domain.member import BirthdayOn, Member, PersonalData
from app.domain.moment import Moment
from app.domain.money import Money
from app.domain.paper import Paper
from app.domain.payment import TenderKind
from app.domain.product import Product
from app.domain.receipt import Receipt
from app.domain.settings import Identity, Settings
from app.services.churn import load_churn_model
from app.services.consent import load_consent_texts
from app.services.hold import holds_at_handover
from app.services.opening import TillOpened, open_till
from app.services.ports import PaymentTerminal
from app.services.program import ProgramAdded, put_program
from app.services.scan import scan_code
from app.services.shop import Shop
from app.services.staff import (
    NewStaff,
    SignedIn,
    StaffSaved,
    put_new_staff,
    sign_in_with_pin,
)
from app.store.backups import BackupFolder
from app.store.keys import KeyVault
from app.store.opening import OpenStore, StoreSetting, create_store, open_store
from app.store.pending_file import PendingSeal
from app.store.pins import PepperedPins
from app.store.place import StorePlace
from app.store.recovery_code import RecoveryCode, new_recovery_code
from app.store.unit_of_work import UnitOfWork
from app.wording import Wording, load
from tests.real_member import Life, write_member
from tests.shop_rules import PROGRAM as PROGRAM  # noqa: PLC0414 - tests take it from here

RESOURCES = Path(__file__).resolve().parent.parent / "resources"
OPENED_AT = datetime(2026, 11, 21, 10, 2, tzinfo=UTC)
"""18:02 in the shop."""
DAY = date(2026, 11, 21)
IDENTITY = Identity(
    tenant="renmin", store_id="renmin-road", store_number=7, till_number=2, device="till-02"
)
SETTINGS = Settings(
    store_name="人民路店",
    store_address="人民路 118 号",
    store_phone="021-62180000",
    mobile_terminal="simulated",
)
PINS = {"李明": "2580", "张敏": "3691", "赵磊": "1470", "王芳": "9513"}

MILK, TOWEL, OIL = "6901028000017", "6901028000024", "6901028000031"
APPLE_LABEL = "210001200842"
APPLE_LABEL += calc_check_digit(APPLE_LABEL)
"""A scale's label: article 00012, 0.842 kg."""
GOLD_PHONE, SILVER_PHONE, NEW_PHONE = "13800138000", "13911222233", "13712342468"

PRODUCTS = (
    Product("milk", "纯牛奶 250ml×12", "dairy", Money(5900), (MILK,)),
    Product(
        "apple", "红富士苹果", "fruit", Money(1280), unit="kg", weighed=True, scale_code="00012"
    ),
    Product("towel", "纯棉毛巾 34×74", "home", Money(1990), (TOWEL,)),
    Product("oil", "特级初榨橄榄油 500ml", "oil", Money(6800), (OIL,)),
)


class ClockAt:
    """The clock of a till: stands where it is put, monotonic time goes on by a millisecond."""

    def __init__(self, at: datetime = OPENED_AT) -> None:
        self._wall_ms = int(at.timestamp()) * 1000
        self._monotonic_ms = 60_000

    def now(self) -> Moment:
        self._monotonic_ms += 1
        return Moment(self._wall_ms, self._monotonic_ms, "boot-1")

    def go_on(self, *, milliseconds: int) -> None:
        """Let time pass."""
        self._wall_ms += milliseconds
        self._monotonic_ms += milliseconds

    def go_to(self, other: ClockAt) -> None:
        """Let time pass until it is as late as there."""
        self.go_on(milliseconds=other._wall_ms - self._wall_ms)

    def set_wrong(self, *, milliseconds: int) -> None:
        """Somebody puts the wall clock so much forward (or back); no time goes by."""
        self._wall_ms += milliseconds


@dataclass
class PaperList:
    """A print queue whose paper can be looked at."""

    receipts: list[Receipt] = field(default_factory=list)
    others: list[Paper] = field(default_factory=list)

    def print_receipt(self, receipt: Paper) -> None:
        (self.receipts if isinstance(receipt, Receipt) else self.others).append(receipt)  # type: ignore[arg-type]  # each into its own list


class MemoryKeychain:
    """A keychain that keeps what it is given, until the process ends."""

    def __init__(self) -> None:
        self.entries: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.entries.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.entries[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        del self.entries[service, username]


@cache
def recovery_code() -> RecoveryCode:
    """One code for all shops: deriving its key costs a tenth of a second each time."""
    return new_recovery_code()


@cache
def words_for(language: str) -> Wording:
    return load(language)


@dataclass
class RealShop:
    """An open store with its till. `members`: member ids by name; `staff`: staff ids by name."""

    shop: Shop
    store: OpenStore
    clock: ClockAt
    bank: SimulatedTerminal
    paper: PaperList
    members: dict[str, str] = field(default_factory=dict)
    cards: dict[str, str] = field(default_factory=dict)
    staff: dict[str, str] = field(default_factory=dict)
    badges: dict[str, str] = field(default_factory=dict)
    keychain: MemoryKeychain = field(default_factory=MemoryKeychain)

    def ring_up_story(self) -> Any:
        """The basket of the pictures: milk, 842 g of apples, two towels, oil; the last answer."""
        answer: Any = None
        for code in (MILK, APPLE_LABEL, TOWEL, TOWEL, OIL):
            answer = self.do(scan_code, text=code)
        return answer

    def do(self, service: Callable[..., Any], **wanted: Any) -> Any:
        """Ask a service in the store lane and wait for its answer."""
        lane = self.store.lane
        return lane.submit(lambda work: service(shop=self.shop, work=work, **wanted)).result()

    def use_settings(self, settings: Settings) -> None:
        """Put settings in force, as the manager would, and open the till with them."""
        self.store.lane.submit(lambda work: work.settings.write(settings)).result()
        self.open()

    def open(self) -> TillOpened:
        opened = self.do(open_till)
        assert isinstance(opened, TillOpened)
        return opened

    def sign_in(self, name: str = "李明") -> None:
        """Somebody is at the till."""
        answer = self.do(sign_in_with_pin, staff_id=self.staff[name], pin=PINS[name])
        assert isinstance(answer, SignedIn), answer

    def close(self) -> None:
        self.store.close()


def store_setting(folder: Path, keychain: MemoryKeychain) -> StoreSetting:
    """Where a store below `folder` is, with a keychain of its own."""
    place = StorePlace.in_folder(folder / "shop")
    vault = KeyVault(fall_back_folder=folder / "keys", keychain=keychain)
    return StoreSetting(place, vault, BackupFolder(place, folder / "backups"))


def empty_store(folder: Path) -> tuple[OpenStore, StoreSetting]:
    """A new store as the set-up begins with: schema, key, nothing else."""
    setting = store_setting(folder, MemoryKeychain())
    return create_store(setting, code=recovery_code(), now=OPENED_AT), setting


def bare_shop(
    folder: Path, *, terminals: Mapping[TenderKind, PaymentTerminal] | None = None
) -> RealShop:
    """A store without staff, program or members: the machine before its set-up."""
    keychain = MemoryKeychain()
    setting = store_setting(folder, keychain)
    store = create_store(setting, code=recovery_code(), now=OPENED_AT)
    store.lane.run(lambda work: work.device.write(IDENTITY))  # as main.py does at the first start
    return _till_over(store, keychain, terminals=terminals)


def _till_over(
    store: OpenStore,
    keychain: MemoryKeychain,
    *,
    terminals: Mapping[TenderKind, PaymentTerminal] | None = None,
) -> RealShop:
    bank, clock, paper = SimulatedTerminal(label="模拟"), ClockAt(), PaperList()
    setting = StoreSetting(store.place, store.vault, store.backups)
    shop = Shop(
        identity=IDENTITY,
        clock=clock,
        ids=SystemIds(),
        pins=PepperedPins(store.secrets.device_secret),
        terminals=terminals or {"mobile": bank, "card": HandConfirmedTerminal()},
        printer=paper,
        drawer=NoDrawer(),
        words_for=words_for,
        stopwatch=work_ns,
        consent_texts=load_consent_texts(RESOURCES / "consents"),
        churn_model=load_churn_model(RESOURCES / "models" / "churn.toml"),
        open_holds=lambda work: holds_at_handover(work=work),
        pending_seal=PendingSeal(store.place.key_file, store.secrets),
        diagnose=partial(diagnostics, setting, words_for),
    )
    return RealShop(shop, store, clock, bank, paper, keychain=keychain)


def make_shop(
    folder: Path,
    *,
    terminals: Mapping[TenderKind, PaymentTerminal] | None = None,
    settings: Settings = SETTINGS,
) -> RealShop:
    """The shop of the pictures, its till open and nobody signed in. `close()` it."""
    made = bare_shop(folder, terminals=terminals)
    lane = made.store.lane
    lane.submit(lambda work: work.device.write(IDENTITY)).result()
    lane.submit(lambda work: work.settings.write(settings)).result()
    added = made.do(put_program, toml=PROGRAM)
    assert isinstance(added, ProgramAdded), added
    for name, pin in PINS.items():
        role = "manager" if name == "王芳" else "cashier"
        saved = made.do(put_new_staff, person=NewStaff(name, role, pin, with_badge=True))
        assert isinstance(saved, StaffSaved)
        assert saved.badge_code is not None
        made.staff[name], made.badges[name] = saved.staff_id, saved.badge_code
    lane.submit(_put_products).result()
    made.open()
    _put_members(made)
    return made


@cache
def _finished() -> tuple[Path, RealShop]:
    """The shop of the pictures, made once a process and closed: hashes of keys and PINs cost."""
    folder = Path(tempfile.mkdtemp(prefix="zhanggui-shop-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    made = make_shop(folder)
    made.close()
    return folder, made


def copy_shop(
    folder: Path,
    *,
    terminals: Mapping[TenderKind, PaymentTerminal] | None = None,
    of: tuple[Path, RealShop] | None = None,
) -> RealShop:
    """The shop of the pictures as `make_shop` gives it, copied as a file: much faster.

    `of`: another one made from it, by its folder; nothing is being written there.
    """
    source, made = of or _finished()
    shutil.copytree(source / "shop", folder / "shop")
    keychain = MemoryKeychain()
    keychain.entries.update(made.keychain.entries)
    store = open_store(store_setting(folder, keychain), now=OPENED_AT)
    copy = _till_over(store, keychain, terminals=terminals)
    copy.clock.go_to(made.clock)
    copy.members, copy.cards = dict(made.members), dict(made.cards)
    copy.staff, copy.badges = dict(made.staff), dict(made.badges)
    copy.open()
    return copy


def _put_products(work: UnitOfWork) -> None:
    for product in PRODUCTS:
        work.products.put(product)


def _put_members(made: RealShop) -> None:
    november = BirthdayOn(11, 18)
    gold = PersonalData(phone=f"+86{GOLD_PHONE}", name="张三丰", birthday=november)
    # Gold until the end of the year, and short of keeping it by 128.00 and the story's basket.
    bought = ((date(2026, 3, 8), 118_000), (date(2026, 5, 2), 95_000), (date(2026, 7, 19), 76_557),
              (date(2026, 9, 30), 102_000), (date(2026, 11, 3), 82_000))  # fmt: skip
    add_member(made, gold, kept="gold", points=((300, 0), (2040, 12)), bought=bought,
               coupons=("coupon-150-15", "coupon-100-8", "coupon-200-25"),
               joined=date(2024, 5, 18))  # fmt: skip
    add_member(made, PersonalData(phone=f"+86{SILVER_PHONE}", name="王小红"), tier="silver",
               points=((640, 12),))  # fmt: skip
    add_member(made, PersonalData(phone="+8613688008000", name="陈静"), points=((35, 12),))
    add_member(made, PersonalData(phone="+8615021000077", name="周杰"), status="frozen")


def add_member(made: RealShop, person: PersonalData, **told: Any) -> Member:
    """A member with his facts: fields of `Life`, and of `Member` for everything else."""
    names = {each.name for each in fields(Life)}
    life = Life(**{name: value for name, value in told.items() if name in names})
    other = {name: value for name, value in told.items() if name not in names}

    def write(work: UnitOfWork) -> Member:
        store = IDENTITY.store_id
        return write_member(made.shop, work, person, life, store=store, day=DAY, **other)

    member = made.store.lane.submit(write).result()
    made.members[person.name] = member.member_id
    made.cards[person.name] = member.card_code
    return member

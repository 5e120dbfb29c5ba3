"""Scenes: a shop in a language with somebody at the window, put into a state to be photographed.

Owns: what a scene is, how a shop speaks English, a terminal that keeps one waiting.
Does not own: which scenes there are (scenes_*.py), taking pictures (album.py).
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

import msgspec
from PySide6.QtWidgets import QApplication, QWidget

from app.devices.terminals import HandConfirmedTerminal, SimulatedTerminal
from app.domain.money import Money
from app.domain.payment import ChargeResult, QueryResult, TenderKind
from app.domain.product import Product
from app.domain.settings import Language
from app.services.ports import PaymentTerminal
from tests.journeys.cashier import COUNTER, Cashier, Till, a_new_till, a_till, sit_down
from tests.real_shop import PRODUCTS, RealShop
from ui.application import Application

TILL_SIZES = ((1366, 768), (1024, 768), (1920, 1080))
ONE_SIZE = TILL_SIZES[:1]

ENGLISH_GOODS = {
    "milk": "Whole milk 250 ml × 12",
    "apple": "Fuji apples",
    "towel": "Cotton towel 34×74 cm",
    "oil": "Extra virgin olive oil 500 ml",
}
MANY_GOODS: dict[Language, tuple[str, ...]] = {
    "zh_CN": ("燕麦片", "酱油", "大米", "牙膏", "洗衣液", "面巾纸", "黑巧克力", "绿茶"),
    "en": ("Rolled oats", "Soy sauce", "Rice", "Toothpaste", "Washing liquid", "Face tissues",
           "Dark chocolate", "Green tea"),
}  # fmt: skip
ENGLISH_PEOPLE = {"张三丰": "Zhang Sanfeng", "王小红": "Wang Xiaohong", "陈静": "Chen Jing",
                  "周杰": "Zhou Jie"}  # fmt: skip
ENGLISH_STAFF = {"李明": "Li Ming", "张敏": "Zhang Min", "赵磊": "Zhao Lei", "王芳": "Wang Fang"}


class WaitingTerminal:
    """The simulated bank behind a line that answers only when it is told to."""

    is_simulated = True

    def __init__(self) -> None:
        self._bank = SimulatedTerminal(label="模拟")
        self.may_answer = threading.Event()

    def charge(
        self, attempt_id: str, amount: Money, kind: TenderKind, payer_code: str | None
    ) -> ChargeResult:
        self.may_answer.wait(60)
        return self._bank.charge(attempt_id, amount, kind, payer_code)

    def give_back(
        self, attempt_id: str, amount: Money, kind: TenderKind, original: str
    ) -> ChargeResult:
        self.may_answer.wait(60)
        return self._bank.give_back(attempt_id, amount, kind, original)

    def query(self, attempt_id: str) -> QueryResult:
        return self._bank.query(attempt_id)


@dataclass
class Scene:
    """What a scene acts on: the cashier, and the terminal where it is a waiting one."""

    cashier: Cashier
    language: Language
    terminal: WaitingTerminal
    pictured: QWidget | None = None
    """What is photographed instead of the till's window."""

    @property
    def subject(self) -> QWidget:
        return self.pictured or self.cashier.window

    def say(self, zh: str, en: str) -> str:
        return zh if self.language == "zh_CN" else en

    def close(self) -> None:
        self.terminal.may_answer.set()
        self.cashier.leave()
        self.cashier.at_till.close()


Room = Literal["shop", "new", "waiting", "by_hand"]


@dataclass(frozen=True)
class Shot:
    """One picture in all looks. `shows`: the screen, dialog or sheet that must be in front.

    `room`: an open shop, a machine before its set-up, a shop whose terminal keeps one waiting, one
    where the cashier says what the terminal said.
    """

    screen: str
    state: str
    arrange: Callable[[Scene], object]
    shows: type[Any]
    sizes: tuple[tuple[int, int], ...] = ONE_SIZE
    room: Room = "shop"
    signs_in: bool = True
    scale_percent: int = 100

    @property
    def name(self) -> str:
        return f"{self.screen}-{self.state}"


def open_scene(shot: Shot, folder: Path, application: Application, language: Language) -> Scene:
    """The window of a shop in this language, arranged as the shot wants it."""
    folder.mkdir(parents=True)
    terminal = WaitingTerminal()
    at_till = _room(shot.room, folder, terminal, language)
    if language == "en" and shot.room != "new":
        speak_english(at_till.shop)
    cashier = sit_down(at_till, application, demo_pins=None)
    scene = Scene(cashier, language, terminal)
    cashier.handle.parts.language.use(language)
    if shot.signs_in and shot.room != "new":
        cashier.scan(cashier.shop.badges["李明"])
    shot.arrange(scene)
    draw()
    return scene


def draw() -> None:
    """Let Qt lay out and paint; a question under way stays unanswered."""
    for _ in range(6):
        QApplication.processEvents()


def _room(room: Room, folder: Path, terminal: WaitingTerminal, language: Language) -> Till:
    if room == "new":
        return a_new_till(folder)
    settings = msgspec.structs.replace(COUNTER, language=language, receipt_languages=(language,))
    if language == "en":
        settings = msgspec.structs.replace(
            settings, store_name="Renmin Road", store_address="118 Renmin Road"
        )
    own: PaymentTerminal = terminal if room == "waiting" else HandConfirmedTerminal()
    terminals: dict[TenderKind, PaymentTerminal] = {"mobile": own, "card": own}
    return a_till(folder, settings=settings, terminals=None if room == "shop" else terminals)


def speak_english(shop: RealShop) -> None:
    """Goods, members and staff with English names: what a picture mixes is then a fault."""

    def rename(work: Any) -> None:
        for product in PRODUCTS:
            work.products.put(_renamed(product))
        for name, member_id in shop.members.items():
            member = work.members.get(member_id)
            person = msgspec.structs.replace(member.person, name=ENGLISH_PEOPLE[name])
            work.members.update(replace(member, person=person))
        for person in work.staff.all_staff():
            work.staff.put(replace(person, name=ENGLISH_STAFF[person.name]))

    shop.store.lane.submit(rename).result()


def _renamed(product: Product) -> Product:
    return replace(product, name=ENGLISH_GOODS[product.sku])


def put_many_goods(shop: RealShop, count: int, language: Language) -> list[str]:
    """So many different goods of a shop; their barcodes."""
    from stdnum.ean import calc_check_digit

    names = MANY_GOODS[language]
    made = []
    for number in range(count):
        body = f"69380000{number:04d}"
        code = body + calc_check_digit(body)
        name = f"{names[number % len(names)]} {100 + 50 * (number % 9)}g"
        price = Money(390 + 37 * number)
        made.append(Product(f"many-{number}", name, "grocery", price, (code,)))

    def put(work: Any) -> None:
        for product in made:
            work.products.put(product)

    shop.store.lane.submit(put).result()
    return [product.barcodes[0] for product in made]

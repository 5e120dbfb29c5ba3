"""Scenes of habits: what is recommended at the till, and who may be slipping away, at the desk.

Owns: how each of them comes about: habits as a year of sales leaves them. Does not own: opening
the window.
"""

from __future__ import annotations

from PySide6.QtCore import Qt

from app.domain.habit import ONE, Habit, ProductHabit, Visits
from app.domain.money import Money
from app.domain.product import Product
from app.store.unit_of_work import UnitOfWork
from tests.real_shop import DAY, MILK
from tests.screens.scene import TILL_SIZES, Scene, Shot
from tests.screens.scenes_desk import as_manager
from tests.screens.scenes_members import open_members
from tests.screens.scenes_till import story
from tests.ui.real_window import wait_until
from ui.navigation import ToMember, ToTill

DAY_MS = 86_400_000
GOODS = (("oats", "纯燕麦片 1kg", 9), ("eggs", "鲜鸡蛋 30枚", 12), ("soy", "生抽酱油 500ml", 26))
"""What is usually taken: sku, name, how many days ago."""


def with_habits(scene: Scene, name: str) -> None:
    """A year of weekly visits; oil often lies beside vinegar."""
    member_id, today = scene.cashier.shop.members[name], DAY.toordinal()
    habits = [Habit(sku, 20, 12 * ONE, 2, 40, today - 300, today - ago) for sku, _, ago in GOODS]

    def write(work: UnitOfWork) -> None:
        for sku, words, _ in GOODS:
            work.products.put(Product(sku, words, "grocery", Money(1990)))
        work.products.put(Product("vinegar", "镇江香醋 500ml", "grocery", Money(1280)))
        work.habits.put(member_id, Visits(41, 14 * ONE, today - 9), habits)
        work.habits.put_products(ProductHabit(sku, 600, 500, 90) for sku, *_ in GOODS)
        work.habits.put_products([ProductHabit("oil", 90, 60, 30, {"vinegar": 85})])

    scene.cashier.shop.store.lane.run(write)


def greeted(scene: Scene) -> None:
    """A member with few coupons: all three have room."""
    with_habits(scene, "陈静")
    scene.cashier.scan(scene.cashier.shop.cards["陈静"])
    scene.cashier.scan(MILK)
    named(scene)


def with_coupons(scene: Scene) -> None:
    """Many coupons and a tier that ends: one product keeps its place in a low window."""
    with_habits(scene, "张三丰")
    story(scene)
    named(scene)


def named(scene: Scene) -> None:
    """They come once the cashier pauses."""
    wait_until(lambda: bool(scene.cashier.till.screen.member.recommended.named))
    scene.cashier.settle()


def slipping_away(scene: Scene) -> None:
    """Four weekly visits, then nothing for seven weeks: what her page at the desk says of it."""
    cashier = scene.cashier
    for _ in range(4):
        cashier.scan(cashier.shop.cards["陈静"])
        cashier.scan(MILK)
        for key in (Qt.Key.Key_F9, Qt.Key.Key_F9, Qt.Key.Key_Escape):
            cashier.press(key)
        cashier.shop.clock.go_on(milliseconds=7 * DAY_MS)
    cashier.shop.clock.go_on(milliseconds=7 * 7 * DAY_MS)
    as_manager(scene)
    open_members(cashier)
    cashier.type("13688008000")
    cashier.press(Qt.Key.Key_Return)
    cashier.press(Qt.Key.Key_Return)
    cashier.settle()


SHOTS = (
    Shot("recommended", "greeted", greeted, ToTill, TILL_SIZES),
    Shot("recommended", "with-coupons", with_coupons, ToTill, TILL_SIZES),
    Shot(
        "recommended", "with-coupons-150", with_coupons, ToTill, TILL_SIZES[:2], scale_percent=150
    ),
    Shot("churn", "slipping-away", slipping_away, ToMember, TILL_SIZES[:2]),
)

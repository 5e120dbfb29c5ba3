"""Scenes of tiers for a time: a pack at the counter and coming back, a tier to try.

Owns: how each of them comes about. Does not own: the screens they stand on.
"""

from __future__ import annotations

from PySide6.QtCore import Qt

from app.services.trial import give_trial
from tests.real_shop import MILK, SILVER_PHONE
from tests.screens.scene import TILL_SIZES, Scene, Shot
from tests.screens.scenes_desk import ALT, as_manager
from tests.screens.scenes_refund import sold
from tests.services.test_pack import PACK, put_pack_on_sale
from tests.services.test_trial import TRIALS
from ui.kit.pick_dialog import PickDialog
from ui.navigation import ToRefund, ToTiers, ToTill

Key = Qt.Key
REGULAR = "陈静"
DAY_MS = 24 * 3600 * 1000


def _on_sale(scene: Scene) -> None:
    put_pack_on_sale(scene.cashier.shop, TRIALS)


def _desk(scene: Scene) -> None:
    _on_sale(scene)
    as_manager(scene)
    scene.cashier.handle.parts.navigation.go(ToTiers())
    scene.cashier.settle()
    scene.cashier.type("/")
    scene.cashier.type(SILVER_PHONE)
    scene.cashier.press(Key.Key_Return)


def needs_member(scene: Scene) -> None:
    """F9 with a pack and nobody on the basket."""
    _on_sale(scene)
    scene.cashier.scan(PACK)
    scene.cashier.press(Key.Key_F9)


def comes_back(scene: Scene) -> None:
    """After a sale at its prices: eleven of twelve months."""
    _on_sale(scene)
    code = sold(scene, PACK, member=REGULAR)
    sold(scene, MILK, member=REGULAR)
    scene.cashier.press(Key.Key_F8)
    scene.cashier.scan(code)
    scene.cashier.scan(PACK)
    scene.cashier.type("3")


def tries(scene: Scene) -> None:
    """Gold to try, at the till."""
    _on_sale(scene)
    shop = scene.cashier.shop
    as_manager(scene)
    shop.do(give_trial, member_id=shop.members[REGULAR], trial_id="gold-taste")
    scene.cashier.begin()
    scene.cashier.scan(shop.cards[REGULAR])
    scene.cashier.scan(MILK)


def offered(scene: Scene) -> None:
    """Y at the tier desk."""
    _desk(scene)
    scene.cashier.type("y")
    scene.cashier.settle()


def for_a_time(scene: Scene) -> None:
    """Given, and on its list."""
    offered(scene)
    scene.cashier.type("1")
    scene.cashier.settle()
    scene.cashier.press(Key.Key_Escape)
    for _ in range(5):
        scene.cashier.press(Key.Key_3, ALT)
    scene.cashier.settle()


SHOTS = (
    Shot("till", "pack-needs-member", needs_member, ToTill, TILL_SIZES[:2]),
    Shot("refund", "pack", comes_back, ToRefund, TILL_SIZES),
    Shot("till", "trial", tries, ToTill, TILL_SIZES),
    Shot("tiers", "trial-offered", offered, PickDialog, TILL_SIZES[:2]),
    Shot("tiers", "for-a-time", for_a_time, ToTiers, TILL_SIZES),
    Shot("tiers", "for-a-time-150", for_a_time, ToTiers, TILL_SIZES[:2], scale_percent=150),
)

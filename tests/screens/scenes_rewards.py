"""Scenes of rewards and of goods with a batch: in the sheet, in the basket, on paper.

Owns: how each of them comes about, by what a cashier does. Does not own: opening the window.
"""

from __future__ import annotations

from PySide6.QtCore import Qt

from tests.real_shop import MILK
from tests.screens.scene import TILL_SIZES, Scene, Shot
from tests.screens.scenes_till import story
from tests.services.conftest import use_program
from tests.services.test_batch import EXPIRED, label
from tests.shop_rules import CHOICES, REWARDS
from ui.choice.sheet import RewardSheet
from ui.kit.dialogs import ConfirmDialog
from ui.navigation import AskApproval, ToReceipt, ToRefund, ToTill

Key = Qt.Key
CONTROL = Qt.KeyboardModifier.ControlModifier


def rewards(scene: Scene) -> None:
    """Some to be had now, one with points missing."""
    use_program(scene.cashier.shop, REWARDS)
    story(scene)
    open_sheet(scene)


def open_sheet(scene: Scene) -> None:
    scene.cashier.press(Key.Key_D, CONTROL)
    scene.cashier.press(Key.Key_Down)


def with_everything(scene: Scene) -> None:
    """Beside points prices and points that expire."""
    offers = REWARDS[: REWARDS.index("[[offers]]")]
    use_program(scene.cashier.shop, CHOICES + offers)
    story(scene)
    open_sheet(scene)


def coupon_asked(scene: Scene) -> None:
    rewards(scene)
    scene.cashier.press(Key.Key_Return)


def coupon_had(scene: Scene) -> None:
    coupon_asked(scene)
    scene.cashier.press(Key.Key_Return)


def taken(scene: Scene) -> None:
    """A towel of the basket, and a second one."""
    rewards(scene)
    scene.cashier.press(Key.Key_Down)
    scene.cashier.press(Key.Key_Return)


def taken_again(scene: Scene) -> None:
    taken(scene)
    open_sheet(scene)


def no_more(scene: Scene) -> None:
    """A third towel is one too many: the row says so and costs money again."""
    taken(scene)
    for _ in range(2):
        scene.cashier.press(Key.Key_Plus)


def paid(scene: Scene) -> None:
    use_program(scene.cashier.shop, REWARDS)
    scene.cashier.scan(scene.cashier.shop.cards["张三丰"])
    scene.cashier.scan(MILK)
    open_sheet(scene)
    scene.cashier.press(Key.Key_Down)
    scene.cashier.press(Key.Key_Return)
    scene.cashier.press(Key.Key_F9)
    scene.cashier.press(Key.Key_F9)


def batches(scene: Scene) -> None:
    """A batch that keeps, one that ends soon and one that ends today."""
    for last_day, lot in (("270331", "B20261101"), ("261123", "B20261102"), ("261121", "B7")):
        scene.cashier.scan(label(last_day=last_day, lot=lot))


def expired(scene: Scene) -> None:
    batches(scene)
    scene.cashier.scan(EXPIRED)


def expired_sold(scene: Scene) -> None:
    expired(scene)
    scene.cashier.scan(scene.cashier.shop.badges["王芳"])


def batch_paid(scene: Scene) -> None:
    batches(scene)
    scene.cashier.press(Key.Key_F9)
    scene.cashier.press(Key.Key_F9)


def batch_refund(scene: Scene) -> None:
    batch_paid(scene)
    scene.cashier.press(Key.Key_Escape)
    scene.cashier.press(Key.Key_F8)
    scene.cashier.scan(scene.cashier.sales()[-1].code)
    scene.cashier.scan(label(last_day="270331"))
    scene.cashier.type("2")


SHOTS = (
    Shot("rewards", "sheet", rewards, RewardSheet, TILL_SIZES[:2]),
    Shot("rewards", "with-points-prices", with_everything, RewardSheet),
    Shot("rewards", "coupon", coupon_asked, ConfirmDialog),
    Shot("rewards", "coupon-had", coupon_had, ToTill),
    Shot("rewards", "in-the-basket", taken, ToTill, TILL_SIZES[:2]),
    Shot("rewards", "again", taken_again, RewardSheet),
    Shot("rewards", "no-more", no_more, ToTill),
    Shot("rewards", "paid", paid, ToReceipt),
    Shot("batch", "rows", batches, ToTill, TILL_SIZES[:2]),
    Shot("batch", "expired", expired, AskApproval),
    Shot("batch", "expired-sold", expired_sold, ToTill),
    Shot("batch", "paid", batch_paid, ToReceipt),
    Shot("batch", "refund", batch_refund, ToRefund, TILL_SIZES[:2]),
)

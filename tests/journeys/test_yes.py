"""The yes of a colleague, where it is asked for: each act by badge, by PIN, and by the mouse alone.

Whatever the act: nothing happens before the yes, it completes by itself after it, who asked stays
signed in, and the trail names who said yes to what and how.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from PySide6.QtCore import Qt

from app.domain.facts import DrawerOpened
from tests.journeys.cashier import Cashier
from tests.journeys.hand_acts import bar, due, front, goods
from tests.journeys.shift_acts import facts_of
from tests.journeys.test_refund import refunds, sell
from tests.real_shop import MILK, OIL, TOWEL
from ui.approval.panel import ApprovalPanel
from ui.discount.dialog import DiscountDialog
from ui.key_map import Action
from ui.refund.controller import RefundController
from ui.till.more_dialog import MoreDialog
from ui.void.dialog import VoidDialog

pytestmark = pytest.mark.journey
Key = Qt.Key
CONTROL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier
MANAGER_PIN = "9513"


def more(cashier: Cashier, words: str) -> None:
    """Tap an act behind the key "More"."""
    bar(cashier, Action.MORE)
    dialog = front(cashier, MoreDialog)
    assert isinstance(dialog, MoreDialog)
    cashier.tap(next(tile for tile in dialog.tiles if words in tile.accessibleName()))


# ------------------------------------------------------------------ asking for each act


def refund_by_keys(cashier: Cashier) -> None:
    code = sell(cashier, *(OIL,) * 4)
    cashier.press(Key.Key_F8)
    cashier.scan(code)
    for _ in range(4):
        cashier.scan(OIL)
    cashier.type("1")
    cashier.press(Key.Key_Return)


def refund_by_taps(cashier: Cashier) -> None:
    sell(cashier, *(OIL,) * 4)
    cashier.begin()
    cashier.tap_named("退货")
    current = cashier.handle.parts.navigation.current
    assert isinstance(current, RefundController)
    cashier.tap(current.screen.list.rows[0])
    for _ in range(4):
        cashier.tap_named("多退一件")
    cashier.tap_named("质量问题")
    cashier.tap_named("确认退货")


def discount_by_keys(cashier: Cashier) -> None:
    goods(cashier, MILK, OIL)
    cashier.press(Key.Key_F7)
    cashier.type("80")
    cashier.press(Key.Key_Return)
    cashier.type("1")


def discount_by_taps(cashier: Cashier) -> None:
    goods(cashier, MILK, OIL)
    bar(cashier, Action.DISCOUNT)
    cashier.tap_figures("80")
    cashier.tap_named("确定")
    dialog = front(cashier, DiscountDialog)
    assert isinstance(dialog, DiscountDialog)
    cashier.tap(dialog.reasons.rows[0])


def drawer_by_keys(cashier: Cashier) -> None:
    cashier.press(Key.Key_F10)
    cashier.type("1")


def drawer_by_taps(cashier: Cashier) -> None:
    more(cashier, "钱箱")
    cashier.tap_named("给顾客换零")


def void_by_keys(cashier: Cashier) -> None:
    goods(cashier, MILK, OIL, TOWEL, MILK)
    cashier.press(Key.Key_Delete, SHIFT)
    cashier.type("1")
    cashier.press(Key.Key_Return, CONTROL)


def void_by_taps(cashier: Cashier) -> None:
    goods(cashier, MILK, OIL, TOWEL, MILK)
    more(cashier, "作废")
    dialog = front(cashier, VoidDialog)
    assert isinstance(dialog, VoidDialog)
    cashier.tap(dialog.reasons.rows[0])
    cashier.tap(dialog.go_on)


@dataclass(frozen=True)
class Asked:
    """One act above what a cashier may. `done`: whether it happened; `told`: its entry."""

    by_keys: Callable[[Cashier], None]
    by_taps: Callable[[Cashier], None]
    done: Callable[[Cashier], bool]
    act: str
    told: str


ACTS = {
    "refund": Asked(refund_by_keys, refund_by_taps, lambda c: len(refunds(c)) == 1,
                    "refund_amount", "refund"),
    "discount": Asked(discount_by_keys, discount_by_taps, lambda c: due(c) == 10160,
                      "order_discount", "discount_given"),
    "no-sale": Asked(drawer_by_keys, drawer_by_taps, lambda c: bool(facts_of(c, DrawerOpened)),
                     "no_sale_open", "drawer_opened"),
    "void": Asked(void_by_keys, void_by_taps, lambda c: not c.state.lines,
                  "void_sale", "sale_voided"),
}  # fmt: skip


# ------------------------------------------------------------------ saying yes


def badge(cashier: Cashier) -> None:
    cashier.scan(cashier.shop.badges["王芳"])


def pin(cashier: Cashier) -> None:
    """The manager is the only one who may: she is chosen already."""
    cashier.type(MANAGER_PIN)
    cashier.press(Key.Key_Return)


def pin_by_taps(cashier: Cashier) -> None:
    cashier.tap_named("王*")
    cashier.tap_figures(MANAGER_PIN)
    cashier.tap_figures(["confirm"])
    assert (cashier.keys, cashier.scans) == (0, 0), "not by the mouse alone"


YESES: dict[str, tuple[bool, Callable[[Cashier], None], str]] = {
    "badge": (False, badge, "badge"),
    "PIN": (False, pin, "pin"),
    "mouse": (True, pin_by_taps, "pin"),
}


@pytest.mark.parametrize("way", YESES)
@pytest.mark.parametrize("name", ACTS)
def test_an_act_completes_by_itself_after_the_yes(cashier: Cashier, name: str, way: str) -> None:
    asked, (with_mouse, say_yes, how) = ACTS[name], YESES[way]
    (asked.by_taps if with_mouse else asked.by_keys)(cashier)
    (panel,) = cashier.shown(ApprovalPanel)
    assert panel.is_open
    assert not asked.done(cashier), "nothing happens before the yes"
    say_yes(cashier)
    assert asked.done(cashier)
    assert not list(cashier.shown(ApprovalPanel))
    assert cashier.state.staff is not None
    assert cashier.state.staff.name == "李明", "who asked stays signed in"
    entries = [row.entry for row in cashier.read(lambda work: work.audit.entries(0, 1000))]
    yes = next(entry for entry in entries if entry.action == "approved")
    told = next(entry for entry in entries if entry.action == asked.told)
    manager, cashier_id = cashier.shop.staff["王芳"], cashier.shop.staff["李明"]
    assert yes.staff_id == manager
    said = dict(yes.details)
    assert (said["act"], said["how"], said["requester"]) == (asked.act, how, cashier_id)
    assert told.staff_id == cashier_id
    assert dict(told.details)["approved_by"] == manager


@pytest.mark.parametrize("name", ACTS)
def test_esc_leaves_everything_as_it_was(cashier: Cashier, name: str) -> None:
    asked = ACTS[name]
    asked.by_keys(cashier)
    cashier.press(Key.Key_Escape)
    assert not list(cashier.shown(ApprovalPanel))
    assert not asked.done(cashier)
    acts = [row.entry.action for row in cashier.read(lambda work: work.audit.entries(0, 1000))]
    assert acts[-1] == "approval_cancelled"
    assert asked.told not in acts

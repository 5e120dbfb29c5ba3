"""What journeys of discounts and holds do and look at again and again."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from PySide6.QtWidgets import QWidget

from app.domain.money import Money
from tests.journeys.cashier import Cashier
from ui.approval.panel import ApprovalPanel
from ui.discount.dialog import DiscountDialog
from ui.holds.dialog import DifferencesDialog, HoldsDialog
from ui.key_map import Action
from ui.till.more_dialog import MoreDialog
from ui.void.dialog import VoidDialog


def goods(cashier: Cashier, *codes: str) -> None:
    for code in codes:
        cashier.scan(code)
    cashier.begin()


def counted(cashier: Cashier) -> tuple[int, int, int]:
    return cashier.scans, cashier.keys, cashier.taps


def due(cashier: Cashier) -> int:
    return cashier.state.totals.due.minor


def front(cashier: Cashier, kind: type[QWidget]) -> QWidget:
    """The one open dialog (or sheet) of this kind."""
    (found,) = cashier.shown(kind)
    return found


def no_dialog(cashier: Cashier) -> bool:
    kinds = (DiscountDialog, HoldsDialog, DifferencesDialog, VoidDialog, ApprovalPanel, MoreDialog)
    return not any(list(cashier.shown(kind)) for kind in kinds)


def notice(cashier: Cashier) -> str:
    return cashier.till.screen.notice.sentence


def bar(cashier: Cashier, action: Action) -> None:
    cashier.tap(cashier.till.screen.key_bar.key(action))


def change_price(cashier: Cashier, sku: str, minor: int) -> None:
    """The price list of the shop changes, as an import or a pull would do it."""

    def write(work: Any) -> None:
        work.products.put(replace(work.products.get(sku), unit_price=Money(minor)))

    cashier.shop.store.lane.submit(write).result()

"""Shift keys: the ways from the till to the cash drawer, to the shift and to the desk.

Owns: those keys. Does not own: what lies behind them (ui/shift, ui/desk).
"""

from __future__ import annotations

from functools import partial

from app.wording import Wording
from ui.key_map import Action, KeyAction
from ui.navigation import CashDrawer, Navigation, ToDesk, ToShift


def shift_keys(navigation: Navigation, wording: Wording) -> list[KeyAction]:
    """Only where this window has what they lead to."""
    t = wording.t
    keys = []
    if navigation.can_open(CashDrawer):
        drawer = partial(navigation.open_dialog, CashDrawer())
        keys.append(KeyAction(Action.DRAWER, t("Cash drawer"), drawer))
    if navigation.can_go(ToShift):
        keys.append(KeyAction(Action.SHIFT, t("Shift, X and Z"), partial(navigation.go, ToShift())))
    if navigation.can_go(ToDesk):
        keys.append(
            KeyAction(Action.MANAGE, t("Manager desk"), partial(navigation.leave_for, ToDesk()))
        )
    return keys

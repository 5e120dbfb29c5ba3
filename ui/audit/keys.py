"""Keys of the audit log: what each of them does here.

Owns: the list. Does not own: the map (ui/key_map.py), doing it (controller.py).
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Protocol

from app.wording import Wording
from ui.audit.screen import AuditScreen
from ui.key_map import Action, KeyAction


class KeyedAudit(Protocol):
    """What keys ask of the log; each is one act."""

    screen: AuditScreen

    def choose(self, which: str) -> None: ...
    def focus_about(self) -> None: ...
    def check_or_stop(self) -> None: ...
    def ask_export(self) -> None: ...
    def lock(self) -> None: ...
    def back(self) -> None: ...


def audit_keys(log: KeyedAudit, wording: Wording) -> Sequence[KeyAction]:
    """In the order of the help."""
    t, table = wording.t, log.screen.table
    look_for = t("Look for a receipt, a member, a badge")
    return (
        KeyAction(Action.CHOOSE_1, t("Choose the period"), partial(log.choose, "period")),
        KeyAction(Action.CHOOSE_2, t("Choose a person"), partial(log.choose, "person")),
        KeyAction(Action.CHOOSE_3, t("Choose a kind of act"), partial(log.choose, "group")),
        KeyAction(Action.WHY, look_for, log.focus_about),
        KeyAction(Action.FIND_ITEM, look_for, log.focus_about),
        KeyAction(Action.LINE_UP, t("Entry above"), partial(table.step, -1)),
        KeyAction(Action.LINE_DOWN, t("Entry below"), partial(table.step, 1)),
        KeyAction(Action.CHOOSE_4, t("Check the chain, or stop it"), log.check_or_stop),
        KeyAction(Action.EXPORT, t("Export what is shown"), log.ask_export),
        KeyAction(Action.LOCK, t("Lock, change the cashier"), log.lock),
        KeyAction(Action.BACK, t("One step back"), log.back),
    )

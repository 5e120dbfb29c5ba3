"""Filter choice: the lists of periods, people and groups of acts.

Owns: the open list. Does not own: what is looked for (controller.py), the dialog (ui/kit).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import cast

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from ui.audit.view_model import Filters, Period, group_picks, people_picks, period_picks
from ui.kit.pick_dialog import PickDialog
from ui.window_parts import WindowParts


class FilterChoice(QObject):
    """One list at a time.

    Signals:
        chosen: arg: the Filters with what was chosen.
    """

    chosen = Signal(object)

    def __init__(self, parts: WindowParts, over: QWidget, parent: QObject) -> None:
        super().__init__(parent)
        self._parts, self._over = parts, over
        self._which, self._filters = "", Filters()
        self.dialog: PickDialog | None = None

    def ask(self, which: str, filters: Filters, people: Mapping[str, str]) -> None:
        """Open the list of `which`: period, person or group."""
        if self.dialog is not None:
            return
        wording = self._parts.wording
        self._which, self._filters = which, filters
        if which == "period":
            title, picks, now = wording.t("Period"), period_picks(wording), str(filters.period)
        elif which == "person":
            title, now = wording.t("Person"), filters.staff_id
            picks = people_picks(people, wording)
        else:
            title, now = wording.t("Kind of act"), filters.group or ""
            picks = group_picks(wording)
        back = wording.t("Back")
        self.dialog = PickDialog(self._over, title=title, picks=picks, chosen=now, back=back)
        self.dialog.picked.connect(self._picked)
        self.dialog.finished.connect(self._forget)
        self.dialog.open()

    def put_away(self) -> None:
        """The screen is left, or speaks another language."""
        if self.dialog is not None and self.dialog.is_open:
            self.dialog.reject()

    def _picked(self, key: str) -> None:
        if self._which == "period":
            filters = replace(self._filters, period=cast(Period, key))
        elif self._which == "person":
            filters = replace(self._filters, staff_id=key)
        else:
            filters = self._filters.with_group(key)
        self.chosen.emit(filters)

    def _forget(self) -> None:
        self.dialog = None

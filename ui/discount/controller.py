"""Discount controller: from a typed figure to the service, with the reason where one is wanted.

Owns: the chosen way, what was typed on its way to the service, when the reasons are asked for.
Does not own: widgets (dialog.py), texts (view_model.py), limits and approval (services), what is
said on the till afterwards (acts.py).
"""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QObject
from PySide6.QtGui import QKeyEvent

from app.services.act_reason import ReasonNeeded
from app.services.answers import Changed
from app.services.approval import ApprovalNeeded
from app.services.discount import (
    DiscountGiven,
    Wish,
    discount_line,
    discount_order,
    remove_discount,
)
from app.services.till_state import TillLine, TillState
from app.wording import Wording
from ui.discount.dialog import DiscountDialog
from ui.discount.view_model import (
    Kind,
    NoFigure,
    discount_said,
    present,
    read_wish,
    usable_kinds,
)
from ui.key_map import Action
from ui.kit.reason_picker import ReasonRow
from ui.navigation import GiveDiscount
from ui.phrases import words
from ui.window_parts import WindowParts


class DiscountController(QObject):
    """One opening of F7."""

    def __init__(self, parts: WindowParts, intent: GiveDiscount) -> None:
        super().__init__()
        self._parts, self._intent = parts, intent
        self._line_id = parts.state.selected or ""
        self._kind: Kind = "order_rate"
        self._error = ""
        self._needed: ReasonNeeded | None = None
        self._is_asking = False
        front = parts.navigation.current
        assert front is not None, "a dialog lies over a screen"
        self._dialog = dialog = DiscountDialog(front.widget, parts.wording, self._is_again)
        dialog.kind_chosen.connect(self._choose)
        dialog.stepped.connect(self._step)
        dialog.edited.connect(self._edited)
        dialog.given.connect(self._give)
        dialog.removed.connect(self._remove)
        dialog.reasons.picked.connect(self._picked)
        dialog.reason_left.connect(self._leave_reasons)
        dialog.finished.connect(self._closed)
        self._draw()
        dialog.open()

    @property
    def dialog(self) -> DiscountDialog:
        return self._dialog

    # ------------------------------------------------------------------ the window asks

    def take_scan(self, text: str) -> bool:
        """Goods go to the basket below; what is given is given on what it was opened for."""
        return False

    def show_state(self, state: TillState) -> None:
        self._draw()

    def speak(self, wording: Wording) -> None:
        self._error = ""
        self._dialog.retranslate(wording)
        if self._needed is not None:
            self._show_reasons(self._needed)
        self._draw()

    def close(self) -> None:
        self._dialog.reject()

    # ------------------------------------------------------------------ what is given on what

    @property
    def _line(self) -> TillLine | None:
        lines = self._parts.state.lines
        return next((line for line in lines if line.line_id == self._line_id), None)

    def _is_again(self, event: QKeyEvent) -> bool:
        return self._parts.keys.action_of(event) is Action.DISCOUNT

    def _choose(self, place: int) -> None:
        self._kind, self._error = usable_kinds(self._line)[place], ""
        self._draw()
        self._dialog.field.edit.setFocus()

    def _step(self, step: int) -> None:
        kinds = usable_kinds(self._line)
        self._choose((kinds.index(self._kind) + step) % len(kinds))

    def _edited(self) -> None:
        self._error = ""
        self._draw()

    # ------------------------------------------------------------------ giving

    def _give(self) -> None:
        reasons = self._dialog.reasons
        if self._dialog.asks_why:
            if reasons.chosen:
                self._ask(reasons.chosen, reasons.words)
        else:
            self._ask("", "")

    def _picked(self, reason_id: str) -> None:
        self._ask(reason_id, "")

    def _ask(self, reason: str, note: str) -> None:
        if self._is_asking:
            return
        parts, typed = self._parts, self._dialog.field.edit.text()
        wish = read_wish(self._kind, typed, parts.state, parts.wording, reason=reason, note=note)
        if isinstance(wish, NoFigure):
            self._refuse(wish.sentence)
            return
        self._is_asking = True
        self._ask_service(wish)

    def _ask_service(self, wish: Wish) -> None:
        ask, failed = self._parts.ask, self._failed
        if self._kind.startswith("order"):
            ask(discount_order, self._answered, on_error=failed, wish=wish)
        else:
            ask(discount_line, self._answered, on_error=failed, line_id=self._line_id, wish=wish)

    def _remove(self) -> None:
        line_id = None if self._kind.startswith("order") else self._line_id
        self._parts.ask(remove_discount, self._answered, on_error=self._failed, line_id=line_id)

    def _answered(self, answer: Any) -> None:
        self._is_asking = False
        match answer:
            case DiscountGiven() | ApprovalNeeded() | Changed():
                self._dialog.accept()
                self._intent.then(answer)
            case ReasonNeeded():
                self._ask_why(answer)
            case _:
                self._leave_reasons()
                said = discount_said(answer, self._parts.state, self._parts.wording)
                self._refuse(said.sentence)

    def _ask_why(self, needed: ReasonNeeded) -> None:
        if needed.note:
            sentence = self._parts.wording.t("Say why in a few words.")
            self._dialog.reasons.ask_for_words(sentence)
            return
        self._needed = needed
        self._show_reasons(needed)

    def _show_reasons(self, needed: ReasonNeeded) -> None:
        wording = self._parts.wording
        rows = [
            ReasonRow(each.reason_id, words(each.words, wording), each.needs_note)
            for each in needed.reasons
        ]
        self._dialog.reasons.show_reasons(rows, wording.t("In a few words"))
        self._dialog.show_reasons(wording.t("Why? A figure or a tap chooses the reason."))

    def _leave_reasons(self) -> None:
        if self._needed is not None:
            self._needed = None
            self._dialog.show_entry()

    def _refuse(self, sentence: str) -> None:
        """Beside the field; what was typed stays."""
        self._error = sentence
        self._parts.notifier.signal("scan_error")
        self._parts.notifier.announce(sentence, urgent=True)
        self._draw()

    def _failed(self, error: BaseException) -> None:
        self._is_asking = False
        if self._parts.on_fault is not None:
            self._parts.on_fault(error)

    def _closed(self) -> None:
        self._parts.navigation.dialog_closed(self)

    def _draw(self) -> None:
        line = self._line
        if self._kind not in usable_kinds(line):
            self._kind = "order_rate"
        typed = self._dialog.field.edit.text()
        view = present(self._kind, typed, line, self._parts.state, self._parts.wording)
        self._dialog.render_view(view, self._error)

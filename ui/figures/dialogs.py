"""Dialogs of the figures: which days, which till, which kind of file.

Owns: one open dialog at a time, what can be chosen. Does not own: what a choice does
(controller.py).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from app.domain.figure_record import TillSeen
from ui.figures.span import PERIODS, Span, span_of
from ui.figures.span_dialog import SpanDialog
from ui.figures.view_model import PERIOD_NAMES, days_words, till_words
from ui.kit.dialogs import KitDialog
from ui.kit.pick_dialog import PickDialog
from ui.rows import Pick
from ui.window_parts import WindowParts

_CHAIN = "chain"


class FigureDialogs(QObject):
    """One at a time.

    Signals:
        period_chosen: arg: the Period. span_chosen: arg: the Span that was typed.
        till_chosen: arg: its number, or None for the whole shop. chain_chosen: all stores.
        form_chosen: arg: csv or xlsx.
    """

    period_chosen = Signal(str)
    span_chosen = Signal(object)
    till_chosen = Signal(object)
    chain_chosen = Signal()
    form_chosen = Signal(str)

    def __init__(self, parts: WindowParts, over: QWidget, parent: QObject) -> None:
        super().__init__(parent)
        self._parts, self._over = parts, over
        self.dialog: KitDialog | None = None

    def close(self) -> None:
        """Put it away without an answer."""
        if self.dialog is not None and self.dialog.is_open:
            self.dialog.reject()

    def ask_period(self, span: Span, today: date) -> None:
        t = self._parts.wording.t
        picks = [
            Pick(
                period,
                t(PERIOD_NAMES[period]),
                "" if period == "own" else days_words(span_of(period, today).days),
            )
            for period in PERIODS
        ]
        dialog = PickDialog(
            self._over, title=t("Which days?"), picks=picks, chosen=span.period, back=t("Back")
        )
        dialog.picked.connect(lambda key: self._period(key, span))
        self._open(dialog)

    def ask_till(self, seen: Sequence[TillSeen], till: int | None, *, of_chain: bool) -> None:
        """`seen`: the tills of this shop; a till of a chain offers all stores, too."""
        wording = self._parts.wording
        tills = [Pick(str(each.till), till_words(each.till, wording)) for each in seen]
        dialog = PickDialog(
            self._over,
            title=wording.t("Which till?"),
            picks=[Pick("", till_words(None, wording)), *tills, *self._chain()],
            chosen=_CHAIN if of_chain else "" if till is None else str(till),
            back=wording.t("Back"),
        )
        dialog.picked.connect(self._till)
        self._open(dialog)

    def _chain(self) -> tuple[Pick, ...]:
        if self._parts.shop.server.link() is None:
            return ()
        t = self._parts.wording.t
        return (Pick(_CHAIN, t("Whole chain"), t("All stores, asked of head office")),)

    def _till(self, key: str) -> None:
        if key == _CHAIN:
            self.chain_chosen.emit()
        else:
            self.till_chosen.emit(int(key) if key else None)

    def ask_form(self) -> None:
        t = self._parts.wording.t
        picks = [
            Pick("xlsx", t("Excel workbook"), t("A sheet each; numbers stay numbers")),
            Pick("csv", t("CSV text"), t("For any other program")),
        ]
        dialog = PickDialog(
            self._over,
            title=t("Export, names and phones masked"),
            picks=picks,
            chosen="xlsx",
            back=t("Back"),
        )
        dialog.picked.connect(self.form_chosen)
        self._open(dialog)

    def _period(self, key: str, span: Span) -> None:
        if key != "own":
            self.period_chosen.emit(key)
            return
        dialog = SpanDialog(self._over, span, self._parts.wording)
        dialog.chosen.connect(self.span_chosen)
        self._open(dialog)

    def _open(self, dialog: KitDialog) -> None:
        self.close()
        self.dialog = dialog
        dialog.finished.connect(lambda: self._gone(dialog))
        dialog.open()

    def _gone(self, dialog: KitDialog) -> None:
        if self.dialog is dialog:
            self.dialog = None

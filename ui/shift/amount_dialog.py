"""Amount dialog: how much cash is put in, taken out or dropped.

Owns: the one field with its keys and its error. Does not own: whether so much can move
(services/cash_move.py), why (reason_dialog.py).
"""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from app.domain.money import Money
from app.wording import Wording
from ui.kit.buttons import PrimaryButton, SecondaryButton
from ui.kit.dialogs import KitDialog
from ui.kit.feedback import Banner
from ui.kit.fields import MoneyEdit
from ui.kit.keypad import Keypad
from ui.kit.text import Text
from ui.theme.theme import Theme

_WIDTH, _PAD, _MARGIN = 480, 264, 24


class AmountDialog(KitDialog):
    """Stays open until the amount was taken, or Esc.

    Signals:
        chosen: arg: Money, above zero.
    """

    chosen = Signal(object)

    def __init__(self, parent: QWidget, wording: Wording, *, title: str, decimals: int) -> None:
        t, theme = wording.t, Theme.current()
        width = min(theme.size(_WIDTH), parent.window().width() - _MARGIN)
        super().__init__(parent, title=title, width=width, padding=24)
        self._wrong = t("Type how much it is.")
        self.body.setSpacing(12)
        self.body.addWidget(Text(title, role="title", wrap=True))
        self.amount = MoneyEdit(label=t("How much"), decimals=decimals)
        self.amount.edited.connect(lambda: self.show_error(""))
        self.body.addWidget(self.amount)
        self.notice = Banner()
        self.body.addWidget(self.notice)
        self.keypad = Keypad()
        self.keypad.set_words(t("Delete the last figure"), t("Clear"))
        self.keypad.setFixedHeight(theme.size(_PAD))
        self.keypad.key_pressed.connect(self.amount.press)
        self.body.addWidget(self.keypad)
        cancel = SecondaryButton(t("Cancel"), hint="Esc", height=64)
        cancel.clicked.connect(self.reject)
        self.primary = PrimaryButton(t("Go on"), hint="Enter")
        self.primary.clicked.connect(self._choose)
        foot = QHBoxLayout()
        foot.setSpacing(12)
        foot.addWidget(cancel)
        foot.addWidget(self.primary, 1)
        self.body.addLayout(foot)

    def first_focus(self) -> QWidget | None:
        return self.amount.edit

    def show_error(self, sentence: str) -> None:
        """Why this amount cannot be taken; what was typed stays."""
        self.notice.show_banner(sentence, tone="danger")
        self.amount.set_state("error" if sentence else "")
        self.amount.edit.setAccessibleDescription(sentence)

    def _choose(self) -> None:
        amount = self.amount.amount()
        if isinstance(amount, Money) and amount.minor > 0:
            self.chosen.emit(amount)
        else:
            self.show_error(self._wrong)

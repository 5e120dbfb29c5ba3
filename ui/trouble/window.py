"""The trouble window: shown instead of the till where its store cannot be opened.

Owns: the three sentences with their code, and typing the recovery code where it is the cure.
Does not own: the errors and their words (services/fault_words.py), opening stores (main.py).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from app.wording import Wording
from ui.kit.buttons import PrimaryButton, SecondaryButton
from ui.kit.fields import FieldRow, TillLineEdit
from ui.kit.panels import Card
from ui.kit.text import Text

MAX_WIDTH = 720


@dataclass(frozen=True, slots=True)
class TroubleView:
    """What stands on the window. `asks_code`: the recovery code is the way out."""

    happened: str
    kept_safe: str
    do_next: str
    code: str
    asks_code: bool = False


class TroubleWindow(QWidget):
    """One sentence of each kind, one way out.

    Signals:
        again_requested: Try to open the till again.
        code_entered: A recovery code was typed. arg: the text, as typed.
    """

    again_requested = Signal()
    code_entered = Signal(str)

    def __init__(self, view: TroubleView, wording: Wording) -> None:
        super().__init__()
        self.setProperty("kit", "screen")
        self.setWindowTitle(wording.t("Zhanggui"))
        self._wording = wording
        self._view = view
        self.code_field: QLineEdit | None = None
        self._row: FieldRow | None = None
        self._lay_out()

    def _lay_out(self) -> None:
        view, t = self._view, self._wording.t
        card = Card(padding=(32, 28), spacing=16)
        card.setMaximumWidth(MAX_WIDTH)
        for text, role, weight in (
            (view.happened, "h1", 600),
            (view.kept_safe, "body_l", 400),
            (view.do_next, "body_l", 600),
        ):
            line = Text(text, role=role, weight=weight)
            line.setWordWrap(True)
            line.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            card.body.addWidget(line)
        if view.asks_code:
            self._add_code_field(card)
        card.body.addWidget(Text(t("Code for support: {code}", code=view.code), tone="secondary"))
        card.body.addLayout(self._buttons())
        outer = QVBoxLayout(self)
        outer.addStretch(1)
        outer.addWidget(card, 0, Qt.AlignmentFlag.AlignHCenter)
        outer.addStretch(2)

    def _add_code_field(self, card: Card) -> None:
        field = TillLineEdit()
        field.setMinimumWidth(520)
        field.setAccessibleName(self._wording.t("Recovery code"))
        field.returnPressed.connect(self._enter)
        self.code_field = field
        self._row = FieldRow(self._wording.t("Recovery code"), field)
        card.body.addWidget(self._row)

    def _buttons(self) -> QHBoxLayout:
        t = self._wording.t
        row = QHBoxLayout()
        close = SecondaryButton(t("Close"))
        close.clicked.connect(self.close)
        label = t("Open with this code") if self._view.asks_code else t("Try again")
        go_on = PrimaryButton(label)
        go_on.clicked.connect(self._enter)
        row.addWidget(close)
        row.addStretch(1)
        row.addWidget(go_on)
        return row

    @Slot()
    def _enter(self) -> None:
        if self.code_field is None:
            self.again_requested.emit()
        elif self.code_field.text().strip():
            self.code_entered.emit(self.code_field.text())
        else:
            self.refuse(self._wording.t("Type the 25 characters of the recovery code."))

    def refuse(self, sentence: str) -> None:
        """The code was not right: say so beside the field, keep what was typed."""
        if self._row is not None and self.code_field is not None:
            self._row.show_error(sentence)
            self.code_field.setFocus()


TryAgain = Callable[[str], str | None]
"""Gets the typed code ("" where none is asked for); answers why not, None = the store is open."""


def run_trouble(
    view: TroubleView, wording: Wording, try_again: TryAgain, exec_loop: Callable[[], int]
) -> bool:
    """Show the window until the store is open (True) or the person closes it (False)."""
    window = TroubleWindow(view, wording)
    opened = False

    def attempt(text: str = "") -> None:
        nonlocal opened
        why_not = try_again(text)
        if why_not is None:
            opened = True
            window.close()
        elif view.asks_code:
            window.refuse(why_not)

    window.again_requested.connect(attempt)
    window.code_entered.connect(attempt)
    window.resize(1024, 640)
    window.show()
    exec_loop()
    return opened

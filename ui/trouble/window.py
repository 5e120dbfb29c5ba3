"""The trouble window: shown instead of the till where its store cannot become one.

Owns: the three sentences with their code, and typing the recovery code where it is the cure.
Does not own: the errors and their words (services/fault_words.py), opening stores (main.py).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from app.services.fault_words import fault_words
from app.wording import Wording
from ui.kit.buttons import PrimaryButton, SecondaryButton
from ui.kit.fields import FieldRow, TillLineEdit
from ui.kit.panels import Card
from ui.kit.text import Text

CARD_WIDTH = 720


@dataclass(frozen=True, slots=True)
class TroubleView:
    """What stands on the window. `asks_code`: the recovery code is the way out."""

    happened: str
    kept_safe: str
    do_next: str
    code: str
    asks_code: bool = False


def trouble_of(error: BaseException, wording: Wording) -> TroubleView:
    """What a start that failed says: the store's own words, or that something went wrong."""
    code = getattr(error, "code", "")
    if isinstance(code, str) and code.startswith("E-STORE"):
        kept, following = (str(getattr(error, name).value) for name in ("kept", "next"))
        words = fault_words(code, kept, following, getattr(error, "named", {}), wording)
    else:
        code = f"E-APP-{type(error).__name__}"
        words = fault_words(code, "all_confirmed_sales", "report", {}, wording)
    return TroubleView(words.happened, words.kept_safe, words.do_next, words.code)


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
        self.code_field: QLineEdit | None = None
        self._row: FieldRow | None = None
        self._card: Card | None = None
        # Not centred by an alignment: that asks for the height of one line, however many there are.
        self._row_of_card = QHBoxLayout()
        self._row_of_card.addStretch(1)
        self._row_of_card.addStretch(1)
        column = QVBoxLayout(self)
        column.addStretch(1)
        column.addLayout(self._row_of_card)
        column.addStretch(2)
        self.show_trouble(view)

    def show_trouble(self, view: TroubleView) -> None:
        """Say this, and nothing of what was said before."""
        if self._card is not None:
            self._card.hide()
            self._card.deleteLater()
        self.code_field, self._row = None, None
        self.view = view
        self._card = self._made_card(view)
        self._row_of_card.insertWidget(1, self._card)
        self._card.show()
        self._take_focus()

    def _made_card(self, view: TroubleView) -> Card:
        t = self._wording.t
        card = Card(padding=(32, 28), spacing=16)
        # Not narrower where the sentences would fit: their lines would lie upon each other.
        card.setFixedWidth(CARD_WIDTH)
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
        card.body.addLayout(self._buttons(view))
        return card

    def _add_code_field(self, card: Card) -> None:
        field = TillLineEdit()
        field.setMinimumWidth(520)
        field.setAccessibleName(self._wording.t("Recovery code"))
        field.returnPressed.connect(self._enter)
        self.code_field = field
        self._row = FieldRow(self._wording.t("Recovery code"), field)
        card.body.addWidget(self._row)

    def _buttons(self, view: TroubleView) -> QHBoxLayout:
        t = self._wording.t
        row = QHBoxLayout()
        close = SecondaryButton(t("Close"))
        # Alone it closes itself; in place of the till it closes the till's window.
        close.clicked.connect(lambda: self.window().close())
        label = t("Open with this code") if view.asks_code else t("Try again")
        self.go_on = PrimaryButton(label, hint="Enter")
        self.go_on.clicked.connect(self._enter)
        row.addWidget(close)
        row.addStretch(1)
        row.addWidget(self.go_on)
        return row

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._take_focus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.code_field is None:
            self._enter()
        else:
            super().keyPressEvent(event)

    def _take_focus(self) -> None:
        """The way out: typing the code, or trying again."""
        (self.code_field or self.go_on).setFocus()

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


TryAgain = Callable[[str], TroubleView | str | None]
"""Gets the typed code ("" where none is asked for); answers what is wrong now, or (a text) only
with the code; None = the till is there."""


def run_trouble(
    view: TroubleView, wording: Wording, try_again: TryAgain, exec_loop: Callable[[], int]
) -> bool:
    """Show the window until the till is there (True) or the person closes it (False)."""
    window = TroubleWindow(view, wording)
    opened = False

    def attempt(text: str = "") -> None:
        nonlocal opened
        why_not = try_again(text)
        if why_not is None:
            opened = True
            window.close()
        elif isinstance(why_not, str):
            window.refuse(why_not)
        elif why_not != window.view:
            window.show_trouble(why_not)
        elif window.code_field is not None:
            window.refuse(why_not.happened)

    window.again_requested.connect(attempt)
    window.code_entered.connect(attempt)
    window.resize(1024, 640)
    window.show()
    exec_loop()
    return opened

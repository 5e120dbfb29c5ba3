"""The right side of the join dialog: number keys, then the new card's QR and what it saved.

Owns: its layout. Does not own: the code's picture (a renderer), texts (view_model.py).
"""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QScrollArea, QVBoxLayout, QWidget

from app.wording import Wording
from ui.join.phone_code import PhoneCode
from ui.join.view_model import CardView
from ui.kit.keypad import Keypad
from ui.kit.marks import QrView
from ui.kit.panels import Card, EmptyState, FigureRow, Rule
from ui.kit.text import Text
from ui.theme.theme import Theme
from ui.window_parts import Matrix

_ROWS_MAX = 5
PAD_HEIGHT = 336


class CardSide(Card):
    """Number keys until somebody is a member; then the card, and the keys where they are needed."""

    def __init__(self) -> None:
        super().__init__(kit="dialog_side", padding=(32, 24), spacing=12)
        self._has_card = False
        self._empty = EmptyState(icon="card")
        self.body.addWidget(self._empty, 1)
        self.pad = Keypad(for_money=False)
        self.pad.setFixedHeight(Theme.current().size(PAD_HEIGHT))
        self.body.addWidget(self.pad)
        self._scroll = QScrollArea()
        self._scroll.setWidgetResizable(True)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        self._title = Text(role="title")
        self.qr = QrView()
        self._code = Text(role="key", weight=600)
        self._hint = Text(role="body_l", tone="text_secondary", wrap=True)
        column.addStretch(1)
        for part in (self._title, self.qr):
            column.addWidget(part, 0, Qt.AlignmentFlag.AlignHCenter)
        for text in (self._code, self._hint):
            text.setAlignment(Qt.AlignmentFlag.AlignCenter)
            column.addWidget(text)
        column.addWidget(self._build_saved())
        self._note = Text(role="body", tone="text_secondary", wrap=True)
        self._note.hide()
        column.addWidget(self._note)
        column.addStretch(1)
        self._scroll.setWidget(inside)
        self._scroll.hide()
        self.body.addWidget(self._scroll, 1)
        self.phone = PhoneCode()
        self.phone.hide()
        self.body.addWidget(self.phone, 1)
        self._room = QWidget()
        self._room.hide()
        self.body.addWidget(self._room, 1)

    def retranslate(self, wording: Wording) -> None:
        t = wording.t
        self._title.setText(t("Member card"))
        self._empty.show_words(t("The member code appears here once the customer has joined"))
        self.pad.set_words(t("Delete the last figure"), confirm_name=t("Confirm"))

    def show_pad(self, is_shown: bool) -> None:
        """Number keys in place of the card; before there is one they stand below the words."""
        self.phone.hide()
        self.pad.setVisible(is_shown)
        self._empty.setVisible(is_shown and not self._has_card)
        self._scroll.setVisible(self._has_card and not is_shown)
        self._room.setVisible(self._has_card and is_shown)

    def show_phone(self, is_shown: bool) -> None:
        """The code for the customer's own phone, in place of everything else."""
        self.show_pad(not self._has_card)
        if is_shown:
            for other in (self.pad, self._empty, self._scroll, self._room):
                other.hide()
            self.phone.show()

    def show_note(self, sentence: str) -> None:
        """Where the printed card went."""
        self._note.setText(sentence)
        self._note.show()

    def show_card(self, card: CardView, matrix: Matrix | None) -> None:
        """`matrix` None: the code is only readable, there is nothing to draw it with."""
        self._empty.hide()
        if not self._has_card:
            self._has_card = True
            self.show_pad(False)
        self.qr.setVisible(matrix is not None)
        if matrix is not None:
            self.qr.show_code(matrix, card.code)
        self._code.setText(card.spoken)
        self._hint.setText(card.hint)
        self._saved.show_row(card.saved_label, card.saved, tone="saving")
        self._saved.setVisible(bool(card.saved))
        self._saved_rule.setVisible(bool(card.saved))
        self._saved_card.setVisible(bool(card.saved or card.rows))
        for place, row in enumerate(self._rows):
            row.setVisible(place < len(card.rows))
            if place < len(card.rows):
                row.show_row(card.rows[place].label, card.rows[place].figure)

    def _build_saved(self) -> Card:
        self._saved_card = Card(padding=(16, 12), spacing=6)
        self._saved = FigureRow(role="title", label_tone="text_primary")
        self._saved_rule = Rule()
        self._rows = [FigureRow(role="body") for _ in range(_ROWS_MAX)]
        for part in (self._saved, self._saved_rule, *self._rows):
            self._saved_card.body.addWidget(part)
        return self._saved_card

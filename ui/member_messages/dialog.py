"""The dialog of a member's choice: by which way, how many, in which language; widgets only.

Owns: the layout, what stands in it. Does not own: checking and keeping it (acts.py).
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtGui import QIntValidator
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from app.domain.message import CAP_MAX, EMAIL_LENGTH_MAX, MessageChoice, MessageLanguage
from app.services.message import WAYS as CHANNELS
from app.services.message import Way, way_of
from app.wording import N_, Wording
from ui.kit.buttons import ChoiceButton, PrimaryButton, SecondaryButton
from ui.kit.dialogs import KitDialog
from ui.kit.fields import FieldRow, TillLineEdit
from ui.kit.text import Text
from ui.member_messages.tab import WAYS
from ui.theme.theme import Theme

_WIDTH, _EDGE = 640, 24
LANGUAGES: dict[MessageLanguage, str] = {"": N_("As the shop"), "zh_CN": "中文", "en": "English"}
"""Each language is named in itself."""


class ChoiceDialog(KitDialog):
    """Alt and a digit choose a way; Enter keeps everything.

    Signals:
        chosen: Somebody wants it kept; `choice` and `email` tell what.
    """

    chosen = Signal()

    def __init__(
        self, parent: QWidget, choice: MessageChoice, email_masked: str, wording: Wording
    ) -> None:
        t = wording.t
        title = t("How he wants to hear of the shop")
        width = min(Theme.current().size(_WIDTH), parent.window().width() - 2 * _EDGE)
        super().__init__(parent, title=title, width=width, padding=24)
        self.body.addWidget(Text(title, role="title", wrap=True))
        self.ways = {way: ChoiceButton(t(words), height=56) for way, words in WAYS.items()}
        self.body.addWidget(_group(list(self.ways.values()), 2))
        self.ways[way_of(choice)].setChecked(True)
        self.email = TillLineEdit()
        self.email.set_lets_keys_through(False)
        self.email.setMaxLength(EMAIL_LENGTH_MAX)
        self.email.setPlaceholderText(email_masked or "name@mail.example")
        self.email_row = FieldRow(t("Mail address (empty: as before)"), self.email)
        self.body.addWidget(self.email_row)
        self.most = TillLineEdit()
        self.most.set_lets_keys_through(False)
        self.most.setValidator(QIntValidator(0, CAP_MAX, self.most))
        self.most.setText("" if choice.most is None else str(choice.most))
        self.most.setPlaceholderText(t("as many as the shop sends"))
        self.most_row = FieldRow(t("At most so many in 30 days"), self.most)
        self.body.addWidget(self.most_row)
        self.languages = {
            language: ChoiceButton(t(words) if not language else words, height=56)
            for language, words in LANGUAGES.items()
        }
        self.languages[choice.language].setChecked(True)
        self.body.addWidget(Text(t("Language of the messages"), role="body"))
        self.body.addWidget(_group(list(self.languages.values()), 3))
        self.body.addLayout(self._build_answers(wording))
        for edit, name in ((self.email, self.email_row), (self.most, self.most_row)):
            edit.setAccessibleName(name.accessibleName() or title)

    @property
    def choice(self) -> MessageChoice:
        """As it stands in the dialog."""
        way: Way = next(way for way, key in self.ways.items() if key.isChecked())
        language = next(each for each, key in self.languages.items() if key.isChecked())
        most = self.most.text().strip()
        return MessageChoice(
            channels=CHANNELS[way], most=int(most) if most else None, language=language
        )

    @property
    def typed_email(self) -> str | None:
        """None: as before."""
        return self.email.text().strip() or None

    def first_focus(self) -> QWidget | None:
        return next(key for key in self.ways.values() if key.isChecked())

    def show_wrong_email(self, sentence: str) -> None:
        """Said beside the field, which keeps what was typed and has the focus again."""
        self.email_row.show_error(sentence)
        self.email.setFocus()

    def _build_answers(self, wording: Wording) -> QHBoxLayout:
        answers = QHBoxLayout()
        answers.setSpacing(16)
        cancel = SecondaryButton(wording.t("Cancel"), hint="Esc", height=64)
        cancel.clicked.connect(self.reject)
        keep = PrimaryButton(wording.t("Save"), hint="Enter")
        keep.clicked.connect(self.chosen)
        self.primary = keep
        answers.addWidget(cancel, 1)
        answers.addWidget(keep, 1)
        return answers


def _group(keys: Sequence[ChoiceButton], across: int) -> QWidget:
    """Exactly one of them holds."""
    whole = QWidget()
    column = QVBoxLayout(whole)
    column.setContentsMargins(0, 0, 0, 0)
    grid = QGridLayout()
    grid.setSpacing(8)
    column.addLayout(grid)
    for place, key in enumerate(keys):
        key.setAutoExclusive(True)
        grid.addWidget(key, place // across, place % across)
    return whole

"""Join dialog: the form on the left, the new card on the right; widgets only.

Owns: the layout before and after saving, what is typed. Does not own: checking and saving
(controller.py), texts of answers (view_model.py).
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from app.wording import Wording
from ui.join.card_side import CardSide
from ui.join.person_fields import PersonFields
from ui.join.view_model import CardView, FieldError
from ui.kit.buttons import LinkButton, PrimaryButton, SecondaryButton
from ui.kit.dialogs import KitDialog
from ui.kit.fields import FieldRow, TillLineEdit
from ui.kit.keypad import type_into
from ui.kit.panels import Rule
from ui.kit.scrolling import keep_off_bar
from ui.kit.text import Chip, Text
from ui.kit.tick_row import TickRow
from ui.theme.theme import Theme
from ui.window_parts import Matrix

WIDTH, HEIGHT, SIDE = 976, 688, 392
_MARGIN = 24
_FOCUS_IN, _FOCUS_OUT = QEvent.Type.FocusIn, QEvent.Type.FocusOut


class JoinDialog(KitDialog):
    """Joining.

    Signals:
        save_requested: The form is to be saved, or the saved one to be left.
        phone_edited: arg: the text.
        anonymous_toggled, consent_text_requested, print_requested: pressed.
        marketing_toggled: arg: ticked. Only after saving it is recorded by itself.
        on_phone_requested: The code for the customer's own phone, or away with it.
    """

    save_requested = Signal()
    phone_edited = Signal(str)
    anonymous_toggled = Signal()
    consent_text_requested = Signal()
    print_requested = Signal()
    marketing_toggled = Signal(bool)
    on_phone_requested = Signal()

    def __init__(self, parent: QWidget, wording: Wording) -> None:
        window = parent.window()
        height = min(Theme.current().size(HEIGHT), window.height() - _MARGIN)
        width = min(Theme.current().size(WIDTH), window.width() - _MARGIN)
        super().__init__(parent, title=wording.t("Join"), width=width, height=height, padding=0)
        self.is_saved = self.is_anonymous = self.is_known = False
        self._consent_note = self._consent_words = ""
        columns = QHBoxLayout()
        columns.setSpacing(0)
        self.body.addLayout(columns)
        columns.addWidget(self._build_form(), 1)
        self.side = CardSide()
        self.side.pad.key_pressed.connect(self._press)
        self.side.setFixedWidth(min(Theme.current().size(SIDE), width * 4 // 10))
        columns.addWidget(self.side)
        self.retranslate(wording)

    def first_focus(self) -> QWidget | None:
        return self.consent if self.phone.text() else self.phone

    def retranslate(self, wording: Wording) -> None:
        """Labels; errors are said again by the controller."""
        t = wording.t
        self._title.setText(t("Joined") if self.is_saved else t("Join"))
        self._subtitle.setText(_subtitle(self, wording))
        self._phone_row.set_words(t("Phone"))
        self.person.retranslate(wording)
        self.referrer_row.set_words(t("Referred by"))
        self.referrer.setPlaceholderText(t("Scan the friend's code"))
        self._consent_words = t("The customer agrees to the member rules and the privacy terms")
        self.consent.set_words(self._consent_words, self._consent_note)
        self._consent_view.set_label(t("Read"))
        self.marketing.set_words(
            t("Would like to get offers by text message"),
            t("Can be withdrawn at any time; all member prices also without it."),
        )
        self._print.set_label(t("Card as a PDF"))
        self._anonymous.set_label(
            t("With a phone number") if self.is_anonymous else t("Card without a phone")
        )
        self.save.set_label(_primary(self, wording), hint="Enter")
        self._saved_phone = t("Registered")
        self.side.retranslate(wording)

    def show_anonymous(self, is_anonymous: bool, wording: Wording) -> None:
        """A card without a phone number: no name field is lost, no number is asked."""
        self.is_anonymous = is_anonymous
        self._phone_row.setVisible(not is_anonymous)
        # Nobody can be written to without a number.
        self.marketing.setVisible(not is_anonymous)
        self.retranslate(wording)
        (self.consent if is_anonymous else self.phone).setFocus()

    def show_consent_notes(self, membership: str) -> None:
        self._consent_note = membership
        self.consent.set_words(self._consent_words, membership)

    def show_error(self, error: FieldError | None) -> None:
        """Beside its field; None clears all of them. What was typed stays."""
        for row in (self._phone_row, self._name_row, self._birthday_row, self.referrer_row):
            row.show_error("")
        self._consent_error.setText("")
        self._consent_error.hide()
        if error is None:
            return
        rows = {"phone": self._phone_row, "name": self._name_row, "birthday": self._birthday_row}
        if error.field == "consent":
            self._consent_error.setText(error.sentence)
            self._consent_error.show()
            self.consent.setFocus()
        else:
            rows.get(error.field, self.referrer_row).show_error(error.sentence)
            fields = {"phone": self.phone, "name": self.name, "birthday": self.birthday}
            fields.get(error.field, self.referrer).setFocus()

    def show_known(self, sentence: str, wording: Wording) -> None:
        """Who has this number is a member already: Enter uses that. Empty: nobody is known."""
        self.is_known = bool(sentence)
        if sentence:
            self.show_error(None)
            self._phone_row.show_info(sentence)
            self.phone.setFocus()
        self.save.set_label(_primary(self, wording), hint="Enter")

    def show_phone_note(self, error: str) -> None:
        """While typing; the focus stays."""
        self._phone_row.show_error(error)

    def show_on_phone(self, label: str) -> None:
        """The key for the customer's own phone; empty: there is none here."""
        self.on_phone.set_label(label)
        self.on_phone.setVisible(bool(label))

    def show_seconds(self, words: str) -> None:
        """How long joining took."""
        self._seconds.show_fact(words)
        self._seconds.setVisible(bool(words))

    def show_saved(self, phone_masked: str | None, card: CardView, matrix: Matrix | None) -> None:
        """A member now: the number is masked at once, the card is shown."""
        self.is_saved = True
        self.phone.setText(phone_masked or "")
        self._phone_row.setVisible(phone_masked is not None)
        for field in (self.phone, self.referrer):
            field.setReadOnly(True)
        self.referrer_row.setVisible(bool(self.referrer.text()))
        self.consent.show_fixed()
        self._anonymous.hide()
        self._print.show()
        self.side.show_card(card, matrix)
        self.save.setFocus()

    def mark_phone_registered(self) -> None:
        if self.is_saved:
            self._phone_row.show_good(self._saved_phone)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.phone.hasFocus():
            self.save_requested.emit()
            event.accept()
            return
        super().keyPressEvent(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Figures by touch: the pad is there while a field of figures has the focus."""
        if watched is self.birthday and event.type() in (_FOCUS_IN, _FOCUS_OUT):
            self.side.show_pad(not self.is_saved or event.type() is _FOCUS_IN)
        return super().eventFilter(watched, event)

    def _press(self, key: str) -> None:
        """A key of the pad, for the field of figures that has the focus, else the phone."""
        if key == "confirm":
            self.save_requested.emit()
            return
        field = self.birthday if self.birthday.hasFocus() or self.is_saved else self.phone
        field.setFocus()
        type_into(field, key)

    # ------------------------------------------------------------------ building

    def _build_form(self) -> QWidget:
        form = QWidget()
        whole = QVBoxLayout(form)
        whole.setContentsMargins(32, 24, 32, 24)
        whole.setSpacing(10)
        whole.addLayout(self._build_head())
        self._subtitle = Text(role="body", tone="text_secondary", wrap=True)
        whole.addWidget(self._subtitle)
        inside = QWidget()
        self.fields = _scrolling(inside, self._build_fields(inside))
        whole.addWidget(self.fields, 1)
        whole.addWidget(Rule(strong=True))
        self._build_consents(whole)  # needed of everybody: in sight at any size of text
        whole.addLayout(self._build_answers())
        return form

    def _build_head(self) -> QHBoxLayout:
        head = QHBoxLayout()
        head.setSpacing(12)
        self._title = Text(role="h1")
        self._seconds = Chip("", icon="check-circle", tone="success")
        self.on_phone = SecondaryButton(icon="phone", height=48)
        self.on_phone.clicked.connect(self.on_phone_requested)
        for widget in (self._title, self._seconds):
            head.addWidget(widget)
        head.addStretch(1)
        head.addWidget(self.on_phone)
        for later in (self._seconds, self.on_phone):
            later.hide()
        return head

    def _build_fields(self, inside: QWidget) -> QVBoxLayout:
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        self.phone = TillLineEdit()
        self.phone.textEdited.connect(self.phone_edited)
        self.person = PersonFields()
        self.name, self.birthday = self.person.name, self.person.birthday
        self.referrer = TillLineEdit()
        for field in (self.phone, self.referrer):
            field.set_lets_keys_through(False)
        self.birthday.installEventFilter(self)
        self._phone_row = FieldRow("", self.phone, required=True)
        self._name_row, self._birthday_row = self.person.name_row, self.person.birthday_row
        self.referrer_row = FieldRow("", self.referrer)
        column.addWidget(self._phone_row)
        column.addWidget(self._name_row)
        pair = QHBoxLayout()
        pair.setSpacing(12)
        top = Qt.AlignmentFlag.AlignTop
        pair.addWidget(self._birthday_row, 1, top)
        pair.addWidget(self.referrer_row, 1, top)
        column.addLayout(pair)
        column.addStretch(1)
        return column

    def _build_consents(self, column: QVBoxLayout) -> None:
        self.consent = TickRow()
        self._consent_view = LinkButton()
        self._consent_view.clicked.connect(self.consent_text_requested)
        row = QHBoxLayout()
        row.setSpacing(4)
        row.addWidget(self.consent, 1)
        row.addWidget(self._consent_view, 0, Qt.AlignmentFlag.AlignTop)
        column.addLayout(row)
        self._consent_error = Text(role="body", tone="danger", weight=500, wrap=True)
        self._consent_error.setIndent(44)
        self._consent_error.hide()
        column.addWidget(self._consent_error)
        self.marketing = TickRow()
        self.marketing.toggled.connect(self.marketing_toggled)
        column.addWidget(self.marketing)

    def _build_answers(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(12)
        self._anonymous = SecondaryButton(icon="card", height=64)
        self._anonymous.clicked.connect(self.anonymous_toggled)
        self._print = SecondaryButton(icon="download", height=64)
        self._print.clicked.connect(self.print_requested)
        self._print.hide()
        self.save = PrimaryButton()
        self.save.clicked.connect(self.save_requested)
        self.primary = self.save
        row.addWidget(self._anonymous)
        row.addWidget(self._print)
        row.addWidget(self.save, 1)
        return row


def _subtitle(dialog: JoinDialog, wording: Wording) -> str:
    if dialog.is_saved:
        return wording.t("Used for this sale already. What follows can be filled in now or later.")
    if dialog.is_anonymous:
        return wording.t("Only the consent is needed.")
    return wording.t("Only phone and consent are needed.")


def _primary(dialog: JoinDialog, wording: Wording) -> str:
    if dialog.is_saved:
        return wording.t("Go on with the sale")
    return wording.t("Use this member") if dialog.is_known else wording.t("Join, use for this sale")


def _scrolling(inside: QWidget, column: QVBoxLayout) -> QScrollArea:
    area = QScrollArea()
    area.setWidgetResizable(True)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    keep_off_bar(area, column)
    area.setWidget(inside)
    return area

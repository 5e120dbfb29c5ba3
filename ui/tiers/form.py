"""Tier form: which tier, from when until when, why and on what evidence; widgets only.

Owns: the layout, figures that choose, where the focus goes next. Does not own: reading the fields
(view_model.py), whether it may be (services). Nothing that was typed is ever cleared.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from app.domain.tier_change import REASON_TYPES, Field
from app.wording import Wording
from ui.kit.buttons import ChoiceButton, PrimaryButton, SecondaryButton
from ui.kit.dialogs import KitDialog
from ui.kit.fields import FieldRow, TillLineEdit
from ui.kit.marks import Switch
from ui.kit.reason_picker import NOTE_LENGTH_MAX
from ui.kit.text import Text
from ui.photos.photos import Photos
from ui.tiers.view_model import FormText

WIDTH = 880
ACROSS, SIDE = 8, 48
_FIGURES = "1234567890"
_CONTROL, _ALT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.AltModifier
_PHOTO = 1
"""With Alt: figures alone, or with Ctrl, choose, and letters are typed."""
_FIGURE_KEYS = range(Qt.Key.Key_0, Qt.Key.Key_9 + 1)
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class TierForm(KitDialog):
    """A tier by hand. A figure chooses the tier, the next one the reason; then the evidence.

    Signals:
        sent: Ctrl+Enter, or the button. vouched: a colleague who may say yes stands here.
        photo_wanted: Alt and the figure of photos, or the button.
    """

    sent = Signal()
    vouched = Signal()
    photo_wanted = Signal()

    def __init__(
        self, parent: QWidget, wording: Wording, *, title: str, now: str,
        tiers: Sequence[tuple[str, str]], reasons: Sequence[str], days: tuple[str, str],
    ) -> None:  # fmt: skip
        super().__init__(parent, title=title, width=WIDTH, padding=16)
        self.body.setSpacing(8)
        self._tiers = [tier for tier, _ in tiers]
        self.tier, self.reason_type = "", ""
        self.body.addWidget(Text(title, role="title", weight=600, wrap=True))
        self.body.addWidget(Text(now, role="body", tone="text_secondary", wrap=True))
        self.tier_keys = [self._key(name) for _, name in tiers]
        self.reason_keys = [self._key(name) for name in reasons]
        self.body.addWidget(Text(wording.t("To which tier"), role="body", weight=500))
        self.body.addLayout(self._across(self.tier_keys, self._choose_tier))
        self._tier_fault = self._fault()
        self.body.addLayout(self._build_days(wording, days))
        self.body.addWidget(Text(wording.t("Why"), role="body", weight=500))
        self.body.addLayout(self._across(self.reason_keys, self._choose_reason))
        self._reason_fault = self._fault()
        self.body.addLayout(self._build_words(wording))
        self.body.addLayout(self._build_photos(wording))
        self.body.addLayout(self._build_answers(wording))
        if len(self._tiers) == 1:
            self._choose_tier(0)
        self._show_keys()

    def first_focus(self) -> QWidget | None:
        return self

    @property
    def text(self) -> FormText:
        """The form as it stands."""
        return FormText(
            self.tier, self.from_day.text(), self.last_day.text(), self.reason_type,
            self.reason.text(), self.evidence.text(), self.lock.isChecked(),
        )  # fmt: skip

    def show_faults(self, faults: Mapping[Field, str]) -> None:
        """Beside each field; the focus goes to the first."""
        self._tier_fault.setText(faults.get("tier", ""))
        self._reason_fault.setText(faults.get("reason_type", ""))
        self._photo_fault.setText(faults.get("photos", ""))
        for label in (self._tier_fault, self._reason_fault, self._photo_fault):
            label.setVisible(bool(label.text()))
        rows: dict[Field, FieldRow] = {
            "from_day": self._from_row, "last_day": self._last_row,
            "evidence": self._evidence_row, "reason": self._reason_row,
        }  # fmt: skip
        for name, row in rows.items():
            row.show_error(faults.get(name, ""))
        wrong = next((row.field for name, row in rows.items() if name in faults), None)
        if wrong is not None:
            wrong.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_photos(self, photos: Sequence[bytes], wording: Wording) -> None:
        """Those that go along."""
        names = [str(place) for place in range(len(photos))]
        self.photos.show_count(names, wording)
        for name, data in zip(names, photos, strict=True):
            self.photos.show_picture(name, data)
        self.photos.setVisible(bool(photos))
        self.take_off.setVisible(bool(photos))
        self.say_photo("")
        self.show_faults({})

    def say_photo(self, sentence: str) -> None:
        """How far the one is that was chosen."""
        self.photo_note.setText(sentence)
        self.photo_note.setVisible(bool(sentence))

    def refuse_photo(self, sentence: str) -> None:
        """Why one does not go along."""
        self.show_faults({"photos": sentence})

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self._show_keys()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._show_keys()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_0 + _PHOTO and event.modifiers() & _ALT:
            self.photo_wanted.emit()
            event.accept()
            return
        if event.key() in _ENTER:
            if event.modifiers() & _CONTROL:
                self.sent.emit()
            event.accept()
            return
        place = _FIGURES.find(chr(event.key())) if event.key() in _FIGURE_KEYS else -1
        if place >= 0 and event.modifiers() & _CONTROL:
            self._choose_again(place)
            event.accept()
            return
        if place >= 0 and self._is_choosing():
            self._press(place)
            event.accept()
            return
        super().keyPressEvent(event)

    def _press(self, place: int) -> None:
        if not self.tier and place < len(self._tiers):
            self._choose_tier(place)
        elif self.tier and place < len(REASON_TYPES):
            self._choose_reason(place)

    def _is_choosing(self) -> bool:
        """Whether figures alone choose: they are typed wherever words are."""
        return self.focusWidget() in (None, self)

    def _choose_again(self, place: int) -> None:
        """With Ctrl the figures count on from the tiers to the reasons, and reach both always."""
        if place < len(self._tiers):
            self._choose_tier(place)
        elif place - len(self._tiers) < len(REASON_TYPES):
            self._choose_reason(place - len(self._tiers))

    def _show_keys(self) -> None:
        """Beside each choice the key that takes it now."""
        plain = (self.reason_keys if self.tier else self.tier_keys) if self._is_choosing() else ()
        for place, key in enumerate((*self.tier_keys, *self.reason_keys)):
            if key in plain:
                key.set_label(key.text(), hint=_FIGURES[plain.index(key)])
            else:
                hint = f"Ctrl+{_FIGURES[place]}" if place < len(_FIGURES) else ""
                key.set_label(key.text(), hint=hint)

    def _choose_tier(self, place: int) -> None:
        self.tier = self._tiers[place]
        for at, key in enumerate(self.tier_keys):
            key.setChecked(at == place)
        self.setFocus(Qt.FocusReason.OtherFocusReason)
        self._show_keys()

    def _choose_reason(self, place: int) -> None:
        self.reason_type = REASON_TYPES[place]
        for at, key in enumerate(self.reason_keys):
            key.setChecked(at == place)
        self.evidence.setFocus(Qt.FocusReason.OtherFocusReason)
        self._show_keys()

    def _key(self, name: str) -> ChoiceButton:
        key = ChoiceButton()
        key.set_label(name)
        key.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        return key

    def _across(self, keys: list[ChoiceButton], choose: Callable[[int], None]) -> QGridLayout:
        grid = QGridLayout()
        grid.setSpacing(8)
        for place, key in enumerate(keys):
            key.clicked.connect(lambda _=False, at=place: choose(at))
            grid.addWidget(key, place // 3, place % 3)
        for column in range(3):
            grid.setColumnStretch(column, 1)
        return grid

    def _fault(self) -> Text:
        label = Text(role="body", tone="danger", wrap=True)
        self.body.addWidget(label)
        label.hide()
        return label

    def _build_days(self, wording: Wording, days: tuple[str, str]) -> QHBoxLayout:
        t = wording.t
        self.from_day, self.last_day = TillLineEdit(), TillLineEdit()
        for edit, day in zip((self.from_day, self.last_day), days, strict=True):
            edit.setText(day)
        self._from_row = FieldRow(t("Tier begins"), self.from_day)
        self._last_row = FieldRow(t("Tier ends"), self.last_day)
        locked = t("Locked: no review lowers it before its last day")
        self.lock = Switch(locked)
        lock = QHBoxLayout()
        lock.addWidget(self.lock)
        lock.addWidget(Text(locked, role="body", wrap=True), 1)
        row = QHBoxLayout()
        row.setSpacing(16)
        row.addWidget(self._from_row, 1, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self._last_row, 1, Qt.AlignmentFlag.AlignTop)
        row.addLayout(lock, 1)
        return row

    def _build_words(self, wording: Wording) -> QHBoxLayout:
        t = wording.t
        self.evidence, self.reason = TillLineEdit(for_names=True), TillLineEdit(for_names=True)
        for edit in (self.evidence, self.reason):
            edit.setMaxLength(NOTE_LENGTH_MAX)
        self._evidence_row = FieldRow(t("Evidence: case or receipt numbers"), self.evidence)
        self._reason_row = FieldRow(t("In a few words"), self.reason)
        row = QHBoxLayout()
        row.setSpacing(16)
        row.addWidget(self._evidence_row, 1, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self._reason_row, 1, Qt.AlignmentFlag.AlignTop)
        self.photo = SecondaryButton(t("Photo"), icon="camera", hint=f"Alt+{_PHOTO}", height=56)
        self.photo.clicked.connect(self.photo_wanted)
        row.addWidget(self.photo, 0, Qt.AlignmentFlag.AlignBottom)
        return row

    def _build_photos(self, wording: Wording) -> QVBoxLayout:
        """Evidence that cannot be written down."""
        t = wording.t
        self.take_off = SecondaryButton(t("Take the photos off"), icon="x", height=48)
        self.photos = Photos(across=ACROSS, side=SIDE)
        self.photos.hide()
        self.take_off.hide()
        row = QHBoxLayout()
        row.setSpacing(12)
        row.addWidget(self.photos, 1)
        row.addWidget(self.take_off)
        column = QVBoxLayout()
        column.setSpacing(4)
        column.addLayout(row)
        self._photo_fault = Text(role="body", tone="danger", wrap=True)
        self._photo_fault.hide()
        self.photo_note = Text(role="body", tone="text_secondary", wrap=True)
        self.photo_note.hide()
        column.addWidget(self._photo_fault)
        column.addWidget(self.photo_note)
        return column

    def _build_answers(self, wording: Wording) -> QHBoxLayout:
        t = wording.t
        self.cancel = SecondaryButton(t("Back"), icon="arrow-left", hint="Esc", height=64)
        self.cancel.clicked.connect(self.reject)
        self.vouch = SecondaryButton(t("A colleague approves here"), icon="badge", height=64)
        self.vouch.clicked.connect(self.vouched)
        self.send = PrimaryButton(t("Send"), icon="check", hint="Ctrl+Enter")
        self.send.clicked.connect(self.sent)
        row = QHBoxLayout()
        row.setSpacing(12)
        row.addWidget(self.cancel)
        row.addWidget(self.vouch)
        row.addWidget(self.send, 1)
        return row

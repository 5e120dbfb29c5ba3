"""Member look-up dialog: field, results, and who is on the sale now; widgets only.

Owns: the layout, keys of the list, telling what was chosen.
Does not own: searching and choosing (controller.py), texts (view_model.py).
"""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from app.wording import Wording
from ui.key_map import Action, KeyMap
from ui.kit.buttons import PrimaryButton, SecondaryButton
from ui.kit.choice_list import ChoiceList
from ui.kit.choice_row import ChoiceRow
from ui.kit.dialogs import KitDialog
from ui.kit.fields import SearchField
from ui.kit.keypad import Keypad
from ui.kit.panels import Card, EmptyState
from ui.kit.text import ElidedText, IconLabel, Text
from ui.member_lookup.view_model import HitView, LookUpView

_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
WIDTH, PAD_WIDTH, LIST_HEIGHT = 900, 280, 300


class LookUpDialog(KitDialog):
    """F3.

    Signals:
        text_edited: arg: the whole text.
        committed: Enter. arg: the text.
        moved: An arrow key. arg: +1 or -1.
        hit_chosen: A row was pressed. arg: its place.
        remove_requested, join_requested, camera_requested: pressed.
    """

    text_edited = Signal(str)
    committed = Signal(str)
    moved = Signal(int)
    hit_chosen = Signal(int)
    remove_requested = Signal()
    join_requested = Signal()
    camera_requested = Signal()

    def __init__(self, parent: QWidget, wording: Wording) -> None:
        super().__init__(parent, title=wording.t("Member"), width=WIDTH, padding=24)
        self._hits: tuple[HitView, ...] = ()
        self._keys: KeyMap | None = None
        self._title = Text(role="h1")
        self.body.addWidget(self._title)
        self.body.addWidget(self._build_member())
        self.field = SearchField(hint="", icon="search")
        self.field.text_edited.connect(self.text_edited)
        self.body.addLayout(self._build_search())
        self._sentence = Text(role="body", tone="text_secondary", wrap=True)
        self.body.addWidget(self._sentence)
        row = QHBoxLayout()
        row.setSpacing(16)
        self.list = ChoiceList(height=LIST_HEIGHT)
        self.list.pressed.connect(self.hit_chosen)
        row.addWidget(self.list, 1)
        self._to_begin = EmptyState(icon="user-circle")
        row.addWidget(self._to_begin, 1)
        self.keypad = Keypad(for_money=False)
        self.keypad.setFixedSize(PAD_WIDTH, LIST_HEIGHT)
        self.keypad.key_pressed.connect(self._on_key)
        row.addWidget(self.keypad)
        self.body.addLayout(row, 1)
        self.body.addLayout(self._build_answers())
        self.retranslate(wording)

    def first_focus(self) -> QWidget | None:
        return self.field.edit

    def retranslate(self, wording: Wording) -> None:
        t = wording.t
        self.field.set_words(t("Phone ⋅ last 4 ⋅ card ⋅ name"), t("Find a member"))
        self._cancel.set_label(t("Back"))
        self.camera.set_label(t("Camera"))
        self.keypad.set_words(t("Delete the last figure"), confirm_name=t("Confirm"))

    def render_view(self, view: LookUpView) -> None:
        self._title.setText(view.title)
        self._member_card.setVisible(bool(view.member))
        self._member.set_text(view.member)
        self.remove.set_label(view.remove_label)
        self._sentence.setText(view.sentence)
        self._sentence.set_tone(view.tone)
        self.field.set_state("error" if view.tone == "danger" else "")
        self.field.edit.setAccessibleDescription(view.sentence)
        self.join.set_label(view.join_label, hint="Enter" if view.enter == "join" else "")
        self.join_instead.set_label(view.join_label)
        self.take.set_label(view.take_label, hint="Enter")
        self.join.setVisible(not view.take_label)
        self.take.setVisible(bool(view.take_label))
        self.take.setEnabled(view.can_take)
        self.join_instead.setVisible(bool(view.take_label))
        self._to_begin.show_words(view.to_begin)
        self._to_begin.setVisible(bool(view.to_begin))
        self.list.setVisible(not view.to_begin)
        self._show_hits(view.hits)
        self.list.set_current(view.current)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        if key in _ENTER:
            self._commit()
        elif key in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self.moved.emit(-1 if key == Qt.Key.Key_Up else 1)
        elif key == Qt.Key.Key_Delete and self.remove.isVisible() and not self.field.text():
            self.remove.click()
        elif self._keys is not None and self._keys.action_of(event) is Action.CAMERA:
            self.camera_requested.emit()
        else:
            super().keyPressEvent(event)
            return
        event.accept()

    def offer_camera(self, keys: KeyMap) -> None:
        """This till can read codes with its camera, by the key of these and by a tap."""
        self._keys = keys
        self.camera.set_label(self.camera.text(), hint=keys.hint(Action.CAMERA))
        self.camera.show()

    def _build_search(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(12)
        self.camera = SecondaryButton(icon="camera", height=56)
        self.camera.clicked.connect(self.camera_requested)
        self.camera.hide()
        row.addWidget(self.field, 1)
        row.addWidget(self.camera)
        return row

    def _build_member(self) -> Card:
        card = Card(kit="sunken", across=True, padding=(16, 8), spacing=12)
        card.body.addWidget(IconLabel("user", tone="member", size=22))
        self._member = ElidedText(role="body_l", weight=600)
        card.body.addWidget(self._member, 1)
        self.remove = SecondaryButton(icon="user-off", hint="Del")
        self.remove.clicked.connect(self.remove_requested)
        card.body.addWidget(self.remove)
        self._member_card = card
        return card

    def _on_key(self, key: str) -> None:
        if key == "confirm":
            self._commit()
        else:
            self.field.press(key)

    def _commit(self) -> None:
        self.committed.emit(self.field.text().strip())

    def _build_answers(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(12)
        self._cancel = SecondaryButton(icon="arrow-left", hint="Esc", height=64)
        self._cancel.clicked.connect(self.reject)
        self.join = PrimaryButton(icon="user-plus")
        self.join.clicked.connect(self.join_requested)
        # With somebody found, the large button takes that person: a hand in a hurry presses it.
        self.join_instead = SecondaryButton(icon="user-plus", height=64)
        self.join_instead.clicked.connect(self.join_requested)
        self.take = PrimaryButton(icon="check")
        self.take.clicked.connect(self._commit)
        row.addWidget(self._cancel)
        row.addWidget(self.join_instead)
        row.addWidget(self.join, 1)
        row.addWidget(self.take, 1)
        return row

    def _show_hits(self, hits: tuple[HitView, ...]) -> None:
        if hits == self._hits:
            return
        self._hits = hits
        self.list.show_rows(
            [ChoiceRow(hit.name, f"{hit.detail}\n{hit.visited}", icon="user") for hit in hits]
        )

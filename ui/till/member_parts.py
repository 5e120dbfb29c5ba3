"""Parts of the member card: its head, its figures and its small lines.

Owns: drawing each of them. Does not own: which are shown where there is little room
(member_card.py), the facts (member_view.py).
"""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from ui.kit.buttons import IconButton
from ui.kit.marks import TierBadge
from ui.kit.text import Chip, ElidedText, IconLabel, KeyHint, Text
from ui.till.member_view import MemberView, NoteView


class MemberHead(QWidget):
    """Who it is: badge, name, tier, how he was recognised, and the eye that shows his number.

    Signals:
        reveal_requested: The eye was pressed.
    """

    reveal_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._revealed = ""
        self._view: MemberView | None = None
        self._row = row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        self._badge = TierBadge()
        self.eye = IconButton("eye", "")
        self.eye.clicked.connect(self.reveal_requested)
        self._chip = Chip(tone="member")
        row.addWidget(self._badge)
        row.addLayout(self._make_names(), 1)
        row.addWidget(self.eye)
        row.addWidget(self._chip, 0, Qt.AlignmentFlag.AlignVCenter)

    def _make_names(self) -> QVBoxLayout:
        names = QVBoxLayout()
        names.setSpacing(0)
        top = QHBoxLayout()
        top.setSpacing(8)
        self._name = ElidedText(role="title")
        self._name.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Preferred)
        self._tier = Text(role="body_l", weight=500)
        top.addWidget(self._name)
        top.addWidget(self._tier)
        top.addStretch(1)
        self._contact = ElidedText(role="body", tone="text_secondary")
        names.addLayout(top)
        names.addWidget(self._contact)
        return names

    @property
    def contact_text(self) -> str:
        return self._contact.whole_text

    def reveal(self, phone: str) -> None:
        """Show the whole number; empty hides it again."""
        self._revealed = phone
        if self._view is not None:
            self._contact.set_text(phone or self._view.contact)
            self.eye.set_icon("eye-off" if phone else "eye")

    def show_member(self, view: MemberView, *, room: int | None, narrow: bool) -> None:
        """Draw him in so many pixels; None = not on screen yet, so all of it is shown."""
        self._view = view
        self._badge.show_tier(view.tone, view.tier)
        self._name.set_text(view.name, shorter=view.name_short)
        self._tier.setText(view.tier)
        self._tier.set_tone(view.tone)
        self._contact.set_text(self._revealed or view.contact)
        self.eye.setVisible(view.can_reveal)
        self._chip.setVisible(bool(view.chip))
        self._chip.show_fact(view.chip, tone=view.chip_tone, icon=view.chip_icon)
        self._chip.set_compact(False)
        # The name comes before the words of the chip: without room the chip is its icon.
        parts = (self._badge, self._name, self._tier, self.eye, self._chip)
        has_room = room is None or sum(p.sizeHint().width() for p in parts) + 3 * 12 + 8 <= room
        self._chip.set_compact(narrow or not has_room)
        self._row.setSpacing(12 if has_room else 6)


class NoteLine(QWidget):
    """A small line with an icon where it warns."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(5)
        self._icon = IconLabel("info", size=15)
        self._text = ElidedText(role="body", tone="text_secondary")
        row.addWidget(self._icon)
        row.addWidget(self._text, 1)

    def show_note(self, note: NoteView) -> None:
        self._icon.setVisible(bool(note.icon))
        if note.icon:
            self._icon.set_icon(note.icon, tone=note.tone)
        self._text.set_text(note.text, shorter=note.shorter)
        self._text.set_tone(note.tone)


class MemberFigure(QWidget):
    """A label, a figure, a note.

    Signals:
        pressed: It was tapped; a key does the same (choices).
    """

    pressed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self._label = Text(role="body", tone="text_secondary")
        self._figure = Text(role="h1")
        self._note = NoteLine()
        for widget in (self._label, self._figure, self._note):
            column.addWidget(widget)

    def show_figure(self, label: str, figure: str, note: NoteView) -> None:
        self._label.setText(label)
        self._figure.setText(figure)
        self._note.show_note(note)
        self.setAccessibleName(f"{label} {figure} {note.text}".strip())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        self.pressed.emit()


class IconLabelText(QWidget):
    """An icon and one elided line; hidden while it is empty."""

    def __init__(self, icon: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        self._text = ElidedText(role="body", tone="text_secondary")
        row.addWidget(IconLabel(icon, tone="text_secondary"))
        row.addWidget(self._text, 1)

    @property
    def text(self) -> str:
        return self._text.whole_text

    def show_text(self, text: str) -> None:
        """The card shows it where there is room; here only an empty one hides."""
        self._text.set_text(text)
        if not text:
            self.hide()


class BenefitsButton(QFrame):
    """What can be done for him now, framed as something to tap; hidden while there is nothing.

    Signals:
        pressed: It was tapped; the key it names does the same. args: the benefit, from 1; 0 =
            several, to be chosen from the sheet.
    """

    pressed = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kit", "benefits")
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self._number, self._key_name = 0, ""
        row = QHBoxLayout(self)
        row.setContentsMargins(10, 2, 3, 2)
        row.setSpacing(8)
        self._text = ElidedText(role="body", tone="text_primary")
        self._key = KeyHint("")
        row.addWidget(IconLabel("gift", tone="primary"))
        row.addWidget(self._text, 1)
        row.addWidget(self._key)

    @property
    def text(self) -> str:
        return self._text.whole_text

    @property
    def key(self) -> str:
        """The key that does the same."""
        return self._key_name

    def show_benefits(self, text: str, number: int, shorter: str, key: str) -> None:
        """`shorter` is said where the whole text has no room; an empty text hides the button.

        Showing it again is the card's: only where there is room.
        """
        self._number = number
        self._text.set_text(text, shorter=shorter)
        self._key_name = key
        self._key.setVisible(bool(key))
        self._key.set_text(self._key_name)
        self.setAccessibleName(text)
        if not text:
            self.hide()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        if self.rect().contains(event.position().toPoint()):
            self.pressed.emit(self._number)


class MemberNote(QWidget):
    """What was written down to serve him; on the warning ground, because it may be an allergy."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kit", "note")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        self._text = ElidedText(role="body_l", tone="warning", weight=500)
        row.addWidget(IconLabel("alert", tone="warning"))
        row.addWidget(self._text, 1)

    def show_text(self, text: str) -> None:
        self._text.set_text(text)
        self.setVisible(bool(text))

"""Parts of the payment screen: who pays, paying with points, what a terminal does.

Owns: their layout and their signals. Does not own: texts (view_model.py), acts (controller.py).
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from app.wording import Wording
from ui.kit.buttons import IconButton, KitButton, PrimaryButton, SecondaryButton
from ui.kit.ear import EventEar
from ui.kit.feedback import Spinner
from ui.kit.marks import Switch, TierBadge
from ui.kit.panels import Card
from ui.kit.text import Chip, ElidedText, IconLabel, KeyHint, NumberLabel, Text
from ui.payment.terminal_view import TerminalView
from ui.payment.view_model import MemberHead, PointsRow
from ui.theme.theme import Theme

_ICON, _GAP = 24, 12
"""The mark before paying with points, and what stands between it and the words."""
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class MemberLine(QWidget):
    """Tier mark, name, tier, phone and points in one line.

    Without room for all of it the phone goes: cut it tells nothing. Then the name is cut.
    """

    def __init__(self) -> None:
        super().__init__()
        self._row = row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 8)
        row.setSpacing(10)
        self._badge = TierBadge(size=40)
        self._name = ElidedText(role="title")
        self._name.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Preferred)
        self._tier = Text(role="body_l", weight=600)
        self._phone = ElidedText(role="body", tone="text_secondary")
        self._points = NumberLabel(role="body_l", tone="text_secondary")
        for widget in (self._badge, self._name, self._tier):
            row.addWidget(widget)
        row.addWidget(self._phone)
        row.addStretch(1)
        row.addWidget(self._points)
        # Another text, language or text size.
        EventEar(self, QEvent.Type.LayoutRequest).heard.connect(self._give_way)

    def show_head(self, head: MemberHead | None) -> None:
        """None: a walk-in; the line goes away."""
        self.setVisible(head is not None)
        if head is None:
            return
        self._badge.show_tier(head.tone, head.tier)
        self._name.set_text(head.name)
        self._tier.setText(head.tier)
        self._tier.set_tone(head.tone)
        self._phone.set_text(head.phone)
        self._points.setText(head.points)
        self._give_way()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._give_way()

    def _give_way(self) -> None:
        parts = (self._badge, self._name, self._tier, self._phone, self._points)
        gaps = self._row.spacing() * len(parts)
        has_room = sum(part.sizeHint().width() for part in parts) + gaps <= self.width()
        if self._phone.isHidden() == has_room:  # each touch asks for a layout
            self._phone.setVisible(has_room)


class PointsLine(QWidget):
    """Paying with points: a switch, what it takes off, and a way to another number.

    Signals:
        toggled: The switch was pressed.
        edit_requested: Another number of points is wanted.
    """

    toggled = Signal()
    edit_requested = Signal()

    def __init__(self) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 8, 0, 8)
        column.setSpacing(0)
        row = QHBoxLayout()
        row.setSpacing(_GAP)
        row.addWidget(IconLabel("coins", tone="member", size=_ICON))
        words = QVBoxLayout()
        words.setSpacing(0)
        head = QHBoxLayout()
        head.setSpacing(8)
        self._label = ElidedText(role="body_l", weight=600)
        self._label.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Preferred)
        self._hint = KeyHint("")
        head.addWidget(self._label)  # whole before the stretch gets any room
        head.addWidget(self._hint)
        head.addStretch(1)
        words.addLayout(head)
        self._detail = ElidedText(role="body", tone="text_secondary")
        words.addWidget(self._detail)
        row.addLayout(words, 1)
        self._edit = IconButton("edit", "")
        self._edit.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._edit.clicked.connect(self.edit_requested)
        row.addWidget(self._edit)
        self._figure = NumberLabel(role="title", tone="saving")
        row.addWidget(self._figure)
        self.switch = Switch()
        self.switch.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # a tap leaves the amount its focus
        self.switch.clicked.connect(self.toggled)
        row.addWidget(self.switch)
        column.addLayout(row)
        self._how = Text(role="body", tone="text_secondary", wrap=True)
        column.addWidget(self._how)

    def retranslate(self, wording: Wording) -> None:
        self.switch.setAccessibleName(wording.t("Pay with points"))

    def show_hint(self, key: str) -> None:
        self._hint.set_text(key)

    def set_narrow(self, narrow: bool) -> None:
        """At 1024 px the key stands in the help only."""
        self._hint.setVisible(not narrow)

    def show_row(self, points: PointsRow | None, *, is_free: bool) -> None:
        """None: nobody here has points; the row goes away. `is_free` False: nothing may change."""
        self.setVisible(points is not None)
        if points is None:
            return
        self._label.set_text(points.label, shorter=points.label_short)
        self._detail.set_text(points.detail, shorter=points.detail_short)
        self._detail.setVisible(bool(points.detail))
        self._how.setContentsMargins(Theme.current().size(_ICON) + _GAP, 0, 0, 0)
        self._how.setText(points.how)
        self._how.setVisible(bool(points.how))
        self._figure.setText(points.figure)
        self._figure.setVisible(bool(points.figure))
        self._edit.set_name(points.edit_label)
        self._edit.setVisible(points.can_toggle)
        self._edit.setEnabled(is_free)
        self.switch.setChecked(points.is_on)
        self.switch.setEnabled(points.can_toggle and is_free)
        self.switch.setAccessibleDescription(f"{points.detail} {points.how}".strip())


class TerminalPanel(Card):
    """The right side while a terminal takes the money; `acts` go to the foot of the screen.

    Enter takes the primary act only where it is safe; saying "paid" needs Ctrl+Enter or a tap.

    Signals:
        acted: arg: taken, not_taken, check or cash.
    """

    acted = Signal(str)

    def __init__(self) -> None:
        super().__init__(padding=(32, 24), spacing=12)
        self._view: TerminalView | None = None
        self._buttons: dict[str, KitButton] = {}
        self._label = Chip("", icon="info", tone="warning")
        self._icon = IconLabel("card", tone="primary", size=64)
        self._spinner = Spinner(size=64)
        self._amount = Text(role="amount")
        self._headline = Text(role="h1", wrap=True)
        self._sentence = Text(role="body_l", tone="text_secondary", wrap=True)
        self._elapsed = Text(role="title", tone="text_secondary")
        self.body.addStretch(1)
        middle = Qt.AlignmentFlag.AlignHCenter
        for widget in (self._label, self._icon, self._spinner, self._amount):
            self.body.addWidget(widget, 0, middle)
        for text in (self._headline, self._sentence, self._elapsed):
            text.setAlignment(Qt.AlignmentFlag.AlignCenter)
            self.body.addWidget(text)
        self.body.addStretch(1)
        self.acts = QWidget()
        self._acts = QHBoxLayout(self.acts)
        self._acts.setContentsMargins(0, 0, 0, 0)
        self._acts.setSpacing(16)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Ignored)

    @property
    def headline(self) -> str:
        return self._headline.text()

    def button(self, act: str) -> KitButton | None:
        """The button of an act, while it is shown."""
        button = self._buttons.get(act)
        return button if button is not None and not button.isHidden() else None

    def first_focus(self) -> QWidget | None:
        """The safe act, where there is one."""
        return self.button("check") or self.button("not_taken")

    def show_terminal(self, view: TerminalView) -> None:
        self._view = view
        self._label.setVisible(bool(view.label))
        self._label.show_fact(view.label)
        self._icon.setVisible(not view.is_waiting)
        self._icon.set_icon(view.icon, tone=view.tone)
        self._spinner.setVisible(view.is_waiting)
        self._amount.setText(view.amount)
        self._amount.setVisible(bool(view.amount))
        self._headline.setText(view.headline)
        self._sentence.setText(view.sentence)
        self._elapsed.setText(view.elapsed)
        self._elapsed.setVisible(bool(view.elapsed))
        self.setAccessibleName(view.headline)
        self._show_acts(view)

    def take_key(self, event: QKeyEvent) -> bool:
        """A key of the acts that are shown. False: it is nobody's here."""
        if not self.isVisible() or event.isAutoRepeat():
            return False
        control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        act = ""
        if event.key() in _ENTER:
            act = "taken" if control else "check"
        elif event.key() == Qt.Key.Key_Delete:
            act = "not_taken"
        button = self.button(act) if act else None
        if button is None:
            return False
        button.click()
        return True

    def _show_acts(self, view: TerminalView) -> None:
        wanted: dict[str, tuple[str, str]] = {act: (label, key) for act, label, key in view.acts}
        for act, (label, key) in wanted.items():
            if act not in self._buttons:
                self._buttons[act] = self._make_button(act)
            self._buttons[act].set_label(label, hint=key)
        for act, button in self._buttons.items():
            button.setVisible(act in wanted)
            button.setEnabled(not view.is_waiting)

    def _make_button(self, act: str) -> KitButton:
        is_primary = act in ("taken", "check")
        button = PrimaryButton(icon="check") if is_primary else SecondaryButton(height=64)
        button.clicked.connect(lambda: self.acted.emit(act))
        if is_primary:
            self._acts.addWidget(button, 1)
        else:
            self._acts.insertWidget(0, button)
        return button

"""Sign-in screen: clock and badge on the left, people and PIN on the right; widgets only.

Owns: the layout, telling which person, figure or switch was pressed.
Does not own: what they mean (controller.py), the PIN: the screen shows dots and keeps no figure.
"""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from app.wording import Wording
from ui.header import Logo
from ui.kit.buttons import IconButton, KitButton
from ui.kit.feedback import Banner
from ui.kit.keypad import Keypad
from ui.kit.looks import CHOSEN, PLAIN
from ui.kit.marks import Initial, PinDots
from ui.kit.panels import Card, Rule
from ui.kit.text import Chip, ElidedText, IconLabel, Text
from ui.sign_in.view_model import PersonView, SignInView
from ui.status import StatusView
from ui.theme.theme import Theme, follow, repolish

NARROW_BELOW = 1200
LEFT_WIDE, LEFT_NARROW = 520, 372
_PER_ROW = 2
_BAR_ROOM = 16
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_STEPS = {
    Qt.Key.Key_Left: -1,
    Qt.Key.Key_Right: 1,
    Qt.Key.Key_Up: -_PER_ROW,
    Qt.Key.Key_Down: _PER_ROW,
}


class PersonTile(KitButton):
    """One person, 80 px high: initial, name, role."""

    def __init__(self) -> None:
        super().__init__()
        self._height = 80
        self.setCheckable(True)
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 8, 12, 8)
        row.setSpacing(12)
        self._initial = Initial("")
        self._name = ElidedText(role="key", weight=600)
        self._role_line = ElidedText(role="body", tone="text_secondary")
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addStretch(1)
        words.addWidget(self._name)
        words.addWidget(self._role_line)
        words.addStretch(1)
        row.addWidget(self._initial)
        row.addLayout(words, 1)
        for part in (self._name, self._role_line):
            part.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def show_person(self, person: PersonView) -> None:
        self._initial.show_letter(person.initial)
        self._initial.set_chosen(person.is_chosen)
        self._name.set_text(person.name)
        self._role_line.set_text(person.role)
        self.setChecked(person.is_chosen)
        self.setAccessibleName(f"{person.name} {person.role}")

    def sizeHint(self) -> QSize:
        return QSize(234, self._theme.size(self._height))

    def minimumSizeHint(self) -> QSize:
        return QSize(160, self._theme.size(self._height))

    def nextCheckState(self) -> None:
        """The view says who is chosen, not the press."""

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_ground(painter, CHOSEN if self.isChecked() else self._look)
        painter.end()


class SignInScreen(QWidget):
    """Signing in.

    Signals:
        person_chosen: arg: the staff id.
        figure_typed: arg: one figure.
        figure_deleted, submitted: Backspace, Enter.
        step_requested: An arrow key. arg: how many tiles further.
        language_requested, theme_requested: pressed.
    """

    person_chosen = Signal(str)
    figure_typed = Signal(str)
    figure_deleted = Signal()
    submitted = Signal()
    step_requested = Signal(int)
    language_requested = Signal()
    theme_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kit", "screen")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._tiles: list[PersonTile] = []
        self._people: tuple[PersonView, ...] = ()
        columns = QHBoxLayout(self)
        columns.setContentsMargins(0, 0, 0, 0)
        columns.setSpacing(0)
        self._left = QWidget()
        self._build_left()
        columns.addWidget(self._left)
        columns.addWidget(Rule(upright=True))
        columns.addWidget(self._build_right(), 1)
        self._theme = follow(self, self._size)
        self._size()

    def retranslate(self, wording: Wording) -> None:
        t = wording.t
        self.keypad.set_words(t("Delete the last figure"), confirm_name=t("Sign in"))
        self._language.set_label("EN" if wording.is_chinese else "中")
        self._language.setAccessibleName(t("Switch the language"))
        self._theme_key.set_name(t("Light or dark"))
        self.setAccessibleName(t("Sign in"))

    def render_view(self, view: SignInView) -> None:
        self._product.setText(view.product)
        self._place.setText(view.place)
        self.show_time(view.clock, view.date)
        self._waiting.show_banner(view.waiting)
        self._badge_title.setText(view.badge_title)
        self._badge_detail.setText(view.badge_detail)
        self._title.setText(view.title)
        self._show_people(view.people)
        self._prompt.setText(view.prompt)
        self.dots.show_dots(view.typed, length=view.length, is_wrong=view.is_wrong)
        self.dots.setAccessibleName(view.prompt)
        self.notice.show_banner(view.notice, tone=view.notice_tone)
        self.keypad.setEnabled(view.can_type)
        self.keypad.key("confirm").setEnabled(view.can_submit)

    def show_time(self, clock: str, date: str) -> None:
        """Only the minute changed."""
        self._clock.setText(clock)
        self._date.setText(date)

    def show_status(self, status: StatusView) -> None:
        self._status.show_fact(status.text, tone=status.tone, icon=status.icon, short=status.short)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        text = event.text()
        if text and text in "0123456789":
            self.figure_typed.emit(text)
        elif key in (Qt.Key.Key_Backspace, Qt.Key.Key_Delete):
            self.figure_deleted.emit()
        elif key in _ENTER:
            self.submitted.emit()
        elif key in _STEPS:
            self.step_requested.emit(_STEPS[key])
        else:
            super().keyPressEvent(event)
            return
        event.accept()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._size()

    def _build_left(self) -> None:
        self._column = column = QVBoxLayout(self._left)
        column.setContentsMargins(56, 56, 56, 32)
        column.setSpacing(8)
        self._logo = Logo(72)
        column.addWidget(self._logo)
        column.addSpacing(16)
        self._product = Text(role="amount")
        self._place = Text(role="key", tone="text_secondary", weight=400, wrap=True)
        column.addWidget(self._product)
        column.addWidget(self._place)
        column.addStretch(3)
        self._clock = Text(role="display")
        self._date = Text(role="key", tone="text_secondary", weight=400)
        column.addWidget(self._clock)
        column.addWidget(self._date)
        column.addStretch(2)
        self._waiting = Banner()
        column.addWidget(self._waiting)
        column.addSpacing(8)
        column.addWidget(self._build_badge())
        column.addLayout(self._build_switches())

    def _build_badge(self) -> Card:
        card = Card(across=True, padding=(20, 16), spacing=16)
        card.body.addWidget(IconLabel("badge", tone="primary", size=32))
        words = QVBoxLayout()
        words.setSpacing(2)
        self._badge_title = Text(role="key", weight=600, wrap=True)
        self._badge_detail = Text(role="body", tone="text_secondary", wrap=True)
        words.addWidget(self._badge_title)
        words.addWidget(self._badge_detail)
        card.body.addLayout(words, 1)
        return card

    def _build_switches(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(4)
        self._status = Chip("", dot=True, tone="info", outlined=True)
        self._language = KitButton(look=PLAIN)
        self._language.clicked.connect(self.language_requested)
        self._theme_key = IconButton("moon", "")
        self._theme_key.clicked.connect(self.theme_requested)
        row.addWidget(self._status)
        row.addStretch(1)
        row.addWidget(self._language)
        row.addWidget(self._theme_key)
        return row

    def _build_right(self) -> QWidget:
        right = Card(kit="plain", padding=(24, 24), spacing=0)
        across = QHBoxLayout()
        across.addStretch(1)
        column = QVBoxLayout()
        column.setSpacing(12)
        self._title = Text(role="h1")
        column.addStretch(1)
        column.addWidget(self._title)
        column.addSpacing(8)
        column.addWidget(self._build_people())
        column.addSpacing(16)
        column.addLayout(self._build_pin())
        column.addStretch(1)
        across.addLayout(column, 10)
        across.addStretch(1)
        right.body.addLayout(across)
        return right

    def _build_people(self) -> QWidget:
        self._scroll = QScrollArea()
        self._scroll.setWidgetResizable(True)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        inside = QWidget()
        self._grid = QGridLayout(inside)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(12)
        self._scroll.setWidget(inside)
        return self._scroll

    def _build_pin(self) -> QVBoxLayout:
        column = QVBoxLayout()
        column.setSpacing(12)
        middle = Qt.AlignmentFlag.AlignHCenter
        self._prompt = Text(role="body_l", tone="text_secondary", weight=500)
        self.dots = PinDots()
        self.notice = Banner()
        keeps_room = self.notice.sizePolicy()
        keeps_room.setRetainSizeWhenHidden(True)  # keys do not move under the finger
        self.notice.setSizePolicy(keeps_room)
        self.keypad = Keypad(for_money=False)
        self.keypad.key_pressed.connect(self._on_key)
        for part in (self._prompt, self.dots):
            column.addWidget(part, 0, middle)
        column.addWidget(self.notice)
        column.addSpacing(8)
        column.addWidget(self.keypad, 0, middle)
        return column

    def _on_key(self, key: str) -> None:
        if key == "back":
            self.figure_deleted.emit()
        elif key == "confirm":
            self.submitted.emit()
        else:
            self.figure_typed.emit(key)

    def _show_people(self, people: tuple[PersonView, ...]) -> None:
        while len(self._tiles) < len(people):
            place = len(self._tiles)
            tile = PersonTile()
            tile.clicked.connect(lambda _=False, chosen=place: self._choose(chosen))
            self._grid.addWidget(tile, place // _PER_ROW, place % _PER_ROW)
            self._tiles.append(tile)
        self._people = people
        for place, tile in enumerate(self._tiles):
            tile.setVisible(place < len(people))
            if place < len(people):
                tile.show_person(people[place])
                if people[place].is_chosen:
                    self._scroll.ensureWidgetVisible(tile)
        self._size()

    def _choose(self, place: int) -> None:
        self.person_chosen.emit(self._people[place].staff_id)

    def _size(self) -> None:
        narrow = self.width() < NARROW_BELOW
        self._left.setFixedWidth(LEFT_NARROW if narrow else LEFT_WIDE)
        side = 24 if narrow else 56
        self._column.setContentsMargins(side, 32 if narrow else 56, side, 24 if narrow else 32)
        theme = Theme.current()
        self._theme_key.set_icon("sun" if theme.is_dark else "moon")
        key = (theme.size(120), theme.size(64) if theme.scale_percent < 130 else 56)
        self.keypad.setFixedSize(3 * key[0] + 16, 4 * key[1] + 24)
        rows = max(1, -(-len(self._people) // _PER_ROW))
        wanted = rows * (theme.size(80) + 12) - 12
        room = 2 * (theme.size(80) + 12) + (0 if rows <= 2 else theme.size(40))
        self._scroll.setFixedHeight(min(wanted, room))
        # The bar stands beside the tiles, not on their edge.
        wide = theme.size(480) + (_BAR_ROOM if wanted > room else 0)
        self._scroll.setMinimumWidth(0 if narrow else wide)
        self._scroll.setMaximumWidth(wide)
        self.notice.setMaximumWidth(theme.size(480))
        is_tight = narrow and theme.scale_percent >= 130
        self._status.set_compact(is_tight)
        self._logo.setVisible(not is_tight)
        role = "amount_xl" if is_tight else "display"
        if self._clock.property("role") != role:
            self._clock.setProperty("role", role)
            repolish(self._clock)

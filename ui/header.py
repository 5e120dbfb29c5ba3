"""Header: the 48 px across the top of every screen.

Owns: logo, shop and till, tabs, status chip, staff, language and theme keys.
Does not own: what happens on a press (main_window.py), the facts it shows.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFont, QFontMetrics, QMouseEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QSizePolicy, QWidget

from app.wording import Wording
from ui.kit.buttons import IconButton, KitButton
from ui.kit.looks import PLAIN
from ui.kit.panels import Rule
from ui.kit.text import Chip, ElidedText, Text
from ui.status import StatusView
from ui.theme.theme import Theme, follow

HEIGHT = 48
LARGE_FROM = 130
_LOGO = "掌"
_GIVEN_MOST = 4
"""What gives way, one after the other: the till's number, the size of the tabs, the role of who
works here, the words of the status (never its number).
"""


@dataclass(frozen=True, slots=True)
class Tab:
    """One room of the shop in the header. `count` 0 shows no number."""

    name: str
    label: str
    count: int = 0


class Logo(QWidget):
    """The sign of the shop: 掌 on the primary colour."""

    def __init__(self, size: int = 32, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._size = size
        self._theme = follow(self)
        self.setFixedSize(size, size)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._theme.colour("primary"))
        painter.drawRoundedRect(self.rect(), self._size // 5, self._size // 5)
        font = QFont(self._theme.font("title", 700))
        font.setPixelSize(self._size * 9 // 16)
        painter.setFont(font)
        painter.setPen(self._theme.colour("on_primary"))
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, _LOGO)
        painter.end()


class TabButton(QPushButton):
    """A header tab: a word, a count, a line under the chosen one."""

    def __init__(self, tab: Tab, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.tab = tab
        self._around, self._role = 28, "body_l"
        self.setCheckable(True)
        self.setAutoExclusive(True)
        self.setAutoDefault(False)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._theme = follow(self, self.updateGeometry)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)
        self.show_tab(tab)

    def set_tight(self, *, narrow: bool, small: bool) -> None:
        """Less around the word in a narrow window, and smaller words where text is large."""
        self._around, self._role = (16 if narrow else 28), ("body" if small else "body_l")
        self.updateGeometry()
        self.update()

    def show_tab(self, tab: Tab) -> None:
        self.tab = tab
        self.setAccessibleName(f"{tab.label} {tab.count}" if tab.count else tab.label)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        label = QFontMetrics(self._theme.font(self._role, 600)).horizontalAdvance(self.tab.label)
        return QSize(label + self._around + self._count_width(), HEIGHT)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        theme, chosen = self._theme, self.isChecked()
        painter.setFont(theme.font(self._role, 600 if chosen else 500))
        painter.setPen(theme.colour("text_primary" if chosen else "text_secondary"))
        count = self._count_width()
        words = self.rect().adjusted(0, 0, -count, 0)
        painter.drawText(words, Qt.AlignmentFlag.AlignCenter, self.tab.label)
        if count:
            mark = QRectF(self.width() - count - 6, self.height() / 2 - 12, count, 24)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.colour("bg_sunken"))
            painter.drawRoundedRect(mark, 12, 12)
            painter.setPen(theme.colour("text_primary"))
            painter.setFont(theme.font("body", 500))
            painter.drawText(mark, Qt.AlignmentFlag.AlignCenter, str(self.tab.count))
        if chosen:
            bar = theme.colour("primary")
            painter.fillRect(0, self.height() - 3, self.width(), 3, bar)
        if self.hasFocus():
            painter.setPen(theme.colour("focus"))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(self.rect().adjusted(2, 4, -3, -6), 4, 4)
        painter.end()

    def _count_width(self) -> int:
        if not self.tab.count:
            return 0
        digits = QFontMetrics(self._theme.font("body", 500)).horizontalAdvance(str(self.tab.count))
        return max(24, digits + 14)


class _StatusChip(Chip):
    pressed = Signal()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self.pressed.emit()


class Header(QFrame):
    """The header.

    Signals:
        tab_chosen: arg: the tab's name.
        status_chosen, bell_chosen, display_chosen, staff_chosen, language_chosen, theme_chosen:
            pressed.
    """

    tab_chosen = Signal(str)
    status_chosen = Signal()
    bell_chosen = Signal()
    display_chosen = Signal()
    staff_chosen = Signal()
    language_chosen = Signal()
    theme_chosen = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kit", "header")
        self.setFixedHeight(HEIGHT)
        self._tabs: list[TabButton] = []
        self._is_narrow = False
        self._staff_words = ("", "")
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(16, 0, 12, 0)
        self._row.setSpacing(10)
        self._shop = ElidedText(role="body_l", weight=600)
        self._till = Text(role="body", tone="text_secondary")
        self._tab_row = QHBoxLayout()
        self._tab_row.setSpacing(4)
        self._status = _StatusChip(dot=True, outlined=True, tone="info")
        self._status.pressed.connect(self.status_chosen)
        self._bell = KitButton(icon="bell", look=PLAIN)
        self.display = _small("monitor-off")
        self._staff = KitButton(icon="user-circle", look=PLAIN)
        self._language = KitButton(look=PLAIN)
        self._theme_key = _small("moon")
        self._fill()

    def _fill(self) -> None:
        self._shop.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Preferred)
        for widget in (Logo(), self._shop, self._till):
            self._row.addWidget(widget)
        self._row.addSpacing(16)
        self._row.addLayout(self._tab_row)
        self._row.addStretch(1)
        separator = Rule(upright=True)
        separator.setFixedHeight(20)
        for part in (self._status, self.display, self._bell, self._staff, separator):
            self._row.addWidget(part)
        self._row.addWidget(self._language)
        self._row.addWidget(self._theme_key)
        for key in (self._staff, self._language, self._bell):
            key.setFixedHeight(40)
            key.set_role("body")
        self._bell.clicked.connect(self.bell_chosen)
        self._staff.clicked.connect(self.staff_chosen)
        self._language.clicked.connect(self.language_chosen)
        self._theme_key.clicked.connect(self.theme_chosen)
        self._staff.hide()
        self._bell.hide()
        # Queued: every word has said its new size by then, those of the tabs too.
        follow(self).changed.connect(self._give_room, Qt.ConnectionType.QueuedConnection)
        self.display.clicked.connect(self.display_chosen)
        self.display.hide()

    def show_place(self, shop: str, till: str) -> None:
        self._shop.set_text(shop)
        self._till.setText(till)
        self._give_room()

    def show_tabs(self, tabs: Sequence[Tab], current: str = "") -> None:
        """Show these rooms; buttons are reused, so the focus stays."""
        while len(self._tabs) < len(tabs):
            button = TabButton(tabs[len(self._tabs)])
            button.clicked.connect(self._on_tab)
            self._tabs.append(button)
            self._tab_row.addWidget(button)
        for position, button in enumerate(self._tabs):
            button.setVisible(position < len(tabs))
            if position < len(tabs):
                button.show_tab(tabs[position])
        self._give_room()
        if current:
            self.show_tab(current)

    def show_tab(self, name: str) -> None:
        for button in self._tabs:
            if button.tab.name == name:
                button.setChecked(True)

    def show_staff(self, label: str, shorter: str) -> None:
        """`李* ⋅ 收银员`, shorter `李*`; empty: nobody is signed in."""
        self._staff_words = (label, shorter)
        self._staff.setVisible(bool(label))
        self._give_room()

    def show_notices(self, count: int, name: str) -> None:
        """The bell with its number, which `name` says in words; none hides it."""
        self._bell.set_label(str(count))
        self._bell.setAccessibleName(name)
        self._bell.setToolTip(name)
        self._bell.setVisible(count > 0)
        self._give_room()

    def show_display_lost(self, lost: bool) -> None:
        """The customer's screen is gone: an icon, no sentence, nothing stops."""
        self.display.setVisible(lost)
        self._give_room()

    def show_status(self, view: StatusView) -> None:
        self._status.show_fact(view.text, tone=view.tone, icon=view.icon, short=view.short)
        self._give_room()

    def show_theme_key(self, *, is_dark: bool) -> None:
        self._theme_key.set_icon("sun" if is_dark else "moon")

    def set_narrow(self, narrow: bool) -> None:
        """Below 1200 px the till's number gives way, in large text the size of the tabs too."""
        self._is_narrow = narrow
        self._give_room()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._give_room()

    def _give_room(self) -> None:
        """The shop's name stays whole as long as anything else can do with less."""
        is_large = Theme.current().scale_percent >= LARGE_FROM
        first = (2 if is_large else 1) if self._is_narrow else 0
        for given in range(first, _GIVEN_MOST + 1):
            self._till.setVisible(given < 1)
            self._status.set_compact(given >= 4)
            self._staff.set_label(self._staff_words[given >= 3])
            for button in self._tabs:
                button.set_tight(narrow=self._is_narrow or given >= 1, small=given >= 2)
            if self._row.sizeHint().width() <= self.width():
                return

    def retranslate(self, wording: Wording) -> None:
        other = "EN" if wording.is_chinese else "中"
        self._language.setText(other)
        self._language.setAccessibleName(wording.t("Switch the language"))
        self._language.updateGeometry()
        self._theme_key.set_name(wording.t("Light or dark"))
        self.display.set_name(wording.t("The customer display is not there; selling goes on"))

    @property
    def status_text(self) -> str:
        return self._status.text

    @property
    def status_tone(self) -> str:
        return self._status.tone

    def _on_tab(self) -> None:
        button = self.sender()
        assert isinstance(button, TabButton)
        self.tab_chosen.emit(button.tab.name)


def _small(icon: str) -> IconButton:
    return IconButton(icon, icon, size=40)

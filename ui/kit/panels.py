"""Panels: cards, rules, rows of label and figure, the sheet over the right column, empty states.

Owns: the surfaces a screen is laid out on.
Does not own: what stands on them.
"""

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QBoxLayout,
    QFrame,
    QHBoxLayout,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from ui.kit.buttons import IconButton, SecondaryButton
from ui.kit.scrolling import ScrollArea
from ui.kit.text import ElidedText, IconLabel, NumberLabel, Text


class Card(QFrame):
    """A bordered surface. `kit`: card, sunken, plain or app. Put children into `body`."""

    def __init__(
        self,
        *,
        kit: str = "card",
        padding: tuple[int, int] = (20, 16),
        spacing: int = 12,
        across: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setProperty("kit", kit)
        direction = QBoxLayout.Direction.LeftToRight if across else QBoxLayout.Direction.TopToBottom
        self.body = QBoxLayout(direction, self)
        self.body.setContentsMargins(padding[0], padding[1], padding[0], padding[1])
        self.body.setSpacing(spacing)


class Rule(QFrame):
    """A hairline between things."""

    def __init__(
        self, *, strong: bool = False, upright: bool = False, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setProperty("kit", "rule_upright" if upright else "rule")
        self.setProperty("strong", strong)


class FigureRow(QWidget):
    """A label on the left, a figure on the right; totals are made of these."""

    def __init__(
        self,
        label: str = "",
        figure: str = "",
        *,
        role: str = "body_l",
        tone: str = "",
        label_tone: str = "text_secondary",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(12)
        self._label = ElidedText(label, role=role, tone=label_tone)
        self._figure = NumberLabel(figure, role=role, tone=tone, weight=500)
        row.addWidget(self._label, 1)
        row.addWidget(self._figure)

    def show_row(self, label: str, figure: str, *, tone: str = "", shorter: str = "") -> None:
        """`shorter`: the label where there is no room for the whole one."""
        self._label.set_text(label, shorter=shorter)
        self._figure.setText(figure)
        self._figure.set_tone(tone)

    @property
    def texts(self) -> tuple[str, str]:
        return self._label.whole_text, self._figure.text()


class ListRow(QWidget):
    """Icon, name with a second line, and something at the end; for short lists (coupons, parts).

    Long lists are views with a delegate, never rows of these.
    """

    def __init__(
        self,
        name: str,
        *,
        detail: str = "",
        icon: str = "",
        icon_tone: str = "text_secondary",
        end: str = "",
        end_tone: str = "text_secondary",
        height: int = 32,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        if icon:
            row.addWidget(IconLabel(icon, tone=icon_tone))
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(ElidedText(name, role="body_l", weight=600))
        if detail:
            words.addWidget(Text(detail, role="body", tone="text_secondary", wrap=True))
        row.addLayout(words, 1)
        if end:
            row.addWidget(NumberLabel(end, role="body", tone=end_tone))
        self.setMinimumHeight(height)
        self.setAccessibleName(" ".join(part for part in (name, detail, end) if part))


class EmptyState(QWidget):
    """What to do when there is nothing yet: an icon and a sentence, in the middle."""

    def __init__(
        self,
        sentence: str = "",
        *,
        icon: str = "scan",
        detail: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        column = QVBoxLayout(self)
        column.setSpacing(8)
        self._sentence = Text(sentence, role="body_l", weight=500, wrap=True)
        self._detail = Text(detail, role="body", tone="text_secondary", wrap=True)
        self._icon = IconLabel(icon, tone="text_disabled", size=48)
        column.addStretch(1)
        column.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addSpacing(4)
        for line in (self._sentence, self._detail):
            line.setAlignment(Qt.AlignmentFlag.AlignCenter)
            column.addWidget(line)
        column.addStretch(1)
        self.show_words(sentence, detail)

    def show_words(self, sentence: str, detail: str = "", *, icon: str | None = None) -> None:
        self._sentence.setText(sentence)
        self._detail.setText(detail)
        self._detail.setVisible(bool(detail))
        if icon is not None:
            self._icon.set_icon(icon)


class SheetPanel(QFrame):
    """A sheet laid over one widget of the screen (the right column); the rest stays live.

    It covers `over` exactly and follows its size. Esc or the cross closes it. Put children into
    `body`; they scroll when they need more room than there is, `foot` stays in view.

    Signals:
        closed: The sheet went away.
    """

    closed = Signal()

    def __init__(self, over: QWidget, *, title: str, close_label: str, icon: str = "help") -> None:
        super().__init__(over.window())
        self._over = over
        self.setProperty("kit", "sheet")
        self.setAccessibleName(title)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 16, 20, 16)
        column.setSpacing(8)
        column.addLayout(self._make_head(title, close_label, icon))
        self.area = self._make_scroll()
        column.addWidget(self.area, 1)
        self.foot = QVBoxLayout()
        self.foot.setSpacing(8)
        column.addLayout(self.foot)
        self._close = SecondaryButton(close_label, hint="Esc")
        self._close.clicked.connect(self.close_sheet)
        column.addWidget(self._close)
        over.installEventFilter(self)
        self._cover()

    def open_sheet(self) -> None:
        self._cover()
        self.show()
        self.raise_()
        self._close.setFocus()

    def close_sheet(self) -> None:
        self._over.removeEventFilter(self)
        self.hide()
        self.closed.emit()
        self.deleteLater()

    def set_words(self, title: str, close_label: str, *, shorter: str = "") -> None:
        """Another title (another line) or another language; `shorter` where it would be cut."""
        self.setAccessibleName(title)
        self._title.set_text(title, shorter=shorter)
        self._cross.set_name(close_label)
        self._close.set_label(close_label)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.Resize, QEvent.Type.Move):
            self._cover()
        return False

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.close_sheet()
        else:
            super().keyPressEvent(event)

    def _make_head(self, title: str, close_label: str, icon: str) -> QHBoxLayout:
        head = QHBoxLayout()
        head.setSpacing(10)
        head.addWidget(IconLabel(icon, tone="primary", size=24))
        self._title = ElidedText(title, role="title")
        head.addWidget(self._title, 1)
        self._cross = IconButton("x", close_label, framed=True, size=48)
        self._cross.clicked.connect(self.close_sheet)
        head.addWidget(self._cross)
        return head

    def _make_scroll(self) -> ScrollArea:
        scroll = ScrollArea(spacing=8)
        scroll.inside.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self.body = scroll.body
        return scroll

    def _cover(self) -> None:
        window = self.parentWidget()
        assert window is not None
        top_left = self._over.mapTo(window, self._over.rect().topLeft())
        self.setGeometry(top_left.x(), top_left.y(), self._over.width(), self._over.height())


def stand_alone(card: Card, page: QWidget) -> None:
    """Put one card on an empty page: in the middle across, a little above it down."""
    across = QHBoxLayout()
    across.addStretch(1)
    across.addWidget(card)
    across.addStretch(1)
    column = QVBoxLayout(page)
    column.setContentsMargins(16, 16, 16, 16)
    column.addStretch(1)
    column.addLayout(across)
    column.addStretch(2)

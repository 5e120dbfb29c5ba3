"""Feedback: banners, the bar at the screen's edge, the spinner, progress.

Owns: how the till says that something happened, is wrong or takes time.
Does not own: the sentences; the sounds (ui/sounds.py), of which the edge bar is the visual twin.
"""

from PySide6.QtCore import QEvent, QObject, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QSizePolicy, QVBoxLayout, QWidget

from ui.kit.buttons import LinkButton, SecondaryButton
from ui.kit.text import IconLabel, Text
from ui.theme.theme import follow

EDGE_BAR_MS = 600
_TONE_ICONS = {
    "success": "check-circle",
    "warning": "alert",
    "danger": "alert-circle",
    "info": "info",
    "offline": "cloud-off",
    "member": "gift",
}


class Banner(QWidget):
    """One sentence across the screen or panel: icon, words, and at most one act.

    `tone`: success, warning, danger, info, offline or member.

    Signals:
        acted: The person chose the banner's act. pressed: or touched its words.
    """

    acted = Signal()
    pressed = Signal()

    def __init__(self, *, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._tone = "info"
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 8, 8, 8)
        row.setSpacing(10)
        self._icon = IconLabel("info", tone="info", size=22)
        self._sentence = Text(role="body_l", weight=500, wrap=True)
        self._act = LinkButton()
        self._act.clicked.connect(self.acted)
        row.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(self._sentence, 1)
        row.addWidget(self._act)
        self._theme = follow(self)
        self.setMinimumHeight(44)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self.hide()

    @property
    def sentence(self) -> str:
        return self._sentence.text()

    def show_banner(self, sentence: str, *, tone: str = "info", act: str = "") -> None:
        """Show it; an empty sentence hides it."""
        self._tone = tone
        self._icon.set_icon(_TONE_ICONS[tone], tone=tone)
        self._sentence.setText(sentence)
        self._sentence.set_tone(tone)
        self._act.set_label(act)
        self._act.setVisible(bool(act))
        self.setAccessibleName(sentence)
        self.setVisible(bool(sentence))
        self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.pressed.emit()
        event.accept()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._theme.colour(f"{self._tone}_bg"))
        painter.drawRoundedRect(self.rect(), 8, 8)
        painter.end()


class EdgeBar(QWidget):
    """Four pixels along the window's upper edge for 600 ms: a sound for the deaf."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._tone = "success"
        self._theme = follow(self)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(EDGE_BAR_MS)
        self._timer.timeout.connect(self.hide)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        window.installEventFilter(self)
        self.hide()

    @property
    def tone(self) -> str:
        return self._tone

    def flash(self, tone: str) -> None:
        """success, member, danger, warning or info."""
        self._tone = tone
        self._fit()
        self.show()
        self.raise_()
        self.update()
        self._timer.start()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize:
            self._fit()
        return False

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), self._theme.colour(self._tone))
        painter.end()

    def _fit(self) -> None:
        window = self.parentWidget()
        assert window is not None
        self.setGeometry(0, 0, window.width(), 4)


class Spinner(QWidget):
    """A turning arc; it stands still where motion is reduced."""

    _STEP_MS = 60

    def __init__(self, *, size: int = 24, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._size, self._angle, self._turns = size, 0, True
        self._theme = follow(self)
        self._timer = QTimer(self)
        self._timer.setInterval(self._STEP_MS)
        self._timer.timeout.connect(self._turn)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def set_reduced_motion(self, reduced: bool) -> None:
        self._turns = not reduced

    def sizeHint(self) -> QSize:
        return QSize(self._size, self._size)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._turns:
            self._timer.start()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._timer.stop()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        pen = QPen(self._theme.colour("primary"), 2.5)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        painter.setPen(pen)
        area = QRectF(self.rect()).adjusted(2, 2, -2, -2)
        painter.drawArc(area, -self._angle * 16, 270 * 16)
        painter.end()

    def _turn(self) -> None:
        self._angle = (self._angle + 30) % 360
        self.update()


class Busy(QWidget):
    """Words beside a spinner for a wait of over a second; with a count and Cancel beyond ten.

    Signals:
        cancelled: The person does not want to wait.
    """

    cancelled = Signal()

    def __init__(
        self, sentence: str = "", *, cancel_label: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        row = QHBoxLayout()
        row.setSpacing(12)
        self._sentence = Text(sentence, role="body_l", weight=500, wrap=True)
        row.addWidget(Spinner())
        row.addWidget(self._sentence, 1)
        column.addLayout(row)
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        column.addWidget(self._bar)
        self._cancel = SecondaryButton(cancel_label, hint="Esc")
        self._cancel.clicked.connect(self.cancelled)
        column.addWidget(self._cancel)
        self.show_wait(sentence, cancel_label=cancel_label)

    def show_wait(
        self, sentence: str, *, done: int = 0, of: int = 0, cancel_label: str = ""
    ) -> None:
        """`of` 0: nobody knows how long."""
        self._sentence.setText(sentence)
        self.setAccessibleName(sentence)
        self._bar.setVisible(of > 0)
        self._bar.setRange(0, of)
        self._bar.setValue(done)
        self._cancel.set_label(cancel_label)
        self._cancel.setVisible(bool(cancel_label))

"""Marks: the tier badge, initials, switch, PIN dots, tier strip, QR picture.

Owns: small painted things that carry one fact.
Does not own: making QR codes (devices), which tier looks how in a program (`tone` is passed in).
"""

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QSizePolicy, QWidget

from ui.kit.text import ElidedText, IconLabel, Text
from ui.theme import icons
from ui.theme.theme import follow

_TIER_ICONS = {"regular": "user", "silver": "medal", "gold": "crown", "diamond": "diamond"}


class TierBadge(QWidget):
    """The round mark of a tier, 44 px. `tone`: regular, silver, gold or diamond."""

    def __init__(
        self,
        tone: str = "regular",
        *,
        name: str = "",
        size: int = 44,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._tone, self._size = tone, size
        self.setAccessibleName(name)
        self._theme = follow(self, self.updateGeometry)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    @property
    def tone(self) -> str:
        return self._tone

    def show_tier(self, tone: str, name: str) -> None:
        self._tone = tone
        self.setAccessibleName(name)
        self.update()

    def sizeHint(self) -> QSize:
        side = self._theme.size(self._size)
        return QSize(side, side)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._theme.colour(f"{self._tone}_bg"))
        painter.drawEllipse(self.rect())
        side = self.width() // 2
        colour = self._theme.tokens[self._tone]
        drawn = icons.pixmap(_TIER_ICONS[self._tone], colour, side, self.devicePixelRatioF())
        painter.drawPixmap((self.width() - side) // 2, (self.height() - side) // 2, drawn)
        painter.end()


class TierStrip(QWidget):
    """The sentence to say about the next tier, on the tier's ground, with its date; 44 px.

    `progress_percent`: a bar along the lower edge, shown below 90 % only (at 99 % it says nothing).
    """

    def __init__(self, tone: str = "gold", *, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._tone, self._progress_percent = tone, 100
        row = QHBoxLayout(self)
        row.setContentsMargins(13, 0, 12, 0)
        row.setSpacing(8)
        self._icon = IconLabel(_TIER_ICONS[tone], tone=tone)
        self._sentence = ElidedText(role="body_l", tone=tone, weight=500)
        self._date = Text(role="body", tone=tone)
        row.addWidget(self._icon)
        row.addWidget(self._sentence, 1)
        row.addWidget(self._date)
        self._theme = follow(self, self.updateGeometry)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_strip(
        self,
        tone: str,
        sentence: str,
        date: str = "",
        *,
        shorter: str = "",
        progress_percent: int = 100,
    ) -> None:
        self._tone, self._progress_percent = tone, progress_percent
        self._icon.set_icon(_TIER_ICONS[tone], tone=tone)
        self._sentence.set_text(sentence, shorter=shorter)
        self._sentence.set_tone(tone)
        self._date.setText(date)
        self._date.set_tone(tone)
        self.setAccessibleName(f"{sentence} {date}".strip())
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(240, self._theme.size(44))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._theme.colour(f"{self._tone}_bg"))
        painter.drawRoundedRect(self.rect(), 4, 4)
        if 0 <= self._progress_percent < 90:
            done = self.width() * self._progress_percent // 100
            painter.setBrush(self._theme.colour(self._tone))
            painter.drawRoundedRect(QRectF(0, self.height() - 4, max(done, 4), 4), 2, 2)
        painter.end()


class Initial(QWidget):
    """A person as a letter in a circle, 48 px."""

    def __init__(self, letter: str, *, size: int = 48, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._letter, self._size, self._chosen = letter[:1], size, False
        self._theme = follow(self, self.updateGeometry)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def show_letter(self, letter: str) -> None:
        self._letter = letter[:1]
        self.update()

    def set_chosen(self, chosen: bool) -> None:
        self._chosen = chosen
        self.update()

    def sizeHint(self) -> QSize:
        side = self._theme.size(self._size)
        return QSize(side, side)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._theme.colour("bg_surface" if self._chosen else "bg_sunken"))
        painter.drawEllipse(self.rect())
        painter.setFont(self._theme.font("title"))
        painter.setPen(self._theme.colour("primary" if self._chosen else "text_secondary"))
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, self._letter)
        painter.end()


class Switch(QAbstractButton):
    """On or off at once. 48 x 28 drawn in a 48 x 48 target; Space or Enter turns it."""

    def __init__(self, name: str = "", *, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAccessibleName(name)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self._theme = follow(self, self.updateGeometry)

    def sizeHint(self) -> QSize:
        return QSize(self._theme.size(52), self._theme.size(48))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        theme, on = self._theme, self.isChecked()
        track = QRectF(0, 0, theme.size(48), theme.size(28))
        track.moveCenter(QRectF(self.rect()).center())
        if self.hasFocus():
            painter.setPen(QPen(theme.colour("focus"), theme.focus_width))
            ring = track.adjusted(-3, -3, 3, 3).intersected(
                QRectF(self.rect()).adjusted(1, 1, -1, -1)
            )
            painter.drawRoundedRect(ring, ring.height() / 2, ring.height() / 2)
        is_lit = on and self.isEnabled()
        edge, knob = ("primary", "on_primary") if is_lit else ("border_control", "border_control")
        if not self.isEnabled():
            edge, knob = "border_subtle", "text_disabled"
        painter.setBrush(theme.colour("primary" if is_lit else "bg_sunken"))
        painter.setPen(QPen(theme.colour(edge), 1.5))
        painter.drawRoundedRect(
            track.adjusted(1, 1, -1, -1), track.height() / 2, track.height() / 2
        )
        side = track.height() - 8
        left = track.right() - side - 4 if on else track.left() + 4
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour(knob))
        painter.drawEllipse(QRectF(left, track.top() + 4, side, side))
        painter.end()


class PinDots(QWidget):
    """How many figures of a PIN were typed: dots, never figures."""

    def __init__(self, length: int = 6, *, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._length, self._filled, self._is_wrong = length, 0, False
        self._theme = follow(self)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    @property
    def filled(self) -> int:
        return self._filled

    def show_dots(self, filled: int, *, length: int | None = None, is_wrong: bool = False) -> None:
        self._filled, self._is_wrong = filled, is_wrong
        self._length = length or self._length
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(self._length * 32 - 14, 20)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        full = self._theme.colour("danger" if self._is_wrong else "text_primary")
        empty = self._theme.colour("danger" if self._is_wrong else "border_control")
        for position in range(self._length):
            is_full = position < self._filled
            painter.setPen(QPen(full if is_full else empty, 1.5))
            painter.setBrush(full if is_full else Qt.BrushStyle.NoBrush)
            painter.drawEllipse(QRectF(position * 32 + 2, 3, 13, 13))
        painter.end()


class QrView(QWidget):
    """A QR matrix as dark ink on white paper in every theme, with its quiet zone.

    `matrix`: rows of truth values without the quiet zone (as devices' code maker gives them).
    """

    QUIET_MODULES = 4

    def __init__(
        self,
        matrix: Sequence[Sequence[bool]] = (),
        *,
        name: str = "",
        module_px: int = 8,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._matrix, self._module_px = matrix, module_px
        self._theme = follow(self)
        self.setAccessibleName(name)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def show_code(self, matrix: Sequence[Sequence[bool]], name: str) -> None:
        self._matrix = matrix
        self.setAccessibleName(name)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        side = (len(self._matrix) + 2 * self.QUIET_MODULES) * self._module_px
        return QSize(side, side)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), self._theme.colour("paper"))
        ink, module = self._theme.colour("ink"), self._module_px
        quiet = self.QUIET_MODULES * module
        for y, row in enumerate(self._matrix):
            for x, is_dark in enumerate(row):
                if is_dark:
                    painter.fillRect(quiet + x * module, quiet + y * module, module, module, ink)
        painter.setPen(self._theme.colour("border_subtle"))
        painter.drawRect(self.rect().adjusted(0, 0, -1, -1))
        painter.end()

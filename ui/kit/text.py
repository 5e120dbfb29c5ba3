"""Text: labels by role and tone, figures, elided names, chips, key hints.

Owns: how words and figures look.
Does not own: the words; amounts arrive as text (ui/formatting.py).
"""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from ui.theme import icons
from ui.theme.theme import follow, repolish


class Text(QLabel):
    """A label. `role`: a type token; `tone`: a colour token; `weight`: 400, 500, 600 or 700."""

    def __init__(
        self,
        text: str = "",
        *,
        role: str = "body",
        tone: str = "",
        weight: int = 0,
        wrap: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(text, parent)
        self.setProperty("role", role)
        if tone:
            self.setProperty("tone", tone)
        if weight:
            self.setProperty("weight", str(weight))
        self.setWordWrap(wrap)
        self.setTextFormat(Qt.TextFormat.PlainText)  # names and notes are never markup
        if wrap:
            follow(self, self._ask_for_room)  # smaller words need less, at the same width too

    def setText(self, text: str) -> None:  # noqa: N802 - Qt's slot, to keep the room in step
        super().setText(text)
        self._ask_for_room()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._ask_for_room()

    def _ask_for_room(self) -> None:
        """A wrapped label asks for the lines it has; a crowded layout would cut them otherwise."""
        if self.wordWrap():
            kept = self.minimumHeight()
            if kept:
                self.setMinimumHeight(0)  # or the answer would never be lower than the last one
            wanted = self.heightForWidth(self.width()) if self.text() else 0
            if wanted > 0:
                self.setMinimumHeight(wanted)

    def set_tone(self, tone: str) -> None:
        if self.property("tone") != tone:
            self.setProperty("tone", tone)
            repolish(self)


class NumberLabel(Text):
    """A figure: right-aligned, tabular, never cut (it asks for the room it needs)."""

    def __init__(
        self,
        text: str = "",
        *,
        role: str = "body_l",
        tone: str = "",
        weight: int = 0,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(text, role=role, tone=tone, weight=weight, parent=parent)
        self.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.setSizePolicy(QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Preferred)


_BOLD_PX_MAX = 63


class FitFigure(QWidget):
    """The big figure of a screen: as large as its role says, smaller only where it would be cut."""

    def __init__(
        self,
        text: str = "",
        *,
        role: str = "amount_xl",
        tone: str = "text_primary",
        left: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._text, self._role, self._tone = text, role, tone
        self._side = Qt.AlignmentFlag.AlignLeft if left else Qt.AlignmentFlag.AlignRight
        self._theme = follow(self, self.updateGeometry)
        self.setAccessibleName(text)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def text(self) -> str:
        return self._text

    def show_figure(self, text: str, *, tone: str | None = None) -> None:
        self._text, self._tone = text, tone or self._tone
        self.setAccessibleName(text)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        metrics = QFontMetrics(self._drawn_font())
        return QSize(metrics.horizontalAdvance(self._text) + 2, metrics.height() * 5 // 6)

    def minimumSizeHint(self) -> QSize:
        return QSize(self.sizeHint().width() // 2, self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        font = self._drawn_font()
        wanted = QFontMetrics(font).horizontalAdvance(self._text) + 2
        if wanted > self.width():
            font.setPixelSize(max(12, font.pixelSize() * self.width() // wanted))
        painter.setFont(font)
        painter.setPen(self._theme.colour(self._tone))
        painter.drawText(self.rect(), self._side | Qt.AlignmentFlag.AlignVCenter, self._text)
        painter.end()

    def _drawn_font(self) -> QFont:
        # WORKAROUND: glyphs from 64 px on are drawn as outlines, and a weight that Qt has to make
        # itself (a font shipped in one weight) is then lost.
        font = QFont(self._theme.font(self._role))
        font.setPixelSize(min(font.pixelSize(), _BOLD_PX_MAX))
        return font


class ElidedText(Text):
    """A label that ends in "…" when it has no room; the whole stands in the tool tip.

    Where there are fewer words for the same, they are said before anything is cut.
    """

    def __init__(
        self,
        text: str = "",
        *,
        role: str = "body",
        tone: str = "",
        weight: int = 0,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__("", role=role, tone=tone, weight=weight, parent=parent)
        self._whole = self._shorter = ""
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.set_text(text)

    @property
    def whole_text(self) -> str:
        return self._whole

    def set_text(self, text: str, *, shorter: str = "") -> None:
        self._whole, self._shorter = text, shorter
        self.setAccessibleName(text)
        self._elide()
        self.updateGeometry()

    def sizeHint(self) -> QSize:
        width = QFontMetrics(self.font()).horizontalAdvance(self._whole) + 2
        return QSize(width, super().sizeHint().height())

    def minimumSizeHint(self) -> QSize:
        return QSize(24, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._elide()

    def _elide(self) -> None:
        metrics = QFontMetrics(self.font())
        fits = metrics.horizontalAdvance(self._whole) <= self.width()
        said = self._whole if fits or not self._shorter else self._shorter
        shown = metrics.elidedText(said, Qt.TextElideMode.ElideRight, self.width())
        super().setText(shown)
        self.setToolTip(self._whole if shown != self._whole else "")


class IconLabel(QWidget):
    """An icon that is no button. `name` says it aloud; leave it empty beside its own word."""

    def __init__(
        self,
        icon: str,
        *,
        tone: str = "text_secondary",
        size: int = 20,
        name: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._icon, self._tone, self._size = icon, tone, size
        self.setAccessibleName(name)
        self._theme = follow(self, self.updateGeometry)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def set_icon(self, icon: str, *, tone: str | None = None) -> None:
        self._icon = icon
        self._tone = tone or self._tone
        self.update()

    @property
    def icon_name(self) -> str:
        return self._icon

    def sizeHint(self) -> QSize:
        side = self._theme.size(self._size)
        return QSize(side, side)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        tone = self._tone if self.isEnabled() else "text_disabled"
        drawn = icons.pixmap(
            self._icon,
            self._theme.tokens[tone],
            self._theme.size(self._size),
            self.devicePixelRatioF(),
        )
        painter.drawPixmap(0, 0, drawn)
        painter.end()


class Chip(QWidget):
    """A small rounded fact: an icon or a dot, and a word. `tone`: success, warning, member, ..."""

    HEIGHT = 28

    def __init__(
        self,
        text: str = "",
        *,
        icon: str = "",
        tone: str = "info",
        dot: bool = False,
        outlined: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._icon, self._dot, self._outlined = icon, dot, outlined
        self._text, self._tone, self._compact = text, tone, False
        self._short = ""
        self.setAccessibleName(text)
        self._theme = follow(self, self.updateGeometry)
        self.setSizePolicy(QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Fixed)

    @property
    def text(self) -> str:
        return self._text

    @property
    def tone(self) -> str:
        return self._tone

    def show_fact(
        self, text: str, *, tone: str | None = None, icon: str | None = None, short: str = ""
    ) -> None:
        """`short`: what is left of the words where there is no room for them."""
        self._text, self._tone, self._short = text, tone or self._tone, short
        self._icon = self._icon if icon is None else icon
        self.setAccessibleName(text)
        self.setToolTip(text if self._compact else "")
        self.updateGeometry()
        self.update()

    def set_compact(self, compact: bool) -> None:
        """Only the mark and the short words, where the window is small; the whole stays as name
        and tool tip."""
        self._compact = compact and (bool(self._icon) or self._dot)
        self.setToolTip(self._text if self._compact else "")
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        height = self._theme.size(self.HEIGHT if not self._outlined else 32)
        if self._compact and not self._short:
            return QSize(height + 8, height)
        text = QFontMetrics(self._theme.font("body", 500)).horizontalAdvance(self.shown_text)
        mark = self._theme.size(18) + 6 if self._icon else 16 if self._dot else 0
        return QSize(text + mark + 22, height)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    @property
    def shown_text(self) -> str:
        """What of it is in sight."""
        return self._short if self._compact else self._text

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        theme, tokens = self._theme, self._theme.tokens
        area = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        if self._outlined:
            painter.setPen(QPen(theme.colour("border_subtle"), 1))
            painter.setBrush(theme.colour("bg_surface"))
        else:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.colour(f"{self._tone}_bg"))
        painter.drawRoundedRect(area, area.height() / 2, area.height() / 2)
        x = 10
        middle = self.height() // 2
        if self._icon:
            side = theme.size(18)
            drawn = icons.pixmap(self._icon, tokens[self._tone], side, self.devicePixelRatioF())
            left = x if self.shown_text else (self.width() - side) // 2
            painter.drawPixmap(left, middle - side // 2, drawn)
            x += side + 6
        elif self._dot:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.colour(self._tone))
            left = x + 2 if self.shown_text else self.width() // 2 - 4
            painter.drawEllipse(left, middle - 4, 8, 8)
            x += 16
        painter.setPen(theme.colour("text_primary" if self._outlined else self._tone))
        painter.setFont(theme.font("body", 500))
        line = self.rect().adjusted(x, 0, 0, 0)
        painter.drawText(line, Qt.AlignmentFlag.AlignVCenter, self.shown_text)
        painter.end()


class KeyHint(QWidget):
    """The name of a key in a small box, as in the search field."""

    def __init__(self, text: str, *, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._text = text
        self._theme = follow(self, self.updateGeometry)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    @property
    def text(self) -> str:
        return self._text

    def set_text(self, text: str) -> None:
        self._text = text
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        width = QFontMetrics(self._theme.font("body", 500)).horizontalAdvance(self._text)
        return QSize(width + 14, self._theme.size(26))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._theme.colour("bg_sunken"))
        painter.drawRoundedRect(self.rect(), 4, 4)
        painter.setPen(self._theme.colour("text_secondary"))
        painter.setFont(self._theme.font("body", 500))
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, self._text)
        painter.end()

"""Buttons: every button of the till, painted from the tokens, with its key beside its label.

Owns: sizes, focus ring and content of buttons.
Does not own: their colours (looks.py), what they do, which key triggers them (key_map.py), those
with the icon above (stacked_buttons.py).

The key hint is part of the picture, not of the accessible name.
"""

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QPushButton, QSizePolicy, QWidget

from ui.kit.fitting import PIXELS_MIN, fitting, smaller
from ui.kit.key_cap import CAP, CORNER_IN, paint_cap, paint_corner
from ui.kit.looks import CHOSEN, CONTROL, DANGER, GHOST, PLAIN, PRIMARY, SECONDARY, Look
from ui.theme import icons
from ui.theme.theme import follow
from ui.theme.tokens import RADIUS_CARD

_GAP, _SHRINK_PERCENT_MIN = 10, 80  # a label shrinks so far before it is cut


class KitButton(QPushButton):
    """The base of them all: icon, label and key hint in one line, or the icon above.

    Checkable buttons show the CHOSEN look while checked.
    """

    def __init__(
        self,
        text: str = "",
        *,
        icon: str = "",
        hint: str = "",
        look: Look = SECONDARY,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(text, parent)
        self._icon_name, self._hint, self._look = icon, hint, look
        self._role, self._weight = "body_l", 500
        self._height, self._icon_size, self._padding = 48, 22, 16
        self._stacked = self._caps = False
        self._shrinks_to = _SHRINK_PERCENT_MIN
        self._left_aligned = False
        self.setAutoDefault(False)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        # A tap or click leaves the focus where people type; Tab still reaches every button.
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAccessibleName(text)
        self._theme = follow(self, self.updateGeometry)

    def set_label(self, text: str, *, hint: str | None = None) -> None:
        """Another label (after a language switch); the accessible name follows."""
        self.setText(text)
        self.setAccessibleName(text)
        if hint is not None:
            self._hint = hint
        self.updateGeometry()

    def set_icon(self, name: str) -> None:
        self._icon_name = name
        self.update()

    def set_look(self, look: Look) -> None:
        self._look = look
        self.update()

    def set_role(self, role: str) -> None:
        """Another type token for the label (the header uses a smaller one)."""
        self._role = role
        self.updateGeometry()
        self.update()

    @property
    def hint(self) -> str:
        return self._hint

    def label_fits(self) -> bool:
        """Whether the whole label is shown at the present size (a test asks)."""
        if not self.text():
            return True
        smallest = QFontMetrics(smaller(self._label_font(), self._shrinks_to))
        return smallest.horizontalAdvance(self.text()) <= self._room_for_label()

    def hint_fits(self) -> bool:
        """Whether the key stands beside the label at the present size (a test asks)."""
        label = self._label_metrics().horizontalAdvance(self.text())
        return label + self._hint_width() <= self._room_for_label()

    def hint_is_shown(self) -> bool:
        """Whether the key is shown, beside the label or in the corner (a test asks)."""
        return not self._hint or self.hint_fits() or self._has_corner()

    def sizeHint(self) -> QSize:
        text = self._label_metrics().horizontalAdvance(self.text())
        hint = self._hint_width()
        beside = 0 if self._stacked or not self._icon_name else self._icon_px() + _GAP
        if self._icon_name and not self.text() and not self._stacked:
            beside = self._icon_px()
        height = self._theme.size(self._height)
        return QSize(max(height, text + hint + beside + 2 * self._padding), height)

    def minimumSizeHint(self) -> QSize:
        height = self._theme.size(self._height)
        text = self._label_metrics().horizontalAdvance(self.text())
        beside = 0 if self._stacked or not self._icon_name else self._icon_px() + _GAP
        return QSize(max(min(height, 48), text + beside + 12), height)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        look = CHOSEN if self.isCheckable() and self.isChecked() else self._look
        self._paint_ground(painter, look)
        self._paint_content(painter, look)
        painter.end()

    def _paint_ground(self, painter: QPainter, look: Look) -> None:
        area = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        ground = self._ground_token(look)
        painter.setBrush(self._theme.colour(ground) if ground else Qt.BrushStyle.NoBrush)
        width = 2 if look is CHOSEN else 1
        if look.border and self.isEnabled():
            painter.setPen(QPen(self._theme.colour(look.border), width))
            area.adjust((width - 1) / 2, (width - 1) / 2, -(width - 1) / 2, -(width - 1) / 2)
        elif look.border:
            painter.setPen(QPen(self._theme.colour("border_subtle"), 1))
        else:
            painter.setPen(Qt.PenStyle.NoPen)
            area = QRectF(self.rect())
        painter.drawRoundedRect(area, RADIUS_CARD, RADIUS_CARD)
        if self.hasFocus():
            self._paint_ring(painter, look)

    def _paint_ring(self, painter: QPainter, look: Look) -> None:
        inset = 4.0 if look.ring != "focus" else 1.0
        ring = QRectF(self.rect()).adjusted(inset, inset, -inset, -inset)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(self._theme.colour(look.ring), self._theme.focus_width))
        painter.drawRoundedRect(ring, RADIUS_CARD - inset / 2, RADIUS_CARD - inset / 2)

    def _ground_token(self, look: Look) -> str | None:
        if not self.isEnabled():
            return "bg_sunken" if look.ground not in (None, "bg_surface") else look.ground
        if self.isDown():
            return look.pressed
        return look.hover if self.underMouse() else look.ground

    def _paint_content(self, painter: QPainter, look: Look) -> None:
        colour = self._theme.colour(look.text if self.isEnabled() else "text_disabled")
        hint_colour = self._theme.colour(look.hint if self.isEnabled() else "text_disabled")
        self._paint_words(painter, colour, hint_colour)

    def _paint_words(self, painter: QPainter, colour: QColor, hint: QColor) -> None:
        self._paint_line(painter, self.rect(), colour, hint, with_icon=True)

    def _paint_line(
        self, painter: QPainter, area: QRect, colour: QColor, hint: QColor, *, with_icon: bool
    ) -> None:
        icon = self._icon_px() if with_icon and self._icon_name else 0
        gap = _GAP if icon and self.text() else 0
        hint_width = self._hint_width()
        room = area.width() - 12 - icon - gap
        font = self._label_font()
        label_width = QFontMetrics(font).horizontalAdvance(self.text())
        if label_width + hint_width > room:
            if hint_width and with_icon and self._has_corner():
                paint_corner(painter, self.rect(), self._hint, self._corner_font(), hint)
            hint_width = 0  # the label matters more: its key moves into the corner
        label = self.text()
        if label_width > room:
            font = fitting(font, label, room, least_percent=self._shrinks_to)
            label = QFontMetrics(font).elidedText(label, Qt.TextElideMode.ElideRight, room)
            label_width = QFontMetrics(font).horizontalAdvance(label)
        whole = icon + gap + label_width + hint_width
        x = self._padding if self._left_aligned else area.x() + (area.width() - whole) // 2
        if icon:
            self._draw_icon(painter, x, area.center().y() - icon // 2 + 1, colour)
            x += icon + gap
        painter.setFont(font)
        painter.setPen(colour)
        middle = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
        painter.drawText(QRect(x, area.y(), label_width + 2, area.height()), middle, label)
        if hint_width:
            painter.setFont(self._hint_font())
            painter.setPen(hint)
            beside = QRect(x + label_width + 8, area.y(), hint_width - 8, area.height())
            if self._caps:
                paint_cap(painter, beside, self._hint_metrics().height(), hint)
                beside.adjust(CAP, 0, 0, 0)
            painter.drawText(beside, middle, self._hint)

    def _hint_width(self) -> int:
        """With the gap before it, and the outline where it has one."""
        around = 8 + (2 * CAP if self._caps else 0)
        return self._hint_metrics().horizontalAdvance(self._hint) + around if self._hint else 0

    def _has_corner(self) -> bool:
        """Whether a small key has room above the label."""
        wide = QFontMetrics(self._corner_font()).horizontalAdvance(self._hint) + 3 * CAP
        return self._above() > PIXELS_MIN and wide <= self.width()

    def _above(self) -> int:
        """How high the ground above the label is."""
        return (self.height() - self._label_metrics().tightBoundingRect("8字").height()) // 2

    def _corner_font(self) -> QFont:
        caption = self._theme.font("caption")
        return smaller(caption, 100 * (self._above() - CORNER_IN - 2) // caption.pixelSize())

    def _draw_icon(self, painter: QPainter, x: int, y: int, colour: QColor, side: int = 0) -> None:
        side = side or self._icon_px()
        drawn = icons.pixmap(self._icon_name, colour.name(), side, self.devicePixelRatioF())
        painter.drawPixmap(x, y, drawn)

    def _room_for_label(self) -> int:
        beside = 0 if self._stacked or not self._icon_name else self._icon_px() + _GAP
        return self.width() - 12 - beside

    def _icon_px(self) -> int:
        return self._theme.size(self._icon_size)

    def _label_font(self) -> QFont:
        return self._theme.font(self._role, self._weight)

    def _hint_font(self) -> QFont:
        return self._theme.font("body")

    def _label_metrics(self) -> QFontMetrics:
        return QFontMetrics(self._label_font())

    def _hint_metrics(self) -> QFontMetrics:
        return QFontMetrics(self._hint_font())


class PrimaryButton(KitButton):
    """The one primary act of a screen: 64 px high on the till. `height` in px at 100 %."""

    def __init__(
        self, text: str = "", *, icon: str = "", hint: str = "", height: int = 64,
        parent: QWidget | None = None,
    ) -> None:  # fmt: skip
        super().__init__(text, icon=icon, hint=hint, look=PRIMARY, parent=parent)
        self._role, self._weight, self._height, self._icon_size = "title", 600, height, 24
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def _hint_font(self) -> QFont:
        return self._theme.font("body_l")


class DangerButton(PrimaryButton):
    """What cannot be undone. Never beside a primary button."""

    def __init__(
        self, text: str = "", *, icon: str = "", hint: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(text, icon=icon, hint=hint, parent=parent)
        self.set_look(DANGER)
        self._role, self._height = "body_l", 48


class SecondaryButton(KitButton):
    """Any other act. `height` in px at 100 %."""

    def __init__(
        self,
        text: str = "",
        *,
        icon: str = "",
        hint: str = "",
        height: int = 48,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(text, icon=icon, hint=hint, parent=parent)
        self._height = height
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)


class LinkButton(KitButton):
    """An act as a line of text, in the primary colour."""

    def __init__(
        self, text: str = "", *, icon: str = "", hint: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(text, icon=icon, hint=hint, look=GHOST, parent=parent)
        self._padding, self._icon_size = 8, 20
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)


class IconButton(KitButton):
    """An icon alone: `name` is its accessible name and tool tip."""

    def __init__(
        self,
        icon: str,
        name: str,
        *,
        size: int = 48,
        framed: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__("", icon=icon, look=CONTROL if framed else PLAIN, parent=parent)
        self._height, self._icon_size = size, 22 if size >= 40 else 20
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.set_name(name)

    def set_name(self, name: str, *, hint: str = "") -> None:
        """`hint`: its key, in the corner."""
        self._hint = hint
        self.setAccessibleName(name)
        self.setToolTip(name)
        self.update()

    def sizeHint(self) -> QSize:
        side = self._theme.size(self._height)
        return QSize(side, side)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()


class ChoiceButton(KitButton):
    """One of several answers (an amount, a reason), checkable."""

    def __init__(
        self,
        text: str = "",
        *,
        hint: str = "",
        height: int = 48,
        role: str = "body_l",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(text, hint=hint, parent=parent)
        self._height, self._role, self._caps = height, role, True
        self.setCheckable(True)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)


class KeypadKey(KitButton):
    """One key of a number pad: grows with the window, never below 64 x 56."""

    def __init__(
        self, text: str = "", *, icon: str = "", role: str = "h1", parent: QWidget | None = None
    ) -> None:
        super().__init__(text, icon=icon, parent=parent)
        self._role, self._height, self._icon_size = role, 56, 24
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # the typed amount keeps the focus
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Ignored)

    def minimumSizeHint(self) -> QSize:
        return QSize(64, 56)

    def sizeHint(self) -> QSize:
        return QSize(120, 64)

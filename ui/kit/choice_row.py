"""Choice row: one large row of a list that can be pressed: icon, name, a line below, a figure.

Owns: its look, at least 64 px high. Does not own: what the choice means.
"""

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from ui.kit.text import ElidedText, IconLabel, KeyHint, NumberLabel, Text
from ui.theme.theme import repolish

_HEIGHT_MIN = 64
_WIDTH_LIKELY = 358
"""Before it is laid out: the inside of a right column of 400 px."""


class ChoiceRow(QPushButton):
    """A row. `set_current` marks the one that Enter takes."""

    def __init__(
        self,
        name: str,
        detail: str = "",
        *,
        icon: str = "",
        icon_tone: str = "text_secondary",
        end: str = "",
        end_tone: str = "saving",
        hint: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setProperty("kit", "choice_row")
        self.setAutoDefault(False)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # a tap leaves the focus in the input line
        self._ask_for_height()
        self.setAccessibleName(name)
        self.setAccessibleDescription(" ".join(filter(None, (detail, end))))
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 10, 12, 10)
        row.setSpacing(10)
        self._icon = IconLabel(icon, tone=icon_tone, size=22) if icon else None
        if self._icon is not None:
            row.addWidget(self._icon)
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(ElidedText(name, role="body_l", weight=500))
        self._detail = Text(detail, role="body", tone="text_secondary", wrap=True)
        words.addWidget(self._detail)
        row.addLayout(words, 1)
        self._detail.setVisible(bool(detail))  # only now: without a parent it would be a window
        if end:
            row.addWidget(NumberLabel(end, role="body_l", tone=end_tone, weight=500))
        if hint:
            row.addWidget(KeyHint(hint))
        for label in self.findChildren(QWidget):
            label.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def _ask_for_height(self) -> None:
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        # A row without a line below has no height for a width: its list would count it as none.
        self.setMinimumHeight(_HEIGHT_MIN)

    def set_current(self, current: bool) -> None:
        if self.property("current") != current:
            self.setProperty("current", current)
            repolish(self)

    def set_icon(self, icon: str, tone: str) -> None:
        """Another icon in the place of the first; a row made without one stays so."""
        if self._icon is not None:
            self._icon.set_icon(icon, tone=tone)

    def hasHeightForWidth(self) -> bool:
        return True

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.oldSize().width() != event.size().width():
            self.updateGeometry()

    def heightForWidth(self, width: int) -> int:
        layout = self.layout()
        inside = layout.heightForWidth(width) if layout is not None else 0
        return max(_HEIGHT_MIN, inside)

    def sizeHint(self) -> QSize:
        layout = self.layout()
        wanted = layout.sizeHint().width() if layout is not None else 0
        return QSize(
            wanted, self.heightForWidth(self.width() if self.isVisible() else _WIDTH_LIKELY)
        )

    def minimumSizeHint(self) -> QSize:
        return QSize(120, _HEIGHT_MIN)

"""Photos beside a record: small pictures in a row, and one over the window; widgets only.

Owns: their look. Does not own: reading them (whoever shows the record).
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPen, QPixmap
from PySide6.QtWidgets import QGridLayout, QLabel, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from app.wording import Wording
from ui.kit.buttons import SecondaryButton
from ui.kit.dialogs import KitDialog
from ui.kit.text import Text
from ui.theme import icons
from ui.theme.theme import Theme, follow

SIDE, ACROSS, EDGE = 76, 3, 32


class Thumbnail(QPushButton):
    """One picture; before it is here its place shows a camera."""

    def __init__(self, side: int) -> None:
        super().__init__()
        self._side = side
        self.photo: QPixmap | None = None
        self._theme = follow(self, self.updateGeometry)
        self.setAutoDefault(False)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def show_photo(self, photo: QPixmap) -> None:
        self.photo = photo
        self.update()

    def sizeHint(self) -> QSize:
        side = self._theme.size(self._side)
        return QSize(side, side)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        inside = self.rect().adjusted(2, 2, -2, -2)
        painter.fillRect(inside, self._theme.colour("bg_sunken"))
        if self.photo is None:
            side = inside.width() // 3
            colour = self._theme.tokens["text_secondary"]
            drawn = icons.pixmap("camera", colour, side, self.devicePixelRatioF())
            painter.drawPixmap(inside.center().x() - side // 2, inside.center().y() - side // 2,
                               drawn)  # fmt: skip
        else:
            painter.drawPixmap(inside, self.photo, _square(self.photo))
        token = "focus" if self.hasFocus() else "border_subtle"
        width = self._theme.focus_width if self.hasFocus() else 1
        painter.setPen(QPen(self._theme.colour(token), width))
        painter.drawRect(inside)
        painter.end()


def _square(photo: QPixmap) -> QRect:
    """The middle of it."""
    side = min(photo.width(), photo.height())
    return QRect((photo.width() - side) // 2, (photo.height() - side) // 2, side, side)


class Photos(QWidget):
    """All of a case.

    Signals:
        chosen: One was pressed. arg: its id.
    """

    chosen = Signal(str)

    def __init__(self, *, across: int = ACROSS, side: int = SIDE) -> None:
        super().__init__()
        self._across, self._side = across, side
        self.pictures: dict[str, Thumbnail] = {}
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        self._grid = QGridLayout()
        self._grid.setSpacing(8)
        self._grid.setColumnStretch(across, 1)
        column.addLayout(self._grid)
        self.why = Text(role="body", tone="text_secondary", wrap=True)
        self.why.hide()
        column.addWidget(self.why)

    def show_count(self, photos: Sequence[str], wording: Wording) -> None:
        """A place for each."""
        for old in self.pictures.values():
            old.hide()
            old.deleteLater()
        self.pictures = {}
        self.show_why("")
        for place, photo in enumerate(photos):
            key = Thumbnail(self._side)
            key.setAccessibleName(wording.t("Photo {number}", number=place + 1))
            key.clicked.connect(lambda _=False, which=photo: self.chosen.emit(which))
            self._grid.addWidget(key, place // self._across, place % self._across)
            self.pictures[photo] = key

    def show_picture(self, photo: str, data: bytes) -> None:
        """It is here."""
        pixmap = QPixmap()
        if photo in self.pictures and pixmap.loadFromData(data):
            self.show_away(photo, "")
            self.pictures[photo].show_photo(pixmap)

    def show_away(self, photo: str, why: str) -> None:
        """Why it is not here."""
        if photo in self.pictures:
            self.pictures[photo].setToolTip(why)
            self.pictures[photo].setAccessibleDescription(why)

    def show_why(self, sentence: str) -> None:
        """Below them all: why they are not to be seen here."""
        self.why.setText(sentence)
        self.why.setVisible(bool(sentence))

    def picture(self, photo: str) -> QPixmap | None:
        """None: it did not come yet."""
        return self.pictures[photo].photo if photo in self.pictures else None


class PhotoDialog(KitDialog):
    """One picture, as large as the window lets it."""

    def __init__(self, parent: QWidget, photo: QPixmap, wording: Wording) -> None:
        window = parent.window()
        room = QSize(window.width() - 4 * EDGE, window.height() - Theme.current().size(180))
        shown = photo.scaled(
            room, Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
        )
        title = wording.t("Photo")
        super().__init__(parent, title=title, width=max(360, shown.width() + EDGE), padding=16)
        picture = QLabel()
        picture.setPixmap(shown)
        picture.setAccessibleName(title)
        self.body.addWidget(picture, 0, Qt.AlignmentFlag.AlignCenter)
        back = SecondaryButton(wording.t("Back"), icon="arrow-left", hint="Esc", height=48)
        back.clicked.connect(self.reject)
        self.body.addWidget(back)

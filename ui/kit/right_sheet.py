"""Right sheet: a sheet over the right column whose contents follow the till while it is open.

Owns: replacing title, body and foot without moving, leaving the focus where it was.
Does not own: the contents.
"""

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QLayout, QVBoxLayout, QWidget

from ui.kit.panels import SheetPanel
from ui.theme.theme import Theme
from ui.theme.tokens import RADIUS_CARD


class RightSheet(SheetPanel):
    """A SheetPanel for live contents: `show_title`, then fill `body` and `foot` anew.

    Scanning and typing go on beside it: it does not take the focus when it opens, so Esc reaches
    it through the screen's keys.
    """

    def open_sheet(self) -> None:
        self._cover()
        self.show()
        self.raise_()

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = Theme.current()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        # What lies below must not look out at the rounded corners.
        painter.fillRect(self.rect(), theme.colour("bg_app"))
        painter.setPen(theme.colour("border_subtle"))
        painter.setBrush(theme.colour("bg_surface"))
        area = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.drawRoundedRect(area, RADIUS_CARD, RADIUS_CARD)
        painter.end()

    def clear_contents(self) -> None:
        """Take the old contents out before the new ones come in."""
        for layout in (self.body, self.foot):
            _clear(layout)

    def add_to_body(self, *widgets: QWidget) -> None:
        for widget in widgets:
            self.body.addWidget(widget)

    def show_in_view(self, widget: QWidget) -> None:
        """Scroll until this part of the body is seen."""
        self.area.ensureWidgetVisible(widget, 0, 8)

    def add_to_foot(self, *widgets: QWidget) -> None:
        for widget in widgets:
            self.foot.addWidget(widget)


def _clear(layout: QVBoxLayout | QLayout) -> None:
    while (item := layout.takeAt(0)) is not None:
        widget, inner = item.widget(), item.layout()
        if widget is not None:
            widget.hide()
            widget.deleteLater()
        elif inner is not None:
            _clear(inner)

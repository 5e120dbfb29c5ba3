"""Display window: the customer's screen as a window that never takes the focus nor the scanner.

Owns: its frame, which page is shown, handing stray keys back. Does not own: the pages (pages.py),
where the window stands (controller.py).

A customer may touch it: a press does what it says and leaves keyboard and scanner at the till.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QLayout, QStackedWidget, QVBoxLayout, QWidget

from app.wording import Wording
from ui.customer_display.consent_page import ConsentPage
from ui.customer_display.pages import SalePage, SentencePage
from ui.customer_display.view_model import DisplayView
from ui.header import Logo
from ui.kit.buttons import KitButton, SecondaryButton
from ui.kit.text import ElidedText
from ui.theme.theme import follow
from ui.window_parts import Renderers

WIDTH, HEIGHT = 1024, 600
_FRAME = 8
_ON_SALE_PAGE = ("items", "payment")


class DisplayWindow(QWidget):
    """What the customer sees.

    Signals:
        language_chosen: The customer pressed the language key.
        strayed: The system gave it the keyboard all the same: take it back.
        key_strayed: A key arrived here that belongs to the till. arg: the QKeyEvent.
    """

    language_chosen = Signal()
    strayed = Signal()
    key_strayed = Signal(object)

    def __init__(self, renderers: Renderers, *, is_framed: bool) -> None:
        flags = Qt.WindowType.Window | Qt.WindowType.WindowDoesNotAcceptFocus
        if not is_framed:
            flags |= Qt.WindowType.FramelessWindowHint
        super().__init__(None, flags)
        self.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
        # The till ends when its own window closes, whatever the customer still reads.
        self.setAttribute(Qt.WidgetAttribute.WA_QuitOnClose, False)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setProperty("kit", "screen")
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.resize(WIDTH, HEIGHT)
        self.view: DisplayView | None = None
        self._is_test = False
        self._theme = follow(self)
        self._build(renderers)
        for widget in self.findChildren(QWidget):
            widget.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    def render_view(self, view: DisplayView, wording: Wording) -> None:
        """Draw it in the customer's language."""
        if view == self.view:
            return
        self.view = view
        self.setWindowTitle(wording.t("Customer display"))
        self._shop.set_text(view.shop)
        self.language.set_label(view.language_label)
        # Both pages: one that is hidden must not keep what the last customer bought.
        self.sale.show_view(view, wording)
        self.sentence.show_view(view)
        self.consent.show_view(view)
        is_sale = view.state in _ON_SALE_PAGE
        page = self.consent if view.state == "consent" else self.sentence
        self._stack.setCurrentWidget(self.sale if is_sale else page)
        self._is_test = view.state == "test"
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        self.key_strayed.emit(event)
        event.accept()

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        self.key_strayed.emit(event)
        event.accept()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self._is_test:
            painter = QPainter(self)
            painter.setPen(QPen(self._theme.colour("primary"), _FRAME))
            half = _FRAME // 2
            painter.drawRect(self.rect().adjusted(half, half, -half - 1, -half - 1))
            painter.end()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.ActivationChange and self.isActiveWindow():
            self.strayed.emit()

    def _build(self, renderers: Renderers) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        # As large as its screen, whatever a page that is hidden would like.
        column.setSizeConstraint(QLayout.SizeConstraint.SetNoConstraint)
        head = QHBoxLayout()
        head.setContentsMargins(24, 12, 16, 8)
        head.setSpacing(16)
        self._shop = ElidedText(role="title", weight=600)
        self.language: KitButton = SecondaryButton(icon="language", height=56)
        self.language.clicked.connect(self.language_chosen)
        head.addWidget(Logo(40))
        head.addWidget(self._shop, 1)
        head.addWidget(self.language)
        self._stack = QStackedWidget()
        self.sentence = SentencePage(renderers.pay_qr)
        self.sale = SalePage(renderers.pay_qr)
        self._stack.addWidget(self.sentence)
        self._stack.addWidget(self.sale)
        self.consent = ConsentPage()
        self._stack.addWidget(self.consent)
        column.addLayout(head)
        column.addWidget(self._stack, 1)

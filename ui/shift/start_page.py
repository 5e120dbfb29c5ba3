"""Start page: one fact in the middle of the screen and what may be done about it.

Owns: the layout: title, lines, one large figure, a notice, two or three keys. Does not own: which
words stand there (view models), what the keys do.
"""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from ui.kit.buttons import ChoiceButton, PrimaryButton, SecondaryButton
from ui.kit.feedback import Banner
from ui.kit.panels import Card
from ui.kit.text import FitFigure, IconLabel, Text

_WIDTH = 640


@dataclass(frozen=True, slots=True)
class Notice:
    """A sentence on a page; empty: nothing is said."""

    sentence: str = ""
    tone: str = "danger"


SILENT = Notice()


@dataclass(frozen=True, slots=True)
class StartView:
    """Everything on the page. An empty label hides its key."""

    title: str
    lines: tuple[str, ...]
    primary: str
    figure_label: str = ""
    figure: str = ""
    second: str = ""
    back: str = ""
    notice: Notice = SILENT
    icon: str = "drawer"
    names: tuple[str, ...] = ()
    """What shifts are called here; one is chosen."""
    name: str = ""


class StartPage(QWidget):
    """The page.

    Signals:
        primary_requested, second_requested, back_requested: pressed.
        name_chosen: arg: one of the names.
    """

    primary_requested = Signal()
    second_requested = Signal()
    back_requested = Signal()
    name_chosen = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._names: list[ChoiceButton] = []
        self._second_key = ""
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 16, 16, 16)
        card = Card(padding=(40, 32), spacing=12)
        card.setMaximumWidth(_WIDTH)
        card.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Maximum)
        row.addStretch(1)
        row.addWidget(card, 20, Qt.AlignmentFlag.AlignVCenter)
        row.addStretch(1)
        self._build(card)

    def show_hint(self, key: str) -> None:
        """The key of the second answer."""
        self._second_key = key

    def render_view(self, view: StartView) -> None:
        self._icon.set_icon(view.icon, tone="primary")
        self._title.setText(view.title)
        self._lines.setText("\n".join(view.lines))
        self._lines.setVisible(bool(view.lines))
        self._figure_label.setText(view.figure_label)
        self._figure.show_figure(view.figure)
        for part in (self._figure, self._figure_label):
            part.setVisible(bool(view.figure))
        self.notice.show_banner(view.notice.sentence, tone=view.notice.tone)
        self._show_names(view)
        self.primary.set_label(view.primary)
        self.second.set_label(view.second, hint=self._second_key)
        self.second.setVisible(bool(view.second))
        self.back.set_label(view.back)
        self.back.setVisible(bool(view.back))

    def take_focus(self) -> None:
        self.primary.setFocus(Qt.FocusReason.OtherFocusReason)

    def _show_names(self, view: StartView) -> None:
        if [button.text() for button in self._names] != list(view.names):
            for button in self._names:
                button.deleteLater()
            self._names = [self._make_name(name) for name in view.names]
        for button in self._names:
            button.setChecked(button.text() == view.name)

    def _make_name(self, name: str) -> ChoiceButton:
        button = ChoiceButton(name)
        button.clicked.connect(lambda: self.name_chosen.emit(name))
        self._name_row.addWidget(button, 1)
        return button

    def _build(self, card: Card) -> None:
        self._icon = IconLabel("drawer", tone="primary", size=40)
        self._title = Text(role="h1", weight=600, wrap=True)
        self._title.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._lines = Text(role="body_l", tone="text_secondary", wrap=True)
        self._lines.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._figure_label = Text(role="title", tone="text_secondary")
        self._figure = FitFigure(role="amount_xl")
        self.notice = Banner()
        card.body.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignHCenter)
        card.body.addWidget(self._title)
        card.body.addWidget(self._lines)
        self._name_row = QHBoxLayout()
        self._name_row.setSpacing(8)
        card.body.addLayout(self._name_row)
        figures = QHBoxLayout()
        figures.addWidget(self._figure_label)
        figures.addWidget(self._figure, 1)
        card.body.addSpacing(8)
        card.body.addLayout(figures)
        card.body.addSpacing(8)
        card.body.addWidget(self.notice)
        self.primary = PrimaryButton(hint="Enter")
        self.second = SecondaryButton(height=56)
        self.back = SecondaryButton(icon="arrow-left", hint="Esc", height=56)
        self.primary.clicked.connect(self.primary_requested)
        self.second.clicked.connect(self.second_requested)
        self.back.clicked.connect(self.back_requested)
        card.body.addWidget(self.primary)
        keys = QVBoxLayout()
        keys.setSpacing(12)
        keys.addWidget(self.second)
        keys.addWidget(self.back)
        card.body.addLayout(keys)

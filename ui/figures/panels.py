"""Panels of the figures: the chart with its table, tenders, a list of figures; widgets only.

Owns: how each card looks. Does not own: their place (screen.py), texts (view_model.py, chart.py).
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QStackedWidget, QVBoxLayout, QWidget

from app.wording import Wording
from ui.figures.chart import Drawn
from ui.figures.view_model import PanelView, ShareView
from ui.kit.buttons import LinkButton
from ui.kit.chart import Chart
from ui.kit.figure_tile import FigureLine, ShareBar
from ui.kit.panels import Card, FigureRow, Rule
from ui.kit.row_table import RowTable
from ui.kit.text import ElidedText, IconLabel, Text
from ui.theme.theme import follow

_SWATCH = 14


class Swatch(QWidget):
    """The colour of a series, before its name."""

    def __init__(self) -> None:
        super().__init__()
        self._theme = follow(self)
        self._tone, self._edge = "chart_1", "chart_1"
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(_SWATCH, _SWATCH)

    def show_tone(self, tone: str, edge: str) -> None:
        self._tone, self._edge = tone, edge
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(self._theme.colour(self._edge), 1))
        painter.setBrush(self._theme.colour(self._tone))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 3, 3)
        painter.end()


class ChartCard(Card):
    """The chart, or the same as a table.

    Signals:
        chart_requested: the next chart. table_requested: the table, or the chart again.
        pressed: A point or a row was tapped. arg: its place.
    """

    chart_requested = Signal()
    table_requested = Signal()
    pressed = Signal(int)

    def __init__(self) -> None:
        super().__init__(padding=(16, 12), spacing=8)
        self._title = ElidedText(role="body_l", weight=600)
        self.body.addWidget(self._title)
        self.next = LinkButton(icon="chart")
        self.next.clicked.connect(self.chart_requested)
        self.twin = LinkButton(icon="list")
        self.twin.clicked.connect(self.table_requested)
        legend = QHBoxLayout()
        legend.setSpacing(8)
        self._legend: list[tuple[Swatch, Text]] = []
        for _ in range(2):
            swatch, name = Swatch(), Text(role="body", tone="text_secondary")
            legend.addWidget(swatch)
            legend.addWidget(name)
            legend.addSpacing(8)
            self._legend.append((swatch, name))
        legend.addStretch(1)
        legend.addWidget(self.next)
        legend.addWidget(self.twin)
        self.body.addLayout(legend)
        self.chart, self.table = Chart(), RowTable()
        self.chart.pressed.connect(self.pressed)
        self.table.doubleClicked.connect(lambda index: self.pressed.emit(index.row()))
        self._stack = QStackedWidget()
        self._stack.addWidget(self.chart)
        self._stack.addWidget(self.table)
        self.body.addWidget(self._stack, 1)
        self._words: tuple[str, str] = ("", "")

    @property
    def is_table(self) -> bool:
        return self._stack.currentWidget() is self.table

    def show_drawn(self, drawn: Drawn, *, as_table: bool) -> None:
        self._title.set_text(drawn.title)
        self.chart.show_view(drawn.title, drawn.chart)
        self.table.set_name(drawn.title)
        self.table.show_rows(drawn.columns, drawn.rows)
        self._stack.setCurrentIndex(1 if as_table else 0)
        self.twin.set_label(self._words[1 if as_table else 0])
        self.twin.set_icon("chart" if as_table else "list")
        edge = drawn.chart.tones[0]
        pairs = zip(self._legend, drawn.chart.series, drawn.chart.tones, strict=True)
        for (swatch, name), series, tone in pairs:
            swatch.show_tone(tone, edge if drawn.chart.kind == "bars" else tone)
            name.setText(series)
            swatch.setVisible(not as_table)
            name.setVisible(not as_table)

    def set_current(self, place: int) -> None:
        self.chart.set_current(place)
        if self.is_table and place >= 0:
            self.table.go_to(place)

    def set_words(self, wording: Wording, table_key: str, chart_key: str) -> None:
        """`table_key`, `chart_key`: what to press."""
        t = wording.t
        self._words = (t("As a table"), t("As a chart"))
        self.twin.set_label(self._words[1 if self.is_table else 0], hint=table_key)
        self.next.set_label(t("Other chart"), hint=chart_key)


class TenderCard(Card):
    """What came in by which kind of tender."""

    def __init__(self) -> None:
        super().__init__(padding=(16, 12), spacing=12)
        self._title = Text(role="body_l", weight=600)
        self.body.addWidget(self._title)
        self.bars: list[ShareBar] = []
        self._column = QVBoxLayout()
        self._column.setSpacing(10)
        self.body.addLayout(self._column)
        self.body.addWidget(Rule())
        self._sum = FigureRow(role="body")
        self.body.addWidget(self._sum)
        self.body.addStretch(1)
        self._sum_name = ""

    def show_shares(self, shares: Sequence[ShareView], total: str) -> None:
        while len(self.bars) < len(shares):
            self.bars.append(ShareBar())
            self._column.addWidget(self.bars[-1])
        for bar, each in zip(self.bars, shares, strict=True):
            bar.show_share(each.name, each.value, each.share, each.basis_points)
        self._sum.show_row(self._sum_name, total)

    def set_words(self, wording: Wording) -> None:
        self._title.setText(wording.t("Tenders"))
        self._sum_name = wording.t("Together")


class PanelCard(Card):
    """Figures as lines under a name.

    Signals:
        pressed: A line was tapped. arg: its place.
    """

    pressed = Signal(int)

    def __init__(self) -> None:
        super().__init__(padding=(16, 12), spacing=0)
        head = QHBoxLayout()
        head.setSpacing(8)
        self._icon = IconLabel("user", tone="text_secondary", size=20)
        self._title = Text(role="body_l", weight=600)
        head.addWidget(self._icon)
        head.addWidget(self._title, 1)
        self.body.addLayout(head)
        self.body.addSpacing(6)
        self.lines: list[FigureLine] = []

    def line(self, place: int) -> FigureLine | None:
        return self.lines[place] if 0 <= place < len(self.lines) else None

    def show_panel(self, view: PanelView) -> None:
        self._icon.set_icon(view.icon)
        self._title.setText(view.name)
        while len(self.lines) < len(view.lines):
            made = FigureLine()
            at = len(self.lines)
            made.pressed.connect(lambda place=at: self.pressed.emit(place))
            self.lines.append(made)
            self.body.addWidget(made)
        for line in self.lines[len(view.lines) :]:
            line.hide()
        for line, each in zip(self.lines, view.lines, strict=False):
            line.show_figure(each.name, each.value, each.change, each.definition)
            line.show()

    def set_current(self, place: int) -> None:
        """-1: none of them."""
        for at, line in enumerate(self.lines):
            line.set_current(at == place)

"""Screen of the figures: tiles, the chart or its table, tenders, panels; widgets only.

Owns: the layout, the arrows left and right, the figures of the pages. Does not own: texts
(view_model.py, chart.py), which mark an arrow leads to (marks.py), acts (controller.py).
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QScrollArea,
    QSizePolicy,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from app.wording import Wording
from ui.figures.chart import Drawn
from ui.figures.head_row import HeadRow
from ui.figures.list_page import ListPage
from ui.figures.marks import Mark
from ui.figures.panels import ChartCard, PanelCard, TenderCard
from ui.figures.view_model import TILES, FiguresView, HeadView
from ui.key_map import Action
from ui.kit.buttons import SecondaryButton
from ui.kit.feedback import Banner, Busy
from ui.kit.figure_tile import FigureTile
from ui.kit.scrolling import keep_off_bar
from ui.kit.text import Text

_PANELS = 3
_PAGES = "123"
_ARROWS = {Qt.Key.Key_Left: "left", Qt.Key.Key_Right: "right"}


class FiguresScreen(QWidget):
    """The dashboard, and the page of what stands behind a figure.

    Signals:
        period_requested, till_requested, chart_requested, table_requested, export_requested,
        stop_requested: pressed.
        page_chosen: arg: its place.
        arrow: left or right.
        opened: A tile, a point or a line was tapped. arg: its Mark.
    """

    period_requested = Signal()
    till_requested = Signal()
    chart_requested = Signal()
    table_requested = Signal()
    export_requested = Signal()
    stop_requested = Signal()
    page_chosen = Signal(int)
    arrow = Signal(str)
    opened = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._hints = ("", "")
        self.head = HeadRow(0)
        self.export = SecondaryButton(icon="download")
        self.behind = ListPage()
        self._stack = QStackedWidget()
        self._stack.addWidget(self._build_board())
        self._stack.addWidget(self.behind)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._stack)

    @property
    def is_behind(self) -> bool:
        """Whether the page behind a figure is in front."""
        return self._stack.currentWidget() is self.behind

    def show_behind(self, is_behind: bool) -> None:
        """Put the page behind a figure in front, or away."""
        self._stack.setCurrentIndex(1 if is_behind else 0)
        self.setFocus()

    def hush(self) -> None:
        """Nothing is said any more."""
        self.notice.show_banner("")
        self.behind.notice.show_banner("")

    def render_head(self, view: HeadView) -> None:
        self.period.set_label(view.period, hint=self._hints[0])
        self.till.set_label(view.till, hint=self._hints[1])
        said = (view.compared, *view.notes)
        self.notes.setText("  ·  ".join(said))
        self._place_choices()

    def render_figures(self, view: FiguresView) -> None:
        for tile, each in zip(self.tiles, view.tiles, strict=False):
            tile.show_figure(each.name, each.value, each.change, each.definition)
        for panel, lines in zip(self.panels, view.panels, strict=True):
            panel.show_panel(lines)
        self.tenders.show_shares(view.tenders, view.tender_sum)

    def render_chart(self, drawn: Drawn, *, as_table: bool) -> None:
        self.chart.show_drawn(drawn, as_table=as_table)

    def show_mark(self, mark: Mark, definition: str) -> None:
        """`definition`: what the marked figure or point means."""
        for place, tile in enumerate(self.tiles):
            tile.set_current(mark.zone == "tile" and mark.place == place)
        self.chart.set_current(mark.place if mark.zone == "point" else -1)
        for place, panel in enumerate(self.panels):
            panel.set_current(mark.line if mark.zone == "line" and mark.place == place else -1)
        self.definition.setText(definition)
        widget = self._marked(mark)
        if widget is not None:
            self._area.ensureWidgetVisible(widget, 0, 16)

    def show_busy(self, sentence: str, stop: str) -> None:
        """`sentence` empty: nothing is under way."""
        self.busy.setVisible(bool(sentence))
        self.busy.show_wait(sentence, cancel_label=stop)

    def set_words(self, wording: Wording, hint: Callable[[Action], str]) -> None:
        """Names in the language of the moment."""
        t = wording.t
        self.head.set_words(t("Figures"), wording)
        self._hints = (hint(Action.CHOOSE_1), hint(Action.CHOOSE_2))
        self.period.setAccessibleDescription(t("Choose the days"))
        self.till.setAccessibleDescription(t("Choose a till"))
        self.export.set_label(t("Export"), hint=hint(Action.EXPORT))
        self.chart.set_words(wording, hint(Action.CHOOSE_3), hint(Action.CHOOSE_4))
        self.tenders.set_words(wording)
        self.behind.set_words(wording, hint)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place_choices()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        way = _ARROWS.get(Qt.Key(event.key()))
        place = _PAGES.find(event.text()) if len(event.text()) == 1 else -1
        if way is not None and not self.is_behind:
            self.arrow.emit(way)
            event.accept()
        elif place >= 0:
            self.page_chosen.emit(place)
            event.accept()
        else:
            super().keyPressEvent(event)

    def _marked(self, mark: Mark) -> QWidget | None:
        match mark.zone:
            case "tile":
                return self.tiles[mark.place] if mark.place < len(self.tiles) else None
            case "point":
                return self.chart
            case "line":
                return self.panels[mark.place].line(mark.line)

    # ------------------------------------------------------------------ building

    def _build_board(self) -> QWidget:
        board = QWidget()
        column = QVBoxLayout(board)
        column.setContentsMargins(16, 16, 16, 16)
        column.setSpacing(12)
        self.head.page_chosen.connect(self.page_chosen)
        self.export.clicked.connect(self.export_requested)
        self.head.row.addStretch(1)
        self.head.row.addWidget(self.export)
        column.addWidget(self.head)
        column.addLayout(self._build_choices())
        self.notice = Banner()
        column.addWidget(self.notice)
        self.busy = Busy()
        self.busy.cancelled.connect(self.stop_requested)
        self.busy.hide()
        column.addWidget(self.busy)
        column.addWidget(self._build_area(), 1)
        self.definition = Text(role="body", tone="text_secondary", wrap=True)
        column.addWidget(self.definition)
        return board

    def _build_choices(self) -> QVBoxLayout:
        lines, row = QVBoxLayout(), QHBoxLayout()
        lines.setSpacing(8)
        row.setSpacing(8)
        self.period = SecondaryButton(icon="calendar")
        self.till = SecondaryButton(icon="store")
        self.notes = Text(role="body", tone="text_secondary", wrap=True)
        self.notes.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.period.clicked.connect(self.period_requested)
        self.till.clicked.connect(self.till_requested)
        row.addStretch(1)
        lines.addLayout(row)
        lines.addWidget(self.notes)
        self._choices = row
        self._in_head: bool | None = None
        self._place_choices()
        return lines

    def _place_choices(self) -> None:
        """Days and till beside the pages where there is room; else on a line above the notes."""
        head, keys = self.head, (self.period, self.till)
        wanted = sum(key.sizeHint().width() + 8 for key in keys)
        in_head = head.row.sizeHint().width() + wanted * (not self._in_head) <= self.width() - 48
        if in_head == self._in_head:
            return
        self._in_head = in_head
        for place, key in enumerate(keys):
            if in_head:
                head.row.insertWidget(head.row.count() - 2, key)
            else:
                self._choices.insertWidget(place, key)

    def _build_area(self) -> QScrollArea:
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        inside = QWidget()
        grid = QGridLayout(inside)
        grid.setContentsMargins(0, 0, 0, 0)
        keep_off_bar(area, grid)
        grid.setSpacing(12)
        grid.addLayout(self._build_tiles(), 0, 0, 1, 3)
        self.chart = ChartCard()
        self.chart.chart_requested.connect(self.chart_requested)
        self.chart.table_requested.connect(self.table_requested)
        self.chart.pressed.connect(lambda place: self.opened.emit(Mark("point", place)))
        self.tenders = TenderCard()
        grid.addWidget(self.chart, 1, 0, 1, 2)
        grid.addWidget(self.tenders, 1, 2)
        self.panels = tuple(PanelCard() for _ in range(_PANELS))
        for place, panel in enumerate(self.panels):
            panel.pressed.connect(lambda line, at=place: self.opened.emit(Mark("line", at, line)))
            grid.addWidget(panel, 2, place, Qt.AlignmentFlag.AlignTop)
            grid.setColumnStretch(place, 1)
        grid.setRowStretch(1, 1)
        area.setWidget(inside)
        self._area = area
        return area

    def _build_tiles(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(12)
        self.tiles = tuple(FigureTile() for _ in TILES)
        for place, tile in enumerate(self.tiles):
            tile.pressed.connect(lambda at=place: self.opened.emit(Mark("tile", at)))
            row.addWidget(tile, 1)
        return row

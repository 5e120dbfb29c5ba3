"""Pages of the segments: the groups with what to do, the cohorts; widgets only.

Owns: how each looks. Does not own: texts (view_model.py, cohorts.py), acts (controller.py).
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QStackedWidget, QVBoxLayout, QWidget

from app.wording import Wording
from ui.chart_view import GridView
from ui.kit.buttons import LinkButton, PrimaryButton, SecondaryButton
from ui.kit.cohort_grid import CohortGrid
from ui.kit.panels import Card, Rule
from ui.kit.row_table import RowTable
from ui.kit.text import ElidedText, Text
from ui.segments.view_model import GroupView
from ui.table_rows import TableColumn, TableRow
from ui.theme.theme import Theme

NARROW_BELOW = 1200
_WIDE, _NARROW = 420, 330


class GroupsPage(QWidget):
    """Every group on the left, the marked one with what to do on the right.

    Signals:
        campaign_requested, members_requested: pressed.
    """

    campaign_requested = Signal()
    members_requested = Signal()

    def __init__(self) -> None:
        super().__init__()
        across = QHBoxLayout(self)
        across.setContentsMargins(0, 0, 0, 0)
        across.setSpacing(16)
        left = Card(padding=(0, 0), spacing=0)
        self.table = RowTable()
        left.body.addWidget(self.table, 1)
        across.addWidget(left, 1)
        across.addWidget(self._build_detail())

    def show_groups(
        self, columns: Sequence[TableColumn], rows: Sequence[TableRow], current: str
    ) -> None:
        self.table.show_rows(columns, rows, current)

    def show_group(self, view: GroupView, *, may_plan: bool) -> None:
        """`may_plan`: whether this person may plan a campaign."""
        self._name.setText(view.name)
        self._count.setText(view.count)
        self._meaning.setText(view.meaning)
        self._to_do.setText(view.to_do)
        self.plan.setVisible(view.act == "coupon" and may_plan)

    def set_words(self, wording: Wording, plan_key: str) -> None:
        t = wording.t
        self.table.set_name(t("Segments"))
        self._to_do_title.setText(t("What to do"))
        self.plan.set_label(t("Plan a coupon"), hint=plan_key)
        self.members.set_label(t("Who they are"), hint="Enter")

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        is_narrow = self.window().width() < NARROW_BELOW
        self._detail.setFixedWidth(Theme.current().size(_NARROW if is_narrow else _WIDE))

    def _build_detail(self) -> Card:
        self._detail = card = Card(padding=(20, 16), spacing=12)
        self._name = Text(role="title", weight=600, wrap=True)
        self._count = Text(role="body_l", tone="text_secondary", wrap=True)
        self._meaning = Text(role="body", tone="text_secondary", wrap=True)
        self._to_do_title = Text(role="body", tone="text_secondary", weight=600)
        self._to_do = Text(role="body_l", wrap=True)
        self.plan = PrimaryButton(icon="ticket")
        self.plan.clicked.connect(self.campaign_requested)
        self.members = SecondaryButton(icon="user", height=56)
        self.members.clicked.connect(self.members_requested)
        for each in (self._name, self._count, self._meaning, Rule(), self._to_do_title,
                     self._to_do):  # fmt: skip
            card.body.addWidget(each)
        card.body.addStretch(1)
        card.body.addWidget(self.plan)
        card.body.addWidget(self.members)
        return card


class CohortsPage(Card):
    """The grid, or the same as a table.

    Signals:
        table_requested, chain_requested: pressed. pressed: a cell was tapped. args: row, column.
    """

    table_requested = Signal()
    chain_requested = Signal()
    pressed = Signal(int, int)

    def __init__(self) -> None:
        super().__init__(padding=(16, 12), spacing=8)
        head = QHBoxLayout()
        head.setSpacing(8)
        self._title = ElidedText(role="body_l", weight=600)
        self.twin = LinkButton(icon="list")
        self.twin.clicked.connect(self.table_requested)
        self.whose = LinkButton(icon="store")
        self.whose.clicked.connect(self.chain_requested)
        self.whose.hide()  # until it is known that there is a chain
        head.addWidget(self._title, 1)
        head.addWidget(self.whose)
        head.addWidget(self.twin)
        self.body.addLayout(head)
        self._hint = Text(role="body", tone="text_secondary", wrap=True)
        self.body.addWidget(self._hint)
        self.grid, self.table = CohortGrid(), RowTable()
        self.grid.pressed.connect(self.pressed)
        self._stack = QStackedWidget()
        self._stack.addWidget(self._scrolled(self.grid))
        self._stack.addWidget(self.table)
        self.body.addWidget(self._stack, 1)
        self._said = Text(role="body", wrap=True)
        self.body.addWidget(self._said)
        self._names = ("", "")
        self._titles = self._hints = self._stores = ("", "")

    @property
    def title(self) -> str:
        """Whose they are."""
        return self._title.whole_text

    @property
    def is_table(self) -> bool:
        return self._stack.currentWidget() is self.table

    def show_grid(
        self,
        view: GridView,
        columns: Sequence[TableColumn],
        rows: Sequence[TableRow],
        *,
        as_table: bool,
    ) -> None:
        self.grid.show_view(self._title.whole_text, view)
        self.table.set_name(self._title.whole_text)
        self.table.show_rows(columns, rows)
        self._stack.setCurrentIndex(1 if as_table else 0)
        self.twin.set_label(self._names[1 if as_table else 0])
        self.twin.set_icon("chart" if as_table else "list")

    def show_whose(self, *, of_chain: bool, can_choose: bool, as_of: str) -> None:
        """Of all stores, or of this one. `can_choose`: there is a chain. `as_of`: how old."""
        self.whose.setVisible(can_choose)
        self._title.set_text(self._titles[of_chain])
        self._hint.setText(" ".join(filter(None, (self._hints[of_chain], as_of))))
        self.whose.set_label(self._stores[of_chain])

    def set_current(self, row: int, column: int, said: str) -> None:
        self.grid.set_current(row, column)
        if self.is_table:
            self.table.go_to(row)
        self._said.setText(said)
        self._area.ensureVisible(0, self.grid.top_of(row), 0, Theme.current().size(60))

    def set_words(self, wording: Wording, table_key: str, chain_key: str) -> None:
        t = wording.t
        self._titles = (t("Who came back"), t("Who came back to all stores"))
        self._title.set_text(self._titles[0])
        self._stores = (t("Whole chain"), t("This shop"))
        self.whose.set_label(self._stores[0], hint=chain_key)
        self._hints = (
            t("The share of each month's new buyers who bought again, so many months later."),
            t(
                "The share of each month's new buyers in any store who bought again, so many "
                "months later."
            ),
        )
        self._names = (t("As a table"), t("As a chart"))
        self.twin.set_label(self._names[1 if self.is_table else 0], hint=table_key)

    def _scrolled(self, grid: CohortGrid) -> QScrollArea:
        self._area = area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setFocusPolicy(area.focusPolicy().NoFocus)
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 8, 0)
        column.addWidget(grid)
        column.addStretch(1)
        area.setWidget(inside)
        return area

"""List page: what stands behind a figure: a title, its value, some sentences, a table; widgets.

Owns: the layout. Does not own: texts (drill.py), what opening a row does (controllers).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.wording import Wording
from ui.figures.drill import ListView
from ui.key_map import Action
from ui.kit.buttons import IconButton, SecondaryButton
from ui.kit.feedback import Banner
from ui.kit.panels import Card, EmptyState
from ui.kit.row_table import RowTable
from ui.kit.text import NumberLabel, Text
from ui.table_rows import TableRow


class ListPage(QWidget):
    """The page.

    Signals:
        back_requested, export_requested, complaint_requested: pressed.
    """

    back_requested = Signal()
    export_requested = Signal()
    complaint_requested = Signal()

    def __init__(self) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 16, 16, 16)
        column.setSpacing(12)
        head = QHBoxLayout()
        head.setSpacing(12)
        self.back = IconButton("arrow-left", "back", framed=True)
        self.back.clicked.connect(self.back_requested)
        self._title = Text(role="h1", weight=600, wrap=True)  # its days are its last words
        self._value = NumberLabel(role="h1", weight=600)
        self.export = SecondaryButton(icon="download")
        self.export.clicked.connect(self.export_requested)
        self.complaint = SecondaryButton(icon="complaint")
        self.complaint.clicked.connect(self.complaint_requested)
        self.complaint.hide()
        for each in (self.back, self._title, self._value, self.complaint, self.export):
            head.addWidget(each, 1 if each is self._title else 0)
        column.addLayout(head)
        self.notice = Banner()
        column.addWidget(self.notice)
        self._sentences = Text(role="body", tone="text_secondary", wrap=True)
        column.addWidget(self._sentences)
        card = Card(padding=(0, 0), spacing=0)
        self.table = RowTable()
        self._empty = EmptyState(icon="list")
        card.body.addWidget(self.table, 1)
        card.body.addWidget(self._empty, 1)
        column.addWidget(card, 1)

    @property
    def words(self) -> str:
        """What stands above the table."""
        return f"{self._title.text()} {self._value.text()} {self._sentences.text()}"

    def render_view(self, view: ListView, rows: Sequence[TableRow], *, current: str = "") -> None:
        """The whole page."""
        self._title.setText(view.title)
        self._value.setText(view.value)
        self._sentences.setText("\n".join(view.sentences))
        self._sentences.setVisible(bool(view.sentences))
        self.table.show_rows(view.columns, rows, current)
        self.table.set_name(view.title)
        self._empty.show_words(view.empty)
        self._empty.setVisible(not rows)
        self.table.setVisible(bool(rows))

    def set_words(self, wording: Wording, hint: Callable[[Action], str]) -> None:
        """Names in the language of the moment."""
        self.back.set_name(wording.t("One step back"))
        self.export.set_label(wording.t("Export"), hint=hint(Action.EXPORT))
        named = wording.t("Log a complaint")
        self.complaint.set_label(named, hint=hint(Action.COMPLAINT))

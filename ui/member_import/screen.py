"""Screen of an import: the file above, its columns on the left, what is wrong on the right.

Owns: the layout. Does not own: texts (view_model.py), what a press does (controller.py).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QVBoxLayout, QWidget

from app.wording import Wording
from ui.key_map import Action
from ui.kit.buttons import IconButton, PrimaryButton, SecondaryButton
from ui.kit.feedback import Banner
from ui.kit.fields import SearchField
from ui.kit.panels import Card, EmptyState
from ui.kit.row_table import RowTable
from ui.kit.text import Text
from ui.table_rows import TableColumn, TableRow


class ImportScreen(QWidget):
    """The import.

    Signals:
        back_requested, choose_requested, import_requested, stop_requested, drop_requested,
            errors_requested: pressed.
    """

    back_requested = Signal()
    choose_requested = Signal()
    import_requested = Signal()
    stop_requested = Signal()
    drop_requested = Signal()
    errors_requested = Signal()

    def __init__(self) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 16, 16, 16)
        column.setSpacing(12)
        column.addLayout(self._build_head())
        self.notice = Banner()
        column.addWidget(self.notice)
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        column.addWidget(self._bar)
        across = QHBoxLayout()
        across.setSpacing(16)
        self.columns, self._columns_title = RowTable(), Text(role="title", weight=600)
        self.errors, self._errors_title = RowTable(), Text(role="title", weight=600)
        self._fine = EmptyState(icon="check-circle")
        across.addWidget(self._card(self._columns_title, self.columns), 4)
        across.addWidget(self._card(self._errors_title, self.errors, self._fine), 5)
        self._both = QWidget()
        across.setContentsMargins(0, 0, 0, 0)
        self._both.setLayout(across)
        self._empty = EmptyState(icon="download")
        column.addWidget(self._both, 1)
        column.addWidget(self._empty, 1)
        column.addLayout(self._build_acts())

    def render_file(
        self,
        mapping: tuple[Sequence[TableColumn], Sequence[TableRow]],
        errors: tuple[Sequence[TableColumn], Sequence[TableRow]],
    ) -> None:
        """No mapping rows: no file was read."""
        has_file = bool(mapping[1])
        self._both.setVisible(has_file)
        self._empty.setVisible(not has_file)
        self.columns.show_rows(mapping[0], mapping[1], self.columns.current_key)
        self.errors.show_rows(errors[0], errors[1], self.errors.current_key)
        self.errors.setVisible(bool(errors[1]))
        self._fine.setVisible(not errors[1])

    def step(self, by: int) -> None:
        """A row up or down, of the rows to look at where they have the focus."""
        (self.errors if self.errors.hasFocus() else self.columns).step(by)

    def render_progress(self, done: int, of: int, *, running: bool, stopped: bool) -> None:
        """`of` 0: nothing was begun."""
        self._bar.setVisible(of > 0)
        self._bar.setRange(0, max(1, of))
        self._bar.setValue(done)
        self.stop.setVisible(running)
        self.drop.setVisible(stopped)
        self.go_on.setVisible(not running)

    def render_go_on(self, label: str, hint: str, *, enabled: bool, errors: bool) -> None:
        """The key that does it, and the one for the file of faults."""
        self.go_on.set_label(label, hint=hint)
        self.go_on.setEnabled(enabled)
        self.save.setVisible(errors)

    def set_words(self, wording: Wording, hint: Callable[[Action], str], fine: str) -> None:
        """Names in the language of the moment."""
        t = wording.t
        self.back.set_name(t("Back to the members"))
        self._title.setText(t("Import members"))
        self.path.set_words(t("The file: CSV or XLSX"), t("The file: CSV or XLSX"))
        self.path.set_hint(hint(Action.FIND_ITEM))
        self.choose.set_label(t("Choose a file"), hint=hint(Action.CHOOSE_1))
        self.stop.set_label(t("Stop"), hint="Esc")
        self.drop.set_label(t("Drop the rest"), hint=hint(Action.CHOOSE_2))
        self.save.set_label(t("Save the rows to look at"), hint=hint(Action.EXPORT))
        self._columns_title.setText(t("Which column is which"))
        self._errors_title.setText(t("Rows to look at"))
        self.columns.set_name(t("Which column is which"))
        self.errors.set_name(t("Rows to look at"))
        self._fine.show_words(fine)
        self._empty.show_words(
            t("Choose a file of members."),
            t("Its first row names the columns. Nothing is written before you have seen what "
              "becomes of it."),
        )  # fmt: skip

    def _build_head(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(12)
        self.back = IconButton("arrow-left", "back", framed=True)
        self.back.clicked.connect(self.back_requested)
        self._title = Text(role="h1", weight=600)
        self.path = SearchField(icon="download")
        self.path.edit.set_lets_keys_through(False)
        self.choose = SecondaryButton(height=56)
        self.choose.clicked.connect(self.choose_requested)
        row.addWidget(self.back)
        row.addWidget(self._title)
        row.addWidget(self.path, 1)
        row.addWidget(self.choose)
        return row

    def _build_acts(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(16)
        self.save = SecondaryButton(icon="download", height=64)
        self.save.clicked.connect(self.errors_requested)
        self.stop = SecondaryButton(icon="pause", height=64)
        self.stop.clicked.connect(self.stop_requested)
        self.drop = SecondaryButton(icon="trash", height=64)
        self.drop.clicked.connect(self.drop_requested)
        self.go_on = PrimaryButton()
        self.go_on.clicked.connect(self.import_requested)
        row.addWidget(self.save, 1)
        row.addWidget(self.stop, 1)
        row.addWidget(self.drop, 1)
        row.addWidget(self.go_on, 1)
        return row

    def _card(self, title: Text, *inside: QWidget) -> Card:
        card = Card(padding=(0, 0), spacing=0)
        title.setContentsMargins(16, 12, 16, 8)
        card.body.addWidget(title)
        for widget in inside:
            card.body.addWidget(widget, 1)
        return card

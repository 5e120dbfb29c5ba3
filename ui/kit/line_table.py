"""Line table: what every list of a sale's lines does, whatever its columns are.

Owns: one line current at a time and scrolled into view, headers that stand still, the stepper of
the current line, which keys are the table's. Does not own: columns, heights and where the stepper
stands (basket_table.py, ui/refund/table.py).
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import (
    QAbstractTableModel,
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget

from ui.kit.keypad import Stepper
from ui.theme.theme import follow

_OWN_KEYS = (Qt.Key.Key_PageUp, Qt.Key.Key_PageDown, Qt.Key.Key_Home, Qt.Key.Key_End)


class LineTable(QTableView):
    """A view of lines. A kind of it calls `_begin` once its own attributes stand.

    Signals:
        current_changed: arg: the line id, or an empty text.
        stepped: The stepper of the current line. args: line id, +1 or -1.
    """

    current_changed = Signal(str)
    stepped = Signal(str, int)

    def __init__(self, parent: QWidget | None) -> None:
        super().__init__(parent)
        self._theme = follow(self, self._on_theme)
        self._is_narrow = False
        self._name_column = 0
        self._stepper = Stepper(parent=self.viewport())
        self._settle = QTimer(self)
        self.setShowGrid(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)

    @property
    def line_ids(self) -> Sequence[str]:
        """The lines that are shown, in their order."""
        return ()

    @property
    def current_id(self) -> str:
        row = self.currentIndex().row()
        return self.line_ids[row] if 0 <= row < len(self.line_ids) else ""

    def move_current(self, step: int) -> None:
        """Up (-1) or down (+1), stopping at the ends."""
        if self.line_ids:
            row = min(max(self.currentIndex().row() + step, 0), len(self.line_ids) - 1)
            self._make_current(self.line_ids[row])

    def set_narrow(self, narrow: bool) -> None:
        """The column widths of the 1024 px window."""
        self._is_narrow = narrow
        self._set_widths()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in _OWN_KEYS:
            super().keyPressEvent(event)
        else:
            event.ignore()  # letters, figures, arrows and Enter belong to the screen

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._settle.start()

    def currentChanged(  # noqa: N802 - Qt override
        self,
        current: QModelIndex | QPersistentModelIndex,
        previous: QModelIndex | QPersistentModelIndex,
    ) -> None:
        super().currentChanged(current, previous)
        self._size_rows()
        self._place_stepper()
        self.current_changed.emit(self.current_id)

    def _begin(self, model: QAbstractTableModel, *, name_column: int) -> None:
        """Show this model; the name takes the room the other columns leave."""
        self._name_column = name_column
        self.setModel(model)
        self._style_headers()
        self._stepper.stepped.connect(self._on_step)
        self._stepper.hide()
        self.verticalScrollBar().valueChanged.connect(self._place_stepper)
        self._on_theme()

    def _make_current(self, line_id: str) -> None:
        ids = self.line_ids
        if line_id in ids:
            flag = QItemSelectionModel.SelectionFlag
            index = self.model().index(ids.index(line_id), self._name_column)
            self.selectionModel().setCurrentIndex(index, flag.ClearAndSelect | flag.Rows)
        else:
            self.selectionModel().clear()
        self._size_rows()
        if self.currentIndex().isValid():
            self.updateGeometries()  # the taller row must be counted before it is scrolled to
            self.scrollTo(self.currentIndex())
        self._place_stepper()

    def _style_headers(self) -> None:
        header = self.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        header.setSectionResizeMode(self._name_column, QHeaderView.ResizeMode.Stretch)
        header.setHighlightSections(False)
        header.setSectionsClickable(False)
        header.setMinimumSectionSize(24)
        self.verticalHeader().hide()
        self.verticalHeader().setMinimumSectionSize(24)
        # The header moves its sections after it has told: look again when it is done.
        self._settle.setSingleShot(True)
        self._settle.setInterval(0)
        self._settle.timeout.connect(self._on_settled)
        header.sectionResized.connect(self._settle.start)

    def _on_theme(self) -> None:
        self.horizontalHeader().setFixedHeight(self._theme.size(42))
        self._set_widths()
        self._size_rows()
        self._place_stepper()

    def _on_settled(self) -> None:
        self._size_rows()
        self._place_stepper()

    def _on_step(self, step: int) -> None:
        if self.current_id:
            self.stepped.emit(self.current_id, step)

    def _set_widths(self) -> None:
        """The widths of the columns; a kind of it knows them."""

    def _size_rows(self) -> None:
        """The heights of the rows, the current one's among them."""

    def _place_stepper(self) -> None:
        """Put the stepper to the current line, or hide it."""

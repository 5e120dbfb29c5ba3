"""The import itself: rows taken in a few at a time while the till sells on, stopped and gone on.

Owns: where it stands, what was known already, the file of faults. Does not own: what becomes of a
row (app/services/import_members.py), the screen. It goes on where another screen is in front.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Literal

from PySide6.QtCore import QObject, QTimer, Signal

from app.services.import_members import ImportRefused, MemberRow, take_members, tell_import
from app.services.spreadsheet import Number, Sheet, csv_bytes
from app.services.table_file import CellError
from app.wording import Wording
from ui.file_errand import documents, write_whole
from ui.member_import.words import cure_words, field_words
from ui.window_parts import WindowParts

ROWS_A_UNIT = 20
"""So many are written in one unit of work: a sale waits for no more."""
_REST_MS = 1
State = Literal["none", "running", "stopped", "done"]


class ImportErrand(QObject):
    """One file at a time.

    Signals:
        moved: How far it is, or how it stands, changed.
        finished: Every row was looked at. arg: how many members it brought.
        refused: It cannot go on. arg: the answer of the service.
    """

    moved = Signal()
    finished = Signal(int)
    refused = Signal(object)

    def __init__(self, parts: WindowParts, parent: QObject) -> None:
        super().__init__(parent)
        self._parts = parts
        self._rows: Sequence[MemberRow] = ()
        self._errors: Sequence[CellError] = ()
        self.known: list[CellError] = []
        self.state: State = "none"
        self.done = 0
        self._is_asking = False
        self.folder: Path | None = None
        """Where the file of faults goes; None = the documents of whoever runs the till."""
        self.errors_at: Path | None = None

    @property
    def count(self) -> int:
        return len(self._rows)

    @property
    def taken(self) -> int:
        """Members made so far."""
        return self.done - len(self.known)

    def prepare(self, rows: Sequence[MemberRow], errors: Sequence[CellError]) -> None:
        """What a file would bring; nothing is written."""
        if self.state != "running" and not self._is_asking:
            self._rows, self._errors, self.known = rows, errors, []
            self.state, self.done, self.errors_at = "none", 0, None

    def begin(self) -> None:
        """From the first row, or where it was stopped."""
        if self.state in ("none", "stopped") and self._rows:
            self.state = "running"
            # Stopped and gone on before the last rows answered: what is under way goes on itself.
            if not self._is_asking:
                self._is_asking = True
                self._parts.ask(tell_import, self._begun, rows=len(self._rows), is_begun=True)
            self.moved.emit()

    def stop(self) -> None:
        """What is in stays in; `begin` goes on behind it."""
        if self.state == "running":
            self.state = "stopped"
            self.moved.emit()

    def write_errors(self) -> None:
        """The file of faults: row, field, what to do. It holds no value of the file."""
        wording = self._parts.wording
        errors = sorted((*self._errors, *self.known), key=lambda error: (error.row, error.column))
        stamp = self._parts.local_now().strftime("%Y%m%d-%H%M%S")
        path = (self.folder or documents()) / f"zhanggui-import-errors-{stamp}.csv"
        content = csv_bytes([_sheet(errors, wording)])
        self._parts.runner.run_aside(
            lambda: write_whole(path, [content]), self._written, self._not_written
        )

    @property
    def has_errors(self) -> bool:
        return bool(self._errors or self.known)

    def _begun(self, answer: object) -> None:
        self._is_asking = False
        if answer is None:
            self._next()
        else:
            self._end(answer)

    def _next(self) -> None:
        if self.state != "running" or self._is_asking:
            return
        self._is_asking = True
        batch = self._rows[self.done : self.done + ROWS_A_UNIT]
        self._parts.ask(take_members, self._taken, on_error=self._failed, rows=batch)

    def _taken(self, answer: object) -> None:
        self._is_asking = False
        if not isinstance(answer, tuple):
            self._end(answer)
            return
        self.known += answer
        self.done = min(self.count, self.done + ROWS_A_UNIT)
        if self.done == self.count:
            self.state = "done"
            self._parts.ask(tell_import, rows=self.taken, is_begun=False)
            self.finished.emit(self.taken)
            if self.has_errors:
                self.write_errors()
        else:
            QTimer.singleShot(_REST_MS, self, self._next)
        self.moved.emit()

    def _end(self, answer: object) -> None:
        """Signed out, or no room: what is in stays in."""
        self.state = "stopped"
        self.refused.emit(answer)
        self.moved.emit()

    def _failed(self, error: BaseException) -> None:
        self._is_asking = False
        self._end(ImportRefused("no_room"))
        if self._parts.on_fault is not None:
            self._parts.on_fault(error)

    def _written(self, path: Path) -> None:
        self.errors_at = path
        self.moved.emit()

    def _not_written(self, error: BaseException) -> None:
        if isinstance(error, OSError):
            self.refused.emit(error)
        elif self._parts.on_fault is not None:
            self._parts.on_fault(error)


def _sheet(errors: Sequence[CellError], wording: Wording) -> Sheet:
    t = wording.t
    rows = tuple(
        (Number(error.row), field_words(error.column, wording), cure_words(error, wording))
        for error in errors
    )
    return Sheet(t("Rows to look at"), (t("Row"), t("Field"), t("What to do")), rows)

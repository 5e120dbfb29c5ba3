"""The import itself: rows taken in a few at a time while the till sells on, stopped and gone on.

Owns: where it stands, what was known already, the file of faults. Does not own: what becomes of a
row (app/services), the screen. It goes on where another screen is in front, and after a restart.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Literal

from PySide6.QtCore import QObject, QTimer, Signal

from app.domain.member_import import KeptImport
from app.services.import_members import ImportRefused, MemberRow
from app.services.member_import import (
    ROWS_KEPT_A_UNIT,
    ImportStanding,
    ImportTaken,
    NoImport,
    close_import,
    drop_import,
    import_standing,
    keep_import,
    keep_rows,
    run_import,
    stop_import,
    take_next,
)
from app.services.spreadsheet import Number, Sheet, csv_bytes
from app.services.table_file import CellError
from app.wording import Wording
from ui.file_errand import documents, write_whole
from ui.member_import.words import cure_words, field_words
from ui.window_parts import WindowParts

_REST_MS = 1
_DISK_FULL = "E-STORE-04"
State = Literal["none", "running", "stopped", "done"]


@dataclass(frozen=True, slots=True)
class ImportBroke:
    """A fault nobody expected: nothing of the rows under way was kept, what was in stays in."""


class ImportErrand(QObject):
    """One file at a time.

    Signals:
        moved: How far it is, or how it stands, changed.
        finished: Every row was looked at. arg: how many members it brought.
        found: One goes on that was on its way when the till was started. arg: its name.
        stands: One was stopped before the till was started, and waits. args: its name, the rows
            looked at, of how many.
        refused: It cannot go on. arg: the answer of the service.
    """

    moved = Signal()
    finished = Signal(int)
    found = Signal(str)
    stands = Signal(str, int, int)
    refused = Signal(object)

    def __init__(self, parts: WindowParts, parent: QObject) -> None:
        super().__init__(parent)
        self._parts = parts
        self._rows: Sequence[MemberRow] = ()
        self._mapping: Mapping[str, str] = {}
        self._errors: Sequence[CellError] = ()
        self.known: list[CellError] = []
        self.state: State = "none"
        self.name = ""
        self.count, self.done = 0, 0
        self._is_asking = self._is_kept = self._was_looked_for = self._is_gone = False
        self._is_wished = False  # to go on, once what is under way answered
        self.folder: Path | None = None
        """Where the file of faults goes; None = the documents of whoever runs the till."""
        self.errors_at: Path | None = None

    @property
    def errors(self) -> Sequence[CellError]:
        """Rows of the file that stay out."""
        return self._errors

    @property
    def mapping(self) -> Mapping[str, str]:
        """Which column of the file is which of ours."""
        return self._mapping

    @property
    def taken(self) -> int:
        """Members made so far."""
        return self.done - len(self.known)

    def put_away(self) -> None:
        """The window goes: the next one goes on with it."""
        self._is_gone = True

    def look(self) -> None:
        """Once the till is open: was one on its way?"""
        if not self._was_looked_for:
            self._was_looked_for = True
            self._parts.ask(import_standing, self._found)

    def prepare(
        self,
        rows: Sequence[MemberRow],
        errors: Sequence[CellError],
        name: str = "",
        mapping: Mapping[str, str] | None = None,
    ) -> None:
        """What a file would bring; nothing is written."""
        if self.state in ("none", "done") and not self._is_asking:
            self._rows, self._errors, self.known = rows, errors, []
            self.name, self._mapping, self._is_kept = name, mapping or {}, False
            self.state, self.done, self.errors_at = "none", 0, None
            self.count = len(rows)

    def begin(self) -> None:
        """From the first row, or where it was stopped."""
        if self.state in ("none", "stopped") and self.count > self.done:
            self.state = "running"
            if self._is_asking:
                # Putting rows away goes on itself; taking them in stops behind those under way.
                self._is_wished = self._is_kept
            elif self._is_kept:
                self._ask(run_import, self._runs)
            else:
                self._ask(
                    keep_import, self._begun, name=self.name, mapping=self._mapping,
                    count=self.count, faults=self._errors,
                )  # fmt: skip
            self.moved.emit()

    def stop(self) -> None:
        """What is in stays in; `begin` goes on behind it, also after a restart."""
        if self.state == "running":
            self.state, self._is_wished = "stopped", False
            if self._is_kept:
                self._parts.ask(stop_import)
            self.moved.emit()

    def drop(self) -> None:
        """Nothing more of it comes."""
        if self.state == "stopped" and not self._is_asking:
            self._ask(drop_import, self._dropped)

    def write_errors(self) -> None:
        """The file of faults: row, field, what to do. It holds no value of the file."""
        wording = self._parts.wording
        stamp = self._parts.local_now().strftime("%Y%m%d-%H%M%S")
        path = (self.folder or documents()) / f"zhanggui-import-errors-{stamp}.csv"
        content = csv_bytes([_sheet((*self._errors, *self.known), wording)])
        self._parts.runner.run_aside(
            lambda: write_whole(path, [content]), self._written, self._not_written
        )

    @property
    def has_errors(self) -> bool:
        return bool(self._errors or self.known)

    # ------------------------------------------------------------------ answers

    def _ask(self, service: Callable[..., Any], then: Callable[[Any], None], **wanted: Any) -> None:
        if not (self._is_asking or self._is_gone):
            self._is_asking = True
            self._parts.ask(service, then, on_error=self._failed, **wanted)

    def _found(self, answer: object) -> None:
        if not isinstance(answer, ImportStanding) or self.state != "none":
            return
        kept = answer.kept
        self._errors = [each for each in answer.faults if each.problem != "already_known"]
        self.known = [each for each in answer.faults if each.problem == "already_known"]
        self.name, self._mapping, self._is_kept = kept.name, kept.mapping, True
        self.count, self.done = kept.count, kept.done
        self.state = "stopped" if kept.state == "stopped" else "running"
        if kept.state == "done":
            self._end_well()
        elif self.state == "stopped":
            self.stands.emit(kept.name, kept.done, kept.count)
        else:
            self.found.emit(kept.name)
            self._next()
        self.moved.emit()

    def _begun(self, answer: object) -> None:
        self._is_asking = False
        if isinstance(answer, KeptImport):
            self._keep(0)
        else:
            self._end(answer)

    def _keep(self, start: int) -> None:
        """All rows are put away before the first is taken in."""
        some = self._rows[start : start + ROWS_KEPT_A_UNIT]
        if some:
            self._ask(keep_rows, partial(self._kept, start + len(some)), rows=some)
            return
        self._is_kept, self._rows = True, ()
        if self.state == "running":
            self._ask(run_import, self._runs)
        else:
            self._parts.ask(stop_import)

    def _kept(self, so_far: int, answer: object) -> None:
        self._is_asking = False
        if answer is None:
            self._keep(so_far)
        else:
            self._end(answer)

    def _runs(self, answer: object) -> None:
        self._is_asking = False
        if not isinstance(answer, KeptImport):
            self._end(answer)
        elif not self._goes_on():
            self._next()

    def _goes_on(self) -> bool:
        """Whether somebody wished it meanwhile: then it is let run anew."""
        if not self._is_wished:
            return False
        self._is_wished = False
        self._ask(run_import, self._runs)
        return True

    def _next(self) -> None:
        if self.state == "running":
            self._ask(take_next, self._taken)

    def _taken(self, answer: object) -> None:
        self._is_asking = False
        if not isinstance(answer, ImportTaken):
            if self.state == "running":
                self._end(answer)
            return
        self.known += answer.known
        self._errors = (*self._errors, *answer.faults)
        self.count, self.done = answer.kept.count, answer.kept.done
        if answer.kept.state == "done":
            self._end_well()
        elif not self._goes_on():
            QTimer.singleShot(_REST_MS, self, self._next)
        self.moved.emit()

    def _end_well(self) -> None:
        self.state, self._is_wished = "done", False
        self.finished.emit(self.taken)
        if self.has_errors:
            self.write_errors()
        else:
            self._parts.ask(close_import)

    def _dropped(self, answer: object) -> None:
        self._is_asking = False
        if isinstance(answer, KeptImport):
            self._clear()
            self.moved.emit()
        else:
            self._end(answer)

    def _clear(self) -> None:
        self.state, self.count, self.known, self._errors = "none", 0, [], ()
        self.done, self._is_kept, self._is_wished = 0, False, False

    def _end(self, answer: object) -> None:
        """Signed out, or no room: what is in stays in."""
        self._is_wished = False
        if isinstance(answer, NoImport):
            self._clear()  # the store has nothing to go on with
        else:
            self.state = "stopped" if self._is_kept else "none"
        self.refused.emit(answer)
        self.moved.emit()

    def _failed(self, error: BaseException) -> None:
        self._is_asking = False
        if self._is_kept:
            self._parts.ask(stop_import)
        self._end(_broke(error))
        if self._parts.on_fault is not None:
            self._parts.on_fault(error)

    def _written(self, path: Path) -> None:
        self.errors_at = path
        if self.state == "done":
            self._parts.ask(close_import)
        self.moved.emit()

    def _not_written(self, error: BaseException) -> None:
        if isinstance(error, OSError):
            self.refused.emit(error)
        elif self._parts.on_fault is not None:
            self._parts.on_fault(error)


def _broke(error: BaseException) -> ImportRefused | ImportBroke:
    is_full = getattr(error, "code", "") == _DISK_FULL
    return ImportRefused("no_room") if is_full else ImportBroke()


def _sheet(errors: Sequence[CellError], wording: Wording) -> Sheet:
    t = wording.t
    rows = tuple(
        (Number(error.row), field_words(error.column, wording), cure_words(error, wording))
        for error in sorted(errors, key=lambda error: (error.row, error.column))
    )
    return Sheet(t("Rows to look at"), (t("Row"), t("Field"), t("What to do")), rows)

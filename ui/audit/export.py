"""Export: the log leaves the till as a file, with a reason, after it was told in the trail.

Owns: the way from the question to the file, its progress, stopping it. Does not own: the dialog
(export_dialog.py), the form of the file (csv_file.py).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, QStandardPaths, Signal
from PySide6.QtWidgets import QWidget

from app.domain.audit_search import AuditCriteria
from app.services.audit_search import (
    ROWS_PER_READ,
    ExportTold,
    ExportWordsMissing,
    TrailRows,
    tell_export,
    trail_rows,
)
from app.wording import Wording
from ui.audit import csv_file
from ui.audit.export_dialog import ExportDialog
from ui.audit.story import Told
from ui.audit.words import EXPORT_REASONS
from ui.kit.reason_picker import ReasonRow
from ui.window_parts import WindowParts


class TrailExport(QObject):
    """One export at a time.

    Signals:
        said: How it stands. args: the sentence (empty: nothing more to say), its tone.
        told: It stands in the trail now: there is one entry more.
    """

    said = Signal(str, str)
    told = Signal()

    def __init__(
        self, parts: WindowParts, over: QWidget, make_told: Callable[[], Told], parent: QObject
    ) -> None:
        super().__init__(parent)
        self._parts, self._over, self._make_told = parts, over, make_told
        self.dialog: ExportDialog | None = None
        self.folder: Path | None = None
        """Where files go; None = the documents of whoever runs the till."""
        self._criteria = AuditCriteria()
        self._numbers: Sequence[int] = ()
        self._text: list[str] = []
        self._round = 0
        self._is_running = False

    @property
    def is_running(self) -> bool:
        return self._is_running

    def ask(self, criteria: AuditCriteria, numbers: Sequence[int]) -> None:
        """Why? `numbers`: the entries that are shown."""
        if self._is_running or self.dialog is not None:
            return
        wording = self._parts.wording
        self._criteria, self._numbers = criteria, numbers
        sentence = wording.n(
            "{number} entry leaves the till as a file. Who exported and why is recorded.",
            "{number} entries leave the till as a file. Who exported and why is recorded.",
            len(numbers),
            number=f"{len(numbers):,}",
        )
        reasons = [
            ReasonRow(code, wording.t(words), needs_note=code == "other")
            for code, words in EXPORT_REASONS.items()
        ]
        self.dialog = dialog = ExportDialog(self._over, sentence, reasons, wording)
        dialog.go_on.clicked.connect(self._tell)
        dialog.finished.connect(self._forget)
        dialog.open()

    def stop(self) -> None:
        """Nothing is written; that it was begun stays told."""
        self._round += 1
        if self._is_running:
            self._is_running = False
            self.said.emit(self._parts.wording.t("Export stopped, nothing was written."), "info")

    def put_away(self) -> None:
        """The screen is left."""
        self.stop()
        if self.dialog is not None and self.dialog.is_open:
            self.dialog.reject()

    def _forget(self) -> None:
        self.dialog = None

    # ------------------------------------------------------------------ the way to the file

    def _tell(self) -> None:
        assert self.dialog is not None, "asked from the dialog"
        reasons = self.dialog.reasons
        self._parts.ask(
            tell_export,
            self._was_told,
            criteria=self._criteria,
            count=len(self._numbers),
            reason=reasons.chosen,
            note=reasons.words,
        )

    def _was_told(self, answer: Any) -> None:
        t, dialog = self._parts.wording.t, self.dialog
        if isinstance(answer, ExportWordsMissing) and dialog is not None:
            dialog.reasons.ask_for_words(t("Say in a few words why."))
            return
        if dialog is not None and dialog.is_open:
            dialog.accept()
        if not isinstance(answer, ExportTold):
            self.said.emit(t("Your role may not export the log."), "danger")
            return
        self.told.emit()
        self._text = [csv_file.heading(self._make_told())]
        self._is_running = True
        self._round += 1
        self._read(0, answer.at_ms)

    def _read(self, place: int, at_ms: int) -> None:
        mine, numbers = self._round, tuple(self._numbers[place : place + ROWS_PER_READ])
        if not numbers:
            self._write(at_ms)
            return
        self.said.emit(_progress(self._parts.wording, place, len(self._numbers)), "info")

        def answered(answer: Any) -> None:
            if mine != self._round:
                return
            if not isinstance(answer, TrailRows):
                self.stop()
                return
            told = self._make_told()
            self._text.append(csv_file.lines(answer.rows, told))
            self._read(place + len(numbers), at_ms)

        self._parts.ask(trail_rows, answered, numbers=numbers)

    def _write(self, at_ms: int) -> None:
        self._is_running = False
        documents = QStandardPaths.StandardLocation.DocumentsLocation
        folder = self.folder or Path(QStandardPaths.writableLocation(documents))
        stamp = self._parts.local_now().strftime("%Y%m%d-%H%M%S")
        path = folder / f"zhanggui-audit-{stamp}-{at_ms % 1000:03d}.csv"
        text, self._text = "".join(self._text), []
        self._parts.ask_aside(
            csv_file.write_csv, self._written, on_error=self._failed, path=path, text=text
        )

    def _written(self, path: Path) -> None:
        self.said.emit(self._parts.wording.t("Saved as {path}", path=path), "success")

    def _failed(self, error: BaseException) -> None:
        if not isinstance(error, OSError):
            raise error
        sentence = self._parts.wording.t(
            "The file could not be written: {why}. The log itself is safe; make room or choose "
            "another day, then export again.",
            why=error.strerror or str(error),
        )
        self._parts.notifier.signal("scan_error")
        self.said.emit(sentence, "danger")


def _progress(wording: Wording, done: int, of: int) -> str:
    return wording.t("Exporting {done} of {of}; Esc stops it.", done=f"{done:,}", of=f"{of:,}")

"""Export of the list: with a reason, after it was told in the trail, masked, with progress.

Owns: the way from the question to the file, stopping it. Does not own: the dialog (ui/audit), the
form of the file (csv_file.py), reading rows (app/services/member_list.py).
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, QStandardPaths, Signal
from PySide6.QtWidgets import QWidget

from app.domain.member_list import ListChoice, ListPlace
from app.services.member_export import (
    MemberExportTold,
    MemberExportWords,
    may_see_whole,
    tell_member_export,
    whole_members,
)
from app.services.member_list import MembersPart, list_members
from ui.audit.csv_file import write_csv
from ui.audit.export_dialog import ExportDialog
from ui.audit.words import EXPORT_REASONS
from ui.kit.reason_picker import ReasonRow
from ui.kit.tick_row import TickRow
from ui.members import csv_file
from ui.window_parts import WindowParts

ROWS_A_READ = 200


class MembersExport(QObject):
    """One export at a time.

    Signals:
        said: How it stands. args: the sentence, its tone.
    """

    said = Signal(str, str)

    def __init__(self, parts: WindowParts, over: QWidget, parent: QObject) -> None:
        super().__init__(parent)
        self._parts, self._over = parts, over
        self.dialog: ExportDialog | None = None
        self.folder: Path | None = None
        """Where files go; None = the documents of whoever runs the till."""
        self._choice = ListChoice()
        self._whole: TickRow | None = None
        self._reason = ""
        """Why names and numbers leave as they are; empty: masked."""
        self._text: list[str] = []
        self._count = self._round = 0
        self.is_running = False

    def ask(self, choice: ListChoice) -> None:
        """Why? Everybody in the list as it is narrowed now."""
        if self.is_running or self.dialog is not None:
            return
        wording = self._parts.wording
        self._choice = choice
        sentence = wording.t(
            "The members of this list leave the till as a file, names and numbers masked. Who "
            "exported and why is recorded."
        )
        reasons = [
            ReasonRow(code, wording.t(words), needs_note=code == "other")
            for code, words in EXPORT_REASONS.items()
        ]
        self.dialog = dialog = ExportDialog(
            self._over, sentence, reasons, wording, title=wording.t("Export the members")
        )
        self._whole = None
        if may_see_whole(shop=self._parts.shop) is None:
            self._whole = TickRow(
                wording.t("With whole names and numbers"),
                wording.t("Each number is noted with the member as seen."),
            )
            dialog.body.insertWidget(dialog.body.count() - 1, self._whole)
        dialog.go_on.clicked.connect(self._tell)
        dialog.finished.connect(self._gone)
        dialog.open()

    def stop(self) -> None:
        """Nothing is written; that it was begun stays told."""
        self._round += 1
        if self.is_running:
            self.is_running = False
            self.said.emit(self._parts.wording.t("Export stopped, nothing was written."), "info")

    def put_away(self) -> None:
        """The screen is left."""
        self.stop()
        if self.dialog is not None and self.dialog.is_open:
            self.dialog.reject()

    def _gone(self) -> None:
        self.dialog = None

    # ------------------------------------------------------------------ the way to the file

    def _tell(self) -> None:
        assert self.dialog is not None, "asked from the dialog"
        reasons = self.dialog.reasons
        self._parts.ask(
            tell_member_export,
            self._was_told,
            choice=self._choice,
            reason=reasons.chosen,
            note=reasons.words,
            whole=self._is_whole(),
        )

    def _is_whole(self) -> bool:
        return self._whole is not None and self._whole.isChecked()

    def _was_told(self, answer: Any) -> None:
        t, dialog = self._parts.wording.t, self.dialog
        if isinstance(answer, MemberExportWords) and dialog is not None:
            dialog.reasons.ask_for_words(t("Say in a few words why."))
            return
        if dialog is not None:
            self._reason = dialog.reasons.chosen if self._is_whole() else ""
        if dialog is not None and dialog.is_open:
            dialog.accept()
        if not isinstance(answer, MemberExportTold):
            self.said.emit(t("Your role may not export members."), "danger")
            return
        self._text, self._count = [csv_file.heading(self._parts.wording)], 0
        self.is_running = True
        self._round += 1
        self._read(None)

    def _read(self, after: ListPlace | None) -> None:
        mine = self._round

        def answered(answer: Any) -> None:
            if mine != self._round:
                return
            if not isinstance(answer, MembersPart):
                self.stop()
                return
            self._take(answer)

        wanted: dict[str, Any] = {"choice": self._choice, "after": after, "want": ROWS_A_READ}
        if self._reason:
            self._parts.ask(whole_members, answered, reason=self._reason, **wanted)
        else:
            self._parts.ask(list_members, answered, **wanted)

    def _take(self, part: MembersPart) -> None:
        wording = self._parts.wording
        currency = self._parts.state.program.currency
        self._text.append(csv_file.lines(part.rows, wording, currency))
        self._count += len(part.rows)
        if part.place is None:
            self._write()
            return
        done = f"{self._count:,}"
        self.said.emit(wording.t("{done} members so far; Esc stops it.", done=done), "info")
        self._read(part.place)

    def _write(self) -> None:
        self.is_running = False
        documents = QStandardPaths.StandardLocation.DocumentsLocation
        folder = self.folder or Path(QStandardPaths.writableLocation(documents))
        stamp = self._parts.local_now().strftime("%Y%m%d-%H%M%S")
        text, self._text = "".join(self._text), []
        self._parts.ask_aside(
            write_csv,
            self._written,
            on_error=self._failed,
            path=folder / f"zhanggui-members-{stamp}.csv",
            text=text,
        )

    def _written(self, path: Path) -> None:
        self.said.emit(self._parts.wording.t("Saved as {path}", path=path), "success")

    def _failed(self, error: BaseException) -> None:
        if not isinstance(error, OSError):
            raise error
        self._parts.notifier.signal("scan_error")
        why = error.strerror or str(error)
        sentence = self._parts.wording.t(
            "The file could not be written: {why}. Make room, then export again.", why=why
        )
        self.said.emit(sentence, "danger")

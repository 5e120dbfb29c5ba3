"""Controller of an import: which file, which column is which, and when it is taken in.

Owns: reading the file aside whenever something of it was chosen anew. Does not own: taking rows in
(errand.py), widgets (screen.py), texts (view_model.py).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QWidget

from app.services.import_members import MembersFile, guess_mapping, look_through
from app.services.staff import lock_till
from app.services.table_file import Header, read_header
from app.services.till_state import TillState
from app.wording import Wording
from ui.file_errand import documents
from ui.key_map import Action, KeyAction
from ui.kit.dialogs import ConfirmDialog, Question
from ui.kit.pick_dialog import PickDialog
from ui.member_import.errand import ImportErrand
from ui.member_import.screen import ImportScreen
from ui.member_import.view_model import (
    Progress,
    column_picks,
    error_columns,
    error_rows,
    kept_mapping_rows,
    mapping_columns,
    mapping_rows,
    progress_words,
    refused_words,
    rows_left_out,
    summary_words,
)
from ui.member_import.words import field_words, unreadable_words
from ui.navigation import Destination, ScreenController, ToMembers
from ui.window_parts import WindowParts

FILE_BYTES_MAX = 200 * 1024 * 1024


class ImportController(ScreenController):
    """One file at a time; it goes on where another screen is in front."""

    def __init__(self, parts: WindowParts, errand: ImportErrand) -> None:
        super().__init__()
        self._parts = parts
        self._content, self._name = b"", ""
        self._header: Header | None = None
        self._mapping: Mapping[str, str] = {}
        self._read: object = None
        self._round = 0
        self.dialog: PickDialog | None = None
        self.question: ConfirmDialog | None = None
        self.errand = errand
        self.errand.moved.connect(self._draw)
        self.errand.refused.connect(self._refused)
        self.errand.finished.connect(self._finished)
        self.screen = screen = ImportScreen()
        screen.back_requested.connect(self.back)
        screen.choose_requested.connect(self.choose_file)
        screen.import_requested.connect(self.begin)
        screen.stop_requested.connect(self.errand.stop)
        screen.drop_requested.connect(self.ask_to_drop)
        screen.errors_requested.connect(self.errand.write_errors)
        screen.columns.opened.connect(self.choose_column)
        screen.path.committed.connect(self.open_file)
        self.speak(parts.wording)

    @property
    def widget(self) -> QWidget:
        return self.screen

    def enter(self, to: Destination) -> None:
        self.screen.notice.show_banner("")
        self.screen.path.edit.setFocus()
        self._draw()

    def leave(self) -> None:
        for dialog in (self.dialog, self.question):
            if dialog is not None and dialog.is_open:
                dialog.reject()

    def take_scan(self, text: str) -> bool:
        """Nothing is sold here: the tone says that it was not taken."""
        self._parts.notifier.signal("scan_error")
        return True

    def show_state(self, state: TillState) -> None:
        self._draw()

    def speak(self, wording: Wording) -> None:
        fine = wording.t("Nothing is wrong in this file.")
        self.screen.set_words(wording, self._parts.keys.hint, fine)
        self._draw()

    def key_actions(self) -> Sequence[KeyAction]:
        t, screen = self._parts.wording.t, self.screen
        return (
            KeyAction(Action.CONFIRM, t("Choose the column"), screen.columns.open_current),
            KeyAction(Action.LINE_UP, t("Row above"), partial(screen.step, -1)),
            KeyAction(Action.LINE_DOWN, t("Row below"), partial(screen.step, 1)),
            KeyAction(Action.FIND_ITEM, t("The file: CSV or XLSX"), self.focus_path),
            KeyAction(Action.CHOOSE_1, t("Choose a file"), self.choose_file),
            KeyAction(Action.CHOOSE_2, t("Drop the rest"), self.ask_to_drop),
            KeyAction(Action.PAY, t("Import members"), self.begin),
            KeyAction(Action.EXPORT, t("Save the rows to look at"), self.save_errors),
            KeyAction(Action.LOCK, t("Lock, change the cashier"), self._lock),
            KeyAction(Action.BACK, t("One step back"), self.back),
        )

    # ------------------------------------------------------------------ acts

    def back(self) -> None:
        """Esc: stop what runs, then to the list."""
        if self.errand.state == "running":
            self.errand.stop()
        else:
            self._parts.navigation.go(ToMembers())

    def focus_path(self) -> None:
        self.screen.path.edit.setFocus()
        self.screen.path.edit.selectAll()

    def choose_file(self) -> None:
        """The machine's own window for files."""
        title, kinds = self._parts.wording.t("Choose a file"), "CSV, XLSX (*.csv *.txt *.xlsx)"
        found, _ = QFileDialog.getOpenFileName(self.screen, title, str(documents()), kinds)
        if found:
            self.screen.path.edit.setText(found)
            self.open_file(found)

    def open_file(self, text: str) -> None:
        """Read its header aside, guess its columns, then read it whole."""
        if not text or self.errand.state == "running":
            return
        if self.errand.state == "stopped":
            name = self.errand.name
            words = self._parts.wording.t(
                "Go on with {name} first, or drop the rest of it.", name=name
            )
            self._say(words, "warning")
            return
        path = Path(text).expanduser()
        self._name = path.name
        self._header, self._read = None, None
        self._parts.runner.run_aside(lambda: _opened(path), self._opened, self._not_opened)

    def choose_column(self, ours: str) -> None:
        """Which column of the file is it?"""
        if self._header is None or self.dialog is not None or self.errand.state == "running":
            return
        wording = self._parts.wording
        self.dialog = PickDialog(
            self.screen, title=field_words(ours, wording),
            picks=column_picks(self._header, wording), chosen=self._mapping.get(ours, ""),
            back=wording.t("Back"),
        )  # fmt: skip
        self.dialog.picked.connect(partial(self._chosen, ours))
        self.dialog.finished.connect(self._dialog_gone)
        self.dialog.open()

    def begin(self) -> None:
        """Take the good rows in; where it was stopped, the rest of them."""
        self.screen.setFocus()
        self.errand.begin()

    def ask_to_drop(self) -> None:
        """Alt+2: nothing more of a stopped import is wanted?"""
        errand, t = self.errand, self._parts.wording.t
        if errand.state != "stopped":
            return
        left = errand.count - errand.done
        self.question = question = ConfirmDialog(
            self.screen,
            Question(
                t("Drop the rest of the import?"),
                t("{left} rows of {name} are not imported. What is in stays in.",
                  left=f"{left:,}", name=errand.name),
                t("Drop the rest"), t("Back"), is_destructive=True, icon="trash",
            ),
        )  # fmt: skip
        question.accepted.connect(errand.drop)
        question.open()

    def save_errors(self) -> None:
        if self.errand.has_errors:
            self.errand.write_errors()

    def _dialog_gone(self) -> None:
        self.dialog = None

    def _chosen(self, ours: str, theirs: str) -> None:
        others = {name: each for name, each in self._mapping.items() if each != theirs}
        self._mapping = {**others, ours: theirs}
        self._check()

    def _lock(self) -> None:
        self._parts.ask(lock_till)

    # ------------------------------------------------------------------ reading

    def _opened(self, answer: tuple[bytes, object]) -> None:
        self._content, header = answer
        if isinstance(header, Header):
            self._header, self._mapping = header, guess_mapping(header.columns)
            self._check()
        else:
            self._say(unreadable_words(header, self._parts.wording), "danger")
            self._draw()

    def _not_opened(self, error: BaseException) -> None:
        if not isinstance(error, OSError):
            raise error
        why = error.strerror or str(error)
        words = self._parts.wording.t("The file cannot be opened: {why}. Check its name.", why=why)
        self.screen.path.edit.setFocus()
        self._say(words, "danger")

    def _check(self) -> None:
        """What this file would bring, by these columns; aside, as it may be long."""
        self._round += 1
        mine, content, mapping = self._round, self._content, dict(self._mapping)
        self._read = None
        self._say(self._parts.wording.t("Reading the file …"), "info")
        self._draw()

        def came(answer: object) -> None:
            if mine == self._round:
                self._checked(answer)

        self._parts.ask_aside(look_through, came, content=content, mapping=mapping)

    def _checked(self, read: object) -> None:
        self._read = read
        good = read if isinstance(read, MembersFile) else None
        rows, errors = (good.members, good.errors) if good is not None else ((), ())
        self.errand.prepare(rows, errors, self._name, dict(self._mapping))
        self._say(*summary_words(read, self._parts.wording))
        self.screen.columns.setFocus()
        self._draw()

    # ------------------------------------------------------------------ drawing

    def _finished(self, _: int) -> None:
        """What was left out can be walked at once by the arrows."""
        if self._parts.navigation.current is self and self.errand.has_errors:
            self.screen.errors.setFocus()

    def _refused(self, answer: object) -> None:
        self._say(refused_words(answer, self._parts.wording), "danger")

    def _say(self, words: str, tone: str) -> None:
        self.screen.notice.show_banner(words, tone=tone)
        self._parts.notifier.announce(words, urgent=tone == "danger")

    def _draw(self) -> None:
        wording, errand, screen = self._parts.wording, self.errand, self.screen
        header = self._header
        if header is not None:
            mapping = mapping_rows(header, self._mapping, wording)
        else:
            mapping = kept_mapping_rows(errand.mapping, wording) if errand.count else ()
        screen.render_file(
            (mapping_columns(wording), mapping),
            (error_columns(wording), error_rows((*errand.errors, *errand.known), wording)),
        )
        at = str(errand.errors_at) if errand.errors_at is not None else ""
        known = len(errand.known)
        out = rows_left_out(errand.errors)
        progress = Progress(errand.state, errand.done, errand.count, known, out, at, errand.name)
        words, tone = progress_words(progress, wording)
        if words:
            screen.notice.show_banner(words, tone=tone)
        is_begun = errand.state != "none"
        screen.render_progress(
            errand.done, errand.count if is_begun else 0, running=errand.state == "running",
            stopped=errand.state == "stopped",
        )  # fmt: skip
        n, left = wording.n, errand.count - errand.done
        label = n("Import {count} member", "Import {count} members", left)
        if not left:
            label = wording.t("Import members")
        screen.render_go_on(
            label, self._parts.keys.hint(Action.PAY), enabled=left > 0, errors=errand.has_errors
        )


def _opened(path: Path) -> tuple[bytes, object]:
    if path.stat().st_size > FILE_BYTES_MAX:
        raise OSError(27, "too large")
    content = path.read_bytes()
    return content, read_header(content)

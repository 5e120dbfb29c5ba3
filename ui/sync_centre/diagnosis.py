"""Diagnosis: the file for whoever is asked for help leaves the till, told in the trail.

Owns: the way from the key to the file, and what is said of it. Does not own: what stands in it
(app/commands/doctor.py, joined into the shop), where it is offered (controller.py).
"""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, Signal

from app.services.diagnosis import DiagnosisBegun, begin_diagnosis
from app.wording import Wording
from ui.machine_facts import window_facts
from ui.sync_centre.answers import answer_words
from ui.sync_centre.export import documents, write_whole
from ui.window_parts import WindowParts


class Diagnosis(QObject):
    """One file at a time.

    Signals:
        said: How it stands. args: what says it in a language, its tone.
    """

    said = Signal(object, str)

    def __init__(self, parts: WindowParts, parent: QObject) -> None:
        super().__init__(parent)
        self._parts = parts
        self.folder: Path | None = None
        """Where files go; None = the documents of whoever runs the till."""
        self._is_running = False

    def begin(self) -> None:
        """Look at this till and write what is found."""
        if not self._is_running:
            self._is_running = True
            self._parts.ask(begin_diagnosis, self._begun, on_error=self._failed)

    def _begun(self, answer: object) -> None:
        if not isinstance(answer, DiagnosisBegun):
            self._is_running = False
            self.said.emit(lambda wording: answer_words(answer, wording), "danger")
            return
        self.said.emit(_looking, "info")
        stamp = self._parts.local_now().strftime("%Y%m%d-%H%M%S")
        name = f"zhanggui-diagnostics-{answer.device}-{stamp}.json"
        path, facts = (self.folder or documents()) / name, window_facts()

        def write() -> Path:
            return write_whole(path, [self._parts.shop.diagnose(facts)])

        self._parts.runner.run_aside(write, self._written, self._failed)

    def _written(self, path: Path) -> None:
        self._is_running = False
        self.said.emit(lambda wording: _saved(path, wording), "success")

    def _failed(self, error: BaseException) -> None:
        self._is_running = False
        if isinstance(error, OSError):
            why = error.strerror or str(error)
            self.said.emit(lambda wording: _not_written(why, wording), "danger")
        elif self._parts.on_fault is not None:
            self._parts.on_fault(error)


def _looking(wording: Wording) -> str:
    return wording.t("Looking at this till…")


def _saved(path: Path, wording: Wording) -> str:
    return wording.t(
        "Diagnostics are saved as {path}. No person's data is in it; send it to whoever helps you.",
        path=path,
    )


def _not_written(why: str, wording: Wording) -> str:
    return wording.t(
        "Diagnostics could not be written: {why}. Nothing else is touched; make room, then export "
        "again.",
        why=why,
    )

"""Export of what waits: facts that no server has leave the till as a file, told in the trail.

Owns: the way from the key to the file, its progress. Does not own: what stands in it
(app/services/pending_export.py), where it is offered (controller.py, removal_dialog.py).
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import QObject, QStandardPaths, Qt, Signal, Slot

from app.domain.pending_export import FACTS_A_PART
from app.services.answers import NotAllowed
from app.services.pending_export import ExportBegun, begin_export, exported_file
from app.services.ports import UnitOfWork
from app.services.shop import Shop
from app.wording import Wording
from ui.runner import Runner
from ui.window_parts import WindowParts

T = TypeVar("T")
Say = Callable[[Wording], str]


class PendingExport(QObject):
    """One export at a time.

    Signals:
        said: How it stands. args: what says it in a language, its tone.
    """

    said = Signal(object, str)
    _counted = Signal(int)

    def __init__(self, parts: WindowParts, parent: QObject) -> None:
        super().__init__(parent)
        self._parts = parts
        self.folder: Path | None = None
        """Where files go; None = the documents of whoever runs the till."""
        self._is_running = False
        self._of = 0
        self._counted.connect(self._tell_progress, Qt.ConnectionType.QueuedConnection)

    @property
    def is_running(self) -> bool:
        return self._is_running

    def begin(self) -> None:
        """Ask whether one may, then write it."""
        if not self._is_running:
            self._is_running = True
            self._parts.ask(begin_export, self._begun, on_error=self._failed)

    def _begun(self, answer: object) -> None:
        if not isinstance(answer, ExportBegun):
            self._is_running = False
            self.said.emit(_may_not if isinstance(answer, NotAllowed) else _sign_in, "danger")
            return
        self._of = answer.head.count
        self._counted.emit(0)
        stamp = self._parts.local_now().strftime("%Y%m%d-%H%M%S")
        name = f"zhanggui-pending-{answer.head.device}-{stamp}.sealed"
        path = (self.folder or documents()) / name

        def write() -> Path:
            lane = _ViaRunner(self._parts.runner)
            return write_pending(path, self._parts.shop, lane, answer, self._counted.emit)

        self._parts.runner.run_aside(write, self._written, self._failed)

    def _written(self, path: Path) -> None:
        self._is_running = False
        count = self._of
        self.said.emit(lambda wording: _saved(count, path, wording), "success")

    def _failed(self, error: BaseException) -> None:
        self._is_running = False
        if isinstance(error, OSError):
            why = error.strerror or str(error)
            self.said.emit(lambda wording: _not_written(why, wording), "danger")
        elif self._parts.on_fault is not None:
            self._parts.on_fault(error)

    @Slot(int)
    def _tell_progress(self, done: int) -> None:
        of = self._of
        if self._is_running:
            self.said.emit(
                lambda wording: wording.t(
                    "Exporting {done} of {of}…", done=f"{done:,}", of=f"{of:,}"
                ),
                "info",
            )


class _ViaRunner:
    """The window's lane, for work that waits for it in a thread of its own."""

    def __init__(self, runner: Runner) -> None:
        self._runner = runner

    def run(self, work: Callable[[UnitOfWork], T]) -> T:
        return self._runner.wait_for(work)


def write_pending(
    path: Path, shop: Shop, lane: _ViaRunner, begun: ExportBegun, tell: Callable[[int], object]
) -> Path:
    """Every fact that waits, as a file. Raises OSError."""

    def pieces() -> Iterator[bytes]:
        for number, piece in enumerate(exported_file(shop=shop, lane=lane, begun=begun)):
            yield piece
            if number:
                tell(min(begun.head.count, number * FACTS_A_PART))

    return write_whole(path, pieces())


def write_whole(path: Path, pieces: Iterable[bytes]) -> Path:
    """Write it beside its place and put it there whole. Raises OSError."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(f".{os.getpid()}.tmp")
    try:
        with draft.open("wb") as file:
            file.writelines(pieces)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
    return path


def documents() -> Path:
    """The documents of whoever runs the till."""
    kind = QStandardPaths.StandardLocation.DocumentsLocation
    return Path(QStandardPaths.writableLocation(kind))


def _saved(count: int, path: Path, wording: Wording) -> str:
    return wording.n(
        "{count} record is saved as {path}. Head office brings it in with this till's recovery "
        "code (main.py server take-in).",
        "{count} records are saved as {path}. Head office brings them in with this till's recovery "
        "code (main.py server take-in).",
        count,
        path=path,
    )


def _not_written(why: str, wording: Wording) -> str:
    return wording.t(
        "The file could not be written: {why}. The records themselves are safe; make room, then "
        "export again.",
        why=why,
    )


def _may_not(wording: Wording) -> str:
    return wording.t("Your role may not export what waits. Ask a manager.")


def _sign_in(wording: Wording) -> str:
    return wording.t("Sign in first.")

"""Files that leave the till: asked of the shop, written aside, and how that stands, in words.

Owns: one file at a time, its place, writing it whole, what the disk says against it. Does not own:
who may and what stands in the file (each kind of it), where it is offered.
"""

from __future__ import annotations

import os
from abc import abstractmethod
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, QStandardPaths, Signal

from app.wording import Wording
from ui.window_parts import WindowParts

Say = Callable[[Wording], str]


class FileErrand(QObject):
    """One kind of file; what it is called and what is said of it, its kind says.

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

    @property
    def is_running(self) -> bool:
        return self._is_running

    def _ask(self, service: Callable[..., Any]) -> None:
        """Ask whether one may; nothing while a file is on its way."""
        if not self._is_running:
            self._is_running = True
            self._parts.ask(service, self._begun, on_error=self._failed)

    @abstractmethod
    def _begun(self, answer: object) -> None:
        """Refuse, or write."""

    @abstractmethod
    def _saved(self, path: Path, wording: Wording) -> str:
        """What is said of the finished file."""

    @abstractmethod
    def _not_written(self, why: str, wording: Wording) -> str:
        """What is said where the disk would not have it."""

    def _refuse(self, say: Say) -> None:
        self._is_running = False
        self.said.emit(say, "danger")

    def _write(self, kind: str, device: str, ending: str, write: Callable[[Path], object]) -> None:
        """Have it written in a thread of its own, under a name that says what, where and when."""
        stamp = self._parts.local_now().strftime("%Y%m%d-%H%M%S")
        path = (self.folder or documents()) / f"zhanggui-{kind}-{device}-{stamp}.{ending}"

        def written() -> Path:
            write(path)
            return path

        self._parts.runner.run_aside(written, self._done, self._failed)

    def _done(self, path: Path) -> None:
        self._is_running = False
        self.said.emit(lambda wording: self._saved(path, wording), "success")

    def _failed(self, error: BaseException) -> None:
        self._is_running = False
        if isinstance(error, OSError):
            why = error.strerror or str(error)
            self.said.emit(lambda wording: self._not_written(why, wording), "danger")
        elif self._parts.on_fault is not None:
            self._parts.on_fault(error)


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

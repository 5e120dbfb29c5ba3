"""Export of what waits: facts that no server has leave the till as a file, told in the trail.

Owns: what is asked and said of it, its progress. Does not own: what stands in it
(app/services/pending_export.py), its writing (ui/file_errand.py), where it is offered
(controller.py, removal_dialog.py).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import QObject, Qt, Signal, Slot

from app.domain.pending_export import FACTS_A_PART
from app.services.answers import NotAllowed
from app.services.pending_export import ExportBegun, begin_export, exported_file
from app.services.shop import Shop
from app.wording import Wording
from ui.file_errand import FileErrand, write_whole
from ui.window_lane import WindowLane
from ui.window_parts import WindowParts

T = TypeVar("T")


class PendingExport(FileErrand):
    """The file of what waits."""

    _counted = Signal(int)

    def __init__(self, parts: WindowParts, parent: QObject) -> None:
        super().__init__(parts, parent)
        self._of = 0
        self._counted.connect(self._tell_progress, Qt.ConnectionType.QueuedConnection)

    def begin(self) -> None:
        """Ask whether one may, then write it."""
        self._ask(begin_export)

    def _begun(self, answer: object) -> None:
        if not isinstance(answer, ExportBegun):
            self._refuse(_may_not if isinstance(answer, NotAllowed) else _sign_in)
            return
        self._of = answer.head.count
        self._counted.emit(0)
        shop, lane, tell = self._parts.shop, WindowLane(self._parts.runner), self._counted.emit
        self._write(
            "pending", answer.head.device, "sealed",
            lambda path: write_pending(path, shop, lane, answer, tell),
        )  # fmt: skip

    def _saved(self, path: Path, wording: Wording) -> str:
        return wording.n(
            "{count} record is saved as {path}. Head office brings it in with this till's recovery "
            "code (main.py server take-in).",
            "{count} records are saved as {path}. Head office brings them in with this till's "
            "recovery code (main.py server take-in).",
            self._of,
            path=path,
        )

    def _not_written(self, why: str, wording: Wording) -> str:
        return wording.t(
            "The file could not be written: {why}. The records themselves are safe; make room, "
            "then export again.",
            why=why,
        )

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


def write_pending(
    path: Path, shop: Shop, lane: WindowLane, begun: ExportBegun, tell: Callable[[int], object]
) -> Path:
    """Every fact that waits, as a file. Raises OSError."""

    def pieces() -> Iterator[bytes]:
        for number, piece in enumerate(exported_file(shop=shop, lane=lane, begun=begun)):
            yield piece
            if number:
                tell(min(begun.head.count, number * FACTS_A_PART))

    return write_whole(path, pieces())


def _may_not(wording: Wording) -> str:
    return wording.t("Your role may not export what waits. Ask a manager.")


def _sign_in(wording: Wording) -> str:
    return wording.t("Sign in first.")

"""Chain check: following the audit trail to its end, step by step, with a way to stop.

Owns: how far it was followed and what came of it. Does not own: the arithmetic
(app/domain/audit.py), sentences (view_model.py). Each step is short: a sale goes between.
"""

from __future__ import annotations

from typing import Any, Literal

from PySide6.QtCore import QObject, Signal

from app.domain.audit import TrailBroken, TrailHead
from app.services.audit_search import ChainStep, check_chain
from ui.audit.view_model import ChainState
from ui.window_parts import WindowParts


class ChainCheck(QObject):
    """One walk along the chain.

    Signals:
        changed: It came further, or to its end. arg: ChainState.
    """

    changed = Signal(object)

    def __init__(self, parts: WindowParts, parent: QObject) -> None:
        super().__init__(parent)
        self._parts = parts
        self._round = 0
        self.state = ChainState("stopped")

    def begin(self) -> None:
        """From the first entry on: a row that was sound yesterday may have been changed today."""
        self._round += 1
        self._show(ChainState("running"))
        self._step(TrailHead(), 0)

    def stop(self) -> None:
        """Somebody does not want to wait, or the screen is left."""
        self._round += 1
        if self.state.how == "running":
            now = self.state
            self._show(ChainState("stopped", now.number, now.last, now.reached_ms))

    def _step(self, head: TrailHead, reached_ms: int) -> None:
        mine = self._round

        def answered(answer: Any) -> None:
            if mine != self._round:
                return
            if isinstance(answer, ChainStep):
                self._take(answer)
            else:
                self.stop()

        self._parts.ask(check_chain, answered, head=head, reached_ms=reached_ms)

    def _take(self, step: ChainStep) -> None:
        head = step.head
        if isinstance(head, TrailBroken):
            self._show(ChainState("broken", head.number, step.last, step.reached_ms))
            return
        how: Literal["running", "sound"] = "sound" if step.is_done else "running"
        self._show(ChainState(how, head.number, step.last, step.reached_ms))
        if not step.is_done:
            self._step(head, step.reached_ms)

    def _show(self, state: ChainState) -> None:
        self.state = state
        self.changed.emit(state)

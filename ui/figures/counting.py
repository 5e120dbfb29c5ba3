"""Counting: what no figure holds yet is counted beside the window, with progress, until stopped.

Owns: one counting at a time, telling how far it is, stopping. Does not own: counting itself
(app/services/figure_keeping.py), what is shown meanwhile (screens).
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject, Signal

from app.domain.figure_record import CountedSoFar
from app.services.figure_keeping import count_facts, is_judging_due, judge_members
from app.services.ports import UnitOfWork
from app.services.shop import Shop
from ui.window_lane import WindowLane
from ui.window_parts import WindowParts

Tell = Callable[[int, int, int], bool]
"""Hears how far it is; False: nobody waits."""


class Counting(QObject):
    """One round at a time.

    Signals:
        told: How far it is. args: records counted, records that wait, members looked through; the
            last is -1 while records are counted.
        finished: It came to its end, or was stopped. args: whether anything changed, whether it
            came to its end.
    """

    told = Signal(int, int, int)
    finished = Signal(bool, bool)

    def __init__(self, parts: WindowParts, parent: QObject) -> None:
        super().__init__(parent)
        self._parts = parts
        self._round = 0
        self.is_running = False
        parts.closers.append(self.stop)

    def begin(self, *, judges: bool) -> None:
        """Count what waits; `judges`: then go through all members where that is due."""
        if self.is_running:
            return
        self._round += 1
        self.is_running = True
        mine, lane = self._round, WindowLane(self._parts.runner)

        def tell(counted: int, waiting: int, looked: int) -> bool:
            if mine == self._round:
                self.told.emit(counted, waiting, looked)
            return mine == self._round

        self._parts.ask_aside(
            _work, partial(self._arrived, mine), on_error=partial(self._failed, mine),
            lane=lane, judges=judges, tell=tell,
        )  # fmt: skip

    def _arrived(self, mine: int, answer: tuple[bool, bool]) -> None:
        if mine == self._round:
            self.is_running = False
            self.finished.emit(*answer)

    def _failed(self, mine: int, error: BaseException) -> None:
        if mine == self._round:
            self._arrived(mine, (False, False))
            if self._parts.on_fault is not None:
                self._parts.on_fault(error)

    def stop(self) -> None:
        """Nobody wants to wait: what is counted so far stays, the rest is done another time."""
        self._round += 1
        if self.is_running:
            self.is_running = False
            self.finished.emit(True, False)


def _work(*, shop: Shop, lane: WindowLane, judges: bool, tell: Tell) -> tuple[bool, bool]:
    """Whether anything changed, and whether it came to its end."""

    def counted(so_far: CountedSoFar) -> bool:
        return tell(so_far.counted, so_far.waiting, -1)

    kept = count_facts(shop=shop, lane=lane, keep_on=counted)
    if not (kept.is_done and judges and lane.run(partial(_is_due, shop))):
        return kept.counted > 0, kept.is_done
    return True, judge_members(shop=shop, lane=lane, tell=lambda looked: tell(0, 0, looked))


def _is_due(shop: Shop, work: UnitOfWork) -> bool:
    return is_judging_due(shop=shop, work=work)

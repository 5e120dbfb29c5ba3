"""Counting: what no figure holds yet is counted beside the window, with progress, until stopped.

Owns: one counting at a time, telling how far it is, stopping. Does not own: counting itself
(app/services/figure_keeping.py), what is shown meanwhile (screens).
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject, Signal

from app.domain.figure_record import CountedSoFar
from app.services.churn_keeping import is_churn_due, judge_churn
from app.services.figure_keeping import count_facts, is_judging_due, judge_members
from app.services.ports import UnitOfWork
from app.services.shop import Shop
from app.wording import Wording
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

    def begin(self, *, judges: bool, anyway: bool = False) -> None:
        """Count what waits; `judges`: then go through all members where that is due, or anyway."""
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
            lane=lane, judges=judges, anyway=anyway, tell=tell,
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


def _work(
    *, shop: Shop, lane: WindowLane, judges: bool, anyway: bool, tell: Tell
) -> tuple[bool, bool]:
    """Whether anything changed, and whether it came to its end."""

    def counted(so_far: CountedSoFar) -> bool:
        return tell(so_far.counted, so_far.waiting, -1)

    def looked(members: int) -> bool:
        return tell(0, 0, members)

    kept = count_facts(shop=shop, lane=lane, keep_on=counted)
    changed, is_whole = kept.counted > 0, kept.is_done
    for is_due, judge in _JUDGES:
        if is_whole and judges and (anyway or lane.run(partial(_ask, is_due, shop))):
            changed, is_whole = True, judge(shop, lane, looked)
    return changed, is_whole


def _ask(is_due: Callable[..., bool], shop: Shop, work: UnitOfWork) -> bool:
    return is_due(shop=shop, work=work)


def _judge_members(shop: Shop, lane: WindowLane, looked: Callable[[int], bool]) -> bool:
    return judge_members(shop=shop, lane=lane, tell=looked)


def _judge_churn(shop: Shop, lane: WindowLane, looked: Callable[[int], bool]) -> bool:
    return judge_churn(shop=shop, lane=lane, keep_on=looked)


_JUDGES = ((is_judging_due, _judge_members), (is_churn_due, _judge_churn))


class CountingStrip(QObject):
    """How far counting is, shown while it takes long enough to be told. `show`: takes the sentence
    and the name of the way to stop it; an empty sentence: nothing is under way."""

    def __init__(
        self, parts: WindowParts, counting: Counting, show: Callable[[str, str], object]
    ) -> None:
        super().__init__(counting)
        self._parts, self._show = parts, show
        self._told = (0, 0, 0)
        self._gathered = (0, 0)
        self._asks = False
        counting.told.connect(self._tell)
        counting.finished.connect(self._end)

    @property
    def is_shown(self) -> bool:
        """Whether anything is said."""
        return self._asks or any(self._told[1:]) or any(self._gathered)

    def draw(self) -> None:
        """Say it again, in the language of the moment."""
        wording, (counted, waiting, looked) = self._parts.wording, self._told
        said = ""
        if self._asks:
            said = asking_words(wording)
        elif any(self._gathered):
            done, of = self._gathered
            said = wording.t("Adding up the days… {done} of {of}", done=done, of=of)
        elif looked:
            said = wording.t("Judging members… {count} looked through", count=f"{looked:,}")
        elif waiting:
            said = wording.t(
                "Counting new records… {done} done, {left} left",
                done=f"{counted:,}", left=f"{waiting:,}",
            )  # fmt: skip
        self._show(said, wording.t("Stop"))

    def tell_gathering(self, done: int, of: int) -> None:
        """A long span is being put together."""
        self._gathered = (done, of)
        self.draw()

    def end_gathering(self) -> None:
        """It is there, or nobody waits for it."""
        self._gathered, self._asks = (0, 0), False
        self.draw()

    def tell_asking(self) -> None:
        """Head office is asked."""
        self._asks = True
        self.draw()

    def _tell(self, counted: int, waiting: int, looked: int) -> None:
        self._told = (counted, waiting, max(0, looked))
        self.draw()

    def _end(self, changed: bool, is_whole: bool) -> None:
        self._told = (0, 0, 0)
        self.draw()


def asking_words(wording: Wording) -> str:
    """While head office looks."""
    return wording.t("Asking head office about all stores…")

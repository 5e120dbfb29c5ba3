"""Story time: the clocks of a chain in tests go on from the evening of the story, whatever year
the tests run in.

Owns: those clocks, the server's and the tills'. Does not own: when the story is (real_shop.py).
"""

from __future__ import annotations

import time
from collections.abc import Callable

from app.domain.moment import Moment
from tests.real_shop import OPENED_AT, ClockAt

_START_NS = time.monotonic_ns()
BEGIN_MS = int(OPENED_AT.timestamp() * 1000)


class StoryTime:
    """The server's clock; tills have theirs from it. Time passes as it does, and by `go_on`."""

    def __init__(self) -> None:
        self._ahead_ms = 0

    def wall_ms(self) -> int:
        return BEGIN_MS + self._passed_ms()

    def monotonic_ms(self) -> int:
        return 60_000 + self._passed_ms()

    def go_on(self, *, milliseconds: int) -> None:
        """Let time pass, for everybody."""
        self._ahead_ms += milliseconds

    def till(self, offset_ms: Callable[[], int | None]) -> TillTime:
        """The clock of one till."""
        return TillTime(self, offset_ms)

    def _passed_ms(self) -> int:
        return (time.monotonic_ns() - _START_NS) // 1_000_000 + self._ahead_ms


class TillTime(ClockAt):
    """A till's clock. Somebody may put it wrong; its monotonic time is not touched by that."""

    def __init__(self, story: StoryTime, offset_ms: Callable[[], int | None]) -> None:
        super().__init__()
        self._story, self._offset_ms, self._wrong_ms = story, offset_ms, 0
        self.boot = "boot-1"

    def now(self) -> Moment:
        wall_ms = self._story.wall_ms() + self._wrong_ms
        return Moment(wall_ms, self._story.monotonic_ms(), self.boot, self._offset_ms())

    def go_on(self, *, milliseconds: int) -> None:
        self._story.go_on(milliseconds=milliseconds)

    def set_wrong(self, *, milliseconds: int) -> None:
        self._wrong_ms += milliseconds

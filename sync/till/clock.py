"""The till's clocks, as the heart asks for them.

Owns: that translation. Does not own: reading the machine's clocks (main.py hands that in).
"""

from __future__ import annotations

from collections.abc import Callable

from app.domain.moment import Moment


class TillClock:
    """Fits sync.ports.Clock over the till's own clock."""

    def __init__(self, now: Callable[[], Moment]) -> None:
        self._now = now

    def wall_ms(self) -> int:
        """Milliseconds since 1970, as this machine believes."""
        return self._now().wall_ms

    def monotonic_ms(self) -> int:
        """Milliseconds since the machine started; they only rise."""
        return self._now().monotonic_ms

"""The rota of streams: which stream is listened to next, and for how long.

Owns: whoever is behind comes first, then each by turns; how long a wait may be; which streams'
heads were named in vain. Does not own: cursors and what comes of an answer (pull.py).
"""

from __future__ import annotations

from collections.abc import Mapping, Set

from sync.action import PullStream

QUICK_EVERY_MS = 600_000
"""So often a stream is asked without waiting: only such an answer tells the server's time."""


class Rota:
    """Of one till. `longest_s`: how long a server may let it wait for news."""

    def __init__(self, longest_s: int) -> None:
        self._longest_s = longest_s
        self._turn = 0
        self._quick_ms: int | None = None
        self._heads_told = False
        self._named: dict[str, int] = {}

    def next(self, cursors: Mapping[str, int], behind: Set[str], now_ms: int) -> PullStream | None:
        """Streams with more to come first; then each is listened to for a while, by turns.

        `cursors`: of the streams that go on. `now_ms`: monotonic.
        """
        streams = sorted(cursors)
        if not streams:
            return None
        waiting = [stream for stream in streams if stream in behind]
        self._turn += 1
        stream = waiting[0] if waiting else streams[self._turn % len(streams)]
        if waiting or self._quick_ms is None or now_ms - self._quick_ms > QUICK_EVERY_MS:
            self._quick_ms = now_ms
            return PullStream(stream, cursors[stream], 0)
        also = tuple(
            (other, cursors[other])
            for other in streams
            if other != stream and self._named.get(other) != cursors[other]
        )
        wait_s = self._longest_s if self._heads_told else max(1, self._longest_s // len(streams))
        return PullStream(stream, cursors[stream], wait_s, also)

    def further(
        self, heads: Mapping[str, int], asked: PullStream, cursors: Mapping[str, int]
    ) -> set[str]:
        """Streams that came further are next; one that is named in vain is not believed again
        before it moves, or a wait would end at once for ever."""
        if asked.wait_s:
            self._heads_told = bool(heads)
        found = set()
        for stream, head in heads.items():
            cursor = cursors.get(stream, head)
            if head > cursor and self._named.get(stream) != cursor:
                self._named[stream] = cursor
                found.add(stream)
        return found

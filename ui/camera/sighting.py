"""Sightings: which of a camera's codes is a scan, and when the same one counts again. No Qt.

Owns: what this camera is for (a member's card, pass or coupon; never a badge, a receipt or money),
one scan for one showing. Does not own: finding codes (app/devices/code_reader.py).
"""

from __future__ import annotations

from app.domain.codes import Code, CodeKind

GONE_MS = 1_500
"""A code that was out of sight for so long and comes back is shown a second time."""
WANTED = frozenset({CodeKind.MEMBER, CodeKind.PASS, CodeKind.COUPON})


class Sightings:
    """Ask it about every code of every frame. Times are those of any steady clock."""

    def __init__(self) -> None:
        self._last = ""
        self._seen_at_ms = 0

    def is_scan(self, code: Code, at_ms: int) -> bool:
        """Whether this is a new showing of a code that the camera is for."""
        is_same = code.text == self._last and at_ms - self._seen_at_ms < GONE_MS
        self._last, self._seen_at_ms = code.text, at_ms
        return code.kind in WANTED and not is_same

"""Link: how the link to the server is, in the words of a till.

Owns: that value, and what was last heard of the server and its clock. Does not own: keeping it up
(sync), what a screen says of it (services/sync_chip.py).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from app.domain.moment import Moment

Wire = Literal["checking", "online", "behind", "offline", "needs_person"]


@dataclass(frozen=True, slots=True)
class Link:
    """How the link to the server is, as sync sees it. Times are wall milliseconds."""

    wire: Wire = "checking"
    since_ms: int | None = None
    """Since when it is so; None = since the start."""
    reason: str = ""
    sending: bool = False
    last_ms: int | None = None
    """When everything was last known to agree."""
    last_push_ms: int | None = None
    """When the server last answered for facts, and all of it was kept."""
    last_pull_ms: int | None = None
    """When all the server had was last known here."""
    last_ask_ms: int | None = None
    """When a question somebody waited for came to its end; None = nothing was asked yet."""
    ask_failed: bool = False
    """Nobody answered that one: the sale went on without."""
    ahead_ms: int | None = None
    """How far the server's clock is ahead of this till's; None = not known yet."""
    photo_trouble: str = ""
    """Why it took no photo when it was offered one last."""


@dataclass(frozen=True, slots=True)
class Contact:
    """What this till knows of its server now. Ages are read from the monotonic clock, so they are
    lost at a restart and no wrong wall clock makes data fresh.
    """

    is_there: bool = False
    """It answered the last question: one more may be answered too."""
    heard_monotonic_ms: int | None = None
    """When everything it had to tell was last known here; None = not since the start."""
    offset_ms: int | None = None
    """What has to be added to the wall time to get the server's; None = never measured."""
    offset_monotonic_ms: int | None = None
    """When that was measured."""
    offset_server_ms: int | None = None
    """The server's time then."""
    was_restarted: bool = False
    """It was heard, but this machine was started anew since: nobody can say how long ago."""

    def server_ms(self, now: Moment) -> int:
        """The server's time as far as it is known: setting the wall clock does not change it."""
        if self.offset_server_ms is None or self.offset_monotonic_ms is None:
            return now.wall_ms + (self.offset_ms or 0)
        return self.offset_server_ms + now.monotonic_ms - self.offset_monotonic_ms


NO_CONTACT = Contact()

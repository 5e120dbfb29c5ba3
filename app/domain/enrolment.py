"""Enrolment: who this till is towards its server.

Owns: the record, and which epochs come next. Does not own: the codes and keys of it (sync,
app/store/device_key.py), the identity on receipts (settings.py).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

NO_SERVER_EPOCH = 0
"""An epoch of no server. A till that enrols again knows this one until it has asked what its server
has: the first answer of any server then begins anew (heads, facts pushed again, a snapshot)."""


@dataclass(frozen=True, slots=True)
class Enrolment:
    """A till that belongs to a server. Without one a shop is its own authority."""

    server_url: str
    key_id: str | None
    """Names the device's own key in the keychain; None: it has to enrol again (a restore)."""
    enrolled_ms: int
    rights: tuple[str, ...] = ()
    public_url: str | None = None
    """Where members' phones find e-card and joining; None = no such pages."""
    server_epoch: int | None = None
    """None: it told nothing yet. NO_SERVER_EPOCH: what it has of this till is not known yet."""
    renews_as: int | None = None
    """Pending facts of older epochs are being given places in this one."""


def epoch_to_ask(current: int, used: Iterable[int], *, again: bool) -> int:
    """The epoch a till asks for when it enrols.

    `again`: it was enrolled before (restored, or its chain was forked). Then two new epochs are
    begun: one for facts pushed again, whose chain holds nothing else, and one for new facts.
    """
    highest = max((current, *used))
    return highest + 2 if again else highest


def epoch_to_renew(given: int, used: Iterable[int]) -> int | None:
    """The epoch for facts pushed again, once the server gave one; None: their places stand."""
    return given - 1 if given - 1 > max(used) else None

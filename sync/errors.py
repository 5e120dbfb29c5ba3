"""What can go wrong between a till and the server, as one tree.

Owns: the codes a Problem may carry, and the exceptions of the wire with what each one means for
the sender. Does not own: what became of single ops (protocol.OpAnswer), sentences (gettext).
"""

from __future__ import annotations

from typing import Literal, TypeAlias

ProblemCode: TypeAlias = Literal[
    "bad_request",  # not JSON, not the shape, wrongly compressed
    "too_large",
    "unknown_version",
    "no_credential",
    "expired_credential",
    "foreign_credential",  # of another tenant, device or right
    "revoked_device",
    "unknown_code",  # enrolment code used, expired or never given
    "device_taken",
    "not_found",
    "too_many",
    "busy",
    "disk_full",
    "internal",
]


class SyncError(Exception):
    """The base: nothing was lost, the outbox keeps everything."""


class Unreachable(SyncError):
    """No answer: no network, no server, time out. It is not known whether the server acted."""


class Garbled(SyncError):
    """An answer that is not ours (a proxy's page, cut off, not JSON). As Unreachable, but said."""


class Refused(SyncError):
    """The server answered with a Problem."""

    def __init__(
        self, code: str, status: int, detail: str = "", retry_after_s: float | None = None
    ):
        super().__init__(f"{code} ({status}): {detail}")
        self.code = code
        self.status = status
        self.detail = detail
        self.retry_after_s = retry_after_s


class Busy(Refused):
    """Later: 429, 503, 507 and other 5xx."""


class NotAllowed(Refused):
    """401 and 403: the token is asked for anew once; then a person has to act."""


class TooLarge(Refused):
    """413: the batch is halved; a single op that is too large is a bug."""


class NotSpoken(Refused):
    """The server speaks none of our versions: update. Pushing goes on as long as it is taken."""

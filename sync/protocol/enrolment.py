"""Enrolment: who a till is, and how it proves that.

Owns: those messages and what a device key signs. Does not own: keys and tokens themselves.
"""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta, field

from sync.protocol.base import (
    Message,
    WireEpoch,
    WireName,
    WirePlace,
    WireSmall,
    WireText,
)

EPOCHS_ASKED_MAX = 16
HASHES_TOLD_MAX = 1_000
"""In one answer: more than any till has on its way, and 50 KB."""


class Enrol(Message, frozen=True, kw_only=True, omit_defaults=True):
    """`POST /v1/enrol`: a one-time code against a key made on this till."""

    code: WireText
    public_key: WireSmall
    """Ed25519, 32 bytes."""
    device: WireName
    """The id the till gave itself; kept where it is free."""
    name: WireText = ""
    epoch: WireEpoch
    """The till's epoch, raised by each restore."""
    claim_secret: WireSmall | None = None
    """The first till of a tenant brings the key under which phones are hashed."""
    pending: Annotated[dict[WireEpoch, WirePlace], Meta(max_length=EPOCHS_ASKED_MAX)] = field(
        default_factory=dict
    )
    """By epoch: its first place whose answer never came. Where another machine has used this till's
    places, marks in accounts are that one's."""


class ChainPart(Message, frozen=True, kw_only=True, omit_defaults=True):
    """What the server has in the chain of one epoch, from a place on: hash by hash."""

    epoch: int
    first: int
    hashes: tuple[bytes, ...]


class Enrolled(Message, frozen=True, kw_only=True, omit_defaults=True):
    """Who this till is from now on."""

    tenant: str
    device: str
    epoch: int
    """Never below the one asked for. A till that was enrolled before pushes what was pending again
    under the epoch just below it, and new facts under this one; so it lies at least two above any
    epoch that an op of this device had."""
    store: str
    store_number: int
    till_number: int
    store_name: str = ""
    rights: tuple[str, ...] = ()
    claim_secret: bytes
    public_url: str | None = None
    """Where members' phones find e-card and joining; None = no such pages."""
    server_ms: int
    server_epoch: int
    chains: tuple[ChainPart, ...] = ()
    """Of the device that asked, from its pending places on, as far as there is anything."""


class ChallengeWanted(Message, frozen=True, kw_only=True, omit_defaults=True):
    """`POST /v1/challenge`."""

    device: WireName


class Challenge(Message, frozen=True, kw_only=True, omit_defaults=True):
    """Bytes to sign, once, within `seconds`."""

    challenge: bytes
    seconds: int


class TokenWanted(Message, frozen=True, kw_only=True, omit_defaults=True):
    """`POST /v1/token`: the signature over `signed_part(device, challenge)`."""

    device: WireName
    challenge: WireSmall
    signature: WireSmall


class Token(Message, frozen=True, kw_only=True, omit_defaults=True):
    """A bearer token for `seconds`; asked for anew a minute before."""

    token: str
    seconds: int
    server_ms: int


def signed_part(device: str, challenge: bytes) -> bytes:
    """What the device key signs: never bare bytes that somebody else chose."""
    return b"zhanggui-device-1\0" + device.encode() + b"\0" + challenge

"""Who is speaking, and what the house needs for every push.

Owns: those two values. Does not own: how a device proves who it is (device.py), the server's key
at rest (whoever starts the server).
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field

from sqlalchemy import Connection

from app.domain.business_day import ShopTime
from app.domain.ids import RANDOM_BITS, OpId, uuid7


@dataclass(frozen=True, slots=True)
class Sender:
    """A device as its token names it. Whatever it says of itself in a message counts nothing."""

    tenant: str
    device: str
    store: str
    revoked: bool = False
    """It may still push: into quarantine."""
    shop_time: ShopTime = field(default_factory=ShopTime)
    """How its shop counts days."""
    enrolled_ms: int = 0
    """Since when its sales are bound by what the server allows."""
    is_channel: bool = False
    """A web shop: it writes what shops do, and nothing that a manager answers for."""


def _none_yet(connection: Connection, tenant: str) -> bytes | None:
    del connection, tenant
    return None


@dataclass(frozen=True, slots=True)
class House:
    """What the server brings along: its key and its chance."""

    server_key: bytes = field(repr=False)
    """32 bytes; members' keys are wrapped by it."""
    chance: Callable[[int], int] = secrets.randbits
    claim_secret: Callable[[Connection, str], bytes | None] = field(default=_none_yet, repr=False)
    """Under which a tenant's phones are hashed; None: no till has brought it yet."""

    def op_id(self, now_ms: int) -> OpId:
        """A new id for a fact that the server writes."""
        return uuid7(now_ms, self.chance(RANDOM_BITS))


SERVER_DEVICE = "server"
"""The device of facts the server writes itself; no till may be called so."""

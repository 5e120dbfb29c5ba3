"""One member with a key, and values sealed as a till seals them."""

from __future__ import annotations

from typing import Any

import msgspec

from app.domain.facts import Sealed
from app.store.cipher import NONCE_LENGTH, seal
from sync.protocol import MemberKey
from tests.domain.heart_builders import MEMBER

KEY = MemberKey(member=MEMBER, key_id="k-1", secret=bytes(range(100, 132)))


def sealed(values: Any, key: MemberKey = KEY) -> Sealed:
    """Values under a member's key, by the till's own cipher."""
    packed = seal(key.secret, msgspec.json.encode(values), bound_to=key.key_id.encode())
    return Sealed(key.key_id, packed[:NONCE_LENGTH], packed[NONCE_LENGTH:])

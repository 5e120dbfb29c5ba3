"""The house of a server: what its secret makes of it.

Owns: that. Does not own: the secret (secret.py), what it is used for (sender.py).
"""

from __future__ import annotations

from functools import partial

from sync.server.secret import ServerSecret
from sync.server.sender import House
from sync.server.tenant import known_claim_secret


def house_of(secret: ServerSecret) -> House:
    """The same key of members in every worker and command."""
    key = secret.mac("keys of members", b"")
    return House(key, claim_secret=partial(known_claim_secret, secret))

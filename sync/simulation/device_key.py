"""Keys of a world's machines: Ed25519 as real ones are, out of seeded chance.

Owns: making, keeping and signing. Does not own: what is signed.
"""

from __future__ import annotations

from random import Random

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey


class Keys:
    """The machine's keys: they die with it, no backup holds them."""

    def __init__(self, chance: Random) -> None:
        self._chance = chance
        self._kept: dict[str, Ed25519PrivateKey] = {}
        self._public: dict[str, bytes] = {}

    def new(self) -> tuple[str, bytes]:
        """As the port says."""
        key_id = f"key{len(self._kept)}-{self._chance.getrandbits(32):x}"
        self._kept[key_id] = Ed25519PrivateKey.from_private_bytes(self._chance.randbytes(32))
        return key_id, self.public(key_id)

    def sign(self, key_id: str | None, data: bytes) -> bytes:
        """As the port says."""
        return self._kept[key_id or ""].sign(data)

    def has(self, key_id: str | None) -> bool:
        """As the port says."""
        return key_id in self._kept

    def forget(self, key_id: str) -> None:
        """As the port says."""
        self._kept.pop(key_id, None)

    def copied(self, chance: Random) -> Keys:
        """The keychain of a machine that was copied as a whole."""
        twin = Keys(chance)
        twin._kept.update(self._kept)
        return twin

    def public(self, key_id: str | None) -> bytes:
        """Empty where this machine does not have it."""
        key = self._kept.get(key_id or "")
        if key is None:
            return b""
        name = key_id or ""
        if name not in self._public:
            self._public[name] = key.public_key().public_bytes_raw()
        return self._public[name]

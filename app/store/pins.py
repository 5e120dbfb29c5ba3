"""PINs: slow hashes with a pepper that only this store's secrets hold.

Owns: hashing and comparing. Does not own: which PINs are allowed and how often one may be wrong
(app/domain/staff.py).

A 6-digit PIN falls to an offline search at any cost of hashing; the pepper is not in the
database, so a copied table alone cannot be searched.
"""

from __future__ import annotations

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from app.domain.keyed_hash import keyed_hash

PASSES = 2
MEMORY_KIB = 19 * 1024
LANES = 1


class PepperedPins:
    """Fits the PinHasher port. Takes some 40 ms a call; safe for several threads.

    Comparing belongs beside the store lane (services/proof.py). A hash is made in it: somebody
    gets a PIN at the set-up or a few times a year.
    """

    def __init__(self, device_secret: bytes) -> None:
        self._secret = device_secret
        self._argon2 = PasswordHasher(time_cost=PASSES, memory_cost=MEMORY_KIB, parallelism=LANES)

    def hash_pin(self, pin: str) -> str:
        """A text that `is_right` understands; another one each time."""
        return self._argon2.hash(self._peppered(pin))

    def is_right(self, pin: str, pin_hash: str) -> bool:
        """Whether it is the PIN that was hashed, under this store's secret."""
        try:
            return self._argon2.verify(pin_hash, self._peppered(pin))
        except (VerificationError, InvalidHashError):
            return False

    def _peppered(self, pin: str) -> bytes:
        return keyed_hash(self._secret, "pin", pin)

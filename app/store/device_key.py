"""The device's own key: it proves to the server which till is asking.

Owns: making, keeping and signing with it (Ed25519). Does not own: what is signed (sync), the
keychain (keys.py). It is made anew at each enrolment and never leaves this machine: no backup
holds it, so a restored or copied file cannot sign as the till it came from.
"""

from __future__ import annotations

import secrets

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from app.store.keys import KeyVault


class NoDeviceKey(Exception):
    """This machine has no key for the device: the till has to enrol (again)."""


class DeviceKeys:
    """Keys of this machine, each under an id of its own."""

    def __init__(self, vault: KeyVault) -> None:
        self._vault = vault

    def new(self) -> tuple[str, bytes]:
        """Make and keep a key. Answers its id and its public half (32 bytes)."""
        key = Ed25519PrivateKey.generate()
        key_id = f"device{secrets.token_hex(8)}"
        self._vault.keep_bytes(key_id, key.private_bytes_raw())
        return key_id, key.public_key().public_bytes_raw()

    def sign(self, key_id: str | None, data: bytes) -> bytes:
        """Raises NoDeviceKey where there is none by this id on this machine."""
        return self._key(key_id).sign(data)

    def has(self, key_id: str | None) -> bool:
        """Whether this machine can sign with it."""
        try:
            self._key(key_id)
        except NoDeviceKey:
            return False
        return True

    def forget(self, key_id: str) -> None:
        """An older key signs no more."""
        self._vault.forget(key_id)

    def _key(self, key_id: str | None) -> Ed25519PrivateKey:
        kept = None if key_id is None else self._vault.read_bytes(key_id)
        if kept is None:
            raise NoDeviceKey(str(key_id))
        return Ed25519PrivateKey.from_private_bytes(kept)

"""Where the secrets of a store live on this machine.

Owns: the keychain entry, the explicit fall-back file, and saying which of the two it is.
Does not own: what the secrets are (cipher.py), the wrapped copy (wrapped_key.py).

Only keychains of the operating system are used. `keyrings.alt` and the "null" backend would
store the key in the open without saying so, therefore any backend from outside keyring itself
is passed over; the fall-back is a 0600 file in a 0700 folder, and the answer says so.
"""

from __future__ import annotations

import base64
import binascii
import logging
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Protocol

from app.store.cipher import StoreSecrets
from app.store.errors import Damaged, FolderNotWritable
from app.store.wrapped_key import write_whole

SERVICE = "zhanggui"
_log = logging.getLogger(__name__)


class KeyHome(Enum):
    """Where the secrets lie. FILE must be said aloud on the screen."""

    KEYCHAIN = "keychain"
    FILE = "file"


class Keychain(Protocol):
    """As much of a `keyring` backend as is used."""

    def get_password(self, service: str, username: str) -> str | None: ...
    def set_password(self, service: str, username: str, password: str) -> None: ...
    def delete_password(self, service: str, username: str) -> None: ...


def system_keychain() -> Keychain | None:
    """The operating system's keychain, or None where there is none we trust."""
    # Imported late: it asks the desktop for its services and costs start-up time.
    import keyring
    from keyring.backends import chainer, fail, null

    chosen = keyring.get_keyring()
    candidates = chosen.backends if isinstance(chosen, chainer.ChainerBackend) else [chosen]
    for backend in candidates:
        ours = type(backend).__module__.startswith("keyring.backends.")
        if ours and not isinstance(backend, fail.Keyring | null.Keyring):
            return backend
    return None


@dataclass(frozen=True, slots=True)
class Found:
    """The secrets and where they lay."""

    secrets: StoreSecrets
    home: KeyHome


@dataclass(frozen=True, slots=True)
class NotFound:
    """This machine does not know the key: ask for the recovery code."""


class KeyVault:
    """Reads and keeps the secrets of stores, each under its key id."""

    def __init__(self, *, fall_back_folder: Path, keychain: Keychain | None) -> None:
        """`keychain` is `system_keychain()`; None keeps secrets in `fall_back_folder`."""
        self._folder = fall_back_folder
        self._keychain = keychain

    def read(self, key_id: str) -> Found | NotFound:
        """The secrets of a store. Raises Damaged for an entry that is not one of ours."""
        kept = self._read(key_id)
        return NotFound() if kept is None else Found(_decode(kept[0]), kept[1])

    def read_bytes(self, key_id: str) -> bytes | None:
        """A key kept by `keep_bytes`; None where this machine has none. Raises Damaged."""
        kept = self._read(key_id)
        return None if kept is None else _unpacked(kept[0])

    def keep(self, key_id: str, secrets: StoreSecrets) -> KeyHome:
        """Keep the secrets and answer where. Raises FolderNotWritable."""
        return self.keep_bytes(key_id, secrets.to_bytes())

    def keep_bytes(self, key_id: str, key: bytes) -> KeyHome:
        """Keep another key of this machine and answer where. Raises FolderNotWritable."""
        text = base64.b64encode(key).decode()
        if self._to_keychain(key_id, text):
            return KeyHome.KEYCHAIN
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._folder.chmod(0o700)
        except OSError as error:
            raise FolderNotWritable(str(error), folder=str(self._folder)) from error
        write_whole(self._file(key_id), text.encode(), mode=0o600)
        return KeyHome.FILE

    def forget(self, key_id: str) -> None:
        """Remove the secrets from this machine (a removed demo shop, a till given away)."""
        if self._keychain is not None and self._from_keychain(key_id) is not None:
            self._keychain.delete_password(SERVICE, key_id)
        self._file(key_id).unlink(missing_ok=True)

    def _read(self, key_id: str) -> tuple[str, KeyHome] | None:
        text = self._from_keychain(key_id)
        if text is not None:
            return text, KeyHome.KEYCHAIN
        try:
            return self._file(key_id).read_text("ascii"), KeyHome.FILE
        except (OSError, UnicodeDecodeError):
            return None

    def _file(self, key_id: str) -> Path:
        # The id comes from a file a person may have edited: it must not name another folder.
        if not key_id.isalnum():
            raise Damaged("the key id is not one of ours")
        return self._folder / f"{key_id}.secret"

    def _from_keychain(self, key_id: str) -> str | None:
        if self._keychain is None:
            return None
        try:
            return self._keychain.get_password(SERVICE, key_id)
        except Exception:  # noqa: BLE001 (a locked or broken keychain raises its platform's own)
            _log.warning("the keychain did not answer", exc_info=True)
            return None

    def _to_keychain(self, key_id: str, text: str) -> bool:
        if self._keychain is None:
            return False
        try:
            self._keychain.set_password(SERVICE, key_id, text)
            return self._keychain.get_password(SERVICE, key_id) == text
        except Exception:  # noqa: BLE001 (as above; the fall-back file is the answer)
            _log.warning("the keychain did not keep the key", exc_info=True)
            return False


def _decode(text: str) -> StoreSecrets:
    try:
        return StoreSecrets.from_bytes(_unpacked(text))
    except ValueError as error:
        raise Damaged("the kept key is not one of ours") from error


def _unpacked(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise Damaged("the kept key is not one of ours") from error

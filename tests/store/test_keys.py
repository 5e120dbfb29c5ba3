"""Secrets: sealing, the wrapped key file, the keychain and the explicit fall-back."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable
from pathlib import Path

import keyring
import pytest
from hypothesis import given
from hypothesis import strategies as st
from keyring.backend import KeyringBackend
from keyring.backends import fail, null

from app.domain.keyed_hash import keyed_hash
from app.store.cipher import (
    NotOpened,
    StoreSecrets,
    new_key,
    new_secrets,
    seal,
    unseal,
)
from app.store.errors import Damaged, KeyMissing
from app.store.keys import Found, KeyHome, KeyVault, NotFound, system_keychain
from app.store.recovery_code import RecoveryCode, new_recovery_code
from app.store.wrapped_key import new_key_id, read_wrapped, wrap, write_wrapped
from tests.real_shop import MemoryKeychain


@given(st.binary(max_size=200), st.binary(max_size=20), st.integers(0, 10_000))
def test_sealed_bytes_open_only_unchanged_under_their_key_and_binding(
    plain: bytes, bound_to: bytes, position: int
) -> None:
    key = new_key()
    sealed = seal(key, plain, bound_to=bound_to)
    assert unseal(key, sealed, bound_to=bound_to) == plain
    assert unseal(new_key(), sealed, bound_to=bound_to) == NotOpened()
    assert unseal(key, sealed, bound_to=bound_to + b"x") == NotOpened()
    at = position % len(sealed)
    changed = sealed[:at] + bytes([sealed[at] ^ 1]) + sealed[at + 1 :]
    assert unseal(key, changed, bound_to=bound_to) == NotOpened()
    assert unseal(key, sealed[:at], bound_to=bound_to) == NotOpened()


def test_a_keyed_hash_keeps_its_parts_apart() -> None:
    key = new_key()
    assert keyed_hash(key, "phone", "13800138000") == keyed_hash(key, "phone", "13800138000")
    assert keyed_hash(key, "ab", "c") != keyed_hash(key, "a", "bc")
    assert keyed_hash(key, "a") != keyed_hash(new_key(), "a")


def test_secrets_do_not_show_themselves_in_logs() -> None:
    secrets = new_secrets()
    assert secrets.database_key.hex() not in repr(secrets)
    assert str(secrets.device_secret) not in repr(secrets)
    with pytest.raises(ValueError, match="32 bytes"):
        StoreSecrets(b"short", b"shorter")


def test_the_wrapped_key_opens_with_its_code_only(tmp_path: Path, code: RecoveryCode) -> None:
    secrets, path = new_secrets(), tmp_path / "shop.db.key"
    write_wrapped(path, wrap(new_key_id(), secrets, code))
    assert read_wrapped(path).open(code) == secrets
    assert read_wrapped(path).open(new_recovery_code()) == NotOpened()
    assert secrets.database_key not in path.read_bytes()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600 or os.name == "nt"
    assert [item.name for item in tmp_path.iterdir()] == ["shop.db.key"]


@pytest.mark.parametrize(
    ("change", "with_text"),
    [
        pytest.param('"format": 1', '"format": 2', id="another format"),
        pytest.param('"memory_kib": ', '"memory_kib": 9999999', id="a cost that hangs"),
        pytest.param('"passes": 3', '"passes": "many"', id="a text for a number"),
        pytest.param("{", "", id="not JSON"),
    ],
)
def test_a_tampered_key_file_is_refused(
    tmp_path: Path, code: RecoveryCode, change: str, with_text: str
) -> None:
    path = tmp_path / "shop.db.key"
    write_wrapped(path, wrap(new_key_id(), new_secrets(), code))
    text = path.read_text()
    assert change in text
    path.write_text(text.replace(change, with_text, 1))
    with pytest.raises(Damaged):
        read_wrapped(path)


def test_a_key_file_under_another_id_does_not_open(tmp_path: Path, code: RecoveryCode) -> None:
    path, key_id = tmp_path / "shop.db.key", new_key_id()
    write_wrapped(path, wrap(key_id, new_secrets(), code))
    path.write_text(path.read_text().replace(key_id, new_key_id()))
    assert read_wrapped(path).open(code) == NotOpened()


def test_no_key_file(tmp_path: Path) -> None:
    with pytest.raises(KeyMissing):
        read_wrapped(tmp_path / "shop.db.key")


def test_the_keychain_keeps_and_forgets(tmp_path: Path) -> None:
    vault = KeyVault(fall_back_folder=tmp_path / "keys", keychain=MemoryKeychain())
    secrets, key_id = new_secrets(), new_key_id()
    assert vault.read(key_id) == NotFound()
    assert vault.keep(key_id, secrets) is KeyHome.KEYCHAIN
    assert vault.read(key_id) == Found(secrets, KeyHome.KEYCHAIN)
    assert not (tmp_path / "keys").exists()
    vault.forget(key_id)
    assert vault.read(key_id) == NotFound()


class RefusingKeychain(MemoryKeychain):
    """A locked keychain whose owner pressed Cancel."""

    def set_password(self, service: str, username: str, password: str) -> None:
        raise keyring.errors.KeyringLocked("cancelled")

    def get_password(self, service: str, username: str) -> str | None:
        raise keyring.errors.KeyringLocked("cancelled")


class ForgetfulKeychain(MemoryKeychain):
    """Says it kept the entry and did not."""

    def set_password(self, service: str, username: str, password: str) -> None:
        pass


@pytest.mark.parametrize(
    "keychain",
    [
        pytest.param(None, id="none on this machine"),
        pytest.param(RefusingKeychain(), id="refusing"),
        pytest.param(ForgetfulKeychain(), id="forgetful"),
    ],
)
def test_the_fall_back_file_is_private_and_said_aloud(
    tmp_path: Path, keychain: MemoryKeychain | None
) -> None:
    folder = tmp_path / "config" / "keys"
    vault = KeyVault(fall_back_folder=folder, keychain=keychain)
    secrets, key_id = new_secrets(), new_key_id()
    assert vault.keep(key_id, secrets) is KeyHome.FILE
    assert vault.read(key_id) == Found(secrets, KeyHome.FILE)
    if os.name != "nt":
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
        [file] = folder.iterdir()
        assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_a_key_id_cannot_name_another_folder(tmp_path: Path) -> None:
    vault = KeyVault(fall_back_folder=tmp_path, keychain=None)
    with pytest.raises(Damaged):
        vault.read("../../etc/passwd")


def test_a_kept_key_that_is_not_one_of_ours(tmp_path: Path) -> None:
    vault = KeyVault(fall_back_folder=tmp_path, keychain=None)
    (tmp_path / "abc.secret").write_text("not base64 at all!")
    with pytest.raises(Damaged):
        vault.read("abc")


class PlaintextKeyring(KeyringBackend):
    """Stands for keyrings.alt: a backend from outside keyring itself."""

    priority = 9

    def get_password(self, service: str, username: str) -> str | None:
        return None

    def set_password(self, service: str, username: str, password: str) -> None:
        raise AssertionError("the key must never come here")


def made(kind: type[KeyringBackend]) -> KeyringBackend:
    """A backend; keyring's own constructors carry no types."""
    make: Callable[[], KeyringBackend] = kind
    return make()


@pytest.mark.parametrize(
    "backend",
    [
        pytest.param(made(fail.Keyring), id="no backend"),
        pytest.param(made(null.Keyring), id="the null backend"),
        pytest.param(made(PlaintextKeyring), id="one that stores plain text"),
    ],
)
def test_only_the_keychain_of_the_system_is_trusted(
    monkeypatch: pytest.MonkeyPatch, backend: KeyringBackend
) -> None:
    monkeypatch.setattr(keyring, "get_keyring", lambda: backend)
    assert system_keychain() is None


def test_a_system_keychain_is_found_behind_others(monkeypatch: pytest.MonkeyPatch) -> None:
    from keyring.backends import chainer, libsecret

    trusted = made(libsecret.Keyring)
    monkeypatch.setattr(
        chainer.ChainerBackend, "backends", [made(PlaintextKeyring), trusted], raising=False
    )
    monkeypatch.setattr(keyring, "get_keyring", chainer.ChainerBackend)
    assert system_keychain() is trusted

"""Hashes of PINs and of the recovery code: as slow as a shop gets them, not as the other tests do.

Owns: their cost, right and wrong PINs. Does not own: what a recovery code opens (test_keys.py).
"""

from __future__ import annotations

import json
from importlib.util import find_spec, module_from_spec
from pathlib import Path
from typing import Any

import pytest

from app.store.cipher import new_secrets
from app.store.recovery_code import new_recovery_code
from app.store.wrapped_key import read_wrapped

PIN, SECRET = "2580", bytes(range(32))


def as_sold(name: str) -> Any:
    """The module as it stands in its file, whatever the tests changed in the one they share."""
    spec = find_spec(name)
    assert spec is not None and spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_a_pin_costs_nineteen_mebibytes_and_two_passes() -> None:
    pins = as_sold("app.store.pins").PepperedPins(SECRET)
    hashed = pins.hash_pin(PIN)
    assert hashed.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert pins.is_right(PIN, hashed)


def test_a_recovery_code_costs_sixty_four_mebibytes_and_three_passes(tmp_path: Path) -> None:
    """It stands in the file that a shop writes, and opens it."""
    sold, file = as_sold("app.store.wrapped_key"), tmp_path / "shop.db.key"
    code, secrets = new_recovery_code(), new_secrets()
    sold.write_wrapped(file, sold.wrap(sold.new_key_id(), secrets, code))
    said = json.loads(file.read_bytes())
    assert (said["memory_kib"], said["passes"], said["lanes"]) == (64 * 1024, 3, 1)
    assert read_wrapped(file).open(code) == secrets


@pytest.mark.parametrize(
    ("pin", "secret"),
    [
        pytest.param("2581", SECRET, id="another PIN"),
        pytest.param("", SECRET, id="no PIN"),
        pytest.param(PIN, bytes(32), id="the secret of another store"),
    ],
)
def test_only_the_pin_and_this_store_fit(pin: str, secret: bytes) -> None:
    sold = as_sold("app.store.pins").PepperedPins
    hashed = sold(SECRET).hash_pin(PIN)
    assert not sold(secret).is_right(pin, hashed)


@pytest.mark.parametrize("damaged", ["", "2580", "$argon2id$v=19$m=19456,t=2,p=1$"])
def test_a_damaged_hash_fits_nobody(damaged: str) -> None:
    assert not as_sold("app.store.pins").PepperedPins(SECRET).is_right(PIN, damaged)

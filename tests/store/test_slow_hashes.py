"""Hashes of PINs and of the recovery code: as slow as a shop gets them, not as the other tests do.

Owns: their cost, right and wrong PINs. Does not own: what a recovery code opens (test_keys.py).
"""

from __future__ import annotations

from importlib.util import find_spec, module_from_spec
from typing import Any

import pytest

from app.store.cipher import KeyDerivation

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


def test_a_recovery_code_costs_sixty_four_mebibytes_and_three_passes() -> None:
    sold: KeyDerivation = as_sold("app.store.wrapped_key").DERIVATION
    assert (sold.memory_kib, sold.passes, sold.lanes) == (64 * 1024, 3, 1)


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

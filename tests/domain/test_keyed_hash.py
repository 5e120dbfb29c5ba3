"""Keyed hashes: the same on till and server, different for every key and every cut."""

from __future__ import annotations

import hashlib
import hmac

from app.domain.keyed_hash import keyed_hash, phone_claim

KEY = bytes(range(32))


def test_a_part_carries_its_length() -> None:
    assert keyed_hash(KEY, "ab", "c") != keyed_hash(KEY, "a", "bc")
    assert keyed_hash(KEY, "") != keyed_hash(KEY)


def test_the_claim_of_a_phone_never_changes() -> None:
    """It stands in facts for ever: another form would make every member unknown."""
    text = b"phone:+8613800138000"
    by_hand = hmac.new(KEY, len(text).to_bytes(4, "big") + text, hashlib.sha256).hexdigest()
    assert phone_claim(KEY, "+8613800138000") == by_hand
    assert phone_claim(bytes(32), "+8613800138000") != by_hand

"""Signed passes: what they say survives the code, and what a till makes of one."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from app.domain.codes import Code, CodeKind, code_of_body, parse_code
from app.domain.member_pass import (
    EARLY_MS_MAX,
    KEYS_AGE_MS_MAX,
    OFFSET_AGE_MS_MAX,
    MemberPassClaims,
    NotAPass,
    PassAccepted,
    PassAsCard,
    PassContext,
    PassKeyKnown,
    PassRefused,
    SignedPass,
    judge_pass,
    key_for,
    pass_code,
    read_pass,
    signed_bytes,
)
from app.domain.scanning import PASS_LENGTH_MIN

NOW_MS = 1_795_000_000_000
SERVER_KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
WANG = MemberPassClaims(
    key_number=7,
    member="0199c82c-c26d-76a3-bd95-9c7d133d254c",
    tier="gold",
    issued_ms=NOW_MS - 10_000,
    seconds=60,
)
CONTEXT = PassContext(
    keys={
        7: PassKeyKnown(SERVER_KEY.public_key().public_bytes_raw(), NOW_MS - 10**9, NOW_MS + 10**9)
    },
    now_ms=NOW_MS,
    offset_age_ms=3_600_000,
    keys_age_ms=3_600_000,
    seen=False,
)


def signed(claims: MemberPassClaims) -> Code:
    return pass_code(claims, SERVER_KEY.sign(signed_bytes(claims)))


def is_genuine(read: SignedPass) -> bool:
    key = key_for(read, CONTEXT)
    assert key is not None
    public = SERVER_KEY.public_key()
    assert public.public_bytes_raw() == key.public
    try:
        public.verify(read.signature, read.signed)
    except InvalidSignature:
        return False
    return True


claims_of_a_server = st.builds(
    MemberPassClaims,
    key_number=st.integers(0, 2**16 - 1),
    member=st.builds(str, st.builds(lambda value: UUID(int=value), st.integers(0, 2**128 - 1))),
    tier=st.from_regex(r"[a-z_]{1,24}", fullmatch=True),
    issued_ms=st.integers(0, 2**48 - 1),
    seconds=st.integers(1, 2**16 - 1),
)


@given(claims_of_a_server)
def test_what_the_server_says_survives_the_code(claims: MemberPassClaims) -> None:
    code = signed(claims)
    assert parse_code(code.text) == code
    assert PASS_LENGTH_MIN <= len(code.text) <= 200
    read = read_pass(code)
    assert isinstance(read, SignedPass)
    assert read.claims == claims
    assert read.signed == signed_bytes(claims)


def test_the_form_of_a_pass_never_changes() -> None:
    assert signed(WANG).text == GOLDEN


GOLDEN = (
    "P54Y0Z2PU0Q54Y3E3K70523CQ2VM807YA8F6KY8I3P8OQ4DFGG3EP9OXNDGFYTUXNN94ZN6HNE91BOPHMVCQE4I3ZJ3YQ8"
    "RK44F1P015FO87OPPGAU3GIBZZ07W6NNB74PBP3H4SWRDPPXGVI83P"
)


@pytest.mark.parametrize(
    "body",
    ["0", "Z" * 20, "1" * 190, "A7", code_of_body(CodeKind.PASS, "0" * 150).body],
    ids=["nothing", "short", "long", "two letters", "zeros"],
)
def test_other_codes_of_the_kind_are_no_passes(body: str) -> None:
    code = code_of_body(CodeKind.PASS, body)
    assert read_pass(code) == NotAPass(code.text)


def test_a_tier_that_is_not_ascii_is_no_pass() -> None:
    data = signed_bytes(WANG)[:-4] + b"go\xffd" + bytes(64)
    number, body = int.from_bytes(data), ""
    while number:
        number, digit = divmod(number, 36)
        body = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"[digit] + body
    assert isinstance(read_pass(code_of_body(CodeKind.PASS, body)), NotAPass)


@pytest.mark.parametrize(
    "wrong",
    [
        replace(WANG, tier=""),
        replace(WANG, tier="g" * 25),
        replace(WANG, key_number=-1),
        replace(WANG, key_number=2**16),
        replace(WANG, seconds=0),
        replace(WANG, seconds=2**16),
        replace(WANG, tier="金卡"),
    ],
    ids=["no tier", "long tier", "negative key", "key too large", "no time", "too long", "chinese"],
)
def test_no_pass_can_say_it(wrong: MemberPassClaims) -> None:
    with pytest.raises(ValueError, match=r"tier|key number|ascii"):
        signed_bytes(wrong)


def test_half_a_signature_is_none() -> None:
    with pytest.raises(ValueError, match="64 bytes"):
        pass_code(WANG, b"short")


@pytest.mark.parametrize(
    ("context", "expected"),
    [
        (CONTEXT, PassAccepted(WANG)),
        (replace(CONTEXT, now_ms=NOW_MS + 50_000), PassAccepted(WANG)),
        (replace(CONTEXT, now_ms=NOW_MS + 50_001), PassRefused("expired")),
        (replace(CONTEXT, now_ms=WANG.issued_ms - EARLY_MS_MAX), PassAccepted(WANG)),
        (replace(CONTEXT, now_ms=WANG.issued_ms - EARLY_MS_MAX - 1), PassRefused("not_yet")),
        (replace(CONTEXT, seen=True), PassRefused("used")),
        (replace(CONTEXT, keys={}), PassRefused("unknown_key")),
        (
            replace(CONTEXT, keys={7: PassKeyKnown(b"", NOW_MS, NOW_MS + 1)}),
            PassRefused("unknown_key"),
        ),
        (
            replace(CONTEXT, keys={7: PassKeyKnown(b"", 0, WANG.issued_ms - 1)}),
            PassRefused("unknown_key"),
        ),
        (replace(CONTEXT, offset_age_ms=None), PassAsCard(WANG, "clock")),
        (replace(CONTEXT, offset_age_ms=OFFSET_AGE_MS_MAX), PassAccepted(WANG)),
        (replace(CONTEXT, offset_age_ms=OFFSET_AGE_MS_MAX + 1), PassAsCard(WANG, "clock")),
        (replace(CONTEXT, keys_age_ms=KEYS_AGE_MS_MAX + 1), PassAsCard(WANG, "keys")),
    ],
    ids=[
        "good", "in its last second", "a moment too late", "a little early", "from the future",
        "shown twice", "no keys", "signed before its key", "signed after its key",
        "never heard the time", "time of three days", "time too old", "keys too old",
    ],
)  # fmt: skip
def test_what_a_till_makes_of_a_genuine_pass(
    context: PassContext, expected: PassAccepted | PassAsCard | PassRefused
) -> None:
    read = read_pass(signed(WANG))
    assert isinstance(read, SignedPass)
    assert judge_pass(read, is_genuine=is_genuine(read), context=context) == expected


@pytest.mark.parametrize(
    "forged",
    [
        replace(WANG, member="0199c82c-0000-76a3-bd95-9c7d133d254c"),
        replace(WANG, tier="black"),
        replace(WANG, seconds=60_000),
        replace(WANG, issued_ms=NOW_MS),
    ],
    ids=["another member", "a better tier", "longer", "later"],
)
def test_a_pass_that_was_changed_is_forged(forged: MemberPassClaims) -> None:
    of_another = SERVER_KEY.sign(signed_bytes(WANG))
    read = read_pass(pass_code(forged, of_another))
    assert isinstance(read, SignedPass)
    judged = judge_pass(read, is_genuine=is_genuine(read), context=CONTEXT)
    assert judged == PassRefused("forged")

"""Signed passes: the code on a member's phone that any till can check without a network.

Owns: what a pass says, its form as a scannable code, and what a till makes of one. Does not own:
the signature's arithmetic (the caller has checked it), the keys (the server makes them, the till's
store keeps them), showing one (sync/server/pages). A printed or shown pass can be weeks old, so
the form can never change: a new one gets a new number in its first byte.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from app.domain.codes import ALPHABET, Code, CodeKind, code_of_body

FORM = 1
SIGNATURE_LENGTH = 64
KEY_NUMBER_MAX = 2**16 - 1
SECONDS_MAX = 2**16 - 1
TIER_BYTES_MAX = 24
OFFSET_AGE_MS_MAX = 72 * 3_600_000
"""A server offset measured longer ago than this proves nothing about seconds."""
KEYS_AGE_MS_MAX = 30 * 24 * 3_600_000
"""Keys heard of longer ago than this may have been withdrawn since."""
EARLY_MS_MAX = 120_000
"""A pass may be this far ahead of the till's corrected time: clocks differ by so much."""

_HEAD_LENGTH = 1 + 2 + 16 + 6 + 2
_BASE = len(ALPHABET)


@dataclass(frozen=True, slots=True)
class MemberPassClaims:
    """What the server says by signing."""

    key_number: int
    """Which of the server's keys signed it."""
    member: str
    """A UUID in its canonical text form."""
    tier: str
    issued_ms: int
    """Server time; together with the member it names this pass, no other has both."""
    seconds: int
    """For how long it is good."""


@dataclass(frozen=True, slots=True)
class SignedPass:
    """A pass as read: `signed` are the bytes that `signature` belongs to."""

    claims: MemberPassClaims
    signed: bytes
    signature: bytes


@dataclass(frozen=True, slots=True)
class NotAPass:
    """A code of kind P that no server of ours made. `reason`: form."""

    text: str


def signed_bytes(claims: MemberPassClaims) -> bytes:
    """The bytes to sign. Raises ValueError for what no pass can say."""
    tier = claims.tier.encode("ascii", "strict")
    if not 0 < len(tier) <= TIER_BYTES_MAX:
        raise ValueError(f"a tier of 1 to {TIER_BYTES_MAX} ASCII letters, not {claims.tier!r}")
    if not 0 <= claims.key_number <= KEY_NUMBER_MAX or not 0 < claims.seconds <= SECONDS_MAX:
        raise ValueError(f"a key number and seconds of two bytes each: {claims}")
    return b"".join(
        (
            bytes((FORM,)),
            claims.key_number.to_bytes(2),
            UUID(claims.member).bytes,
            claims.issued_ms.to_bytes(6),
            claims.seconds.to_bytes(2),
            tier,
        )
    )


def pass_code(claims: MemberPassClaims, signature: bytes) -> Code:
    """The code to show, at most 200 characters: a QR in alphanumeric mode takes it well."""
    if len(signature) != SIGNATURE_LENGTH:
        raise ValueError(f"a signature has {SIGNATURE_LENGTH} bytes")
    # The form's number is never zero, so the whole is a number without leading zeros.
    number = int.from_bytes(signed_bytes(claims) + signature)
    digits = []
    while number:
        number, digit = divmod(number, _BASE)
        digits.append(ALPHABET[digit])
    return code_of_body(CodeKind.PASS, "".join(reversed(digits)))


def read_pass(code: Code) -> SignedPass | NotAPass:
    """What a scanned pass says; nothing is believed yet."""
    number = int(code.body, _BASE)
    data = number.to_bytes((number.bit_length() + 7) // 8)
    signed, signature = data[:-SIGNATURE_LENGTH], data[-SIGNATURE_LENGTH:]
    tier = signed[_HEAD_LENGTH:]
    is_ours = (
        code.kind is CodeKind.PASS
        and signed[:1] == bytes((FORM,))
        and 0 < len(tier) <= TIER_BYTES_MAX
        and tier.isascii()
    )
    if not is_ours:
        return NotAPass(code.text)
    claims = MemberPassClaims(
        key_number=int.from_bytes(signed[1:3]),
        member=str(UUID(bytes=signed[3:19])),
        issued_ms=int.from_bytes(signed[19:25]),
        seconds=int.from_bytes(signed[25:27]),
        tier=tier.decode("ascii"),
    )
    return SignedPass(claims, signed, signature)


# ------------------------------------------------------------------ what a till makes of it


@dataclass(frozen=True, slots=True)
class PassKeyKnown:
    """A key as the chain's stream told it; two overlap while one takes over from the other."""

    public: bytes
    from_ms: int
    until_ms: int


@dataclass(frozen=True, slots=True)
class PassContext:
    """What a till knows when it judges a pass."""

    keys: Mapping[int, PassKeyKnown]
    now_ms: int
    """Server time as far as the till knows it."""
    offset_age_ms: int | None
    """How long ago the server offset was measured; None = never."""
    keys_age_ms: int
    """How long ago the chain's stream was last heard."""
    seen: bool
    """This till has accepted this very pass before."""


@dataclass(frozen=True, slots=True)
class PassAccepted:
    """The phone is in his hand: the member is identified as by a pass."""

    claims: MemberPassClaims


@dataclass(frozen=True, slots=True)
class PassAsCard:
    """Genuine, but its seconds cannot be judged here: it identifies as a card does.

    `reason`: clock (the server's time was heard too long ago), keys (so were its keys).
    """

    claims: MemberPassClaims
    reason: Literal["clock", "keys"]


@dataclass(frozen=True, slots=True)
class PassRefused:
    """`reason`: unknown_key, forged, expired, not_yet (from the future), used (here, before)."""

    reason: Literal["unknown_key", "forged", "expired", "not_yet", "used"]


def key_for(signed: SignedPass, context: PassContext) -> PassKeyKnown | None:
    """The key the caller has to check the signature with; None = nobody told us of it."""
    key = context.keys.get(signed.claims.key_number)
    at = signed.claims.issued_ms
    return key if key is not None and key.from_ms <= at <= key.until_ms else None


def judge_pass(
    signed: SignedPass, *, is_genuine: bool, context: PassContext
) -> PassAccepted | PassAsCard | PassRefused:
    """What the pass is worth here. `is_genuine`: its signature fits `key_for`."""
    claims = signed.claims
    if key_for(signed, context) is None:
        return PassRefused("unknown_key")
    if not is_genuine:
        return PassRefused("forged")
    if context.seen:
        return PassRefused("used")
    if context.keys_age_ms > KEYS_AGE_MS_MAX:
        return PassAsCard(claims, "keys")
    if context.offset_age_ms is None or context.offset_age_ms > OFFSET_AGE_MS_MAX:
        return PassAsCard(claims, "clock")
    if context.now_ms > claims.issued_ms + claims.seconds * 1000:
        return PassRefused("expired")
    if context.now_ms < claims.issued_ms - EARLY_MS_MAX:
        return PassRefused("not_yet")
    return PassAccepted(claims)

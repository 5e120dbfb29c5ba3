"""Credentials: how a device proves who it is, and the short tokens it gets for it.

Owns: challenges (made without being stored, worth one signature each) and bearer tokens (signed by
the server's secret, so that every worker can check every worker's). Does not own: who is enrolled
(device.py), where a token travels (web/).

A challenge asked for leaves no trace: whoever floods the server with them fills no table, and
cannot tell an id that is enrolled from one that is not.
"""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from sqlalchemy import Connection, and_, delete, select

from sync.protocol import Challenge, Token, TokenWanted, signed_part
from sync.server.device import Device, NoSuchDevice, devices_called, read_device
from sync.server.rows import put
from sync.server.secret import Chance, ServerSecret
from sync.server.tables import shop_table, whole
from sync.server.tenant import CHAIN_SHARD

CHALLENGE_SECONDS = 60
TOKEN_SECONDS = 15 * 60
NONCE_BYTES = 16
MAC_BYTES = 32
_CHALLENGE, _TOKEN = "challenge", "token"
_TIME_BYTES = 8

spent_table = shop_table(
    "spent_challenge",
    ("device", "nonce"),
    whole("ends_ms"),
)
"""Challenges that a token was given for, until they end by themselves."""


class Bearer(msgspec.Struct, frozen=True, array_like=True):
    """What a token says: no more than a request needs to look the device up."""

    tenant: str
    device: str
    epoch: int
    """Of the device when the token was made; a new enrolment ends older tokens."""
    ends_ms: int


@dataclass(frozen=True, slots=True)
class NotProved:
    """Unknown device, wrong key, or a challenge that is spent, too old or not ours."""


@dataclass(frozen=True, slots=True)
class TokenForeign:
    """Not signed by this server, or of a device that is not (or no longer) the one it names."""


@dataclass(frozen=True, slots=True)
class TokenExpired:
    """It was ours, and its time is over."""


def new_challenge(secret: ServerSecret, device: str, *, now_ms: int, chance: Chance) -> Challenge:
    """nonce || end || mac over both and the device."""
    ends = (now_ms + CHALLENGE_SECONDS * 1000).to_bytes(_TIME_BYTES, "big")
    body = chance(NONCE_BYTES) + ends
    mac = secret.mac(_CHALLENGE, _bound(device, body))
    return Challenge(challenge=body + mac, seconds=CHALLENGE_SECONDS)


def new_token(
    connection: Connection, secret: ServerSecret, asked: TokenWanted, *, now_ms: int
) -> Token | NotProved:
    """A token for whoever signed this challenge by the device's key. Revoked ones get one too:
    they may still push, into quarantine."""
    body, mac = asked.challenge[:-MAC_BYTES], asked.challenge[-MAC_BYTES:]
    if not secret.is_mac(_CHALLENGE, _bound(asked.device, body), mac):
        return NotProved()
    nonce, ends_ms = body[:NONCE_BYTES].hex(), int.from_bytes(body[NONCE_BYTES:], "big")
    device = _signer(connection, asked)
    if (
        device is None
        or ends_ms <= now_ms
        or not _spend(connection, device, nonce, ends_ms, now_ms)
    ):
        return NotProved()
    bearer = Bearer(device.tenant, device.device, device.epoch, now_ms + TOKEN_SECONDS * 1000)
    return Token(token=_signed(secret, bearer), seconds=TOKEN_SECONDS, server_ms=now_ms)


def bearer_of(
    secret: ServerSecret, token: str, *, now_ms: int
) -> Bearer | TokenForeign | TokenExpired:
    """What a token says, where this server signed it. Looks nothing up."""
    said, _, mac = token.partition(".")
    try:
        if not secret.is_mac(_TOKEN, said.encode(), _unpacked(mac)):
            return TokenForeign()
        bearer = msgspec.json.decode(_unpacked(said), type=Bearer)
    except (binascii.Error, ValueError):
        return TokenForeign()
    return TokenExpired() if bearer.ends_ms <= now_ms else bearer


def device_of(connection: Connection, bearer: Bearer) -> Device | TokenForeign:
    """The device as it is now. Gone or enrolled anew since: the token is nobody's."""
    device = read_device(connection, bearer.tenant, bearer.device)
    if isinstance(device, NoSuchDevice) or device.epoch != bearer.epoch:
        return TokenForeign()
    return device


def _signer(connection: Connection, asked: TokenWanted) -> Device | None:
    message = signed_part(asked.device, asked.challenge)
    for device in devices_called(connection, asked.device):
        try:
            Ed25519PublicKey.from_public_bytes(device.public_key).verify(asked.signature, message)
        except InvalidSignature:
            continue
        return device
    return None


def _spend(connection: Connection, device: Device, nonce: str, ends_ms: int, now_ms: int) -> bool:
    """Whether this challenge was not spent before; two workers ask the same table."""
    table = spent_table.c
    own = and_(
        table.tenant_id == device.tenant,
        table.shard_key == CHAIN_SHARD,
        table.device == device.device,
    )
    connection.execute(delete(spent_table).where(own, table.ends_ms <= now_ms))
    if connection.execute(select(table.nonce).where(own, table.nonce == nonce)).first():
        return False
    row = {
        "shard_key": CHAIN_SHARD,
        "device": device.device,
        "nonce": nonce,
        "ends_ms": ends_ms,
    }
    return put(connection, device.tenant, spent_table, [row], "ignore") == 1


def _bound(device: str, body: bytes) -> bytes:
    return device.encode() + b"\0" + body


def _signed(secret: ServerSecret, bearer: Bearer) -> str:
    said = _packed(msgspec.json.encode(bearer))
    return f"{said}.{_packed(secret.mac(_TOKEN, said.encode()))}"


def _packed(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def _unpacked(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))

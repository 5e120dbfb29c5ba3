"""The door: which version a request speaks, who sends it, and whether he may.

Owns: the headers of version and credential, the rights asked for by each route, the buckets.
Does not own: tokens (../credential.py), devices (../device.py), bodies (body.py).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from litestar import Request
from sqlalchemy import Connection

from sync.protocol import READS_HEADER, VERSION_HEADER, VERSIONS_SPOKEN
from sync.server.credential import Bearer, TokenExpired, TokenForeign, bearer_of, device_of
from sync.server.device import Device, Right
from sync.server.web.ports import Server
from sync.server.web.problem import FOREIGN_RIGHT, Trouble, unknown_version
from sync.server.web.rate import Buckets

READS_LENGTH_MAX = 1_000
_SPOKEN = frozenset(str(version) for version in VERSIONS_SPOKEN)


@dataclass(frozen=True, slots=True)
class Door:
    """Of one worker."""

    server: Server
    devices: Buckets
    wrong: Buckets
    knocks: Buckets
    enrolments: Buckets

    @staticmethod
    def of(server: Server) -> Door:
        """A door with buckets as the limits say."""
        limits = server.limits
        return Door(
            server,
            Buckets(limits.device),
            Buckets(limits.wrong),
            Buckets(limits.knock),
            Buckets(limits.enrol),
        )

    def stranger(self, request: Request[Any, Any, Any], buckets: Buckets) -> None:
        """Let somebody in who cannot say yet who he is. Raises Trouble."""
        check_version(request)
        buckets.take(address_of(request), self.server.clock.monotonic_ms())

    def bearer(self, request: Request[Any, Any, Any]) -> Bearer:
        """Whose token came with this request. Raises Trouble: missing, foreign, expired, too many.

        Bad tokens of one address empty a bucket of their own; good ones never wait behind it.
        """
        check_version(request)
        address, now_ms = address_of(request), self.server.clock.monotonic_ms()
        try:
            bearer = self._read(request)
        except Trouble:
            self.wrong.take(address, now_ms)
            raise
        request.scope["state"] |= {"device": bearer.device, "tenant": bearer.tenant}
        self.devices.take(f"{bearer.tenant} {bearer.device}", now_ms)
        return bearer

    def _read(self, request: Request[Any, Any, Any]) -> Bearer:
        kind, _, token = request.headers.get("Authorization", "").partition(" ")
        if kind.lower() != "bearer" or not token.strip():
            raise Trouble("no_credential")
        match bearer_of(self.server.secret, token.strip(), now_ms=self.server.clock.wall_ms()):
            case TokenForeign():
                raise Trouble("foreign_credential")
            case TokenExpired():
                raise Trouble("expired_credential")
            case bearer:
                return bearer


def allowed(connection: Connection, bearer: Bearer, right: Right) -> Device:
    """The device as it is in this transaction. Raises Trouble: replaced, revoked, no right.

    A revoked device may push: what it sold is taken into quarantine, never lost.
    """
    device = device_of(connection, bearer)
    if isinstance(device, TokenForeign):
        raise Trouble("foreign_credential")
    if right not in device.rights:
        raise Trouble("foreign_credential", FOREIGN_RIGHT, status=403)
    if device.is_revoked and right != "push":
        raise Trouble("revoked_device")
    return device


def check_version(request: Request[Any, Any, Any]) -> None:
    """Raises Trouble where the request says no version that we speak."""
    said = request.headers.get(VERSION_HEADER)
    if said not in _SPOKEN:
        raise unknown_version(said)


def reads_of(request: Request[Any, Any, Any]) -> frozenset[str]:
    """Events beyond the first ones that whoever asks says he reads."""
    words = request.headers.get(READS_HEADER, "")[:READS_LENGTH_MAX].split(",")
    return frozenset(word.strip() for word in words) - {""}


def address_of(request: Request[Any, Any, Any]) -> str:
    """Where it came from; an IPv6 network of one house is one address."""
    host = request.client.host if request.client else ""
    return ":".join(host.split(":")[:4]) if ":" in host else host

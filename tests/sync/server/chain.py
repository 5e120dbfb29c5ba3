"""A chain of shops for tests of devices: its secret, its stores, its codes, its machines.

Owns: builders that name only what matters. Does not own: databases (conftest.py).
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import Connection

from sync.protocol import Enrol, Enrolled, TokenWanted, signed_part
from sync.server.credential import NotProved, new_challenge, new_token
from sync.server.device import DeviceKind
from sync.server.enrolment import Place, enrol, make_code
from sync.server.secret import ServerSecret, system_chance
from sync.server.tenant import Tenant, new_id, store_numbered, the_tenant

NOON_MS = 1_779_000_000_000
HOUR_MS = 3_600_000
SERVER_EPOCH = 1


@dataclass(frozen=True)
class Machine:
    """A till's machine: the key that never leaves it."""

    device: str = field(default_factory=lambda: new_id(NOON_MS, system_chance))
    key: Ed25519PrivateKey = field(default_factory=Ed25519PrivateKey.generate)

    @property
    def public(self) -> bytes:
        return self.key.public_key().public_bytes_raw()

    def asks(self, code: str, *, epoch: int = 1, claim_secret: bytes | None = None) -> Enrol:
        return Enrol(
            code=code,
            public_key=self.public,
            device=self.device,
            name="收银台",
            epoch=epoch,
            claim_secret=claim_secret,
        )

    def signs(self, challenge: bytes) -> TokenWanted:
        signature = self.key.sign(signed_part(self.device, challenge))
        return TokenWanted(device=self.device, challenge=challenge, signature=signature)


@dataclass(frozen=True)
class Chain:
    """One tenant in an open transaction."""

    connection: Connection
    secret: ServerSecret = field(default_factory=lambda: ServerSecret(secrets.token_bytes(32)))

    @property
    def tenant(self) -> str:
        found = the_tenant(
            self.connection, self.secret, name="人民茶庄", now_ms=NOON_MS, chance=system_chance
        )
        assert isinstance(found, Tenant)
        return found.tenant

    def code(
        self,
        *,
        store: int = 1,
        till: int = 1,
        kind: DeviceKind = "till",
        replaces: bool = False,
        now_ms: int = NOON_MS,
    ) -> str:
        shop = store_numbered(
            self.connection, self.tenant, store, name=None, new=new_id(now_ms, system_chance)
        )
        place = Place(self.tenant, shop.store, till, kind, replaces)
        return make_code(self.connection, self.secret, place, now_ms=now_ms, chance=system_chance)

    def enrols(self, asked: Enrol, *, now_ms: int = NOON_MS) -> object:
        return enrol(
            self.connection,
            self.secret,
            asked,
            server_epoch=lambda tenant: SERVER_EPOCH,
            now_ms=now_ms,
            chance=system_chance,
        )

    def lets_in(self, machine: Machine, *, store: int = 1, till: int = 1) -> Enrolled:
        answer = self.enrols(machine.asks(self.code(store=store, till=till)))
        assert isinstance(answer, Enrolled)
        return answer

    def token(self, machine: Machine, *, now_ms: int = NOON_MS) -> str:
        challenge = new_challenge(self.secret, machine.device, now_ms=now_ms, chance=system_chance)
        answer = new_token(
            self.connection, self.secret, machine.signs(challenge.challenge), now_ms=now_ms
        )
        assert not isinstance(answer, NotProved)
        return answer.token

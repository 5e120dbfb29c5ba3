"""One key per member: what a person's data is sealed under in every fact (crypto-shredding).

Owns: the member_key and retired_claim_key tables, the keyed hashes of identity claims.
Does not own: the cipher (cipher.py), what is sealed (app/domain/facts.py), erasing (services).
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable

from sqlalchemy import Row, bindparam, insert, select, update
from sqlalchemy.dialects.sqlite import insert as upsert

from app.domain.facts import Sealed
from app.domain.keyed_hash import keyed_hash
from app.domain.outbox import MemberSecret
from app.store.cipher import NONCE_LENGTH, NotOpened, new_key, seal, seal_alike, unseal
from app.store.errors import StoreBug
from app.store.repository import Repository
from app.store.settings import SettingsRepository
from app.store.sync_tables import retired_claim_key
from app.store.tables import member_key

CLAIM_KEY = "claim_key"

_OF_MEMBER = select(member_key.c.key_id, member_key.c.secret).where(
    member_key.c.member_id == bindparam("key")
)
_ADD = insert(member_key)
_LEARN = upsert(member_key).on_conflict_do_nothing()
_RETIRE = upsert(retired_claim_key).on_conflict_do_nothing()
_RETIRED = select(retired_claim_key.c.secret).order_by(retired_claim_key.c.secret)
_DESTROY = update(member_key).where(member_key.c.member_id == bindparam("key")).values(secret=None)


class MemberKeys(Repository):
    """Seals and unseals under the keys of members."""

    def seal(self, member_id: str, plain: bytes) -> Sealed:
        """Encrypt under the member's key, which is made at the first use.

        Raises StoreBug where the key was destroyed: nothing may be written about the erased.
        """
        row = self._execute(_OF_MEMBER, {"key": member_id}).first()
        key_id, secret = self._new(member_id) if row is None else _present(row)
        sealed = seal(secret, plain, bound_to=key_id.encode())
        return Sealed(key_id, sealed[:NONCE_LENGTH], sealed[NONCE_LENGTH:])

    def unseal(self, member_id: str, sealed: Sealed) -> bytes | None:
        """None where the key was destroyed, or is not of this member."""
        row = self._execute(_OF_MEMBER, {"key": member_id}).first()
        if row is None or row.secret is None or row.key_id != sealed.key:
            return None
        packed = sealed.nonce + sealed.ciphertext
        plain = unseal(row.secret, packed, bound_to=sealed.key.encode())
        return None if isinstance(plain, NotOpened) else plain

    def seal_alike(self, member_id: str, plain: bytes, *, name: str) -> Sealed | None:
        """Into the same bytes each time, bound to a name; None where there is no key (any more)."""
        row = self._execute(_OF_MEMBER, {"key": member_id}).first()
        if row is None or row.secret is None:
            return None
        sealed = seal_alike(row.secret, plain, bound_to=f"{row.key_id} {name}".encode())
        return Sealed(row.key_id, sealed[:NONCE_LENGTH], sealed[NONCE_LENGTH:])

    def unseal_alike(self, member_id: str, sealed: Sealed, *, name: str) -> bytes | None:
        """None where the key was destroyed, is not of this member, or the name is another."""
        row = self._execute(_OF_MEMBER, {"key": member_id}).first()
        if row is None or row.secret is None or row.key_id != sealed.key:
            return None
        packed, bound_to = sealed.nonce + sealed.ciphertext, f"{row.key_id} {name}".encode()
        plain = unseal(row.secret, packed, bound_to=bound_to)
        return None if isinstance(plain, NotOpened) else plain

    def learn(self, secrets_told: Iterable[MemberSecret]) -> None:
        """Keep keys that another till made; one that is there, or was destroyed, stays."""
        rows = [
            {"member_id": each.member_id, "key_id": each.key_id, "secret": each.secret}
            for each in secrets_told
        ]
        if rows:
            self._execute(_LEARN, rows)

    def destroy(self, member_id: str) -> None:
        """Make the person unreadable in every fact, for good. The row stays without its key."""
        self._execute(_DESTROY, {"key": member_id})
        if self._execute(_OF_MEMBER, {"key": member_id}).first() is None:
            key_id = _new_key_id()
            row = {"member_id": member_id, "key_id": key_id, "secret": None}
            self._execute(_ADD, row)
        self._transaction.forget_traces()

    def claim(self, identity: str) -> str:
        """The keyed hash of an identity such as "phone:+8613800138000", as hex."""
        settings = SettingsRepository(self._transaction)
        secret = settings.value(CLAIM_KEY)
        if secret is None:
            secret = new_key().hex()
            settings.put_value(CLAIM_KEY, secret)
        return keyed_hash(bytes.fromhex(secret), identity).hex()

    def claim_secret(self) -> bytes:
        """The key of those hashes: the first till of a chain brings it along."""
        self.claim("")
        return bytes.fromhex(SettingsRepository(self._transaction).value(CLAIM_KEY) or "")

    def claims_ever(self, identity: str) -> list[str]:
        """Its hash under the key in use, and under each that was kept from before."""
        kept = [bytes.fromhex(row.secret) for row in self._execute(_RETIRED)]
        return [self.claim(identity), *(keyed_hash(each, identity).hex() for each in kept)]

    def take_claim_secret(self, secret: bytes, *, keeps_old: bool) -> None:
        """Hash under this one from now on; the one before is kept where hashes under it stay."""
        before = self.claim_secret()
        SettingsRepository(self._transaction).put_value(CLAIM_KEY, secret.hex())
        if keeps_old and before != secret:
            self._execute(_RETIRE, {"secret": before.hex()})

    def _new(self, member_id: str) -> tuple[str, bytes]:
        key_id, secret = _new_key_id(), new_key()
        self._execute(_ADD, {"member_id": member_id, "key_id": key_id, "secret": secret})
        return key_id, secret


def _new_key_id() -> str:
    return secrets.token_hex(8)


def _present(row: Row[tuple[str, bytes | None]]) -> tuple[str, bytes]:
    key_id, secret = row
    if secret is None:
        raise StoreBug("the key of this member was destroyed")
    return key_id, secret

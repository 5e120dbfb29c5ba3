"""Tenants and their stores: whose server this is, and where its tills stand.

Owns: a tenant's name, claim secret (sealed) and public address; its stores and their numbers.
Does not own: the devices in them (device.py), what is claimed by the claim secret.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, Index, and_, insert, select, update

from app.domain.ids import RANDOM_BITS, uuid7
from sync.server.secret import SECRET_BYTES, Chance, NotOurs, ServerSecret
from sync.server.tables import raw, shop_table, text, whole

STORE_NUMBER_MAX = 36**3 - 2
"""Three signs of a receipt code; the last number belongs to practice tills."""

tenant_table = shop_table(
    "tenant",
    (),
    text("name"),
    raw("claim_secret", optional=True),
    raw("seal_check"),
    text("public_url", optional=True),
    whole("created_ms"),
)
"""Whose server this is. `claim_secret` and `seal_check` are sealed by the server's secret."""

store_table = shop_table(
    "store",
    ("store",),
    whole("number"),
    text("name"),
    Index("store_number", "tenant_id", "shard_key", "number", unique=True),
)
"""The shops of a chain, by the number on their receipts."""

CHAIN_SHARD = 0
"""What belongs to the whole chain lies in one shard: tenant, stores, devices, codes."""

_CLAIM, _CHECK = "claim secret", "seal check"
_CHECKED = b"zhanggui"


@dataclass(frozen=True, slots=True)
class Tenant:
    """A chain of stores."""

    tenant: str
    name: str
    public_url: str | None


@dataclass(frozen=True, slots=True)
class OtherSecret:
    """This database was made with another secret: bring the right one, nothing is readable."""


@dataclass(frozen=True, slots=True)
class Store:
    """One shop of the chain."""

    store: str
    number: int
    name: str


def new_id(now_ms: int, chance: Chance) -> str:
    """A fresh UUIDv7."""
    return uuid7(now_ms, int.from_bytes(chance(10), "big") >> (80 - RANDOM_BITS))


def the_tenant(
    connection: Connection, secret: ServerSecret, *, name: str, now_ms: int, chance: Chance
) -> Tenant | OtherSecret:
    """The tenant of a server that has one, made at the first start."""
    table = tenant_table.c
    asked = select(tenant_table).order_by(table.created_ms, table.tenant_id).limit(1)
    row = connection.execute(asked).mappings().first()
    if row is None:
        return _new_tenant(connection, secret, name=name, now_ms=now_ms, chance=chance)
    tenant = Tenant(row["tenant_id"], row["name"], row["public_url"])
    sealed = bytes(row["seal_check"])
    if isinstance(secret.unseal(_CHECK, sealed, bound_to=tenant.tenant.encode()), NotOurs):
        return OtherSecret()
    return tenant


def _new_tenant(
    connection: Connection, secret: ServerSecret, *, name: str, now_ms: int, chance: Chance
) -> Tenant:
    tenant = new_id(now_ms, chance)
    check = secret.seal(_CHECK, _CHECKED, bound_to=tenant.encode(), chance=chance)
    connection.execute(
        insert(tenant_table).values(
            tenant_id=tenant,
            shard_key=CHAIN_SHARD,
            name=name,
            seal_check=check,
            created_ms=now_ms,
        )
    )
    return Tenant(tenant, name, None)


def all_tenants(connection: Connection) -> list[str]:
    """Everybody whose server this is."""
    return list(connection.execute(select(tenant_table.c.tenant_id)).scalars())


def read_tenant(connection: Connection, tenant: str) -> Tenant:
    """A tenant that is known to be there."""
    row = connection.execute(select(tenant_table).where(_is(tenant))).mappings().one()
    return Tenant(row["tenant_id"], row["name"], row["public_url"])


def claim_secret(
    connection: Connection,
    secret: ServerSecret,
    tenant: str,
    *,
    brought: bytes | None,
    chance: Chance,
) -> bytes:
    """The key under which a tenant's phones are hashed. The first device may bring it; it stays.

    The row is locked before it is looked at: of two first tills only one brings it.
    """
    asked = select(tenant_table.c.claim_secret).where(_is(tenant)).with_for_update()
    sealed: bytes | None = connection.execute(asked).scalar_one()
    bound_to = tenant.encode()
    if sealed is not None:
        plain = secret.unseal(_CLAIM, bytes(sealed), bound_to=bound_to)
        assert not isinstance(plain, NotOurs), "the secret was checked when the server started"
        return plain
    plain = chance(SECRET_BYTES) if brought is None else brought
    kept = secret.seal(_CLAIM, plain, bound_to=bound_to, chance=chance)
    connection.execute(update(tenant_table).where(_is(tenant)).values(claim_secret=kept))
    return plain


def known_claim_secret(secret: ServerSecret, connection: Connection, tenant: str) -> bytes | None:
    """The same where a first device has brought it; None before."""
    asked = select(tenant_table.c.claim_secret).where(_is(tenant))
    sealed: bytes | None = connection.execute(asked).scalar_one_or_none()
    if sealed is None:
        return None
    plain = secret.unseal(_CLAIM, bytes(sealed), bound_to=tenant.encode())
    return None if isinstance(plain, NotOurs) else plain


def set_public_url(connection: Connection, tenant: str, url: str | None) -> None:
    """Where members' phones find this server; None = nowhere."""
    connection.execute(update(tenant_table).where(_is(tenant)).values(public_url=url))


def store_numbered(
    connection: Connection, tenant: str, number: int, *, name: str | None, new: str
) -> Store:
    """The store of this number; made under the id `new` where there is none, renamed by a name."""
    if not 1 <= number <= STORE_NUMBER_MAX:
        raise ValueError(f"stores are numbered from 1 to {STORE_NUMBER_MAX}")
    table = store_table.c
    here = and_(table.tenant_id == tenant, table.shard_key == CHAIN_SHARD, table.number == number)
    row = connection.execute(select(store_table).where(here)).mappings().first()
    if row is None:
        connection.execute(
            insert(store_table).values(
                tenant_id=tenant,
                shard_key=CHAIN_SHARD,
                store=new,
                number=number,
                name=name or "",
            )
        )
        return Store(new, number, name or "")
    if name is not None and name != row["name"]:
        connection.execute(update(store_table).where(here).values(name=name))
    return Store(row["store"], number, row["name"] if name is None else name)


def store_names(connection: Connection, tenant: str, stores: Collection[str]) -> dict[str, str]:
    """What people call these stores, by id: the name, else the number; of those that are known."""
    table = store_table.c
    rows = connection.execute(
        select(table.store, table.name, table.number).where(
            table.tenant_id == tenant, table.shard_key == CHAIN_SHARD, table.store.in_(stores)
        )
    )
    return {row.store: row.name or str(row.number) for row in rows}


def _is(tenant: str) -> ColumnElement[bool]:
    return and_(tenant_table.c.tenant_id == tenant, tenant_table.c.shard_key == CHAIN_SHARD)

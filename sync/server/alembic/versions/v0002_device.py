"""Version 2: who may speak to the server: tenants, stores, devices, codes, spent challenges."""

from __future__ import annotations

from alembic import op
from sqlalchemy import BigInteger, Column, Integer, LargeBinary, Text, text
from sqlalchemy.types import TypeEngine

revision = "0002"
down_revision = "0001"

_WHOLE = BigInteger().with_variant(Integer(), "sqlite")
_TYPES: dict[str, TypeEngine[object]] = {"t": Text(), "n": _WHOLE, "b": LargeBinary()}  # type: ignore[dict-item]  # each kind has its own value type

# As in version 1: keys | columns; t text, n whole number, b bytes; ? = may be absent.
_TABLES = {
    "tenant": "| name:t claim_secret:b? seal_check:b public_url:t? created_ms:n",
    "store": "store:t | number:n name:t",
    "device": "device:t | kind:t store:t till_number:n name:t rights:t public_key:b epoch:n "
    "enrolled_ms:n revoked_ms:n?",
    "enrolment_code": "code_hash:t | kind:t store:t till_number:n replaces:n made_ms:n ends_ms:n "
    "used_ms:n? used_by:t? used_key:b?",
    "spent_challenge": "device:t nonce:t | ends_ms:n",
}


def upgrade() -> None:
    """Make every table and the indexes beside the keys."""
    for name, shape in _TABLES.items():
        keys, _, columns = shape.partition("|")
        op.create_table(
            name,
            Column("tenant_id", Text(), primary_key=True),
            Column("shard_key", _WHOLE, primary_key=True, autoincrement=False),
            *(_column(each, key=True) for each in keys.split()),
            *(_column(each, key=False) for each in columns.split()),
            sqlite_strict=True,
        )
    op.create_index("store_number", "store", ["tenant_id", "shard_key", "number"], unique=True)
    op.create_index(
        "device_at",
        "device",
        ["tenant_id", "shard_key", "store", "till_number"],
        unique=True,
        sqlite_where=text("revoked_ms IS NULL"),
        postgresql_where=text("revoked_ms IS NULL"),
    )
    op.create_index("device_by_id", "device", ["device"])
    op.create_index("code_by_hash", "enrolment_code", ["code_hash"])


def _column(said: str, *, key: bool) -> Column[object]:
    name, _, kind = said.partition(":")
    return Column(name, _TYPES[kind[0]], primary_key=key, nullable=kind.endswith("?"))

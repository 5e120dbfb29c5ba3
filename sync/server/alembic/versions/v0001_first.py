"""Version 1: what tills did, members and accounts, feeds, cases, promises, what is published."""

from __future__ import annotations

from typing import Any

from alembic import op
from sqlalchemy import BigInteger, Column, Integer, LargeBinary, Text
from sqlalchemy.types import TypeEngine

revision = "0001"
down_revision = None

_WHOLE = BigInteger().with_variant(Integer(), "sqlite")
_TYPES: dict[str, TypeEngine[Any]] = {"t": Text(), "n": _WHOLE, "b": LargeBinary()}

# name: keys | columns. A column is its name and type: t text, n whole number, b bytes; ? = may be
# absent. Tenant and shard lead every key.
_TABLES = {
    "op": "op_id:t | device:t epoch:n dseq:n kind:t store:t member:t? state:t stated_day:t day:t "
    "received_ms:n receipt:t? outcome:t answer:b? data:b? digest:b?",
    "place": "device:t epoch:n dseq:n | op_id:t hash:b day:t",
    "device_head": "device:t epoch:n | dseq:n hash:b state:t wall_ms:n? monotonic_ms:n? "
    "boot_id:t? offset_ms:n?",
    "link": "sale:t op_id:t | kind:t member:t?",
    "ledger": "member:t op_id:t | kind:t device:t store:t day:t earned:n spent:n given_back:n "
    "taken_back:n adjusted:n spend_minor:n",
    "account": "member:t | survivor:t version:n waiting:n debt:n data:b",
    "member": "member:t | status:t home_store:t referrer:t? joined_op:t received_ms:n",
    "member_key": "member:t key_id:t | wrapped:b?",
    "profile_field": "member:t field:t op_id:t | state:t received_ms:n key_id:t sealed:b",
    "card": "card:t | member:t state:t op_id:t",
    "identity_claim": "claim:t | member:t op_id:t",
    "member_store": "member:t store:t | since_ms:n",
    "feed": "stream:t at:n | kind:t ref:t event:b?",
    "feed_counter": "stream:t | head:n tail:n",
    "consumer": "stream:t name:t | position:n",
    "exception_case": "subject:t case_id:t | kind:t op_id:t? at_ms:n day:t points:n money_minor:n "
    "story:b state:t ended_by:t? ended_ms:n? note:t",
    "reservation": "owner:t reservation:t | device:t points:n wanted:b ends_ms:n state:t sale:t?",
    "grant_given": "member:t grant_id:t | device:t points:n content:b ends_ms:n state:t",
    "program": "program_id:t version:t | announced:t effective:t toml:t published_ms:n",
    "catalogue": "sku:t | item:b changed_ms:n",
    "staff": "staff:t store:t | record:b changed_ms:n",
    "server_state": "name:t | value:t",
}


def upgrade() -> None:
    """Make every table, and the few indexes beside the keys."""
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
    op.create_index("op_by_receipt", "op", ["tenant_id", "receipt"])
    op.create_index("op_by_member", "op", ["tenant_id", "member"])
    op.create_index("card_by_member", "card", ["tenant_id", "member"])


def _column(said: str, *, key: bool) -> Column[Any]:
    name, _, kind = said.partition(":")
    return Column(name, _TYPES[kind[0]], primary_key=key, nullable=kind.endswith("?"))

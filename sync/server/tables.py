"""Tables of the server: one shape for SQLite (SQLCipher) and PostgreSQL.

Owns: every table of the sync path and the key every row begins with. Does not own: how they came
to be (alembic/), statements (the file of each noun), devices and their enrolment (device.py).
The rules that keep distributed PostgreSQL open are a test: `tenant_id, shard_key` lead every
primary and unique key, nothing refers across shards, no number is drawn from a sequence.
Times are milliseconds since 1970, days ISO texts, money minor units. What a table is keyed by says
`shard_of` what its shard is: rows of one member lie together, so do those of one device, one
stream and one sale.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any
from zlib import crc32

from sqlalchemy import BigInteger, Column, Index, Integer, LargeBinary, MetaData, Table, Text

METADATA = MetaData()

SHARDS = 1024
"""Never changed: it stands in every key."""

Whole = BigInteger().with_variant(Integer(), "sqlite")
"""A whole number of 64 bits; a STRICT table of SQLite knows it as INTEGER."""


@lru_cache(maxsize=8192)
def shard_of(name: str) -> int:
    """The shard of whatever has this name. The same for ever and in every program."""
    return crc32(name.encode()) % SHARDS


def shop_table(name: str, keys: tuple[str, ...], *columns: Column[Any] | Index) -> Table:
    """A table whose key is tenant, shard and `keys` (texts; `epoch`, `dseq`, `at` are numbers)."""
    leading: list[Column[Any]] = [
        Column("tenant_id", Text, primary_key=True),
        Column("shard_key", Whole, primary_key=True, autoincrement=False),
    ]
    own: list[Column[Any]] = [
        Column(key, Whole if key in ("epoch", "dseq", "at") else Text, primary_key=True)
        for key in keys
    ]
    return Table(name, METADATA, *leading, *own, *columns, sqlite_strict=True)


def text(name: str, *, optional: bool = False) -> Column[Any]:
    """A text that is always there, unless it is optional."""
    return Column(name, Text, nullable=optional)


def whole(name: str, *, optional: bool = False) -> Column[Any]:
    """A whole number of 64 bits."""
    return Column(name, Whole, nullable=optional)


def raw(name: str, *, optional: bool = False) -> Column[Any]:
    """Bytes as they are."""
    return Column(name, LargeBinary, nullable=optional)


# ------------------------------------------------------------------ what tills did

op = shop_table(
    "op",
    ("op_id",),
    text("device"),
    whole("epoch"),
    whole("dseq"),
    text("kind"),
    text("store"),
    text("member", optional=True),
    text("state"),
    text("stated_day"),
    text("day"),
    whole("received_ms"),
    text("receipt", optional=True),
    text("outcome"),
    raw("answer", optional=True),
    raw("data", optional=True),
    raw("digest", optional=True),
    Index("op_by_receipt", "tenant_id", "receipt"),
    Index("op_by_member", "tenant_id", "member"),
)
"""Each fact or request once, by its op_id, with where it stood first and what it was answered.

`state`: counted, held (under held keys), unread (kept, not counted), rejected (a tombstone: no
`data`, its `digest` instead). `stated_day` is the date as the till saw it, `day` as confirmed.
`answer` only where outcome and day do not say it all. Facts of the server itself stand at
(`server`, 0, 0) and in nobody's chain.
"""

place = shop_table(
    "place",
    ("device", "epoch", "dseq"),
    text("op_id"),
    raw("hash"),
    text("day"),
    Index("place_by_op", "tenant_id", "op_id"),
    Index("place_by_day", "tenant_id", "day", postgresql_using="brin"),
)
"""The chain of each device and epoch: which op stood where, for ever. `day` as stated.

They come in nearly in the order of their days: a BRIN index tells of each range of the table which
days lie in it, and costs a push nothing.
"""

device_head = shop_table(
    "device_head",
    ("device", "epoch"),
    whole("dseq"),
    raw("hash"),
    text("state"),
    whole("wall_ms", optional=True),
    whole("monotonic_ms", optional=True),
    text("boot_id", optional=True),
    whole("offset_ms", optional=True),
    whole("drained", optional=True),
    whole("floor_points", optional=True),
)
"""Where each chain ends, and the last moment that was believed. `state`: open, forked. `drained`:
up to here its till had nothing else to say. `floor_points`: spent by floor limit since then."""

floor_spent = shop_table(
    "floor_spent", ("device", "epoch", "member"), whole("dseq"), whole("points")
)
"""Points of a member that a device spent by floor limit; `dseq`: by the last of these sales."""

link = shop_table("link", ("sale", "op_id"), text("kind"), text("member", optional=True))
"""Facts about a sale: refunds, settlements, shares, coupons and uses given back."""

ledger = shop_table(
    "ledger",
    ("member", "op_id"),
    text("kind"),
    text("device"),
    text("store"),
    text("day"),
    whole("earned"),
    whole("spent"),
    whole("given_back"),
    whole("taken_back"),
    whole("adjusted"),
    whole("spend_minor"),
)
"""What each fact did to a member's points and spend. Rows are added, never changed."""

# ------------------------------------------------------------------ members

account = shop_table(
    "account",
    ("member",),
    text("survivor"),
    whole("version"),
    whole("waiting"),
    whole("debt"),
    raw("data"),
)
"""Accounts as confirmed (account.account_bytes). A merged member names its `survivor`.

`waiting`: facts that are kept and could not be read; until they are, no later one is counted.
`debt`: points spent beyond, as they were at the last change.
"""

member = shop_table(
    "member",
    ("member",),
    text("status"),
    text("home_store"),
    text("referrer", optional=True),
    text("joined_op"),
    whole("received_ms"),
    Index("member_by_newest", "tenant_id", "received_ms", "member"),
)
"""Members somebody joined. `status`: active, frozen, erased."""

member_key = shop_table("member_key", ("member", "key_id"), raw("wrapped", optional=True))
"""Keys of members' personal data under the server's own; None = destroyed."""

profile_field = shop_table(
    "profile_field",
    ("member", "field", "op_id"),
    text("state"),
    whole("received_ms"),
    text("key_id"),
    raw("sealed"),
)
"""One value of one field, sealed under the member's key. `state`: current, lost (to a later)."""

card = shop_table(
    "card",
    ("card",),
    text("member"),
    text("state"),
    text("op_id"),
    Index("card_by_member", "tenant_id", "member"),
)
"""Whose card it is. `state`: in_use, replaced."""

identity_claim = shop_table("identity_claim", ("claim",), text("member"), text("op_id"))
"""Keyed hashes of phones and outside ids: the first member holds the claim."""

member_store = shop_table(
    "member_store",
    ("member", "store"),
    whole("since_ms"),
    Index("member_by_store", "tenant_id", "store", "member"),
)
"""The working sets: which shops hear of a member."""

erasure = shop_table(
    "erasure",
    ("member",),
    text("op_id"),
    raw("ids"),
    text("stores"),
    whole("erased_ms"),
    whole("listed_ms", optional=True),
    whole("cleaned_ms", optional=True),
    Index("erasure_by_op", "tenant_id", "op_id"),
)
"""Who was forgotten, by the survivor of his ids. `stores`: who hears which tills have reported, as
words with spaces between. `listed_ms`: since when it stands beside the backups. `cleaned_ms`: since
when the freed pages of the tables say nothing of him either."""

erasure_report = shop_table(
    "erasure_report", ("erasure", "device"), whole("done_ms"), whole("was_known")
)
"""Tills that say they have forgotten him. `erasure`: the op_id of the fact that told them."""

# ------------------------------------------------------------------ feeds

feed = shop_table("feed", ("stream", "at"), text("kind"), text("ref"), raw("event", optional=True))
"""Streams, contiguous from 1. `kind`: event (its bytes), fact (`ref`: op_id), member (`ref`)."""

feed_counter = shop_table("feed_counter", ("stream",), whole("head"), whole("tail"))
"""The newest place of each stream, and up to where it was trimmed."""

snapshot = shop_table(
    "snapshot",
    ("device", "snapshot"),
    text("store"),
    text("state"),
    raw("public"),
    whole("asked_ms"),
    whole("claimed_ms"),
    raw("made", optional=True),
    text("reads"),
)
"""What tills asked a copy of their streams for. `state`: wanted, building, ready, failed. `made`:
the message (protocol.Snapshot) once it is ready; the file's key stands in it, sealed. `reads`:
events that came later, which the till reads (protocol.READS), with spaces between."""

consumer = shop_table("consumer", ("stream", "name"), whole("position"))
"""How far somebody on this side read a stream."""

# ------------------------------------------------------------------ what a person looks at

exception_case = shop_table(
    "exception_case",
    ("subject", "case_id"),
    text("kind"),
    text("op_id", optional=True),
    whole("at_ms"),
    text("day"),
    whole("points"),
    whole("money_minor"),
    raw("story"),
    text("state"),
    text("ended_by", optional=True),
    whole("ended_ms", optional=True),
    text("note"),
)
"""One thing to look at. `subject`: the member, else the device. `state`: open, recovered,
accepted, followed_up."""

# ------------------------------------------------------------------ what was promised

reservation = shop_table(
    "reservation",
    ("owner", "reservation"),
    text("device"),
    whole("points"),
    raw("wanted"),
    whole("ends_ms"),
    text("state"),
    text("sale", optional=True),
    Index("reservation_by_id", "tenant_id", "reservation"),
)
"""Kept for one sale. `owner`: the member, the sale whose pieces are kept, else the device.
`state`: kept, posted, voided, refused. `wanted`: promise.Kept. `sale`: what used it."""

grant_given = shop_table(
    "grant_given",
    ("member", "grant_id"),
    text("device"),
    whole("points"),
    raw("content"),
    whole("ends_ms"),
    text("state"),
    Index("grant_by_id", "tenant_id", "grant_id"),
)
"""What belongs to one device alone. `state`: given, released, written_off. `content`: GrantGiven,
less what sales have used of it; `points` as given."""

# ------------------------------------------------------------------ what the owner publishes

program = shop_table(
    "program",
    ("program_id", "version"),
    text("announced"),
    text("effective"),
    text("toml"),
    whole("published_ms"),
)
catalogue = shop_table("catalogue", ("sku",), raw("item"), whole("changed_ms"))
staff = shop_table("staff", ("staff", "store"), raw("record"), whole("changed_ms"))
server_state = shop_table("server_state", ("name",), text("value"))
"""`server_epoch`, raised with every restore of the server."""

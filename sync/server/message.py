"""Messages: the outbox, in which each message to a member stands once, and stays as its record.

Owns: the message table, asking for a message, what is known of those to a member, stopping what
waits. Does not own: whether and when one goes (messages/sending.py), its words (messages/words.py).

Any room asks with `enqueue`, in the transaction that decided it. `occasion` says what makes it the
same message: asked for twice under one occasion it is one message, whoever asks, and however often.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, get_args

import msgspec
from sqlalchemy import Connection, Index, select, update

from app.domain.message import Channel, MessageKind
from sync.protocol import MessagesTold, MessagesWanted, MessageTold
from sync.server import tables as t
from sync.server.alias import ids_of
from sync.server.device import Device
from sync.server.rows import find, put
from sync.server.sealing import seal, unseal
from sync.server.sender import House
from sync.server.tables import raw, shard_of, shop_table, text, whole

message_table = shop_table(
    "message",
    ("member", "message"),
    text("kind"),
    text("campaign", optional=True),
    raw("variables", optional=True),
    text("state"),
    text("why"),
    whole("made_ms"),
    whole("due_ms"),
    whole("ends_ms"),
    whole("tries"),
    text("channel", optional=True),
    text("language", optional=True),
    text("claim", optional=True),
    whole("claimed_ms", optional=True),
    text("batch", optional=True),
    whole("sent_ms", optional=True),
    Index("message_by_due", "tenant_id", "state", "due_ms"),
    Index("message_by_campaign", "tenant_id", "campaign"),
)
"""`message`: kind and occasion. `state`: waiting, sending (by whoever holds `claim`), sent, skipped
(never goes; `why`), failed (no way of sending took it). `variables`: what its words need, sealed;
gone once it is over. No address and no word of a message is ever kept."""

CHANNELS = "channels"
"""The variable of a campaign's message that names the ways by which it goes."""
ENDS_MS = 7 * 86_400_000
OVER = ("sent", "skipped", "failed")


@dataclass(frozen=True, slots=True)
class NewMessage:
    """What somebody is to be told. A campaign's words are its variables: `text_zh`, `text_en`."""

    member: str
    kind: MessageKind
    occasion: str
    """`2026` for a birthday, a campaign's id, a sale's: what it is about, once."""
    variables: Mapping[str, str] = field(default_factory=dict)
    campaign: str | None = None
    due_ms: int | None = None
    """Not before; None = now."""
    ends_ms: int | None = None
    """Not any more after this; None = a week from when it is due."""

    @property
    def name(self) -> str:
        """Its key beside the member."""
        return f"{self.kind}:{self.occasion}" if self.occasion else self.kind


def enqueue(
    connection: Connection, tenant: str, wanted: Iterable[NewMessage], now_ms: int, house: House
) -> int:
    """Ask for messages; how many of them are new. Consent, cap and hours are judged when they go:
    who may get none is asked for in vain, and nothing of it leaves the house.
    """
    rows = [_row(tenant, each, now_ms, house) for each in wanted]
    return put(connection, tenant, message_table, rows, "ignore")


def _row(tenant: str, new: NewMessage, now_ms: int, house: House) -> dict[str, Any]:
    due_ms = now_ms if new.due_ms is None else new.due_ms
    plain = msgspec.json.encode(dict(new.variables))
    return {
        "shard_key": shard_of(new.member),
        "member": new.member,
        "message": new.name,
        "kind": new.kind,
        "campaign": new.campaign,
        "variables": seal(house.server_key, plain, bound_to=_bound(tenant, new.member, new.name)),
        "state": "waiting",
        "why": "",
        "made_ms": now_ms,
        "due_ms": due_ms,
        "ends_ms": due_ms + ENDS_MS if new.ends_ms is None else new.ends_ms,
        "tries": 0,
        "channel": None,
        "language": None,
        "claim": None,
        "claimed_ms": None,
        "batch": None,
        "sent_ms": None,
    }


def variables_of(tenant: str, row: Mapping[str, Any], house: House) -> dict[str, str]:
    """What the words of a message that is not over need."""
    bound = _bound(tenant, row["member"], row["message"])
    plain = unseal(house.server_key, row["variables"] or b"", bound_to=bound)
    return {} if plain is None else msgspec.json.decode(plain, type=dict[str, str])


def channels_of(tenant: str, row: Mapping[str, Any], house: House) -> tuple[Channel, ...] | None:
    """The ways by which a campaign wants to tell of itself; None: any."""
    if row["campaign"] is None:
        return None
    named = variables_of(tenant, row, house).get(CHANNELS, "").split(",")
    return tuple(each for each in get_args(Channel) if each in named) or None


def _bound(tenant: str, member: str, message: str) -> str:
    return f"message\0{tenant}\0{member}\0{message}"


# ------------------------------------------------------------------ what is known of them


def ids_of_person(connection: Connection, tenant: str, member: str) -> tuple[str, ...]:
    """Every id of whoever has this one, the survivor first; nobody heard of him: this one alone."""
    key = {"shard_key": shard_of(member), "member": member}
    columns = (t.account.c.survivor,)
    rows = find(connection, tenant, t.account, [key], columns=columns)
    if not rows:
        return (member,)
    survivor = rows[0]["survivor"]
    key = {"shard_key": shard_of(survivor), "member": survivor}
    found = find(connection, tenant, t.account, [key], columns=(t.account.c.data,))
    ids = ids_of(survivor, found[0]["data"] if found else b"")
    return ids if member in ids else (*ids, member)


def messages_of(
    connection: Connection, tenant: str, ids: Sequence[str], *, lock: bool = False
) -> list[dict[str, Any]]:
    """All messages to these ids, the newest first. `lock`: nobody else decides about them now."""
    keys = [{"shard_key": shard_of(each), "member": each} for each in sorted(set(ids))]
    rows = find(connection, tenant, message_table, keys)
    if lock:
        # By their whole keys: rows of one member are found in any order, and two who take them in
        # different ones wait for each other.
        names = ("shard_key", "member", "message")
        whole_keys = [{name: row[name] for name in names} for row in rows]
        rows = find(connection, tenant, message_table, whole_keys, lock=True)
    return sorted(rows, key=lambda row: (row["made_ms"], row["message"]), reverse=True)


MESSAGES_TOLD_MAX = 100


def tell_messages(
    connection: Connection, device: Device, asked: MessagesWanted, now_ms: int
) -> MessagesTold:
    """What a till hears of the messages to a member: Acts.messages."""
    ids = ids_of_person(connection, device.tenant, asked.member)
    rows = messages_of(connection, device.tenant, ids)[:MESSAGES_TOLD_MAX]
    return MessagesTold(messages=tuple(_told(row) for row in rows), server_ms=now_ms)


def _told(row: Mapping[str, Any]) -> MessageTold:
    return MessageTold(
        kind=row["kind"],
        state=row["state"],
        at_ms=row["sent_ms"] or row["due_ms"],
        why=row["why"],
        channel=row["channel"] or "",
    )


def all_messages(
    connection: Connection, tenant: str, *, states: Sequence[str] = (), most: int = 100
) -> list[dict[str, Any]]:
    """The messages of a tenant, the newest first."""
    mine = message_table.c
    asked = select(message_table).where(mine.tenant_id == tenant)
    if states:
        asked = asked.where(mine.state.in_(states))
    asked = asked.order_by(mine.made_ms.desc(), mine.member, mine.message).limit(most)
    return [dict(row) for row in connection.execute(asked).mappings()]


def stop_waiting(connection: Connection, tenant: str, ids: Sequence[str], why: str) -> None:
    """What waits for these ids never goes, and nothing of its content is left."""
    mine = message_table.c
    for each in ids:
        connection.execute(
            update(message_table)
            .where(
                mine.tenant_id == tenant,
                mine.shard_key == shard_of(each),
                mine.member == each,
                mine.state.not_in(OVER),
            )
            .values(state="skipped", why=why, variables=None, claim=None)
        )

"""The rehearsal: what would become of every message that waits, if all were due now.

Owns: judging without sending and without writing. Does not own: the decision
(app/domain/message.py).
"""

from __future__ import annotations

from msgspec import Struct
from sqlalchemy import Connection

from app.domain.member import masked_phone
from app.domain.message import Channel, Goes, MessageKind, Waits
from sync.server.message import all_messages, ids_of_person, messages_of
from sync.server.messages.recipient import decision_on
from sync.server.messages.sending import Post

REHEARSED_MAX = 10_000


class Rehearsed(Struct, frozen=True, kw_only=True):
    """One message; the address masked."""

    member: str
    kind: MessageKind
    goes: bool
    channel: Channel | None = None
    to: str = ""
    why: str = ""
    until_ms: int | None = None


def rehearse(post: Post) -> list[Rehearsed]:
    """Each by itself: that several to one member use up his number is seen when they go."""

    def work(connection: Connection) -> list[Rehearsed]:
        rows = all_messages(
            connection, post.tenant, states=("waiting", "sending"), most=REHEARSED_MAX
        )
        return [_one(connection, post, row) for row in rows]

    return post.database.read(work)


def _one(connection: Connection, post: Post, row: dict[str, object]) -> Rehearsed:
    member = str(row["member"])
    ids = ids_of_person(connection, post.tenant, member)
    known = messages_of(connection, post.tenant, ids)
    others = [
        each
        for each in known
        if (each["member"], each["message"]) != (row["member"], row["message"])
    ]
    decision, _ = decision_on(connection, post, row, ids, others)
    kind: MessageKind = row["kind"]  # type: ignore[assignment]  # the column holds these alone
    if isinstance(decision, Goes):
        return Rehearsed(
            member=member, kind=kind, goes=True, channel=decision.channel, to=_masked(decision)
        )
    until_ms = decision.until_ms if isinstance(decision, Waits) else None
    return Rehearsed(member=member, kind=kind, goes=False, why=decision.why, until_ms=until_ms)


def _masked(goes: Goes) -> str:
    if goes.channel == "sms":
        return masked_phone(goes.to)
    name, _, host = goes.to.rpartition("@")
    return f"{name[:1]}***@{host}"

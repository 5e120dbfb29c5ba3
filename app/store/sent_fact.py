"""Rows of the outbox as values: what was sent and answered, and whom a fact waits for.

Owns: reading and writing these rows. Does not own: the table, its statements (outbox.py).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from app.domain.outbox import Answer, Difference, OutboxState, Rejection, SentFact
from app.store.repository import day_of, day_text


class Named(msgspec.Struct, frozen=True):
    """Whom a fact concerns, and the facts that it counts from."""

    member: str | None = None
    sale: str | None = None
    refund: str | None = None
    case: str | None = None
    op_id: str = ""

    @property
    def key_holder(self) -> str:
        """Under whose key its words are sealed: of the member, else of the complaint itself."""
        return self.member or self.case or self.op_id

    @property
    def facts(self) -> tuple[str, ...]:
        """Their ids."""
        return tuple(op_id for op_id in (self.sale, self.refund) if op_id)


_NAMED = msgspec.json.Decoder(Named)


def named_in(data: bytes) -> Named:
    """Read from the bytes of a fact."""
    try:
        return _NAMED.decode(data)
    except msgspec.DecodeError:
        return Named()  # nobody of ours wrote it: it waits for nothing


def answer_row(answer: Answer, told: OutboxState, at_ms: int) -> dict[str, object]:
    """What an answer changes in its row."""
    rejected = answer.rejection
    return {
        "key": answer.op_id,
        "told": told,
        "outcome": answer.outcome,
        "code": rejected.code if rejected else None,
        "text": rejected.text if rejected else None,
        "fields": msgspec.json.encode(rejected.fields).decode() if rejected else None,
        "adjustments": msgspec.json.encode(answer.differences).decode(),
        "day": day_text(answer.day),
        "answered_ms": at_ms,
    }


def sent_fact(row: Mapping[Any, Any]) -> SentFact:
    """A row of the outbox with its fact."""
    rejection = None
    if row["code"] is not None:
        fields = msgspec.json.decode(row["fields"], type=dict[str, str])
        rejection = Rejection(code=row["code"], text=row["text"], fields=fields)
    return SentFact(
        op_id=row["op_id"],
        kind=row["kind"],
        epoch=row["epoch"],
        dseq=row["dseq"],
        wall_ms=row["wall_ms"],
        state=row["state"],
        attempts=row["attempts"],
        day=day_of(row["day"]),
        differences=msgspec.json.decode(row["adjustments"] or "[]", type=tuple[Difference, ...]),
        rejection=rejection,
        answered_ms=row["answered_ms"],
        data=row["data"],
    )

"""The row of an op with the answer it was given, as it is kept for ever.

Owns: making the row (and that of its place) and reading the answer back. Does not own: deciding it
(ingest.py).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from hashlib import sha256
from typing import Any

from msgspec.structs import replace

from sync.protocol import Adjustment, OpAnswer, decoded, encoded
from sync.server.copied_op import said_id
from sync.server.hearing import Heard
from sync.server.tables import shard_of


def stored_answer(row: Mapping[str, Any]) -> OpAnswer:
    """What an op was answered the first time, from its row."""
    if row["answer"] is not None:
        return decoded(row["answer"], OpAnswer)
    return OpAnswer(
        op_id=said_id(row["op_id"]),
        epoch=row["epoch"],
        dseq=row["dseq"],
        outcome=row["outcome"],
        day=date.fromisoformat(row["day"]),
    )


def adjusted_answer(row: Mapping[str, Any], found: Sequence[Adjustment]) -> OpAnswer:
    """The answer of an op that turned out otherwise after it was given: with each case once."""
    answer = stored_answer(row)
    by_case = {each.case: each for each in (*answer.adjustments, *found)}
    adjustments = tuple(by_case.values())
    return replace(answer, outcome="accepted_adjusted", adjustments=adjustments)


def op_row(heard: Heard, device: str, now_ms: int) -> dict[str, Any]:
    """The row of an op where it is heard first. `device`: whose chain it stands in."""
    op, answer = heard.op, heard.answer
    is_plain = answer is None or not (answer.adjustments or answer.refusal)
    is_refused = heard.state == "rejected"
    return {
        "shard_key": shard_of(op.op_id),
        "op_id": op.op_id,
        "device": device,
        "epoch": op.epoch,
        "dseq": op.dseq,
        "kind": heard.kind,
        "store": heard.store,
        "member": heard.member,
        "state": heard.state,
        "stated_day": heard.stated.isoformat(),
        "day": heard.day.isoformat(),
        "received_ms": now_ms,
        "receipt": heard.code,
        "outcome": "accepted" if answer is None else answer.outcome,
        "answer": None if is_plain or answer is None else encoded(answer),
        "data": None if is_refused else op.data,
        "digest": sha256(op.data).digest() if is_refused else None,
    }


def place_row(heard: Heard, device: str) -> dict[str, Any]:
    """Where an op stands in the chain of its device, however often it comes."""
    op = heard.op
    if heard.verdict == "fresh":
        stated = heard.stated.isoformat()
    elif heard.first is not None:
        stated = heard.first.stated.isoformat()
    else:
        assert heard.known is not None, op.op_id
        stated = heard.known["stated_day"]
    return {
        "shard_key": shard_of(device),
        "device": device,
        "epoch": op.epoch,
        "dseq": op.dseq,
        "op_id": op.op_id,
        "hash": op.hash,
        "day": stated,
    }

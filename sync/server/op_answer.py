"""The row of an op with the answer it was given, as it is kept for ever.

Owns: making the row and reading the answer back. Does not own: deciding it (ingest.py).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from hashlib import sha256
from typing import Any

from msgspec.structs import replace
from sqlalchemy import Connection

from sync.protocol import OpAnswer, decoded, encoded
from sync.server.exception_case import adjustment_of
from sync.server.hearing import Heard
from sync.server.rows import find
from sync.server.tables import exception_case, shard_of


def stored_answer(row: Mapping[str, Any]) -> OpAnswer:
    """What an op was answered the first time, from its row."""
    if row["answer"] is not None:
        return decoded(row["answer"], OpAnswer)
    return OpAnswer(
        op_id=row["op_id"],
        epoch=row["epoch"],
        dseq=row["dseq"],
        outcome=row["outcome"],
        day=date.fromisoformat(row["day"]),
    )


def answers_now(
    connection: Connection, tenant: str, rows: Sequence[Mapping[str, Any]]
) -> list[OpAnswer]:
    """What is to be said of these ops today: what they were answered, and every case open since.

    All of them, for a till keeps the newest answer only: one that told the last finding alone took
    back those before it.
    """
    keys = [{"op_id": row["op_id"]} for row in rows]
    found: dict[str, list[Mapping[str, Any]]] = {}
    for case in find(connection, tenant, exception_case, keys):
        if case["state"] == "open":
            found.setdefault(case["op_id"], []).append(case)
    return [_with_cases(stored_answer(row), found.get(row["op_id"], ())) for row in rows]


def _with_cases(answer: OpAnswer, cases: Iterable[Mapping[str, Any]]) -> OpAnswer:
    adjustments = {each.case: each for each in answer.adjustments}
    for case in sorted(cases, key=lambda case: (case["at_ms"], case["case_id"])):
        adjustment = adjustment_of(case)
        if adjustment is not None:
            adjustments.setdefault(adjustment.case, adjustment)
    if not adjustments or answer.outcome not in ("accepted", "accepted_adjusted"):
        return replace(answer, adjustments=tuple(adjustments.values()))
    return replace(answer, outcome="accepted_adjusted", adjustments=tuple(adjustments.values()))


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

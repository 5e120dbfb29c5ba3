"""The answer an op was given the first time, as its row keeps it for ever.

Owns: reading it back. Does not own: deciding it (ingest.py).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from sync.protocol import OpAnswer, decoded


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

"""Copied ops: two facts with one id, because a machine was copied in the middle of a sale.

Owns: the name under which the second one is kept. Does not own: noticing it (hearing.py), what
becomes of it (it waits under held keys: folding.py, release.py).
Both machines finished the same basket: both sales are real, and neither may hide the other.
"""

from __future__ import annotations

from hashlib import sha256

from sync.protocol import Op

_MARK = "+"
_SIGNS = 16


def copy_name(op: Op) -> str:
    """What an op is kept as whose id says something else already. The same bytes, the same name."""
    return f"{said_id(op.op_id)}{_MARK}{sha256(op.data).hexdigest()[:_SIGNS]}"


def is_copy(name: str) -> bool:
    """Whether another op had its id first."""
    return _MARK in name


def said_id(name: str) -> str:
    """The id its till knows it by."""
    return name.partition(_MARK)[0]

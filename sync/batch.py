"""Batches: which of the waiting ops go into the next push.

Owns: order within an aggregate, needs, the limits of one push. Does not own: when (push.py).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from app.domain.ids import OpId
from sync.ports import Waiting
from sync.protocol import PUSH_BYTES_MAX

BACKLOG = 40
"""More than so many waiting ops are a backlog."""
ENVELOPE_BYTES = 512
"""Room for an op's envelope and its members' keys, in JSON."""


@dataclass(frozen=True, slots=True)
class Batch:
    """Ops to send, oldest first; `left` = others are waiting that could not go along."""

    ops: tuple[Waiting, ...]
    left: bool
    blocked: bool
    """Some were passed over because they, or one before them, have to wait."""


def op_bytes(size: int) -> int:
    """What a fact of `size` bytes takes in a push: base64 and its envelope."""
    return (size + 2) // 3 * 4 + ENVELOPE_BYTES


def next_batch(
    waiting: Sequence[Waiting], held: Mapping[OpId, int] | Collection[OpId], ops_max: int
) -> Batch:
    """The oldest ops that may go now, at most `ops_max` of them and as many bytes as a push holds.

    An op waits when it is held, when it needs one that is not settled, or when an op before it
    with one of its members or sales waits; others pass. A single one is sent whatever its size.
    A server takes ops of a chain in their order and sends back all that follow one it misses. So of
    a longer backlog a refund leaves with its sale: passed over, it would cost
    each of many behind it a wait that doubles.
    """
    missing = {one.op_id for one in waiting}
    is_backlog = len(waiting) > BACKLOG
    stopped: set[str] = set()
    ops: list[Waiting] = []
    room = PUSH_BYTES_MAX - ENVELOPE_BYTES
    blocked = False
    for one in waiting:
        waits = one.op_id in held or not missing.isdisjoint(one.needs)
        if waits or not stopped.isdisjoint(one.aggregates):
            stopped.update(one.aggregates)
            blocked = True
            continue
        room -= op_bytes(one.size)
        if len(ops) == ops_max or (ops and room < 0):
            return Batch(tuple(ops), left=True, blocked=blocked)
        ops.append(one)
        if is_backlog:
            missing.discard(one.op_id)
    return Batch(tuple(ops), left=blocked, blocked=blocked)

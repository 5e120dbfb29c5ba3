"""Training: the first tasks of somebody who learns the till, and which of them are done.

Owns: the list in the order one learns it, and reading it off what the practice till recorded.
Does not own: the practice till (app/commands/training.py), the words of a task (ui/training).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from app.domain.facts import (
    Fact,
    RefundRecorded,
    ReturnRecorded,
    SaleRecorded,
    ShiftClosed,
    ShiftOpened,
)

Task = Literal[
    "open_shift", "sale", "change", "member_sale", "points", "hold", "refund", "reprint",
    "close_shift",
]  # fmt: skip
TASKS: tuple[Task, ...] = (
    "open_shift", "sale", "change", "member_sale", "points", "hold", "refund", "reprint",
    "close_shift",
)  # fmt: skip
"""As one learns it."""
TASK_ACTS: dict[str, Task] = {"sale_recalled": "hold", "receipt_reprinted": "reprint"}
"""Acts of the audit trail that leave no fact."""


def tasks_done(facts: Iterable[Fact], acts: Iterable[str]) -> frozenset[Task]:
    """The tasks that these facts and acts of the trail show."""
    done = {task for fact in facts for task in _of_fact(fact)}
    return frozenset(done | {TASK_ACTS[act] for act in acts if act in TASK_ACTS})


def _of_fact(fact: Fact) -> Iterable[Task]:
    match fact:
        case SaleRecorded():
            yield "sale"
            if fact.receipt.change_minor:
                yield "change"
            if fact.member is not None:
                yield "member_sale"
            if fact.points_spent:
                yield "points"
        case RefundRecorded() | ReturnRecorded():
            yield "refund"
        case ShiftOpened():
            yield "open_shift"
        case ShiftClosed():
            yield "close_shift"
        case _:
            pass

"""Training checklist: what somebody new has to have done once at the real till.

Owns: the steps that ship, in the order one meets them; which act of the audit trail or task of the
practice till proves one; the shop's own steps; the list as a shop wants it. Does not own: the tasks
of the practice till (training.py), the trail (audit.py), the words (ui/staff).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from app.domain.training import Task

StepCode = Literal[
    "sale", "member_sale", "join", "hold", "refund", "reprint", "count", "paper", "offline",
]  # fmt: skip
STEP_CODES: tuple[StepCode, ...] = (
    "sale", "member_sale", "join", "hold", "refund", "reprint", "count", "paper", "offline",
)  # fmt: skip
"""As somebody new meets them."""
OWN = "own:"
"""What the key of a step of the shop's own begins with; its words follow."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """Acts of the trail that prove a step of who did them. `naming`: details, by name or by value,
    of which they must have one; none: all prove it."""

    acts: tuple[str, ...]
    naming: tuple[str, ...] = ()


EVIDENCE: Mapping[StepCode, Evidence] = {
    "sale": Evidence(("sale",)),
    "member_sale": Evidence(("sale",), naming=("member",)),
    # At the till: an import makes members in somebody's name, who need not have met one of them.
    "join": Evidence(("member_joined",), naming=("cashier", "customer_display")),
    "hold": Evidence(("sale_recalled",)),
    "refund": Evidence(("refund", "return_unlinked")),
    "reprint": Evidence(("receipt_reprinted",)),
    "count": Evidence(("shift_counted",)),
}
"""A step without evidence leaves no trace at the till: a colleague saw it, and ticks it."""
PRACTISED: Mapping[Task, StepCode] = {
    "sale": "sale",
    "member_sale": "member_sale",
    "hold": "hold",
    "refund": "refund",
    "reprint": "reprint",
    "close_shift": "count",
}
"""What a task of the practice till proves."""


def steps_wanted(left_out: Iterable[str], own: Iterable[str]) -> tuple[str, ...]:
    """The keys of the steps of a shop: those that ship without those left out, then its own."""
    without = frozenset(left_out)
    shipped = tuple(code for code in STEP_CODES if code not in without)
    return (*shipped, *(f"{OWN}{words}" for words in own))


def evidence_of(step: str) -> Evidence:
    """What proves a step; no acts where nothing does."""
    return next((proof for code, proof in EVIDENCE.items() if code == step), Evidence(()))


def steps_practised(tasks: Iterable[str]) -> frozenset[str]:
    """The steps that tasks of the practice till prove."""
    done = frozenset(tasks)
    return frozenset(code for task, code in PRACTISED.items() if task in done)


def own_words(step: str) -> str:
    """The words of a step of the shop's own; empty for one that ships."""
    return step.removeprefix(OWN) if step.startswith(OWN) else ""

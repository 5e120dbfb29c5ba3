"""Exceptions: odd patterns and broken agreements that somebody should look at.

Owns: which acts of the audit trail are odd, the record of a case and its end. Does not own: the
trail (audit.py), noticing (the services that record the acts), the list (app/services).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

from app.domain.audit import AuditEntry

ExceptionKind = Literal[
    "own_membership", "many_sales_of_member", "many_no_sale_openings", "self_approval",
    "payment_without_sale", "cash_difference", "shift_left_open", "pieces_refunded_twice",
    "refund_paid_twice", "part_back_unknown",
]  # fmt: skip

ODD_ACTS: dict[str, ExceptionKind] = {
    "own_membership_refused": "own_membership",
    "many_sales_of_member": "many_sales_of_member",
    "many_drawer_openings": "many_no_sale_openings",
    "self_approval": "self_approval",
    "payment_without_sale": "payment_without_sale",
    "shift_differs": "cash_difference",
    "shift_left_open": "shift_left_open",
    "pieces_refunded_twice": "pieces_refunded_twice",
    "refund_paid_twice": "refund_paid_twice",
    "part_back_unknown": "part_back_unknown",
}
"""Acts that raise an exception wherever they are recorded."""

Choice = Literal["accepted", "followed_up"]
"""What somebody decided: it is in order, or it was taken up with whoever it concerns."""


@dataclass(frozen=True, slots=True)
class CaseEnd:
    """Who decided what about it, when."""

    choice: Choice
    by: str
    at_ms: int
    note: str = ""


@dataclass(frozen=True, slots=True)
class ExceptionCase:
    """One thing to look at, with its story: the entry of the trail that raised it."""

    case_id: str
    kind: ExceptionKind
    at_ms: int
    staff_id: str
    subject: str
    story: tuple[tuple[str, str], ...] = ()
    """Pairs of codes, as in the trail."""
    end: CaseEnd | None = None


def case_of(number: int, entry: AuditEntry) -> ExceptionCase | None:
    """The exception that entry number so-and-so raises; None where it is an everyday one.

    What counts up (one more sale, one more opening) is one case that grows, not one each time.
    """
    kind = ODD_ACTS.get(entry.action)
    if kind is None:
        return None
    day = dict(entry.details).get("day", "")
    counts_up = kind in ("many_sales_of_member", "many_no_sale_openings")
    case_id = f"{kind}:{entry.subject}:{day}" if counts_up else f"{kind}:{number}"
    return ExceptionCase(case_id, kind, entry.at_ms, entry.staff_id, entry.subject, entry.details)


def closed(case: ExceptionCase, end: CaseEnd) -> ExceptionCase:
    """The case as it was decided; a decided one stays as it is."""
    return case if case.end is not None else replace(case, end=end)

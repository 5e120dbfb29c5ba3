"""Exceptions: odd patterns and broken agreements that somebody should look at.

Owns: which acts of the audit trail and which differences from the server's account are odd, the
record of a case and its end. Does not own: the trail (audit.py), noticing (the services that record
the acts, the server), the list (app/services).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

from app.domain.audit import AuditEntry
from app.domain.ids import OpId
from app.domain.outbox import Difference

ExceptionKind = Literal[
    "own_membership", "many_sales_of_member", "many_no_sale_openings", "self_approval",
    "payment_without_sale", "cash_difference", "shift_left_open", "pieces_refunded_twice",
    "refund_paid_twice", "part_back_unknown", "overdraft", "coupon_used_twice",
    "entitlement_used_twice", "price_differs", "floor_exceeded", "grant_exceeded",
    "pass_used_twice", "approved_by_unknown", "gifts_differ", "refund_differs",
    "copied_sale", "complaint_overdue", "request_rejected", "clock_wrong", "chain_forked",
    "days_differ",
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
    "complaint_overdue": "complaint_overdue",
    "clock_drift": "clock_wrong",
    "clock_behind": "clock_wrong",
}
"""Acts that raise an exception wherever they are recorded."""

OF_SYNC: dict[str, ExceptionKind] = {
    "overdraft": "overdraft",
    "coupon_used_twice": "coupon_used_twice",
    "entitlement_used_twice": "entitlement_used_twice",
    "piece_refunded_twice": "pieces_refunded_twice",
    "price_differs": "price_differs",
    "floor_exceeded": "floor_exceeded",
    "grant_exceeded": "grant_exceeded",
    "pass_used_twice": "pass_used_twice",
    "approved_by_unknown": "approved_by_unknown",
    "gifts_differ": "gifts_differ",
    "refund_differs": "refund_differs",
    "copied_sale": "copied_sale",
}
"""Differences that somebody looks at; the other ones correct something and cost nobody anything."""
OF_THE_LINK: frozenset[ExceptionKind] = frozenset(
    {"request_rejected", "chain_forked", "days_differ"}
)
"""What the till and head office do not agree about."""
_TOLD = frozenset({"paid_out", "spent", "allowed", "coupon", "entitlement", "used", "version"})
_OTHER = "other_"
DAY_MS = 24 * 3600 * 1000
"""A clock that is wrong all day is one thing to look at."""

Choice = Literal["accepted", "followed_up"]
"""What somebody decided: it is in order, or it was taken up with whoever it concerns."""


@dataclass(frozen=True, slots=True)
class CaseEnd:
    """Who decided what about it, when."""

    choice: Choice
    by: str
    """Empty: nobody had to, it settled itself (what was missing was paid)."""
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
    details = dict(entry.details)
    day = details.get("day", "")
    counts_up = kind in ("many_sales_of_member", "many_no_sale_openings")
    case_id = f"{kind}:{entry.subject}:{day}" if counts_up else f"{kind}:{number}"
    if kind == "clock_wrong":
        case_id = f"{kind}:{entry.at_ms // DAY_MS}"
    if kind == "complaint_overdue":
        case_id = overdue_case(entry.subject, details.get("clock", ""))
    return ExceptionCase(case_id, kind, entry.at_ms, entry.staff_id, entry.subject, entry.details)


def overdue_case(complaint: OpId, clock: str) -> str:
    """The exception of one clock of one complaint: each is raised once."""
    return f"complaint_overdue:{complaint}:{clock}"


@dataclass(frozen=True, slots=True)
class Concerned:
    """The fact a difference is about, as its story names it; empty where it has none."""

    op_id: OpId
    staff_id: str = ""
    member: str = ""
    receipt: str = ""
    points: int = 0
    """That it spent."""
    at_ms: int = 0


def case_of_difference(
    concerned: Concerned, difference: Difference, at_ms: int
) -> ExceptionCase | None:
    """The exception of what the server counted otherwise; None where nobody has to look at it.

    Its story holds both sides: what happened here, and what the server said of the other till
    (`other_*`), where there is one.
    """
    kind = OF_SYNC.get(difference.kind)
    if kind is None:
        return None
    here = (
        ("member", concerned.member),
        ("receipt", concerned.receipt),
        ("points", str(difference.points or "")),
        ("spent_here", str(concerned.points or "")),
        ("here_at", str(concerned.at_ms or "")),
        ("difference", _money_off(difference)),
    )
    told = (
        (name, value)
        for name, value in difference.text.items()
        if name in _TOLD or name.startswith(_OTHER)
    )
    story = tuple(pair for pair in (*here, *told) if pair[1])
    case_id = f"sync:{difference.case}"
    return ExceptionCase(case_id, kind, at_ms, concerned.staff_id, concerned.op_id, story)


def rejected_case(op_id: OpId) -> str:
    """The exception of a request that head office refused."""
    return f"rejected:{op_id}"


def case_of_rejection(concerned: Concerned, kind: str, code: str, at_ms: int) -> ExceptionCase:
    """A request head office said no to: it waits for somebody who sends it again or lets it go."""
    said = (("member", concerned.member), ("request", kind), ("code", code))
    story = tuple(pair for pair in said if pair[1])
    return ExceptionCase(
        rejected_case(concerned.op_id), "request_rejected", at_ms, concerned.staff_id,
        concerned.op_id, story,
    )  # fmt: skip


def case_of_fork(epoch: int, dseq: int, at_ms: int) -> ExceptionCase:
    """Another machine wrote in the chain of this till: a copy, or an old backup that goes on."""
    story = (("number", str(dseq)),)
    return ExceptionCase(f"chain_forked:{epoch}", "chain_forked", at_ms, "", "", story)


def case_of_day(day: str, at_ms: int) -> ExceptionCase:
    """A day that both sides count otherwise."""
    return ExceptionCase(f"days_differ:{day}", "days_differ", at_ms, "", "", (("day", day),))


def agreed(case: ExceptionCase, at_ms: int) -> ExceptionCase:
    """A day that both sides count alike by now: nobody has to act on it any more."""
    return closed(case, CaseEnd("accepted", "", at_ms))


def points_at_stake(case: ExceptionCase) -> int:
    """How many points were given that nobody had: what it costs is what they pay for."""
    story = dict(case.story)
    if case.kind == "overdraft":
        return abs(int(story.get("points") or 0))
    if case.kind == "floor_exceeded":
        return max(0, int(story.get("spent") or 0) - int(story.get("allowed") or 0))
    return int(story.get("spent_here") or 0) if case.kind == "grant_exceeded" else 0


def _money_off(difference: Difference) -> str:
    """By how much the till's price was above the server's, in minor units."""
    said = difference.text
    if "total" not in said or "expected" not in said:
        return ""
    return str(int(said["total"]) - int(said["expected"]))


def paid(case: ExceptionCase, debt: int, version: int, at_ms: int) -> ExceptionCase:
    """An overdraft whose points came in since: nobody has to act on it any more.

    `debt` of the account in this `version`; one before the overdraft says nothing of it.
    """
    since = dict(case.story).get("version", "")
    if case.kind != "overdraft" or debt or not since or version < int(since):
        return case
    return closed(case, CaseEnd("accepted", "", at_ms))


def closed(case: ExceptionCase, end: CaseEnd) -> ExceptionCase:
    """The case as it was decided; a decided one stays as it is."""
    return case if case.end is not None else replace(case, end=end)

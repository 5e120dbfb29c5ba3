"""The audit trail as services write it: one call per sensitive act.

Owns: the names of the acts and the call. Does not own: the chain (app/domain/audit.py).
Details are codes and ids, never a phone, a name, a PIN or a payment code.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from app.domain.audit import (
    AuditEntry,
    ChainedAuditEntry,
    TrailBroken,
    TrailHead,
    follow_trail,
)
from app.domain.exception_case import case_of
from app.domain.moment import Moment
from app.services.ports import UnitOfWork
from app.services.shop import Shop

Act = Literal[
    "complaint_taken", "complaint_stepped", "complaint_compensated", "complaint_overdue",
    "solution_written",
    "signed_in", "sign_in_failed", "sign_in_locked", "unlocked_staff", "locked", "signed_out",
    "sale", "basket_cleared", "line_resolved", "line_removed", "member_joined", "member_put_on",
    "member_removed", "own_membership_refused", "many_sales_of_member", "phone_revealed",
    "card_replaced", "profile_edited", "consent_changed", "checked_in", "survey_answered",
    "entitlement_used",
    "entitlement_returned", "reward_had", "expired_goods_sold",
    "points_exchanged", "points_adjusted", "quantity_lowered",
    "receipt_reprinted", "drawer_opened", "payment_started", "payment_finished",
    "payment_set_aside", "payment_without_sale", "settings_changed", "program_added",
    "refund", "refund_given_up", "refund_started", "refund_finished", "refund_set_aside",
    "part_back_unknown",
    "refund_in_cash", "refund_paid_twice", "pieces_refunded_twice", "return_unlinked",
    "staff_changed", "setup_step", "nightly", "clock_behind", "prices_given", "campaign_issued",
    "campaign_published", "campaign_ended",
    "shift_opened", "shift_taken_over", "shift_counted", "count_set_aside", "shift_closed",
    "shift_differs", "cash_moved", "x_report", "z_reprinted", "many_drawer_openings",
    "drawer_part_back", "clock_drift",
    "shift_left_open",
    "approved", "approval_refused", "approval_cancelled", "self_approval", "discount_given",
    "discount_removed", "limit_passed", "price_typed",
    "rights_changed", "keys_changed", "sale_held", "sale_recalled", "sale_voided",
    "hold_voided", "tender_taken", "tender_removed", "exception_closed", "till_restored",
    "trail_exported", "members_exported", "training_begun", "training_ticked",
    "training_practised", "request_retried", "request_given_up",
    "pending_exported", "till_enrolled", "diagnosis_exported", "erasure_asked", "member_erased",
    "retention_applied", "data_copied", "breach_listed",
    "tier_asked", "tier_given", "tier_decided", "tier_undone", "trial_given",
    "evidence_seen",
    "figures_exported", "chain_listed", "import_begun", "members_imported", "merge_asked",
    "members_merged",
    "parting_asked", "members_parted",
]  # fmt: skip


def record(
    *,
    shop: Shop,
    work: UnitOfWork,
    now: Moment,
    act: Act,
    subject: str = "",
    details: Mapping[str, str] | None = None,
    staff_id: str | None = None,
) -> None:
    """Append one entry, by whoever is signed in (or `staff_id`, or the till itself).

    An odd act also raises an exception, wherever it is recorded.
    """
    if staff_id is None:
        committed = shop.desk.committed
        staff_id = committed.staff.staff_id if committed and committed.staff else ""
    pairs = tuple(sorted((details or {}).items()))
    chained = work.audit.append(AuditEntry(now.wall_ms, staff_id, act, subject, pairs))
    case = case_of(chained.number, chained.entry)
    if case is not None:
        work.exceptions.put(case)


def read_trail(
    *, work: UnitOfWork, after: int = 0, limit: int = 1000
) -> tuple[ChainedAuditEntry, ...]:
    """Entries in order, from behind number `after`."""
    return tuple(work.audit.entries(after, limit))


def verify_trail(*, work: UnitOfWork) -> int | None:
    """The number of the first entry that was changed, removed or slipped in; None = all sound."""
    head: TrailHead | TrailBroken = TrailHead()
    after = 0
    while page := work.audit.entries(after, 1000):
        head = follow_trail(page, head)
        after = page[-1].number
    return head.number if isinstance(head, TrailBroken) else None

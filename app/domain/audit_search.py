"""Looking through the audit trail: groups of acts, and what is looked for.

Owns: which act belongs to which group, the criteria of a search, which acts stand for one another
in a story. Does not own: the trail (audit.py), reading it (app/services/audit_search.py), words.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

ActGroup = Literal[
    "approvals", "prices", "refunds", "drawer", "reveals", "exports", "tiers", "points",
    "settings", "sign_in", "erasures", "sales", "payments", "members", "shifts", "till",
    "complaints",
]  # fmt: skip

ACT_GROUPS: Mapping[ActGroup, frozenset[str]] = {
    "approvals": frozenset(
        {"approved", "approval_refused", "approval_cancelled", "self_approval", "limit_passed"}
    ),
    "prices": frozenset({"discount_given", "discount_removed", "price_typed", "prices_given"}),
    "refunds": frozenset(
        {
            "refund", "refund_given_up", "refund_started", "refund_finished", "refund_set_aside",
            "refund_in_cash", "refund_paid_twice", "pieces_refunded_twice", "return_unlinked",
        }
    ),
    "drawer": frozenset(
        {"drawer_opened", "drawer_part_back", "many_drawer_openings", "cash_moved"}
    ),
    "reveals": frozenset({"phone_revealed", "chain_listed"}),
    "exports": frozenset(
        {
            "trail_exported", "members_exported", "pending_exported", "diagnosis_exported",
            "data_copied", "breach_listed", "figures_exported",
        }
    ),
    "tiers": frozenset(),
    "points": frozenset(
        {
            "points_exchanged", "points_adjusted", "entitlement_used", "entitlement_returned",
            "reward_had",
        }
    ),
    "settings": frozenset(
        {
            "settings_changed", "rights_changed", "keys_changed", "program_added",
            "staff_changed", "setup_step", "training_ticked", "training_practised",
        }
    ),
    "sign_in": frozenset(
        {
            "signed_in", "sign_in_failed", "sign_in_locked", "unlocked_staff", "locked",
            "signed_out",
        }
    ),
    "erasures": frozenset({"erasure_asked", "member_erased", "retention_applied"}),
    "sales": frozenset(
        {
            "sale", "basket_cleared", "line_resolved", "line_removed", "quantity_lowered",
            "sale_held", "sale_recalled", "sale_voided", "hold_voided", "receipt_reprinted",
            "many_sales_of_member", "expired_goods_sold",
        }
    ),
    "payments": frozenset(
        {
            "payment_started", "payment_finished", "payment_set_aside", "payment_without_sale",
            "tender_taken", "tender_removed", "part_back_unknown",
        }
    ),
    "members": frozenset(
        {
            "member_joined", "member_put_on", "member_removed", "own_membership_refused",
            "card_replaced", "profile_edited", "consent_changed", "checked_in",
            "survey_answered",
            "campaign_issued", "campaign_published", "campaign_ended", "tier_asked", "tier_given",
            "tier_decided", "tier_undone", "trial_given", "evidence_seen", "import_begun",
            "members_imported",
            "merge_asked", "members_merged", "parting_asked", "members_parted",
        }
    ),
    "shifts": frozenset(
        {
            "shift_opened", "shift_taken_over", "shift_counted", "count_set_aside",
            "shift_closed", "shift_differs", "x_report", "z_reprinted", "shift_left_open",
        }
    ),
    "till": frozenset(
        {
            "nightly", "clock_behind", "clock_drift", "exception_closed", "till_restored",
            "training_begun", "request_retried", "request_given_up", "till_enrolled",
        }
    ),
    "complaints": frozenset(
        {
            "complaint_taken", "complaint_stepped", "complaint_compensated", "complaint_overdue",
            "solution_written",
        }
    ),
}  # fmt: skip
"""Every act in one group; a group without acts is one the till cannot do yet."""


def group_of(act: str) -> ActGroup:
    """Where an act belongs; one of a later version belongs to the till."""
    return next((group for group, acts in ACT_GROUPS.items() if act in acts), "till")


@dataclass(frozen=True, slots=True)
class AuditCriteria:
    """What is looked for; empty and None: whatever. All of them have to fit.

    `since_ms` and `until_ms`: wall milliseconds, the end left out. `staff_id`: who did it, asked
    for it or said yes to it. `about`: what it was done to; `named`: ids that its details name; one
    of either is enough.
    """

    since_ms: int | None = None
    until_ms: int | None = None
    staff_id: str = ""
    group: ActGroup | None = None
    about: tuple[str, ...] = ()
    named: tuple[str, ...] = ()

    @property
    def is_everything(self) -> bool:
        """Whether every entry fits."""
        return self == AuditCriteria()

    @property
    def acts(self) -> frozenset[str] | None:
        """The acts that are looked for; None = all."""
        return None if self.group is None else ACT_GROUPS[self.group]

"""Words of the audit log: what each act, group, detail and reason is called. Pure.

Owns: those tables. Does not own: figures and rows (story.py), the acts themselves
(app/services/audit_trail.py; a test finds an act without words).
"""

from __future__ import annotations

from collections.abc import Mapping

from app.domain.rights import Rights
from app.services.refund_receipt import REASON_WORDS as REFUND_REASONS
from app.wording import N_, Wording
from ui.approval.view_model import ACT_WORDS as LIMITED_ACTS
from ui.shift.sentences import REASON_WORDS as CASH_REASONS
from ui.tier_words import REASON_WORDS, VERDICT_WORDS
from ui.till.reveal_dialog import REASON_WORDS as REVEAL_REASONS

ACTS: Mapping[str, str] = {
    "signed_in": N_("Signed in"),
    "sign_in_failed": N_("Wrong PIN"),
    "sign_in_locked": N_("Locked out after wrong PINs"),
    "unlocked_staff": N_("Ended a lock-out"),
    "locked": N_("Locked the till"),
    "signed_out": N_("Signed out"),
    "sale": N_("Sale"),
    "basket_cleared": N_("Emptied the basket"),
    "line_resolved": N_("Linked an unknown code"),
    "line_removed": N_("Removed a line"),
    "member_joined": N_("Joined a member"),
    "member_put_on": N_("Put a member on the sale"),
    "member_removed": N_("Took the member off the sale"),
    "own_membership_refused": N_("Own membership on a sale, refused"),
    "many_sales_of_member": N_("Many sales to one member"),
    "phone_revealed": N_("Saw a phone number"),
    "card_replaced": N_("Replaced a card"),
    "profile_edited": N_("Changed a member's data"),
    "consent_changed": N_("Changed a consent"),
    "checked_in": N_("Checked a member in"),
    "entitlement_used": N_("Ticked a benefit off"),
    "entitlement_returned": N_("Gave a ticked benefit back"),
    "reward_had": N_("Took a reward for points"),
    "expired_goods_sold": N_("Sold goods past their date"),
    "points_exchanged": N_("Exchanged points"),
    "points_adjusted": N_("Corrected points by hand"),
    "quantity_lowered": N_("Lowered a quantity"),
    "receipt_reprinted": N_("Printed a receipt again"),
    "drawer_opened": N_("Opened the drawer without a sale"),
    "payment_started": N_("Asked the terminal for money"),
    "payment_finished": N_("The terminal answered"),
    "payment_set_aside": N_("Set a payment aside"),
    "payment_without_sale": N_("Payment without a sale"),
    "settings_changed": N_("Changed a setting"),
    "program_added": N_("Added member rules"),
    "refund": N_("Refund"),
    "refund_given_up": N_("Gave a refund up"),
    "refund_started": N_("Asked the terminal to give money back"),
    "refund_finished": N_("The terminal answered about a refund"),
    "refund_set_aside": N_("Set a refund aside"),
    "refund_in_cash": N_("Gave back in cash instead"),
    "refund_paid_twice": N_("Refund paid twice"),
    "pieces_refunded_twice": N_("Pieces refunded twice"),
    "return_unlinked": N_("Return without a receipt"),
    "staff_changed": N_("Changed a colleague"),
    "setup_step": N_("Set-up step"),
    "nightly": N_("Work of the night"),
    "clock_behind": N_("The clock stood before the last sale"),
    "prices_given": N_("Took over prices"),
    "campaign_issued": N_("Issued coupons of a campaign"),
    "tier_asked": N_("Asked for a tier"),
    "tier_given": N_("Gave a tier by hand"),
    "tier_decided": N_("Decided about a tier"),
    "tier_undone": N_("Undid a tier given by hand"),
    "campaign_published": N_("Published a campaign"),
    "campaign_ended": N_("Ended a campaign"),
    "shift_opened": N_("Opened the shift"),
    "shift_taken_over": N_("Took the shift over"),
    "shift_counted": N_("Counted the drawer"),
    "count_set_aside": N_("Set a count aside"),
    "shift_closed": N_("Closed the shift"),
    "shift_differs": N_("The drawer differed"),
    "cash_moved": N_("Moved cash"),
    "x_report": N_("Printed an X report"),
    "z_reprinted": N_("Printed a Z again"),
    "many_drawer_openings": N_("Many openings of the drawer"),
    "drawer_part_back": N_("Opened the drawer to give a part back"),
    "clock_drift": N_("The clock was wrong"),
    "shift_left_open": N_("Shift left open over midnight"),
    "approved": N_("Approved"),
    "approval_refused": N_("Approval refused"),
    "approval_cancelled": N_("Approval cancelled"),
    "self_approval": N_("Approved for oneself"),
    "discount_given": N_("Gave a discount"),
    "discount_removed": N_("Took a discount back"),
    "limit_passed": N_("Passed a limit with a yes"),
    "price_typed": N_("Typed a price"),
    "rights_changed": N_("Changed what a role may do"),
    "keys_changed": N_("Changed the keys"),
    "sale_held": N_("Held a sale"),
    "sale_recalled": N_("Recalled a sale"),
    "sale_voided": N_("Voided a sale"),
    "hold_voided": N_("Voided a held sale"),
    "tender_taken": N_("Took a tender"),
    "part_back_unknown": N_("Counted a part as paid that may have gone back"),
    "tender_removed": N_("Took a tender back"),
    "exception_closed": N_("Decided about an exception"),
    "till_restored": N_("Restored the till"),
    "trail_exported": N_("Exported the audit log"),
    "members_exported": N_("Exported the list of members"),
    "training_begun": N_("Began to practise"),
    "request_retried": N_("Sent a refused request again"),
    "request_given_up": N_("Gave a refused request up"),
    "erasure_asked": N_("Asked to erase a member's data"),
    "member_erased": N_("A member's data was erased"),
    "retention_applied": N_("Retention periods applied"),
    "data_copied": N_("Gave a member a copy of the data"),
    "breach_listed": N_("Exported the members to tell of a breach"),
    "pending_exported": N_("Exported what was not sent yet"),
    "diagnosis_exported": N_("Exported diagnostics"),
    "till_enrolled": N_("Joined a chain"),
}
GROUPS: Mapping[str, str] = {
    "approvals": N_("Approvals"),
    "prices": N_("Prices and discounts"),
    "refunds": N_("Refunds and returns"),
    "drawer": N_("Drawer"),
    "reveals": N_("Phone numbers seen"),
    "exports": N_("Exports"),
    "tiers": N_("Tiers"),
    "points": N_("Points and benefits"),
    "settings": N_("Settings and staff"),
    "sign_in": N_("Sign-in"),
    "erasures": N_("Erasures"),
    "sales": N_("Sales"),
    "payments": N_("Payments"),
    "members": N_("Members"),
    "shifts": N_("Shifts"),
    "till": N_("The till itself"),
}
DETAILS: Mapping[str, str] = {
    "act": N_("For"),
    "before": N_("Before"),
    "after": N_("After"),
    "reason": N_("Reason"),
    "reasons": N_("Reasons"),
    "note": N_("Note"),
    "asked": N_("Asked for"),
    "limit": N_("Own limit"),
    "effect": N_("Effect on money"),
    "how": N_("Proved by"),
    "requester": N_("Asked by"),
    "due": N_("Due"),
    "total": N_("Total"),
    "paid": N_("Given back"),
    "amount": N_("Amount"),
    "price": N_("Price"),
    "cash": N_("Cash"),
    "paid_out": N_("Given back too much"),
    "counted": N_("Counted"),
    "expected": N_("Had to be there"),
    "difference": N_("Difference"),
    "lines": N_("Lines"),
    "goods": N_("Goods"),
    "sku": N_("Goods"),
    "code": N_("Code"),
    "from": N_("From"),
    "to": N_("To"),
    "copy": N_("Copy"),
    "number": N_("Number"),
    "sales": N_("Sales"),
    "openings": N_("Openings"),
    "day": N_("Day"),
    "owner": N_("Answers for the drawer"),
    "role": N_("Role"),
    "what": N_("What"),
    "kind": N_("Kind"),
    "value": N_("Value"),
    "state": N_("Answer"),
    "move": N_("Cash"),
    "rows": N_("Rows"),
    "staff": N_("Person"),
    "group": N_("Kind of act"),
    "since": N_("From"),
    "until": N_("To"),
    "choice": N_("Decision"),
    "verdict": N_("Decision"),
    "tier": N_("Tier"),
}
"""What is worth a line of its own; other details are said by their code."""
_CODES: Mapping[str, str] = {
    "cash": N_("Cash"),
    "mobile": N_("QR payment"),
    "card": N_("Bank card"),
    "badge": N_("Badge"),
    "pin": N_("PIN"),
    "name": N_("Name"),
    "role": N_("Role"),
    "left": N_("Left"),
    "returned": N_("Works here again"),
    "badge+pin": N_("Badge and PIN"),
    "in": N_("Cash in"),
    "out": N_("Cash out"),
    "drop": N_("Safe drop"),
    "cashier": N_("Cashier"),
    "supervisor": N_("Supervisor"),
    "manager": N_("Store manager"),
    "auditor": N_("Auditor"),
    "accepted": N_("In order"),
    "followed_up": N_("Taken up"),
    "True": N_("Yes"),
    "False": N_("No"),
    "approved": N_("Approved"),
    "declined": N_("Declined"),
}
EXPORT_REASONS: Mapping[str, str] = {
    "inspection": N_("Inspection by an authority"),
    "internal_check": N_("Internal check"),
    "dispute": N_("Dispute with a customer or a colleague"),
    "other": N_("Other reason"),
}
_CODE_WORDS: Mapping[str, str] = {
    **{str(code): words for code, words in VERDICT_WORDS.items()},
    **REASON_WORDS,
    **GROUPS,
    **_CODES,
    **CASH_REASONS,
    **EXPORT_REASONS,
    **{str(code): words for code, words in LIMITED_ACTS.items()},
    **{str(code): words for code, words in REFUND_REASONS.items()},
    **{str(code): words for code, words in REVEAL_REASONS.items()},
}


def act_words(act: str, wording: Wording) -> str:
    """What was done; an act of a later version by its code."""
    return wording.t(ACTS[act]) if act in ACTS else act


def detail_words(name: str, wording: Wording) -> str:
    """What a detail is called."""
    return wording.t(DETAILS[name]) if name in DETAILS else name


def code_words(code: str, rights: Rights, wording: Wording) -> str:
    """What a code of a detail means: a reason, a tender, a role, an act; else the code."""
    own = next((each.words for each in rights.reasons if each.reason_id == code), None)
    if own is not None:
        return own.zh if wording.is_chinese else own.en
    return wording.t(_CODE_WORDS[code]) if code in _CODE_WORDS else code

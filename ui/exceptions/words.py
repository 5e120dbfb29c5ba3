"""Words of exceptions: what each kind is called, what happened, and what to do about it. Pure.

Owns: those sentences, one set a kind (a test finds a kind without). Does not own: what raises one
(app/domain/exception_case.py), figures (view_model.py).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from app.domain.exception_case import Choice, ExceptionKind
from app.wording import N_


@dataclass(frozen=True, slots=True)
class KindWords:
    """`happened` has its figures filled in; `way_out`: what somebody does now."""

    name: str
    happened: str
    way_out: str


KINDS: Mapping[ExceptionKind, KindWords] = {
    "own_membership": KindWords(
        N_("Own membership on a sale"),
        N_("A colleague put a membership of his own on a sale. The till refused it."),
        N_("Ask why; a colleague at another till may ring it up."),
    ),
    "many_sales_of_member": KindWords(
        N_("Many sales to one member"),
        N_("{sales} sales to one member on {day}, more than is usual. All of them count."),
        N_("Look at the receipts: is a customer's card used for sales of others?"),
    ),
    "many_no_sale_openings": KindWords(
        N_("Many openings of the drawer"),
        N_("Openings of the drawer without a sale: {openings}, more than is usual."),
        N_("Compare with the count of the shift, and ask what for."),
    ),
    "self_approval": KindWords(
        N_("Approved for oneself"),
        N_("Somebody said yes to his own act: {act}. His role allows it."),
        N_("Look whether it was in order; a second pair of eyes is safer."),
    ),
    "payment_without_sale": KindWords(
        N_("Payment without a sale"),
        N_("{amount} by {kind} were taken, and no sale belongs to them."),
        N_("Find the payment at the provider and give it back, or ring the goods up again."),
    ),
    "cash_difference": KindWords(
        N_("The drawer differed"),
        N_("At the close of Z {number} the drawer was {difference} off."),
        N_("Compare with the day's cash moves and refunds; talk to whoever counted."),
    ),
    "complaint_overdue": KindWords(
        N_("A complaint is overdue"),
        N_("A limit of complaint {complaint} was missed. It stands one level higher now."),
        N_("Take it over or assign it; a late response is better than none."),
    ),
    "shift_left_open": KindWords(
        N_("Shift left open over midnight"),
        N_("The shift of {day} ran on into the next day. Its sales count into its own day."),
        N_("Count and close it, and say how to hand a drawer over."),
    ),
    "pieces_refunded_twice": KindWords(
        N_("Pieces refunded twice"),
        N_("Two tills gave money back for the same goods: {paid_out} too much. Points were put "
           "right."),
        N_("Ask the customer for the money, or accept the loss."),
    ),
    "refund_paid_twice": KindWords(
        N_("Refund paid twice"),
        N_("{amount} were given in cash, and {kind} gave them back as well."),
        N_("Ask the provider to take the second one back, or the customer."),
    ),
    "part_back_unknown": KindWords(
        N_("Part paid, or given back"),
        N_("{amount} by {kind} count as paid. Before, the terminal was asked to give them back and "
           "never said whether it did."),
        N_("Find the payment at the provider: if it went back, ask the customer, or accept the "
           "loss."),
    ),
    "overdraft": KindWords(
        N_("Points spent twice"),
        N_("The same points were spent at two tills, one of which was offline. {points} points are "
           "missing; both receipts stand."),
        N_("Nothing has to be done: later points of the member make up for it. Or the shop bears "
           "it."),
    ),
    "coupon_used_twice": KindWords(
        N_("Coupon used twice"),
        N_("One coupon was used in two sales, at tills that could not know of each other. Both "
           "receipts stand."),
        N_("The shop bears one of both, or talks to the customer."),
    ),
    "entitlement_used_twice": KindWords(
        N_("Benefit used too often"),
        N_("A benefit was used {used} times, {allowed} are allowed: tills could not know of each "
           "other. All receipts stand."),
        N_("The shop bears it, or talks to the customer."),
    ),
    "price_differs": KindWords(
        N_("Another price at head office"),
        N_("Head office calculated the sale anew and is {difference} off. The receipt counts."),
        N_("Look whether this till had old rules or prices; it takes new ones by itself."),
    ),
    "floor_exceeded": KindWords(
        N_("More points offline than allowed"),
        N_("Without a connection {spent} points were spent, {allowed} are allowed. The sale "
           "counts."),
        N_("Ask how it came about. The limit stands in the program."),
    ),
    "grant_exceeded": KindWords(
        N_("More points than set aside"),
        N_("A sale used points that were not set aside for this till any more. The sale counts."),
        N_("Look at this till's clock and connection where it happens again."),
    ),
    "pass_used_twice": KindWords(
        N_("One code of a phone at two tills"),
        N_("The same code of a member's phone was accepted at two tills. Both sales count."),
        N_("Look at both receipts: does a picture of the code go round?"),
    ),
    "approved_by_unknown": KindWords(
        N_("Approved by somebody unknown"),
        N_("Head office does not know who approved it. The receipt stands."),
        N_("Tell head office who it was, so that he is cleared for this shop."),
    ),
    "gifts_differ": KindWords(
        N_("Other gifts for joining"),
        N_("A new member was given points or coupons that the program has not for joining. They "
           "count."),
        N_("Ask how it came about. Points can be corrected by hand."),
    ),
    "refund_differs": KindWords(
        N_("Refund of another value"),
        N_("A refund moved other points or money than its goods were worth. The receipt counts."),
        N_("Look at sale and refund side by side. Points can be corrected by hand."),
    ),
    "copied_sale": KindWords(
        N_("One basket, two machines"),
        N_("This machine was copied in the middle of a sale, and both finished it. Both receipts "
           "stand; head office looks at the second one."),
        N_("Find out whether goods left the shop twice, and tell head office. Only one of both "
           "machines may go on with this till."),
    ),
    "request_rejected": KindWords(
        N_("Head office refused a request"),
        N_("What was asked for here ({request}) does not hold: head office said no."),
        N_("Send it again once what was in the way is gone, or let it go and say why."),
    ),
    "clock_wrong": KindWords(
        N_("The clock of this machine was wrong"),
        N_("The time here differed from head office's, or stood before the last sale. Sales count "
           "on the right day."),
        N_("Set the machine's clock and have it set by the network."),
    ),
    "chain_forked": KindWords(
        N_("Another machine uses this till's name"),
        N_("Head office has another record in the place of number {number} of this till: it was "
           "copied, or an old backup goes on elsewhere."),
        N_("Switch the other machine off, then enrol this one anew. No sale is lost."),
    ),
    "days_differ": KindWords(
        N_("Head office counts a day otherwise"),
        N_("The sums of {day} here and at head office are not the same. Everything of that day was "
           "sent once more."),
        N_("Open the sync centre. If it still differs tomorrow, send the diagnostics to head "
           "office."),
    ),
}  # fmt: skip
PAID = N_("Later points made up for it")
REQUESTS: Mapping[str, str] = {
    "profile_edit_requested": N_("a change of a member's data"),
    "tier_requested": N_("a tier for a member"),
    "tier_decided": N_("a decision about a tier"),
    "erasure_requested": N_("erasing a member's data"),
    "merge_requested": N_("merging two members"),
    "part_requested": N_("taking a merge back"),
}
ANY_REQUEST = N_("a request")
AGREED = N_("Both sides count alike by now")
ACTS: Mapping[ExceptionKind, tuple[str, str]] = {
    "request_rejected": (N_("Let it go"), N_("Send again")),
}
"""Kinds where a decision does something; of all others it says what somebody found."""
DONE: Mapping[ExceptionKind, Mapping[Choice, str]] = {
    "request_rejected": {"accepted": N_("Let go"), "followed_up": N_("Sent again")},
}
CHOICES: Mapping[Choice, str] = {
    "accepted": N_("In order"),
    "followed_up": N_("Taken up"),
}

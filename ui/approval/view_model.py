"""Approval view model: what is asked for, its effect on money, who may say yes. Pure.

Owns: the words of every limited act and of every refusal. Does not own: judging (approval.py in
services), widgets (panel.py).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from app.domain.member import masked_name
from app.domain.money import Money
from app.domain.rights import UNITS, WHOLE_RATE, Act, LimitMissing
from app.services.answers import SignInFirst
from app.services.approval import (
    ActForbidden,
    ApprovalGone,
    ApprovalNeeded,
    Approver,
    CannotApprove,
    SecondProofNeeded,
    SelfApproval,
)
from app.services.proof import BadgeUnknown, WaitFirst, WrongSignIn
from app.services.rule_words import percent_off
from app.wording import N_, Wording
from ui import formatting

ACT_WORDS: Mapping[Act, str] = {
    "line_discount": N_("Discount on a line"),
    "order_discount": N_("Discount on the whole sale"),
    "price_override": N_("Price override"),
    "missing_price": N_("Price of goods without one"),
    "refund_amount": N_("Refund"),
    "refund_late": N_("Refund after the return window"),
    "refund_in_cash": N_("Cash in place of the original tender"),
    "refund_own": N_("Refund on one's own membership"),
    "return_unlinked": N_("Return without a receipt"),
    "no_sale_open": N_("Open the drawer without a sale"),
    "cash_in": N_("Cash into the drawer"),
    "cash_out": N_("Cash out of the drawer"),
    "safe_drop": N_("Safe drop"),
    "count_difference": N_("Difference of the count"),
    "points_limit": N_("More points than allowed"),
    "coupon_limit": N_("More in coupons than allowed"),
    "void_sale": N_("Void a sale"),
    "reprint": N_("Reprint"),
    "training_mode": N_("Training mode"),
    "change_settings": N_("Change settings"),
    "sell_expired": N_("Sell goods past their last day"),
    "complaint_handle": N_("Handle a complaint"),
    "complaint_lead": N_("Handle a complaint that stands with a senior"),
    "complaint_compensation": N_("Compensation after a complaint"),
    "complaint_budget": N_("Compensation beyond the month's budget"),
    "tier_grant": N_("Give a tier by hand"),
    "points_by_hand": N_("Points by hand"),
}


_ROUND_RATE = 10
"""Basis points: a tenth of a percent."""


@dataclass(frozen=True, slots=True)
class ApprovalForm:
    """What was chosen and typed. `typed`: how many figures, never which."""

    chosen: str = ""
    typed: int = 0
    notice: str = ""
    is_wrong: bool = False
    missing: str = ""
    """`pin` or `badge`: the second proof that is still to come."""
    seconds_left: int = 60


@dataclass(frozen=True, slots=True)
class ApproverView:
    """Somebody who may say yes by PIN."""

    staff_id: str
    name: str
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class ApprovalView:
    """The whole panel."""

    title: str
    act: str
    limit: str
    effect_label: str
    effect: str
    how: str
    notice: str
    notice_tone: str
    people: tuple[ApproverView, ...]
    typed: int
    is_wrong: bool
    countdown: str
    cancel: str


def present(
    needed: ApprovalNeeded, people: Sequence[Approver] | None, form: ApprovalForm, wording: Wording
) -> ApprovalView:
    """`people` None: who may say yes is not known yet."""
    t = wording.t
    asks = needed.state.staff
    currency = needed.state.program.currency
    names = approver_names(people or ())
    return ApprovalView(
        title=t("Approval needed"),
        act=t(
            "{name} asks: {act}",
            name=masked_name(asks.name) if asks is not None else "",
            act=_asked(needed, wording),
        ),
        limit=_limit(needed, currency, wording),
        effect_label=t("Effect on money"),
        effect=formatting.money(needed.effect, currency=currency),
        how=_how(needed, people, form, wording),
        notice=form.notice,
        notice_tone="danger" if form.is_wrong else "warning",
        people=tuple(
            ApproverView(each.staff_id, names[each.staff_id], each.staff_id == form.chosen)
            for each in people or ()
            if each.has_pin
        ),
        typed=form.typed,
        is_wrong=form.is_wrong,
        countdown=wording.n("{count} s left", "{count} s left", form.seconds_left),
        cancel=t("Cancel"),
    )


def approver_names(people: Sequence[Approver]) -> Mapping[str, str]:
    """Masked as everywhere, whole where two masks would be the same."""
    masks = Counter(masked_name(each.name) for each in people)
    return {
        each.staff_id: mask if masks[mask := masked_name(each.name)] == 1 else each.name
        for each in people
    }


def refusal_sentence(answer: object, form: ApprovalForm, wording: Wording) -> ApprovalForm:
    """The form after a no; what was typed is gone."""
    t = wording.t
    notice, wrong, missing = "", True, form.missing
    match answer:
        case SecondProofNeeded(_, how):
            missing, wrong = how, False
            notice = t("Now the PIN of the same person.") if how == "pin" else ""
            notice = notice or t("Now the badge of the same person.")
        case WrongSignIn(tries_left, _):
            notice = wording.n(
                "Not right. {count} try left.", "Not right. {count} tries left.", tries_left
            )
        case WaitFirst(wait_ms, _):
            seconds = -(-wait_ms // 1000)
            notice = wording.n(
                "Too many wrong PINs: wait {count} s.",
                "Too many wrong PINs: wait {count} s.",
                seconds,
            )
        case BadgeUnknown():
            notice = t("This badge is not registered here.")
        case CannotApprove():
            notice = t("This colleague may not approve so much. Ask another one.")
        case SelfApproval():
            notice = t("Nobody approves his own request. Ask a colleague.")
        case ApprovalGone(why):
            late = why == "too_late"
            notice = (
                t("The time for this approval is over; nothing was done. Ask again.")
                if late
                else t("Something else is asked for now; nothing was done. Ask again.")
            )
        case _:
            notice = t("Nothing was done. Ask again.")
    return ApprovalForm(form.chosen, 0, notice, wrong, missing, form.seconds_left)


def forbidden_sentence(answer: ActForbidden | LimitMissing | SignInFirst, wording: Wording) -> str:
    """Why an act is not done even with somebody's yes."""
    t = wording.t
    match answer:
        case ActForbidden(act):
            return t(
                "{act}: your role may not do this, also not with an approval.",
                act=t(ACT_WORDS[act]),
            )
        case LimitMissing(_, act):
            return t(
                "{act}: nobody has set what your role may do. Tell the store manager.",
                act=t(ACT_WORDS[act]),
            )
        case SignInFirst():
            return t("Sign in first.")


def _asked(needed: ApprovalNeeded, wording: Wording) -> str:
    """The act, and how much of it where that is a round rate; odd ones say it by their effect."""
    act = wording.t(ACT_WORDS[needed.act])
    if needed.about:
        return wording.t("{act}: {about}", act=act, about=needed.about)
    if UNITS[needed.act] != "rate" or needed.asked % _ROUND_RATE:
        return act
    return f"{act} {_rate(needed.asked, wording)}"


def _rate(basis_points: int, wording: Wording) -> str:
    """`8折` / `20% off`."""
    return percent_off(Decimal(basis_points) / WHOLE_RATE, wording)


def _limit(needed: ApprovalNeeded, currency: str, wording: Wording) -> str:
    t, unit = wording.t, UNITS[needed.act]
    if not needed.limit or unit == "none":
        return t("Always needs somebody else's yes.")
    match unit:
        case "money":
            value = formatting.money(Money(needed.limit), currency=currency)
        case "rate":
            value = _rate(needed.limit, wording)
        case _:
            value = formatting.points(needed.limit)
    return t("Alone up to {value}.", value=value)


def _how(
    needed: ApprovalNeeded,
    people: Sequence[Approver] | None,
    form: ApprovalForm,
    wording: Wording,
) -> str:
    t = wording.t
    if people is not None and not people:
        return t("Nobody who may approve this works here yet. Ask the store manager.")
    if form.missing == "badge":
        return t("Scan the badge of the same person.")
    if form.missing == "pin":
        return t("Type the PIN of the same person.")
    if needed.takes_both:
        return t("So much needs both: scan the badge and type the PIN.")
    return t("Scan a badge, or choose who approves and type the PIN.")

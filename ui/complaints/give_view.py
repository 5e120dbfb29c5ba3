"""View of giving something for a complaint: what can be chosen, what it costs, why not. Pure.

Owns: those texts. Does not own: limits and gifts (app/services/compensation.py), widgets.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from app.domain.complaint_fact import Compensated
from app.domain.money import Money
from app.domain.offer import Offer
from app.domain.program import Program
from app.services.compensation import POINTS_MAX, Compensation, Gift, GiftRefused, Room
from app.services.complaint_view import CaseView
from app.services.tier_desk import tier_name
from app.wording import N_, Wording
from ui import formatting
from ui.complaints.moves import Form, Group
from ui.phrases import SEPARATOR, words

POINTS, OFFER, NAMED = "points", "offer:", "named:"
REFUND = "refund"
_WHY: dict[str, str] = {
    "nothing": N_("Choose a coupon, or type how many points."),
    "too_many": N_("At most {most} points at once."),
    "no_such_offer": N_("The rules do not have this coupon any more. Choose another."),
    "no_member": N_("Points and coupons need a member. Refund the goods instead."),
    "not_of_this_case": N_("It belongs to another customer or another receipt."),
    "twice": N_("It is named in this case already."),
}


@dataclass(frozen=True, slots=True)
class Offered:
    """What the choices are made of. `costs`: of each coupon."""

    offers: Sequence[tuple[Offer, Money]]
    elsewhere: Sequence[Compensated]
    program: Program
    can_refund: bool


def give_form(view: CaseView, offered: Offered, wording: Wording) -> Form:
    """Coupons, points, what was given elsewhere, and the way to a refund."""
    t, currency = wording.t, offered.program.prices.currency
    choices: list[tuple[str, str]] = []
    if view.member_id:
        for offer, cost in offered.offers[:5]:
            # What has no bound costs nothing by itself; no price is better than a wrong one.
            price = formatting.short_money(cost, currency=currency) if cost else ""
            name = SEPARATOR.join(filter(None, (words(offer.name, wording), price)))
            choices.append((f"{OFFER}{offer.id}", name))
        choices.append((POINTS, t("Give points")))
    choices += [(f"{NAMED}{each.by}", _named(each, offered, wording)) for each in offered.elsewhere]
    if offered.can_refund:
        choices.append((REFUND, t("Refund goods of the receipt")))
    return Form(
        title=t("Compensate {number}", number=view.line.number),
        says=room_words(view.room, currency, wording),
        send=t("Give it"),
        groups=(Group(t("What to give"), tuple(choices[:9])),),
        text=t("In a few words"),
        day=t("How many points") if view.member_id else "",
    )


def _named(step: Compensated, offered: Offered, wording: Wording) -> str:
    if step.form == "tier":
        tier = words(tier_name(offered.program, step.offer), wording)
        return wording.t("Given already: tier {tier}", tier=tier)
    amount = formatting.money(Money(step.amount_minor), currency=offered.program.prices.currency)
    return wording.t("Given already: refund {amount}", amount=amount)


def room_words(room: Room, currency: str, wording: Wording) -> str:
    """The limit of the role and the month's budget, in one line."""
    t = wording.t

    def money(amount: Money) -> str:
        return formatting.short_money(amount, currency=currency)

    alone = (
        t("Without a colleague's yes: {amount}", amount=money(room.alone))
        if room.alone is not None
        else t("Without a colleague's yes: any amount")
    )
    month = t("This month")
    return SEPARATOR.join((alone, f"{month} {money(room.spent)} / {money(room.budget)}"))


def read_gift(chosen: str, typed: str) -> Gift:
    """What was chosen; what is no number is no points."""
    if chosen.startswith(OFFER):
        return Gift(offer=chosen.removeprefix(OFFER))
    text = typed.strip().replace(",", "")
    is_number = text.isascii() and text.isdecimal() and len(text) <= len(str(POINTS_MAX)) + 3
    return Gift(points=int(text) if is_number else 0)


def cost_words(cost: Money, room: Room, currency: str, wording: Wording) -> str:
    """What it costs, and whether a colleague has to say yes."""
    t, amount = wording.t, formatting.money(cost, currency=currency)
    if room.alone is not None and cost.minor > room.alone.minor:
        return t("Worth {amount}: a colleague has to say yes.", amount=amount)
    return t("Worth {amount}.", amount=amount)


def refused_gift(answer: GiftRefused, wording: Wording) -> str:
    """Why nothing was given."""
    return wording.t(_WHY[answer.why], most=formatting.points(POINTS_MAX))


def given_said(answer: Compensation, currency: str, wording: Wording) -> str:
    """That it was given, and its worth."""
    amount = formatting.money(answer.amount, currency=currency)
    return wording.t("Given and recorded, worth {amount}.", amount=amount)

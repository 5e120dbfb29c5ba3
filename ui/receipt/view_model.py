"""Receipt view model: a finished sale as texts. Pure: no Qt, no service, no clock.

Owns: what stands on the done screen. Does not own: the paper (devices lay it out), the sentence
that is said to the customer about the next tier beyond what the receipt says.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from app.domain.money import Money
from app.domain.receipt import Receipt, ReceiptMember, TierDistance
from app.services.checkout import SaleDone
from app.services.till_state import TillState
from app.wording import N_, Wording
from ui import formatting, phrases
from ui.payment.terminal_view import tender_word
from ui.rows import tier_tone
from ui.window_parts import PrinterFacts


@dataclass(frozen=True, slots=True)
class Fact:
    """One cell of the card: a label, a figure, a second line."""

    label: str
    figure: str
    detail: str
    is_code: bool = False
    """A number to be read aloud: never cut, in groups, over two lines where it has to be."""


@dataclass(frozen=True, slots=True)
class Strip:
    """The sentence about the tier: a celebration, or what is missing to the next."""

    tone: str
    sentence: str
    date: str
    is_celebration: bool


@dataclass(frozen=True, slots=True)
class Foot:
    """The printer, and what comes next."""

    next_sentence: str
    countdown: str
    print_label: str
    printer: str
    printer_tone: Literal["text_secondary", "warning"]
    print_again: str
    """The label of "try again"; empty where nothing waits."""


@dataclass(frozen=True, slots=True)
class ReceiptView:
    """The whole done screen."""

    title: str
    figure_label: str
    figure: str
    facts: tuple[Fact, ...]
    strip: Strip | None
    coupons: str
    foot: Foot
    is_copy: bool
    refund: str = ""
    """What the key to take goods of this sale back is called; empty where it cannot be."""


def present(
    done: SaleDone,
    before: TillState | None,
    wording: Wording,
    *,
    seconds_left: int | None,
    printer: PrinterFacts,
) -> ReceiptView:
    """After a sale. `before`: the snapshot that was paid; `seconds_left` None: it stays."""
    t, receipt = wording.t, done.receipt
    gave_change = any(tender.kind == "cash" for tender in receipt.tenders)
    return ReceiptView(
        title=t("Payment done"),
        figure_label=t("Change") if gave_change else t("Received"),
        figure=_money(done.change if gave_change else done.received, receipt),
        facts=_facts(done, before, wording),
        strip=_strip(done, before, wording),
        coupons=_coupons(done, wording),
        foot=foot_view(seconds_left, printer, wording),
        is_copy=False,
    )


def present_copy(
    receipt: Receipt,
    wording: Wording,
    *,
    seconds_left: int | None,
    printer: PrinterFacts,
    is_found: bool = False,
) -> ReceiptView:
    """The screen of a receipt that is printed again, or was found by its scan (`is_found`)."""
    t = wording.t
    due = Money(receipt.due_minor)
    number = formatting.spaced_code(receipt.code)
    facts = [Fact(t("Receipt no."), number, receipt.sold_at, is_code=True)]
    if receipt.member is not None:
        facts += _member_facts(receipt.member, wording)
    return ReceiptView(
        title=t("Receipt found") if is_found else t("Copy of a receipt"),
        figure_label=t("Receipt total"),
        figure=_money(due, receipt),
        facts=tuple(facts),
        strip=None,
        coupons="",
        foot=foot_view(seconds_left, printer, wording),
        is_copy=True,
    )


def foot_view(seconds_left: int | None, printer: PrinterFacts, wording: Wording) -> Foot:
    """The printer, and when the till comes back."""
    countdown = ""
    if seconds_left is not None:
        countdown = wording.n("Back in {count} s", "Back in {count} s", seconds_left)
    is_trouble = printer.state not in ("none", "ready", "busy")
    return Foot(
        next_sentence=wording.t("Scan the next item: the next sale begins"),
        countdown=countdown,
        print_label=wording.t("Print"),
        printer=printer_sentence(printer, wording),
        printer_tone="warning" if is_trouble else "text_secondary",
        print_again=wording.t("Try again") if is_trouble and printer.count else "",
    )


_PRINTER = {
    "none": N_("No receipt printer is set up. The receipt is kept and can be printed later."),
    "ready": N_("The receipt printer is ready."),
    "not_there": N_("The receipt printer is not there. The sale is saved; print it again later."),
    "paper_out": N_("The receipt printer is out of paper. Put in a roll; the sale is saved."),
    "cover_open": N_("The receipt printer's cover is open. Close it; the sale is saved."),
    "in_use": N_("The receipt printer is busy. Try again in a moment; the sale is saved."),
    "in_part": N_("Only a part of the receipt came out. It is printed again whole and marked."),
    "failed": N_("The receipt could not be printed. The sale is saved; print it again later."),
}


def printer_sentence(printer: PrinterFacts, wording: Wording) -> str:
    """How the printer is; it never blocks a sale."""
    if printer.state == "busy":
        return wording.n("{count} receipt is printing", "{count} receipts are printing",
                         max(1, printer.count))  # fmt: skip
    return wording.t(_PRINTER[printer.state])


def _money(amount: Money, receipt: Receipt) -> str:
    return formatting.money(amount, currency=receipt.currency)


def _facts(done: SaleDone, before: TillState | None, wording: Wording) -> tuple[Fact, ...]:
    t, receipt = wording.t, done.receipt
    kind = receipt.tenders[0].kind if receipt.tenders else "cash"
    label = t("{tender} received", tender=tender_word(kind, wording))
    due = t("Due {amount}", amount=_money(done.due, receipt))
    facts = [Fact(label, _money(done.received, receipt), due)]
    if receipt.member is None:
        saved = Money(receipt.saved_minor)
        if saved.minor > 0:
            list_total = _money(Money(receipt.list_total_minor), receipt)
            detail = t("List price {amount}", amount=list_total)
            facts.append(Fact(t("You saved"), _money(saved, receipt), detail))
        return tuple(facts)
    why = ""
    if before is not None and before.member is not None:
        why = phrases.earn_note(before.totals.earn_factors, before.member.tier_words, wording)
    if done.points_held:
        why = t("Usable after the return window")
    return (*facts, *_member_facts(receipt.member, wording, why))


def _member_facts(member: ReceiptMember, wording: Wording, why: str = "") -> list[Fact]:
    t = wording.t
    spent = ""
    if member.points_spent:
        spent = t("{points} points used", points=formatting.points(member.points_spent))
    earned = formatting.points(member.points_earned, signed=True)
    return [
        Fact(t("Points of this sale"), earned, why),
        Fact(t("Points available"), formatting.points(member.points_balance), spent),
    ]


def _strip(done: SaleDone, before: TillState | None, wording: Wording) -> Strip | None:
    reached = done.tier_reached
    tone = "gold"
    if before is not None and before.member is not None:
        tone = tier_tone(before.member.tier_rank, before.program.tier_count)
    if reached is not None:
        if before is not None and before.member is not None:
            tone = tier_tone(before.member.tier_rank + 1, before.program.tier_count)
        name = phrases.words(reached.words, wording)
        sentence = wording.t("Congratulations: {tier} from now on", tier=name)
        return Strip(tone, sentence, wording.t("until {day}", day=reached.last_day), True)
    member = done.receipt.member
    if member is None or member.next_tier is None:
        return None
    ahead = member.next_tier
    return Strip(tone, _distance(ahead, done.receipt, wording), _by(ahead, wording), False)


def _by(ahead: TierDistance, wording: Wording) -> str:
    return wording.t("by {day}", day=ahead.last_day) if ahead.last_day else ""


def _distance(ahead: TierDistance, receipt: Receipt, wording: Wording) -> str:
    missing = _money(Money(ahead.missing), receipt)
    count = formatting.points(ahead.missing)
    keeps = ahead.goal == "keep"
    match ahead.measure:
        case "spend":
            sentence = (
                N_("Spend {missing} more to keep {tier}")
                if keeps
                else N_("Spend {missing} more to reach {tier}")
            )
            return wording.t(sentence, missing=missing, tier=ahead.tier_name)
        case "visits":
            sentence = (
                N_("{missing} more visits to keep {tier}")
                if keeps
                else N_("{missing} more visits to reach {tier}")
            )
            return wording.t(sentence, missing=count, tier=ahead.tier_name)
        case "points":
            sentence = (
                N_("{missing} more points to keep {tier}")
                if keeps
                else N_("{missing} more points to reach {tier}")
            )
            return wording.t(sentence, missing=count, tier=ahead.tier_name)


def _coupons(done: SaleDone, wording: Wording) -> str:
    if not done.coupons:
        return ""
    names = phrases.SEPARATOR.join(phrases.words(won.words, wording) for won in done.coupons)
    return wording.n("New coupon: {names}", "New coupons: {names}", len(done.coupons), names=names)

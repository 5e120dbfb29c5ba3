"""Payment view model: snapshot and form as texts. Pure: no Qt, no service, no clock.

Owns: what stands on the payment screen in each phase, which amounts are likely.
Does not own: whether an amount is enough (services/payment.py), what is said to an answer
(sentences.py), what rules are called (ui/phrases.py).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Literal

from app.domain.money import Money, amount_text
from app.domain.payment import TenderKind
from app.services.till_state import MemberPanel, TillState
from app.wording import N_, Wording
from ui import formatting, phrases
from ui.phrases import FigureLine
from ui.rows import tier_tone

TENDERS: tuple[TenderKind, ...] = ("cash", "mobile", "card")
_TENDER_WORDS: dict[TenderKind, str] = {
    "cash": N_("Cash"),
    "mobile": N_("QR payment"),
    "card": N_("Bank card"),
    "other": N_("Other"),
}
_TENDER_ICONS: dict[TenderKind, str] = {
    "cash": "cash",
    "mobile": "qrcode",
    "card": "card",
    "other": "wallet",
}
_NOTES_MAJOR = (10, 20, 50, 100)
_SMALL_NOTE_MAJOR = 5
_QUICK_MAX = 4
_LONG_WAIT_S = 20


TerminalAct = Literal["taken", "not_taken", "check", "cash"]
Acts = tuple[tuple[TerminalAct, str, str], ...]


class Phase(Enum):
    """Where taking the money stands."""

    CHOOSE = "choose"
    PROCESSING = "processing"
    BY_HAND = "by_hand"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class PayForm:
    """What only the screen knows: the tender chosen, the amount typed, the phase, a sentence."""

    tender: TenderKind = "cash"
    received: Money | None = None
    """What was typed; None = nothing (exactly what is due) or no amount."""
    phase: Phase = Phase.CHOOSE
    elapsed_s: int = 0
    notice: str = ""
    notice_tone: Literal["danger", "warning", "info"] = "danger"
    is_busy: bool = False
    """An answer is awaited: nothing may be pressed twice."""


@dataclass(frozen=True, slots=True)
class MemberHead:
    """Who pays: masked, with his tier and points."""

    name: str
    tier: str
    tone: str
    phone: str
    points: str


@dataclass(frozen=True, slots=True)
class PointsRow:
    """Paying with points: `figure` is money off; `why_not` where it cannot be switched on."""

    label: str
    label_short: str
    """Where the long one would be cut."""
    detail: str
    figure: str
    is_on: bool
    can_toggle: bool
    edit_label: str


@dataclass(frozen=True, slots=True)
class TenderView:
    """One way to pay."""

    kind: TenderKind
    label: str
    icon: str
    name: str
    """For a screen reader: says that a terminal is a simulated one."""


@dataclass(frozen=True, slots=True)
class TerminalView:
    """The right side while a terminal takes the money."""

    icon: str
    tone: str
    headline: str
    sentence: str
    amount: str
    """Empty where the headline has it."""
    label: str
    """`Simulated terminal` where no money moves; else empty."""
    is_waiting: bool
    elapsed: str
    acts: Acts
    """(act, label, key) of the buttons, the primary one last."""


@dataclass(frozen=True, slots=True)
class PaymentView:
    """The whole screen."""

    member: MemberHead | None
    rows: tuple[FigureLine, ...]
    points: PointsRow | None
    round_off: FigureLine | None
    due_label: str
    due: str
    received_icon: str
    received_tender: str
    received_label: str
    received: str
    change_label: str
    change: str
    change_tone: str
    tenders: tuple[TenderView, ...]
    chosen: TenderKind
    amount_label: str
    amount_hint: str
    """The amount that Enter takes while nothing is typed."""
    quick: tuple[str, ...]
    quick_amounts: tuple[Money, ...]
    quick_chosen: int | None
    terminal: TerminalView | None
    confirm_label: str
    can_confirm: bool
    can_go_back: bool
    notice: str
    notice_tone: str


def present(state: TillState, form: PayForm, wording: Wording) -> PaymentView:
    """The payment screen in this language."""
    t = wording.t
    is_cash = form.tender == "cash"
    due = due_of(state, form.tender)
    given = due if form.received is None or not is_cash else form.received
    quick = quick_amounts(due, state.program.currency)
    change = given - due
    is_short = change.minor < 0
    is_free = form.phase is Phase.CHOOSE and not form.is_busy
    return PaymentView(
        member=_member(state.member, state, wording) if state.member is not None else None,
        rows=tuple(phrases.total_rows(state, wording, with_points=False)),
        points=_points(state, wording),
        round_off=_round_off(state, wording) if is_cash else None,
        due_label=t("Amount due"),
        due=phrases.money(due, state),
        received_icon=_TENDER_ICONS[form.tender],
        received_tender=t(_TENDER_WORDS[form.tender]),
        received_label=t("Received") if is_cash else t("To be taken"),
        received=_figure(given, state),
        change_label=t("Still due") if is_short else t("Change"),
        change=phrases.money(Money(abs(change.minor)), state),
        change_tone=_change_tone(change),
        tenders=tuple(_tender(kind, state, wording) for kind in TENDERS),
        chosen=form.tender,
        amount_label=t("Cash received"),
        amount_hint=_figure(due, state),
        quick=tuple(_quick_text(amount, state) for amount in quick),
        quick_amounts=quick,
        quick_chosen=quick.index(given) if given in quick else None,
        terminal=None if is_cash else _terminal(state, form, wording),
        confirm_label=t("Confirm payment") if is_cash else t("Start the payment"),
        can_confirm=is_free and not is_short,
        can_go_back=is_free,
        notice=form.notice,
        notice_tone=form.notice_tone,
    )


def _round_off(state: TillState, wording: Wording) -> FigureLine | None:
    """What paying in cash takes off; None where it is nothing."""
    off = state.totals.round_off
    if not off.minor:
        return None
    return FigureLine(wording.t("Round-off (cash)"), _figure(-off, state), is_saving=True)


def due_of(state: TillState, tender: TenderKind) -> Money:
    """What this tender has to bring: cash is rounded off."""
    totals = state.totals
    return totals.due_cash if tender == "cash" else totals.due - totals.received


def points_most(state: TillState) -> int:
    """The most points this basket can take; 0 where there is nothing to switch."""
    return max(state.totals.points_redeemable, state.totals.points_used)


def tender_word(kind: TenderKind, wording: Wording) -> str:
    """What a tender is called."""
    return wording.t(_TENDER_WORDS[kind])


def tender_labels(wording: Wording) -> tuple[str, ...]:
    """What the tenders are called, in the order of their tiles."""
    return tuple(wording.t(_TENDER_WORDS[kind]) for kind in TENDERS)


def quick_amounts(due: Money, currency: str) -> tuple[Money, ...]:
    """The exact sum and the notes a customer is likely to hand over for it, ascending."""
    unit = 10 ** formatting.decimals(currency)
    notes = list(_NOTES_MAJOR)
    if due.minor < _SMALL_NOTE_MAJOR * unit:
        notes.insert(0, _SMALL_NOTE_MAJOR)
    if formatting.decimals(currency) == 0:
        notes = [note * 100 for note in notes]
    found = [due.minor]
    for note in (*notes, notes[-1] * 2, notes[-1] * 5):
        step = note * unit
        found.append(-(-due.minor // step) * step)
    above = sorted({minor for minor in found if minor > due.minor})
    return (due, *(Money(minor) for minor in above[: _QUICK_MAX - 1]))


def is_simulated(state: TillState, kind: TenderKind) -> bool:
    """Whether this tender's terminal is the demo's."""
    settings = state.settings
    chosen = {"mobile": settings.mobile_terminal, "card": settings.card_terminal}
    return chosen.get(kind) == "simulated"


# ------------------------------------------------------------------ parts


def _figure(amount: Money, state: TillState) -> str:
    return formatting.figure(amount, currency=state.program.currency)


def _quick_text(amount: Money, state: TillState) -> str:
    return formatting.short_money(amount, currency=state.program.currency)


def _change_tone(change: Money) -> str:
    if not change.minor:
        return "text_secondary"
    return "success" if change.minor > 0 else "danger"


def _tender(kind: TenderKind, state: TillState, wording: Wording) -> TenderView:
    label = wording.t(_TENDER_WORDS[kind])
    name = label
    if is_simulated(state, kind):
        name = f"{label}{wording.t(': ')}{wording.t('Simulated terminal')}"
    return TenderView(kind, label, _TENDER_ICONS[kind], name)


def _member(member: MemberPanel, state: TillState, wording: Wording) -> MemberHead:
    tone = tier_tone(member.tier_rank, state.program.tier_count)
    return MemberHead(
        name=member.name_masked or wording.t("Member"),
        tier=phrases.words(member.tier_words, wording),
        tone=tone,
        phone=member.phone_masked or member.card_masked,
        points=wording.t("Points {points}", points=formatting.points(member.points)),
    )


def _points(state: TillState, wording: Wording) -> PointsRow | None:
    """None for a walk-in, and where the member has none to spend."""
    member, totals, t = state.member, state.totals, wording.t
    if member is None:
        return None
    label = t("Pay with points")
    if totals.points_used:
        left = member.points - totals.points_used - totals.points_for_goods
        detail = t("{points} points, {left} left", points=formatting.points(totals.points_used),
                   left=formatting.points(left))  # fmt: skip
        figure = _figure(-totals.points_off, state)
        return PointsRow(label, t("Points"), detail, figure, True, True, t("Another number"))
    if totals.points_redeemable:
        detail = t("Up to {points} points can be used",
                   points=formatting.points(totals.points_redeemable))  # fmt: skip
        return PointsRow(label, t("Points"), detail, "", False, True, t("Another number"))
    if member.points <= 0:
        return None
    refused = next((why for why in state.not_applied if why.rule == "points"), None)
    if refused is not None:
        detail = phrases.why_not(refused, state, wording)
    elif member.points_today_left == 0 and member.identified_by in ("phone", "name"):
        detail = t("Scan the member card to use points")
    else:
        detail = t("Points cannot be used on this basket")
    return PointsRow(label, t("Points"), detail, "", False, False, "")


def _terminal(state: TillState, form: PayForm, wording: Wording) -> TerminalView:
    t = wording.t
    amount = phrases.money(due_of(state, form.tender), state)
    icon = _TENDER_ICONS[form.tender]
    simulated = is_simulated(state, form.tender)
    label = t("Simulated terminal: no money moves") if simulated else ""
    match form.phase:
        case Phase.CHOOSE:
            sentence = _invitation(form.tender, wording, simulated=simulated)
            headline = t(_TENDER_WORDS[form.tender])
            return TerminalView(icon, "primary", headline, sentence, amount, label, False, "", ())
        case Phase.PROCESSING:
            headline = t("Taking {amount}…", amount=amount)
            sentence = t("Wait for the answer of the terminal.")
            if form.elapsed_s >= _LONG_WAIT_S:
                sentence = t("This takes longer than usual. Keep waiting; do not charge again.")
            elapsed = wording.n("{count} second", "{count} seconds", form.elapsed_s)
            return TerminalView(icon, "primary", headline, sentence, "", label, True, elapsed, ())
        case Phase.BY_HAND:
            headline = t("Was it paid on the other terminal?")
            sentence = t(
                "Take {amount} on the separate terminal, then say here what it showed.",
                amount=amount,
            )
            acts: Acts = (
                ("not_taken", t("Not paid"), "Del"),
                ("taken", t("Paid"), "Ctrl+Enter"),
            )
            return TerminalView(icon, "primary", headline, sentence, amount, label, False, "", acts)
        case Phase.UNKNOWN:
            headline = t(
                "We do not know yet whether this was paid. Check first; do not charge again."
            )
            sentence = t("The basket is kept as it is. Nothing is lost.")
            acts = (("cash", t("Use cash instead"), ""), ("check", t("Check the result"), "Enter"))
            return TerminalView("help", "warning", headline, sentence, amount, label,
                                form.is_busy, "", acts)  # fmt: skip


def _invitation(kind: TenderKind, wording: Wording, *, simulated: bool) -> str:
    if kind == "mobile":
        return wording.t("Scan the payment code on the customer's phone: it is charged at once.")
    if simulated:
        return wording.t("Start the payment, then the customer's card is read.")
    return wording.t("Start the payment, then take the amount on the separate terminal.")


def typed_text(amount: Money, currency: str) -> str:
    """An amount as it would be typed: `120`, `113.40`."""
    return amount_text(amount, formatting.decimals(currency))

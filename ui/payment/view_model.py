"""Payment view model: snapshot and form as texts. Pure: no Qt, no service, no clock.

Owns: what stands on the payment screen in each phase. Does not own: which amounts are likely
(likely.py), what was taken so far (taken.py), terminals' words (terminal_view.py), whether an
amount is enough (services/payment.py), what is said to an answer (sentences.py), what rules are
called (ui/phrases.py).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Literal

from app.domain.money import Money
from app.domain.payment import TenderKind
from app.services.till_state import MemberPanel, TillState
from app.wording import Wording
from ui import formatting, phrases
from ui.payment import terminal_view as terminal
from ui.payment.likely import quick_amounts, split_amounts, typed_text
from ui.payment.taken import TakenView, has_parts, sums_in_parts, taken_rows
from ui.payment.terminal_view import ICONS, Acts, Asked, TerminalView, tender_word
from ui.phrases import FigureLine
from ui.redeem_words import redeem_words
from ui.rows import tier_tone

TENDERS: tuple[TenderKind, ...] = ("cash", "mobile", "card")
NoticeTone = Literal["danger", "warning", "info", "success"]


class Phase(Enum):
    """Where taking the money stands."""

    CHOOSE = "choose"
    PROCESSING = "processing"
    BY_HAND = "by_hand"
    UNKNOWN = "unknown"
    GIVING_BACK = "giving_back"
    BACK_BY_HAND = "back_by_hand"
    BACK_UNKNOWN = "back_unknown"


@dataclass(frozen=True, slots=True)
class PayForm:
    """What only the screen knows: the tender chosen, the amount typed, the phase, a sentence."""

    tender: TenderKind = "cash"
    received: Money | None = None
    """What was typed; None = nothing (exactly what is due) or no amount."""
    wants_split: bool = False
    """What is typed may be a part of what is due."""
    phase: Phase = Phase.CHOOSE
    asked: Money | None = None
    """What a terminal is asked for; None = none is."""
    elapsed_s: int = 0
    notice: str = ""
    notice_tone: NoticeTone = "danger"
    is_busy: bool = False
    """An answer is awaited: nothing may be pressed twice."""


def is_split(state: TillState, form: PayForm) -> bool:
    """Whether a part of what is due can be taken: as wished, and always once one was."""
    return form.wants_split or has_parts(state)


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
    detail_short: str
    """Where the long one would be cut."""
    how: str
    """Which way they go, and why no more; empty where the shop has no server."""
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
class ChangeView:
    """What is handed over or asked for, and what comes back or stays to pay."""

    icon: str
    tender: str
    received_label: str
    received: str
    label: str
    figure: str
    tone: str
    is_possible: bool
    """Whether so much can be taken by this tender."""


@dataclass(frozen=True, slots=True)
class EntryView:
    """Where the amount is typed."""

    label: str
    hint: str
    """The amount that Enter takes while nothing is typed."""
    quick: tuple[str, ...]
    """The likely amounts as they are shown."""
    typed: tuple[str, ...]
    """The same as they would be typed."""
    chosen: int | None


@dataclass(frozen=True, slots=True)
class PaymentView:
    """The whole screen."""

    member: MemberHead | None
    rows: tuple[FigureLine, ...]
    points: PointsRow | None
    round_off: FigureLine | None
    taken: tuple[TakenView, ...]
    """The parts that were taken so far."""
    due_label: str
    due: str
    change: ChangeView
    tenders: tuple[TenderView, ...]
    chosen: TenderKind
    split_label: str
    is_split: bool
    entry: EntryView
    terminal: TerminalView | None
    confirm_label: str
    can_confirm: bool
    can_go_back: bool
    notice: str
    notice_tone: str


def present(state: TillState, form: PayForm, wording: Wording) -> PaymentView:
    """The payment screen in this language."""
    t = wording.t
    is_cash, in_parts = form.tender == "cash", bool(state.tenders)
    due = due_of(state, form.tender)
    takes_amount = is_cash or is_split(state, form)
    given = form.received if form.received is not None and takes_amount else due
    change = _change(given, due, state, form, wording)
    is_free = form.phase is Phase.CHOOSE and not form.is_busy
    return PaymentView(
        member=_member(state.member, state, wording) if state.member is not None else None,
        rows=sums_in_parts(state, wording)
        if in_parts
        else tuple(phrases.total_rows(state, wording, with_points=False)),
        points=None if in_parts else _points(state, wording),
        round_off=_round_off(state, wording) if is_cash else None,
        taken=taken_rows(state, wording),
        due_label=t("Still to pay") if in_parts else t("Amount due"),
        due=phrases.money(due, state),
        change=change,
        tenders=tuple(_tender(kind, state, wording) for kind in TENDERS),
        chosen=form.tender,
        split_label=t("Split payment"),
        is_split=is_split(state, form),
        entry=_entry(given, due, state, form, wording),
        terminal=_terminal(state, form, wording),
        confirm_label=_confirm_label(is_split(state, form) and given < due, form, wording),
        can_confirm=is_free and change.is_possible,
        can_go_back=is_free,
        notice=form.notice,
        notice_tone=form.notice_tone,
    )


def _change(
    given: Money, due: Money, state: TillState, form: PayForm, wording: Wording
) -> ChangeView:
    t, change = wording.t, given - due
    label, tone, is_possible = t("Change"), _change_tone(change), True
    if change.minor < 0 and is_split(state, form):
        label, tone = t("Still to pay after it"), "text_primary"
    elif change.minor < 0:
        label, is_possible = t("Still due"), False
    elif change.minor > 0 and form.tender != "cash":
        label, tone, is_possible = t("More than is due"), "danger", False
    return ChangeView(
        icon=ICONS[form.tender],
        tender=tender_word(form.tender, wording),
        received_label=_received_label(form, wording),
        received=_figure(form.asked or given, state),
        label=label,
        figure=phrases.money(Money(abs(change.minor)), state),
        tone=tone,
        is_possible=is_possible,
    )


def _received_label(form: PayForm, wording: Wording) -> str:
    if form.phase in (Phase.GIVING_BACK, Phase.BACK_BY_HAND, Phase.BACK_UNKNOWN):
        return wording.t("To be given back")
    return wording.t("Received") if form.tender == "cash" else wording.t("To be taken")


def _entry(
    given: Money, due: Money, state: TillState, form: PayForm, wording: Wording
) -> EntryView:
    currency, in_parts = state.program.currency, is_split(state, form)
    likely = split_amounts(due, currency) if in_parts else quick_amounts(due, currency)
    return EntryView(
        label=_amount_label(form, wording, in_parts=in_parts),
        hint=_figure(due, state),
        quick=tuple(_quick_text(amount, state) for amount in likely),
        typed=tuple(typed_text(amount, currency) for amount in likely),
        chosen=likely.index(given) if given in likely else None,
    )


def _amount_label(form: PayForm, wording: Wording, *, in_parts: bool) -> str:
    t = wording.t
    match form.tender:
        case "cash":
            return t("Part in cash") if in_parts else t("Cash received")
        case "mobile":
            return t("Amount, then scan the code")
        case _:
            return t("{tender}: amount", tender=tender_word(form.tender, wording))


def _confirm_label(is_part: bool, form: PayForm, wording: Wording) -> str:
    if form.tender != "cash":
        return wording.t("Start the payment")
    return wording.t("Take this part") if is_part else wording.t("Confirm payment")


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


def tender_labels(wording: Wording) -> tuple[str, ...]:
    """What the tenders are called, in the order of their tiles."""
    return tuple(tender_word(kind, wording) for kind in TENDERS)


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
    label = tender_word(kind, wording)
    name = label
    if terminal.is_simulated(state, kind):
        name = wording.t("{tender}: simulated terminal", tender=label)
    return TenderView(kind, label, ICONS[kind], name)


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
    label, short, other = t("Pay with points"), t("Points"), t("Another number")
    used = totals.points_used
    how = redeem_words(state.redeem, used or totals.points_redeemable, wording)
    if used:
        left = member.points - used - totals.points_for_goods
        detail = t("{points} points, {left} left", points=formatting.points(used),
                   left=formatting.points(left))  # fmt: skip
        rest = t("{left} left", left=formatting.points(left))
        figure = _figure(-totals.points_off, state)
        return PointsRow(label, short, detail, rest, how, figure, True, True, other)
    if totals.points_redeemable:
        detail = t("Up to {points} points can be used",
                   points=formatting.points(totals.points_redeemable))  # fmt: skip
        most = t("Up to {points}", points=formatting.points(totals.points_redeemable))
        return PointsRow(label, short, detail, most, how, "", False, True, other)
    if member.points <= 0:
        return None
    if state.redeem.most == 0:
        return PointsRow(
            label, short, t("No points can be used now"), "", how, "", False, False, ""
        )
    refused = next((why for why in state.not_applied if why.rule == "points"), None)
    if refused is not None:
        detail = phrases.why_not(refused, state, wording)
    elif member.points_today_left == 0 and member.identified_by in ("phone", "name"):
        detail = t("Scan the member card to use points")
    else:
        detail = t("Points cannot be used on this basket")
    return PointsRow(label, short, detail, "", "", "", False, False, "")


def _terminal(state: TillState, form: PayForm, wording: Wording) -> TerminalView | None:
    """None: an amount is typed, not a terminal watched."""
    if form.phase is Phase.CHOOSE and (form.tender == "cash" or is_split(state, form)):
        return None
    kind = form.tender
    amount = phrases.money(form.asked or due_of(state, kind), state)
    label = terminal.simulated_label(state, kind, wording)
    asked = Asked(kind, amount, form.elapsed_s, form.is_busy, label)
    match form.phase:
        case Phase.CHOOSE:
            simulated = terminal.is_simulated(state, kind)
            return terminal.ready_to_take(asked, wording, simulated=simulated)
        case Phase.PROCESSING:
            return terminal.taking(asked, wording)
        case Phase.BY_HAND:
            return terminal.taken_by_hand(asked, wording)
        case Phase.UNKNOWN:
            return terminal.taken_or_not(asked, wording)
        case Phase.GIVING_BACK:
            return terminal.giving(asked, wording)
        case Phase.BACK_BY_HAND:
            return terminal.given_by_hand(asked, wording)
        case Phase.BACK_UNKNOWN:
            sentence = wording.t("It counts as paid until the terminal says that it went back.")
            keep: Acts = (("keep", wording.t("Count it as paid"), ""),)
            return terminal.given_or_not(asked, wording, sentence=sentence, acts=keep)

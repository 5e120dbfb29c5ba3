"""Sentences of the shift: reasons, refusals and warnings as people read them. Pure.

Owns: the words for what the shift's services answer. Does not own: answers every screen knows
(ui/said.py), the approval panel's (ui/approval), papers (devices).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import get_args

from app.domain.cash_count import PIECES_MAX, CountRefusal, CountRefused
from app.domain.rights import LimitMissing
from app.domain.shift import NOTE_LENGTH_MAX, AmountRefused, ClockDrifts, ReasonRefused
from app.domain.shift_fact import Move
from app.services.approval import ActForbidden
from app.services.drawer import DrawerReason
from app.services.shift import CountFirst, DayBeforeLastShift, ShiftWarning
from app.services.shift_close import BasketOpen, NoCountsLeft, RefundOpen
from app.services.shift_report import ZUnknown
from app.services.shop import ClockBehind
from app.services.till_state import TillState
from app.wording import N_, Wording
from ui import formatting
from ui.said import said

DRAWER_REASONS: tuple[DrawerReason, ...] = get_args(DrawerReason)
REASON_WORDS: Mapping[str, str] = {
    "wrong_change": N_("Wrong change given"),
    "miscount": N_("Counted wrongly"),
    "wrong_tender": N_("Rung up as another tender"),
    "missing_slip": N_("A slip is missing"),
    "unknown": N_("Nobody knows why"),
    "other": N_("Other reason"),
    "change": N_("Change money"),
    "deposit": N_("Money brought in"),
    "correction": N_("Correction"),
    "purchase": N_("Bought something for the shop"),
    "expense": N_("Expenses"),
    "safe": N_("Into the safe"),
    "bank": N_("To the bank"),
    "change_money": N_("Change a note for a customer"),
    "stuck": N_("The drawer was stuck"),
    "check": N_("Look into the drawer"),
}
MOVE_WORDS: Mapping[Move, str] = {
    "in": N_("Cash in"),
    "out": N_("Cash out"),
    "drop": N_("Safe drop"),
}
_MOVED: Mapping[Move, str] = {
    "in": N_("{amount} put into the drawer, recorded."),
    "out": N_("{amount} taken out of the drawer, recorded."),
    "drop": N_("{amount} dropped into the safe, recorded."),
}
_COUNTS: Mapping[CountRefusal, str] = {
    "format": N_("Whole only"),
    "negative": N_("Below zero"),
    "too_many": N_("Max. {limit}"),
    "unknown": N_("This shop does not count it"),
}
_AMOUNTS: Mapping[str, str] = {
    "zero": N_("Type how much it is."),
    "negative": N_("Not below zero"),
    "too_large": N_("That is more than a drawer holds."),
    "more_than_in_drawer": N_("So much cash cannot lie in this drawer."),
    "more_than_counted": N_("No more can stay than was counted."),
}
_REASONS: Mapping[str, str] = {
    "unknown_reason": N_("Choose one of the reasons."),
    "note_missing": N_("Say in a few words why."),
    "note_too_long": N_("At most {limit} characters."),
    "note_lines": N_("One line only."),
}
_PLAIN: Mapping[type, str] = {
    CountFirst: N_("Cash has moved since the count: count the drawer again."),
    BasketOpen: N_("Goods are in the basket: take the money, hold the sale or void it first."),
    RefundOpen: N_("A refund is not finished: finish it or give it up first."),
    NoCountsLeft: N_("It was counted twice: close the shift, or go back to selling."),
    ActForbidden: N_("Your role may not do this, also not with an approval."),
    LimitMissing: N_("Nobody has set what your role may do here. Tell the store manager."),
    ZUnknown: N_("This till has no such Z report."),
}


def moved_sentence(move: Move, amount: str, wording: Wording) -> str:
    """Cash was moved: what and how much."""
    return wording.t(_MOVED[move], amount=amount)


def count_error(reason: CountRefusal, wording: Wording) -> str:
    """What is wrong with what was typed beside one denomination."""
    return wording.t(_COUNTS[reason], limit=f"{PIECES_MAX:,}")


def reason_error(answer: ReasonRefused, wording: Wording) -> str:
    """What is wrong with a reason or its note."""
    return wording.t(_REASONS[answer.why], limit=NOTE_LENGTH_MAX)


def sentence(answer: object, state: TillState, wording: Wording) -> str:
    """What to say to an answer that did not do what was asked."""
    match answer:
        case CountRefused(reason=reason):
            return count_error(reason, wording)
        case AmountRefused(reason):
            return wording.t(_AMOUNTS[reason])
        case ReasonRefused():
            return reason_error(answer, wording)
        case _:
            plain = _PLAIN.get(type(answer))
            return wording.t(plain) if plain else said(answer, state, wording).sentence


def warning_sentence(warning: ShiftWarning, wording: Wording) -> str:
    """What is odd about the clock; it stops nobody."""
    match warning:
        case ClockDrifts(offset_ms):
            minutes = abs(offset_ms) // 60_000
            return wording.n(
                "The clock of this till is {count} minute off. Check date and time.",
                "The clock of this till is {count} minutes off. Check date and time.",
                minutes,
            )
        case ClockBehind():
            return wording.t("The clock stands before the last sale. Check date and time.")
        case DayBeforeLastShift(day, last_day):
            return wording.t(
                "The clock says {day}, the last shift was on {last}. Check date and time.",
                day=formatting.day(day),
                last=formatting.day(last_day),
            )

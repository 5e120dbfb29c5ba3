"""Terminal view: a terminal that gives a refund back, from the question to a known answer. Pure.

Owns: the phases, and what a refund says where a terminal cannot give. Does not own: the steps
(giving_back.py), what is said while a terminal is asked (ui/payment/terminal_view.py), the panel's
widgets (ui/payment/parts.py).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import assert_never

from app.domain.money import ZERO, Money
from app.domain.payment import TenderKind
from app.services.till_state import TillState
from app.wording import N_, Wording
from ui import formatting
from ui.payment import terminal_view as terminal
from ui.payment.terminal_view import Acts, Asked, TerminalView, tender_word

_LONG_WAIT_S = 10


class Phase(Enum):
    """Where giving the money back stands."""

    CHOOSE = "choose"
    PROCESSING = "processing"
    BY_HAND = "by_hand"
    REFUSED = "refused"
    NO_TERMINAL = "no_terminal"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class TerminalForm:
    """What is under way. `reason`: why a terminal said no."""

    phase: Phase = Phase.CHOOSE
    kind: TenderKind = "mobile"
    amount: Money = ZERO
    reason: str = ""
    elapsed_s: int = 0
    is_busy: bool = False


_REASONS = {
    "not_found": N_("The terminal never heard of it. Nothing went back."),
    "other": N_("The terminal refused. Nothing went back."),
}


def not_given_sentence(reason: str, wording: Wording) -> str:
    """Why a terminal gave nothing back."""
    return wording.t(_REASONS.get(reason, _REASONS["other"]))


def present_terminal(form: TerminalForm, till: TillState, wording: Wording) -> TerminalView | None:
    """What the right side shows while a terminal is needed; None: none is."""
    amount = formatting.money(form.amount, currency=till.program.currency)
    asked = Asked(form.kind, amount, form.elapsed_s, form.is_busy)
    in_cash: Acts = (("cash", wording.t("Give it in cash"), ""),)
    match form.phase:
        case Phase.CHOOSE:
            return None
        case Phase.PROCESSING:
            return terminal.giving(asked, wording, long_wait_s=_LONG_WAIT_S)
        case Phase.BY_HAND:
            return terminal.given_by_hand(asked, wording)
        case Phase.REFUSED:
            return _refused(asked, form.reason, in_cash, wording)
        case Phase.NO_TERMINAL:
            return _no_terminal(asked, in_cash, wording)
        case Phase.UNKNOWN:
            sentence = wording.t("The refund is kept as it is. Nothing is lost.")
            return terminal.given_or_not(asked, wording, sentence=sentence, acts=in_cash)
        case never:
            assert_never(never)


def _refused(asked: Asked, reason: str, in_cash: Acts, wording: Wording) -> TerminalView:
    t = wording.t
    headline = t("Not given back by {tender}", tender=tender_word(asked.kind, wording))
    acts: Acts = (*in_cash, ("check", t("Try again"), "Enter"))
    sentence = not_given_sentence(reason, wording)
    return TerminalView(
        "alert-circle", "danger", headline, sentence, asked.amount, "", asked.is_busy, "", acts
    )


def _no_terminal(asked: Asked, in_cash: Acts, wording: Wording) -> TerminalView:
    t = wording.t
    word = tender_word(asked.kind, wording)
    headline = t("No terminal here gives back to {tender}", tender=word)
    sentence = t("Give this part in cash. It may need an approval.")
    return TerminalView(
        terminal.ICONS[asked.kind], "warning", headline, sentence, asked.amount, "",
        asked.is_busy, "", in_cash,
    )  # fmt: skip

"""Terminal view: a terminal that gives money back, from the question to a known answer. Pure.

Owns: the phases and what each says. Does not own: the steps (giving_back.py), the panel's widgets
(ui/payment/parts.py).
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
from ui.payment.view_model import Acts, TerminalView, tender_word

_LONG_WAIT_S = 10
_ICONS = {"mobile": "qrcode", "card": "card"}


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


_UNKNOWN = N_("We do not know yet whether this went back. Check first; do not give it twice.")
_REASONS = {
    "not_found": N_("The terminal never heard of it. Nothing went back."),
    "other": N_("The terminal refused. Nothing went back."),
}


def present_terminal(form: TerminalForm, till: TillState, wording: Wording) -> TerminalView | None:
    """What the right side shows while a terminal is needed; None: none is."""
    t = wording.t
    amount = formatting.money(form.amount, currency=till.program.currency)
    icon, word = _ICONS.get(form.kind, "card"), tender_word(form.kind, wording)
    acts: Acts = (("cash", t("Give it in cash"), ""),)
    tone = "warning"
    match form.phase:
        case Phase.CHOOSE:
            return None
        case Phase.PROCESSING:
            return _processing(form, icon, amount, wording)
        case Phase.BY_HAND:
            tone = "primary"
            headline = t("Did the other terminal give it back?")
            sentence = t(
                "Give {amount} back on the separate terminal, then say here what it showed.",
                amount=amount,
            )
            acts = (
                ("not_taken", t("Not given back"), "Del"),
                ("taken", t("Given back"), "Ctrl+Enter"),
            )
        case Phase.REFUSED:
            icon, tone = "alert-circle", "danger"
            headline = t("Not given back by {tender}", tender=word)
            sentence = t(_REASONS.get(form.reason, _REASONS["other"]))
            acts = (*acts, ("check", t("Try again"), "Enter"))
        case Phase.NO_TERMINAL:
            headline = t("No terminal here gives back to {tender}", tender=word)
            sentence = t("Give this part in cash. It may need an approval.")
        case Phase.UNKNOWN:
            icon = "help"
            headline = t(_UNKNOWN)
            sentence = t("The refund is kept as it is. Nothing is lost.")
            acts = (*acts, ("check", t("Check the result"), "Enter"))
        case never:
            assert_never(never)
    return TerminalView(icon, tone, headline, sentence, amount, "", form.is_busy, "", acts)


def _processing(form: TerminalForm, icon: str, amount: str, wording: Wording) -> TerminalView:
    t = wording.t
    sentence = t("Wait for the answer of the terminal.")
    if form.elapsed_s >= _LONG_WAIT_S:
        sentence = t("This takes longer than usual. Keep waiting; do not ask it again.")
    elapsed = wording.n("{count} second", "{count} seconds", form.elapsed_s)
    headline = t("Giving {amount} back…", amount=amount)
    return TerminalView(icon, "primary", headline, sentence, "", "", True, elapsed, ())

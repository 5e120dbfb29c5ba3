"""Terminal view: what a terminal does, taking money or giving it back. Pure: no Qt, no service.

Owns: the right side of a screen from the question to a known answer, in both directions. Does not
own: the steps (terminal_flow.py, giving_back.py), the panel's widgets (parts.py), refunds' own
refusals (ui/refund/terminal_view.py).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from app.domain.payment import TenderKind
from app.services.till_state import TillState
from app.wording import N_, Wording

_WORDS: dict[TenderKind, str] = {
    "cash": N_("Cash"),
    "mobile": N_("QR payment"),
    "card": N_("Bank card"),
    "other": N_("Other"),
}
ICONS: dict[TenderKind, str] = {
    "cash": "cash",
    "mobile": "qrcode",
    "card": "card",
    "other": "wallet",
}
_LONG_WAIT_S = 20

TerminalAct = Literal["taken", "not_taken", "check", "cash", "keep"]
Acts = tuple[tuple[TerminalAct, str, str], ...]


@dataclass(frozen=True, slots=True)
class TerminalView:
    """The right side while a terminal is asked."""

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
class Asked:
    """What a terminal is asked for. `amount` as it is shown."""

    kind: TenderKind
    amount: str
    elapsed_s: int = 0
    is_busy: bool = False
    label: str = ""


def tender_word(kind: TenderKind, wording: Wording) -> str:
    """What a tender is called."""
    return wording.t(_WORDS[kind])


def is_simulated(state: TillState, kind: TenderKind) -> bool:
    """Whether this tender's terminal is the demo's."""
    settings = state.settings
    chosen = {"mobile": settings.mobile_terminal, "card": settings.card_terminal}
    return chosen.get(kind) == "simulated"


def simulated_label(state: TillState, kind: TenderKind, wording: Wording) -> str:
    """Said above a terminal that moves no money; else empty."""
    simulated = is_simulated(state, kind)
    return wording.t("Simulated terminal: no money moves") if simulated else ""


# ------------------------------------------------------------------ taking


def invitation(kind: TenderKind, wording: Wording, *, simulated: bool) -> str:
    """What to do before the terminal is asked."""
    if kind == "mobile":
        return wording.t("Scan the payment code on the customer's phone: it is charged at once.")
    if simulated:
        return wording.t("Start the payment, then the customer's card is read.")
    return wording.t("Start the payment, then take the amount on the separate terminal.")


def ready_to_take(asked: Asked, wording: Wording, *, simulated: bool) -> TerminalView:
    """Nothing is asked yet."""
    sentence = invitation(asked.kind, wording, simulated=simulated)
    return TerminalView(
        ICONS[asked.kind], "primary", tender_word(asked.kind, wording), sentence, asked.amount,
        asked.label, False, "", (),
    )  # fmt: skip


def taking(asked: Asked, wording: Wording) -> TerminalView:
    """The terminal is taking the money."""
    t = wording.t
    sentence = t("Wait for the answer of the terminal.")
    if asked.elapsed_s >= _LONG_WAIT_S:
        sentence = t("This takes longer than usual. Keep waiting; do not charge again.")
    headline = t("Taking {amount}…", amount=asked.amount)
    return _waiting(asked, headline, sentence, wording)


def taken_by_hand(asked: Asked, wording: Wording) -> TerminalView:
    """A separate terminal: the cashier says what it showed."""
    t = wording.t
    sentence = t(
        "Take {amount} on the separate terminal, then say here what it showed.",
        amount=asked.amount,
    )
    acts: Acts = (("not_taken", t("Not paid"), "Del"), ("taken", t("Paid"), "Ctrl+Enter"))
    headline = t("Was it paid on the other terminal?")
    return TerminalView(
        ICONS[asked.kind], "primary", headline, sentence, asked.amount, asked.label, False, "", acts
    )


def taken_or_not(asked: Asked, wording: Wording) -> TerminalView:
    """Nobody knows whether the money was taken."""
    t = wording.t
    headline = t("We do not know yet whether this was paid. Check first; do not charge again.")
    sentence = t("The basket is kept as it is. Nothing is lost.")
    acts: Acts = (
        ("cash", t("Use cash instead"), ""), ("check", t("Check the result"), "Enter")
    )  # fmt: skip
    return TerminalView(
        "help", "warning", headline, sentence, asked.amount, asked.label, asked.is_busy, "", acts
    )


# ------------------------------------------------------------------ giving back


def giving(asked: Asked, wording: Wording, *, long_wait_s: int = _LONG_WAIT_S) -> TerminalView:
    """The terminal is giving the money back."""
    t = wording.t
    sentence = t("Wait for the answer of the terminal.")
    if asked.elapsed_s >= long_wait_s:
        sentence = t("This takes longer than usual. Keep waiting; do not ask it again.")
    return _waiting(asked, t("Giving {amount} back…", amount=asked.amount), sentence, wording)


def given_by_hand(asked: Asked, wording: Wording) -> TerminalView:
    """A separate terminal: the cashier says whether it gave the money back."""
    t = wording.t
    headline = t("Did the other terminal give it back?")
    sentence = t(
        "Give {amount} back on the separate terminal, then say here what it showed.",
        amount=asked.amount,
    )
    acts: Acts = (
        ("not_taken", t("Not given back"), "Del"),
        ("taken", t("Given back"), "Ctrl+Enter"),
    )
    return TerminalView(
        ICONS[asked.kind], "primary", headline, sentence, asked.amount, asked.label,
        asked.is_busy, "", acts,
    )  # fmt: skip


def given_or_not(asked: Asked, wording: Wording, *, sentence: str, acts: Acts) -> TerminalView:
    """Nobody knows whether the money went back. `acts`: what is possible beside checking."""
    t = wording.t
    headline = t("We do not know yet whether this went back. Check first; do not give it twice.")
    check: Acts = (("check", t("Check the result"), "Enter"),)
    return TerminalView(
        "help", "warning", headline, sentence, asked.amount, asked.label, asked.is_busy, "",
        (*acts, *check),
    )  # fmt: skip


def _waiting(asked: Asked, headline: str, sentence: str, wording: Wording) -> TerminalView:
    elapsed = wording.n("{count} second", "{count} seconds", asked.elapsed_s)
    return TerminalView(
        ICONS[asked.kind], "primary", headline, sentence, "", asked.label, True, elapsed, ()
    )

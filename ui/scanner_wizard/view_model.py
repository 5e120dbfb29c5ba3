"""View model of the wizard: what it asks, what it found, what is wrong and the cure. Pure.

Owns: every sentence of the wizard. Does not own: what is judged (learning.py, wizard_state.py).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from app.wording import N_, Wording
from ui.scanner_wizard.learning import (
    SCANS,
    TEST_CODE,
    Garbled,
    Learned,
    NotTheSame,
    SignsAround,
    TooShort,
    TooSlow,
)
from ui.scanner_wizard.wizard_state import NothingCame, PortShut, Rubbish, Trouble, WizardState

_GARBLED: Mapping[str, str] = {
    "capitals_swapped": N_(
        "Capitals and small letters are swapped: Caps Lock is on. Switch it off, then scan again."
    ),
    "capitals_only": N_(
        'Only capitals arrive: the scanner changes letters. Switch "upper case" off with the code '
        "in its manual, then scan again."
    ),
    "small_only": N_(
        'Only small letters arrive: the scanner changes letters. Switch "lower case" off with '
        "the code in its manual, then scan again."
    ),
    "french": N_(
        "Letters are mixed up: this computer's keyboard is French (AZERTY), the scanner's is "
        "American. Set the scanner to French with the code in its manual, then scan again."
    ),
    "german": N_(
        "Signs are mixed up: this computer's keyboard is German (QWERTZ), the scanner's is "
        "American. Set the scanner to German with the code in its manual, then scan again."
    ),
    "spanish": N_(
        "Signs are mixed up: this computer's keyboard is Spanish or Italian, the scanner's is "
        "American. Set the scanner to that country with the code in its manual, then scan again."
    ),
    "russian": N_(
        "Letters are mixed up: this computer's keyboard is Russian. Switch it to English, then "
        "scan again."
    ),
    "full_width": N_(
        "Wide letters arrive: a Chinese input method is on. Switch it to English, then scan again."
    ),
    "no_figures": N_(
        "The figures are missing: the scanner sends them as number keys and Num Lock is off. "
        "Switch Num Lock on, then scan again."
    ),
}
_ENDS: Mapping[str, str] = {
    "enter": N_("Enter"),
    "tab": N_("Tab"),
    "none": N_("none"),
}


@dataclass(frozen=True, slots=True)
class WizardView:
    """What the dialog shows. `facts`: label and value; `next_baud`: the speed to try, or 0."""

    title: str
    sentence: str
    code: str
    ticks: int
    trouble: str
    warning: str
    facts: tuple[tuple[str, str], ...]
    typing_hint: str
    typing_good: str
    keep: str
    can_keep: bool
    next_baud: int


def present(state: WizardState, wording: Wording, *, next_baud: int = 0) -> WizardView:
    """The wizard in a state. `next_baud`: the speed that rubbish would be cured by."""
    t = wording.t
    learned = state.learned
    is_rubbish = isinstance(state.trouble, Rubbish)
    return WizardView(
        title=t("Learn the scanner"),
        sentence=_sentence(state, wording),
        code=TEST_CODE,
        ticks=SCANS if learned else len(state.scans),
        trouble=trouble_words(state.trouble, wording) if state.trouble else "",
        warning=_warning(learned, wording) if learned and not state.trouble else "",
        facts=_facts(state, learned, wording) if learned else (),
        typing_hint=t("Type by hand: letters stay here."),
        typing_good=t("Typing stays typing.") if state.types else "",
        keep=t("Keep these settings"),
        can_keep=state.phase == "proved",
        next_baud=next_baud if is_rubbish else 0,
    )


def trouble_words(trouble: Trouble, wording: Wording) -> str:
    """What happened and what to do about it."""
    t = wording.t
    match trouble:
        case Garbled("unknown", text):
            return t(
                "Another text arrived than the code says: {text}. Scan the code shown here, and "
                "nothing else; reset the scanner with the code in its manual if it stays so.",
                text=_shown(text),
            )
        case Garbled(how):
            return t(_GARBLED[how])
        case TooSlow(gap_ms):
            return t(
                "The signs come {gap} ms apart: nobody can tell that from typing. Set the pause "
                "between signs to 0 in the scanner's manual, or let it send a sign before each "
                "code.",
                gap=gap_ms,
            )
        case SignsAround(before, behind):
            return t(
                "The scanner adds signs to the code ({signs}). Switch its prefix and suffix off "
                "with the code in its manual; only Enter at the end is of use.",
                signs=" … ".join(filter(None, (_shown(before), _shown(behind)))),
            )
        case NotTheSame():
            return t("The three scans differ. Scan the same code three times, one after another.")
        case TooShort():
            return t("Too short for a code. Scan the code shown here; typing by hand is no scan.")
        case _:
            return _line_words(trouble, wording)


def _line_words(trouble: NothingCame | Rubbish | PortShut, wording: Wording) -> str:
    t = wording.t
    match trouble:
        case NothingCame():
            return t(
                "Nothing arrived. Is the cable in and does the scanner beep? If it beeps, it may "
                "speak over a serial port: choose it below."
            )
        case Rubbish():
            return t(
                "Only rubbish arrives: the port and the scanner speak at different speeds. Try the "
                "next speed, then scan again."
            )
        case PortShut():
            return t(
                "This port cannot be opened: the scanner is not plugged in, or another program "
                "holds it. Plug it in or close that program, then choose the port again."
            )


def _sentence(state: WizardState, wording: Wording) -> str:
    t = wording.t
    match state.phase:
        case "trying":
            return t("Learned. Scan the code once more to try it.")
        case "proved":
            return t("The scan arrived whole, once, and typed nothing. Keep the settings.")
        case _:
            return t(
                "Scan this code three times. If the scanner cannot read screens, scan any one "
                "item three times."
            )


def _warning(learned: Learned, wording: Wording) -> str:
    t = wording.t
    if learned.end == "none":
        return t(
            "The scanner sends no Enter: codes of less than 8 signs are not recognised. Better set "
            '"Enter after each code" at the scanner and learn it again.'
        )
    if learned.is_slow:
        return t(
            "A slow scanner: while a text field has the focus, its scans are typed into it. Let it "
            "send a sign before each code, and this is over."
        )
    if not learned.letters_proved:
        return t("Letters were not proved: another code than this one was scanned.")
    return ""


def _facts(state: WizardState, learned: Learned, wording: Wording) -> tuple[tuple[str, str], ...]:
    t = wording.t
    prefix = f"ASCII {ord(learned.prefix)}" if learned.prefix else t("none")
    rows = [
        (t("Sign before each code"), prefix),
        (t("End of a code"), t(_ENDS[learned.end])),
        (t("AIM identifier"), t("sent") if learned.aim else t("not sent")),
    ]
    if state.port:
        return ((t("Serial port"), state.line.removeprefix("serial:")), *rows)
    speed = t("{usual} ms, up to {most} ms", usual=learned.usual_gap_ms, most=learned.gap_ms)
    return ((t("Pause between signs"), speed), *rows)


def _shown(text: str) -> str:
    """A text with its invisible signs by number; never a whole novel."""
    shown = "".join(sign if sign.isprintable() else f"<{ord(sign)}>" for sign in text)
    return shown if len(shown) <= 40 else f"{shown[:40]}…"

"""Device view: how every device is, what to do where it is not well, what happened. Pure.

Owns: the words for states and events. Does not own: the states (devices), the form of the
printer's address (printer_form.py), widgets (screen.py).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from app.domain.settings import Settings
from app.wording import N_, Wording
from ui import formatting
from ui.device_log import DeviceEvent
from ui.window_parts import PrinterFacts

DisplayIs = Literal["off", "none", "there", "lost"]
ScannerIs = Literal["keyboard", "there", "gone"]
Tone = Literal["success", "warning", "danger", "info"]


def _no_printer() -> PrinterFacts:
    return PrinterFacts("none")


@dataclass(frozen=True, slots=True)
class DeviceFacts:
    """What is known of the devices now."""

    settings: Settings
    printer: PrinterFacts = field(default_factory=_no_printer)
    waiting: tuple[str, ...] = ()
    """Codes of the papers that are in line or kept."""
    scanner: ScannerIs = "keyboard"
    display: DisplayIs = "none"
    events: tuple[tuple[datetime, DeviceEvent], ...] = ()
    """With the shop's local time, newest first."""


@dataclass(frozen=True, slots=True)
class DeviceAct:
    """One button of a device."""

    act: str
    label: str
    icon: str


@dataclass(frozen=True, slots=True)
class DeviceCard:
    """One device: its state in a word, and a sentence that says what to do."""

    device: str
    icon: str
    title: str
    tone: Tone
    state: str
    sentence: str
    acts: tuple[DeviceAct, ...] = ()


@dataclass(frozen=True, slots=True)
class LogRow:
    """One event."""

    time: str
    text: str


@dataclass(frozen=True, slots=True)
class DevicesView:
    """The whole page but the printer's form."""

    cards: tuple[DeviceCard, ...]
    waiting_title: str
    waiting: tuple[str, ...]
    log_title: str
    log: tuple[LogRow, ...]
    log_empty: str


_PRINTER: Mapping[str, tuple[Tone, str, str]] = {
    "none": ("info", N_("Not set up"), N_("Choose beside how the receipt printer is connected.")),
    "ready": ("success", N_("Works"), N_("The last paper came out.")),
    "busy": ("info", N_("Printing"), N_("Selling goes on meanwhile.")),
    "not_there": (
        "danger",
        N_("Not there"),
        N_("Switch it on, check its cable and the address beside, then print again."),
    ),
    "paper_out": ("warning", N_("No paper"), N_("Put in a roll, then print again.")),
    "cover_open": ("warning", N_("Cover open"), N_("Close the cover, then print again.")),
    "in_use": (
        "warning",
        N_("In use"),
        N_("Another till or program has this port: end it there, or try in a moment."),
    ),
    "in_part": (
        "warning",
        N_("Stopped in a paper"),
        N_("A part came out. It is printed again whole and marked: print again."),
    ),
    "failed": (
        "danger",
        N_("Did not print"),
        N_("Switch it off and on. Where it stays so, this account may not use its port."),
    ),
}
_SCANNER: Mapping[ScannerIs, tuple[Tone, str, str]] = {
    "keyboard": ("success", N_("As a keyboard"), N_("Scan any code here: you see what arrives.")),
    "there": ("success", N_("Works"), N_("On its own line. Scan any code here to see it arrive.")),
    "gone": (
        "danger",
        N_("Not there"),
        N_("Plug it in: it is found again by itself. Until then type codes or use the camera."),
    ),
}
_DISPLAY: Mapping[DisplayIs, tuple[Tone, str, str]] = {
    "off": ("info", N_("Off"), N_("Switched off in the settings.")),
    "none": ("info", N_("No second screen"), N_("Plug one in: the customer display opens on it.")),
    "there": ("success", N_("Works"), N_("The customer reads along.")),
    "lost": (
        "warning",
        N_("Not there"),
        N_("Its screen is gone. Check its cable: it opens again by itself."),
    ),
}
_EVENTS: Mapping[tuple[str, str], str] = {
    ("printer", "ready"): N_("Receipt printer: ready"),
    ("printer", "not_there"): N_("Receipt printer: not there"),
    ("printer", "paper_out"): N_("Receipt printer: no paper"),
    ("printer", "cover_open"): N_("Receipt printer: cover open"),
    ("printer", "in_use"): N_("Receipt printer: in use elsewhere"),
    ("printer", "in_part"): N_("Receipt printer: stopped in a paper"),
    ("printer", "failed"): N_("Receipt printer: did not print"),
    ("printer", "test"): N_("Receipt printer: test page"),
    ("printer", "again"): N_("Receipt printer: asked to print again"),
    ("drawer", "opened"): N_("Cash drawer: told to open"),
    ("scanner", "there"): N_("Scanner: there"),
    ("scanner", "gone"): N_("Scanner: not there"),
    ("scanner", "beep"): N_("Scanner: tone"),
    ("display", "there"): N_("Customer display: there"),
    ("display", "lost"): N_("Customer display: screen gone"),
    ("display", "test"): N_("Customer display: test picture"),
    ("terminal", "answers"): N_("Payment terminal: answers"),
    ("terminal", "silent"): N_("Payment terminal: no answer"),
}


def devices_view(facts: DeviceFacts, wording: Wording) -> DevicesView:
    """The page in this language."""
    t = wording.t
    return DevicesView(
        cards=(
            _scanner(facts, wording),
            _printer(facts, wording),
            _drawer(facts, wording),
            _display(facts, wording),
            _terminal(facts, wording),
            _scale(wording),
        ),
        waiting_title=wording.n("{count} paper waits", "{count} papers wait", len(facts.waiting))
        if facts.waiting
        else t("No paper waits"),
        waiting=facts.waiting,
        log_title=t("The last events"),
        log=tuple(
            LogRow(formatting.clock(at), event_sentence(event, wording))
            for at, event in facts.events
        ),
        log_empty=t("Nothing has happened since the till was started."),
    )


def event_sentence(event: DeviceEvent, wording: Wording) -> str:
    """What happened, without what was in it."""
    if event.what == "heard":
        return wording.n(
            "Scanner: a code of {count} sign", "Scanner: a code of {count} signs", event.count
        )
    if event.what == "refused":
        return wording.n(
            "Scanner: {count} sign that are no code",
            "Scanner: {count} signs that are no code",
            event.count,
        )
    return wording.t(_EVENTS[event.device, event.what])


def _scanner(facts: DeviceFacts, wording: Wording) -> DeviceCard:
    t = wording.t
    tone, state, sentence = _SCANNER[facts.scanner]
    beep = DeviceAct("beep", t("Tone"), "bell")
    return DeviceCard("scanner", "scan", t("Scanner"), tone, t(state), t(sentence), (beep,))


def _printer(facts: DeviceFacts, wording: Wording) -> DeviceCard:
    t, printer = wording.t, facts.printer
    tone, state, sentence = _PRINTER[printer.state]
    acts = []
    if printer.state != "none":
        acts.append(DeviceAct("page", t("Test page"), "printer"))
    if facts.waiting and printer.state not in ("none", "busy"):
        acts.append(DeviceAct("retry", t("Print again"), "refresh"))
    title = t("Receipt printer")
    return DeviceCard("printer", "printer", title, tone, t(state), t(sentence), tuple(acts))


def _drawer(facts: DeviceFacts, wording: Wording) -> DeviceCard:
    t = wording.t
    hangs = facts.settings.drawer and bool(facts.settings.printer)
    state = t("On the receipt printer") if hangs else t("Not connected")
    sentence = t("Opening it here is an opening without a sale: it is recorded.")
    if not hangs:
        sentence = t("Open it by hand; switch it on in the settings where it has a cable.")
    act = DeviceAct("drawer", t("Open"), "drawer")
    tone: Tone = "success" if hangs else "info"
    return DeviceCard("drawer", "drawer", t("Cash drawer"), tone, state, sentence,
                      (act,) if hangs else ())  # fmt: skip


def _display(facts: DeviceFacts, wording: Wording) -> DeviceCard:
    t = wording.t
    tone, state, sentence = _DISPLAY[facts.display]
    acts = (DeviceAct("picture", t("Test picture"), "monitor"),)
    return DeviceCard(
        "display", "monitor", t("Customer display"), tone, t(state), t(sentence),
        acts if facts.display == "there" else (),
    )  # fmt: skip


def _terminal(facts: DeviceFacts, wording: Wording) -> DeviceCard:
    t = wording.t
    kinds = {facts.settings.mobile_terminal, facts.settings.card_terminal}
    if "simulated" in kinds:
        return DeviceCard(
            "terminal", "card", t("Payment terminal"), "warning", t("Simulated"),
            t("No money moves: only for trying out and for training."),
            (DeviceAct("terminal", t("Ask it"), "refresh"),),
        )  # fmt: skip
    return DeviceCard(
        "terminal", "card", t("Payment terminal"), "info", t("By hand"),
        t("It has no cable to this till: the cashier types the amount there and says the result."),
    )  # fmt: skip


def _scale(wording: Wording) -> DeviceCard:
    t = wording.t
    sentence = t("Weights come from the labels of the scale, or are typed.")
    return DeviceCard("scale", "scale", t("Scale"), "info", t("None on a cable"), sentence)

"""Wizard state: how far learning a scanner has come. No Qt.

Owns: the phases and what is known in each. Does not own: judging scans (learning.py), hearing.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

from ui.scanner_wizard.learning import SCANS, Fault, Garbled, Learned, ScanSeen, fault_of, learn


@dataclass(frozen=True, slots=True)
class NothingCame:
    """Seconds passed and not a key or a byte arrived."""


@dataclass(frozen=True, slots=True)
class Rubbish:
    """Bytes that no code has: the scanner speaks at another speed."""

    length: int


@dataclass(frozen=True, slots=True)
class PortShut:
    """The port cannot be opened, or is gone."""


Trouble = Fault | NothingCame | Rubbish | PortShut
Phase = Literal["listening", "trying", "proved"]


@dataclass(frozen=True, slots=True)
class WizardState:
    """`port`: empty for a scanner that types like a keyboard; `types`: typing was seen to stay."""

    port: str = ""
    baud: int = 9_600
    scans: tuple[ScanSeen, ...] = ()
    trouble: Trouble | None = None
    learned: Learned | None = None
    is_proved: bool = False
    types: bool = False

    @property
    def phase(self) -> Phase:
        if self.learned is None:
            return "listening"
        return "proved" if self.is_proved else "trying"

    @property
    def line(self) -> str:
        """The serial port as a setting names it; empty for a keyboard."""
        return f"serial:{self.port}:{self.baud}" if self.port else ""

    def with_scan(self, scan: ScanSeen) -> WizardState:
        """One more scan; a fault begins the counting anew."""
        fault = fault_of(scan)
        if fault is not None:
            return self.troubled(fault)
        scans = (*self.scans, scan)
        if len(scans) < SCANS:
            return replace(self, scans=scans, trouble=None)
        lesson = learn(scans)
        if isinstance(lesson, Learned):
            return replace(self, scans=scans, trouble=None, learned=lesson)
        return self.troubled(lesson)

    def with_try(self, text: str) -> WizardState:
        """A scan through the till's own ears, with the proposal in force."""
        assert self.learned is not None, "nothing is tried before it is learned"
        wanted = self.scans[0].text.removeprefix(self.learned.prefix)
        if text == wanted:
            return replace(self, is_proved=True, trouble=None)
        return replace(self, is_proved=False, trouble=Garbled("unknown", text))

    def troubled(self, trouble: Trouble) -> WizardState:
        return replace(self, scans=(), trouble=trouble, learned=None, is_proved=False)

    def again(self, *, port: str | None = None, baud: int | None = None) -> WizardState:
        """From the beginning, perhaps at another port or speed."""
        return WizardState(
            port=self.port if port is None else port, baud=self.baud if baud is None else baud
        )

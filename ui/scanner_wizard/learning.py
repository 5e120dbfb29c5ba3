"""Learning: what three scans of a known code say about a scanner. No Qt, no clock.

Owns: the test code, the layouts that garble it, the proposal, one typed answer per fault.
Does not own: hearing keys and bytes (key_listener.py, serial_probe.py), sentences (view_model.py).

The test code has capitals and small letters, figures and the three signs that keyboard layouts
move about. A scanner that cannot read screens may read anything else three times: its speed and
its end are learned then, its letters are not proved.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from stdnum import ean

from app.domain.scanning import PREFIX_SIGNS

TEST_CODE = "ABCabc0123-/]"
SCANS = 3
GAP_MS_LEAST, GAP_MS_MOST = 30, 150
LENGTH_LEAST = 4
_AIM = re.compile(r"\][A-Za-z][0-9A-Za-z]")
_US = "ABCabc0123-/]"
_LAYOUTS: Mapping[str, str] = {
    "french": 'QBCqbcà&é")!$',
    "german": "ABCabc0123ß-+",
    "spanish": "ABCabc0123'-+",
    "russian": "ФИСфис0123-.ъ",
}
"""What the keys of the test code say on a computer set to another keyboard."""

End = Literal["enter", "tab", "none"]
Garbling = Literal[
    "capitals_swapped", "capitals_only", "small_only", "french", "german", "spanish", "russian",
    "full_width", "no_figures", "unknown",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class KeySent:
    """One key. `sign`: what it types; empty for the end of a code, which `end` names then."""

    sign: str
    at_ms: int
    end: End = "none"


@dataclass(frozen=True, slots=True)
class ScanSeen:
    """One scan as it came."""

    text: str
    gaps_ms: tuple[int, ...]
    end: End


@dataclass(frozen=True, slots=True)
class Learned:
    """The proposal. `letters_proved`: the test code was read, not just anything.

    `gap_ms` is `max_gap_ms` of the scan router; `prefix`: one sign before each code, or empty.
    """

    gap_ms: int
    usual_gap_ms: int
    end: End
    prefix: str
    aim: bool
    letters_proved: bool

    @property
    def is_slow(self) -> bool:
        """Hand typing could be taken for it, so text fields do not hold keys back (UI.md 2.0)."""
        return self.gap_ms > 60 and not self.prefix


@dataclass(frozen=True, slots=True)
class Garbled:
    """Another text arrived than was scanned."""

    how: Garbling
    text: str


@dataclass(frozen=True, slots=True)
class TooSlow:
    """No scanner is so slow, or it is: a person's typing is as fast."""

    usual_gap_ms: int


@dataclass(frozen=True, slots=True)
class SignsAround:
    """More than one sign before the code, or any behind it: to be switched off at the scanner."""

    before: str
    behind: str


@dataclass(frozen=True, slots=True)
class NotTheSame:
    """Two scans gave two texts: two codes were scanned, or keys got lost."""


@dataclass(frozen=True, slots=True)
class TooShort:
    """Fewer signs than any code has."""

    length: int


Fault = Garbled | TooSlow | SignsAround | NotTheSame | TooShort
Lesson = Learned | Fault


def scan_of(keys: Sequence[KeySent]) -> ScanSeen:
    """The keys of one burst as a scan; an end in the middle belongs to nothing."""
    signs = [key for key in keys if key.sign]
    ends = [key.end for key in keys if not key.sign]
    whole = signs + [key for key in keys if not key.sign][:1]
    gaps = tuple(late.at_ms - early.at_ms for early, late in itertools.pairwise(whole))
    return ScanSeen("".join(key.sign for key in signs), gaps, ends[0] if ends else "none")


def fault_of(scan: ScanSeen) -> Fault | None:
    """What is wrong with a single scan already; None where it may be one of three."""
    if len(scan.text) < LENGTH_LEAST:
        return TooShort(len(scan.text))
    if _usual_gap_ms([scan]) > GAP_MS_MOST:
        return TooSlow(_usual_gap_ms([scan]))
    found = _read(scan.text)
    return found if isinstance(found, Garbled | SignsAround) else None


def learn(scans: Sequence[ScanSeen]) -> Lesson:
    """What the scans say together; each of them alone is without a fault."""
    for scan in scans:
        fault = fault_of(scan)
        if fault is not None:
            return fault
    if len({(scan.text, scan.end) for scan in scans}) > 1:
        return NotTheSame()
    found = _read(scans[0].text)
    assert isinstance(found, _Read), found
    usual = _usual_gap_ms(scans)
    return Learned(
        gap_ms=max(GAP_MS_LEAST, min(GAP_MS_MOST, 3 * usual)),
        usual_gap_ms=usual,
        end=scans[0].end,
        prefix=found.prefix,
        aim=found.aim,
        letters_proved=found.proved,
    )


@dataclass(frozen=True, slots=True)
class _Read:
    prefix: str
    aim: bool
    proved: bool


def _read(text: str) -> _Read | Garbled | SignsAround:
    """The test code within the text, something else that is whole, or what became of it."""
    before, found, behind = text.partition(TEST_CODE)
    if found:
        aim = _AIM.search(before)
        before = before[: aim.start()] + before[aim.end() :] if aim else before
        may_frame = before == "" or before in PREFIX_SIGNS
        if behind or not may_frame:
            return SignsAround(before, behind)
        return _Read(before, aim is not None, proved=True)
    how = _garbling(text)
    if how != "unknown":
        return Garbled(how, text)
    body = _AIM.sub("", text, count=1)
    if body.isdigit() and ean.is_valid(body):
        return _Read("", body != text, proved=False)
    return Garbled("unknown", text)


def _garbling(text: str) -> Garbling:
    if any("\uff01" <= sign <= "\uff5e" for sign in text):
        return "full_width"
    for name, garbled in _LAYOUTS.items():
        if garbled in text:
            return name  # type: ignore[return-value]  # the names of the table are Garblings
    if TEST_CODE.swapcase() in text:
        return "capitals_swapped"
    if TEST_CODE.upper() in text:
        return "capitals_only"
    if TEST_CODE.lower() in text:
        return "small_only"
    without_figures = re.sub(r"\d", "", TEST_CODE)
    return "no_figures" if text == without_figures else "unknown"


def _usual_gap_ms(scans: Sequence[ScanSeen]) -> int:
    """The gap that 95 of 100 do not exceed."""
    gaps = sorted(gap for scan in scans for gap in scan.gaps_ms)
    return gaps[min(len(gaps) - 1, len(gaps) * 95 // 100)] if gaps else 0

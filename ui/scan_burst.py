"""Scan burst: tells a scanner's keys from a person's by length and timing. No Qt, no clock.

Owns: the numbers of UI.md 2.0, what happens to each key, when a burst is a scan.
Does not own: key events and timers (scan_router.py), what the text means (domain/scanning.py).

A burst of enough printable keys, every gap at most `max_gap_ms`, ended by Enter, Tab or a line feed
(or by silence), is a scan. Anything else is typing, and is given back unchanged and in order.
Times are milliseconds of any steady clock, passed in.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


@dataclass(frozen=True, slots=True)
class ScanSettings:
    """The scanner as this till knows it. Raises ValueError for settings that cannot work."""

    max_gap_ms: int = 50
    length_min_with_terminator: int = 4
    length_min_without_terminator: int = 8
    idle_flush_ms: int = 120
    prefix: str | None = None  # one character, e.g. STX; when set, timing is ignored
    frame_timeout_ms: int = 500
    duplicate_ms: int = 250
    length_max: int = 512

    def __post_init__(self) -> None:
        limits = (
            ("max_gap_ms", self.max_gap_ms, 15, 150),
            ("length_min_with_terminator", self.length_min_with_terminator, 3, 20),
            ("length_min_without_terminator", self.length_min_without_terminator, 3, 20),
            ("idle_flush_ms", self.idle_flush_ms, 60, 300),
            ("duplicate_ms", self.duplicate_ms, 0, 1000),
        )
        for name, value, lowest, highest in limits:
            if not lowest <= value <= highest:
                raise ValueError(f"{name} must be {lowest} to {highest}, got {value}")
        if self.idle_flush_ms < self.max_gap_ms:
            raise ValueError("idle_flush_ms must not be below max_gap_ms")
        if self.prefix is not None and len(self.prefix) != 1:
            raise ValueError(f"the prefix is one character, got {self.prefix!r}")

    @classmethod
    def for_gap(cls, gap_ms: int, *, prefix: str | None = None) -> ScanSettings:
        """For a scanner this slow: silence ends a code only after more than two of its gaps."""
        idle_ms = min(300, max(120, 2 * gap_ms + 1))
        return cls(max_gap_ms=gap_ms, idle_flush_ms=idle_ms, prefix=prefix)

    @property
    def holds_in_text_fields(self) -> bool:
        """Slow readers overlap with fast typists, so hand typing is not held for them."""
        return self.max_gap_ms <= 60 or self.prefix is not None


class KeyFate(Enum):
    """What becomes of the key just pressed."""

    PASS = "pass"
    HOLD = "hold"
    DROP = "drop"


class HeldFate(Enum):
    """What becomes of the keys held before it."""

    KEEP = "keep"
    RELEASE = "release"
    DISCARD = "discard"


@dataclass(frozen=True, slots=True)
class Heard:
    """A whole scan, terminator and prefix removed."""

    text: str


@dataclass(frozen=True, slots=True)
class HeardTooMuch:
    """Longer than any code; only its length is kept."""

    length: int


@dataclass(frozen=True, slots=True)
class HeardTwice:
    """The scanner read the same code again at once; ignored."""


@dataclass(frozen=True, slots=True)
class HeardPart:
    """A frame began and never ended."""

    length: int


Outcome = Heard | HeardTooMuch | HeardTwice | HeardPart


@dataclass(frozen=True, slots=True)
class Verdict:
    """Deal with the held keys first, then with the key, then with what was heard."""

    key: KeyFate
    held: HeldFate = HeldFate.KEEP
    outcome: Outcome | None = None


class BurstDetector:
    """Feed it every key; it answers at once what to do. One instance per till."""

    def __init__(self, settings: ScanSettings) -> None:
        self.settings = settings
        self._text = ""
        self._count = 0  # > length_max: the text is no longer kept
        self._framed = False
        self._first_at_ms = 0
        self._last_at_ms = 0
        self._swallow_terminator_until_ms = -1
        self._last_heard: tuple[str, int] | None = None
        self._let_go: tuple[str, int, int] | None = None
        """What silence alone gave up: its text, and when its first and last key came."""

    @property
    def wake_at_ms(self) -> int | None:
        """When `silence` must be called if no key comes before; None: nothing is waiting."""
        if not self._count and not self._framed:
            return None
        return self._last_at_ms + self.patience_ms

    def printable(self, character: str, at_ms: int, *, may_hold: bool = True) -> Verdict:
        """A key with a character. `may_hold`: False where it must not be held back."""
        self._swallow_terminator_until_ms = -1
        ended = self._end_if_silent(at_ms)
        held = ended.held if ended else HeldFate.KEEP
        outcome = ended.outcome if ended else None
        if self._framed:
            return Verdict(self._grow(character, at_ms), held, outcome)
        if character == self.settings.prefix:
            self._framed, self._first_at_ms, self._last_at_ms = True, at_ms, at_ms
            return Verdict(KeyFate.DROP, held, outcome)
        if self.settings.prefix is not None or not may_hold:
            return Verdict(KeyFate.PASS, held if ended else self._give_up(), outcome)
        if not self._count and not self._goes_on(at_ms):
            self._first_at_ms = at_ms
        was_kept = self._count <= self.settings.length_max
        fate = self._grow(character, at_ms)
        if was_kept and fate is KeyFate.DROP:
            held = HeldFate.DISCARD
        return Verdict(fate, held, outcome)

    def terminator(self, at_ms: int) -> Verdict:
        """Enter, Tab or a line feed."""
        if not self._count and not self._framed:
            self._goes_on(at_ms)
        ended = self._end_if_silent(at_ms)
        if ended is not None and ended.outcome is None:
            return ended
        if ended is not None or at_ms <= self._swallow_terminator_until_ms:
            # The burst was taken as a scan already, by its silence or the first half of CR LF:
            # this is its late Enter.
            self._swallow_terminator_until_ms = -1
            held = ended.held if ended else HeldFate.KEEP
            return Verdict(KeyFate.DROP, held, ended.outcome if ended else None)
        if self._framed or self._count >= self.settings.length_min_with_terminator:
            outcome = self._hear(at_ms)
            # CR LF: the second half belongs to the same scan and must press nothing.
            self._swallow_terminator_until_ms = at_ms + self.settings.max_gap_ms
            return Verdict(KeyFate.DROP, HeldFate.DISCARD, outcome)
        return Verdict(KeyFate.PASS, self._give_up())

    def other(self, at_ms: int) -> Verdict:
        """Any key that no code contains: arrows, function keys, shortcuts, auto-repeat."""
        self._let_go = None
        ended = self._end_if_silent(at_ms)
        if ended is not None:
            return ended
        if self._framed:
            return Verdict(KeyFate.DROP)
        return Verdict(KeyFate.PASS, self._give_up())

    def silence(self, at_ms: int) -> Verdict | None:
        """Time has passed without a key. None: keep waiting (see `wake_at_ms`)."""
        wake_at_ms = self.wake_at_ms
        if wake_at_ms is None or at_ms < wake_at_ms:
            return None
        if self._framed:
            length = self._count
            self._forget()
            return Verdict(KeyFate.PASS, HeldFate.DISCARD, HeardPart(length))
        let_go = (self._text, self._first_at_ms, self._last_at_ms)
        verdict = self._close(self._last_at_ms)
        if verdict.held is HeldFate.RELEASE:
            self._let_go = let_go
        return verdict

    @property
    def patience_ms(self) -> int:
        """How long after the last key the burst is over."""
        if self._framed:
            return self.settings.frame_timeout_ms
        long_enough = self._count >= self.settings.length_min_without_terminator
        return (self.settings.idle_flush_ms if long_enough else self.settings.max_gap_ms) + 1

    def _goes_on(self, at_ms: int) -> bool:
        """Whether what was given up goes on: this key was late only in getting here.

        A machine without a moment for the till hands keys over long after they were pressed. What
        went to the field meanwhile cannot be taken back, but half a code would be another code.
        """
        let_go, self._let_go = self._let_go, None
        if let_go is None or at_ms - let_go[2] > self.settings.max_gap_ms:
            return False
        self._text, self._first_at_ms, self._last_at_ms = let_go
        self._count = len(self._text)
        return True

    def _end_if_silent(self, at_ms: int) -> Verdict | None:
        """Close a burst whose next key came too late for it."""
        gap_ms = at_ms - self._last_at_ms
        if self._framed:
            return self.silence(at_ms)
        if not self._count or gap_ms <= self.settings.max_gap_ms:
            return None
        return self._close(self._last_at_ms)

    def _close(self, at_ms: int) -> Verdict:
        if self._count < self.settings.length_min_without_terminator:
            return Verdict(KeyFate.PASS, self._give_up())
        outcome = self._hear(at_ms)
        self._swallow_terminator_until_ms = at_ms + self.settings.frame_timeout_ms
        return Verdict(KeyFate.PASS, HeldFate.DISCARD, outcome)

    def _grow(self, character: str, at_ms: int) -> KeyFate:
        self._last_at_ms = at_ms
        self._count += 1
        if self._count > self.settings.length_max:
            self._text = ""
            return KeyFate.DROP
        self._text += character
        return KeyFate.DROP if self._framed else KeyFate.HOLD

    def _hear(self, at_ms: int) -> Outcome:
        text, count, began_ms = self._text, self._count, self._first_at_ms
        self._forget()
        if count > self.settings.length_max:
            return HeardTooMuch(count)
        before = self._last_heard
        self._last_heard = (text, at_ms)
        if before and before[0] == text and began_ms - before[1] <= self.settings.duplicate_ms:
            return HeardTwice()
        return Heard(text)

    def _give_up(self) -> HeldFate:
        had_keys = self._count > 0
        self._forget()
        return HeldFate.RELEASE if had_keys else HeldFate.KEEP

    def _forget(self) -> None:
        self._text, self._count, self._framed = "", 0, False

"""The paper of a shift: what an X or a Z report shows, as data.

Owns: the block that a Z's fact carries, so that it prints the same for ever; an X has the same
form and is kept nowhere. Does not own: the sums (shift_sums.py), how it looks (devices).
"""

from __future__ import annotations

from typing import Literal

import msgspec
from msgspec import Struct

from app.domain.receipt import ReceiptStore
from app.domain.shift_sums import ShiftReport


class ShiftCount(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One blind count as it was saved: pieces by worth, and what had to be there just then."""

    number: int
    at_ms: int
    staff: str
    pieces: tuple[tuple[int, int], ...] = ()
    expected_minor: int

    @property
    def counted_minor(self) -> int:
        return sum(worth * count for worth, count in self.pieces)


class ShiftEnd(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """How a shift ended: what was counted, why it differs, what stays and what is handed in."""

    counts: tuple[ShiftCount, ...]
    """All that were saved, in order; the last one counts."""
    left_minor: int
    """Stays in the drawer for the next shift."""
    reason: str = ""
    note: str = ""
    holds: int = 0
    """Held sales that were handed over."""

    @property
    def counted_minor(self) -> int:
        return self.counts[-1].counted_minor

    @property
    def handed_minor(self) -> int:
        """Goes to the safe or the office."""
        return self.counted_minor - self.left_minor

    def __post_init__(self) -> None:
        assert self.counts, "a shift closes with a count"
        assert 0 <= self.left_minor <= self.counted_minor, f"{self.left_minor} cannot stay"


class ShiftPaper(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Everything an X or a Z shows. Times are the shop's local ones ("2026-11-21 18:03")."""

    store: ReceiptStore
    till: str
    number: int = 0
    """Of the Z, from 1 without a gap; 0 = an X."""
    name: str = ""
    day: str
    """The business day of the shift, also where it was left open over midnight."""
    opened_at: str
    opened_by: str
    made_at: str
    made_by: str
    zone: str
    currency: str
    decimals: int = 2
    languages: tuple[str, ...]
    report: ShiftReport
    end: ShiftEnd | None = None
    copy: int = 1
    training: bool = False

    @property
    def kind(self) -> Literal["x", "z"]:
        return "z" if self.number else "x"

    @property
    def code(self) -> str:
        """Names the paper: in the list of what was printed, and as a file."""
        if self.number:
            return f"Z{self.number:05d}-{self.till}"
        return f"X{''.join(filter(str.isdigit, self.made_at))}-{self.till}"

    @property
    def over_short_minor(self) -> int:
        """What was counted above (below: negative) what had to be there; 0 while open."""
        if self.end is None:
            return 0
        return self.end.counted_minor - self.report.cash.expected_minor

    def __post_init__(self) -> None:
        assert bool(self.number) == (self.end is not None), "a Z has an end, an X has none"
        assert self.copy >= 1, "1 is the original"


def as_copy(paper: ShiftPaper, number: int) -> ShiftPaper:
    """The same Z printed again: 1 is the original, 2 the first reprint."""
    return msgspec.structs.replace(paper, copy=number)

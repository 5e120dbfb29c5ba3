"""Figure records: how far counting is, and what a till tells of how new its figures are.

Owns: those shapes. Does not own: counting (figure_count.py), figures (figures.py).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from app.domain.ids import OpId
from app.domain.member import Member
from app.domain.segments import Scores, Segment


@dataclass(frozen=True, slots=True)
class UncountedFact:
    """A fact that no figure holds yet. `place`: epoch and dseq in this till's own chain; None for
    a fact of another till."""

    op_id: OpId
    data: bytes
    place: tuple[int, int] | None


@dataclass(frozen=True, slots=True)
class CountedSoFar:
    """How many facts the figures hold, and how many wait."""

    counted: int = 0
    waiting: int = 0


@dataclass(frozen=True, slots=True)
class TillSeen:
    """A till of this shop: the newest moment of it that the figures hold, and of how many facts."""

    till: int
    newest_ms: int
    facts: int


@dataclass(frozen=True, slots=True)
class PersonSums:
    """What one person did in a span."""

    sales: int
    paid_minor: int
    back_minor: int
    joined: int

    @property
    def net_minor(self) -> int:
        return self.paid_minor - self.back_minor

    def plus(self, other: PersonSums) -> PersonSums:
        """Both spans together."""
        return PersonSums(
            self.sales + other.sales,
            self.paid_minor + other.paid_minor,
            self.back_minor + other.back_minor,
            self.joined + other.joined,
        )


@dataclass(frozen=True, slots=True)
class PersonLine:
    """One member behind a figure: what he bought in the span (`net_minor`: less what was paid
    back), and who he is, where this till knows it. `card`: masked, of whom head office told."""

    person: str
    sales: int
    net_minor: int
    member: Member | None = None
    card: str = ""


@dataclass(frozen=True, slots=True)
class SegmentLine:
    """One member of a segment."""

    person: str
    segment: Segment
    scores: Scores
    recency_days: int
    frequency: int
    money_minor: int
    is_silent: bool
    member: Member | None = None


@dataclass(frozen=True, slots=True)
class JudgedAs:
    """The segment of one person, and as of which day."""

    segment: Segment
    is_silent: bool
    as_of: date


@dataclass(frozen=True, slots=True)
class SegmentCounts:
    """How many members each segment had when they were last judged. `refused`: those who said no
    to it, who are in none."""

    as_of: date
    by_segment: Mapping[Segment, int] = field(default_factory=dict)
    silent: int = 0
    refused: int = 0
    money_minor: Mapping[Segment, int] = field(default_factory=dict)
    """What they spent in the time they are judged by."""

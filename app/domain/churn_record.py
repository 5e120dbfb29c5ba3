"""Churn records: grades as they are kept, and how many members have which.

Owns: those shapes. Does not own: the judgement (churn.py).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Literal

from app.domain.churn import ChurnGrade, Grade, Sign
from app.domain.member import Member

ChurnGroup = Literal["churn_high", "churn_middle"]
GROUP_GRADES: Mapping[ChurnGroup, Grade] = {"churn_high": "high", "churn_middle": "middle"}
"""Grades that a campaign can be for, by the name its audience has."""
ODDS_UNIT = 10_000


@dataclass(frozen=True, slots=True)
class ChurnSeen:
    """A grade and what speaks for it, as whole numbers. `odds`: in ten thousandths."""

    grade: Grade
    sign: Sign
    odds: int
    days_since: int
    usual_days: int
    visits_28_days: int


@dataclass(frozen=True, slots=True)
class ChurnJudged:
    """As somebody was judged last."""

    seen: ChurnSeen
    as_of: date


def seen_of(graded: ChurnGrade) -> ChurnSeen:
    """A grade as it is kept."""
    rhythm = graded.rhythm
    return ChurnSeen(
        graded.grade,
        graded.sign,
        _whole(graded.log_odds * ODDS_UNIT),
        rhythm.days_since,
        max(1, _whole(rhythm.usual_gap)),
        rhythm.visits_28_days,
    )


def _whole(value: Decimal) -> int:
    return int(value.quantize(Decimal(1), ROUND_HALF_UP))


@dataclass(frozen=True, slots=True)
class ChurnLine:
    """One member of a grade."""

    person: str
    seen: ChurnSeen
    member: Member | None = None


@dataclass(frozen=True, slots=True)
class ChurnCounts:
    """How many members each grade had when they were last judged, the likeliest lost first."""

    as_of: date
    by_grade: Mapping[Grade, int] = field(default_factory=dict)

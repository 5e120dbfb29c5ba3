"""The ports of figures: what services need of the store to count, keep and read them.

Owns: those Protocols. Does not own: the other ports (ports.py), any implementation.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from typing import Protocol

from app.domain.churn import Grade
from app.domain.churn_record import ChurnCounts, ChurnJudged, ChurnLine, ChurnSeen
from app.domain.figure_count import FigureBatch
from app.domain.figure_record import (
    CountedSoFar,
    JudgedAs,
    PersonLine,
    PersonSums,
    SegmentCounts,
    SegmentLine,
    TillSeen,
    UncountedFact,
)
from app.domain.figures import Days, LifeSums, PeopleSums, SentSums, Standing
from app.domain.person_figures import CellKey, CohortCell, PersonLife
from app.domain.segments import Segment, Segmented, SegmentRules


class FigureCountRepository(Protocol):
    """Counting facts into what figures are read from."""

    def uncounted(self, limit: int) -> Sequence[UncountedFact]:
        """This till's own facts first, in their order, then those of others."""

    def add(self, batch: FigureBatch, done: Sequence[UncountedFact]) -> None:
        """Add it, and never count these facts again."""

    def follow_merges(self) -> int:
        """Put ids together, or apart, as members are now; how many persons that touched."""

    def so_far(self) -> CountedSoFar: ...


class FigureRepository(Protocol):
    """Sums by day, lives of persons, cohorts. `till` None: all tills of this shop."""

    def tills(self) -> Sequence[TillSeen]: ...

    def sums(self, days: Days, till: int | None) -> Mapping[str, int]: ...

    def sums_by_day(self, days: Days, till: int | None) -> Mapping[date, Mapping[str, int]]:
        """Days without anything are left out."""

    def people(self, days: Days, till: int | None) -> PeopleSums: ...

    def life(self, until: date) -> LifeSums:
        """Of everybody whose first purchase is known, up to and with that day."""

    def cells(self) -> Mapping[CellKey, CohortCell]: ...

    def first_day(self) -> date | None:
        """The first day on which any member was here; None: none ever."""

    def people_sums(self, days: Days, till: int | None) -> Sequence[tuple[str, PersonSums]]:
        """Everybody who was here in a short span, in no order."""

    def named(self, lines: Sequence[PersonLine]) -> Sequence[PersonLine]:
        """The same lines with who they are, where this till knows it."""

    def people_page(
        self, days: Days, till: int | None, *, least_sales: int, offset: int, limit: int
    ) -> Sequence[PersonLine]:
        """Persons with so many purchases in the span, those who paid most first."""

    def joined_page(
        self, days: Days, till: int | None, *, offset: int, limit: int
    ) -> Sequence[PersonLine]:
        """Persons who joined in the span, with what they bought in it."""

    def sent(self, days: Days, till: int | None) -> SentSums:
        """Of whoever joined in the span and was sent by a friend."""

    def sent_page(
        self, days: Days, till: int | None, *, offset: int, limit: int
    ) -> Sequence[PersonLine]:
        """The same persons, with what they bought in the span."""

    def cohort_page(
        self, cohort: Days, days: Days, offset: int, limit: int
    ) -> Sequence[PersonLine]:
        """Persons whose first purchase lies in `cohort` and who bought in `days`."""

    def standing(self) -> Standing | None:
        """None: accounts were never gone through here."""

    def put_standing(self, standing: Standing) -> None: ...


class SegmentRepository(Protocol):
    """Who belongs to which segment, and by what rules."""

    def lives(self, after: str, limit: int) -> Sequence[tuple[str, PersonLife]]:
        """By person, from behind `after`: all of them in small units."""

    def refused(self) -> frozenset[str]:
        """Members who said no to it, when accounts were gone through last."""

    def forget_refused(self, limit: int) -> int: ...

    def add_refused(self, member_ids: Iterable[str]) -> None: ...

    def put(self, as_of: date, judged: Mapping[str, Segmented | None]) -> None:
        """Keep or take away the segments of these persons."""

    def of(self, person: str) -> JudgedAs | None: ...

    def drop_before(self, as_of: date, after: str, limit: int) -> str:
        """Whoever was not judged on that day is nobody of his own any more."""

    def counts(self) -> SegmentCounts | None: ...

    def page(self, segment: Segment, offset: int, limit: int) -> Sequence[SegmentLine]:
        """Those with the most money first."""

    def rules(self) -> SegmentRules:
        """The shop's own; what ships where it has none. Raises Damaged."""

    def put_rules(self, rules: SegmentRules) -> None: ...


class ChurnRepository(Protocol):
    """How likely members are lost, as they were judged last."""

    def persons(self, after: str, limit: int) -> Sequence[str]:
        """Everybody who was ever counted, from behind `after`."""

    def visit_days(self, member_ids: Collection[str]) -> Mapping[str, Mapping[date, int]]:
        """By id how many sales on which day."""

    def put(self, as_of: date, judged: Mapping[str, ChurnSeen | None]) -> None:
        """Keep or take away the grades of these persons."""

    def drop_before(self, as_of: date, after: str, limit: int) -> str:
        """Whoever was not judged on that day is nobody of his own any more."""

    def of(self, person: str) -> ChurnJudged | None: ...

    def counts(self) -> ChurnCounts | None: ...

    def page(self, grade: Grade, offset: int, limit: int) -> Sequence[ChurnLine]:
        """The likeliest lost first."""


class FigureRepositories(Protocol):
    """The part of a unit of work that has to do with figures."""

    @property
    def figure_counts(self) -> FigureCountRepository: ...
    @property
    def figures(self) -> FigureRepository: ...
    @property
    def segments(self) -> SegmentRepository: ...
    @property
    def churn(self) -> ChurnRepository: ...

"""Behind the chain's figures: what a till asks of head office, and what it is told; masked.

Owns: those questions and answers. Does not own: asking (sync/till/behind.py), who may see it and
what is shown of it (app/services/chain_behind.py), the sums themselves (chain_figures.py).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TypeAlias

from app.domain.figures import Days, FigureId
from app.domain.person_figures import CellKey, CohortCell
from app.domain.server_answer import Unanswered
from app.domain.survey_record import SurveyAnswer, SurveySums


@dataclass(frozen=True, slots=True)
class ChainDaysWanted:
    """All sums of these days, each by itself."""

    days: Days


@dataclass(frozen=True, slots=True)
class ChainDays:
    """Days without anything are left out."""

    by_day: Mapping[date, Mapping[str, int]]


@dataclass(frozen=True, slots=True)
class ChainHoursWanted:
    """The sales of a day by the hour."""

    day: date


@dataclass(frozen=True, slots=True)
class ChainHour:
    """One hour with a sale, from the day's midnight by the shops' clock."""

    hour: int
    sales: int
    paid_minor: int
    member_sales: int
    member_paid_minor: int


@dataclass(frozen=True, slots=True)
class ChainHours:
    """In their order."""

    hours: tuple[ChainHour, ...]


@dataclass(frozen=True, slots=True)
class ChainPeopleWanted:
    """The members a figure counts, those who paid most first."""

    figure: FigureId
    days: Days
    offset: int
    rows: int


@dataclass(frozen=True, slots=True)
class ChainPerson:
    """One of them. `card`: masked; empty where he has none."""

    person: str
    card: str
    sales: int
    net_minor: int


@dataclass(frozen=True, slots=True)
class ChainPeople:
    """A page of them."""

    people: tuple[ChainPerson, ...]
    has_more: bool


@dataclass(frozen=True, slots=True)
class ChainReceiptsWanted:
    """Sales and refunds of a day, the newest first, from behind the one that was told last."""

    day: date
    after: str
    rows: int


@dataclass(frozen=True, slots=True)
class ChainReceipt:
    """One of them. `paid_minor`: negative for what was given back."""

    op_id: str
    code: str
    store: str
    at_ms: int
    paid_minor: int
    line_count: int
    is_refund: bool
    member_id: str | None


@dataclass(frozen=True, slots=True)
class ChainReceipts:
    """A page of them. `stores`: names by id, as far as they are told."""

    receipts: tuple[ChainReceipt, ...]
    has_more: bool
    stores: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ChainScoresWanted:
    """What customers said of their purchases, the lowest scores first."""

    days: Days
    offset: int
    rows: int


@dataclass(frozen=True, slots=True)
class ChainScores:
    """A page of them; `sums`: of all of them. `stores`: names by id, as far as they are told."""

    answers: tuple[SurveyAnswer, ...]
    has_more: bool
    sums: SurveySums
    stores: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ChainCohortsWanted:
    """Cohorts of so many months up to the one of `last`."""

    last: date
    months: int


@dataclass(frozen=True, slots=True)
class ChainCohorts:
    """What each of them did in each month."""

    cells: Mapping[CellKey, CohortCell]


BehindWanted: TypeAlias = (
    ChainDaysWanted
    | ChainHoursWanted
    | ChainPeopleWanted
    | ChainReceiptsWanted
    | ChainScoresWanted
    | ChainCohortsWanted
)
BehindTold: TypeAlias = (
    ChainDays | ChainHours | ChainPeople | ChainReceipts | ChainScores | ChainCohorts
)
BehindAnswer: TypeAlias = BehindTold | Unanswered

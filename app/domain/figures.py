"""Figures: what a shop or a chain asks of its days and members, each with one definition.

Owns: the list of figures, their units, and the whole-number arithmetic from sums to each of them;
a ratio stays numerator and denominator until somebody shows it. Pure: till and server make them by
it, and so does an export. Does not own: what a fact adds to the sums (figure_count.py), people
behind a figure (person_figures.py), reading sums (a repository), the sentences (figure_words.py in
app/services).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Literal

from app.domain import figure_count as of
from app.domain.money import divide_half_up
from app.domain.months import Month
from app.domain.payment import TenderKind
from app.domain.survey_record import SurveySums
from app.domain.survey_rule import Survey

FigureId = Literal[
    "sales", "paid", "avg_basket", "refunds", "paid_back", "net_paid",
    "member_share", "member_share_paid", "avg_basket_member", "avg_basket_other",
    "joined", "members", "active", "active_share", "repeat_rate", "arpu", "lifetime_value",
    "coupons_given", "coupons_used", "coupon_redemption", "coupon_cost",
    "points_earned", "points_spent", "points_outstanding", "points_value", "points_expiring",
    "points_breakage", "dormant", "nps", "survey_answers", "referral_conversion",
]  # fmt: skip
Unit = Literal["count", "money", "share", "points", "score"]

UNITS: Mapping[FigureId, Unit] = {
    "sales": "count",
    "paid": "money",
    "avg_basket": "money",
    "refunds": "count",
    "paid_back": "money",
    "net_paid": "money",
    "member_share": "share",
    "member_share_paid": "share",
    "avg_basket_member": "money",
    "avg_basket_other": "money",
    "joined": "count",
    "members": "count",
    "active": "count",
    "active_share": "share",
    "repeat_rate": "share",
    "arpu": "money",
    "lifetime_value": "money",
    "coupons_given": "count",
    "coupons_used": "count",
    "coupon_redemption": "share",
    "coupon_cost": "money",
    "points_earned": "points",
    "points_spent": "points",
    "points_outstanding": "points",
    "points_value": "money",
    "points_expiring": "points",
    "points_breakage": "share",
    "dormant": "count",
    "referral_conversion": "share",
    "nps": "score",
    "survey_answers": "count",
}
BASIS = 10_000
"""Shares are shown from basis points: 4137 is 41.37 %."""
SCORE_WHOLE = 100
"""Scores go from -100 to 100."""
_TIMES: Mapping[Unit, int] = {"share": BASIS, "score": SCORE_WHOLE}


@dataclass(frozen=True, slots=True)
class Days:
    """A span of business days, both inclusive."""

    first: date
    last: date

    def __post_init__(self) -> None:
        assert self.first <= self.last, f"{self.first} is behind {self.last}"

    @property
    def count(self) -> int:
        return (self.last - self.first).days + 1

    def __contains__(self, day: date) -> bool:
        return self.first <= day <= self.last


def month_of(day: date) -> Days:
    """The whole month a day lies in."""
    first = day.replace(day=1)
    return Days(first, (first + timedelta(days=32)).replace(day=1) - timedelta(days=1))


def days_before(days: Days) -> Days:
    """What a span is compared with: the month before a whole month, else as many days before."""
    last = days.first - timedelta(days=1)
    if days == month_of(days.first):
        return month_of(last)
    return Days(last - timedelta(days=days.count - 1), last)


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure: a whole number, or exactly `numerator` / `denominator`."""

    id: FigureId
    numerator: int
    denominator: int = 1

    @property
    def unit(self) -> Unit:
        return UNITS[self.id]

    @property
    def is_empty(self) -> bool:
        """Nothing to divide by: there is no such figure here yet, which is not zero."""
        return self.denominator == 0

    @property
    def rounded(self) -> int | None:
        """As it is shown: whole units, minor units, basis points or a score, half up; None: no
        figure."""
        if self.is_empty:
            return None
        whole = self.numerator * _TIMES.get(self.unit, 1)
        return divide_half_up(whole, self.denominator)


@dataclass(frozen=True, slots=True)
class PeopleSums:
    """What the members of a slice did in a span of days."""

    active: int = 0
    """Members with at least one purchase."""
    repeated: int = 0
    """Members with at least two."""
    paid_minor: int = 0
    back_minor: int = 0


SENT_JOINED, SENT_BOUGHT = "sent_joined", "sent_bought"
"""Under these names head office tells both parts of SentSums beside its other sums."""


@dataclass(frozen=True, slots=True)
class SentSums:
    """Members whom a friend sent, who joined in a span of days. `bought`: who of them bought by its
    last day."""

    joined: int = 0
    bought: int = 0


LEAST_SALES: Mapping[FigureId, int] = {
    "active": 1,
    "active_share": 1,
    "arpu": 1,
    "member_share": 1,
    "member_share_paid": 1,
    "avg_basket_member": 1,
    "repeat_rate": 2,
}
"""Figures behind which stand members who bought so often on these days."""


@dataclass(frozen=True, slots=True)
class LifeSums:
    """What members did from their first purchase until a day."""

    bought: int = 0
    """Members who ever bought."""
    paid_minor: int = 0
    back_minor: int = 0


@dataclass(frozen=True, slots=True)
class Standing:
    """What the accounts of all members known here came to when they were last gone through."""

    as_of: date
    joined_on: Mapping[date, int] = field(default_factory=dict)
    """Members known by the day they joined."""
    outstanding: Mapping[int, int] = field(default_factory=dict)
    """Points that can be spent, by the month (Month.index) at whose end they lapse."""
    held: int = 0
    debt: int = 0
    consumed: int = 0
    """Points ever spent that had been gained."""
    lapsed: int = 0
    """Points ever lapsed unspent."""

    @property
    def members(self) -> int:
        return sum(self.joined_on.values())

    def alive(self, month: int) -> int:
        """Points that can be spent in a month, as the accounts stood."""
        return sum(points for expires, points in self.outstanding.items() if expires >= month)


def sum_figures(sums: Mapping[str, int]) -> tuple[Figure, ...]:
    """The figures of a slice that follow from its day sums alone."""

    def each(name: str) -> int:
        return sums.get(name, 0)

    others = each(of.SALES) - each(of.MEMBER_SALES)
    others_paid = each(of.PAID) - each(of.MEMBER_PAID)
    return (
        Figure("sales", each(of.SALES)),
        Figure("paid", each(of.PAID)),
        Figure("avg_basket", each(of.PAID), each(of.SALES)),
        Figure("refunds", each(of.REFUNDS)),
        Figure("paid_back", each(of.BACK)),
        Figure("net_paid", each(of.PAID) - each(of.BACK)),
        Figure("member_share", each(of.MEMBER_SALES), each(of.SALES)),
        Figure("member_share_paid", each(of.MEMBER_PAID), each(of.PAID)),
        Figure("avg_basket_member", each(of.MEMBER_PAID), each(of.MEMBER_SALES)),
        Figure("avg_basket_other", others_paid, others),
        Figure("joined", each(of.JOINED)),
        Figure("coupons_given", each(of.COUPONS_GIVEN)),
        Figure("coupons_used", each(of.COUPONS_USED)),
        Figure("coupon_redemption", each(of.COUPONS_USED), each(of.COUPONS_GIVEN)),
        Figure("coupon_cost", each(of.COUPONS_OFF)),
        Figure("points_earned", each(of.EARNED) - each(of.TAKEN_BACK)),
        Figure("points_spent", each(of.SPENT) - each(of.GIVEN_BACK)),
    )


def people_figures(people: PeopleSums, life: LifeSums | None) -> tuple[Figure, ...]:
    """The figures of a slice that follow from its members' visits.

    `life` None: of one till alone nobody's life is known, so what asks for it is left out.
    """
    told = (
        Figure("active", people.active),
        Figure("repeat_rate", people.repeated, people.active),
        Figure("arpu", people.paid_minor - people.back_minor, people.active),
    )
    if life is None:
        return told
    return (
        *told,
        Figure("active_share", people.active, life.bought),
        Figure("lifetime_value", life.paid_minor - life.back_minor, life.bought),
    )


def referral_figures(sent: SentSums) -> tuple[Figure, ...]:
    """The figures of a slice that follow from who sent whom."""
    return (Figure("referral_conversion", sent.bought, sent.joined),)


def standing_figures(
    standing: Standing, *, last: date, worth: Callable[[int], int], soon_months: int
) -> tuple[Figure, ...]:
    """The figures of all accounts. `worth`: of points in minor units, by the program in force;
    points that lapse within `soon_months` (this one included) expire soon."""
    month = Month.of(standing.as_of).index
    alive = standing.alive(month)
    owed = alive + standing.held
    return (
        Figure("members", sum(n for day, n in standing.joined_on.items() if day <= last)),
        Figure("points_outstanding", owed),
        Figure("points_value", worth(owed)),
        Figure("points_expiring", alive - standing.alive(month + soon_months)),
        Figure("points_breakage", standing.lapsed, standing.lapsed + standing.consumed),
    )


def nps_figures(sums: SurveySums, *, least: int) -> tuple[Figure, ...]:
    """How many more recommend the shop than advise against it, of a hundred who answered, and how
    many those were; of fewer than `least` there is no score."""
    known = sums.answers if sums.answers >= least else 0
    return (
        Figure("nps", sums.promoters - sums.detractors, known),
        Figure("survey_answers", sums.answers),
    )


def survey_figures(sums: SurveySums, asked: Survey | None) -> tuple[Figure, ...]:
    """The same by the rules in force; none where nobody is asked and nobody ever answered."""
    if asked is None and not sums.answers:
        return ()
    return nps_figures(sums, least=(asked or Survey()).least_answers)


@dataclass(frozen=True, slots=True)
class TenderShare:
    """One kind of tender in a slice: received, paid out, and its part of all received money."""

    tender: TenderKind
    received_minor: int
    paid_out_minor: int
    of_minor: int

    @property
    def basis_points(self) -> int | None:
        """Its share of the money received; None where nothing was."""
        return divide_half_up(self.received_minor * BASIS, self.of_minor) if self.of_minor else None


def tender_mix(sums: Mapping[str, int]) -> tuple[TenderShare, ...]:
    """Every kind of tender, also those nobody used."""
    of_all = sums.get(of.PAID, 0)
    return tuple(
        TenderShare(kind, sums.get(of.received(kind), 0), sums.get(of.paid_out(kind), 0), of_all)
        for kind in of.TENDERS
    )

"""Churn: how likely it is that a member no longer comes, judged by his own rhythm.

Owns: the rhythm of somebody's visits, the model (a logistic one: a weighted sum of logarithms),
the grade low, middle or high, and what speaks for it. Does not own: the numbers of the model
(resources/models/churn.toml), fitting them (tests/bench/churn.py), reading visits (a repository).

"Churned" means here: nothing bought in the twelve weeks to come. The sum is the logarithm of the
odds of that, in exact decimals: the same on every machine. Everything in it is measured against
what is usual for this member: how often he came in the last two and four weeks beside the last
twelve, and how his present silence compares with the time that usually lies between two visits.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Context, Decimal
from functools import lru_cache
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

Grade = Literal["low", "middle", "high"]
Sign = Literal["steady", "rarer", "silent"]

FORTNIGHT_DAYS, MONTH_DAYS, SEASON_DAYS = 14, 28, 84
GAPS_MOST = 12
"""Of so many gaps between visits, the latest, the usual one is the mean."""
PLACES = Decimal("0.0001")
_CONTEXT = Context(prec=28, rounding=ROUND_HALF_UP)


class Weights(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What each part of the sum counts. `silence`: of the present silence over the usual gap."""

    base: Decimal
    visits_14_days: Decimal
    visits_28_days: Decimal
    visits_84_days: Decimal
    silence: Decimal


class ChurnModel(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The numbers of the model, and from which chance on a grade is given."""

    fitted: str
    """On which data, for whoever asks; says nothing to the till."""
    visits_least: Annotated[int, Meta(ge=2)]
    """Of somebody with fewer visits nothing can be said."""
    middle_percent: Annotated[int, Meta(ge=1, le=99)]
    high_percent: Annotated[int, Meta(ge=1, le=99)]
    weights: Weights


# Of a till that was given none: nobody ever came often enough to be graded.
NO_MODEL = ChurnModel(
    "nothing",
    1_000_000,
    50,
    50,
    Weights(Decimal(0), Decimal(0), Decimal(0), Decimal(0), Decimal(0)),
)
"""Of a till that was given none: it grades nobody, everybody's odds are even."""


@dataclass(frozen=True, slots=True)
class Rhythm:
    """How somebody comes, as of a day."""

    visits: int
    days_since: int
    usual_gap: Decimal
    """Days between two visits; four weeks where all were on one day."""
    visits_14_days: int
    visits_28_days: int
    visits_84_days: int

    @property
    def silence(self) -> Decimal:
        """The present silence as a multiple of the usual gap."""
        return _CONTEXT.divide(self.days_since, self.usual_gap).quantize(PLACES, context=_CONTEXT)


@dataclass(frozen=True, slots=True)
class ChurnGrade:
    """The grade and why. `log_odds` orders people of one grade: the higher, the likelier lost."""

    grade: Grade
    sign: Sign
    log_odds: Decimal
    rhythm: Rhythm


@dataclass(frozen=True, slots=True)
class TooFewVisits:
    """He came too seldom for having a rhythm."""

    visits: int
    least: int


def rhythm(days: Collection[date], visits: int, as_of: date) -> Rhythm:
    """Of visits on these days, none after `as_of`. A day counts once, `visits` counts each."""
    came = sorted(set(days))
    assert came and came[-1] <= as_of, "a rhythm is of visits that have been"
    first = max(0, len(came) - 1 - GAPS_MOST)
    gaps = len(came) - 1 - first
    span = Decimal((came[-1] - came[first]).days if gaps else MONTH_DAYS)
    ages = [(as_of - day).days for day in came]
    return Rhythm(
        visits=visits,
        days_since=ages[-1],
        usual_gap=_CONTEXT.divide(span, max(gaps, 1)).quantize(PLACES, context=_CONTEXT),
        visits_14_days=_within(ages, FORTNIGHT_DAYS),
        visits_28_days=_within(ages, MONTH_DAYS),
        visits_84_days=_within(ages, SEASON_DAYS),
    )


def _within(ages: Collection[int], days: int) -> int:
    return sum(1 for age in ages if age < days)


def parts(seen: Rhythm) -> tuple[Decimal, ...]:
    """What the weights of the model are multiplied with, in their order behind the base."""
    return (
        ln_of_one_more(Decimal(seen.visits_14_days)),
        ln_of_one_more(Decimal(seen.visits_28_days)),
        ln_of_one_more(Decimal(seen.visits_84_days)),
        ln_of_one_more(seen.silence),
    )


@lru_cache(maxsize=4096)
def ln_of_one_more(x: Decimal) -> Decimal:
    """The natural logarithm of 1 + x, to four places."""
    return _CONTEXT.ln(1 + x).quantize(PLACES, context=_CONTEXT)


def churn_grade(model: ChurnModel, seen: Rhythm) -> ChurnGrade | TooFewVisits:
    """How likely he is lost, by his own rhythm."""
    if seen.visits < model.visits_least:
        return TooFewVisits(seen.visits, model.visits_least)
    odds = log_odds(model.weights, seen)
    grade: Grade = "low"
    if odds >= _ln_odds(model.high_percent):
        grade = "high"
    elif odds >= _ln_odds(model.middle_percent):
        grade = "middle"
    return ChurnGrade(grade, _sign(seen), odds, seen)


def log_odds(weights: Weights, seen: Rhythm) -> Decimal:
    """The logarithm of the odds that he buys nothing in the next twelve weeks."""
    each = (
        weights.visits_14_days,
        weights.visits_28_days,
        weights.visits_84_days,
        weights.silence,
    )
    return weights.base + sum(w * x for w, x in zip(each, parts(seen), strict=True))


@lru_cache(maxsize=128)
def _ln_odds(percent: int) -> Decimal:
    return _CONTEXT.ln(_CONTEXT.divide(Decimal(percent), Decimal(100 - percent)))


def _sign(seen: Rhythm) -> Sign:
    """What a person can check: twice the usual gap without a visit, or half as many as usual."""
    if seen.days_since >= 2 * seen.usual_gap and seen.days_since >= FORTNIGHT_DAYS:
        return "silent"
    if seen.visits_28_days * 6 <= seen.visits_84_days and seen.visits_84_days:
        return "rarer"
    return "steady"

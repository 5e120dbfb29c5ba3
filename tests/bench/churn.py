"""The churn grade, fitted on weeks 1 to 40 and tested on the twelve weeks after them.

    python -m tests.bench.churn          # how well the grades that ship foretell who stays away
    python -m tests.bench.churn --fit    # fit them again and write resources/models/churn.toml

Owns: fitting, the comparison with the days since the last visit alone. Does not own: the model
(app/domain/churn.py), the data (household_year.py).

Whoever is fitted on what he is tested on is right for nothing, so fitting sees weeks 1 to 40 only:
households as they were at the end of weeks 16, 20, 24 and 28, each with whether they bought in the
twelve weeks after, the last of which end with week 40. The test is of every household with at
least three baskets by the end of week 40: lost are those without a basket in weeks 41 to 52.
"""

from __future__ import annotations

import sys
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from math import exp
from pathlib import Path

import msgspec

from app.commands.replay.source import SourceMissing
from app.domain.churn import (
    ChurnGrade,
    ChurnModel,
    Rhythm,
    Weights,
    churn_grade,
    parts,
    rhythm,
)
from app.services.churn import load_churn_model
from tests.bench.household_year import SPLIT, WEEK_DAYS, Year, complete_journey, day_of

MODEL = Path(__file__).resolve().parents[2] / "resources" / "models" / "churn.toml"
HORIZON_DAYS = 12 * WEEK_DAYS
FITTED_AT_WEEKS = (16, 20, 24, 28)
RIDGE = 1.0
"""Keeps weights from growing where a few households decide."""
ROUNDS_MOST = 50
SMALL_STEP = 1e-9


@dataclass(frozen=True, slots=True)
class Scored:
    """A household at the end of a week, and whether it stayed away in the twelve after."""

    seen: Rhythm
    is_lost: bool


@dataclass(frozen=True, slots=True)
class Tested:
    """What came of it. AUC: the share of pairs of one lost and one kept in the right order."""

    households: int
    lost: int
    auc: float
    auc_days_since: float
    grades: dict[str, tuple[int, int]]
    """How many households have the grade, and how many of them were lost."""


def households_at(year: Year, end: int, visits_least: int) -> list[Scored]:
    """Everybody with enough baskets before the day `end`."""
    found = []
    for days in year.visits.values():
        known = bisect_left(days, end)
        if known < visits_least:
            continue
        came = [day_of(day) for day in days[:known]]
        comes = known < len(days) and days[known] < end + HORIZON_DAYS
        found.append(Scored(rhythm(came, known, day_of(end - 1)), is_lost=not comes))
    return found


def fit(year: Year, model: ChurnModel) -> ChurnModel:
    """The model with the weights that make what happened likeliest (Newton's method)."""
    ends = [week * WEEK_DAYS for week in FITTED_AT_WEEKS]
    assert max(ends) + HORIZON_DAYS <= SPLIT, "fitting must not see what it is tested on"
    people = [one for end in ends for one in households_at(year, end, model.visits_least)]
    rows = [(1.0, *map(float, parts(one.seen))) for one in people]
    weights = _newton(rows, [float(one.is_lost) for one in people])
    base, *rest = (Decimal(f"{weight:.3f}") for weight in weights)
    weeks = ", ".join(map(str, FITTED_AT_WEEKS))
    fitted = (
        f"{year.name}, {len(people)} households as of the ends of weeks {weeks}, "
        f"{sum(one.is_lost for one in people)} of them without a basket in the twelve weeks after"
    )
    return msgspec.structs.replace(model, fitted=fitted, weights=Weights(base, *rest))


def _newton(rows: Sequence[tuple[float, ...]], lost: Sequence[float]) -> list[float]:
    count = len(rows[0])
    weights = [0.0] * count
    for _ in range(ROUNDS_MOST):
        slope = [RIDGE * weight for weight in weights]
        slope[0] = 0.0
        bend = [[RIDGE * float(i == j and i > 0) for j in range(count)] for i in range(count)]
        for row, is_lost in zip(rows, lost, strict=True):
            chance = 1 / (1 + exp(-sum(w * x for w, x in zip(weights, row, strict=True))))
            for i, x in enumerate(row):
                slope[i] += x * (chance - is_lost)
                for j, y in enumerate(row):
                    bend[i][j] += x * y * chance * (1 - chance)
        step = _solved(bend, slope)
        weights = [weight - by for weight, by in zip(weights, step, strict=True)]
        if max(map(abs, step)) < SMALL_STEP:
            break
    return weights


def _solved(matrix: Sequence[Sequence[float]], right: Sequence[float]) -> list[float]:
    """x of matrix x = right, by elimination."""
    rows = [[*row, value] for row, value in zip(matrix, right, strict=True)]
    for i, pivot in enumerate(rows):
        rows[i] = pivot = [value / pivot[i] for value in pivot]
        for j, other in enumerate(rows):
            if j != i:
                by = other[i]
                rows[j] = [a - by * b for a, b in zip(other, pivot, strict=True)]
    return [row[-1] for row in rows]


def evaluate(year: Year, model: ChurnModel) -> Tested:
    """How the model does on the twelve weeks after week 40."""
    people = households_at(year, SPLIT, model.visits_least)
    lost = [one.is_lost for one in people]
    graded = [churn_grade(model, one.seen) for one in people]
    told = [one for one in graded if isinstance(one, ChurnGrade)]
    assert len(told) == len(people), "everybody here came often enough"
    grades = {}
    for grade in ("low", "middle", "high"):
        of_it = [is_lost for is_lost, one in zip(lost, told, strict=True) if one.grade == grade]
        grades[grade] = (len(of_it), sum(of_it))
    return Tested(
        len(people),
        sum(lost),
        auc([float(one.log_odds) for one in told], lost),
        auc([float(one.seen.days_since) for one in people], lost),
        grades,
    )


def auc(scores: Sequence[float], lost: Sequence[bool]) -> float:
    """Of all pairs of one lost and one kept: how many have the higher score at the lost one."""
    kept = sorted(score for score, is_lost in zip(scores, lost, strict=True) if not is_lost)
    gone = [score for score, is_lost in zip(scores, lost, strict=True) if is_lost]
    halves = sum(bisect_left(kept, score) + bisect_right(kept, score) for score in gone)
    return halves / (2 * len(kept) * len(gone))


def model_text(model: ChurnModel) -> str:
    """The file of a model."""
    plain = msgspec.to_builtins(model)
    head = "\n".join(
        f"{name} = {msgspec.json.encode(value).decode()}"
        for name, value in plain.items()
        if name != "weights"
    )
    weights = "\n".join(f'{name} = "{value}"' for name, value in plain["weights"].items())
    return f"{head}\n\n[weights]\n{weights}\n"


def report(year: Year, tested: Tested) -> str:
    """For people."""
    rows = [
        f"{year.name}: {tested.households} households, {tested.lost} lost",
        f"AUC of the grade                {tested.auc:.4f}",
        f"AUC of days since last visit    {tested.auc_days_since:.4f}",
    ]
    for grade, (count, lost) in tested.grades.items():
        share = lost / count if count else 0.0
        rows.append(f"{grade:8}{count:6} households, {lost:4} lost ({share:.1%})")
    return "\n".join(rows)


def main(arguments: Sequence[str]) -> int:
    """Fit where asked, then test; 1 where the model is no better than looking at a calendar."""
    year = complete_journey()
    if isinstance(year, SourceMissing):
        sys.stderr.write(f"needs the package {year.package}: see main.py replay --help\n")
        return 1
    model = load_churn_model(MODEL)
    if "--fit" in arguments:
        model = fit(year, model)
        MODEL.write_text(model_text(model), encoding="utf-8", newline="\n")
        sys.stdout.write(f"{model_text(model)}\n")
    tested = evaluate(year, model)
    sys.stdout.write(f"{report(year, tested)}\n")
    return 0 if tested.auc > tested.auc_days_since else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

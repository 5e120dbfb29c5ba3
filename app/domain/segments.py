"""Segments: recency, frequency and money of a person as scores, and the segment they name.

Owns: the rules and their check, cutting scores by quantiles or by thresholds, the named segments
in their order, who is left out. Does not own: a person's life (person_figures.py), reading and
keeping (a repository), what to do about a segment (campaigns).

Frequency and money are those of the current month and the 12 full months before, as with tiers;
recency is the days since the last purchase. Somebody who refused suggestions from his purchases
has no scores and no segment.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Literal

import msgspec

from app.domain.months import Month
from app.domain.person_figures import PersonLife
from app.domain.tiers import WINDOW_MONTHS

Segment = Literal["dormant", "new", "high_value", "growing", "needs_attention", "steady"]
SEGMENTS: tuple[Segment, ...] = (
    "high_value", "growing", "new", "steady", "needs_attention", "dormant",
)  # fmt: skip
SCORES = 5
RECENT_MONTHS = 3
"""Growing compares this many months with as many before."""


class SegmentRules(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """How members are scored and named. `by`: quantiles of the shop's own members (the fifth part
    that bought last scores 5), or fixed thresholds.
    """

    by: Literal["quantiles", "thresholds"] = "quantiles"
    recency_days: tuple[int, ...] = (14, 30, 60, 90)
    """Up to the first scores 5, beyond the last 1."""
    purchases: tuple[int, ...] = (2, 4, 8, 16)
    """Below the first scores 1, from the last on 5."""
    money_minor: tuple[int, ...] = (20_000, 50_000, 100_000, 300_000)
    new_days: int = 30
    """First bought within so many days."""
    dormant_days: int = 90
    """No purchase for so long."""
    silent_days: int = 180
    """No contact of any kind for so long."""


DEFAULT_RULES = SegmentRules()
RuleProblem = Literal["not_four", "not_rising", "not_positive"]


def check_rules(rules: SegmentRules) -> tuple[tuple[str, RuleProblem], ...]:
    """What is wrong with the rules, by the key to change."""
    found: list[tuple[str, RuleProblem]] = []
    for key in ("recency_days", "purchases", "money_minor"):
        steps = getattr(rules, key)
        if len(steps) != SCORES - 1:
            found.append((key, "not_four"))
        elif steps[0] <= 0:
            found.append((key, "not_positive"))
        elif list(steps) != sorted(set(steps)):
            found.append((key, "not_rising"))
    days = ("new_days", "dormant_days", "silent_days")
    found += [(key, "not_positive") for key in days if getattr(rules, key) <= 0]
    return tuple(found)


@dataclass(frozen=True, slots=True)
class Rfm:
    """What a person is scored by on a day."""

    recency_days: int
    frequency: int
    money_minor: int


class Scores(msgspec.Struct, frozen=True, gc=False):
    """1 (worst) to 5 each."""

    recency: int
    frequency: int
    money: int

    @property
    def text(self) -> str:
        """ "545", as it is written."""
        return f"{self.recency}{self.frequency}{self.money}"


@dataclass(frozen=True, slots=True)
class Cuts:
    """The four values between the five scores. Recency: the largest that still has the score, from
    5 down; frequency and money: the least that has it, from 2 up."""

    recency: tuple[int, ...]
    frequency: tuple[int, ...]
    money: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Segmented:
    """A person's segment with what it follows from. `is_silent`: not heard of for long either."""

    segment: Segment
    scores: Scores
    rfm: Rfm
    is_silent: bool


class Seen(msgspec.Struct, frozen=True, gc=False):
    """What a person is judged by on a day, as whole numbers, so that a million fit in columns."""

    recency_days: int
    frequency: int
    money_minor: int
    age_days: int
    """Since the first purchase."""
    silent_days: int
    """Since he was heard of last."""
    lately_minor: int
    """Spent in the last months, and in as many before."""
    before_minor: int

    @property
    def rfm(self) -> Rfm:
        return Rfm(self.recency_days, self.frequency, self.money_minor)

    @property
    def values(self) -> tuple[int, ...]:
        """In the order of the fields."""
        return msgspec.structs.astuple(self)


def seen_of(life: PersonLife, today: date) -> Seen | None:
    """None for whoever bought nothing by that day."""
    if life.last is None or life.first is None or life.first > today:
        return None
    month = Month.of(today).index
    frequency = money = lately = before = 0
    for each in life.months:
        ago = month - each.month
        if 0 <= ago <= WINDOW_MONTHS:
            frequency += each.sales - each.returned
            money += each.net_minor
            lately += each.net_minor if ago < RECENT_MONTHS else 0
            before += each.net_minor if RECENT_MONTHS <= ago < 2 * RECENT_MONTHS else 0
    return Seen(
        max(0, (today - life.last).days),
        frequency,
        money,
        (today - life.first).days,
        (today - (life.contact or life.first)).days,
        lately,
        before,
    )


def cuts_of(people: Iterable[Rfm], rules: SegmentRules) -> Cuts:
    """Where one score ends and the next begins."""
    known = list(people)
    return cuts_of_values(
        [each.recency_days for each in known],
        [each.frequency for each in known],
        [each.money_minor for each in known],
        rules,
    )


def cuts_of_values(
    recency: list[int], frequency: list[int], money: list[int], rules: SegmentRules
) -> Cuts:
    """The same of three columns, whose order may change."""
    if rules.by == "thresholds":
        return Cuts(rules.recency_days, rules.purchases, rules.money_minor)
    return Cuts(_quantiles(recency), _from(_quantiles(frequency)), _from(_quantiles(money)))


def _quantiles(values: list[int]) -> tuple[int, ...]:
    """The values at 1/5 to 4/5: the least that so large a part does not exceed."""
    values.sort()
    count = len(values)
    if not count:
        return (0,) * (SCORES - 1)
    return tuple(values[(part * count + SCORES - 1) // SCORES - 1] for part in range(1, SCORES))


def _from(cuts: tuple[int, ...]) -> tuple[int, ...]:
    """The least whole numbers above the quantiles: from them on the next score counts."""
    return tuple(cut + 1 for cut in cuts)


def scores_of(rfm: Rfm | Seen, cuts: Cuts) -> Scores:
    """A person's three scores: equal values always have equal scores."""
    return Scores(
        SCORES - bisect_left(cuts.recency, rfm.recency_days),
        1 + bisect_right(cuts.frequency, rfm.frequency),
        1 + bisect_right(cuts.money, rfm.money_minor),
    )


def segment_of(life: PersonLife, today: date, cuts: Cuts, rules: SegmentRules) -> Segmented | None:
    """The segment of a person; None for whoever bought nothing by that day."""
    seen = seen_of(life, today)
    return None if seen is None else segment_of_seen(seen, cuts, rules)


def segment_of_seen(seen: Seen, cuts: Cuts, rules: SegmentRules) -> Segmented:
    """The same of what he is judged by."""
    segment, scores = named_and_scored(seen, cuts, rules)
    return Segmented(segment, scores, seen.rfm, is_silent(seen.silent_days, rules))


def is_silent(silent_days: int, rules: SegmentRules) -> bool:
    """Whether somebody was not heard of for long."""
    return silent_days >= rules.silent_days


def named_and_scored(seen: Seen, cuts: Cuts, rules: SegmentRules) -> tuple[Segment, Scores]:
    """The first of these that fits, and the scores it follows from.

    Dormant: no purchase for long. New: first bought lately. High value: bought lately, often and
    for much, each against the others. Growing: spent more in these months than in those before.
    Needs attention: has not been here for longer than most, or spent less than half of before.
    """
    scores = scores_of(seen, cuts)
    return _named(seen, scores, rules), scores


def _named(seen: Seen, scores: Scores, rules: SegmentRules) -> Segment:
    if seen.recency_days >= rules.dormant_days:
        return "dormant"
    if seen.age_days < rules.new_days:
        return "new"
    if min(scores.recency, scores.frequency, scores.money) >= SCORES - 1:
        return "high_value"
    if seen.lately_minor > seen.before_minor > 0 and scores.recency > SCORES // 2:
        return "growing"
    if scores.recency <= SCORES // 2 or 2 * seen.lately_minor < seen.before_minor:
        return "needs_attention"
    return "steady"

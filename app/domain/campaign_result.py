"""The result of a campaign: what those who got it did, beside those of the control group.

Owns: the sums of both groups, what may be said of their difference, cost and return. Does not own:
reading sales (services, store), the test (exact_test.py), the sentences (ui/campaigns).

Without a control group nothing is claimed: people would have come anyway. With one, takings are
compared only where the difference in who came is clear. "No clear difference" is a finding too: it
is said only where one could have shown by now.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Literal, TypeAlias

from app.domain.exact_test import Group, can_be_clear, chance_of, is_clear
from app.domain.money import divide_half_up
from app.domain.server_answer import Unanswered

Verdict = Literal[
    "more_came", "fewer_came", "no_clear_difference", "too_early", "too_few", "no_control"
]
DAYS_TO_COME = 7
"""Most people shop by the week: before it is over, those who would come have not had the time."""


@dataclass(frozen=True, slots=True)
class Run:
    """How long a campaign has been running: on its first day 1. `is_over`: it runs no more."""

    days: int
    is_over: bool

    @property
    def is_early(self) -> bool:
        """Whether the time to come was too short so far."""
        return not self.is_over and self.days < DAYS_TO_COME


@dataclass(frozen=True, slots=True)
class GroupSums:
    """One group: how many there are, how many bought in the time, how often, for how much."""

    members: int = 0
    came: int = 0
    sales: int = 0
    takings_minor: int = 0

    def plus(self, other: GroupSums) -> GroupSums:
        """Both together: a large group is read in parts."""
        return GroupSums(
            self.members + other.members,
            self.came + other.came,
            self.sales + other.sales,
            self.takings_minor + other.takings_minor,
        )

    @property
    def rate(self) -> Fraction:
        """The share that came."""
        return Group(self.came, self.members).rate


@dataclass(frozen=True, slots=True)
class OfferSums:
    """What the offer gave: in how many sales, how much money and how many coupons of how many."""

    sales: int = 0
    cost_minor: int = 0
    coupons_given: int = 0
    coupons_used: int = 0
    takings_minor: int = 0
    """What was paid in the sales that had it."""

    def plus(self, other: OfferSums) -> OfferSums:
        """Both together: a large group is read in parts."""
        return OfferSums(
            self.sales + other.sales,
            self.cost_minor + other.cost_minor,
            self.coupons_given + other.coupons_given,
            self.coupons_used + other.coupons_used,
            self.takings_minor + other.takings_minor,
        )


@dataclass(frozen=True, slots=True)
class CampaignResult:
    """What a campaign brought, so far or at its end."""

    chosen: GroupSums
    control: GroupSums
    offer: OfferSums
    chance: Fraction = Fraction(1)
    """How often chance alone makes a difference as large as that in who came."""
    verdict: Verdict = "no_control"
    more_minor: int | None = None
    """Takings beyond what as many of the control group brought; None: nothing can be said."""
    days: int = 0
    """Since its first day."""
    gone: int = 0
    """Drawn, and in neither group: they left or took their consent back before it was issued."""

    @property
    def return_on_cost(self) -> Fraction | None:
        """Takings beyond, for each unit given; None: nothing can be said, or nothing was given."""
        if self.more_minor is None or self.offer.cost_minor <= 0:
            return None
        return Fraction(self.more_minor, self.offer.cost_minor)


@dataclass(frozen=True, slots=True)
class ChainSums:
    """The same sums over all tills of the chain, as head office had heard of them at that time."""

    chosen: GroupSums
    control: GroupSums
    offer: OfferSums
    as_of_ms: int


ChainAnswer: TypeAlias = ChainSums | Unanswered


def run_until(today: date, starts: date, ends: date, *, was_ended: bool) -> Run:
    """How long it has been running; 0 before its first day. `was_ended`: by a person, earlier."""
    return Run(max(0, (min(today, ends) - starts).days + 1), was_ended or today > ends)


def judge_result(
    chosen: GroupSums, control: GroupSums, offer: OfferSums, run: Run
) -> CampaignResult:
    """Compare both groups; the exact test decides what is said."""
    if not control.members or not chosen.members:
        return CampaignResult(chosen, control, offer, days=run.days)
    groups = Group(chosen.came, chosen.members), Group(control.came, control.members)
    chance = chance_of(*groups)
    if not is_clear(chance):
        unclear: Verdict = "no_clear_difference" if can_be_clear(*groups) else "too_few"
        unclear = "too_early" if run.is_early else unclear
        return CampaignResult(chosen, control, offer, chance, unclear, days=run.days)
    as_many = divide_half_up(control.takings_minor * chosen.members, control.members)
    verdict: Verdict = "more_came" if chosen.rate > control.rate else "fewer_came"
    return CampaignResult(
        chosen, control, offer, chance, verdict, chosen.takings_minor - as_many, run.days
    )  # fmt: skip


def sum_up(parts: Iterable[GroupSums]) -> GroupSums:
    """All parts of one group together."""
    found = GroupSums()
    for part in parts:
        found = found.plus(part)
    return found

"""The story: joining, campaigns, nights and baskets in the order of time.

Owns: what happens when, and the clock that stands there. Does not own: how a basket is rung up
(ringing.py), what the shop holds before the story begins (opening_day.py).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from typing import Any

from app.commands.replay.journey import Campaign, Journey, moment_of
from app.commands.replay.ringing import Cashier, ReplayFault
from app.domain.consent import REQUIRED
from app.domain.moment import Moment
from app.domain.program import Program
from app.services.answers import Refusal
from app.services.campaign import CampaignIssued, NoCouponOffer, issue_campaign
from app.services.joining import Joined, NewMember, join_member
from app.services.nightly import run_night
from app.services.ports import UnitOfWork
from app.services.shop import Shop

NIGHT_OF_MONTH = 4
"""Reviews are due three days after a month's end."""
MEMBERS_A_UNIT = 100
COUPONS_BY_KIND = {"Type A": 3, "Type B": 2, "Type C": 1}
"""How many coupons a household gets; type A were chosen for it, so it gets the most."""
BOOT = "replay"


class StoryClock:
    """A clock that stands where the story is; monotonic time goes on with it."""

    def __init__(self, at_ms: int) -> None:
        self._wall_ms = at_ms
        self._start_ms = at_ms

    def now(self) -> Moment:
        return Moment(self._wall_ms, self._wall_ms - self._start_ms, BOOT)

    def go_to(self, at_ms: int) -> None:
        """Let time pass; never backwards."""
        self._wall_ms = max(self._wall_ms, at_ms)


def offer_of(campaign: int) -> str:
    """The offer of a campaign in the program."""
    return f"campaign-{campaign:02d}"


def ms_of(moment: datetime) -> int:
    """Milliseconds since 1970."""
    return int(moment.timestamp()) * 1000


@dataclass(frozen=True, slots=True)
class Happening:
    """One thing that happens at a moment."""

    at_ms: int
    act: Callable[[], None]


@dataclass(slots=True)
class Story:
    """Plays the journey. `member_of`: member id of each household; `parts`: lines of each sale."""

    cashier: Cashier
    journey: Journey
    clock: StoryClock
    program: Program
    member_of: dict[int, str] = field(default_factory=dict)
    parts: dict[int, tuple[int, ...]] = field(default_factory=dict)
    coupons_issued: int = 0
    reviews: int = 0
    baskets: int = 0

    def play(self) -> Iterator[int]:
        """One basket after the other with all that lies between; yields how many are done."""
        before = self._between()
        pending = next(before, None)
        for number, rows in enumerate(self.journey.order):
            at_ms = self.journey.columns["at_ms"][rows[0]]
            while pending is not None and pending.at_ms <= at_ms:
                self.clock.go_to(pending.at_ms)
                pending.act()
                pending = next(before, None)
            self.clock.go_to(at_ms)
            basket = self.journey.basket(number)
            parts = self.cashier.ring_up(basket)
            if len(parts) > 1:
                self.parts[basket.basket] = parts
            self.baskets = number + 1
            yield self.baskets

    def _between(self) -> Iterator[Happening]:
        """Joining, campaigns and nights, by time; at one moment in this order."""
        found = [*self._joining(), *self._campaigns(), *self._nights()]
        return iter(sorted(found, key=lambda one: one.at_ms))

    def _joining(self) -> Iterator[Happening]:
        """Every household joins at noon of the day before its first basket or campaign."""
        first = {household: at.date() for household, at in self.journey.households.items()}
        for campaign in self._in_program():
            for household in campaign.households:
                if household in first:
                    first[household] = min(first[household], campaign.starts)
        for household, day in sorted(first.items()):
            at = datetime.combine(day - timedelta(days=1), time(12), UTC)
            yield Happening(ms_of(at), _bound(self._join, household))

    def _campaigns(self) -> Iterator[Happening]:
        for campaign in self._in_program():
            at = datetime.combine(campaign.starts, time(0, 1), UTC)
            yield Happening(ms_of(at), _bound(self._issue, campaign))

    def _nights(self) -> Iterator[Happening]:
        """Only a program with more than one tier has anything to review."""
        if len(self.program.tiers) < 2 or not self.journey.order:
            return
        day, last = first_day(self.journey), last_day(self.journey)
        while day <= last:
            if day.day == NIGHT_OF_MONTH:
                yield Happening(ms_of(datetime.combine(day, time(3), UTC)), self._night)
            day += timedelta(days=1)

    def _in_program(self) -> Sequence[Campaign]:
        return [one for one in self.journey.campaigns if self.program.offer(offer_of(one.number))]

    def _join(self, household: int) -> None:
        new = NewMember(
            name=f"Household {household}", consents=frozenset(REQUIRED), put_on_basket=False
        )
        shop = self.cashier.shop
        joined = self.cashier.lane.run(lambda work: join_member(shop=shop, work=work, new=new))
        if not isinstance(joined, Joined):
            raise ReplayFault(f"household {household} did not join: {joined!r}")
        self.cashier.cards[household] = joined.card_code
        self.member_of[household] = joined.member_id

    def _issue(self, campaign: Campaign) -> None:
        members = [self.member_of[one] for one in campaign.households if one in self.member_of]
        shop, each = self.cashier.shop, COUPONS_BY_KIND[campaign.kind]
        for start in range(0, len(members), MEMBERS_A_UNIT):
            batch = members[start : start + MEMBERS_A_UNIT]
            issue = partial(
                _issue_to, shop=shop, campaign=campaign.number, members=batch, each=each
            )
            issued = self.cashier.lane.run(issue)
            if not isinstance(issued, CampaignIssued):
                raise ReplayFault(f"campaign {campaign.number}: {issued!r}")
            self.coupons_issued += issued.coupons

    def _night(self) -> None:
        done = run_night(shop=self.cashier.shop, lane=self.cashier.lane)
        self.reviews += done.reviews


def _issue_to(
    work: UnitOfWork, *, shop: Shop, campaign: int, members: Sequence[str], each: int
) -> CampaignIssued | NoCouponOffer | Refusal:
    return issue_campaign(
        shop=shop, work=work, offer_id=offer_of(campaign), members=members, each=each
    )


def _bound(act: Callable[[Any], None], what: Any) -> Callable[[], None]:
    return lambda: act(what)


def first_day(journey: Journey) -> date:
    """The day of the first basket."""
    return moment_of(journey.columns["at_ms"][journey.order[0][0]]).date()


def last_day(journey: Journey) -> date:
    """The day of the last basket."""
    return moment_of(journey.columns["at_ms"][journey.order[-1][0]]).date()


def start_ms(journey: Journey) -> int:
    """Before anything happens: two days before the first basket or the first campaign."""
    days = [first_day(journey), *(campaign.starts for campaign in journey.campaigns)]
    return ms_of(datetime.combine(min(days) - timedelta(days=2), time(8), UTC))

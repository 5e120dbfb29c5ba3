"""A year of a shop, day by day through the services: joining, checking in, buying, the nights.

Owns: the order of events and what people put into their baskets. Does not own: who they are
(people.py), any rule - whatever stands in the demo's store was written by the same services
that a till uses, with a clock that walks from a year ago to now.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any, Literal
from zoneinfo import ZoneInfo

from app.commands.demo.people import SEED, Person, day_of
from app.domain.consent import Purpose
from app.domain.moment import Moment
from app.domain.product import Product
from app.domain.quantity import Quantity, pieces
from app.services.check_in import check_in
from app.services.checkout import SaleDone
from app.services.joining import Joined, NewMember, join_member
from app.services.nightly import run_night
from app.services.payment import (
    PaymentStarted,
    ask_terminal,
    finish_payment,
    pay_cash,
    start_payment,
)
from app.services.ports import Lane
from app.services.redeem import toggle_points
from app.services.scan import scan_code
from app.services.shop import Shop

DAYS = 364
WALK_INS_PER_DAY = 1
NIGHT_OF_MONTH = 4
"""Reviews are due three days after a month's end."""
PAYER_CODE = "134567890123456700"
MINUTES_OPEN = (8 * 60, 21 * 60)
WALK_IN_ARTICLES = (1, 4)


class HistoryClock:
    """A clock that stands where the story is; monotonic time goes on with it."""

    def __init__(self, start: datetime) -> None:
        self._wall_ms = int(start.timestamp()) * 1000
        self._start_ms = self._wall_ms

    def now(self) -> Moment:
        """Wall and monotonic time of the story; each reading is a millisecond later."""
        self._wall_ms += 1
        return Moment(self._wall_ms, self._wall_ms - self._start_ms, "demo-history")

    def go_to(self, at: datetime) -> None:
        """Let time pass; never backwards."""
        self._wall_ms = max(self._wall_ms, int(at.timestamp()) * 1000)


@dataclass(frozen=True, slots=True, order=True)
class Event:
    """Something that happens at a minute of a day."""

    at: datetime
    kind: Literal["open", "join", "visit", "walk_in", "night"]
    person: int = -1
    """The place in the list of people; -1 = nobody."""


def events(
    people: Sequence[Person], today: date, until: datetime, zone: ZoneInfo
) -> tuple[Event, ...]:
    """Everything of the year up to `until`, in order. A visit follows its joining."""
    chance = Random(SEED + 1)

    def minute(day: date, first: int = MINUTES_OPEN[0]) -> datetime:
        at = chance.randint(first, MINUTES_OPEN[1])
        return datetime.combine(day, time(at // 60, at % 60), zone)

    planned = []
    for place, person in enumerate(people):
        joined_on = day_of(today, person.joined_days_ago)
        joined = minute(joined_on)
        planned.append(Event(joined, "join", place))
        for days_ago in person.visits:
            at = minute(day_of(today, days_ago))
            planned.append(Event(max(at, joined + timedelta(minutes=2)), "visit", place))
    for days_ago in range(DAYS, -1, -1):
        day = day_of(today, days_ago)
        planned.append(Event(datetime.combine(day, time(7, 55), zone), "open"))
        if day.day == NIGHT_OF_MONTH:
            planned.append(Event(datetime.combine(day, time(23, 30), zone), "night"))
        planned += [Event(minute(day), "walk_in") for _ in range(WALK_INS_PER_DAY)]
    return tuple(sorted(event for event in planned if event.at < until))


@dataclass(slots=True)
class Storyteller:
    """Plays events through the services."""

    shop: Shop
    lane: Lane
    clock: HistoryClock
    people: Sequence[Person]
    products: Sequence[Product]
    badge: str
    manager_badge: str
    chance: Random
    cards: dict[int, str]

    def play(self, planned: Sequence[Event]) -> Iterator[Event]:
        """One event after the other; yields each when it has happened."""
        for event in planned:
            self.clock.go_to(event.at)
            match event.kind:
                case "open":
                    self._do(scan_code, text=self.badge)
                case "join":
                    self._join(event.person)
                case "visit":
                    self._visit(event.person)
                case "walk_in":
                    self._buy(WALK_IN_ARTICLES)
                case "night":
                    run_night(shop=self.shop, lane=self.lane)
            yield event

    def _do(self, service: Callable[..., Any], **wanted: Any) -> Any:
        return self.lane.run(lambda work: service(shop=self.shop, work=work, **wanted))

    def _join(self, place: int) -> None:
        person = self.people[place]
        consents: set[Purpose] = {"membership", "profiling"}
        if person.marketing:
            consents.add("marketing")
        friends = [card for card in self.cards.values() if self.chance.random() < 0.02]
        new = NewMember(
            phone=person.phone,
            name=person.name,
            salutation=person.salutation,
            birthday=person.birthday,
            consents=frozenset(consents),
            referrer_card=friends[0] if friends and person.phone else "",
            put_on_basket=False,
        )
        answer = self._do(join_member, new=new)
        if not isinstance(answer, Joined):
            raise TypeError(f"the story expected a new member and got {answer!r}")
        self.cards[place] = answer.card_code

    def _visit(self, place: int) -> None:
        self._do(scan_code, text=self.cards[place])
        if self.chance.random() < 0.15:
            self._do(check_in)
        self._buy(self.people[place].spend)

    def _buy(self, articles: tuple[int, int]) -> None:
        for product in self.chance.sample(self.products, self.chance.randint(*articles)):
            self._do(scan_code, text=product.barcodes[0], quantity=self._quantity(product))
        if self.chance.random() < 0.06:
            self._do(toggle_points)
        self._pay()

    def _quantity(self, product: Product) -> Quantity:
        if product.weighed:
            return Quantity(self.chance.randint(180, 2400))
        return pieces(self.chance.choice((1, 1, 1, 1, 2, 2, 3)))

    def _pay(self) -> None:
        how = self.chance.random()
        if how < 0.3:
            done = self._do(pay_cash)
        else:
            done = self._by_terminal("mobile" if how < 0.85 else "card")
        if not isinstance(done, SaleDone):
            raise TypeError(f"the story expected a finished sale and got {done!r}")

    def _by_terminal(self, kind: str) -> Any:
        started = self._do(start_payment, kind=kind)
        if not isinstance(started, PaymentStarted):
            return started
        result = ask_terminal(shop=self.shop, attempt=started.attempt, payer_code=PAYER_CODE)
        return self._do(finish_payment, attempt_id=started.attempt.attempt_id, result=result)

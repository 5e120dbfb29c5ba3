"""A year of recorded baskets as facts in a real store: joined households, one sale a basket.

Owns: that writing, through the fact writer. Does not own: prices and scans (main.py replay rings
the same baskets up through the till), any comparison.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import Any

from app.commands.replay.journey import Journey, RecordedBasket, RecordedLine, moment_of
from app.domain import effects as do
from app.domain.codes import CodeKind, ReceiptNumber, random_code, receipt_code
from app.domain.facts import MemberJoined
from app.domain.ids import uuid7
from app.domain.member import Member, PersonalData
from app.domain.moment import Moment
from app.services.fact_writer import append_fact
from app.store.unit_of_work import UnitOfWork
from tests.domain.heart_builders import a_line, a_receipt, a_sale
from tests.real_shop import IDENTITY, RealShop

BASKETS_A_UNIT = 50
STORE = IDENTITY.store_id
Advance = Callable[[int], None]


def member_id(household: int) -> str:
    """Always the same, so that both ways of adding up name the same person."""
    return uuid7(1_600_000_000_000 + household, household)


def write_year(shop: RealShop, journey: Journey, advance: Advance = lambda done: None) -> int:
    """Write it all; how many sales that were. Where nothing was sold there is no sale."""
    lane = shop.store.lane
    for some in _groups(sorted(journey.households.items()), BASKETS_A_UNIT):
        lane.submit(partial(_join, some)).result()
    number = 0
    for baskets in _groups(journey.baskets(), BASKETS_A_UNIT):
        sold = [each for each in baskets if any(map(is_sold, each.lines))]
        lane.submit(partial(_sell, sold, number)).result()
        number += len(sold)
        advance(number)
    return number


def is_sold(line: RecordedLine) -> bool:
    """Whether anything was handed over or paid: else the line is no line of a sale."""
    return bool(line.quantity or line.sales)


def paid_minor(line: RecordedLine) -> int:
    """What was paid: a coupon takes off no more than there is."""
    return line.sales - min(line.coupon, line.sales)


def _groups(items: Any, size: int) -> Iterator[list[Any]]:
    group: list[Any] = []
    for each in items:
        group.append(each)
        if len(group) == size:
            yield group
            group = []
    if group:
        yield group


def _join(households: Sequence[tuple[int, datetime]], work: UnitOfWork) -> None:
    for household, first in households:
        at = first - timedelta(days=1)
        who, card = member_id(household), random_code(CodeKind.MEMBER, household).text
        person = PersonalData(name=f"Household {household}")
        work.members.add(Member(who, card, at.date(), person, home_store=STORE))
        fact = MemberJoined(
            op_id=uuid7(_ms(at), household), store=STORE, day=at.date(), clock=_clock(_ms(at)),
            staff="replay", member=who, effects=(do.Joined(),), card=card,
        )  # fmt: skip
        append_fact(device=IDENTITY.device, work=work, fact=fact)


def _sell(baskets: Sequence[RecordedBasket], number: int, work: UnitOfWork) -> None:
    for place, basket in enumerate(baskets, start=number + 1):
        append_fact(device=IDENTITY.device, work=work, fact=_sale(basket, place))


def _sale(basket: RecordedBasket, number: int) -> Any:
    day: date = moment_of(basket.at_ms).date()
    lines = tuple(
        a_line(
            str(place),
            sku=str(line.product),
            list_minor=paid_minor(line),
            net_minor=paid_minor(line),
            unit_price_minor=paid_minor(line),
            quantity_thousandths=1000,
            points_earned=0,
            tax_rate="0",
        )
        for place, line in enumerate(filter(is_sold, basket.lines), start=1)
    )
    code = receipt_code(
        ReceiptNumber(IDENTITY.store_number, IDENTITY.till_number, 1, day, number % 36**4)
    ).text
    return a_sale(
        op_id=uuid7(basket.at_ms, number),
        day=day,
        store=STORE,
        clock=_clock(basket.at_ms),
        staff="replay",
        member=member_id(basket.household),
        code=code,
        lines=lines,
        receipt=a_receipt((), code),
    )


def _clock(at_ms: int) -> Moment:
    return Moment(at_ms, at_ms - 1_600_000_000_000, "replay")


def _ms(at: datetime) -> int:
    return int(at.astimezone(UTC).timestamp()) * 1000

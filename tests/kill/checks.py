"""What must hold after a till was killed: nothing confirmed is lost, nothing counts twice.

Owns: the comparison of what the killed till had said with what its file and the bank hold.
Does not own: killing (run.py). Every check is written against what was told, not against the code
under test: the confirmed sales from the pipe, the charges from the bank's own ledger.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any

from app.domain.facts import MemberJoined, SaleRecorded, read_fact
from app.domain.payment import OPEN_STATES
from app.services.ports import UnitOfWork
from app.services.verify import VerifyReport, verify_store
from app.store.waiting_lane import WaitingLane
from tests.kill.bank import Charge, read_ledger
from tests.kill.shop import EMPTY, OpenTill, Place, Shape, open_as_till, shape_of

ANY_MEMBER = "*"


@dataclass(frozen=True, slots=True)
class Confirmed:
    """A sale the cashier was told of."""

    sale_id: str
    code: str
    due_minor: int


@dataclass(slots=True)
class Told:
    """What the tills have said: confirmed for good, and what the last one was just trying."""

    sold: dict[str, Confirmed] = field(default_factory=dict)
    joined: set[str] = field(default_factory=set)
    exceptions: set[str] = field(default_factory=set)
    attempts: set[str] = field(default_factory=set)
    shape: Shape | None = None
    """The basket as last shown by this till; None before it showed one."""
    trying: Mapping[str, Any] | None = None
    """What was asked for and not answered yet."""

    def begin_run(self) -> None:
        """Another till opens the shop: it has shown nothing yet."""
        self.shape, self.trying = None, None

    def hear(self, line: Mapping[str, Any]) -> None:
        """One line from the pipe."""
        if "trying" in line:
            self.trying = line
        if "sold" in line:
            sale = Confirmed(line["sold"], line["code"], line["due"])
            assert sale.sale_id not in self.sold, f"confirmed twice: {sale}"
            self.sold[sale.sale_id] = sale
            self.shape, self.trying = EMPTY, None
        if "joined" in line:
            self.joined.add(line["joined"])
        if "exception" in line:
            self.exceptions.add(line["exception"])
        if "attempt" in line:
            self.attempts.add(line["attempt"])
        if "now" in line:
            goods, member = line["now"]
            self.shape = Shape(tuple((sku, count) for sku, count in goods), member)
            self.trying = None

    def in_flight_sale(self) -> str | None:
        """The basket that was being paid when the till died."""
        return self.trying["basket"] if self.trying and self.trying["trying"] == "pay" else None

    def possible_shapes(self) -> list[Shape]:
        """What the open basket may be: as last shown, or with the step that was under way."""
        if self.shape is None:
            return []
        shapes = [self.shape]
        if self.trying and "expects" in self.trying:
            goods, member = self.trying["expects"]
            shapes.append(Shape(tuple((sku, count) for sku, count in goods), member))
        if self.in_flight_sale():
            shapes.append(EMPTY)
        return shapes


@dataclass(frozen=True, slots=True)
class Found:
    """What the file holds after a kill."""

    sales: Mapping[str, SaleRecorded]
    op_ids: Counter[str]
    rows: int
    joined: frozenset[str]
    members: frozenset[str]
    basket_id: str
    shape: Shape
    to_query: frozenset[str]
    open_attempts: frozenset[str]
    exceptions: Counter[str]
    report: VerifyReport


def look(place: Place) -> Found:
    """Open the shop as the next start would, read everything, run the verify service."""
    with open_as_till(place, Random(0)) as till:
        lane = WaitingLane(till.store.lane)
        report = VerifyReport()
        for _ in verify_store(lane=lane, identity=till.shop.identity, report=report):
            pass
        return lane.run(lambda work: _read(work, till, report))


def _read(work: UnitOfWork, till: OpenTill, report: VerifyReport) -> Found:
    stored = work.facts.all_facts(0, 1_000_000)
    facts = [read_fact(each.data) for each in stored]
    basket = work.baskets.load()
    assert basket is not None, "an opened till has a basket"
    members: list[str] = []
    while more := work.members.all_ids(members[-1] if members else ""):
        members += more
    entries = work.audit.entries(0, 10_000_000)
    return Found(
        sales={fact.op_id: fact for fact in facts if isinstance(fact, SaleRecorded)},
        op_ids=Counter(each.op_id for each in stored),
        rows=work.sales.count(),
        joined=frozenset(str(fact.member) for fact in facts if isinstance(fact, MemberJoined)),
        members=frozenset(members),
        basket_id=basket.basket_id,
        shape=shape_of(basket),
        to_query=frozenset(attempt.attempt_id for attempt in till.opened.to_query),
        open_attempts=frozenset(each.attempt_id for each in work.payments.in_states(OPEN_STATES)),
        exceptions=Counter(
            chained.entry.subject
            for chained in entries
            if chained.entry.action == "payment_without_sale"
        ),
        report=report,
    )


def faults(told: Told, found: Found, before: frozenset[str], place: Place) -> list[str]:
    """Everything that must not be. `before`: ids of the sales that stood before this till."""
    charges = read_ledger(place.ledger)
    return [
        *_lost_or_doubled(told, found),
        *_unconfirmed(told, found, before),
        *_basket(told, found),
        *_members(told, found),
        *_money(found, charges),
        *_attempts(told, found, charges),
        *(f"verify: {fault.what} {fault.where}" for fault in found.report.faults),
    ]


def _lost_or_doubled(told: Told, found: Found) -> Iterator[str]:
    for sale in told.sold.values():
        stored = found.sales.get(sale.sale_id)
        if stored is None:
            yield f"a confirmed sale is lost: {sale}"
            continue
        if stored.code != sale.code:
            yield f"receipt {sale.code} became {stored.code}"
        if sum(tender.amount_minor for tender in stored.tenders) != sale.due_minor:
            yield f"the money of {sale} is {stored.tenders}"
    yield from (f"fact {op_id} stands {n} times" for op_id, n in found.op_ids.items() if n > 1)
    codes = Counter(fact.code for fact in found.sales.values())
    yield from (f"receipt {code} stands {n} times" for code, n in codes.items() if n > 1)
    if found.rows != len(found.sales):
        yield f"{found.rows} rows for {len(found.sales)} sales"
    if found.basket_id in found.sales:
        yield f"the open basket {found.basket_id} is sold already: it could be rung up twice"


def _unconfirmed(told: Told, found: Found, before: frozenset[str]) -> Iterator[str]:
    """Of what nobody was told of only the one sale under way may stand."""
    unknown = found.sales.keys() - told.sold.keys() - before
    for sale_id in unknown - {told.in_flight_sale()}:
        yield f"sale {sale_id} stands, and nobody was ringing it up"


def _basket(told: Told, found: Found) -> Iterator[str]:
    possible = told.possible_shapes()
    sold = told.in_flight_sale() in found.sales
    if sold and found.shape != EMPTY:
        yield f"the last sale stands and the basket is not empty: {found.shape}"
    elif possible and not any(_same(shape, found.shape) for shape in possible):
        yield f"the open basket {found.shape} was never reached: {possible}"
    elif told.in_flight_sale() and not sold and found.shape == EMPTY != told.shape:
        yield "the basket that was being paid is gone and its sale is too"


def _same(told: Shape, found: Shape) -> bool:
    new = told.member == ANY_MEMBER and found.member is not None
    return told.goods == found.goods and (new or told.member == found.member)


def _members(told: Told, found: Found) -> Iterator[str]:
    for member_id in told.joined - found.members:
        yield f"member {member_id} has joined and is lost"
    if found.joined != found.members:
        yield f"members without their fact or twice: {found.joined ^ found.members}"


def _money(found: Found, charges: Sequence[Charge]) -> Iterator[str]:
    """Each approved charge ends in one sale or one exception, and was made once."""
    for attempt_id, count in Counter(charge.attempt_id for charge in charges).items():
        if count > 1:
            yield f"attempt {attempt_id} was charged {count} times"
    approved = {c.attempt_id: c.amount_minor for c in charges if c.approved}
    paid = Counter[str]()
    for fact in found.sales.values():
        for tender in fact.tenders:
            if tender.attempt is None:
                continue
            paid[tender.attempt] += 1
            if approved.get(tender.attempt) != tender.amount_minor:
                yield f"sale {fact.op_id} was paid by a charge the bank does not have: {tender}"
    for attempt_id in approved:
        ends = paid[attempt_id] + found.exceptions[attempt_id]
        waits = attempt_id in found.open_attempts
        if ends + waits != 1:
            yield f"charge {attempt_id} ends in {ends} sales or exceptions, waiting: {waits}"


def _attempts(told: Told, found: Found, charges: Sequence[Charge]) -> Iterator[str]:
    """What the bank has and the till has not settled is found at the start, to be queried."""
    if found.to_query != found.open_attempts:
        yield f"to be queried {found.to_query}, open {found.open_attempts}"
    for charge in charges:
        if charge.attempt_id not in told.attempts:
            yield f"the bank was asked for {charge} before anything was said of it"

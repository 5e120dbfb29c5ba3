"""Ringing up: one recorded basket through the services of a till, scan by scan.

Owns: what a cashier does with each recorded line, and how a basket is paid.
Does not own: any price (services and program), the order of baskets (story.py), comparing.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Literal, TypeVar

from msgspec.structs import replace as replace_struct

from app.commands.replay.identities import broken_identities
from app.commands.replay.journey import Article, RecordedBasket, RecordedLine
from app.commands.replay.shelf import QUICK_ITEM, code_of, store_id
from app.domain.basket import GivenOff, GivenPrice
from app.domain.money import Money
from app.domain.payment import TenderKind
from app.domain.quantity import NotAQuantity, Quantity, parse_quantity, pieces
from app.services.answers import BasketFull, Changed, LineChanged
from app.services.checkout import SaleDone
from app.services.find_member import MemberPutOn
from app.services.lines import LineUnresolved, clear_basket, remove_line, resolve_line
from app.services.payment import (
    PaymentStarted,
    ask_terminal,
    finish_payment,
    pay_cash,
    set_payment_aside,
    start_payment,
)
from app.services.ports import Lane, UnitOfWork
from app.services.recorded_prices import give_prices
from app.services.redeem import redeem_points
from app.services.scan import scan_code
from app.services.shop import Shop

T = TypeVar("T")

RETAIL, COUPON, MATCH = "recorded:retail", "recorded:coupon", "recorded:coupon_match"
"""Rule ids of the recorded discounts: loyalty price, manufacturer's coupon, its match."""
TAKEN_BACK_AT_A_TIME = 20
PAYER_CODE = "134567890123456700"
"""The simulated bank approves what ends in 00."""
Prices = Literal["recorded", "program"]


class ReplayFault(Exception):
    """A service gave an answer that a replayed basket must not get: a bug, with its basket."""


@dataclass(slots=True)
class RingingCounts:
    """What happened at the till."""

    sales: int = 0
    scans: int = 0
    unresolved: int = 0
    """Codes nobody knew, or products without a price: resolved to the quick item."""
    closed_early: int = 0
    """Sales that were closed because the basket was full."""
    points_sales: int = 0
    """Sales partly paid with points."""
    broken: list[str] = field(default_factory=list)
    """Identities of a quote that did not hold, with the basket."""


@dataclass(frozen=True, slots=True)
class ToRing:
    """A line that goods were bought on, as the cashier rings it up."""

    code: str
    quantity: Quantity
    given: GivenPrice


def to_ring(line: RecordedLine, article: Article | None) -> ToRing | None:
    """What is rung up for a recorded line; None where nothing was sold."""
    quantity = _quantity(line, article)
    if quantity is None:
        return None
    coupon = min(line.coupon, line.sales)
    parts = ((RETAIL, line.retail), (MATCH, line.match), (COUPON, coupon))
    return ToRing(
        code_of(line.product),
        quantity,
        GivenPrice(
            Money(line.sales + line.retail + line.match),
            tuple(GivenOff(rule, Money(amount)) for rule, amount in parts if amount),
        ),
    )


def _quantity(line: RecordedLine, article: Article | None) -> Quantity | None:
    """As it is typed before the scan; "0" is refused by the till, and then nothing was sold."""
    if article is not None and article.unit and line.quantity:
        return Quantity(line.quantity)
    typed = parse_quantity(str(line.quantity))
    if not isinstance(typed, NotAQuantity):
        return typed
    if typed.reason == "zero":
        return pieces(1) if line.sales else None
    raise ReplayFault(f"quantity {line.quantity} of product {line.product}: {typed.reason}")


@dataclass(slots=True)
class Cashier:
    """Rings up baskets. `cards`: the card of each household; `articles`: the product rows."""

    shop: Shop
    lane: Lane
    cards: dict[int, str]
    articles: dict[int, Article]
    prices: Prices
    counts: RingingCounts = field(default_factory=RingingCounts)
    _numbers: dict[int, int] = field(default_factory=dict)
    """Store numbers as receipts have them, in the order of the first visit."""
    _shop: Shop = field(init=False)

    def __post_init__(self) -> None:
        self._shop = self.shop

    def ring_up(self, basket: RecordedBasket) -> tuple[int, ...]:
        """Sell a basket, in one sale or more; how many lines each of them had."""
        # One till visits the stores of the chain: every fact and receipt says where it was.
        number = self._numbers.setdefault(basket.store, len(self._numbers) + 1)
        identity = replace_struct(
            self.shop.identity, store_id=store_id(basket.store), store_number=number
        )
        self._shop = replace(self.shop, identity=identity)
        found = [to_ring(line, self.articles.get(line.product)) for line in basket.lines]
        waiting = [line for line in found if line is not None]
        parts = []
        while waiting:
            count = self._sell(basket, waiting)
            parts.append(count)
            waiting = waiting[count:]
        self.counts.closed_early += max(0, len(parts) - 1)
        return tuple(parts)

    def abandon(self) -> None:
        """Stopped in the middle: nobody waits for a terminal, and the basket is emptied."""
        attempt = self._shop.desk.state.attempt
        if attempt is not None:
            self._do(set_payment_aside, attempt_id=attempt.attempt_id)
        self._do(clear_basket)

    def _sell(self, basket: RecordedBasket, waiting: list[ToRing]) -> int:
        card = self.cards[basket.household]
        self._expect(MemberPutOn, self._do(scan_code, text=card), basket)
        rung = self._scan(basket, waiting)
        count = self._price(basket, rung)
        if self.prices == "program":
            self._use_points(basket)
        quote = self._shop.desk.state.quote
        self.counts.broken += [f"{basket.basket}: {what}" for what in broken_identities(quote)]
        self._pay(basket)
        self.counts.sales += 1
        return count

    def _scan(
        self, basket: RecordedBasket, waiting: list[ToRing]
    ) -> list[tuple[str, ToRing, bool]]:
        """Scan until all is in or the basket is full: line id, line, whether it was resolved."""
        rung = []
        for line in waiting:
            answer = self._do(scan_code, text=line.code, quantity=line.quantity)
            self.counts.scans += 1
            if isinstance(answer, BasketFull):
                break
            known = isinstance(answer, LineChanged)
            if isinstance(answer, LineUnresolved):
                self.counts.unresolved += 1
                self._expect(
                    LineChanged,
                    self._do(resolve_line, line_id=answer.line_id, sku=QUICK_ITEM),
                    basket,
                )
            elif not isinstance(answer, LineChanged):
                raise ReplayFault(f"basket {basket.basket}, code {line.code}: {answer!r}")
            rung.append((answer.line_id, line, known))
        return rung

    def _price(self, basket: RecordedBasket, rung: list[tuple[str, ToRing, bool]]) -> int:
        """Give the prices that are given; what no longer fits goes into the next sale."""
        while True:
            prices = {
                line_id: line.given if self.prices == "recorded" else _as_listed(line.given)
                for line_id, line, known in rung
                if self.prices == "recorded" or not known
            }
            if not prices:
                return len(rung)
            answer = self._do(give_prices, prices=prices)
            if isinstance(answer, Changed):
                return len(rung)
            self._expect(BasketFull, answer, basket)
            for line_id, _, _ in rung[-TAKEN_BACK_AT_A_TIME:]:
                self._expect(Changed, self._do(remove_line, line_id=line_id), basket)
            rung = rung[:-TAKEN_BACK_AT_A_TIME]

    def _use_points(self, basket: RecordedBasket) -> None:
        """Every fourth basket pays with points where it can."""
        redeemable = self._shop.desk.state.quote.points_redeemable
        if basket.basket % 4 or not redeemable:
            return
        self._expect(Changed, self._do(redeem_points, points="max"), basket)
        self.counts.points_sales += 1

    def _pay(self, basket: RecordedBasket) -> None:
        """By card every third basket, else in cash; nothing due is cash."""
        if basket.basket % 3 or not self._shop.desk.state.quote.total:
            self._expect(SaleDone, self._do(pay_cash), basket)
            return
        kind: TenderKind = "card"
        started = self._do(start_payment, kind=kind)
        if not isinstance(started, PaymentStarted):
            raise ReplayFault(f"basket {basket.basket}: {started!r}")
        result = ask_terminal(shop=self._shop, attempt=started.attempt, payer_code=PAYER_CODE)
        attempt_id = started.attempt.attempt_id
        done = self._do(finish_payment, attempt_id=attempt_id, result=result)
        self._expect(SaleDone, done, basket)

    def _do(self, service: Callable[..., T], **wanted: object) -> T:
        shop = self._shop
        return self.lane.run(lambda work: _ask(service, shop, work, wanted))

    @staticmethod
    def _expect(kind: type[object], answer: object, basket: RecordedBasket) -> None:
        if not isinstance(answer, kind):
            raise ReplayFault(f"basket {basket.basket}: {answer!r}")


def _ask(service: Callable[..., T], shop: Shop, work: UnitOfWork, wanted: dict[str, object]) -> T:
    return service(shop=shop, work=work, **wanted)


def _as_listed(given: GivenPrice) -> GivenPrice:
    """The quick item has no price of its own: the cashier types the recorded list amount."""
    return GivenPrice(given.list_amount)

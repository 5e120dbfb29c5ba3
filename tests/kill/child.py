"""The till that gets killed: sells without end through the services and says what it was told.

Each step is one JSON message in a pipe: first what is tried, then what the service answered - as
the cashier sees it, only after it answered. The process is forked from a server that has imported
everything already (a till's imports take longer than the sales between two kills) and opened
nothing; `main.py verify` is run in the same way.

Owns: one cashier's day, drawn from the seed. Does not own: any check (checks.py).
"""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout
from io import StringIO
from multiprocessing.connection import Connection
from pathlib import Path
from random import Random
from typing import Any

import main
from app.domain.consent import Purpose
from app.domain.money import Money
from app.domain.payment import PaymentAttempt, TenderKind
from app.services.answers import Changed, LineChanged
from app.services.checkout import SaleDone
from app.services.find_member import MemberPutOn
from app.services.joining import AlreadyMember, Joined, NewMember, join_member
from app.services.lines import LineUnresolved, remove_line, set_quantity
from app.services.payment import (
    ConfirmAmount,
    PaymentDeclined,
    PaymentStarted,
    PaymentUnknown,
    PaymentWithoutSale,
    ask_terminal,
    finish_payment,
    pay_cash,
    query_terminal,
    set_payment_aside,
    start_payment,
)
from app.services.redeem import redeem_points
from app.services.scan import scan_code
from app.store.unit_of_work import UnitOfWork
from tests.kill.shop import OpenTill, Place, Shape, keys_in_files, open_as_till, shape_of, sign_in
from tests.real_shop import APPLE_LABEL, MILK, OIL, TOWEL

CODES = (
    (MILK, "milk"), (TOWEL, "towel"), (OIL, "oil"), (APPLE_LABEL, "apple"),
    ("6901028000048", "goods-0"), ("6901028000055", "goods-1"), ("6901028000062", "goods-2"),
    ("6901028000079", "goods-3"), ("6901028000086", "goods-4"),
)  # fmt: skip
UNKNOWN_CODE = "6901028999998"
MEMBERS_MAX = 40
SURNAMES, GIVEN = "王李张刘陈杨黄赵吴周", ("芳", "伟", "小雨", "建国", "晨", "思雅", "明", "佳慧")


class Cashier:
    """One cashier at the till: tries something, hears the answer, says both."""

    def __init__(self, till: OpenTill, chance: Random, pipe: Connection) -> None:
        self._till = till
        self._pipe = pipe
        self._chance = chance
        self.sold = 0

    def do(self, service: Callable[..., Any], **wanted: Any) -> Any:
        """Ask a service in the store lane and wait for its answer, as the window does."""
        shop = self._till.shop
        lane = self._till.store.lane
        return lane.submit(lambda work: service(shop=shop, work=work, **wanted)).result()

    def say(self, **what: object) -> None:
        """One message, whole and at once: the kill may come right behind it."""
        self._pipe.send_bytes(json.dumps(what).encode())

    @property
    def _shape(self) -> Shape:
        return shape_of(self._till.shop.desk.state.basket)

    def say_now(self) -> None:
        state = self._till.shop.desk.state
        shape = shape_of(state.basket)
        self.say(now=[list(shape.goods), shape.member], basket=state.basket.basket_id)

    def _say_sold(self, answer: SaleDone) -> None:
        self.sold += 1
        sold = answer.receipt
        self.say(sold=answer.sale_id, code=sold.code, due=answer.due.minor)
        self.say_now()

    # -- at the start

    def settle_open_attempts(self) -> None:
        """What may have taken money before the crash is asked about, never charged again."""
        for attempt in self._till.opened.to_query:
            self._settle(attempt)

    def _settle(self, attempt: PaymentAttempt) -> None:
        while True:
            result = query_terminal(shop=self._till.shop, attempt=attempt)
            if not self._finish(attempt, result):
                return

    def _finish(self, attempt: PaymentAttempt, result: object) -> bool:
        """Tell the till what the bank said; whether it is still not known."""
        # An attempt that was set aside belongs to a basket that is gone or paid otherwise.
        current = self._till.shop.desk.state.basket.basket_id == attempt.basket_id
        self.say(trying="pay" if current else "settle", basket=attempt.basket_id)
        answer = self.do(finish_payment, attempt_id=attempt.attempt_id, result=result)
        match answer:
            case SaleDone():
                self._say_sold(answer)
            case PaymentWithoutSale():
                self.say(exception=attempt.attempt_id)
            case PaymentDeclined():
                self.say_now()
            case PaymentUnknown():
                return True
            case _:
                raise AssertionError(answer)
        return False

    # -- a sale

    def one_sale(self) -> None:
        """From the first scan (or what a crash left of it) to the confirmed sale."""
        chance = self._chance
        acts = [self.scan_goods] * chance.randint(1, 7) + [self.change_quantity, self.remove_one]
        if chance.random() < 0.7:
            acts.append(self.put_member_on)
        if chance.random() < 0.1:
            acts.append(self.scan_unknown)
        chance.shuffle(acts)
        for act in acts:
            act()
        self._clean_up()
        if not self._shape.goods:
            self.scan_goods()
        if self._shape.member and chance.random() < 0.4:
            self.say(trying="points")
            self.do(redeem_points, points="max")
            self.say_now()
        self._pay()

    def scan_goods(self) -> None:
        code, sku = self._chance.choice(CODES)
        adds = 842 if sku == "apple" else 1000
        self._expect("goods", self._shape.with_goods(sku, self._shape.count_of(sku) + adds))
        answer = self.do(scan_code, text=code)
        assert isinstance(answer, LineChanged), answer
        self.say_now()

    def scan_unknown(self) -> None:
        name = f"?{UNKNOWN_CODE}"
        self._expect("goods", self._shape.with_goods(name, self._shape.count_of(name) + 1000))
        assert isinstance(self.do(scan_code, text=UNKNOWN_CODE), LineUnresolved)
        self.say_now()

    def change_quantity(self) -> None:
        lines = [line for line in self._lines if line.goods and line.goods.sku != "apple"]
        if not lines:
            return
        line, count = self._chance.choice(lines), self._chance.randint(1, 5)
        assert line.goods is not None
        others = self._shape.count_of(line.goods.sku) - line.quantity.thousandths
        self._expect("quantity", self._shape.with_goods(line.goods.sku, others + count * 1000))
        self.do(set_quantity, line_id=line.line_id, text=str(count))
        self.say_now()

    def remove_one(self) -> None:
        if len(self._lines) < 2:
            return
        self._remove(self._chance.choice(self._lines))

    def _remove(self, line: Any) -> None:
        name = line.goods.sku if line.goods else f"?{line.scanned}"
        left = self._shape.count_of(name) - line.quantity.thousandths
        self._expect("remove", self._shape.with_goods(name, left))
        assert isinstance(self.do(remove_line, line_id=line.line_id), Changed)
        self.say_now()

    def put_member_on(self) -> None:
        if self._shape.member:
            return
        known = self.do(_cards)
        if len(known) < MEMBERS_MAX and (not known or self._chance.random() < 0.1):
            self._join()
            return
        member_id, card = self._chance.choice(known)
        self._expect("member", Shape(self._shape.goods, member_id))
        assert isinstance(self.do(scan_code, text=card), MemberPutOn)
        self.say_now()

    def _join(self) -> None:
        digits = f"138{self._chance.randrange(10**8):08}"
        name = self._chance.choice(SURNAMES) + self._chance.choice(GIVEN)
        agreed: frozenset[Purpose] = frozenset({"membership"})
        self._expect("join", Shape(self._shape.goods, "*"))
        answer = self.do(join_member, new=NewMember(phone=digits, name=name, consents=agreed))
        assert isinstance(answer, Joined | AlreadyMember), answer
        if isinstance(answer, Joined):
            self.say(joined=answer.member_id)
        self.say_now()

    def _clean_up(self) -> None:
        """Lines nobody can sell go out before paying."""
        for line in self._till.shop.desk.state.basket.unresolved:
            self._remove(line)

    @property
    def _lines(self) -> Any:
        return self._till.shop.desk.state.basket.lines

    def _expect(self, what: str, shape: Shape) -> None:
        self.say(trying=what, expects=[list(shape.goods), shape.member])

    # -- the money

    def _pay(self) -> None:
        if self._chance.random() < 0.5:
            self._pay_cash()
            return
        kind: TenderKind = self._chance.choice(("mobile", "card"))
        while not self._pay_at_terminal(kind):
            if self._chance.random() < 0.5:
                self._pay_cash()
                return

    def _pay_cash(self) -> None:
        state = self._till.shop.desk.state
        self.say(trying="pay", basket=state.basket.basket_id)
        given = self._chance.choice((None, Money(100_000)))
        answer = self.do(pay_cash, received=given)
        if isinstance(answer, ConfirmAmount):
            answer = self.do(pay_cash, received=given, confirmed=True)
        if not isinstance(answer, SaleDone):
            answer = self.do(pay_cash)
        assert isinstance(answer, SaleDone), answer
        self._say_sold(answer)

    def _pay_at_terminal(self, kind: TenderKind) -> bool:
        """Whether the basket was paid; an attempt without an answer may be set aside."""
        self.say(trying="start")
        started = self.do(start_payment, kind=kind)
        assert isinstance(started, PaymentStarted), started
        attempt = started.attempt
        self.say(attempt=attempt.attempt_id)
        sold = self.sold
        result: object = ask_terminal(shop=self._till.shop, attempt=attempt, payer_code="1" * 18)
        while self._finish(attempt, result):
            if self._chance.random() < 0.3:
                self.say(trying="aside")
                self.do(set_payment_aside, attempt_id=attempt.attempt_id)
                self.say_now()
                return False
            result = query_terminal(shop=self._till.shop, attempt=attempt)
        return self.sold > sold


def _cards(*, shop: object, work: UnitOfWork) -> list[tuple[str, str]]:
    members = [work.members.get(member_id) for member_id in work.members.all_ids()]
    return [(member.member_id, member.card_code) for member in members if member is not None]


def sell(folder: Path, seed: str, sales: int | None, pipe: Connection) -> None:
    """A till's life: open, settle what a crash left open, sell (without end unless told)."""
    keys_in_files()
    chance = Random(seed)
    with open_as_till(Place(folder), chance) as till:
        cashier = Cashier(till, chance, pipe)
        cashier.say_now()
        # A till asks about open attempts at its start; who signs in meanwhile must not matter.
        if chance.random() < 0.5:
            sign_in(till)
            cashier.settle_open_attempts()
        else:
            cashier.settle_open_attempts()
            sign_in(till)
        cashier.say(selling=True)
        while sales is None or cashier.sold < sales:
            cashier.one_sale()


def verify(shop: Path, pipe: Connection) -> None:
    """`main.py verify` on a shop: its exit code and what it printed."""
    keys_in_files()
    with redirect_stdout(StringIO()) as said, redirect_stderr(said):
        answer = main.main(["verify", "--json", "--dir", str(shop)])
    pipe.send_bytes(json.dumps({"answer": answer, "said": said.getvalue()}).encode())

"""The till's budgets through its services: scanning, searching, confirming a sale.

Owns: what a cashier does, asked of the real services in the real store lane, and what goes on
beside it (units of work of 100 accounts back to back, as a pull brings them).
Does not own: the window (window.py), the rows of the comparison (store/raw_rows.py).
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from itertools import cycle, islice
from random import Random
from typing import Any

import msgspec

from app.commands.bench.big_shop import BigShop, Person
from app.commands.bench.figures import Figure, median_ms, percentile_ms, timed
from app.services.answers import LineChanged
from app.services.checkout import SaleDone
from app.services.find_member import MemberPutOn, find_members
from app.services.lines import clear_basket
from app.services.payment import pay_cash
from app.services.scan import scan_code
from app.services.shop import Shop
from app.store.lane import StoreLane
from app.store.opening import OpenStore
from app.store.raw_rows import RawCopy, rows_of_sale
from app.store.turn import Priority
from app.store.unit_of_work import UnitOfWork

PULL_ACCOUNTS = 100
LINES = 10
MONTH_OF_PULL = 24_330
TYPED = (
    "wangxiaoming", "zhangwei", "lina", "zxm", "wjh", "王小明", "李娜", "小雨", "shanxiaojun",
)  # fmt: skip
"""What a cashier types, letter by letter."""


@dataclass(frozen=True, slots=True)
class Rounds:
    """How often each is measured."""

    scans: int = 1_000
    searches: int = 1_000
    sales: int = 300


@dataclass(slots=True)
class AtTheTill:
    """An open till of the big shop, somebody signed in."""

    shop: Shop
    store: OpenStore
    big: BigShop
    people: list[Person] = field(init=False)
    chance: Random = field(default_factory=Random)
    """Others in each run: whoever buys often on one day gets an exception, whose rows would count
    on our side of the comparison only."""

    def __post_init__(self) -> None:
        self.people = self.big.people()

    def ask(self, service: Callable[..., Any], **wanted: Any) -> Any:
        """Ask a service in the store lane and wait for its answer, as the window does."""
        shop = self.shop
        return self.store.lane.submit(lambda work: service(shop=shop, work=work, **wanted)).result()


# ------------------------------------------------------------------ scanning beside a pull


def _apply(ids: Sequence[str], unit: UnitOfWork) -> None:
    """What a pull does with 100 accounts: read them, write the confirmed ones."""
    accounts = unit.accounts.get_many(ids)
    for member_id, account in accounts.items():
        points = account.gained.get(MONTH_OF_PULL, 0) + 7
        accounts[member_id] = msgspec.structs.replace(
            account, gained={**account.gained, MONTH_OF_PULL: points}
        )
    unit.accounts.put_many(accounts)


@contextmanager
def a_pull(lane: StoreLane, people: Sequence[Person]) -> Iterator[list[int]]:
    """Units of work of 100 accounts back to back, from a thread of its own; yields their times."""
    stop, times, chance = threading.Event(), list[int](), Random(3)
    ids = [person.member_id for person in people]

    def serve() -> None:
        while not stop.is_set():
            some = chance.sample(ids, min(PULL_ACCOUNTS, len(ids)))
            answer = lane.submit(partial(_apply, some), priority=Priority.BACKGROUND)
            times.append(timed(answer.result))

    thread = threading.Thread(target=serve, name="bench-pull")
    thread.start()
    try:
        yield times
    finally:
        stop.set()
        thread.join()


def measure_scans(till: AtTheTill, rounds: int) -> Figure:
    """From the code to the service's answer, during a pull: products, and each tenth a member."""
    products, members = list[int](), list[int]()
    till.ask(clear_basket)
    with a_pull(till.store.lane, till.people) as pull:
        for number in range(rounds):
            if number % LINES == 0:
                card = till.chance.choice(till.people).card
                members.append(timed(partial(_scan, till, card, MemberPutOn)))
            code = till.big.barcode(till.chance.randrange(10**9))
            products.append(timed(partial(_scan, till, code, LineChanged)))
            if number % LINES == LINES - 1:
                till.ask(clear_basket)
    beside = {
        "product_p99_ms": percentile_ms(products, 0.99),
        "member_p99_ms": percentile_ms(members, 0.99),
        "unit_of_100_accounts_ms": median_ms(pull),
        "units": len(pull),
        "scans": len(products) + len(members),
    }
    return Figure("scan", percentile_ms(products + members, 0.99), 50, "ms", beside)


def _scan(till: AtTheTill, code: str, expected: type) -> None:
    answer = till.ask(scan_code, text=code)
    if not isinstance(answer, expected):
        raise TypeError(f"{code} gave {answer!r}")


# ------------------------------------------------------------------ searching


def _letter_by_letter() -> Iterator[str]:
    for whole in cycle(TYPED):
        for end in range(1, len(whole) + 1):
            yield whole[:end]


def measure_search(till: AtTheTill, rounds: int) -> Figure:
    """As the cashier types a name, and by the last four digits of the phone."""
    names = [
        timed(partial(till.ask, find_members, text=text))
        for text in islice(_letter_by_letter(), rounds)
    ]
    digits = [
        timed(partial(till.ask, find_members, text=f"{till.chance.randrange(10_000):04}"))
        for _ in range(rounds)
    ]
    beside = {
        "name_p99_ms": percentile_ms(names, 0.99),
        "last_digits_p99_ms": percentile_ms(digits, 0.99),
        "searches": len(names) + len(digits),
    }
    return Figure("search", percentile_ms(names + digits, 0.99), 30, "ms", beside)


# ------------------------------------------------------------------ confirming


def measure_sales(till: AtTheTill, rounds: int) -> Figure:
    """A 10-line member sale from a current quote, and the very same rows by bare SQLCipher.

    One of ours into the file, then its rows into a copy of the file, by turns: whatever else the
    machine does meets both alike.
    """
    ours, raw, rows = list[int](), list[int](), 0
    copy = RawCopy(till.store, till.store.place.folder / "bench-copy.db")
    try:
        for _ in range(rounds):
            member = _ring_up(till)
            done: list[SaleDone] = []
            ours.append(timed(lambda done=done: done.append(till.ask(pay_cash))))  # type: ignore[misc]  # mypy cannot infer a default's lambda
            sale_id = done[0].sale_id
            # As the window asks: a `read` in between would make every statement be prepared anew.
            same = till.store.lane.submit(
                partial(rows_of_sale, sale_id=sale_id, member_id=member.member_id)
            ).result()
            raw.append(timed(partial(copy.write, same)))
            rows = same.count
    finally:
        copy.close()
    ours_ms, raw_ms = median_ms(ours), median_ms(raw)
    beside = {
        "ours_ms": ours_ms,
        "raw_ms": raw_ms,
        "ours_p99_ms": percentile_ms(ours, 0.99),
        "raw_p99_ms": percentile_ms(raw, 0.99),
        "rows": rows,
        "sales": len(ours),
    }
    return Figure("confirm", ours_ms / raw_ms, 2, "times", beside)


def _ring_up(till: AtTheTill) -> Person:
    member = till.chance.choice(till.people)
    _scan(till, member.card, MemberPutOn)
    first = till.chance.randrange(10**9)
    for number in range(LINES):
        _scan(till, till.big.barcode(first + number), LineChanged)
    return member

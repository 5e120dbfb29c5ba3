"""Rules of selling: what the machine may do with a basket, and what the machine is made of.

Owns: the two tills, the rules from the first scan to the last tender, what days have come to.
Does not own: goods that come back, the drawer, what must hold (day.py), how an act is done
(hands.py).
"""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule

from app.devices.terminals import Behaviour
from app.services.coupon import back_to_best, refuse_coupon, use_coupon
from app.services.redeem import redeem_points, take_points_price
from app.services.scan import scan_code
from tests.machine.books import Books
from tests.machine.hands import Hands
from tests.machine.shop import MEMBERS, PARKING, REWARD_IDS, TEA, Bank, a_day, furnished
from tests.real_shop import APPLE_LABEL, MILK, OIL, TOWEL

CODES = st.lists(st.sampled_from((MILK, TOWEL, OIL, APPLE_LABEL)), min_size=1, max_size=4)
NAMES = st.sampled_from(("", *MEMBERS))
PORTIONS = st.lists(
    st.tuples(st.integers(0, 3), st.sampled_from((100, 1, 34, 50))), min_size=1, max_size=3
)
PREPARED = (
    "nothing", "rate", "order", "price", "points", "points price", "use", "refuse", "best",
    "benefit", "benefit", "swap", "reward", "reward",
)  # fmt: skip
BEHAVIOURS: tuple[Behaviour, ...] = ("approve", "approve", "decline", "time_out", "unknown")
BANK = st.sampled_from(BEHAVIOURS)
TENDERS = st.sampled_from(("cash", "mobile", "card"))
FOR_POINTS = st.sampled_from((0, 200, "max", *REWARD_IDS))


@dataclass(slots=True)
class Place:
    """One till: hands and books."""

    hands: Hands
    books: Books
    folder: Path
    closed: list[tuple[str, Any]] = field(default_factory=list)
    """Shifts with their Zs."""


@dataclass(slots=True)
class Seen:
    """What days have come to, over all of them: whether they were worth playing."""

    days: int = 0
    steps: int = 0
    what: Counter[str] = field(default_factory=Counter)
    tell: Callable[[int], None] = lambda days: None
    """Hears how many days have begun."""

    def begin_day(self) -> None:
        self.days += 1
        self.tell(self.days)


SEEN = Seen()


def may_sell(machine: Selling) -> bool:
    return machine.at.may_sell


def is_free(machine: Selling) -> bool:
    return machine.at.may_sell and not machine.at.is_paid_in_part


def is_ready(machine: Selling) -> bool:
    """For the next customer."""
    return is_free(machine) and not machine.at.has_goods


class Selling(RuleBasedStateMachine):
    """One counter and, once the line is dead, another that holds the same sales."""

    def __init__(self) -> None:
        super().__init__()
        folder, bank = Path(tempfile.mkdtemp(prefix="zhanggui-day-")), Bank()
        morning = furnished()
        hands = Hands(a_day(folder, bank), bank)
        self.tills = [Place(hands, Books(morning.accounts, morning.dseq), folder)]
        self.place = 0
        self.until_fork: list[Any] = []
        SEEN.begin_day()

    @property
    def till(self) -> Place:
        return self.tills[self.place]

    @property
    def at(self) -> Hands:
        return self.till.hands

    # -------------------------------------------------------------- the basket

    @precondition(is_free)
    @rule(codes=CODES, name=NAMES, what=st.sampled_from(PREPARED), number=st.integers(1, 100))
    def prepare(self, codes: list[str], name: str, what: str, number: int) -> None:
        """Goods, a member, and something he chooses or is given."""
        self._ring_up(codes, name)
        hands = self.at
        lines, seat = hands.state.basket.lines, hands.state.seat
        line, coupons = lines[number % len(lines)], seat.view.coupons if seat else ()
        match what:
            case "rate" | "order" | "price":
                hands.give(what, number, number)
                SEEN.what["by hand"] += 1
            case "points":
                hands.do(redeem_points, points="max" if number % 3 else 100 * (number % 5))
            case "points price":
                hands.do(take_points_price, line_id=line.line_id, on=number % 3 > 0)
            case "use" if coupons:
                hands.do(use_coupon, coupon_id=coupons[number % len(coupons)].coupon_id)
            case "refuse" if coupons:
                chosen = coupons[number % len(coupons)]
                hands.do(refuse_coupon, rule_or_coupon=chosen.coupon_id)
            case "best":
                hands.do(back_to_best)
            case "benefit" if seat:
                hands.tick((TEA, PARKING)[number % 2])
                SEEN.what["benefit"] += 1
            case "reward" if seat:
                hands.have_reward(REWARD_IDS[number % len(REWARD_IDS)])
                SEEN.what["reward"] += 1
            case "swap" if seat:
                hands.swap_points()
            case _:
                pass  # nothing, or not for this customer

    def _ring_up(self, codes: list[str], name: str) -> None:
        cards = [self.at.shop.cards[name]] if name else []
        for code in (*cards, *codes):
            self.at.do(scan_code, text=code)

    @precondition(lambda machine: is_free(machine) and machine.at.has_goods)
    @rule(what=st.sampled_from(("hold", "hold", "void")), codes=CODES, name=NAMES)
    def put_aside(self, what: str, codes: list[str], name: str) -> None:
        """Held while the next customer is served, or given up."""
        if what == "void":
            self.at.void()
            return
        self.at.hold()
        if name:
            self._ring_up(codes, name)
            self._pay("cash", 0, "approve")
            self._recall(len(self.at.held) - 1)

    def _recall(self, place: int) -> None:
        self.at.recall(place)
        SEEN.what["held"] += 1

    @precondition(lambda machine: is_ready(machine) and machine.at.held)
    @rule(place=st.integers(0, 3))
    def recall(self, place: int) -> None:
        hold_id = self.at.held[place % len(self.at.held)]
        self._recall(place)
        if place == 3:
            self.at.void()
            self.at.recall_again(hold_id)

    # -------------------------------------------------------------- money

    @precondition(lambda machine: may_sell(machine) and machine.at.has_goods)
    @rule(kind=TENDERS, tens=st.integers(1, 900), bank=BANK)
    def pay_a_part(self, kind: str, tens: int, bank: Behaviour) -> None:
        if kind == "cash":
            self.at.pay_some_cash(tens * 10)
        else:
            self.at.pay_by_terminal(kind, tens * 13, bank)

    @precondition(lambda machine: may_sell(machine) and machine.at.has_goods)
    @rule(kind=TENDERS, tens=st.integers(0, 900), bank=BANK)
    def pay_the_rest(self, kind: str, tens: int, bank: Behaviour) -> None:
        self._pay(kind, tens, bank)

    def _pay(self, kind: str, tens: int, bank: Behaviour) -> None:
        if kind == "cash":
            self.at.pay_all_in_cash(tens * 10)
        else:
            self.at.pay_by_terminal(kind, None, bank)

    @precondition(lambda machine: may_sell(machine) and machine.at.is_paid_in_part)
    @rule(place=st.integers(0, 3), bank=BANK)
    def give_a_part_back(self, place: int, bank: Behaviour) -> None:
        self.at.give_a_part_back(place, bank)
        SEEN.what["part back"] += 1

    @precondition(is_ready)
    @rule(codes=CODES, name=NAMES, points=FOR_POINTS, kind=TENDERS)
    def sell(self, codes: list[str], name: str, points: int | str, kind: str) -> None:
        """A sale as most are."""
        self._ring_up(codes, name)
        if name and points in REWARD_IDS:
            self.at.have_reward(str(points))
            SEEN.what["reward"] += 1
        elif name and points:
            self.at.do(redeem_points, points=points)
        self._pay(kind, 0, "approve")

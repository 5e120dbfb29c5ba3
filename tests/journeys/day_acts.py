"""A cashier's day at the window: each kind of sale, and everything a shift brings beside them.

Owns: those acts by keys and scans, what can be read of them in the evening. Does not own: what has
to agree then (test_full_day.py), the single acts of others (shift_acts.py, hand_acts.py).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from PySide6.QtCore import Qt

from app.domain.facts import (
    read_fact,
)
from app.domain.money import Money, parse_amount
from tests.journeys.cashier import Cashier
from tests.real_shop import APPLE_LABEL, GOLD_PHONE, MILK, OIL, TOWEL
from ui.navigation import ToPayment, ToReceipt, ToTill

Key = Qt.Key
ALT, CONTROL = Qt.KeyboardModifier.AltModifier, Qt.KeyboardModifier.ControlModifier
PAY_CODE = "134567890123456788"


@dataclass
class Day:
    """A cashier's day, and what a careful person writes down beside it."""

    cashier: Cashier
    codes: list[str] = field(default_factory=list)
    """Receipt numbers of the sales, in their order."""
    teas: int = 0

    @property
    def shop(self) -> Any:
        return self.cashier.shop

    # -- one sale after the other

    def goods(self, *codes: str, member: str = "") -> None:
        if member:
            self.cashier.scan(self.shop.cards[member])
        for code in codes:
            self.cashier.scan(code)

    def paid(self) -> None:
        """Back at the till after a sale."""
        assert self.cashier.at(ToReceipt), self.cashier.handle.parts.navigation.here
        self.cashier.press(Key.Key_Escape)
        assert self.cashier.at(ToTill)
        self.codes.append(self.cashier.sales()[-1].code)

    def exact_cash(self) -> None:
        self.cashier.press(Key.Key_F9)
        self.cashier.press(Key.Key_F9)
        self.paid()

    def cash_with_change(self, given: str) -> None:
        self.cashier.press(Key.Key_F9)
        self.cashier.type(given)
        self.cashier.press(Key.Key_Return)
        self.paid()

    def by_phone(self) -> None:
        self.cashier.scan(PAY_CODE)
        self.paid()

    def by_card(self) -> None:
        self.cashier.press(Key.Key_F9)
        self.cashier.press(Key.Key_3, ALT)
        self.cashier.press(Key.Key_Return)
        self.cashier.press(Key.Key_Return, CONTROL)
        self.paid()

    def with_points(self) -> None:
        self.cashier.press(Key.Key_F9)
        self.cashier.press(Key.Key_F6)
        self.cashier.press(Key.Key_F9)
        self.paid()

    def in_parts(self, first: str) -> None:
        """A part in cash, the rest by phone."""
        self.cashier.press(Key.Key_F9)
        self.cashier.press(Key.Key_4, ALT)
        self.cashier.type(first)
        self.cashier.press(Key.Key_Return)
        self.cashier.scan(PAY_CODE)
        self.paid()

    def sale(self, number: int) -> None:
        """One of eight kinds of sale."""
        match number % 8:
            case 0:
                self.goods(MILK, TOWEL, OIL)
                self.exact_cash()
            case 1:
                self.goods(MILK, APPLE_LABEL, TOWEL, TOWEL, OIL, member="张三丰")
                self.by_phone()
            case 2:
                self.goods(MILK, OIL, member="王小红")
                self.with_points()
            case 3:
                self.cashier.type("3*")
                self.goods(TOWEL, APPLE_LABEL)
                self.cash_with_change("500")
            case 4:
                self.goods(OIL, APPLE_LABEL, member="陈静")
                self.by_card()
            case 5:
                self.of_a_phone_with_another_coupon()
            case 6:
                self.goods(MILK, OIL)
                self.in_parts("50")
            case _:
                self.goods(MILK, TOWEL)
                self.cashier.press(Key.Key_F7)
                self.cashier.type("95")
                self.cashier.press(Key.Key_Return)
                self.exact_cash()

    def of_a_phone_with_another_coupon(self) -> None:
        """A member by his number, who takes his tea and another coupon than the best one."""
        self.cashier.press(Key.Key_F3)
        self.cashier.type(GOLD_PHONE)
        self.cashier.press(Key.Key_Return)
        self.goods(MILK, OIL, OIL)
        if self.teas < 3:
            self.teas += 1
            self.cashier.press(Key.Key_2, ALT)
        self.cashier.press(Key.Key_F6)
        self.cashier.press(Key.Key_Down)
        self.cashier.press(Key.Key_Return)
        self.cashier.press(Key.Key_Escape)
        self.exact_cash()

    # -- beside the sales

    def take_a_towel_back(self, code: str) -> None:
        self.cashier.press(Key.Key_F8)
        self.cashier.scan(code)
        self.cashier.scan(TOWEL)
        self.cashier.type("2")
        self.cashier.press(Key.Key_Return)
        assert self.cashier.at(ToReceipt)
        self.cashier.press(Key.Key_Escape)

    def exchange_a_towel_for_milk(self, code: str) -> None:
        self.cashier.press(Key.Key_F8)
        self.cashier.scan(code)
        self.cashier.scan(TOWEL)
        self.cashier.type("3")
        self.cashier.press(Key.Key_2, ALT)
        self.cashier.scan(MILK)
        self.cashier.press(Key.Key_Return)
        assert self.cashier.at(ToPayment)
        self.cashier.press(Key.Key_F9)
        self.paid()

    def override(self) -> None:
        """A fifth off the whole order: a reason, and the manager's badge."""
        self.goods(MILK, OIL)
        self.cashier.press(Key.Key_F7)
        self.cashier.type("80")
        self.cashier.press(Key.Key_Return)
        self.cashier.type("1")
        self.cashier.scan(self.shop.badges["王芳"])
        self.exact_cash()

    def move(self, which: str, amount: str) -> None:
        """F10: cash in (5), out (6), into the safe (7); the first reason of its list."""
        self.cashier.press(Key.Key_F10)
        self.cashier.type(which)
        self.cashier.type(amount)
        self.cashier.press(Key.Key_Return)
        self.cashier.type("1")

    def peep(self) -> None:
        self.cashier.press(Key.Key_F10)
        self.cashier.type("1")
        self.cashier.scan(self.shop.badges["王芳"])

    def hold_one(self) -> None:
        self.goods(OIL, TOWEL)
        self.cashier.press(Key.Key_F4)

    def x_of_the_manager(self) -> None:
        self.cashier.press(Key.Key_F12)
        self.cashier.scan(self.shop.badges["王芳"])
        self.cashier.press(Key.Key_J, CONTROL)
        self.cashier.type("2")
        self.cashier.press(Key.Key_Escape)
        self.cashier.press(Key.Key_F12)
        self.cashier.scan(self.shop.badges["李明"])

    # -- what can be read in the evening

    def facts(self, *kinds: type[Any]) -> list[Any]:
        stored = self.cashier.read(lambda work: work.facts.all_facts(0, 10_000))
        facts = [read_fact(each.data) for each in stored]
        return [fact for fact in facts if isinstance(fact, kinds)]

    def papers(self, *words: str) -> list[str]:
        found = self.cashier.at_till.printer.papers()
        return [paper for paper in found if all(word in paper for word in words)]


def figures(paper: str, label: str) -> list[int]:
    """The amounts a paper prints behind a label, in minor units."""
    found = re.findall(rf"^ *{label}.*? ([+−-]?[\d,]+\.\d\d)$", paper, re.MULTILINE)
    amounts = [parse_amount(each.replace("−", "-").replace(",", "").lstrip("+")) for each in found]
    return [amount.minor for amount in amounts if isinstance(amount, Money)]


def a_whole_shift(day: Day) -> None:
    """Forty sales; holds, refunds, an exchange, an override, cash moved, an X."""
    for number in range(37):
        if number == 12:
            day.hold_one()
        day.sale(number)
        if number == 12:
            day.cashier.press(Key.Key_F5)
            day.exact_cash()
        if number == 20:
            day.take_a_towel_back(day.codes[0])
            day.take_a_towel_back(day.codes[1])
            day.move("5", "200")
        if number == 25:
            day.exchange_a_towel_for_milk(day.codes[3])
            day.override()
        if number == 30:
            day.peep()
            day.x_of_the_manager()
            day.move("7", "300")
    day.move("6", "12.5")
    day.cashier.scan(day.shop.badges["王芳"])
    day.hold_one()

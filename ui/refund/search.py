"""Sale search: from a receipt, a number, an amount or a member to the sale whose goods come back.

Owns: the order of questions for one text, what was found so far, which row is current.
Does not own: the list's look (find_view.py), the questions themselves (services).
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from PySide6.QtCore import QObject, Signal

from app.domain.money import Money, parse_amount
from app.domain.server_answer import LookUpAnswer, LookUpWanted
from app.services.find_member import MembersFound, find_members
from app.services.look_up import look_up_member
from app.services.refund_search import (
    AllBackAlready,
    FindAnswer,
    IsARefund,
    NoSaleNumbered,
    NotAReceipt,
    NotSoldHere,
    SaleFound,
    SalesListed,
    SalesWanted,
    SoldElsewhere,
    find_sale,
    list_sales,
)
from ui.refund.find_view import FindForm
from ui.window_parts import WindowParts

_AMOUNT = re.compile(r"\d+[.]\d{1,2}")


class SaleSearch(QObject):
    """Finds one sale.

    Signals:
        changed: There is something else to show.
        found: The sale. arg: its receipt code's sale id.
        failed: A look led to nothing to choose. arg: the answer that says why.
        refused: A service said no. arg: its answer.
    """

    changed = Signal()
    found = Signal(object)
    failed = Signal(object)
    refused = Signal(object)

    def __init__(self, parts: WindowParts, parent: QObject) -> None:
        super().__init__(parent)
        self._parts = parts
        self.form = FindForm()
        self._looks = 0
        """How often was looked: the answer to an earlier look comes too late."""

    def begin(self) -> None:
        """The last sales, nothing typed."""
        self._looks += 1
        self.form = FindForm()
        self._parts.ask(list_sales, self._listed, wanted=SalesWanted())

    def look(self, text: str) -> None:
        """A receipt, a number of a day, an amount of today, a member."""
        self._looks += 1
        if _AMOUNT.fullmatch(text):
            amount = parse_amount(text)
            assert isinstance(amount, Money), text
            wanted = SalesWanted(day=self._parts.local_now().date(), due=amount)
            self._parts.ask(list_sales, self._listed_by(text), wanted=wanted)
        else:
            self._parts.ask(find_sale, self._answerer(text), text=text)

    def move(self, step: int) -> None:
        """Another row by an arrow key."""
        count = len(self.form.people) or len(self.form.sales or ())
        if count:
            here = self.form.current + step if self.form.current >= 0 else 0
            self.form = replace(self.form, current=max(0, min(count - 1, here)))
            self.changed.emit()

    def choose(self, place: int) -> None:
        """A row was pressed, or Enter took the current one."""
        form = self.form
        if form.people and 0 <= place < len(form.people):
            hit = form.people[place]
            name = hit.name_masked or hit.phone_masked or hit.card_masked
            wanted = SalesWanted(member_id=hit.member_id)
            self._parts.ask(list_sales, self._listed_by(name), wanted=wanted)
        elif not form.people and 0 <= place < len(form.sales or ()):
            sale = (form.sales or ())[place]
            self.form = replace(form, current=place)
            self._parts.ask(find_sale, self._answerer(""), text=sale.receipt_code)

    @property
    def can_go_back(self) -> bool:
        """Whether anything but the first list is shown."""
        form = self.form
        return bool(form.people or form.of_member) or form.answer is not None

    # ------------------------------------------------------------------ answers

    def _answerer(self, text: str) -> Any:
        def answered(answer: FindAnswer) -> None:
            self._answered(answer, text)

        return answered

    def _ask_head_office(self, wanted: LookUpWanted, text: str) -> None:
        """Two seconds at most; whoever looks for something else meanwhile is not disturbed."""
        looks = self._looks
        self.form = replace(self.form, answer=None, is_asking=True)
        self.changed.emit()

        def told(looked_up: LookUpAnswer) -> None:
            if looks != self._looks:
                return
            self.form = replace(self.form, is_asking=False)
            answered, receipt = self._answerer(text), wanted.receipt or ""
            self._parts.ask(find_sale, answered, text=receipt, looked_up=looked_up)

        self._parts.ask_aside(look_up_member, told, wanted=wanted)

    def _answered(self, answer: FindAnswer, text: str) -> None:
        match answer:
            case SoldElsewhere(wanted):
                self._ask_head_office(wanted, text)
            case SaleFound(sale):
                self.form = replace(self.form, answer=None)
                self.found.emit(sale.sale_id)
            case NotAReceipt(_, misread) if not misread and text:
                self._parts.ask(find_members, self._people_for(answer), text=text)
            case NoSaleNumbered() if text:
                # Four figures may be the end of a phone number as well.
                self._parts.ask(find_members, self._people_for(answer), text=text)
            case AllBackAlready() | IsARefund() | NotSoldHere() | NotAReceipt() | NoSaleNumbered():
                self._fail(answer)
            case _:
                self.refused.emit(answer)

    def _people_for(self, answer: FindAnswer) -> Any:
        def found(people: object) -> None:
            if not isinstance(people, MembersFound):
                self._fail(answer)
            elif len(people.hits) == 1:
                self.form = replace(self.form, people=people.hits, current=0, answer=None)
                self.choose(0)
            else:
                self.form = replace(self.form, people=people.hits, current=-1, answer=None)
                self.changed.emit()

        return found

    def _fail(self, answer: FindAnswer) -> None:
        self.form = replace(self.form, answer=answer)
        self.failed.emit(answer)

    def _listed(self, answer: Any) -> None:
        if isinstance(answer, SalesListed):
            self.form = replace(self.form, people=(), sales=answer.sales, of_member="", current=-1)
            self.changed.emit()
        else:
            self.refused.emit(answer)

    def _listed_by(self, name: str) -> Any:
        def listed(answer: Any) -> None:
            self._listed(answer)
            self.form = replace(self.form, of_member=name, answer=None)
            self.changed.emit()

        return listed

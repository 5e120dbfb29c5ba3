"""Rights, held sales and exceptions in a real file: written, read back, ended once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import msgspec
import pytest

from app.domain.exception_case import CaseEnd, ExceptionCase, closed
from app.domain.hold import HeldSale, HoldEnd, SeenLine, SeenPrices
from app.domain.money import Money
from app.domain.open_basket import OpenBasket
from app.domain.rights import DEFAULT_RIGHTS
from app.store.errors import Damaged, StoreBug
from app.store.opening import OpenStore
from app.store.unit_of_work import UnitOfWork
from tests.real_shop import empty_store


@pytest.fixture
def store(tmp_path: Path) -> Iterator[OpenStore]:
    opened, _ = empty_store(tmp_path)
    yield opened
    opened.close()


def held(hold_id: str, at_ms: int) -> HeldSale:
    seen = SeenPrices(
        total=Money(5900),
        lines=(SeenLine(line_id="1", name="纯牛奶", net=Money(5900)),),
        offers={"c": Money(500)},
    )
    basket = OpenBasket(basket_id=hold_id, opened_ms=at_ms)
    return HeldSale(hold_id, at_ms, date(2026, 11, 21), "li", 1, seen, basket, "去拿鸡蛋")


def test_rights_are_what_ships_until_the_shop_says_its_own(store: OpenStore) -> None:
    own = msgspec.structs.replace(DEFAULT_RIGHTS, both_above_minor=None)

    def work(unit: UnitOfWork) -> None:
        assert unit.rights.read() == DEFAULT_RIGHTS
        unit.rights.write(own)
        assert unit.rights.read() == own

    store.lane.submit(work).result()


def test_rights_that_were_damaged_are_said_to_be(store: OpenStore) -> None:
    def work(unit: UnitOfWork) -> None:
        unit.settings.put_value("rights", '{"roles": 7}')
        with pytest.raises(Damaged, match="rights"):
            unit.rights.read()

    store.lane.submit(work).result()


def test_open_holds_come_newest_first_and_end_once(store: OpenStore) -> None:
    first, second = held("a", 1_000), held("b", 2_000)
    end = HoldEnd("recalled", "li", 3_000)

    def work(unit: UnitOfWork) -> None:
        for one in (first, second):
            unit.holds.add(one)
        assert list(unit.holds.open_holds()) == [second, first]
        unit.holds.end("b", end)
        assert list(unit.holds.open_holds()) == [first]
        assert unit.holds.count_open() == 1
        assert unit.holds.get("b") == replace(second, end=end)
        assert unit.holds.get("c") is None
        with pytest.raises(StoreBug, match="not open"):
            unit.holds.end("b", end)
        unit.holds.put_note("a", "")
        assert unit.holds.get("a") == replace(first, note="")

    store.lane.submit(work).result()


def test_a_basket_held_again_is_one_hold(store: OpenStore) -> None:
    def work(unit: UnitOfWork) -> None:
        unit.holds.add(held("a", 1_000))
        unit.holds.end("a", HoldEnd("recalled", "li", 2_000))
        unit.holds.add(held("a", 3_000))
        assert list(unit.holds.open_holds()) == [held("a", 3_000)]

    store.lane.submit(work).result()


def test_exceptions_are_open_until_somebody_decided(store: OpenStore) -> None:
    case = ExceptionCase("self_approval:7", "self_approval", 1_000, "li", "b", (("act", "x"),))
    grown = ExceptionCase("many:m1", "many_sales_of_member", 2_000, "li", "m1", (("sales", "7"),))

    def work(unit: UnitOfWork) -> None:
        unit.exceptions.put(case)
        unit.exceptions.put(replace(grown, story=(("sales", "6"),)))
        unit.exceptions.put(grown)
        assert list(unit.exceptions.open_cases()) == [grown, case]
        decided = closed(case, CaseEnd("accepted", "wang", 3_000, "盘点时同意"))
        unit.exceptions.put(decided)
        assert list(unit.exceptions.open_cases()) == [grown]
        assert unit.exceptions.get("self_approval:7") == decided
        assert unit.exceptions.get("nobody") is None

    store.lane.submit(work).result()

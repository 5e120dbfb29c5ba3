"""A few kills in the suite, and a test of the tester: each check is shown a fault it must find."""

from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from app.services.verify import Fault
from tests.kill.bank import Charge
from tests.kill.checks import Confirmed, Found, Told, faults, look
from tests.kill.run import KillRun, one_by_one
from tests.kill.shop import EMPTY, Place, Shape

pytestmark = pytest.mark.no_cover  # its lines are counted where nothing is killed

KILLS = 8


@pytest.fixture(scope="module")
def killed(tmp_path_factory: pytest.TempPathFactory) -> KillRun:
    """A shop after eight kills, broken off and resumed in the middle."""
    place = Place(tmp_path_factory.mktemp("kill"))
    run = KillRun(place, bare_every=KILLS)
    assert run.begin() is not None
    assert [each.number for each in one_by_one(run, KILLS // 2, seed=7)] == [1, 2, 3, 4]
    resumed = KillRun(place, bare_every=KILLS)
    assert resumed.begin() is None
    assert resumed.told.sold == run.told.sold
    assert [each.number for each in one_by_one(resumed, KILLS, seed=7)] == [5, 6, 7, 8]
    return resumed


def test_nothing_confirmed_is_lost_or_doubled_over_kills(killed: KillRun) -> None:
    found = killed.finish()
    assert len(killed.told.sold) >= 5
    assert killed.told.sold.keys() <= found.sales.keys()
    assert f"{KILLS} kills" in killed.closing_line(found)
    assert "0 lost, 0 doubled" in killed.closing_line(found)
    assert killed.counts["main.py verify"] == KILLS + 1


# ------------------------------------------------------------------ a test of the tester


def _story(killed: KillRun) -> tuple[Told, Found]:
    told = Told(sold=dict(killed.told.sold), joined=set(killed.told.joined),
                attempts=set(killed.told.attempts))  # fmt: skip
    return told, look(killed.place)


def _faults(killed: KillRun, told: Told, found: Found) -> str:
    return "\n".join(faults(told, found, frozenset(found.sales), killed.place))


def test_a_sound_story_has_no_faults(killed: KillRun) -> None:
    told, found = _story(killed)
    assert _faults(killed, told, found) == ""


def test_a_lost_sale_is_found(killed: KillRun) -> None:
    told, found = _story(killed)
    told.sold["gone"] = Confirmed("gone", "R0", 100)
    assert "a confirmed sale is lost" in _faults(killed, told, found)


def test_a_changed_receipt_and_other_money_are_found(killed: KillRun) -> None:
    told, found = _story(killed)
    sale = next(iter(told.sold.values()))
    told.sold[sale.sale_id] = replace(sale, code="R0", due_minor=sale.due_minor + 1)
    said = _faults(killed, told, found)
    assert "became" in said
    assert "the money of" in said


def test_a_doubled_sale_is_found(killed: KillRun) -> None:
    told, found = _story(killed)
    sale_id = next(iter(found.sales))
    twice = {**found.sales, "again": found.sales[sale_id]}
    doubled = replace(found, sales=twice, op_ids=found.op_ids + Counter([sale_id]))
    said = _faults(killed, told, doubled)
    assert "stands 2 times" in said
    assert "rows for" in said


def test_a_sale_nobody_rang_up_is_found(killed: KillRun) -> None:
    told, found = _story(killed)
    told.sold.clear()
    said = "\n".join(faults(told, found, frozenset(), killed.place))
    assert "nobody was ringing it up" in said


def test_a_basket_that_was_never_reached_is_found(killed: KillRun) -> None:
    told, found = _story(killed)
    told.shape = Shape((("milk", 1000),), "m1")
    strange = replace(found, shape=Shape((("milk", 2000),), "m1"))
    assert "was never reached" in _faults(killed, told, strange)
    told.trying = {"trying": "goods", "expects": [[["milk", 2000]], "m1"]}
    assert _faults(killed, told, strange) == ""


def test_a_basket_lost_while_it_was_paid_is_found(killed: KillRun) -> None:
    told, found = _story(killed)
    told.shape, told.trying = Shape((("milk", 1000),)), {"trying": "pay", "basket": "b1"}
    assert "its sale is too" in _faults(killed, told, replace(found, shape=EMPTY))


def test_an_open_basket_that_is_sold_already_is_found(killed: KillRun) -> None:
    told, found = _story(killed)
    sold = replace(found, basket_id=next(iter(found.sales)))
    assert "could be rung up twice" in _faults(killed, told, sold)


def test_a_lost_member_is_found(killed: KillRun) -> None:
    told, found = _story(killed)
    told.joined.add("nobody")
    assert "has joined and is lost" in _faults(killed, told, found)


def test_a_second_charge_and_a_charge_without_an_end_are_found(
    killed: KillRun, tmp_path: Path
) -> None:
    told, found = _story(killed)
    bank = Place(tmp_path)
    bank.ledger.write_text('["a1", 500, true]\n["a1", 500, true]\n', encoding="utf-8")
    said = "\n".join(faults(told, found, frozenset(found.sales), bank))
    assert "attempt a1 was charged 2 times" in said
    assert "charge a1 ends in 0 sales" in said
    assert f"asked for {Charge('a1', 500, True)} before" in said


def test_an_open_attempt_that_a_start_does_not_find_is_a_fault(killed: KillRun) -> None:
    told, found = _story(killed)
    forgotten = replace(found, open_attempts=found.open_attempts | {"a9"})
    assert "to be queried" in _faults(killed, told, forgotten)


def test_what_verify_finds_is_a_fault(killed: KillRun) -> None:
    told, found = _story(killed)
    found.report.faults.append(Fault("chain.hash", "7"))
    assert "verify: chain.hash 7" in _faults(killed, told, found)

"""A till is killed (-9) while goods come back: each refund stands whole and once, or not at all.

The bank keeps a ledger of its own: what it gave back stands in a refund or in the one still open.
"""

from __future__ import annotations

import time
from random import Random
from typing import Any

import pytest

from app.domain.facts import RefundRecorded, SaleRecorded, read_fact
from app.domain.open_refund import OpenRefund, RefundAttempt
from app.services.verify import VerifyReport, verify_store
from app.store.unit_of_work import UnitOfWork
from app.store.waiting_lane import WaitingLane
from tests.kill.bank import read_ledger
from tests.kill.refund_child import take_goods_back
from tests.kill.run import _Child
from tests.kill.shop import Place, keys_in_files, make_kill_shop, open_as_till

pytestmark = pytest.mark.no_cover  # its lines are counted where nothing is killed

KILLS = 12


def killed_once(place: Place, number: int, chance: Random) -> list[dict[str, Any]]:
    """Start a till, let it work, kill it close to a refund; what it had said."""
    child = _Child(take_goods_back, place.folder, f"{number}-{chance.random()}", None)
    steps = chance.randint(1, 4)
    while steps and (message := child.next_message()) is not None:
        steps -= message.get("trying") in ("refund", "exchange")
    time.sleep(chance.uniform(0, 0.03))
    child.kill()
    return child.heard


def read(
    unit: UnitOfWork,
) -> tuple[list[RefundRecorded], dict[str, SaleRecorded], OpenRefund | None, list[RefundAttempt]]:
    facts = [read_fact(each.data) for each in unit.facts.all_facts(0, 1_000_000)]
    refunds = [fact for fact in facts if isinstance(fact, RefundRecorded)]
    sales = {fact.op_id: fact for fact in facts if isinstance(fact, SaleRecorded)}
    attempts = [
        attempt
        for refund in {fact.op_id for fact in refunds} | _open_id(unit)
        for attempt in unit.refunds.attempts_of(refund)
    ]
    return refunds, sales, unit.refunds.load_open(), attempts


def _open_id(unit: UnitOfWork) -> set[str]:
    begun = unit.refunds.load_open()
    return {begun.refund_id} if begun is not None else set()


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Place:
    keys_in_files()
    made = Place(tmp_path_factory.mktemp("kill refund"))
    make_kill_shop(made)
    return made


def test_no_money_goes_back_twice_and_no_refund_is_lost(place: Place) -> None:
    chance, told = Random(7), set[str]()
    for number in range(KILLS):
        heard = killed_once(place, number, chance)
        told |= {message["refunded"] for message in heard if "refunded" in message}
        with open_as_till(place, chance) as till:
            refunds, sales, begun, attempts = till.store.lane.run(read)
            report = VerifyReport()
            lane = WaitingLane(till.store.lane)
            for _ in verify_store(lane=lane, identity=till.shop.identity, report=report):
                pass
        assert report.faults == []
        ids = [fact.op_id for fact in refunds]
        assert len(ids) == len(set(ids))
        assert told <= set(ids), "a refund somebody was told of is lost"
        assert begun is None or begun.refund_id not in ids, "open or done, never both"
        for fact in refunds:
            if fact.exchanged_for is not None:
                new = sales[fact.exchanged_for]
                assert [t.reference for t in new.tenders if t.kind == "other"] == [fact.op_id]
        back = {
            charge.attempt_id: -charge.amount_minor
            for charge in read_ledger(place.ledger)
            if charge.approved and charge.amount_minor < 0
        }
        recorded = {
            tender.attempt: tender.amount_minor
            for fact in refunds
            for tender in fact.tenders
            if tender.attempt is not None
        }
        assert recorded.items() <= back.items(), "the till says that money went back: it did"
        waiting = {
            attempt.attempt_id
            for attempt in attempts
            if begun is not None and attempt.refund_id == begun.refund_id
        }
        assert set(back) - set(recorded) <= waiting, "what went back is known to the till"
    assert told, "something came back between the kills"


def test_a_till_goes_on_with_the_refund_it_was_killed_in(place: Place) -> None:
    child = _Child(take_goods_back, place.folder, "at last", 3)
    child.finish()
    assert len([message for message in child.heard if "refunded" in message]) >= 3

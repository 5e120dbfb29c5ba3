"""What sync kept for a while goes once nobody asks for it any more, and nothing before that."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import text

from app.domain.agreement_record import DayCompared
from app.domain.fact_rows import refund_of
from app.domain.facts import canonical_bytes
from app.domain.grant import OfflineSpend, PointGrant, Reservation, ReservationState
from app.domain.link import NO_CONTACT, Contact
from app.domain.pieces import Interval
from app.domain.stored_fact import KnownFact
from app.services.fact_writer import write_fact
from app.services.forgetting import DAY_MS, KEPT_DAYS, MARGIN_DAYS, ROWS_A_UNIT, forget_old
from app.services.ports import UnitOfWork
from app.services.program import read_programs
from app.services.server_port import NoServerHere
from app.store.unit_of_work import UnitOfWork as StoreUnit
from app.store.waiting_lane import WaitingLane
from tests.domain.heart_builders import a_refund, a_sale, op
from tests.sync.till.a_till import SyncedTill

HEARD_MS = 500
TODAY = date(2026, 11, 21)
OLD = MARGIN_DAYS + 1


class Heard(NoServerHere):
    """The server was heard at that moment of this boot, or never."""

    def __init__(self, ms: int | None) -> None:
        self._ms = ms

    def contact(self) -> Contact:
        return replace(NO_CONTACT, heard_monotonic_ms=self._ms)


@pytest.fixture
def heard(till: SyncedTill) -> SyncedTill:
    till.shop.shop = replace(till.shop.shop, server=Heard(HEARD_MS))
    return till


def forget(till: SyncedTill) -> int:
    return forget_old(shop=till.shop.shop, lane=WaitingLane(till.shop.store.lane)).rows


def ago(till: SyncedTill, days: float) -> int:
    return till.shop.shop.now().wall_ms - int(days * DAY_MS)


def left(till: SyncedTill, asked: str) -> set[Any]:
    return till.run(lambda work: {row[0] for row in work.outbox._execute(text(asked))})  # type: ignore[no-any-return] # of a test's query


def test_passes_are_forgotten_when_no_till_takes_them_any_more(heard: SyncedTill) -> None:
    for days in (OLD, MARGIN_DAYS - 1, 0):
        issued = ago(heard, days)
        heard.run(lambda w, at=issued: w.grants.keep_pass("m1", at - 30_000, at))
    assert forget(heard) == 1
    assert left(heard, "SELECT accepted_ms FROM accepted_pass") == {
        ago(heard, MARGIN_DAYS - 1), ago(heard, 0)
    }  # fmt: skip


def test_ended_reservations_are_forgotten_and_open_ones_never(heard: SyncedTill) -> None:
    states: tuple[ReservationState, ...] = ("asked", "held", "refused", "posted", "voided")
    for state in states:
        for days in (OLD, 1):
            kept = Reservation(f"{state} {days}", ago(heard, days), state, ends_ms=1)
            heard.run(lambda work, it=kept: work.grants.put_reservation(it))
    assert forget(heard) == 3
    gone = {f"{state} {OLD}" for state in ("refused", "posted", "voided")}
    assert left(heard, "SELECT reservation_id FROM reservation") == {
        f"{state} {days}" for state in states for days in (OLD, 1)
    } - gone  # fmt: skip


def test_what_was_spent_stays_as_long_as_a_limit_or_a_grant_counts_it(heard: SyncedTill) -> None:
    here = heard.shop.shop.now().boot_id
    for name, ended in (("stands", None), ("ended", "released")):
        given = PointGrant(name, "m1", {24_333: 50}, ends_ms=ago(heard, 2), ended=ended)  # type: ignore[arg-type] # one of the words
        heard.run(lambda work, it=given: work.grants.put(it))
    for sale, grant, boot, at_ms in (
        ("old boot", None, "boot-0", 900),
        ("before it was heard", None, here, HEARD_MS - 1),
        ("since", None, here, HEARD_MS),
        ("by a grant that stands", "stands", "boot-0", 1),
        ("by one that ended", "ended", "boot-0", 1),
    ):
        spent = OfflineSpend(sale, "m1", grant, {}, 10, boot, at_ms)
        heard.run(lambda work, it=spent: work.grants.spend_offline(it))
    assert forget(heard) == 3
    assert left(heard, "SELECT sale_id FROM offline_spend") == {"since", "by a grant that stands"}


def test_ended_grants_are_forgotten_after_their_own_end(heard: SyncedTill) -> None:
    for name, days, ended in (
        ("stands", OLD, None), ("released", OLD, "released"), ("just now", 1, "released"),
        ("lost", OLD, "lost"),
    ):  # fmt: skip
        given = PointGrant(name, "m1", {24_333: 50}, ends_ms=ago(heard, days), ended=ended)  # type: ignore[arg-type] # one of the words
        heard.run(lambda work, it=given: work.grants.put(it))
    assert forget(heard) == 2
    assert left(heard, "SELECT grant_id FROM point_grant") == {"stands", "just now"}


def test_a_day_keeps_its_tick_as_long_as_a_till_keeps_its_days(heard: SyncedTill) -> None:
    days = [TODAY - timedelta(days=each) for each in (KEPT_DAYS + 1, KEPT_DAYS, 1)]
    for day in days:
        heard.run(lambda work, it=day: work.agreements.put(DayCompared(1, it, 3, True, 1)))
    assert forget(heard) == 1
    assert left(heard, "SELECT day FROM agreement") == {each.isoformat() for each in days[1:]}


def test_sales_of_other_tills_stay_while_they_may_come_back(heard: SyncedTill) -> None:
    window = heard.run(lambda work: max(p.prices.return_days for p in read_programs(work=work)))
    old, young = (
        TODAY - timedelta(days=window + MARGIN_DAYS + 1),
        TODAY - timedelta(days=window + MARGIN_DAYS),
    )
    sales = {"gone": a_sale(1, old), "kept": a_sale(2, young), "back here": a_sale(3, old)}
    mine = a_sale(9, old)
    for each in sales.values():
        know(heard, each, each.day)
    know(heard, a_refund(4, sales["gone"], [Interval("1", 0, 1)], old), old)
    know(heard, a_refund(5, sales["kept"], [Interval("1", 0, 1)], old), old)
    heard.shop.do(lambda shop, work: write_fact(shop=shop, work=work, fact=mine))
    know(heard, a_refund(6, mine, [Interval("1", 0, 1)], old), old)
    own = a_refund(7, sales["back here"], [Interval("1", 0, 1)], TODAY)
    heard.shop.do(lambda shop, work: take_back(shop=shop, work=work, fact=own))
    assert forget(heard) == 2
    assert left(heard, "SELECT op_id FROM known_fact") == {op(2), op(3), op(5), op(6)}


def know(till: SyncedTill, fact: Any, day: date) -> None:
    told = KnownFact(fact.op_id, "till-03", 1, 1, day, canonical_bytes(fact))
    assert till.run(lambda work: work.known_facts.put(told))


def take_back(*, shop: Any, work: UnitOfWork, fact: Any) -> None:
    write_fact(shop=shop, work=work, fact=fact)
    work.refunds.add(refund_of(fact, 7))


def test_many_rows_go_a_few_at_a_time(heard: SyncedTill) -> None:
    many = 2 * ROWS_A_UNIT + 5

    def fill(work: StoreUnit) -> None:
        for number in range(many):
            work.grants.keep_pass("m1", number, number)

    heard.run(fill)
    most = heard.run(lambda work: work.forgetting.passes(ago(heard, OLD), ROWS_A_UNIT))
    assert most == ROWS_A_UNIT
    assert forget(heard) == many - ROWS_A_UNIT


def test_while_the_server_was_not_heard_nothing_is_forgotten(till: SyncedTill) -> None:
    till.run(lambda work: work.grants.keep_pass("m1", 1, 1))
    for server in (Heard(None), NoServerHere()):
        till.shop.shop = replace(till.shop.shop, server=server)
        assert forget(till) == 0

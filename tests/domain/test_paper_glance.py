"""A glance at a paper says what its fact says, and nothing of what is no paper."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from app.domain.facts import SALE_KINDS, SaleRecorded, read_fact
from app.domain.paper_glance import PAPER_KINDS, glance_at, hour_at, midnight_of
from app.domain.refund_fact import FirstRefundRecorded, RefundRecorded, ReturnRecorded

GOLDEN = Path(__file__).parent / "golden"
Paper = SaleRecorded | FirstRefundRecorded | RefundRecorded | ReturnRecorded


@pytest.mark.parametrize("kind", sorted(PAPER_KINDS))
def test_it_says_of_every_kind_what_its_fact_says(kind: str) -> None:
    data = (GOLDEN / f"{kind}.json").read_bytes()
    fact, glance = read_fact(data), glance_at(data)
    assert isinstance(fact, Paper) and glance is not None
    paid = sum(tender.amount_minor for tender in fact.tenders)
    assert glance.paid_minor == (paid if kind in SALE_KINDS else -paid)
    assert (glance.op_id, glance.code, glance.store) == (fact.op_id, fact.code, fact.store)
    assert (glance.at_ms, glance.member_id) == (fact.clock.wall_ms, fact.member)
    assert glance.is_refund == (kind not in SALE_KINDS) and glance.line_count > 0


def test_nothing_else_is_a_paper() -> None:
    assert glance_at((GOLDEN / "member_joined.1.json").read_bytes()) is None
    sale = (GOLDEN / "sale_recorded.1.json").read_bytes()
    assert glance_at(sale.replace(b'"sale_recorded.1"', b'"sale_recorded.99"')) is None


def test_hours_run_on_behind_midnight() -> None:
    glance = glance_at((GOLDEN / "sale_recorded.1.json").read_bytes())
    assert glance is not None
    fact = read_fact((GOLDEN / "sale_recorded.1.json").read_bytes())
    assert isinstance(fact, SaleRecorded)
    at = fact.clock.local("Asia/Shanghai")
    day = date(at.year, at.month, at.day)
    assert glance.hour(midnight_of(day, "Asia/Shanghai"), "Asia/Shanghai") == at.hour
    before = date.fromordinal(day.toordinal() - 1)
    assert glance.hour(midnight_of(before, "Asia/Shanghai"), "Asia/Shanghai") == at.hour + 24


def test_a_clock_that_was_set_wrong_stretches_no_day() -> None:
    """It sold on this day all the same: into the first or the last hour of the day itself."""
    zone = "Asia/Shanghai"
    midnight = midnight_of(date(2026, 5, 29), zone)

    def hour(*at: int) -> int:
        return hour_at(int(datetime(*at, tzinfo=UTC).timestamp() * 1000), midnight, zone)  # type: ignore[misc, arg-type]  # a year, a month and so on

    assert [hour(2000, 1, 1, 4), hour(2026, 5, 28, 14)] == [0, 0]
    assert [hour(2026, 5, 28, 15), hour(2026, 5, 28, 16), hour(2026, 5, 30, 15)] == [-1, 0, 47]
    assert [hour(2026, 5, 30, 16), hour(2099, 1, 1)] == [23, 23]
    beyond = 10**17
    assert [hour_at(each, midnight, zone) for each in (-beyond, beyond)] == [0, 23]
    of_year_one = midnight_of(date.min, zone)
    assert hour_at(int(midnight.timestamp()) * 1000, of_year_one, zone) == 23

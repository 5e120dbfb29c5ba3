"""Proof of agreement: the till counts what was answered; a day is ticked where both count alike."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

import pytest

from app.domain.chain import GENESIS
from app.services.sync_state import Agreed, Differs, NotCompared, day_agreement
from sync.protocol import DaySums, Digest, DigestAnswer, OpAnswer, Refusal
from sync.till.agreement import Comparison, TillAgreement
from sync.till.clock import TillClock
from tests.real_shop import MILK, OIL
from tests.services.refunds import refunded, sold
from tests.sync.till.a_till import SyncedTill
from tests.sync.till.small_server import DAY, SmallServer


@pytest.fixture
def counting(till: SyncedTill) -> TillAgreement:
    return TillAgreement(till.shop.store.lane, TillClock(till.shop.clock.now), 1)


def accept(till: SyncedTill, most: int = 9_999) -> None:
    answers = [
        OpAnswer(op_id=one.op_id, epoch=one.epoch, dseq=one.dseq, outcome="accepted")
        for one in till.outbox.waiting(most)
    ]
    till.outbox.settle(answers, server_epoch=1)


def sums_of(digest: Digest, day: date = DAY) -> DaySums:
    return next(each for each in digest.sums if each.day == day)


def test_only_what_was_answered_is_counted(till: SyncedTill, counting: TillAgreement) -> None:
    assert counting.digest() == Digest(epoch=1, dseq=0, head=GENESIS)
    accept(till, 3)
    third = till.run(lambda work: work.facts.all_facts(2, 1))[0]
    digest = counting.digest()
    assert (digest.dseq, digest.head) == (3, third.chain_hash)
    assert sum(each.ops for each in digest.sums) == 3


def test_sales_and_refunds_are_counted_by_tender_and_points(
    till: SyncedTill, counting: TillAgreement
) -> None:
    accept(till)
    before = sums_of(counting.digest())
    sale_id = sold(till.shop, MILK, OIL, member="王小红")
    refunded(till.shop, sale_id, (0, 1))
    accept(till)
    now = sums_of(counting.digest())
    sale = till.run(lambda work: work.sales.get(sale_id))
    [back] = till.run(lambda work: work.refunds.of_sale(sale_id))
    assert (now.ops - before.ops, now.sales - before.sales) == (2, 1)
    assert now.tenders["cash"] - before.tenders.get("cash", 0) == sale.due.minor - back.paid.minor
    earned = now.points["earned"] - before.points.get("earned", 0)
    assert earned == sale.points_earned
    assert 0 < now.points["taken_back"] < earned


def test_a_refused_request_counts_as_an_op_and_nothing_else(
    till: SyncedTill, counting: TillAgreement
) -> None:
    accept(till)
    before = sums_of(counting.digest())
    till.gain(till.shop.members["陈静"], 9)
    [one] = till.outbox.waiting(9)
    refusal = Refusal(code="edited_elsewhere")
    till.outbox.settle(
        [OpAnswer(op_id=one.op_id, epoch=1, dseq=one.dseq, outcome="rejected", refusal=refusal)],
        server_epoch=1,
    )
    now = sums_of(counting.digest())
    assert (now.ops, now.points) == (before.ops + 1, before.points)


def test_facts_pushed_again_count_in_their_new_epoch(till: SyncedTill) -> None:
    accept(till, 4)
    till.run(lambda work: work.enrolment.restored())
    till.enrol(SmallServer())
    accept(till)
    clock, lane = TillClock(till.shop.clock.now), till.shop.store.lane
    newest = till.shop.shop.identity.epoch
    old, again, new = (
        TillAgreement(lane, clock, epoch).digest() for epoch in (1, newest - 1, newest)
    )
    assert (old.dseq, new.dseq) == (4, 0)
    facts = till.run(lambda work: len(work.facts.of_epoch(1, 0, 10**6)))
    assert old.dseq + again.dseq == facts
    assert sum(each.ops for digest in (old, again) for each in digest.sums) == facts


@pytest.mark.parametrize(
    ("equal", "other_cash", "ticked"),
    [
        pytest.param(True, 0, Agreed, id="both count alike"),
        pytest.param(False, 1, Differs, id="a fen apart"),
        pytest.param(False, 0, Differs, id="the same sums of another chain"),
    ],
)
def test_a_day_is_ticked_only_where_both_agree(
    till: SyncedTill, counting: TillAgreement, equal: bool, other_cash: int, ticked: type
) -> None:
    sold(till.shop, MILK)
    accept(till)
    digest = counting.digest()
    assert till.run(lambda work: day_agreement(work=work, day=DAY)) == NotCompared()
    sums = tuple(
        DaySums(
            day=each.day, ops=each.ops, sales=each.sales, points=each.points,
            tenders={**each.tenders, "cash": each.tenders["cash"] + other_cash}
            if each.day == DAY else each.tenders,
        )
        for each in digest.sums
    )  # fmt: skip
    answer = DigestAnswer(equal=equal, known=digest.dseq, sums=sums, server_ms=0, server_epoch=1)
    alike = counting.compare(digest, answer)
    assert alike[DAY] == (ticked is Agreed)
    assert isinstance(till.run(lambda work: day_agreement(work=work, day=DAY)), ticked)
    assert counting.digest() == digest, "nothing of the other side is adopted"


def test_what_differs_goes_again_once(till: SyncedTill) -> None:
    sold(till.shop, MILK)
    accept(till)
    comparison = Comparison(till.shop.store.lane, TillClock(till.shop.clock.now))
    asked: list[Digest] = []

    def forgetful(digest: Digest) -> DigestAnswer:
        """As a server that lost the newest day: it knows the days before."""
        asked.append(digest)
        newest = max(each.day for each in digest.sums)
        sums = tuple(each for each in digest.sums if each.day != newest)
        return DigestAnswer(equal=False, known=1, sums=sums, server_ms=0, server_epoch=1)

    alike = comparison.compare(forgetful)
    wrong = [day for day, is_equal in alike.items() if not is_equal]
    assert wrong == [max(alike)]
    waiting = till.outbox.waiting(9_999)
    assert waiting
    of_day = till.run(lambda work: [each.day for each in work.agreements.answered(1, 0, 9_999)])
    assert max(wrong) not in of_day, "all of that day goes again"
    assert len(asked) == 1, "it has one epoch"
    accept(till)
    comparison.compare(forgetful)
    assert till.outbox.waiting(9) == [], "what differs after that is for people"


@dataclass
class Equal:
    """A server that counts as the till does, as long as it `agrees`."""

    agrees: bool = True
    asked: list[Digest] = field(default_factory=list)

    def __call__(self, digest: Digest) -> DigestAnswer:
        self.asked.append(digest)
        return DigestAnswer(
            equal=self.agrees, known=digest.dseq, sums=digest.sums, server_ms=0, server_epoch=1
        )


def test_days_without_a_new_fact_are_not_asked_about_again(till: SyncedTill) -> None:
    sold(till.shop, MILK)
    accept(till)
    lane, clock, server = till.shop.store.lane, TillClock(till.shop.clock.now), Equal()
    first = Comparison(lane, clock).compare(server)
    comparison = Comparison(lane, clock)  # the program was started again
    assert comparison.compare(server) == first
    assert [each.sums for each in server.asked[1:]] == [()], "the head is asked about all the same"
    sold(till.shop, OIL)
    accept(till)
    assert comparison.compare(server) == first
    assert [each.day for each in server.asked[2].sums] == [DAY]
    server.agrees = False
    assert not any(comparison.compare(server).values()), "the same sums of another chain"
    assert [len(each.sums) for each in server.asked[3:]] == [0, len(first)]


def test_what_an_older_id_sent_is_not_asked_about(till: SyncedTill) -> None:
    small = SmallServer()
    till.enrol(small)
    accept(till)
    small.gives_id("till-09")
    till.run(lambda work: work.enrolment.restored())
    till.enrol(small)
    accept(till)
    sold(till.shop, MILK)
    accept(till)
    server = Equal()
    clock = TillClock(till.shop.clock.now)
    assert all(Comparison(till.shop.store.lane, clock).compare(server).values())
    former = till.run(lambda work: work.outbox.former_devices())
    assert server.asked
    assert not {each.epoch for each in server.asked} & set(former)

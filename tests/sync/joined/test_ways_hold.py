"""The way of a redemption holds on every path to a paid sale: exchanges, undone and recalled
sales, payments begun before a restart. Real tills, real server.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from app.domain.facts import SaleRecorded, read_fact
from app.domain.quantity import pieces
from app.domain.redeem_way import OWN
from app.services.answers import Changed
from app.services.checkout import SaleDone
from app.services.goods_exchange import ExchangeToPay, confirm_exchange, make_exchange
from app.services.hold import SaleHeld, SaleRecalled, hold_sale, recall_sale
from app.services.lines import clear_basket, undo_step
from app.services.payment import ask_terminal, finish_payment, pay_cash, start_payment
from app.services.redeem import redeem_points
from app.services.refund import begin_refund, choose_back
from app.services.reservation import ReservationBegun, begin_reservation, void_leftovers
from app.store.waiting_lane import WaitingLane
from tests.real_shop import OIL, TOWEL
from tests.sync.joined.counter import Counter
from tests.sync.joined.made_chain import POORER, Chain, a_chain
from tests.sync.joined.test_coupon_ways import coupons_of, reserve, ring_up

pytestmark = pytest.mark.slow
LIMIT = 500
"""Points a member may spend at a till that hears nothing, by the rules of the shop."""


@pytest.fixture
def chain(tmp_path: Path) -> Iterator[Chain]:
    with a_chain(tmp_path) as made:
        yield made


def last_fact(counter: Counter) -> SaleRecorded:
    sale = counter.real.store.lane.run(lambda work: work.sales.latest(1))[0]
    sent = counter.real.store.lane.run(lambda work: work.outbox.get(sale.sale_id))
    assert sent is not None
    fact = read_fact(sent.data)
    assert isinstance(fact, SaleRecorded)
    return fact


def begin_exchange(counter: Counter, card: str) -> str:
    """A towel comes back; four cans of oil go out to a member who wants to use 600 points."""
    sold = counter.sell(TOWEL)
    begun = counter.do(begin_refund, sale_id=sold.sale_id).state
    line = begun.lines[0].line_id
    counter.do(choose_back, line_id=line, quantity=pieces(1), reason="size")
    counter.do(make_exchange, refund_id=begun.refund_id)
    ring_up(counter, card, OIL, OIL, OIL, OIL)
    assert isinstance(counter.do(redeem_points, points=600), Changed)
    return str(begun.refund_id)


def exchange_and_pay(counter: Counter, refund_id: str) -> SaleRecorded:
    assert isinstance(counter.do(confirm_exchange, refund_id=refund_id), ExchangeToPay)
    done = counter.do(pay_cash)
    assert isinstance(done, SaleDone), done
    return last_fact(counter)


def test_an_exchange_spends_no_more_offline_than_the_limit(chain: Chain) -> None:
    counter, member = chain.first, chain.member()
    refund_id = begin_exchange(counter, chain.card())
    chain.pull_the_cables()
    fact = exchange_and_pay(counter, refund_id)
    assert (fact.points_spent, fact.reservation, fact.grant) == (LIMIT, None, None)
    used = counter.real.store.lane.run(lambda work: work.grants.floor_used("boot-1", 0))
    assert used[member].points == LIMIT
    assert ring_up(counter, chain.card(), OIL).redeem.most == 0


def test_an_exchange_posts_what_was_kept_for_it(chain: Chain) -> None:
    counter = chain.first
    refund_id = begin_exchange(counter, chain.card())
    kept = reserve(counter).state.redeem
    fact = exchange_and_pay(counter, refund_id)
    assert (fact.points_spent, fact.reservation) == (600, kept.reservation)
    counter.until_sent()
    assert chain.cases() == []


def test_undoing_does_not_free_a_member_of_the_limit(chain: Chain) -> None:
    counter = chain.first
    chain.pull_the_cables()
    before = ring_up(counter, chain.card(), OIL, OIL, OIL, OIL).redeem
    assert (before.way, before.most) == ("floor", LIMIT)
    counter.do(clear_basket)
    undone = counter.do(undo_step)
    assert isinstance(undone, Changed), undone
    assert undone.state.redeem == before


def held_and_recalled(counter: Counter) -> Any:
    assert isinstance(counter.do(hold_sale), SaleHeld)
    void_leftovers(shop=counter.real.shop, lane=WaitingLane(counter.real.store.lane))
    recalled = counter.do(recall_sale)
    assert isinstance(recalled, SaleRecalled), recalled
    return recalled.state


def test_a_held_sale_that_comes_back_is_kept_online_again(chain: Chain) -> None:
    counter = chain.first
    ring_up(counter, chain.card(), OIL, OIL, OIL, OIL)
    assert isinstance(counter.do(redeem_points, points=600), Changed)
    reserve(counter)
    back = held_and_recalled(counter)
    assert (back.redeem.way, back.redeem.most) == ("online", None)
    assert back.totals.points_used == 600
    again = reserve(counter).state.redeem
    counter.sell()
    assert last_fact(counter).reservation == again.reservation


def test_what_was_refused_before_a_sale_was_held_is_asked_for_anew(chain: Chain) -> None:
    first, second = chain.both
    with first.deaf():
        for counter in (second, first):
            ring_up(counter, chain.card(POORER), OIL, OIL)
            reserve(counter)
    assert coupons_of(first) == ()
    second.do(clear_basket)
    void_leftovers(shop=second.real.shop, lane=WaitingLane(second.real.store.lane))
    member = chain.member(POORER)
    promised = partial(first.real.store.lane.run, lambda work: work.confirmed.promised(member))
    first.until(lambda: not promised(), "it was told")
    held_and_recalled(first)
    assert len(coupons_of(first)) == 1
    assert reserve(first).state.redeem.reservation is not None


def test_a_wish_may_grow_and_what_was_kept_before_is_part_of_it(chain: Chain) -> None:
    """王小红 has 640 points: 300 kept and 600 more would be too many."""
    counter = chain.first
    ring_up(counter, chain.card(POORER), *[OIL] * 4)
    assert isinstance(counter.do(redeem_points, points=300), Changed)
    earlier = reserve(counter).state.redeem.reservation
    changed = counter.do(redeem_points, points=600)
    assert isinstance(changed, Changed), changed
    state = reserve(counter).state
    assert (state.redeem.most, state.totals.points_used) == (600, 600)
    assert state.redeem.reservation != earlier
    void_leftovers(shop=counter.real.shop, lane=WaitingLane(counter.real.store.lane))
    counter.sell()
    counter.until_sent()
    assert (last_fact(counter).points_spent, chain.cases()) == (600, [])


def test_a_wish_that_is_refused_keeps_what_was_kept_before(chain: Chain) -> None:
    """So that nobody else can take it between two questions."""
    first, second = chain.both
    ring_up(first, chain.card(POORER), *[OIL] * 4)
    assert isinstance(first.do(redeem_points, points=300), Changed)
    reserve(first)
    with first.deaf():
        ring_up(second, chain.card(POORER), OIL, OIL)
        assert isinstance(second.do(redeem_points, points=300), Changed)
        reserve(second)
        assert isinstance(first.do(redeem_points, points=600), Changed)
        state = reserve(first).state
    assert (state.redeem.most, state.totals.points_used) == (300, 300)


def test_a_reservation_that_ended_is_asked_for_anew(chain: Chain) -> None:
    counter = chain.first
    ring_up(counter, chain.card(), OIL, OIL, OIL, OIL)
    assert isinstance(counter.do(redeem_points, points=600), Changed)
    kept = reserve(counter).state.redeem.reservation
    chain.story.go_on(milliseconds=3_600_000)
    begun = counter.do(begin_reservation)
    assert isinstance(begun, ReservationBegun), begun
    assert begun.wanted.reservation_id != kept


def test_a_payment_begun_by_a_reservation_ends_by_it_after_a_restart(chain: Chain) -> None:
    counter = chain.first
    ring_up(counter, chain.card(), OIL, OIL, OIL, OIL)
    assert isinstance(counter.do(redeem_points, points=600), Changed)
    kept = reserve(counter).state.redeem.reservation
    counter.do(start_payment, kind="mobile")
    counter.do_open()
    seat = counter.real.shop.desk.state.seat
    assert seat is not None
    assert seat.redeem.reservation == kept


def test_a_till_enrolled_while_points_were_being_paid_counts_them_as_spent_offline(
    chain: Chain,
) -> None:
    counter, member = chain.first, chain.member()
    chain.pull_the_cables()
    ring_up(counter, chain.card(), OIL, OIL, OIL, OIL)
    assert isinstance(counter.do(redeem_points, points=300), Changed)
    attempt = counter.do(start_payment, kind="mobile").attempt
    desk = counter.real.shop.desk
    seat = desk.state.seat
    assert seat is not None
    desk.adopt(replace(desk.state, seat=replace(seat, redeem=OWN)))  # as it was priced before
    result = ask_terminal(shop=counter.real.shop, attempt=attempt)
    done = counter.do(finish_payment, attempt_id=attempt.attempt_id, result=result)
    assert isinstance(done, SaleDone), done
    used = counter.real.store.lane.run(lambda work: work.grants.floor_used("boot-1", 0))
    assert used[member].points == 300

"""Laws of taking in: any order, any portions, said again as often as one likes - one account.

Owns: what must hold for random days of two tills. Does not own: single cases (test_ingest.py).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from functools import partial
from itertools import count
from typing import Any

from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from app.domain import effects as do
from app.domain.account import MemberAccount, fold
from app.domain.effects import SpentPart
from app.domain.facts import MemberJoined, PointsAdjusted, SaleRecorded
from app.domain.pieces import Interval
from sync.protocol import Op
from sync.server import tables as t
from sync.server.database import ServerDatabase
from sync.server.rebuild import verify
from sync.server.sender import SERVER_DEVICE
from tests.domain.heart_builders import (
    FRIEND,
    MEMBER,
    NOON_MS,
    STORE,
    a_line,
    a_refund,
    a_sale,
    moment,
    of_fact,
    op,
)
from tests.sync.server.tills import DAY_MS, Chain, Till

FIRST_DAY = date(2026, 5, 29)
_RUNS = count(1)
PHASES = (Phase.explicit, Phase.reuse, Phase.generate, Phase.shrink)
"""Without the last one, which explains at length: each example is many transactions."""
MEMBERS = (MEMBER, FRIEND, None)


@st.composite
def shop_facts(draw: st.DrawFn) -> list[tuple[int, Any]]:
    """(till, fact): sales, refunds of any of them at either till, joins, points by hand."""
    facts: list[tuple[int, Any]] = []
    sales: list[SaleRecorded] = []
    days = 0
    for number in range(1, draw(st.integers(3, 9))):
        days += draw(st.integers(0, 3))
        day, wall_ms = FIRST_DAY + timedelta(days=days), NOON_MS + days * DAY_MS + number * 1000
        said: dict[str, Any] = {"clock": moment(wall_ms, 5_000 + wall_ms - NOON_MS)}
        what = draw(st.sampled_from(["sale", "sale", "refund", "join", "points"]))
        fact: Any
        if what == "refund" and sales:
            sale = draw(st.sampled_from(sales))
            start = draw(st.integers(0, 2))
            piece = Interval("1", start, draw(st.integers(start + 1, 3)))
            fact = a_refund(number, sale, [piece], day, **said)
            if sale.member is None:
                fact = a_refund(number, sale, [piece], day, effects=(), **said)
        elif what == "join":
            fact = MemberJoined(
                op_id=op(number), store=STORE, day=day, member=draw(st.sampled_from(MEMBERS[:2])),
                card=f"M{number:012}", effects=(do.Joined(),), **said,
            )  # fmt: skip
        elif what == "points":
            gift = do.OccasionGain(occasion="welcome", points=50, expires_in=12)
            fact = PointsAdjusted(
                op_id=op(number), store=STORE, day=day, member=draw(st.sampled_from(MEMBERS[:2])),
                reason="goodwill", effects=(do.Gained(points=30, expires_in=3), gift), **said,
            )  # fmt: skip
        else:
            fact = _sale(draw, number, day, said)
            sales.append(fact)
        facts.append((draw(st.integers(0, 1)), fact))
    return facts


def _sale(draw: st.DrawFn, number: int, day: date, said: dict[str, Any]) -> SaleRecorded:
    member = draw(st.sampled_from(MEMBERS))
    spent = draw(st.sampled_from([0, 0, 25])) if member else 0
    parts = (SpentPart(points=spent, expires_in=1),) if spent else ()
    line = a_line(points_spent=spent, spent_from=parts, points_earned=draw(st.integers(0, 90)))
    if member is None:
        line = a_line(points_earned=0)
        return a_sale(number, day, member=None, effects=(), identified_by=None, lines=(line,),
                      **said)  # fmt: skip
    coupons = draw(st.sampled_from([(), ("C0000000000001",)]))
    return a_sale(number, day, member=member, lines=(line,), coupons_used=coupons, **said)


def deliver(data: st.DataObject, chain: Chain, tills: Sequence[Till]) -> None:
    """Push everything in portions, by turns of either till, some of it again and again."""
    sent = [0] * len(tills)
    while any(done < len(till.ops) for done, till in zip(sent, tills, strict=True)):
        which = data.draw(st.sampled_from(range(len(tills))))
        till, done = tills[which], sent[which]
        back = data.draw(st.integers(0, 2))
        size = data.draw(st.integers(1, 4))
        portion: list[Op] = till.ops[max(0, done - back) : done + size]
        if portion:
            chain.push(till, portion)
            sent[which] = min(len(till.ops), done + size)


def tills_of(facts: Sequence[tuple[int, Any]]) -> list[Till]:
    tills = [Till("till-02"), Till("till-03")]
    for which, fact in facts:
        tills[which].record(fact)
    return tills


def numbers(account: MemberAccount) -> tuple[Any, ...]:
    """Everything that a till's own facts make of it; the server's come with ids of their own."""
    return (
        account.gained, account.taken, account.prolonged, account.held, account.spend,
        account.visits, account.earned, account.occasions, account.coupon_uses,
        account.coupon_returns, account.joined, account.last_visit, account.awaiting,
        account.marks,
    )  # fmt: skip


def accounts(chain: Chain) -> dict[str, tuple[Any, ...]]:
    return {row["member"]: numbers(chain.account(row["member"])) for row in chain.rows(t.account)}


@settings(max_examples=25, phases=PHASES)
@given(st.data())
def test_accounts_are_the_same_in_whatever_order_and_portions_facts_arrive(
    database: ServerDatabase, data: st.DataObject
) -> None:
    facts = data.draw(shop_facts())
    now_ms = NOON_MS + 60 * DAY_MS
    one, other = (Chain(database, f"law-{next(_RUNS)}", now_ms) for _ in range(2))
    deliver(data, one, tills_of(facts))
    deliver(data, other, tills_of(facts))
    assert accounts(one) == accounts(other)
    for chain in (one, other):
        report = database.read(partial(verify, tenant=chain.tenant))
        assert report.is_sound, report.differences
        assert report.ops >= len(facts)


@settings(max_examples=15, phases=PHASES)
@given(st.data())
def test_a_restored_till_that_says_all_again_changes_nothing_but_its_marks(
    database: ServerDatabase, data: st.DataObject
) -> None:
    facts = data.draw(shop_facts())
    chain = Chain(database, f"law-{next(_RUNS)}", NOON_MS + 60 * DAY_MS)
    tills = tills_of(facts)
    deliver(data, chain, tills)
    before = {member: each[:-1] for member, each in accounts(chain).items()}
    ledger = chain.rows(t.ledger)
    deliver(data, chain, [till.restored() for till in tills])
    assert {member: each[:-1] for member, each in accounts(chain).items()} == before
    assert chain.rows(t.ledger) == ledger
    assert len(chain.rows(t.place)) == 2 * len(facts)
    report = database.read(lambda connection: verify(connection, chain.tenant))
    assert report.is_sound, report.differences


@settings(max_examples=15, phases=PHASES)
@given(st.data())
def test_sums_are_conserved_and_the_server_is_one_fold_of_all_facts(
    database: ServerDatabase, data: st.DataObject
) -> None:
    facts = data.draw(shop_facts())
    chain = Chain(database, f"law-{next(_RUNS)}", NOON_MS + 60 * DAY_MS)
    deliver(data, chain, tills_of(facts))
    assert {fact.op_id for _, fact in facts} == {
        row["op_id"] for row in chain.rows(t.op) if row["device"] != SERVER_DEVICE
    }
    sold = sum(f.total_minor for _, f in facts if isinstance(f, SaleRecorded) and f.member)
    ledger = chain.rows(t.ledger)
    lowered = sum(row["spend_minor"] for row in ledger)
    raised = sum(
        sum(chain.account(row["member"]).spend.raised.values()) for row in chain.rows(t.account)
    )
    assert raised == sold
    back = sum(
        sum(days.values())
        for row in chain.rows(t.account)
        for days in chain.account(row["member"]).spend.lowered.values()
    )
    assert lowered == sold - back
    if not chain.rows(t.op, device=SERVER_DEVICE):
        for member in (MEMBER, FRIEND):
            own = [of_fact(fact) for _, fact in facts if fact.member == member]
            if own:
                known = {fact.op_id: fact.day for _, fact in facts}
                alone = numbers(fold(own, days=known))[:-1]
                assert numbers(chain.account(member))[:-1] == alone

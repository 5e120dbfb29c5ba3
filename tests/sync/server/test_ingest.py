"""Taking in pushes: every outcome an op may have, and what the server holds afterwards.

Owns: golden cases, one for each outcome and each oddity. Does not own: laws over random days
(test_ingest_laws.py), refunds (test_settlement.py).
"""

from __future__ import annotations

from datetime import date

import pytest
from msgspec.structs import replace

from app.domain import effects as do
from app.domain.account import FoldItem, Mark, fold
from app.domain.facts import PointsAdjusted
from sync.protocol import Commanded, OpAnswer, decoded
from sync.server import tables as t
from sync.server.database import ServerDatabase
from tests.domain.heart_builders import FRIEND, MEMBER, NOON_MS, STORE, a_line, a_sale, moment, op
from tests.sync.server.tills import Chain, Till, outcomes

TODAY = date(2026, 5, 29)


@pytest.fixture
def chain(database: ServerDatabase, tenant: str) -> Chain:
    """A server that knows nobody yet."""
    return Chain(database, tenant)


def three_sales(till: Till) -> None:
    for number in (1, 2, 3):
        till.record(a_sale(number, TODAY))


def test_sales_are_accepted_counted_and_stand_in_the_ledger(chain: Chain) -> None:
    till = Till("till-02")
    three_sales(till)
    answer = chain.push(till)
    assert outcomes(answer) == ["accepted"] * 3
    assert {each.day for each in answer.answers} == {TODAY}
    assert answer.heads == {1: 3}
    items = [
        FoldItem(op(n), MEMBER, TODAY, a_sale(n, TODAY).effects, Mark("till-02", 1, n))
        for n in (1, 2, 3)
    ]
    assert chain.account(MEMBER) == fold(items)
    ledger = chain.rows(t.ledger, member=MEMBER)
    assert [(row["earned"], row["spend_minor"]) for row in ledger] == [(59, 5970)] * 3
    assert [row["hash"] for row in chain.rows(t.place)] == [each.hash for each in till.ops]


def test_a_duplicate_gets_the_stored_original_answer_and_counts_nothing(chain: Chain) -> None:
    till = Till("till-02")
    three_sales(till)
    first = chain.push(till, till.ops[:2])
    again = chain.push(till)
    assert outcomes(again) == ["accepted again", "accepted again", "accepted"]
    assert [replace(each, duplicate=False) for each in again.answers[:2]] == list(first.answers)
    assert chain.account(MEMBER).visits.raised == {TODAY.year * 12 + 4: 3}
    before = chain.rows(t.account)
    chain.push(till)
    assert chain.rows(t.account) == before


def test_an_adjusted_answer_is_given_again_with_its_case(chain: Chain) -> None:
    till = Till("till-02")
    till.record(a_sale(1, TODAY, lines=(a_line(points_spent=500, points_earned=0),)))
    [first] = chain.push(till).answers
    assert first.outcome == "accepted_adjusted"
    [again] = chain.push(till).answers
    assert again == replace(first, duplicate=True)


def test_the_same_op_twice_in_one_push_counts_once(chain: Chain) -> None:
    till = Till("till-02")
    one = till.record(a_sale(1, TODAY))
    assert outcomes(chain.push(till, [one, one])) == ["accepted", "accepted again"]
    assert len(chain.rows(t.op)) == 1


def test_a_push_without_ops_tells_how_far_the_server_is(chain: Chain) -> None:
    till = Till("till-02")
    assert chain.push(till, []).heads == {}
    three_sales(till)
    chain.push(till)
    answer = chain.push(till, [])
    assert (answer.answers, answer.heads, answer.server_epoch) == ((), {1: 3}, 1)


def test_behind_a_gap_nothing_is_looked_at(chain: Chain) -> None:
    till = Till("till-02")
    three_sales(till)
    answer = chain.push(till, [till.ops[0], till.ops[2]])
    assert outcomes(answer) == ["accepted", "retry"]
    assert answer.heads == {1: 1}
    assert outcomes(chain.push(till)) == ["accepted again", "accepted", "accepted"]


def test_a_restored_till_says_everything_again_under_a_new_epoch(chain: Chain) -> None:
    till = Till("till-02")
    three_sales(till)
    chain.push(till)
    balance = chain.account(MEMBER).gained
    again = till.restored()
    again.record(a_sale(4, TODAY))
    answer = chain.push(again)
    assert outcomes(answer) == [*["accepted again"] * 3, "accepted"]
    assert answer.heads == {1: 3, 2: 4}
    account = chain.account(MEMBER)
    assert account.marks == {MEMBER: {"till-02": {1: 3, 2: 4}}}
    assert sum(account.gained.values()) == sum(balance.values()) + 59
    assert len(chain.rows(t.op)) == 4
    assert len(chain.rows(t.place)) == 7


def test_a_till_under_another_name_pushes_a_backup_and_counts_nothing_twice(chain: Chain) -> None:
    till, clone = Till("till-02"), Till("till-09")
    three_sales(till)
    three_sales(clone)
    chain.push(till)
    assert outcomes(chain.push(clone)) == ["accepted again"] * 3
    account = chain.account(MEMBER)
    assert sum(account.gained.values()) == 3 * 59
    assert set(account.marks[MEMBER]) == {"till-02", "till-09"}


def test_the_same_place_with_other_bytes_is_a_fork_and_an_alarm(chain: Chain) -> None:
    till, clone = Till("till-02"), Till("till-02")
    three_sales(till)
    clone.record(a_sale(1, TODAY))
    clone.record(a_sale(7, TODAY))
    clone.record(a_sale(8, TODAY))
    chain.push(till)
    answer = chain.push(clone)
    assert outcomes(answer) == ["accepted again", "fork", "fork"]
    [case] = chain.cases()
    assert (case["kind"], case["subject"], case["state"]) == ("forked_chain", "till-02", "open")
    assert {row["op_id"] for row in chain.rows(t.op)} == {op(1), op(2), op(3)}
    [told] = chain.feed("device:till-02")
    event = decoded(told["event"], Commanded)
    assert event == Commanded(command="enrol_again", epoch=1), "who is beyond it reads it as past"


def test_after_a_fork_what_fits_is_held_until_somebody_decided(chain: Chain) -> None:
    till, clone = Till("till-02"), Till("till-02")
    three_sales(till)
    clone.record(a_sale(7, TODAY))
    chain.push(till)
    chain.push(clone)
    fourth = till.record(a_sale(4, TODAY))
    [answer] = chain.push(till, [fourth]).answers
    assert answer.outcome == "quarantined"
    assert len(chain.feed("device:till-02")) == 1, "the alarm is raised once"


def test_an_op_that_does_not_link_is_a_fork(chain: Chain) -> None:
    till = Till("till-02")
    three_sales(till)
    wrong = replace(till.ops[0], hash=bytes(32))
    assert outcomes(chain.push(till, [wrong, *till.ops[1:]])) == ["fork", "retry", "retry"]
    assert chain.rows(t.op) == []


def test_an_id_that_was_used_for_other_bytes_waits_and_its_chain_goes_on(chain: Chain) -> None:
    till, other = Till("till-02"), Till("till-03")
    till.record(a_sale(1, TODAY))
    other.append(op(1), till.ops[0].data.replace(b"staff-li", b"staff-wu"))
    chain.push(till)
    assert outcomes(chain.push(other)) == ["quarantined"]


def test_a_fact_of_a_newer_program_counts_by_its_effects(chain: Chain) -> None:
    till = Till("till-02")
    data = till.record(a_sale(1, TODAY)).data
    newer = Till("till-03")
    newer.append(op(2), data.replace(b"sale_recorded.1", b"sale_recorded.9").replace(
        op(1).encode(), op(2).encode()
    ))  # fmt: skip
    assert outcomes(chain.push(newer)) == ["accepted"]
    assert sum(chain.account(MEMBER).gained.values()) == 59
    [row] = chain.rows(t.op)
    assert (row["kind"], row["data"]) == ("sale_recorded.9", newer.ops[0].data)


def test_what_cannot_be_read_is_kept_and_later_ops_of_the_member_wait(chain: Chain) -> None:
    till = Till("till-02")
    till.record(a_sale(1, TODAY))
    strange = till.ops[0].data.replace(op(1).encode(), op(2).encode())
    strange = strange.replace(b"sale_recorded.1", b"gift_card.1").replace(
        b'"do":"visit"', b'"do":"dance"'
    )
    till.append(op(2), strange)
    till.record(a_sale(3, TODAY))
    till.record(a_sale(4, TODAY, member=FRIEND))
    answer = chain.push(till)
    assert outcomes(answer) == ["accepted", "quarantined", "quarantined", "accepted"]
    assert [each.kind for each in answer.answers[1].adjustments] == ["unreadable"]
    account = chain.account(MEMBER)
    assert account.marks == {MEMBER: {"till-02": {1: 1}}}, "no mark may cover what is not counted"
    assert sum(account.gained.values()) == 59
    kept = {row["op_id"]: row["state"] for row in chain.rows(t.op)}
    assert [kept[op(n)] for n in (1, 2, 3, 4)] == ["counted", "unread", "unread", "counted"]
    assert outcomes(chain.push(till))[1] == "quarantined again"


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"<html>502 Bad Gateway</html>", id="a proxy's page"),
        pytest.param(b"\x00\xff", id="not text"),
        pytest.param(b'{"kind":"sale_recorded.1","op_id":"x"}', id="not whole"),
        pytest.param(b'{"kind":"x.1","op_id":"\\u0000"}', id="a zero character"),
    ],
)
def test_bytes_that_no_program_wrote_are_kept_too(chain: Chain, data: bytes) -> None:
    till = Till("till-02")
    till.append(op(1), data)
    till.record(a_sale(2, TODAY))
    assert outcomes(chain.push(till)) == ["quarantined", "accepted"]
    assert [row["data"] for row in chain.rows(t.op, op_id=op(1))] == [data]
    [case] = chain.cases("unreadable")
    assert case["subject"] == "till-02"


@pytest.mark.parametrize(
    ("said", "instead"),
    [
        pytest.param(b'"points":59', b'"points":99999999999999999999', id="points"),
        pytest.param(b'"wall_ms":1780000000000', b'"wall_ms":1' + b"0" * 30, id="a clock"),
        pytest.param(b'"renmin-road"', b'"renmin\\u0000road"', id="a zero character"),
    ],
)
def test_what_no_table_can_keep_is_kept_as_bytes_alone(
    chain: Chain, said: bytes, instead: bytes
) -> None:
    till = Till("till-02")
    data = till.record(a_sale(1, TODAY)).data
    assert said in data
    huge = Till("till-03")
    huge.append(op(1), data.replace(said, instead))
    huge.record(a_sale(2, TODAY))
    assert outcomes(chain.push(huge)) == ["quarantined", "accepted"]


def test_a_fact_under_another_id_is_not_counted(chain: Chain) -> None:
    till = Till("till-02")
    till.append(op(5), till.record(a_sale(1, TODAY)).data)
    assert outcomes(chain.push(till)) == ["accepted", "quarantined"]


def test_a_revoked_till_pushes_under_held_keys(chain: Chain) -> None:
    till = Till("till-02")
    till.record(a_sale(1, TODAY, lines=(a_line(points_spent=10),)))
    [answer] = chain.push(till, revoked=True).answers
    assert answer.outcome == "quarantined"
    assert [each.kind for each in answer.adjustments] == ["overdraft", "revoked_device"]
    account = chain.account(MEMBER)
    assert account.gained == {}
    assert sum(sum(days.values()) for days in account.held.values()) == 59
    assert sum(account.taken.values()) == 10, "what was taken is taken"
    assert not account.visits.raised
    assert chain.feed(f"store:{STORE}")[-1]["kind"] == "member"
    assert all(row["kind"] != "fact" for row in chain.feed(f"store:{STORE}"))


def test_a_date_of_2099_is_replaced_and_bounds_nobody(chain: Chain) -> None:
    till = Till("till-02")
    till.record(a_sale(1, TODAY))
    future = 4_080_000_000_000
    till.record(a_sale(2, date(2099, 4, 17), clock=moment(future, 6_000)))
    till.record(a_sale(3, TODAY, clock=moment(NOON_MS + 60_000, 65_000)))
    answer = chain.push(till)
    assert outcomes(answer) == ["accepted", "accepted_adjusted", "accepted"]
    assert [each.day for each in answer.answers] == [TODAY] * 3
    assert [each.kind for each in answer.answers[1].adjustments] == ["day_changed"]
    [row] = [row for row in chain.rows(t.op) if row["op_id"] == op(2)]
    assert (row["stated_day"], row["day"]) == ("2099-04-17", TODAY.isoformat())
    assert chain.account(MEMBER).last_visit == TODAY.toordinal()


def test_a_coupon_used_at_two_tills_is_an_exception_and_both_sales_count(chain: Chain) -> None:
    one, two = Till("till-02"), Till("till-03")
    given = PointsAdjusted(
        op_id=op(1), store=STORE, day=TODAY, clock=moment(), member=MEMBER, reason="goodwill",
        effects=(do.CouponGiven(coupon="C1", offer="welcome"),),
    )  # fmt: skip
    one.record(given)
    one.record(a_sale(2, TODAY, coupons_used=("C1",)))
    two.record(a_sale(3, TODAY, coupons_used=("C1",)))
    assert outcomes(chain.push(one)) == ["accepted", "accepted"]
    [answer] = chain.push(two).answers
    assert answer.outcome == "accepted_adjusted"
    text = answer.adjustments[0].text
    assert (text["coupon"], text["sales"]) == ("C1", f"{op(2)} {op(3)}")
    assert (text["other_receipt"], text["other_day"]) == (a_sale(2, TODAY).code, "2026-05-29")
    [case] = chain.cases("coupon_used_twice")
    assert case["subject"] == MEMBER
    for device in (b"till-02", b"till-03"):
        assert device in case["story"], "both tills tell their story"


def test_the_same_points_spent_at_two_tills_are_an_overdraft_until_earned_back(
    chain: Chain,
) -> None:
    one, two = Till("till-02"), Till("till-03")
    one.record(a_sale(1, TODAY, lines=(a_line(points_earned=100),)))
    chain.push(one)
    spend = (a_line(points_earned=0, points_spent=100),)
    one.record(a_sale(2, TODAY, lines=spend))
    two.record(a_sale(3, TODAY, lines=spend))
    assert outcomes(chain.push(one))[1] == "accepted"
    [answer] = chain.push(two).answers
    assert [(each.kind, each.points) for each in answer.adjustments] == [("overdraft", -100)]
    other = {"other_receipt": a_sale(2, TODAY).code, "other_points": "100"}
    assert other.items() <= answer.adjustments[0].text.items()
    [case] = chain.cases("overdraft")
    assert (case["state"], case["points"], case["op_id"]) == ("open", -100, op(3))
    two.record(a_sale(4, TODAY, lines=(a_line(points_earned=120),)))
    chain.push(two)
    assert chain.cases("overdraft")[0]["state"] == "recovered"
    assert chain.rows(t.account)[0]["debt"] == 0


def test_a_welcome_given_by_two_tills_counts_once(chain: Chain) -> None:
    tills = [Till("till-02"), Till("till-03")]
    for number, till in enumerate(tills, start=1):
        gift = do.OccasionGain(occasion="welcome", points=50, expires_in=12)
        till.record(
            PointsAdjusted(
                op_id=op(number), store=STORE, day=TODAY, clock=moment(), member=MEMBER,
                reason="welcome", effects=(gift,),
            )
        )  # fmt: skip
    assert outcomes(chain.push(tills[0])) == ["accepted"]
    [answer] = chain.push(tills[1]).answers
    assert [(each.kind, each.points) for each in answer.adjustments] == [
        ("occasion_given_twice", -50)
    ]


def test_a_fact_of_another_store_counts_and_is_looked_at(chain: Chain) -> None:
    till = Till("till-02", store="xinjiekou")
    till.record(a_sale(1, TODAY))
    [answer] = chain.push(till).answers
    assert answer == OpAnswer(op_id=op(1), epoch=1, dseq=1, outcome="accepted", day=TODAY)
    assert [case["kind"] for case in chain.cases()] == ["foreign_store"]


def test_the_other_tills_of_the_store_hear_the_sale_and_the_account(chain: Chain) -> None:
    till = Till("till-02")
    three_sales(till)
    chain.push(till)
    told = [(row["at"], row["kind"], row["ref"]) for row in chain.feed(f"store:{STORE}")]
    assert told == [
        (1, "fact", op(1)), (2, "fact", op(2)), (3, "fact", op(3)), (4, "member", MEMBER),
    ]  # fmt: skip


def test_a_member_is_told_to_every_store_that_has_met_him(chain: Chain) -> None:
    here, there = Till("till-02"), Till("till-11", store="xinjiekou")
    here.record(a_sale(1, TODAY))
    there.record(a_sale(2, TODAY, store="xinjiekou"))
    chain.push(here)
    chain.push(there)
    assert [row["kind"] for row in chain.feed(f"store:{STORE}")] == ["fact", "member", "member"]
    assert [row["kind"] for row in chain.feed("store:xinjiekou")] == ["fact", "member"]


def test_a_walk_in_has_no_account(chain: Chain) -> None:
    till = Till("till-02")
    till.record(a_sale(1, TODAY, member=None, effects=(), identified_by=None))
    assert outcomes(chain.push(till)) == ["accepted"]
    assert chain.rows(t.account) == []
    assert chain.rows(t.ledger) == []


def test_tenants_know_nothing_of_each_other(database: ServerDatabase, chain: Chain) -> None:
    other = Chain(database, f"{chain.tenant}-other")
    till = Till("till-02")
    three_sales(till)
    chain.push(till)
    assert outcomes(other.push(till)) == ["accepted"] * 3
    assert chain.rows(t.account) == [
        row | {"tenant_id": chain.tenant} for row in other.rows(t.account)
    ]

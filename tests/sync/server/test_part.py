"""A merge taken back: two persons with what is theirs, as if the facts had always said so."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec
import pytest
from sqlalchemy import event

from app.domain import effects as do
from app.domain.facts import MembersParted, read_fact
from sync.protocol import LookUp
from sync.server import tables as t
from sync.server.database import ServerDatabase
from sync.server.erase import erase_member
from sync.server.head_office import Office, Said
from sync.server.look_up import look_up
from sync.server.merge import AlreadyOne, Merged, merge_members
from sync.server.part import NotOne, NotParted, PartAnswer, Parted, part_members
from sync.server.rebuild import rebuild, verify
from tests.domain.heart_builders import FRIEND, MEMBER, a_line, a_sale, op
from tests.sync.server.asking import TODAY, ask, gift, points
from tests.sync.server.tills import HOUR_MS, Chain, Till, outcomes

THIRD = "0197c2a0-0000-7000-8000-00000000a003"
NOBODY = "0197c2a0-0000-7000-8000-00000000a999"
WANG = Said(by="店长王", reason="父子，同一手机号")


@pytest.fixture
def chain(database: ServerDatabase, tenant: str) -> Chain:
    """MEMBER with 40 points, FRIEND with 300 and a coupon, THIRD with 5."""
    made = Chain(database, tenant)
    here, east = Till("till-02"), Till("till-07", "xidan")
    here.record(points(1, 40))
    here.record(points(2, 5, THIRD))
    east.record(points(3, 300, FRIEND))
    east.record(gift(4, do.CouponGiven(coupon="C-1", offer="welcome"), member=FRIEND))
    made.push(here)
    made.push(east)
    return made


def office(chain: Chain, connection: object) -> Office:
    return Office(connection, chain.tenant, chain.now_ms, chain.house)  # type: ignore[arg-type] # a Connection


def merge(chain: Chain, one: str = MEMBER, other: str = FRIEND) -> object:
    chain.now_ms += HOUR_MS
    done = chain.database.write(lambda c: merge_members(office(chain, c), one, other, WANG))
    chain.now_ms += HOUR_MS
    return done


def part(chain: Chain, one: str = MEMBER, other: str = FRIEND) -> PartAnswer:
    chain.now_ms += HOUR_MS
    return chain.database.write(lambda c: part_members(office(chain, c), one, other, WANG))


def balance(chain: Chain, member: str) -> int:
    account = chain.account(member)
    return sum(account.gained.values()) - sum(account.taken.values())


def sound(chain: Chain) -> bool:
    return chain.database.read(lambda c: verify(c, chain.tenant)).is_sound


def test_taken_back_at_once_everything_is_as_before(chain: Chain) -> None:
    before = {each: chain.account(each) for each in (MEMBER, FRIEND)}
    heard = len(chain.feed("store:xidan"))
    merge(chain)
    assert part(chain, FRIEND, MEMBER) == Parted((MEMBER,), (FRIEND,))
    for member, account in before.items():
        now = chain.account(member)
        assert (now.gained, now.taken, now.coupons) == (
            account.gained, account.taken, account.coupons,
        )  # fmt: skip
        assert now.includes == {member}
        [told] = ask(chain, look_up, LookUp(member=member)).members
        assert told.member == member
    refs = [row["ref"] for row in chain.feed("store:xidan")[heard:] if row["kind"] == "member"]
    assert sorted(refs)[-2:] == sorted([MEMBER, FRIEND])
    versions = {row["member"]: row["version"] for row in chain.rows(t.account)}
    assert versions[FRIEND] > 1, "newer than what tills had of him"
    facts = [read_fact(row["data"]) for row in chain.rows(t.op, kind="members_parted.1")]
    [fact] = facts
    assert isinstance(fact, MembersParted)
    assert (fact.member, fact.parted_from, fact.approved_by) == (FRIEND, MEMBER, ("店长王",))
    assert sound(chain)


def test_what_was_spent_meanwhile_is_borne_by_what_each_brought(chain: Chain) -> None:
    merge(chain)
    till = Till("till-05")
    till.record(a_sale(11, TODAY, lines=(a_line(points_earned=0, points_spent=170),)))
    till.record(a_sale(12, TODAY, lines=(a_line(points_earned=9),), coupons_used=("C-1",)))
    assert outcomes(chain.push(till)) == ["accepted", "accepted"]
    part(chain)
    assert (balance(chain, MEMBER), balance(chain, FRIEND)) == (40 - 20 + 9, 300 - 150)
    assert chain.account(FRIEND).coupon_uses.keys() == {"C-1"}, "his coupon was used"
    assert chain.cases("overdraft") == []
    assert [row["debt"] for row in chain.rows(t.account)] == [0, 0, 0]
    assert sound(chain)
    till.record(points(13, 7, FRIEND))
    assert outcomes(chain.push(till))[-1] == "accepted"
    assert balance(chain, FRIEND) == 157, "his facts are his own again"
    assert sound(chain)


def test_who_spent_more_than_both_brought_owes_it(chain: Chain) -> None:
    merge(chain)
    till = Till("till-05")
    till.record(a_sale(11, TODAY, lines=(a_line(points_earned=0, points_spent=400),)))
    assert outcomes(chain.push(till)) == ["accepted_adjusted"]
    part(chain)
    debts = {row["member"]: row["debt"] for row in chain.rows(t.account)}
    assert (debts[MEMBER], debts[FRIEND]) == (60, 0)
    assert sound(chain)


def test_a_debt_that_only_both_together_could_pay_is_there_again(chain: Chain) -> None:
    till = Till("till-05")
    till.record(a_sale(11, TODAY, lines=(a_line(points_earned=0, points_spent=100),)))
    chain.push(till)
    merge(chain)
    assert [row["state"] for row in chain.cases("overdraft")] == ["recovered"]
    part(chain)
    [case] = [row for row in chain.cases("overdraft") if row["state"] == "open"]
    assert (case["subject"], case["points"]) == (MEMBER, -60)
    assert msgspec.json.decode(case["story"])["said"]["by"] == "parting"


def test_of_three_the_one_that_was_wrong_goes_alone(chain: Chain) -> None:
    merge(chain)
    assert merge(chain, FRIEND, THIRD) == Merged(MEMBER, (MEMBER, FRIEND, THIRD))
    assert part(chain, MEMBER, FRIEND) == Parted((MEMBER, THIRD), (FRIEND,))
    assert (balance(chain, MEMBER), balance(chain, FRIEND)) == (45, 300)
    assert part(chain, THIRD, MEMBER) == Parted((MEMBER,), (THIRD,))
    assert sound(chain)


def test_one_that_brought_another_along_takes_him_with_him(chain: Chain) -> None:
    merge(chain, FRIEND, THIRD)
    assert merge(chain) == Merged(MEMBER, (MEMBER, FRIEND, THIRD))
    assert part(chain, MEMBER, THIRD) == Parted((MEMBER,), (FRIEND, THIRD))
    assert balance(chain, FRIEND) == 305
    assert {row["member"]: row["survivor"] for row in chain.rows(t.account)} == {
        MEMBER: MEMBER, FRIEND: FRIEND, THIRD: FRIEND,
    }  # fmt: skip
    assert sound(chain)


def test_they_may_be_made_one_again_and_rebuilt(chain: Chain) -> None:
    merge(chain)
    part(chain)
    assert merge(chain) == Merged(MEMBER, (MEMBER, FRIEND))
    assert balance(chain, MEMBER) == 340
    assert sound(chain)
    assert isinstance(merge(chain), AlreadyOne)
    part(chain)
    assert chain.database.write(lambda c: rebuild(c, chain.tenant)) == 0, "nothing else is said"


def test_what_nobody_could_read_waits_with_whom_it_is_about(chain: Chain) -> None:
    merge(chain)
    till = Till("till-05")
    data = till.record(a_sale(11, TODAY, member=FRIEND)).data
    other = Till("till-06")
    other.append(op(12), data.replace(b'"do":"visit"', b'"do":"dance"').replace(
        op(11).encode(), op(12).encode()).replace(b"sale_recorded.1", b"new.1"))  # fmt: skip
    chain.push(other)
    part(chain)
    waiting = {row["member"]: row["waiting"] for row in chain.rows(t.account)}
    assert (waiting[MEMBER], waiting[FRIEND]) == (0, 1)


def test_whoever_is_not_one_stays_as_he_is(chain: Chain) -> None:
    assert part(chain) == NotOne()
    assert part(chain, MEMBER, NOBODY) == NotParted(NOBODY, "unknown")
    merge(chain)
    assert part(chain, MEMBER, THIRD) == NotOne()
    chain.database.write(lambda c: erase_member(office(chain, c), FRIEND, WANG))
    assert part(chain) == NotParted(MEMBER, "erased")


def walks(database: ServerDatabase, act: Callable[[], object]) -> list[str]:
    """Ways in which `act` went through all facts of a chain, or all their places, instead of
    looking some up."""
    said: list[tuple[str, Any]] = []

    def hear(_c: Any, _cursor: Any, words: str, bound: Any, _context: Any, many: bool) -> None:
        if not many and words.startswith("SELECT"):
            said.append((words, bound))

    event.listen(database.engine, "before_cursor_execute", hear)
    try:
        act()
    finally:
        event.remove(database.engine, "before_cursor_execute", hear)
    with database.engine.connect() as connection:
        ways = [
            row.detail
            for words, bound in said
            for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {words}", bound)
        ]
    looked = [way for way in ways if way.split()[1] in ("op", "place")]
    assert {way.split()[1] for way in looked} == {"op", "place"}, "facts were read, and places"
    return [way for way in looked if way.startswith("SCAN") or way.endswith("(tenant_id=?)")]


def test_parting_looks_up_the_persons_facts_alone(on_sqlite: ServerDatabase, tenant: str) -> None:
    """Everybody who pushes waits for it. What took a merge back may stand under an id of who is
    somebody else by now."""
    chain = Chain(on_sqlite, tenant)
    till = Till("till-02")
    for number, member in enumerate((MEMBER, FRIEND, THIRD), start=1):
        till.record(points(number, 10 * number, member))
    chain.push(till)
    merge(chain, FRIEND, THIRD)
    merge(chain)
    assert walks(on_sqlite, lambda: part(chain, FRIEND, THIRD)) == []
    assert part(chain) == Parted((MEMBER,), (FRIEND,))
    assert merge(chain, FRIEND, THIRD) == Merged(FRIEND, (FRIEND, THIRD))
    assert part(chain, THIRD, FRIEND) == Parted((FRIEND,), (THIRD,))
    assert part(chain, THIRD, FRIEND) == NotOne()
    assert sound(chain)

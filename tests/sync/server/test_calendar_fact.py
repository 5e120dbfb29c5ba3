"""What the calendar brings, over real accounts: each once, by the server alone, told to stores."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from typing import Any

import msgspec
import pytest

from app.domain import effects as do
from app.domain.birthday import birthday_this_month
from app.domain.facts import (
    CouponIssued,
    MemberJoined,
    MembersMerged,
    SaleShared,
    TierReviewed,
    read_fact,
)
from app.domain.member import BirthdayOn, PersonalData
from app.domain.pieces import Interval
from sync.protocol import MemberKey
from sync.server import tables as t
from sync.server.calendar_fact import run_calendar
from sync.server.database import ServerDatabase
from sync.server.head_office import Office, Said
from sync.server.merge import merge_members
from sync.server.rebuild import verify
from tests.domain.heart_builders import FRIEND, MEMBER, STORE, a_line, a_refund, a_sale, moment, op
from tests.sync.server.asking import TODAY
from tests.sync.server.members import KEY, sealed
from tests.sync.server.programs import put_in_force
from tests.sync.server.tills import Chain, Till, outcomes

TOML = """
schema = 1
id = "renmin"
version = "2026.1"
name = { zh = "会员规则", en = "Members" }
announced = 2024-01-01
effective = 2024-02-01

[[tiers]]
id = "regular"
name = { zh = "普通", en = "Regular" }

[[tiers]]
id = "silver"
name = { zh = "银卡", en = "Silver" }
qualify = { spend = "20000.00" }

[birthday]
points = 100

[referral]
join_points = 50
first_order_share = "0.5"
per_year = 3
"""
FRIENDS_KEY = MemberKey(member=FRIEND, key_id="k-2", secret=bytes(range(60, 92)))


@pytest.fixture
def chain(database: ServerDatabase, tenant: str) -> Chain:
    made = Chain(database, tenant)
    put_in_force(made, TOML)
    return made


def joined(number: int, member: str, key: MemberKey, **changes: Any) -> MemberJoined:
    birthday = changes.pop("birthday", None)
    person = PersonalData(phone="+8613800138000", name="张三", birthday=birthday)
    return MemberJoined(
        op_id=op(number), store=STORE, day=TODAY, clock=moment(), member=member,
        card=f"M{number:012}", effects=(do.Joined(),), profile=sealed(person, key), **changes,
    )  # fmt: skip


def night(chain: Chain) -> int:
    """The whole pass of a day; how many facts of the server there are then."""
    while run_calendar(chain.database, chain.tenant, chain.now_ms, chain.house):
        pass
    return len(own(chain))


def own(chain: Chain) -> list[Any]:
    """The server's facts, in the order of their ids."""
    return [read_fact(row["data"]) for row in chain.rows(t.op, device="server")]


def told(chain: Chain) -> int:
    return len(chain.feed(f"store:{STORE}"))


def sound(chain: Chain) -> bool:
    return chain.database.read(lambda connection: verify(connection, chain.tenant)).is_sound


def test_a_birthday_is_given_for_once(chain: Chain) -> None:
    till = Till("till-02")
    till.record(joined(1, MEMBER, KEY, birthday=BirthdayOn(5, 31)))
    till.record(joined(2, FRIEND, FRIENDS_KEY, birthday=BirthdayOn(7, 1)))
    chain.push(till, keys=(KEY, FRIENDS_KEY))
    heard = told(chain)
    assert [night(chain), night(chain)] == [1, 1]
    chain.now_ms += 24 * 3_600_000
    assert night(chain) == 1
    [fact] = own(chain)
    assert isinstance(fact, CouponIssued)
    assert (fact.member, fact.why, fact.staff) == (MEMBER, "birthday", None)
    assert told(chain) == heard + 1
    assert sound(chain)


def test_a_tier_that_ended_is_reviewed_with_its_inputs(chain: Chain) -> None:
    long_ago = date(2025, 3, 10)
    till = Till("till-02")
    reached = do.TierReached(
        tier="silver", months=12, measure="spend", line=2_000_000, return_days=7
    )
    goods = a_line(list_minor=3_005_970, net_minor=3_005_970, unit_price_minor=1_001_990)
    till.record(a_sale(1, long_ago, lines=(goods,), more_effects=(reached,)))
    chain.now_ms = 1_741_600_000_000
    chain.push(till)
    chain.now_ms = 1_780_000_000_000
    assert [night(chain), night(chain)] == [1, 1]
    [fact] = own(chain)
    assert isinstance(fact, TierReviewed)
    # The month of the crossing is inside the window that is reviewed.
    inputs = (fact.before, fact.after, fact.spend_window_minor)
    assert inputs == ("silver", "silver", 3_005_970)
    assert sound(chain)


def test_a_referrer_is_rewarded_for_a_friends_first_order_once(chain: Chain) -> None:
    till = Till("till-02")
    till.record(joined(1, MEMBER, KEY))
    till.record(joined(2, FRIEND, FRIENDS_KEY, referrer=MEMBER, claims=("phone:friend",)))
    sale = a_sale(3, TODAY, member=FRIEND)
    till.record(sale)
    till.record(a_sale(4, TODAY, member=FRIEND))
    chain.push(till, keys=(KEY, FRIENDS_KEY))
    assert [night(chain), night(chain)] == [1, 1]
    [gift] = own(chain)
    assert isinstance(gift, SaleShared)
    assert (gift.member, gift.sale, sum(points for _, points in gift.by_line)) == (
        MEMBER,
        sale.op_id,
        50 + 59 // 2,
    )
    till.record(a_refund(5, sale, [Interval("1", 0, 3)], TODAY))
    chain.push(till)
    facts = [each for each in own(chain) if isinstance(each, SaleShared)]
    assert sum(points for each in facts for _, points in each.by_line) == 0
    assert sum(sum(each.values()) for each in chain.account(MEMBER).held.values()) == 0
    assert sound(chain)


def test_without_a_program_the_day_passes(database: ServerDatabase, tenant: str) -> None:
    chain = Chain(database, f"{tenant}-none")
    till = Till("till-02")
    till.record(joined(1, MEMBER, KEY, birthday=BirthdayOn(5, 31)))
    chain.push(till, keys=(KEY,))
    assert night(chain) == 0


def test_every_member_is_passed_once_a_day(chain: Chain) -> None:
    till = Till("till-02")
    for number in range(130):
        member = f"0197c2a0-0000-7000-8000-0000000c{number:04}"
        till.record(a_sale(10 + number, TODAY, member=member))
    chain.push(till)
    passed = [
        run_calendar(chain.database, chain.tenant, chain.now_ms, chain.house) for _ in range(3)
    ]
    assert passed == [100, 30, 0]
    [row] = chain.rows(t.server_state, name="calendar")
    assert msgspec.json.decode(row["value"])[0] == TODAY.isoformat()


def test_several_workers_give_each_gift_once(on_postgres: ServerDatabase, tenant: str) -> None:
    chain = Chain(on_postgres, tenant)
    put_in_force(chain, TOML)
    till, keys = Till("till-02"), []
    for number in range(150):
        member = f"0197c2a0-0000-7000-8000-0000000d{number:04}"
        keys.append(MemberKey(member=member, key_id=f"k-{number}", secret=bytes(range(32))))
        till.record(joined(10 + number, member, keys[-1], birthday=BirthdayOn(5, 31)))
    chain.push(till, keys=tuple(keys))
    with ThreadPoolExecutor(4) as workers:
        list(workers.map(lambda _: night(chain), range(4)))
    given = [each.member for each in own(chain)]
    assert (len(given), len(set(given))) == (150, 150)


def test_of_a_merged_person_everything_known_is_looked_at(chain: Chain) -> None:
    """Birthday and friend are known of one of his ids, the order of the other."""
    third = "0197c2a0-0000-7000-8000-00000000a003"
    till = Till("till-02")
    till.record(a_sale(1, TODAY))
    till.record(joined(2, third, KEY))
    till.record(joined(3, FRIEND, FRIENDS_KEY, birthday=BirthdayOn(5, 31), referrer=third,
                       claims=("phone:friend",)))  # fmt: skip
    chain.push(till, keys=(FRIENDS_KEY,))
    said = Said(by="店长王")
    chain.database.write(
        lambda connection: merge_members(
            Office(connection, chain.tenant, chain.now_ms, chain.house), FRIEND, MEMBER, said
        )
    )
    night(chain)
    facts = [each for each in own(chain) if not isinstance(each, MembersMerged)]
    assert {(type(each), each.member) for each in facts} == {
        (CouponIssued, MEMBER), (SaleShared, third)
    }  # fmt: skip
    assert sound(chain)


def test_sales_come_in_while_the_calendar_is_looked_at(
    chain: Chain, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever looks through the members holds no row: on SQLite nobody could write meanwhile."""
    till, other = Till("till-02"), Till("till-03")
    till.record(joined(1, MEMBER, KEY, birthday=BirthdayOn(5, 31)))
    chain.push(till, keys=(KEY,))
    other.record(a_sale(2, TODAY, member=FRIEND))
    heard = list[Any]()

    def slow(on: BirthdayOn, as_of: date) -> Any:
        if not heard:
            heard.extend(outcomes(chain.push(other)))
        return birthday_this_month(on, as_of)

    monkeypatch.setattr("sync.server.calendar_fact.birthday_this_month", slow)
    assert night(chain) == 1
    assert heard == ["accepted"]
    assert sound(chain)


def test_who_has_nothing_due_is_not_written(chain: Chain) -> None:
    till = Till("till-02")
    till.record(joined(1, MEMBER, KEY, birthday=BirthdayOn(7, 1)))
    till.record(a_sale(2, TODAY))
    chain.push(till, keys=(KEY,))
    before = chain.rows(t.account)
    assert night(chain) == 0
    assert chain.rows(t.account) == before

"""Members by the hundred thousand: as if each had been told alone, whatever happens in between."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec
import pytest

from app.domain.account import account_bytes
from app.domain.confirmed import Arrived, ConfirmedMember
from app.domain.effects import CouponGiven, Gained, Joined, Visited
from app.domain.member import PersonalData
from app.services.profile import ProfileEdit, edit_profile
from app.store import arrival
from app.store.arrival import ArrivalRepository
from app.store.unit_of_work import UnitOfWork
from sync.protocol import LookUpAnswer, MemberConfirmed
from sync.till import intake
from sync.till.event import member_told
from sync.till.intake import Intake, _Run
from tests.sync.till.a_till import SyncedTill
from tests.sync.till.events import (
    STREAM,
    a_code,
    a_member,
    account,
    an_id,
    holder,
    member_of,
    names_found,
    points_of,
    scalar,
    told,
)
from tests.sync.till.small_server import SmallServer

COMPARED = {
    "member": "member_id, card_code, joined, phone, name, birthday, note, salutation, status,"
    " merged_into, phone_verified, home_store, referrer_id, tags, account_manager, last_visit,"
    " readings",
    "member_word": "words, (SELECT member_id FROM member m WHERE m.member_no = r.rowid)",
    "member_reading": "reading, (SELECT member_id FROM member m WHERE m.member_no = r.member_no)",
    "member_card": "card_code, member_id, in_use",
    "member_key": "member_id, key_id, secret",
    "account": "member_id, data",
    "confirmed_account": "*",
    "coupon_owner": "coupon_id, member_id",
}
NAMES = ("单雄信", "王伟", "", "Anna Li", "欧阳娜娜", "陈静", "赵敏")


def profile(name: str, phone: str | None = None) -> bytes:
    return msgspec.json.encode(PersonalData(phone=phone, name=name))


def a_crowd(count: int) -> list[MemberConfirmed]:
    """Most of them plain; some without a phone, with a coupon, erased, several in one, replaced."""
    crowd = []
    for number in range(1, count + 1):
        effects: list[Any] = [Joined(), Gained(points=number, expires_in=12)]
        if number % 3:
            effects.append(Visited(spend_minor=900, points_earned=number))
        if number % 4 == 0:
            effects.append(CouponGiven(coupon=f"C-{number}", offer="60-5", days=30))
        phone = f"+86137{number:08}" if number % 5 else None
        more: dict[str, Any] = {
            "profile": profile(NAMES[number % len(NAMES)], phone),
            "account": account_bytes(account(*effects, of=an_id(number))),
        }
        if number % 11 == 0:
            more |= {"status": "erased", "profile": None, "keys": ()}
        elif number % 17 == 0:
            both = account(*effects, of=an_id(number))
            both.includes.add(an_id(number - 1))
            more["account"] = account_bytes(both)
        if number % 13 == 0:
            more["cards"] = (a_code(number), a_code(number + 5_000))
        crowd.append(a_member(number, **more))
    return crowd


def kept(till: SyncedTill) -> dict[str, list[Any]]:
    """The rows of everything that is kept of members; numbers are the till's own."""

    def read(work: Any) -> dict[str, list[Any]]:
        ask = work.connection.exec_driver_sql
        return {
            table: sorted(map(repr, ask(f"SELECT {columns} FROM {table} r").all()))
            for table, columns in COMPARED.items()
        }

    found: dict[str, list[Any]] = till.run(read)
    return found


def take(till: SyncedTill, crowd: Sequence[MemberConfirmed], part: int = 40) -> None:
    with Intake(till.shop.store.lane, 1) as taking:
        for start in range(0, len(crowd), part):
            taking.take([member_told(each) for each in crowd[start : start + part]])


def put(till: SyncedTill, crowd: Sequence[MemberConfirmed]) -> Arrived:
    """Their rows alone: as a till that is stopped before anybody can be found."""
    ready = ArrivalRepository.prepared([member_told(each) for each in crowd])
    arrived: Arrived = till.run(lambda work: work.arrivals.put(ready, 1))
    return arrived


def find(till: SyncedTill, arrived: Arrived) -> None:
    """And then the rest."""
    run = _Run()
    run.add(arrived)
    for found_by, rows in run.findings():
        till.run(lambda work, kind=found_by, rows=rows: work.arrivals.find(kind, rows))
    till.run(lambda work: work.arrivals.found(arrived.first, arrived.last, []))


def test_a_long_unit_of_work_writes_everybody(till: SyncedTill) -> None:
    """Some by statements of five hundred rows, some of ten, the last one alone."""
    crowd = [a_member(number) for number in range(1, 1_012)]
    before = scalar(till, "SELECT count(*) FROM member")
    find(till, put(till, crowd))
    assert scalar(till, "SELECT count(*) FROM member") == before + len(crowd)
    for table in ("account", "confirmed_account", "member_key", "member_card"):
        found = scalar(
            till,
            f"SELECT count(DISTINCT member_id) FROM {table} WHERE member_id BETWEEN ? AND ?",
            crowd[0].member,
            crowd[-1].member,
        )
        assert found == len(crowd), table
    assert member_of(till, an_id(1_011)).card_code == a_code(1_011)


def test_many_at_once_are_as_if_each_was_told_alone(
    till: SyncedTill, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(intake, "RUN", 90)
    monkeypatch.setattr(intake, "FINDINGS_A_UNIT", 70)
    monkeypatch.setattr(intake, "MARKS_A_UNIT", 40)
    one, other = till, SyncedTill(tmp_path / "other")
    other.enrol(SmallServer())
    crowd = a_crowd(250)
    take(one, crowd)
    for start in range(0, len(crowd), 100):
        part = [member_told(each) for each in crowd[start : start + 100]]
        other.run(lambda work, part=part: work.confirmed.tell(part, 1))
    assert kept(one) == kept(other)
    assert scalar(one, "SELECT count(*) FROM unindexed_member") == 0
    assert names_found(one, "sxx") == names_found(other, "sxx")
    take(one, crowd)  # all of it again, after a crash before the cursor was moved
    assert kept(one) == kept(other)
    other.close()


class Awaited:
    """The lane of a till where a sale waits all the time."""

    def __init__(self, till: SyncedTill) -> None:
        self._till = till
        self.units = 0

    def run(self, work: Any) -> Any:
        def awaited(unit: UnitOfWork) -> Any:
            unit.is_waited_for = lambda: True
            return work(unit)

        self.units += 1
        return self._till.run(awaited)


def test_where_a_sale_waits_units_are_small_and_all_arrive(
    till: SyncedTill, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(arrival, "STEP", 20)
    other, crowd, lane = SyncedTill(tmp_path / "other"), a_crowd(110), Awaited(till)
    other.enrol(SmallServer())
    with Intake(lane, 1) as taking:
        taking.take([member_told(each) for each in crowd])
    take(other, crowd)
    assert lane.units > len(crowd) // 20 * 2
    assert kept(till) == kept(other)
    other.close()


def test_news_of_who_is_new_are_as_if_told_with_care(till: SyncedTill, tmp_path: Path) -> None:
    other, crowd = SyncedTill(tmp_path / "other"), a_crowd(100)
    other.enrol(SmallServer())
    told(till, *crowd)
    other.run(lambda work: work.confirmed.tell([member_told(each) for each in crowd], 1))
    assert kept(till) == kept(other)
    seen = "SELECT count(*) FROM member WHERE seen IS NOT NULL"
    assert scalar(till, seen) == scalar(other, seen) > 0
    told(till, *crowd)
    assert kept(till) == kept(other)
    other.close()


def test_a_till_stopped_in_between_finds_them_after_the_next_snapshot(till: SyncedTill) -> None:
    crowd = a_crowd(30)
    put(till, crowd)
    assert holder(till, a_code(4)) is None
    assert till.run(lambda work: work.coupons.owner("C-4")) is None
    assert points_of(till, an_id(4)) == 4
    take(till, crowd[:2])  # the others are no longer of this shop
    assert holder(till, a_code(4)).in_use
    assert till.run(lambda work: work.coupons.owner("C-4")) == an_id(4)
    [found] = till.run(lambda work: work.members.by_last_digits("00000004", 8))
    assert found.member_id == an_id(4)
    assert scalar(till, "SELECT count(*) FROM unindexed_member") == 0


def test_who_is_asked_for_before_is_found_at_once(till: SyncedTill) -> None:
    put(till, a_crowd(9))
    till.inbox.learn(
        LookUpAnswer(members=(a_crowd(9)[2],), server_ms=0, server_epoch=1), server_epoch=1
    )
    assert holder(till, a_code(3)).in_use
    assert holder(till, a_code(4)) is None


def test_a_name_changed_meanwhile_is_not_found_by_the_old_one(till: SyncedTill) -> None:
    arrived = put(till, a_crowd(9))
    edit = ProfileEdit(name="上官婉儿")
    till.shop.do(edit_profile, member_id=an_id(3), edit=edit)
    find(till, arrived)
    assert names_found(till, "Anna") == names_found(till, "annali") == []
    assert names_found(till, "sgwe") == ["上官婉儿"]


def test_who_is_erased_meanwhile_leaves_nothing_to_find(till: SyncedTill) -> None:
    arrived = put(till, a_crowd(9))
    told(till, a_member(1, 9, status="erased", profile=None, keys=()))
    find(till, arrived)
    assert member_of(till, an_id(1)).person == PersonalData()
    number = arrived.first
    left = "SELECT count(*) FROM member_reading WHERE member_no = ?"
    assert scalar(till, left, number) == 0


def test_a_card_replaced_and_members_merged_meanwhile_stay_so(till: SyncedTill) -> None:
    arrived = put(till, a_crowd(9))
    told(till, a_member(3, 2, cards=(a_code(777), a_code(3)), profile=profile("王伟")))
    both = account(Joined(), of=an_id(1))
    both.includes.add(an_id(8))
    both.coupons = account(CouponGiven(coupon="C-8", offer="60-5", days=30), of=an_id(8)).coupons
    told(till, a_member(1, 2, account=account_bytes(both)))
    find(till, arrived)
    assert not holder(till, a_code(3)).in_use
    assert holder(till, a_code(777)).in_use
    assert till.run(lambda work: work.coupons.owner("C-8")) == an_id(1)


def test_members_with_facts_of_this_till_are_told_with_care(till: SyncedTill) -> None:
    known = till.shop.members["陈静"]
    before = points_of(till, known)
    mine = a_member(1, member=known, account=account_bytes(account(Joined(), of=known)))
    twice = a_member(2)
    arrived = put(till, [mine, twice, twice])
    assert [each.member_id for each in arrived.known] == [known, an_id(2)]
    assert arrived.first == arrived.last
    take(till, [mine])
    assert points_of(till, known) == before, "own facts stand on top"


def test_of_those_seen_last_a_search_looks_through_some(
    till: SyncedTill, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(intake, "SEEN_LAST", 3)
    take(till, a_crowd(10))
    seen = "SELECT count(*) FROM member WHERE seen IS NOT NULL AND member_id BETWEEN ? AND ?"
    assert scalar(till, seen, an_id(1), an_id(10)) == 3


def test_what_fails_is_heard_and_the_next_try_takes_all(till: SyncedTill) -> None:
    class Full(Exception):
        """A disk."""

    class Lane:
        def __init__(self) -> None:
            self.left = 3

        def run(self, work: Any) -> Any:
            self.left -= 1
            if not self.left:
                raise Full
            return till.run(work)

    members: list[ConfirmedMember] = [member_told(each) for each in a_crowd(9)]
    with pytest.raises(Full), Intake(Lane(), 1) as taking:
        taking.take(members)
    take(till, a_crowd(9))
    assert holder(till, a_code(4)).in_use
    assert till.inbox.cursors().get(STREAM) is None

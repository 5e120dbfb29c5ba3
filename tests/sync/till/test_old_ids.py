"""Ids of before a merge, of whom a till knows nothing but what it wrote under them itself.

A receipt of another store names one, and what is written under it is the survivor's.
"""

from __future__ import annotations

import msgspec
import pytest

from app.domain.account import account_bytes
from app.domain.effects import Gained, Joined
from app.services.seating import survivor
from app.services.verify import VerifyReport, verify_store
from app.store.waiting_lane import WaitingLane
from sync.protocol import MemberConfirmed
from tests.sync.till.a_till import SyncedTill
from tests.sync.till.events import a_code, a_member, account, an_id, member_of, points_of, told

SURVIVOR, OLD_ID = an_id(1), an_id(2)
CONFIRMED = 60


def both_in_one(version: int = 2, **more: object) -> MemberConfirmed:
    """As head office tells of two who are one."""
    one = account(Joined(), Gained(points=CONFIRMED, expires_in=12), of=SURVIVOR)
    one.includes.add(OLD_ID)
    cards = (a_code(1), a_code(2))
    told_as = a_member(1, version, account=account_bytes(one), cards=cards)
    return msgspec.structs.replace(told_as, **more)


def faults_of(till: SyncedTill) -> list[object]:
    report, lane = VerifyReport(), WaitingLane(till.shop.store.lane)
    for _ in verify_store(lane=lane, identity=till.shop.shop.identity, report=report):
        pass
    return list(report.faults)


def is_one(till: SyncedTill, points: int) -> None:
    assert points_of(till, SURVIVOR) == points
    assert till.run(lambda work: work.accounts.get(OLD_ID)) is None, "nothing is shown of it alone"
    assert faults_of(till) == []


@pytest.mark.parametrize("before", [0, 5])
def test_what_is_written_under_an_old_id_counts_for_the_survivor(
    till: SyncedTill, before: int
) -> None:
    if before:
        till.gain(OLD_ID, before)
    told(till, both_in_one())
    is_one(till, CONFIRMED + before)
    till.gain(OLD_ID, 7)
    is_one(till, CONFIRMED + before + 7)
    told(till, both_in_one(version=3))
    is_one(till, CONFIRMED + before + 7)
    found = till.run(lambda work: survivor(work, work.members.get(OLD_ID)))
    assert found.member_id == SURVIVOR and found.person.name == "单雄信"


def test_nobody_finds_an_old_id_by_anything(till: SyncedTill) -> None:
    members = till.run(lambda work: work.members.search("单", 8))
    told(till, both_in_one())
    shown = [each.member_id for each in till.run(lambda work: work.members.search("单", 8))]
    assert sorted(shown) == sorted([*(each.member_id for each in members), SURVIVOR])
    card = till.run(lambda work: work.members.by_card(a_code(2)))
    assert card.member_id == SURVIVOR, "the card of before is hers"
    row = member_of(till, OLD_ID)
    assert (row.status, row.card_code, row.person.name, row.home_store) == ("merged", "", "", "")


def test_told_alone_again_each_has_his_own(till: SyncedTill) -> None:
    till.gain(OLD_ID, 5)
    told(till, both_in_one())
    till.gain(OLD_ID, 7)
    told(till, a_member(1, 3), a_member(2, 1, profile=None))
    row = member_of(till, OLD_ID)
    assert (row.status, row.merged_into, row.home_store) == ("active", None, "xujiahui")
    assert (points_of(till, SURVIVOR), points_of(till, OLD_ID)) == (CONFIRMED, CONFIRMED + 12)
    assert faults_of(till) == []


def test_also_where_she_was_forgotten_before_this_till_heard_of_her(till: SyncedTill) -> None:
    told(till, both_in_one(status="erased", profile=None, keys=()))
    assert member_of(till, SURVIVOR) is None, "nobody of whom anything could be shown"
    till.gain(OLD_ID, 7)
    is_one(till, CONFIRMED + 7)

"""Ids of before a merge, of whom a till knows nothing but what it wrote under them itself.

A receipt of another store names one, and what is written under it is the survivor's.
"""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from app.domain.account import account_bytes
from app.domain.effects import Gained, Joined
from app.services.merge_side import as_known
from app.services.verify import VerifyReport, verify_store
from app.store.waiting_lane import WaitingLane
from sync.protocol import MemberConfirmed
from tests.sync.till.a_till import SyncedTill
from tests.sync.till.events import a_code, a_member, account, an_id, member_of, points_of, told

EARLIER, SURVIVOR, OLD_ID = an_id(1), an_id(2), an_id(5)
"""Of all ids of a person the earliest is the survivor."""
CONFIRMED = 60


def both_in_one(number: int = 2, version: int = 2, **more: Any) -> MemberConfirmed:
    """As head office tells of two who are one."""
    one = account(Joined(), Gained(points=CONFIRMED, expires_in=12), of=an_id(number))
    one.includes.add(OLD_ID)
    cards = (a_code(number), a_code(5))
    told_as = a_member(number, version, account=account_bytes(one), cards=cards)
    return msgspec.structs.replace(told_as, **more)


def faults_of(till: SyncedTill) -> list[object]:
    report, lane = VerifyReport(), WaitingLane(till.shop.store.lane)
    for _ in verify_store(lane=lane, identity=till.shop.shop.identity, report=report):
        pass
    return list(report.faults)


def aliases(till: SyncedTill) -> dict[str, str]:
    ids = (EARLIER, SURVIVOR, OLD_ID)
    found: dict[str, str] = till.run(lambda work: work.member_aliases.survivors_of(ids))
    return found


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


def test_nobody_stands_under_an_old_id(till: SyncedTill) -> None:
    told(till, both_in_one())
    assert member_of(till, OLD_ID) is None
    shop = till.shop.shop
    assert till.run(lambda work: as_known(shop=shop, work=work, member_id=OLD_ID)) is None
    assert aliases(till) == {OLD_ID: SURVIVOR}
    card = till.run(lambda work: work.members.by_card(a_code(5)))
    assert card.member_id == SURVIVOR, "the card of before is hers"


def test_who_was_known_is_kept_as_who_he_was(till: SyncedTill) -> None:
    told(till, a_member(5))
    told(till, both_in_one())
    row = member_of(till, OLD_ID)
    assert (row.status, row.merged_into, row.person.name) == ("merged", SURVIVOR, "单雄信")
    assert aliases(till) == {}, "the row says it"
    till.gain(OLD_ID, 7)
    is_one(till, CONFIRMED + 7)


def test_told_alone_again_each_has_his_own(till: SyncedTill) -> None:
    till.gain(OLD_ID, 5)
    told(till, both_in_one())
    till.gain(OLD_ID, 7)
    told(till, a_member(2, 3), a_member(5, 1))
    row = member_of(till, OLD_ID)
    assert (row.status, row.merged_into, row.home_store) == ("active", None, "xujiahui")
    assert (points_of(till, SURVIVOR), points_of(till, OLD_ID)) == (CONFIRMED, CONFIRMED + 12)
    assert aliases(till) == {}
    assert faults_of(till) == []


def test_a_survivor_who_is_told_without_it_has_nothing_of_it_any_more(till: SyncedTill) -> None:
    """By a server that was restored from before the merge, and tells nobody here of the other."""
    till.gain(OLD_ID, 5)
    told(till, both_in_one())
    told(till, a_member(2, 3))
    assert aliases(till) == {}
    assert points_of(till, SURVIVOR) == CONFIRMED
    till.gain(OLD_ID, 7)
    assert points_of(till, SURVIVOR) == CONFIRMED


def test_another_survivor_takes_it_with_all_that_was_written(till: SyncedTill) -> None:
    till.gain(OLD_ID, 5)
    told(till, both_in_one())
    told(till, both_in_one(number=1))
    assert aliases(till) == {OLD_ID: EARLIER}
    assert (points_of(till, SURVIVOR), points_of(till, EARLIER)) == (CONFIRMED, CONFIRMED + 5)
    till.gain(OLD_ID, 7)
    assert points_of(till, EARLIER) == CONFIRMED + 12


def test_also_where_she_was_forgotten_before_this_till_heard_of_her(till: SyncedTill) -> None:
    told(till, both_in_one(status="erased", profile=None, keys=()))
    assert member_of(till, SURVIVOR) is None, "nobody of whom anything could be shown"
    till.gain(OLD_ID, 7)
    is_one(till, CONFIRMED + 7)


def test_a_plain_member_of_an_old_id_is_told_with_care(till: SyncedTill) -> None:
    """Many at once, of whom nobody here knew anything: but an alias is something."""
    told(till, both_in_one())
    told(till, *(a_member(number) for number in (4, 5, 6)))
    assert aliases(till) == {}
    assert member_of(till, OLD_ID).status == "active"
    assert points_of(till, OLD_ID) == CONFIRMED


def test_its_facts_are_on_top_whenever_the_survivor_is_shown_anew(till: SyncedTill) -> None:
    """As after a mark that hid them and was another machine's."""
    till.gain(OLD_ID, 5)
    told(till, both_in_one())
    till.run(lambda work: work.accounts.put(SURVIVOR, account(Joined(), of=SURVIVOR)))
    [place] = till.run(lambda work: work.facts.of_member(OLD_ID))
    till.run(lambda work: work.confirmed.show_own(place.epoch, place.dseq))
    is_one(till, CONFIRMED + 5)

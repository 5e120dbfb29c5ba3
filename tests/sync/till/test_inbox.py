"""The inbox over the real file: cursors without a hole, and what each event does to the till."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec
import pytest

from app.domain.account import Mark, account_bytes
from app.domain.effects import CouponGiven, Gained, Joined
from app.domain.member import PersonalData
from app.domain.member_import import KeptImport
from app.services.find_member import MembersFound, find_members
from app.services.ports import UnitOfWork
from app.services.profile import ProfileEdit, edit_profile
from app.store.cipher import new_key
from app.store.database import connect_writer
from sync.ports import Applied, Hole, Inbox, OtherServer
from sync.protocol import (
    Event,
    LookUpAnswer,
    Positioned,
    encoded,
)
from sync.till import inbox
from tests.sync.till.a_till import SyncedTill
from tests.sync.till.events import (
    LI_PHONE,
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


def test_it_fits_the_port_of_the_heart(till: SyncedTill) -> None:
    port: Inbox = till.inbox
    assert port.streams() == ["chain", STREAM, "device:till-02"]
    assert port.server_epoch() == 1


# ------------------------------------------------------------------ the cursor


def test_events_and_cursor_go_together(till: SyncedTill) -> None:
    assert told(till, a_member(1), a_member(2)) == Applied(2)
    assert told(till) == Applied(2)
    assert till.inbox.cursors() == {STREAM: 2}


@pytest.mark.parametrize(
    ("places", "stray"),
    [
        pytest.param((2,), 2, id="the first is missing"),
        pytest.param((1, 3), 3, id="one in between is missing"),
        pytest.param((1, 2, 2), 2, id="one stands twice"),
    ],
)
def test_a_hole_is_refused_and_nothing_of_it_applied(
    till: SyncedTill, places: tuple[int, ...], stray: int
) -> None:
    events = tuple(Positioned(at=at, event=a_member(at)) for at in places)
    assert told(till, events=events) == Hole(0, stray)
    assert till.run(lambda work: work.members.get(an_id(1))) is None
    assert till.inbox.cursors() == {}


def test_what_was_heard_before_is_passed_over(till: SyncedTill) -> None:
    told(till, a_member(1, 5), a_member(2))
    old = tuple(Positioned(at=at, event=a_member(at, 1, cards=())) for at in (1, 2, 3))
    assert told(till, events=old) == Applied(3)
    assert till.run(lambda work: work.members.by_card(a_code(1))) is not None


def test_an_older_account_is_passed_over(till: SyncedTill) -> None:
    told(till, a_member(1, 5))
    poorer = account_bytes(account(Gained(points=1, expires_in=12), of=an_id(1)))
    told(till, a_member(1, 4, account=poorer), a_member(1, 5, account=poorer))
    assert points_of(till, an_id(1)) == 60
    told(till, a_member(1, 6, account=poorer))
    assert points_of(till, an_id(1)) == 1


def test_another_server_is_not_listened_to(till: SyncedTill) -> None:
    assert told(till, a_member(1), server_epoch=2) == OtherServer(1, 2)
    assert till.inbox.cursors() == {}


def test_a_fault_halfway_leaves_neither_events_nor_cursor(till: SyncedTill) -> None:
    broken = a_member(2, account=b"\xc1 no account")
    with pytest.raises(msgspec.DecodeError):
        told(till, a_member(1), broken)
    assert till.run(lambda work: work.members.get(an_id(1))) is None
    assert told(till, a_member(1), a_member(2)) == Applied(2)


# ------------------------------------------------------------------ members


def test_a_member_of_another_store_is_found_by_card_phone_and_name(till: SyncedTill) -> None:
    told(till, a_member())
    for typed in (a_code(1), "13712342468", "2468", "单雄信", "sxx", "shan"):
        found = till.shop.do(find_members, text=typed)
        assert isinstance(found, MembersFound), typed
        assert an_id(1) in {hit.member_id for hit in found.hits}, typed
    assert points_of(till, an_id(1)) == 60


def test_a_changed_name_leaves_no_trace_in_the_search(till: SyncedTill) -> None:
    told(till, a_member())
    renamed = PersonalData(phone=LI_PHONE, name="何仙姑")
    told(till, a_member(1, 2, profile=msgspec.json.encode(renamed), cards=(a_code(9), a_code(1))))
    found = [names_found(till, typed) for typed in ("单雄信", "sxx", "何仙姑")]
    assert found == [[], [], ["何仙姑"]]
    new, old = (holder(till, a_code(number)) for number in (9, 1))
    assert (new.in_use, old.in_use) == (True, False)


def test_what_only_this_till_knows_of_a_member_stays(till: SyncedTill) -> None:
    gold = till.run(lambda work: work.members.get(till.shop.members["张三丰"]))
    profile = msgspec.json.encode(gold.person)
    told(till, a_member(member=gold.member_id, cards=(gold.card_code,), profile=profile, keys=()))
    now = till.run(lambda work: work.members.get(gold.member_id))
    assert (now.phone_verified, now.referrer_id) == (gold.phone_verified, gold.referrer_id)
    assert now.last_visit == gold.last_visit


def test_an_own_change_of_a_profile_stays_until_it_is_counted(till: SyncedTill) -> None:
    gold = till.run(lambda work: work.members.get(till.shop.members["陈静"]))
    till.shop.do(edit_profile, member_id=gold.member_id, edit=ProfileEdit(name="陈静怡"))
    stale = msgspec.json.encode(gold.person)
    same: dict[str, Any] = {"member": gold.member_id, "cards": (gold.card_code,), "keys": ()}
    told(till, a_member(version=1, profile=stale, **same))
    assert member_of(till, gold.member_id).person.name == "陈静怡"
    edit = till.outbox.waiting(999)[-1]
    counted = account(Joined(), of=gold.member_id, mark=Mark("till-02", 1, edit.dseq))
    told(till, a_member(version=2, profile=stale, account=account_bytes(counted), **same))
    assert member_of(till, gold.member_id).person.name == "陈静"


def an_import_of(shop: Any, work: UnitOfWork, phones: Sequence[str]) -> None:
    """On its way, none of its rows taken in."""
    count = len(phones)
    work.member_imports.put(
        KeptImport("members.csv", 1, "S1", count, {}, state="stopped", left=count)
    )
    rows = [{"row": number, "phone": each} for number, each in enumerate(phones, 2)]
    work.member_imports.add_part(count, msgspec.json.encode(rows))


def phones_to_come(shop: Any, work: UnitOfWork) -> list[str]:
    found = work.member_imports.first_part()
    assert found is not None
    return [each["phone"] for each in msgspec.json.decode(found[1])]


def test_an_erased_member_is_gone_with_his_key_and_all_his_ids(till: SyncedTill) -> None:
    told(till, a_member(1), a_member(2, profile=msgspec.json.encode(PersonalData(name="何仙姑"))))
    both = account(Gained(points=60, expires_in=12), of=an_id(1))
    both.includes.add(an_id(2))
    gone = a_member(1, 9, account=account_bytes(both), status="erased", profile=None, keys=())
    till.shop.do(an_import_of, phones=[LI_PHONE, "+8613912340055"])
    told(till, gone)
    assert till.shop.do(phones_to_come) == ["+8613912340055"], "no row that waits brings him back"
    for number in (1, 2):
        assert member_of(till, an_id(number)).person == PersonalData()
        key = "SELECT secret FROM member_key WHERE member_id = ?"
        assert scalar(till, key, an_id(number)) is None
    assert till.run(lambda work: work.members.search("单雄信", 8)) == []
    assert till.run(lambda work: work.members.by_phone(LI_PHONE)) == []
    told(till, a_member(1, 10, status="erased", profile=None))
    count = "SELECT count(*) FROM member_key WHERE secret IS NOT NULL AND key_id LIKE 'key-%'"
    assert scalar(till, count) == 0, "a destroyed key never comes back"


def test_merged_members_are_one_and_can_be_two_again(till: SyncedTill) -> None:
    first, second = till.shop.members["陈静"], till.shop.members["王小红"]
    old, young = sorted((first, second))
    points = {member: points_of(till, member) for member in (old, young)}
    own = till.gain(young, 7)
    both = account(Gained(points=100, expires_in=12), of=old)
    both.includes.add(young)
    member = till.run(lambda work: work.members.get(old))
    same: dict[str, Any] = {"profile": msgspec.json.encode(member.person), "keys": ()}
    told(till, a_member(member=old, version=4, account=account_bytes(both), **same))
    merged = till.run(lambda work: work.members.get(young))
    assert (merged.status, merged.merged_into) == ("merged", old)
    # Nothing of either was counted yet: all own facts of both stand on top, each once.
    assert points_of(till, old) == 100 + points[old] + points[young] + 7
    assert own in {one.op_id for one in till.outbox.waiting(999)}
    alone = account(Gained(points=3, expires_in=12), of=young)
    told(till, a_member(member=young, version=9, account=account_bytes(alone), **same))
    assert till.run(lambda work: work.members.get(young)).status == "active"
    # Own facts of the one who is himself again are his alone; what was told of both stays.
    assert points_of(till, old) == 100 + points[old]
    assert points_of(till, young) == 3 + points[young] + 7
    till.gain(young, 5)
    for one in (old, young):
        shown = till.run(lambda work, one=one: work.confirmed.shown(one))
        assert sum(shown.gained.values()) == points_of(till, one), "made anew it is the same"
    # The server hears of their merge again: one, with all own facts of both.
    told(till, a_member(member=old, version=12, account=account_bytes(both), **same))
    assert points_of(till, old) == 100 + points[old] + points[young] + 12
    assert till.run(lambda work: work.members.get(young)).merged_into == old


@pytest.mark.parametrize("alone_last", [True, False])
def test_of_one_batch_the_last_word_says_who_is_one(till: SyncedTill, alone_last: bool) -> None:
    """A look-up may hold a member from before a merge and the survivor from after it."""
    old, young = sorted((till.shop.members["陈静"], till.shop.members["王小红"]))
    points = {member: points_of(till, member) for member in (old, young)}
    both = account(Gained(points=100, expires_in=12), of=old)
    both.includes.add(young)
    alone = account(Gained(points=3, expires_in=12), of=young)
    events = [
        a_member(member=old, version=4, account=account_bytes(both), keys=()),
        a_member(member=young, version=5, account=account_bytes(alone), keys=()),
    ]
    told(till, *(events if alone_last else reversed(events)))
    merged_into = till.run(lambda work: work.members.get(young)).merged_into
    assert merged_into == (None if alone_last else old)
    if alone_last:
        assert points_of(till, old) == 100 + points[old]
        assert points_of(till, young) == 3 + points[young]
    else:
        assert points_of(till, old) == 100 + points[old] + points[young]


def test_who_goes_over_to_another_leaves_his_own_facts_with_nobody_else(till: SyncedTill) -> None:
    """One with the first, and after a restored server one with the second."""
    third, second, first = sorted(till.shop.members[name] for name in ("陈静", "王小红", "张三丰"))
    points = {member: points_of(till, member) for member in (first, second, third)}
    for survivor, version in ((first, 4), (second, 5)):
        both = account(Gained(points=100, expires_in=12), of=survivor)
        both.includes.add(third)
        told(till, a_member(member=survivor, version=version, account=account_bytes(both), keys=()))
    assert points_of(till, first) == 100 + points[first]
    assert points_of(till, second) == 100 + points[second] + points[third]


def test_a_coupon_of_another_store_finds_its_member(till: SyncedTill) -> None:
    given = account(CouponGiven(coupon="C-991", offer="60-5", days=30), of=an_id(1))
    told(till, a_member(1, account=account_bytes(given)))
    assert till.run(lambda work: work.coupons.owner("C-991")) == an_id(1)


def test_a_look_up_of_another_server_epoch_is_older_than_what_was_told(till: SyncedTill) -> None:
    told(till, a_member(1, version=3))
    before = LookUpAnswer(
        members=(a_member(1, version=50), a_member(2)), server_ms=0, server_epoch=9
    )
    till.inbox.learn(before, server_epoch=1)
    versions = [till.run(lambda work, who=who: work.confirmed.get(an_id(who))) for who in (1, 2)]
    assert [each.version for each in versions] == [3, 1]
    told(till, a_member(1, version=4), a_member(2, version=1))
    assert till.run(lambda work: work.confirmed.get(an_id(1))).version == 4


def test_a_look_up_joins_the_working_set_without_moving_a_cursor(till: SyncedTill) -> None:
    answer = LookUpAnswer(members=(a_member(),), server_ms=0, server_epoch=1)
    till.inbox.learn(answer, server_epoch=1)
    assert points_of(till, an_id(1)) == 60
    assert till.inbox.cursors() == {}


# ------------------------------------------------------------------ of whom nothing was told


def test_who_was_not_told_of_since_the_server_was_restored_is_found_once(
    till: SyncedTill, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inbox, "UNTOLD_A_UNIT", 3)
    monkeypatch.setattr(inbox, "UNTOLD_ASKED", 2)
    both = account(Gained(points=60, expires_in=12), of=an_id(1))
    both.includes.add(an_id(7))
    told(till, *(a_member(number, 50) for number in range(1, 8)))
    told(till, a_member(1, 51, account=account_bytes(both)))
    assert _untold(till) == [], "this server told of them all"
    path, key = a_snapshot(tmp_path, [(STREAM, a_member(4, 3))])
    till.inbox.adopt(path, key, {STREAM: 400}, 2)
    # Not of the one who is one with another: nothing is shown of him.
    assert _untold(till) == [an_id(number) for number in (1, 2, 3, 5, 6)]
    poorer = account_bytes(account(Gained(points=9, expires_in=12), of=an_id(1)))
    heard = a_member(1, 2, account=poorer)
    till.inbox.heard(an_id(1), LookUpAnswer(members=(heard,), server_ms=0, server_epoch=2))
    assert points_of(till, an_id(1)) == 9
    till.inbox.heard(an_id(2), LookUpAnswer(server_ms=0, server_epoch=2))
    assert points_of(till, an_id(2)) == 60, "what is shown stays till he is told of"
    till.inbox.heard(an_id(3), LookUpAnswer(server_ms=0, server_epoch=3))
    assert _untold(till) == [an_id(number) for number in (3, 5, 6)]
    told(till, a_member(2, 1, account=poorer), server_epoch=2)


def test_a_till_that_never_heard_a_server_asks_of_nobody(till: SyncedTill) -> None:
    assert _untold(till) == []


def _untold(till: SyncedTill) -> list[str]:
    """All of them, some at a time."""
    found: list[str] = []
    after: str | None = ""
    while after is not None:
        part = till.inbox.untold(after)
        found, after = [*found, *part.member_ids], part.after
    return found


# ------------------------------------------------------------------ snapshots


def a_snapshot(folder: Path, events: Sequence[tuple[str, Event]]) -> tuple[Path, bytes]:
    path, key = folder / "snapshot.db", new_key()
    writer = connect_writer(path, key)
    writer.execute("CREATE TABLE event (stream TEXT NOT NULL, event BLOB NOT NULL) STRICT")
    for stream, event in events:
        writer.execute("INSERT INTO event VALUES (?, ?)", (stream, encoded(event)))
    writer.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    writer.close()
    return path, key


def test_a_snapshot_is_merged_and_the_outbox_stays(till: SyncedTill, tmp_path: Path) -> None:
    told(till, a_member(1, 50))
    pending = till.outbox.waiting(999)
    members = [(STREAM, a_member(number)) for number in range(1, 251)]
    path, key = a_snapshot(tmp_path, members)
    for _ in range(2):  # again after a crash before the end
        till.inbox.adopt(path, key, {STREAM: 400, "chain": 7}, 2)
    assert till.inbox.cursors() == {STREAM: 400, "chain": 7}
    assert till.inbox.server_epoch() == 2
    assert till.run(lambda work: work.members.count()) == 4 + 250
    version = till.run(lambda work: work.confirmed.get(an_id(1))).version
    assert version == 1, "what another server's life said counts no more"
    assert till.outbox.waiting(999) == pending


def test_of_a_server_that_forgot_the_younger_word_counts(
    till: SyncedTill, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Restored by somebody who told nobody: same epoch, smaller versions."""
    monkeypatch.setattr(inbox, "DOUBTED_A_UNIT", 2)
    told(till, *(a_member(number, 50) for number in range(1, 6)))
    points = points_of(till, an_id(5))
    path, key = a_snapshot(tmp_path, [(STREAM, a_member(number, 3)) for number in range(1, 5)])
    for _ in range(2):
        till.inbox.doubt()
    assert points_of(till, an_id(5)) == points, "what is shown stays until it is told anew"
    till.inbox.adopt(path, key, {STREAM: 400}, 1)
    answer = LookUpAnswer(members=(a_member(5, 1),), server_ms=0, server_epoch=1)
    till.inbox.learn(answer, server_epoch=1)
    versions = [
        till.run(lambda work, number=number: work.confirmed.get(an_id(number))).version
        for number in range(1, 6)
    ]
    assert versions == [3, 3, 3, 3, 1]


def test_a_snapshot_under_another_key_changes_nothing(till: SyncedTill, tmp_path: Path) -> None:
    from app.store.errors import StoreError

    path, _ = a_snapshot(tmp_path, [(STREAM, a_member(1))])
    with pytest.raises(StoreError):
        till.inbox.adopt(path, new_key(), {STREAM: 400}, 2)
    assert till.inbox.cursors() == {}
    assert till.inbox.server_epoch() == 1

"""A till brought back from its backup: a new life, with everything the old one had not sent."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import msgspec

from app.domain.enrolment import NO_SERVER_EPOCH
from app.domain.grant import PointGrant, Reservation
from app.domain.stored_fact import AppendedFact, FactToAppend
from app.services.sync_state import FactsPending, MayReset, may_reset
from app.store.backups import BackupReason
from app.store.device_key import DeviceKeys
from app.store.keys import KeyVault
from app.store.opening import OpenStore, open_store
from app.store.restore import FoundShop, Restoring, find_shop
from app.store.unit_of_work import UnitOfWork
from sync.ports import Applied, OtherServer
from sync.protocol import OpAnswer
from sync.till.credential import TillCredentials
from sync.till.outbox import TillOutbox
from tests.kill.sync_child import MachineClock
from tests.real_shop import MILK, MemoryKeychain, recovery_code
from tests.services.refunds import sold
from tests.store.conftest import NOW, a_setting
from tests.sync.till.a_till import URL, SyncedTill
from tests.sync.till.small_server import SmallServer


def restored(till: SyncedTill, folder: Path) -> OpenStore:
    """The backup on a new machine."""
    till.shop.store.back_up(BackupReason.HAND, now=datetime.now(UTC))
    found = find_shop(till.shop.store.backups.folder, recovery_code())
    assert isinstance(found, FoundShop), found
    setting = a_setting(folder)
    with Restoring(found, setting) as restoring:
        assert restoring.take_backup()
        written = restoring.replay(
            restoring.read_journal(), lambda work, new: work.facts.append(new)
        )
        assert list(written) == []
        restoring.finish(now=NOW, keep_folder=False)
    return open_store(setting, now=datetime.now(UTC))


def _append(work: UnitOfWork, new: FactToAppend) -> AppendedFact:
    return work.facts.append(new)


def test_it_enrols_again_and_sends_what_was_pending_in_a_new_chain(
    till: SyncedTill, tmp_path: Path
) -> None:
    member = till.shop.members["陈静"]
    till.run(lambda work: work.grants.put(PointGrant("g1", member, {24_322: 40}, ends_ms=9)))
    done = till.outbox.waiting(3)
    till.outbox.settle(
        [OpAnswer(op_id=o.op_id, epoch=1, dseq=o.dseq, outcome="accepted") for o in done],
        server_epoch=1,
    )
    pending = [one.op_id for one in till.outbox.waiting(9_999)]
    store = restored(till, tmp_path / "new machine")
    vault = KeyVault(fall_back_folder=tmp_path, keychain=MemoryKeychain())
    clock = MachineClock()
    credentials = TillCredentials(store.lane, clock, DeviceKeys(vault))
    outbox = TillOutbox(store.lane, clock)
    assert credentials.server_url() is None, "its key stayed on the machine that died"
    assert store.lane.run(_open_grants) == []
    server = SmallServer(chains={1: []})
    request = credentials.request("code", "")
    credentials.enrolled(server.enrolled(request), URL)
    again = outbox.waiting(9_999)
    assert [one.op_id for one in again] == pending
    assert {one.epoch for one in again} == {request.epoch - 1}
    epoch = store.lane.run(lambda work: work.device.epoch())
    assert epoch == request.epoch > 2, "receipts of no older life are numbered again"
    store.close()


def _open_grants(work: UnitOfWork) -> list[PointGrant]:
    member = work.members.all_ids("", 99)
    return [grant for one in member for grant in work.grants.of_member(one)]


def test_another_server_is_heard_from_its_beginning(till: SyncedTill) -> None:
    server = SmallServer()
    server.another_till("01a1fd8e-3dc0-7502-8a5d-1d6a31c0a09f", till.shop.members["陈静"], 8)
    till.inbox.apply(server.pull(0, 9))
    assert till.inbox.cursors()
    request = till.credentials.request("code", "")
    till.credentials.enrolled(server.enrolled(request), "https://another.example")
    assert till.inbox.cursors() == {}
    assert till.run(lambda work: work.confirmed.get(till.shop.members["陈静"])) is None


def test_a_till_that_enrols_again_believes_no_acknowledgement_before_it_asked(
    till: SyncedTill,
) -> None:
    """The server may have been restored, rebuilt or emptied since; its epoch of today tells not."""
    waiting = till.outbox.waiting(9_999)
    answers = [
        OpAnswer(op_id=one.op_id, epoch=one.epoch, dseq=one.dseq, outcome="accepted")
        for one in waiting
    ]
    till.outbox.settle(answers, server_epoch=1)
    assert till.run(lambda work: may_reset(work=work)) == MayReset()
    till.enrol(SmallServer(epoch=5))
    assert till.inbox.server_epoch() == NO_SERVER_EPOCH
    till.outbox.settle(answers[:1], server_epoch=5)
    assert till.inbox.server_epoch() == NO_SERVER_EPOCH, "one answer does not tell of the others"
    refused = till.inbox.apply(SmallServer(epoch=5).pull(0, 9))
    assert refused == OtherServer(NO_SERVER_EPOCH, 5)
    answer = till.run(lambda work: may_reset(work=work))
    assert isinstance(answer, FactsPending)
    assert answer.count.pending == len(waiting)


def test_in_another_chain_everything_goes_again_in_a_chain_of_its_own(till: SyncedTill) -> None:
    member = till.shop.members["陈静"]
    sold(till.shop, MILK)
    waiting = till.outbox.waiting(9_999)
    answers = [
        OpAnswer(op_id=one.op_id, epoch=one.epoch, dseq=one.dseq, outcome="accepted")
        for one in waiting
    ]
    till.outbox.settle(answers, server_epoch=1)
    server = SmallServer()
    server.another_till("01a1fd8e-3dc0-7502-8a5d-1d6a31c0a09f", member, 8)
    till.inbox.apply(server.pull(0, 9))
    grant = PointGrant("g1", member, {24_322: 40}, ends_ms=9)
    till.run(lambda work: work.grants.put(grant))
    request = till.credentials.request("code", "")
    enrolled = msgspec.structs.replace(server.enrolled(request), tenant="another chain")
    till.credentials.enrolled(enrolled, URL)
    again = till.outbox.waiting(9_999)
    assert [one.op_id for one in again] == [one.op_id for one in waiting]
    assert [(one.epoch, one.dseq) for one in again] == [
        (request.epoch - 1, place) for place in range(1, len(waiting) + 1)
    ]
    assert till.inbox.cursors() == {}
    assert till.run(lambda work: work.confirmed.get(member)) is None
    assert till.run(lambda work: work.grants.of_member(member)) == []


def test_a_reservation_is_known_until_it_ends(till: SyncedTill) -> None:
    asked = Reservation("r1", 1_000, member_id="m", points=100, coupons=("C1",),
                        entitlements={"tea": 1})  # fmt: skip
    till.run(lambda work: work.grants.put_reservation(asked))
    assert till.run(lambda work: work.grants.open_reservations()) == [asked]
    held = Reservation("r1", 1_000, "held", "m", 100, ("C1",), {"tea": 1}, ends_ms=9_000)
    till.run(lambda work: work.grants.put_reservation(held))
    assert till.run(lambda work: work.grants.reservation("r1")) == held
    posted = Reservation("r1", 1_000, "posted", "m", 100, ("C1",), {"tea": 1}, ends_ms=9_000)
    till.run(lambda work: work.grants.put_reservation(posted))
    assert till.run(lambda work: work.grants.open_reservations()) == []
    assert till.run(lambda work: work.grants.reservation("unknown")) is None


def _pushed(till: SyncedTill, server: SmallServer) -> None:
    """Everything that waits, answered and heard."""
    waiting = till.outbox.waiting(9_999)
    answers = server.push(list(till.outbox.load([one.op_id for one in waiting])))
    till.outbox.settle(answers, server_epoch=server.epoch)
    cursor = till.inbox.cursors().get(f"store:{server.store}", 0)
    while cursor < len(server.stream):
        assert isinstance(till.inbox.apply(server.pull(cursor, 50)), Applied)
        cursor = till.inbox.cursors()[f"store:{server.store}"]


def test_enrolled_anew_it_still_finds_that_the_server_was_restored(till: SyncedTill) -> None:
    """The restored server knew nobody of this name: who enrols must push again what it forgot."""
    _pushed(till, SmallServer())
    assert till.inbox.server_epoch() == 1
    request = till.credentials.request("code", "")
    till.credentials.enrolled(SmallServer(epoch=2).enrolled(request), URL)
    assert till.inbox.server_epoch() == NO_SERVER_EPOCH, "nothing of the new epoch was heard yet"


def test_under_another_name_every_fact_counts_once(till: SyncedTill) -> None:
    """A copied machine enrols as another till: what it pushed as the old one is in the account."""
    member, server = till.shop.members["陈静"], SmallServer()
    before = till.shown_points(member)
    till.gain(member, 8)
    _pushed(till, server)
    assert till.shown_points(member) == before + 8
    server.gives_id("till-03")
    till.enrol(server)
    server.another_till("01a1fd8e-3dc0-7502-8a5d-1d6a31c0a09f", member, 16)
    till.begin_anew(server)
    assert till.shown_points(member) == before + 24
    assert till.outbox.backlog().pending, "all of it goes out under the new name"
    _pushed(till, server)
    assert till.shown_points(member) == before + 24

"""A till is killed (-9) between any two bytes of its sync: nothing is lost, nothing counts twice.

After each kill the file must hold every fact that was confirmed and every answer that was kept,
and show each fact once; at the end the server, which heard some of them twice, has all of them.
"""

from __future__ import annotations

import time
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from multiprocessing.connection import Connection
from pathlib import Path
from random import Random
from typing import Any

import pytest

from app.domain.account import MemberAccount
from app.services.joining import Checked, NewMember, write_member
from app.services.verify import VerifyReport, verify_store
from app.store.snapshot import snapshot_events
from app.store.unit_of_work import UnitOfWork
from app.store.waiting_lane import WaitingLane
from sync.till.credential import TillCredentials
from sync.till.inbox import TillInbox
from sync.till.outbox import TillOutbox
from tests.kill.run import _FORKS, PATIENCE_S
from tests.kill.shop import OpenTill, Place, keys_in_files, make_kill_shop, open_as_till
from tests.kill.sync_child import MachineClock, sync_without_end
from tests.sync.till.small_server import SmallServer

pytestmark = pytest.mark.no_cover  # its lines are counted where nothing is killed

KILLS = 10
NAMES = ("单雄信", "何仙姑", "王小红")


class MemoryVault:
    """Keeps the device's key until the test ends."""

    def __init__(self) -> None:
        self._kept: dict[str, bytes] = {}

    def new(self) -> tuple[str, bytes]:
        self._kept["device"] = bytes(range(32))
        return "device", bytes(32)

    def sign(self, key_id: str | None, data: bytes) -> bytes:
        return self._kept[str(key_id)] + data

    def has(self, key_id: str | None) -> bool:
        return key_id in self._kept

    def forget(self, key_id: str) -> None:
        del self._kept[key_id]


@dataclass
class Story:
    """What the till was heard to say, over all its lives."""

    server: SmallServer
    members: list[str]
    made: set[str] = field(default_factory=set)
    settled: set[str] = field(default_factory=set)
    acts: dict[str, int] = field(default_factory=dict)

    def hear(self, pipe: Connection) -> bool:
        """One message, answered where an answer is wanted; False when the process is gone."""
        assert pipe.poll(PATIENCE_S), "the till hangs"
        try:
            act, what = pipe.recv()
        except (EOFError, ConnectionResetError):
            return False
        self.acts[act] = self.acts.get(act, 0) + 1
        match act:
            case "made":
                self.made.add(what)
            case "settled":
                self.settled.update(what)
            case "push":
                _answer(pipe, self.server.push(what))
            case "pull":
                _answer(pipe, self.server.pull(what, 20))
            case _:
                assert act == "applied", act
        return True


def _answer(pipe: Connection, answer: Any) -> None:
    with suppress(OSError):  # it was killed before it could hear
        pipe.send(answer)


def test_nothing_is_lost_or_doubled_by_kills(tmp_path: Path) -> None:
    keys_in_files()
    place = Place(tmp_path)
    make_kill_shop(place)
    story = enrolled_shop(place)
    for number in range(KILLS):
        live_and_die(place, story, Random(f"sync {number}"))
        look(place, story)
    finish(place, story)
    assert min(story.acts.values()) > 10, story.acts


def enrolled_shop(place: Place) -> Story:
    """Three members, and a server that knows nobody yet."""
    with open_as_till(place, Random(0)) as till:
        members = [till.store.lane.run(partial(_join, till, name)) for name in NAMES]
        here = till.shop.identity
        server = SmallServer(device=here.device, store=here.store_id)
        credentials = TillCredentials(till.store.lane, MachineClock(), MemoryVault())
        request = credentials.request("code", "")
        credentials.enrolled(server.enrolled(request), "https://head-office.example")
    return Story(server, members)


def _join(till: OpenTill, name: str, work: UnitOfWork) -> str:
    new = NewMember(phone="", name=name, consents=frozenset({"membership"}))
    member, _ = write_member(
        shop=till.shop, work=work, new=new, checked=Checked(None, None), now=till.shop.now()
    )
    return member.member_id


def live_and_die(place: Place, story: Story, chance: Random) -> None:
    ours, theirs = _FORKS.Pipe()
    arguments = (place.folder, str(chance.random()), story.members, theirs)
    process = _FORKS.Process(target=sync_without_end, args=arguments)
    process.start()
    theirs.close()
    for _ in range(chance.randint(1, 60)):
        assert story.hear(ours), "the till ended by itself"
    time.sleep(chance.uniform(0, 0.01))
    process.kill()
    while story.hear(ours):
        pass
    process.join(PATIENCE_S)


def look(place: Place, story: Story) -> None:
    """What the next start finds."""
    with open_as_till(place, Random(0)) as till:
        report = VerifyReport()
        lane = WaitingLane(till.store.lane)
        for _ in verify_store(lane=lane, identity=till.shop.identity, report=report):
            pass
        assert report.faults == []
        kept = {fact.op_id for fact in lane.run(lambda work: work.facts.all_facts(0, 10**6))}
        assert kept >= story.made, "a confirmed fact is gone"
        waiting = {one.op_id for one in lane.run(lambda work: work.outbox.waiting(10**6))}
        assert not waiting & story.settled, "an answer that was kept is gone"
        assert set(story.server.answers) | waiting >= kept, "a fact nobody would ever send"
        for member in story.members:
            points = lane.run(partial(_points_made, member))
            assert sum(lane.run(partial(_shown, member)).gained.values()) == points, (
                "a fact is not shown once"
            )


def _points_made(member: str, work: UnitOfWork) -> int:
    return sum(fact.kind == "points_adjusted.1" for fact in work.facts.of_member(member))


def _shown(member: str, work: UnitOfWork) -> MemberAccount:
    account = work.accounts.get(member)
    assert account is not None
    return account


def finish(place: Place, story: Story) -> None:
    """Back on a quiet line: everything drains, and both sides hold the same."""
    with open_as_till(place, Random(0)) as till:
        lane, clock = till.store.lane, MachineClock()
        outbox, inbox = TillOutbox(lane, clock), TillInbox(lane, clock, snapshot_events)
        while waiting := outbox.waiting(99):
            ops = list(outbox.load([one.op_id for one in waiting]))
            outbox.settle(story.server.push(ops), server_epoch=1)
        stream = inbox.streams()[1]
        while (after := inbox.cursors().get(stream, 0)) < len(story.server.stream):
            inbox.apply(story.server.pull(after, 100))
        assert outbox.backlog().pending == 0
        kept = {fact.op_id for fact in lane.run(lambda work: work.facts.all_facts(0, 10**6))}
        assert set(story.server.answers) == kept
        for member in story.members:
            assert lane.run(partial(_shown, member)) == story.server.accounts[member]

"""The till of the chain's benchmark, a process of its own: pushes a backlog, pulls members while
it sells, takes a snapshot in.

Owns: those three lives with their times. Does not own: the server, what is made of the times.
"""

from __future__ import annotations

import gc
import hashlib
import json
import sys
import time
from contextlib import closing
from functools import partial
from itertools import islice
from multiprocessing.connection import Connection
from pathlib import Path
from random import Random
from typing import Any

import msgspec
import psutil  # type: ignore[import-untyped]  # its types are a package of their own

from app.commands.joined_till import Till
from app.domain import effects as do
from app.domain.account import FoldItem, Mark, account_bytes, fold
from app.domain.facts import canonical_bytes
from app.domain.stored_fact import FactToAppend
from app.services.scan import scan_code
from app.store.database import connect_writer
from app.store.device_key import DeviceKeys
from app.store.snapshot import snapshot_events
from app.store.unit_of_work import UnitOfWork
from sync.protocol import PUSH_OPS_MAX, MemberConfirmed, MemberKey, Push, PushAnswer, encoded
from sync.session import Session
from sync.till.credential import TillCredentials
from sync.till.inbox import TillInbox
from sync.till.outbox import TillOutbox
from sync.transport import Call, Transport
from tests.bench.chain_made import people, sales, today
from tests.chain.clock import SharedClock
from tests.chain.till import Home, built, open_in_chain
from tests.kill.child import Cashier
from tests.kill.shop import keys_in_files, sign_in
from tests.real_shop import MILK

UNIT = 500
SELL_EVERY_S = 0.1
SWITCH_INTERVAL_S = 0.0005
"""As the till's window sets it (ui/application.py)."""


def _say(pipe: Connection, what: dict[str, Any]) -> None:
    resident = psutil.Process().memory_info().rss / 1e6
    pipe.send_bytes(json.dumps(what | {"resident_mb": resident}).encode())


def _as_the_window_runs() -> None:
    """The interpreter as a till with its window has it; Qt itself is not loaded here."""
    sys.setswitchinterval(SWITCH_INTERVAL_S)
    gc.collect()
    gc.freeze()


# ------------------------------------------------------------------ push


def push_backlog(home: Home, count: int, members: int, pipe: Connection) -> None:
    """Write so many sales, then send them as the push lane does; the time of each step."""
    keys_in_files()
    with built(home) as (till, clock):
        here = till.store.lane.run(lambda work: work.device.read())
        assert here is not None
        ids = [each.member_id for each in people(members)]
        made = sales(count, here.store_id, ids)
        sizes = 0
        while part := list(islice(made, UNIT)):
            facts = [
                FactToAppend(
                    fact.op_id, "sale_recorded.1", (fact.member or "",), fact.day, fact.clock,
                    canonical_bytes(fact),
                )
                for fact in part
            ]  # fmt: skip
            sizes += sum(len(each.data) for each in facts)
            till.store.lane.run(partial(_append, facts=facts))
        _as_the_window_runs()
        _say(pipe, {"bytes": sizes / count})
        pipe.recv_bytes()
        _say(pipe, _pushed(till, clock))


def _append(work: UnitOfWork, facts: list[FactToAppend]) -> None:
    for fact in facts:
        work.facts.append(fact)


def _pushed(till: Till, clock: SharedClock) -> dict[str, Any]:
    lane = till.store.lane
    outbox = TillOutbox(lane, clock)
    credentials = TillCredentials(lane, clock, DeviceKeys(till.store.vault))
    transport = Transport(str(credentials.server_url()))
    session = Session(credentials, clock)
    took = dict.fromkeys(("list", "load", "send", "settle"), 0.0)
    outcomes: dict[str, int] = {}
    began, worked = time.perf_counter(), time.process_time()
    while True:
        at = time.perf_counter()
        ids = [each.op_id for each in outbox.waiting(PUSH_OPS_MAX)]
        took["list"] += time.perf_counter() - at
        if not ids:
            break
        at = time.perf_counter()
        push = Push(ops=tuple(outbox.load(ids)), keys=tuple(outbox.keys_for(ids)))
        took["load"] += time.perf_counter() - at
        at = time.perf_counter()
        answer = transport.send(Call("push", push, token=session.token(transport)), PushAnswer)
        took["send"] += time.perf_counter() - at
        at = time.perf_counter()
        outbox.settle(answer.answers, server_epoch=answer.server_epoch)
        took["settle"] += time.perf_counter() - at
        for each in answer.answers:
            outcomes[each.outcome] = outcomes.get(each.outcome, 0) + 1
    seconds, worked = time.perf_counter() - began, time.process_time() - worked
    return {"seconds": seconds, "worked_s": worked, "steps": took, "outcomes": outcomes}


# ------------------------------------------------------------------ pull


class _Quiet(Cashier):
    """Says nothing: only the times count."""

    def say(self, **what: object) -> None:
        """Nobody listens."""


def pull_while_selling(home: Home, stream: str, head: int, pipe: Connection) -> None:
    """Hear of everybody by the till's own lanes, and sell meanwhile; how long each sale waited."""
    keys_in_files()
    chance = Random(3)
    with open_in_chain(home, chance) as (till, joined, clock):
        sign_in(till)
        _as_the_window_runs()
        inbox = TillInbox(till.store.lane, clock, snapshot_events)
        began_at = inbox.cursors().get(stream, 0)
        began, worked, waits = time.perf_counter(), time.process_time(), list[float]()
        while inbox.cursors().get(stream, 0) < head:
            waits.append(_sell(_Quiet(till, chance, pipe)))
            time.sleep(SELL_EVERY_S)
            joined.line.sync_now()
        seconds, worked = time.perf_counter() - began, time.process_time() - worked
        quiet = [_sell(_Quiet(till, chance, pipe)) for _ in range(20)]
        known = till.store.lane.run(lambda work: len(work.members.all_ids(limit=head + 1)))
        _say(pipe, {"seconds": seconds, "accounts": head - began_at, "waits_s": waits,
                    "worked_s": worked, "quiet_s": quiet, "known": known})  # fmt: skip


def _sell(cashier: _Quiet) -> float:
    """From the cash on the counter to the confirmed sale."""
    cashier.do(scan_code, text=MILK)
    at = time.perf_counter()
    cashier._pay_cash()
    return time.perf_counter() - at


# ------------------------------------------------------------------ snapshot


def take_snapshot(home: Home, members: int, pipe: Connection) -> None:
    """Write a snapshot of so many members as the server does, and take it in."""
    keys_in_files()
    with built(home) as (till, clock):
        here = till.store.lane.run(lambda work: work.device.read())
        assert here is not None
        file, key = home.folder / "bench.snapshot", bytes(range(32))
        file.unlink(missing_ok=True)
        stream = f"store:{here.store_id}"
        size = _write_snapshot(file, key, stream, members)
        inbox = TillInbox(till.store.lane, clock, snapshot_events)
        _as_the_window_runs()
        began, worked = time.perf_counter(), time.process_time()
        hashlib.sha256(file.read_bytes()).digest()
        inbox.adopt(file, key, {stream: members}, 1)
        seconds, worked = time.perf_counter() - began, time.process_time() - worked
        known = till.store.lane.run(lambda work: len(work.members.all_ids(limit=members + 1)))
        _say(pipe, {"seconds": seconds, "worked_s": worked, "bytes": size, "known": known})


def _write_snapshot(file: Path, key: bytes, stream: str, members: int) -> int:
    with closing(connect_writer(file, key)) as connection:
        connection.execute("PRAGMA journal_mode=DELETE")
        connection.execute("CREATE TABLE event (stream TEXT NOT NULL, event BLOB NOT NULL) STRICT")
        connection.execute("BEGIN")
        for number, each in enumerate(people(members), 1):
            gained = do.Gained(points=100 + number % 900, expires_in=12)
            item = FoldItem(
                each.member_id, each.member_id, today(), (do.Joined(), gained),
                Mark("past", 1, number),
            )  # fmt: skip
            told = MemberConfirmed(
                member=each.member_id,
                version=1,
                account=account_bytes(fold([item])),
                cards=(each.card_code,),
                home_store="renmin-road",
                profile=msgspec.json.encode(each.person),
                keys=(MemberKey(member=each.member_id, key_id=f"k-{number}", secret=key),),
            )
            connection.execute("INSERT INTO event VALUES (?, ?)", (stream, encoded(told)))
        connection.execute("COMMIT")
    return file.stat().st_size

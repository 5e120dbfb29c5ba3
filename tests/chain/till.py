"""A till of the chain as a process: sells without end while its lanes talk to the server.

Owns: that life, and what it shows at the end. Does not own: the sales (tests/kill/child.py), the
lanes (main.py's own), any check (checks.py). It is killed at any moment; what it said before that
in its pipe was confirmed to the cashier.
"""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from multiprocessing.connection import Connection
from pathlib import Path
from random import Random
from typing import Any

import main
from app.commands.joined_till import Till
from app.domain.account import account_bytes
from app.domain.quantity import pieces
from app.domain.server_answer import Enrolled, LookedUp
from app.services.checkout import SaleDone
from app.services.enrolment import enrol
from app.services.find_member import MemberElsewhere, MemberPutOn
from app.services.look_up import look_up_member
from app.services.opening import TillOpened, open_till
from app.services.refund import RefundChanged, choose_back
from app.services.refund_state import RefundState
from app.services.reservation import (
    ReservationBegun,
    ReservationSettled,
    ask_reservation,
    begin_reservation,
    settle_reservation,
    void_leftovers,
)
from app.services.scan import scan_code
from app.services.verify import VerifyReport, verify_store
from app.store.device_key import DeviceKeys
from app.store.folders import Folders
from app.store.opening import open_store
from app.store.snapshot import snapshot_events
from app.store.unit_of_work import UnitOfWork
from app.store.waiting_lane import WaitingLane
from sync.protocol import DigestAnswer
from sync.session import Session
from sync.till.agreement import TillAgreement
from sync.till.credential import TillCredentials
from sync.till.inbox import TillInbox
from sync.transport import Call, Transport
from tests.chain.clock import SharedClock
from tests.kill.bank import LedgerBank
from tests.kill.child import Cashier
from tests.kill.refund_child import RefundCounter
from tests.kill.shop import OpenTill, Place, keys_in_files, sign_in

SETTLE_S = 0.5
DRAIN_S = 300.0
FACTS_MAX = 1_000_000
JOINS = 0.06
REFUNDS = 0.08
"""So often something comes back, some of it against other goods."""


@dataclass(frozen=True, slots=True)
class Home:
    """Where a till of the run lives, and by which clock."""

    folder: Path
    clock_file: Path

    @property
    def place(self) -> Place:
        return Place(self.folder)


@dataclass(frozen=True, slots=True)
class Day:
    """What a till starts with: its chance, cards of other shops' members, its pace."""

    seed: str
    elsewhere: tuple[str, ...]
    pause_s: float
    """Between two sales, at most."""


@contextmanager
def built(home: Home) -> Iterator[tuple[Till, SharedClock]]:
    """The till as commands open it: nobody at it, no line begun."""
    clock = SharedClock(home.clock_file)
    setting = Folders.of(home.place.shop).setting(key_in_file=True)
    till = main.build(open_store(setting, now=datetime.now(UTC)), clock=clock)
    clock.offset_ms = lambda: till.line.contact().offset_ms
    try:
        yield till, clock
    finally:
        till.close()


@contextmanager
def open_in_chain(home: Home, chance: Random) -> Iterator[tuple[OpenTill, Till, SharedClock]]:
    """The till as its window opens it, with its line begun and the bank for a terminal."""
    with built(home) as (till, clock):
        bank = LedgerBank(home.place.ledger, chance)
        shop = replace(till.shop, terminals={"mobile": bank, "card": bank})
        opened = till.store.lane.submit(lambda work: open_till(shop=shop, work=work)).result()
        assert isinstance(opened, TillOpened), opened
        till.connect()
        yield OpenTill(shop, till.store, opened), till, clock


def join_chain(home: Home, address: str, code: str, pipe: Connection) -> None:
    """Enrol, and say who this till is from now on."""
    keys_in_files()
    with built(home) as (till, _):
        answer = enrol(shop=till.shop, address=address, code=code, name=home.folder.name)
        assert isinstance(answer, Enrolled), answer
        here = answer.identity
        pipe.send_bytes(json.dumps({"device": here.device, "store": here.store_id}).encode())


# ------------------------------------------------------------------ selling


class ChainCashier(Cashier):
    """Knows that there are other shops: their members come here too, and points are kept first."""

    def __init__(
        self, till: OpenTill, chance: Random, pipe: Connection, elsewhere: Sequence[str]
    ) -> None:
        super().__init__(till, chance, pipe)
        self._elsewhere = elsewhere

    def say(self, **what: object) -> None:
        """Only what was confirmed, and what the run counts."""
        if "joined" in what:
            what["card"] = self.do(_card_of, member_id=what["joined"])
        if what.keys() & {"sold", "joined", "asked", "selling", "refunded"}:
            super().say(**what)

    def put_member_on(self) -> None:
        if not self._shape.member and self._elsewhere and self._chance.random() < 0.3:
            self._put_stranger_on(self._chance.choice(self._elsewhere))
        elif not self._shape.member and self._chance.random() < JOINS:
            self._join()
        else:
            super().put_member_on()

    def _put_stranger_on(self, card: str) -> None:
        answer = self.do(scan_code, text=card)
        if isinstance(answer, MemberElsewhere):
            told = look_up_member(shop=self._till.shop, wanted=answer.wanted)
            answer = self.do(scan_code, text=card, looked_up=told)
            found = isinstance(told, LookedUp)
            self.say(asked="look-up", answered=found and isinstance(answer, MemberPutOn))

    def _pay(self) -> None:
        self._keep_points()
        super()._pay()

    def _keep_points(self) -> None:
        """As the payment screen does it."""
        begun = self.do(begin_reservation)
        asked = begun if isinstance(begun, ReservationBegun) else None
        while asked is not None:
            wanted = asked.wanted
            told = ask_reservation(shop=self._till.shop, wanted=wanted)
            self.say(asked="reserve", answered=type(told).__name__)
            settled = self.do(settle_reservation, reservation_id=wanted.reservation_id, answer=told)
            assert isinstance(settled, ReservationSettled), settled
            asked = settled.again

    def _say_sold(self, answer: SaleDone) -> None:
        super()._say_sold(answer)
        if self.sold % 20 == 0:
            void_leftovers(shop=self._till.shop, lane=WaitingLane(self._till.store.lane))


class ChainCounter(RefundCounter):
    """Takes back of whatever was sold here, also of what was weighed."""

    def _choose(self, state: RefundState) -> None:
        lines = [line for line in state.lines if line.left.thousandths]
        for line in lines:
            if line is lines[-1] or self._chance.random() < 0.6:
                whole = line.left.thousandths % 1000
                some = line.left if whole else pieces(self._chance.randint(1, line.left.pieces))
                answer = self._cashier.do(
                    choose_back, line_id=line.line_id, quantity=some, reason="unwanted"
                )
                assert isinstance(answer, RefundChanged), answer


def _card_of(*, shop: object, work: UnitOfWork, member_id: str) -> str:
    member = work.members.get(member_id)
    assert member is not None, member_id
    return member.card_code


def live(home: Home, day: Day, pipe: Connection) -> None:
    """Settle what a kill left open, sell and take back until told to end, then show everything."""
    keys_in_files()
    chance = Random(day.seed)
    with open_in_chain(home, chance) as (till, joined, clock):
        sign_in(till)
        cashier = ChainCashier(till, chance, pipe, day.elsewhere)
        cashier.settle_open_attempts()
        counter = ChainCounter(till, cashier, chance)
        counter.settle_tries()
        counter.finish_what_is_open()
        cashier.say(selling=True)
        while not pipe.poll(chance.uniform(0, day.pause_s)):
            if chance.random() < REFUNDS:
                counter.one_round()
            else:
                cashier.one_sale()
        End(till, joined, clock, pipe).obey()


# ------------------------------------------------------------------ the end


class End:
    """A till that sells no more: does what the run says, one word at a time, and answers."""

    def __init__(self, till: OpenTill, joined: Till, clock: SharedClock, pipe: Connection) -> None:
        self._till, self._joined, self._clock, self._pipe = till, joined, clock, pipe
        self._lane = till.store.lane

    def obey(self) -> None:
        """Until told to close."""
        while (word := json.loads(self._pipe.recv_bytes()))["do"] != "close":
            match word["do"]:
                case "drain":
                    answer: dict[str, Any] = {"pending": self._drain()}
                case "pull":
                    answer = {"cursors": self._pull(word["heads"])}
                case other:
                    assert other == "show", other
                    answer = self._show()
            self._pipe.send_bytes(json.dumps(answer).encode())

    def _drain(self) -> int:
        self._until(lambda: self._pending() == 0)
        return self._pending()

    def _pending(self) -> int:
        return int(self._lane.run(lambda work: work.outbox.count()).pending)

    def _pull(self, heads: dict[str, int]) -> dict[str, int]:
        inbox = TillInbox(self._lane, self._clock, snapshot_events)
        mine = inbox.streams()
        self._until(
            lambda: all(inbox.cursors().get(each, 0) >= heads.get(each, 0) for each in mine)
        )
        return dict(inbox.cursors())

    def _until(self, holds: Callable[[], bool]) -> None:
        """Wait for it, asking as a person does; what does not come is for the checks to say."""
        end = time.monotonic() + DRAIN_S
        while not holds() and time.monotonic() < end:
            self._joined.line.sync_now()
            time.sleep(SETTLE_S)

    def _show(self) -> dict[str, Any]:
        report = VerifyReport()
        lane = WaitingLane(self._lane)
        for _ in verify_store(lane=lane, identity=self._till.shop.identity, report=report):
            pass
        return {
            "faults": [str(each) for each in report.faults],
            "facts": self._lane.run(_facts),
            "states": self._lane.run(_states),
            "accounts": self._lane.run(_accounts),
            "digests": list(self._digests()),
        }

    def _digests(self) -> Iterator[dict[str, Any]]:
        """Of each epoch: up to where it counts, and whether the server counted the same."""
        keys = DeviceKeys(self._till.store.vault)
        credentials = TillCredentials(self._lane, self._clock, keys)
        url = credentials.server_url()
        assert url is not None, "an enrolled till"
        transport, session = Transport(url), Session(credentials, self._clock)
        for epoch in range(1, credentials.identity().epoch + 1):
            digest = TillAgreement(self._lane, self._clock, epoch).digest()
            call = Call("digest", digest, token=session.token(transport))
            answer = transport.send(call, DigestAnswer)
            days = len(digest.sums)
            yield {"epoch": epoch, "dseq": digest.dseq, "days": days, "equal": answer.equal}
        transport.close()


def _facts(work: UnitOfWork) -> dict[str, list[str]]:
    """Every fact this till made: its kind, and the hash of its bytes."""
    return {
        each.op_id: [each.kind, hashlib.sha256(each.data).hexdigest()]
        for epoch in work.facts.epochs()
        for each in work.facts.of_epoch(epoch, 0, FACTS_MAX)
    }


def _states(work: UnitOfWork) -> dict[str, int]:
    count = work.outbox.count()
    return {"pending": count.pending, "set_aside": count.set_aside, "held": count.quarantined}


def _accounts(work: UnitOfWork) -> dict[str, str]:
    """As screens show them, of every member the server told of."""
    shown = {}
    for member in work.members.all_ids(limit=FACTS_MAX):
        account = work.accounts.get(member)
        if work.confirmed.get(member) is not None and account is not None:
            shown[member] = account_bytes(account).hex()
    return shown

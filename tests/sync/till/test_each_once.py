"""The law of the shown account: every fact exactly once, whatever comes in which order.

Each fact gives another power of two of points, so the bits of a balance name the facts in it: one
that is missing leaves a hole, one that counts twice carries into its neighbour.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from app.domain.ids import uuid7
from sync.ports import Applied, Hole
from sync.protocol import LookUpAnswer, OpAnswer
from tests.sync.till.a_till import SyncedTill
from tests.sync.till.small_server import STORE, SmallServer

NAMES = ("张三丰", "陈静")
STREAM = f"store:{STORE}"


@dataclass
class Bits:
    """Which points belong to which fact."""

    own: dict[str, int] = field(default_factory=dict)
    others: dict[str, int] = field(default_factory=dict)
    heard: set[int] = field(default_factory=set)
    used: int = 0

    def next_one(self) -> int:
        self.used += 1
        return 1 << self.used


class Interleaved(RuleBasedStateMachine):
    """One till, its server, and everything that can happen between them."""

    def __init__(self) -> None:
        super().__init__()
        self.till = SyncedTill()
        self.server = SmallServer()
        self.members = [self.till.shop.members[name] for name in NAMES]
        self.before = {member: self.till.shown_points(member) for member in self.members}
        self.bits = {member: Bits() for member in self.members}
        self.late: list[list[OpAnswer]] = []
        self.epoch = 1

    def teardown(self) -> None:
        self.till.close()

    @initialize(sold_before=st.integers(0, 2))
    def begin(self, sold_before: int) -> None:
        """What is older than the enrolment is told to the server first."""
        self.till.enrol(self.server)
        self.drain()
        for _ in range(sold_before):
            self.sell(0)

    def drain(self) -> None:
        """All that the shop was made with goes and comes back."""
        while waiting := self.till.outbox.waiting(99):
            answers = self.server.push(list(self.till.outbox.load([one.op_id for one in waiting])))
            self.till.outbox.settle(answers, server_epoch=self.server.epoch)
        self.till.inbox.apply(self.server.pull(0, 99))

    def _member(self, who: int) -> str:
        return self.members[who % len(self.members)]

    @rule(who=st.integers(0, 1))
    def sell(self, who: int) -> None:
        bits = self.bits[self._member(who)]
        points = bits.next_one()
        bits.own[self.till.gain(self._member(who), points)] = points

    @rule(who=st.integers(0, 1))
    def another_till_sells(self, who: int) -> None:
        bits = self.bits[self._member(who)]
        op_id, points = uuid7(10**12 + bits.used, bits.used), bits.next_one()
        bits.others[op_id] = points
        self.server.another_till(op_id, self._member(who), points)

    @rule(most=st.integers(1, 5), fate=st.sampled_from(["lost", "late", "answered", "twice"]))
    def push(self, most: int, fate: str) -> None:
        waiting = self.till.outbox.waiting(most)
        answers = self.server.push(list(self.till.outbox.load([one.op_id for one in waiting])))
        if fate == "late":
            self.late.append(answers)
        elif fate != "lost":
            self.till.outbox.settle(answers, server_epoch=self.server.epoch)
        if fate == "twice":
            self.till.outbox.settle(answers, server_epoch=self.server.epoch)

    @precondition(lambda self: self.late)
    @rule(chosen=st.integers(0, 9))
    def late_answer(self, chosen: int) -> None:
        answers = self.late.pop(chosen % len(self.late))
        self.till.outbox.settle(answers, server_epoch=self.server.epoch)

    @rule(most=st.integers(1, 4))
    def pull(self, most: int) -> None:
        cursor = self.till.inbox.cursors().get(STREAM, 0)
        answer = self.server.pull(cursor, most)
        assert self.till.inbox.apply(answer) == Applied(cursor + len(answer.events))

    @rule(from_the_end=st.integers(0, 6), most=st.integers(1, 6))
    def stale_pull(self, from_the_end: int, most: int) -> None:
        """An old answer comes again, or one of which the beginning is missing."""
        cursor = self.till.inbox.cursors().get(STREAM, 0)
        answer = self.server.pull(max(0, len(self.server.stream) - from_the_end), most)
        applied = self.till.inbox.apply(answer)
        if answer.events and answer.events[0].at > cursor + 1:
            assert applied == Hole(cursor, answer.events[0].at)
        else:
            assert isinstance(applied, Applied)

    @rule(who=st.integers(0, 1), back=st.integers(0, 2))
    def looked_up(self, who: int, back: int) -> None:
        """A look-up may tell of a member what is older than what is known, or newer."""
        told = [each for each in self.server.stream if each.member == self._member(who)]
        members = told[max(0, len(told) - 1 - back) :][:1]
        answer = LookUpAnswer(members=tuple(members), server_ms=0, server_epoch=self.server.epoch)
        self.till.inbox.learn(answer, server_epoch=self.server.epoch)

    @rule(above=st.integers(0, 30))
    def push_again(self, above: int) -> None:
        self.till.outbox.push_again(self.epoch, above)

    @rule()
    def enrol_again(self) -> None:
        """As after a restore: what is pending goes again, in another chain."""
        self.till.run(lambda work: work.enrolment.restored())
        self.till.enrol(self.server)
        self.till.begin_anew(self.server)
        self.epoch = self.till.shop.shop.identity.epoch

    @rule(number=st.integers(1, 4))
    def another_number(self, number: int) -> None:
        """Head office gives it another id: what the older one had sent is marked by that."""
        self.server.gives_id(f"till-{number:02}")
        self.enrol_again()

    @rule(who=st.integers(0, 1))
    def a_clone_is_faster(self, who: int) -> None:
        """A copy of the file used the next place of the chain; both find out, this one enrols."""
        self.sell(who)
        for part in self.late:  # what was under way arrives, or the place is not the next one
            self.till.outbox.settle(part, server_epoch=self.server.epoch)
        self.late.clear()
        chain = self.server.chains.get(self.epoch, [])
        mine = [one for one in self.till.outbox.waiting(99) if one.epoch == self.epoch]
        if not mine or mine[0].dseq != len(chain) + 1:
            return
        bits = self.bits[self._member(who)]
        op_id, points = uuid7(10**12 + bits.used, bits.used), bits.next_one()
        bits.others[op_id] = points
        self.server.clone_pushed(op_id, self._member(who), points, self.epoch)
        answers = self.server.push(list(self.till.outbox.load([one.op_id for one in mine])))
        assert answers[0].outcome == "fork"
        self.till.outbox.settle(answers, server_epoch=self.server.epoch)
        assert all(one.epoch != self.epoch for one in self.till.outbox.waiting(99))
        self.enrol_again()

    @invariant()
    def every_fact_counts_once(self) -> None:
        for member in self.members:
            shown = self.till.shown_points(member)
            bits = self.bits[member]
            # The facts the shop was made with are own facts like all others.
            rest = shown - self.before[member] - sum(bits.own.values())
            assert rest >= 0, "an own fact is missing"
            others = {1 << place for place in range(rest.bit_length()) if rest >> place & 1}
            assert others <= set(bits.others.values())
            assert others >= bits.heard, "what was known is known no more"
            bits.heard = others

    @invariant()
    def what_is_shown_can_be_made_anew(self) -> None:
        for member in self.members:
            anew = self.till.run(lambda work, key=member: work.confirmed.shown(key))
            stored = self.till.run(lambda work, key=member: work.accounts.get(key))
            if anew is not None:
                anew.marks, stored.marks = {}, {}
                assert stored == anew


Interleaved.TestCase.settings = settings(
    max_examples=25,
    stateful_step_count=25,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
TestEachOnce = Interleaved.TestCase

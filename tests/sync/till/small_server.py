"""A server in one screen: what DESIGN.md asks of one towards a single till, over the real fold.

Owns: dedupe by op_id, chains with forks, marks, versions, a store stream without a hole. Does not
own: the real server (sync/server), which the journeys between processes use.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from functools import partial

from app.domain.account import FoldItem, Mark, MemberAccount, account_bytes, fold
from app.domain.chain import GENESIS, chain_hash
from app.domain.effects import Gained
from app.domain.facts import FactHead, read_head
from sync.protocol import (
    ChainPart,
    Enrol,
    Enrolled,
    MemberConfirmed,
    Op,
    OpAnswer,
    Outcome,
    Positioned,
    PullAnswer,
)

DAY = date(2026, 11, 21)
STORE = "renmin-road"


@dataclass
class SmallServer:
    """One tenant, one till. `stream`: what its store is told."""

    device: str = "till-02"
    store: str = STORE
    epoch: int = 1
    """Of the server itself."""
    chains: dict[int, list[bytes]] = field(default_factory=dict)
    answers: dict[str, OpAnswer] = field(default_factory=dict)
    accounts: dict[str, MemberAccount] = field(default_factory=dict)
    versions: dict[str, int] = field(default_factory=dict)
    stream: list[MemberConfirmed] = field(default_factory=list)
    days: dict[str, date] = field(default_factory=dict)
    former: dict[str, dict[int, list[bytes]]] = field(default_factory=dict)

    def gives_id(self, device: str) -> None:
        """The till gets another id at its next enrolment; chains are counted by id."""
        self.former[self.device] = self.chains
        self.device, self.chains = device, self.former.get(device, {})

    def push(self, ops: list[Op]) -> list[OpAnswer]:
        return [self._take(op) for op in ops]

    def _take(self, op: Op) -> OpAnswer:
        answer = partial(OpAnswer, op_id=op.op_id, epoch=op.epoch, dseq=op.dseq)
        chain = self.chains.setdefault(op.epoch, [])
        if op.dseq > len(chain) + 1:
            return answer(outcome="retry")
        if op.dseq <= len(chain):
            if chain[op.dseq - 1] != op.hash:
                return answer(outcome="fork")
        elif chain_hash(chain[-1] if chain else GENESIS, op.data) != op.hash:
            return answer(outcome="fork")
        else:
            chain.append(op.hash)
        head = read_head(op.data)
        assert isinstance(head, FactHead)
        is_new = op.op_id not in self.answers
        place = Mark(self.device, op.epoch, op.dseq)
        if head.member is not None:
            effects = head.effects if is_new else ()
            self._fold(FoldItem(op.op_id, head.member, head.day, effects, place))
        outcome: Outcome = "accepted"
        self.days[op.op_id] = head.day
        return self.answers.setdefault(op.op_id, answer(outcome=outcome, day=head.day))

    def another_till(self, op_id: str, member: str, points: int) -> None:
        """Somebody else sold him something."""
        effects = (Gained(points=points, expires_in=12),)
        self._fold(FoldItem(op_id, member, DAY, effects, Mark("till-09", 1, len(self.stream) + 1)))

    def clone_pushed(self, op_id: str, member: str, points: int, epoch: int) -> None:
        """A copy of this till's file was faster with the next place of its chain."""
        chain = self.chains.setdefault(epoch, [])
        chain.append(chain_hash(chain[-1] if chain else GENESIS, op_id.encode()))
        effects = (Gained(points=points, expires_in=12),)
        self._fold(FoldItem(op_id, member, DAY, effects, Mark(self.device, epoch, len(chain))))

    def _fold(self, item: FoldItem) -> None:
        member = item.member
        self.accounts[member] = fold((item,), base=self.accounts.get(member), days=self.days)
        self.versions[member] = self.versions.get(member, 0) + 1
        self.stream.append(self.told(member))

    def told(self, member: str) -> MemberConfirmed:
        return MemberConfirmed(
            member=member,
            version=self.versions[member],
            account=account_bytes(self.accounts[member]),
        )

    def pull(self, after: int, most: int) -> PullAnswer:
        events = tuple(
            Positioned(at=place, event=event)
            for place, event in enumerate(self.stream, start=1)
            if after < place <= after + most
        )
        return PullAnswer(
            stream=f"store:{self.store}",
            events=events,
            head=len(self.stream),
            server_ms=0,
            server_epoch=self.epoch,
        )

    def enrolled(self, asked: Enrol) -> Enrolled:
        """`asked.device` is told what stands in its chains, as long as it was ever heard of."""
        known = self.former.get(asked.device, self.chains if asked.device == self.device else {})
        chains = tuple(
            ChainPart(epoch=epoch, first=first, hashes=tuple(known[epoch][first - 1 :]))
            for epoch, first in asked.pending.items()
            if len(known.get(epoch, ())) >= first
        )
        return Enrolled(
            chains=chains,
            tenant="renmin",
            device=self.device,
            epoch=max(asked.epoch, max(self.chains, default=0)),
            store=self.store,
            store_number=7,
            till_number=2,
            claim_secret=bytes(range(32)),
            server_ms=0,
            server_epoch=self.epoch,
        )

"""Proof of agreement, the till's half: its own sums, and what the server's say about them.

Owns: counting this till's answered facts by day, the Digest, comparing its answer day by day. Does
not own: what a fact adds (app/domain/agreement.py), asking (lane.py), what is pushed again.
Nothing of the other side is ever adopted. The first digest reads an epoch once, in short units of
work; the next ones go on where it ended.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import partial

from app.domain.agreement import DayCount
from app.domain.agreement_record import AnsweredFact, DayCompared
from app.domain.chain import GENESIS
from app.domain.facts import NotAFact, UnknownFact, read_fact
from sync.ports import Clock
from sync.protocol import DaySums, Digest, DigestAnswer
from sync.till.ports import TillLane, TillWork

FACTS_A_UNIT = 500


class TillAgreement:
    """The sums of one epoch of this till."""

    def __init__(self, lane: TillLane, clock: Clock, epoch: int) -> None:
        self._lane, self._clock, self._epoch = lane, clock, epoch
        self._dseq, self._head = 0, GENESIS
        self._days: dict[date, DayCount] = {}

    def digest(self) -> Digest:
        """How this till counts, as far as everything was answered."""
        while facts := self._lane.run(partial(_next_answered, epoch=self._epoch, after=self._dseq)):
            for fact in facts:
                self._count(fact)
        sums = tuple(_sums(day, count) for day, count in sorted(self._days.items()))
        return Digest(epoch=self._epoch, dseq=self._dseq, head=self._head, sums=sums)

    def compare(self, asked: Digest, answer: DigestAnswer) -> Mapping[date, bool]:
        """Which days both sides count alike; kept for the Z report.

        Where only the chains differ no day is right: the same sums of other facts prove nothing.
        """
        at_ms = self._clock.wall_ms()
        theirs = {each.day: each for each in answer.sums}
        mine = {each.day: each for each in asked.sums}
        is_chain_whole = answer.equal or any(
            theirs.get(day) != mine.get(day) for day in {*mine, *theirs}
        )
        alike = {day: is_chain_whole and theirs.get(day) == each for day, each in mine.items()}

        def keep(work: TillWork) -> None:
            for day, is_equal in alike.items():
                work.agreements.put(DayCompared(asked.epoch, day, asked.dseq, is_equal, at_ms))

        if alike:
            self._lane.run(keep)
        return alike

    def _count(self, fact: AnsweredFact) -> None:
        day = self._days.setdefault(fact.day, DayCount())
        read = read_fact(fact.data)
        if fact.is_refused or isinstance(read, NotAFact):
            day.count(None)
        else:
            day.count(read.head if isinstance(read, UnknownFact) else read)
        self._dseq, self._head = fact.dseq, fact.chain_hash


def _next_answered(work: TillWork, *, epoch: int, after: int) -> list[AnsweredFact]:
    return list(work.agreements.answered(epoch, after, FACTS_A_UNIT))


def _sums(day: date, count: DayCount) -> DaySums:
    return DaySums(
        day=day,
        ops=count.ops,
        sales=count.sales,
        tenders=dict(count.tenders),
        points=dict(count.points),
    )

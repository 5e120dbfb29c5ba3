"""Proof of agreement, the till's half: its own sums, and what the server's say about them.

Owns: counting this till's answered facts by day, the Digest, comparing its answer day by day, from
where on all goes again where a day differs. Does not own: what a fact adds
(app/domain/agreement.py), asking (ask.py), when (app/services/agreement_keeping.py).
Nothing of the other side is ever adopted. The first digest reads an epoch once, in short units of
work; the next ones go on where it ended.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Set
from datetime import date
from functools import partial

from msgspec.structs import replace

from app.domain.agreement import DayCount
from app.domain.agreement_record import AnsweredFact, DayCompared
from app.domain.chain import GENESIS
from app.domain.exception_case import agreed, case_of_day
from app.domain.facts import NotAFact, UnknownFact, read_fact
from sync.ports import Clock
from sync.protocol import DIGEST_DAYS_MAX, DaySums, Digest, DigestAnswer
from sync.till.ports import TillLane, TillWork

FACTS_A_UNIT = 500


class TillAgreement:
    """The sums of one epoch of this till."""

    def __init__(self, lane: TillLane, clock: Clock, epoch: int) -> None:
        self._lane, self._clock, self._epoch = lane, clock, epoch
        self._dseq, self._head = 0, GENESIS
        self._days: dict[date, DayCount] = {}
        self._first: dict[date, int] = {}
        self._last: dict[date, int] = {}

    def digest(self) -> Digest:
        """How this till counts its newest days, as far as everything was answered.

        Older ones were compared while they were new, and the chain's head stands for all.
        """
        while facts := self._lane.run(partial(_next_answered, epoch=self._epoch, after=self._dseq)):
            for fact in facts:
                self._count(fact)
        newest = sorted(self._days.items())[-DIGEST_DAYS_MAX:]
        sums = tuple(_sums(day, count) for day, count in newest)
        return Digest(epoch=self._epoch, dseq=self._dseq, head=self._head, sums=sums)

    def changed(self, asked: Digest) -> Digest:
        """The same of those days alone that were not counted alike since their last fact.

        The server reads every fact of a day that it is asked about; of the others the head tells.
        """
        alike = self._lane.run(lambda work: work.agreements.alike_up_to(self._epoch))
        sums = [each for each in asked.sums if alike.get(each.day, 0) < self._last[each.day]]
        return replace(asked, sums=tuple(sums))

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
                _note_day(work, day, at_ms, is_equal=is_equal)

        if alike:
            self._lane.run(keep)
        return alike

    def begins(self, day: date) -> int:
        """The first place of a day that was counted."""
        return self._first[day]

    def _count(self, fact: AnsweredFact) -> None:
        self._first.setdefault(fact.day, fact.dseq)
        self._last[fact.day] = fact.dseq
        day = self._days.setdefault(fact.day, DayCount())
        read = read_fact(fact.data)
        if fact.is_refused or isinstance(read, NotAFact):
            day.count(None)
        else:
            day.count(read.head if isinstance(read, UnknownFact) else read)
        self._dseq, self._head = fact.dseq, fact.chain_hash


def _note_day(work: TillWork, day: date, at_ms: int, *, is_equal: bool) -> None:
    """A day that differs is for people until both sides count it alike."""
    fresh = case_of_day(day.isoformat(), at_ms)
    known = work.exceptions.get(fresh.case_id)
    if is_equal and known is not None and known.end is None:
        work.exceptions.put(agreed(known, at_ms))
    elif not is_equal and (known is None or (known.end is not None and not known.end.by)):
        work.exceptions.put(fresh)


class Comparison:
    """The sums of every epoch that this till pushed as the device it is now."""

    def __init__(self, lane: TillLane, clock: Clock) -> None:
        self._lane, self._clock = lane, clock
        self._epochs: dict[int, TillAgreement] = {}
        self._sent_again: set[tuple[int, date]] = set()

    def compare(self, ask: Callable[[Digest], DigestAnswer]) -> Mapping[date, bool]:
        """Ask about each epoch; which days both sides count alike. Raises what `ask` raises.

        From the first day that differs all goes again, once: a server that lost it takes it in,
        and one that has it answers as before. What then still differs is for people; the server
        opened its case when it was asked.
        """
        alike: dict[date, bool] = {}
        for epoch in self._lane.run(_own_epochs):
            counting = self._epochs.setdefault(epoch, TillAgreement(self._lane, self._clock, epoch))
            told = _told(counting, ask)
            alike |= {day: same and alike.get(day, True) for day, same in told.items()}
            self._send_again(epoch, counting, {day for day, same in told.items() if not same})
        return alike

    def _send_again(self, epoch: int, counting: TillAgreement, wrong: Set[date]) -> None:
        fresh = {day for day in wrong if (epoch, day) not in self._sent_again}
        if not fresh:
            return
        above = min(counting.begins(day) for day in fresh) - 1
        self._lane.run(lambda work: work.outbox.push_again(epoch, above))
        self._sent_again |= {(epoch, day) for day in fresh}


def _told(counting: TillAgreement, ask: Callable[[Digest], DigestAnswer]) -> Mapping[date, bool]:
    """Which days of one epoch are alike: asked are those that changed, all where one differs."""
    whole = counting.digest()
    if not whole.sums:
        return {}
    asked = counting.changed(whole)
    answer = ask(asked)
    if not answer.equal and len(asked.sums) < len(whole.sums):
        asked = whole
        answer = ask(whole)
    unchanged = {each.day: True for each in whole.sums}
    return unchanged | dict(counting.compare(asked, answer))


def _own_epochs(work: TillWork) -> list[int]:
    """What an older id of this till pushed is counted under that id."""
    here, former = work.device.read(), work.outbox.former_devices()
    return [] if here is None else [each for each in range(1, here.epoch + 1) if each not in former]


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

"""Intake: a snapshot's members, by the hundred thousand, into the till's store.

Owns: how many go into one unit of work, that what finds them is written sorted (a row among those
of a million members costs a page of the file where rows come in any order), and making the next
part ready while one is written. Does not own: the rows (app/store/arrival.py), the snapshot's other
events (inbox.py).

A run of members is written first, then what finds them. A till that is stopped in between finishes
them when it adopts its next snapshot; whoever is touched before is finished at once.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from heapq import nlargest
from itertools import islice
from types import TracebackType
from typing import Any, TypeVar

from app.domain.confirmed import Arrived, ConfirmedMember, Finding, FoundBy
from sync.till.ports import TillLane, TillWork

_T = TypeVar("_T")

RUN = 50_000
ARRIVALS_A_UNIT = 1_000
FINDINGS_A_UNIT = 10_000
"""At most, and as long as no sale waits: a page of the file that many rows of one unit of work
touch is written once. Cards lie in two orders, of which only one can be theirs: a tenth of the
pages of the other is touched by every thousand of them."""
KNOWN_A_UNIT = 100
MARKS_A_UNIT = 2_000
SEEN_LAST = 400
"""Of a run, so many of those seen last are looked through by a search for a name."""
_BUCKET = 3
"""So many letters: a bucket is sorted in a moment, for the window needs the interpreter too."""
_AFTER_KEY: Mapping[FoundBy, int] = {"card": 2, "reading": 1, "coupon": 2}
"""So many values stand behind the key."""


@dataclass(slots=True)
class _Run:
    """Members that are written, and what finds them, which is not.

    Kept as words that sort as their keys do, number and id behind: a tuple of them costs twice the
    room, and the interpreter looks through all of them again and again.
    """

    first: int = 0
    last: int = -1
    visits: list[tuple[int, int]] = field(default_factory=list)
    buckets: dict[FoundBy, dict[str, list[str]]] = field(
        default_factory=lambda: {each: defaultdict(list) for each in _AFTER_KEY}
    )

    def add(self, arrived: Arrived) -> None:
        self.first, self.last = self.first or arrived.first, arrived.last
        cards, readings = self.buckets["card"], self.buckets["reading"]
        coupons = self.buckets["coupon"]
        for number, each in enumerate(arrived.new, arrived.first):
            for reading in each.readings:
                readings[reading[:_BUCKET]].append(f"{reading}\0{number}")
            for card in each.cards:
                cards[card[:_BUCKET]].append(f"{card}\0{number}\0{each.member_id}")
            for coupon in each.coupons:
                coupons[coupon[:_BUCKET]].append(f"{coupon}\0{number}\0{each.member_id}")
        visits = [
            (each.last_visit, number) for number, each in enumerate(arrived.new, arrived.first)
        ]
        self.visits = nlargest(SEEN_LAST, [*self.visits, *visits])

    def findings(self) -> Iterator[tuple[FoundBy, list[Finding]]]:
        """In the order of their keys, part by part."""
        for found_by, buckets in self.buckets.items():
            after = _AFTER_KEY[found_by]
            for part in _parts(_sorted(buckets), FINDINGS_A_UNIT):
                # From behind: what a key holds is not ours to say.
                yield found_by, [each.rsplit("\0", after) for each in part]


class Intake:
    """Takes members in, part by part, within its `with`; the whole of them is told at its end."""

    def __init__(self, lane: TillLane, server_epoch: int) -> None:
        """What a till that was stopped left half written is finished first."""
        self._lane, self._epoch = lane, server_epoch
        self._run = _Run()
        self._hand = ThreadPoolExecutor(1, "intake")
        self._written: Future[list[Arrived]] | None = None
        while lane.run(lambda work: work.arrivals.finish_some(KNOWN_A_UNIT)):
            pass
        self._prepared = lane.run(lambda work: work.arrivals.prepared)

    def __enter__(self) -> Intake:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None
    ) -> None:
        try:
            if kind is None:
                self._end_run()
        finally:
            self._hand.shutdown()

    def take(self, told: Sequence[ConfirmedMember]) -> None:
        """At most ARRIVALS_A_UNIT. They are written while the next ones are read."""
        if not told:
            return
        prepared = self._prepared(told)
        self._wait()
        if self._run.last - self._run.first >= RUN:
            self._end_run()
        self._written = self._hand.submit(self._put, prepared)

    def _put(self, prepared: Sequence[Any]) -> list[Arrived]:
        """Some, the sale that waited meanwhile, the rest."""
        arrived: list[Arrived] = []
        while prepared:
            arrived.append(self._lane.run(partial(_put, prepared, self._epoch)))
            prepared = prepared[arrived[-1].taken :]
        return arrived

    def _wait(self) -> None:
        """For those written last; whom somebody knew is told with care."""
        if self._written is None:
            return
        written, self._written = self._written.result(), None
        for arrived in written:
            for part in _parts(arrived.known, KNOWN_A_UNIT):
                self._lane.run(partial(_tell, part, self._epoch))
            if arrived.new:
                self._run.add(arrived)

    def _end_run(self) -> None:
        self._wait()
        written: Future[None] | None = None
        for found_by, part in self._run.findings():
            if written is not None:
                written.result()
            written = self._hand.submit(self._find, found_by, part)
        if written is not None:
            written.result()
        self._found()
        self._run = _Run()

    def _found(self) -> None:
        """All is written. Fifty thousand marks at once would be a tenth of a second."""
        run = self._run
        for first in range(run.first, run.last + 1, MARKS_A_UNIT):
            last = min(first + MARKS_A_UNIT - 1, run.last)
            seen = [number for _, number in run.visits if first <= number <= last]
            self._lane.run(partial(_found, first, last, seen))

    def _find(self, found_by: FoundBy, rows: Sequence[Finding]) -> None:
        while rows:
            rows = rows[self._lane.run(partial(_find, found_by, rows)) :]


def _put(prepared: Sequence[Any], epoch: int, work: TillWork) -> Arrived:
    return work.arrivals.put(prepared, epoch)


def _tell(told: Sequence[ConfirmedMember], epoch: int, work: TillWork) -> None:
    work.confirmed.tell(told, epoch)


def _find(found_by: FoundBy, rows: Sequence[Finding], work: TillWork) -> int:
    return work.arrivals.find(found_by, rows)


def _found(first: int, last: int, seen: Sequence[int], work: TillWork) -> None:
    work.arrivals.found(first, last, seen)


def _sorted(buckets: dict[str, list[str]]) -> Iterator[str]:
    for letters in sorted(buckets):
        yield from sorted(buckets.pop(letters))


def _parts(rows: Iterable[_T], size: int) -> Iterator[list[_T]]:
    left = iter(rows)
    while part := list(islice(left, size)):
        yield part

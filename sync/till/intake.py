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
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from heapq import nlargest
from itertools import islice
from types import TracebackType
from typing import TypeVar

from app.domain.confirmed import Arrived, ConfirmedMember, Finding, FoundBy
from sync.till.ports import TillLane, TillWork

_T = TypeVar("_T")

RUN = 50_000
ARRIVALS_A_UNIT = 250
"""New members cost a quarter of known ones: a sale waits no longer than for a hundred of those."""
KNOWN_A_UNIT = 100
FINDINGS_A_UNIT = 1_000
SEEN_LAST = 400
"""Of a run, so many of those seen last are looked through by a search for a name."""
_BUCKET = 3
"""So many letters: a bucket is sorted in a moment, for the window needs the interpreter too."""


@dataclass(slots=True)
class _Run:
    """Members that are written, and what finds them, which is not."""

    first: int = 0
    last: int = 0
    visits: list[tuple[int, int]] = field(default_factory=list)
    buckets: dict[FoundBy, dict[str, list[Finding]]] = field(default_factory=dict)

    def add(self, arrived: Arrived) -> None:
        self.first, self.last = self.first or arrived.first, arrived.last
        for found_by, rows in arrived.findings.items():
            buckets = self.buckets.setdefault(found_by, defaultdict(list))
            for row in rows:
                buckets[row[0][:_BUCKET]].append(row)
        self.visits = nlargest(SEEN_LAST, [*self.visits, *arrived.visits])

    def findings(self) -> Iterator[tuple[FoundBy, list[Finding]]]:
        """In the order of their keys, part by part."""
        for found_by, buckets in self.buckets.items():
            for part in _parts(_sorted(buckets), FINDINGS_A_UNIT):
                yield found_by, part


class Intake:
    """Takes members in, part by part, within its `with`; the whole of them is told at its end."""

    def __init__(self, lane: TillLane, server_epoch: int) -> None:
        """What a till that was stopped left half written is finished first."""
        self._lane, self._epoch = lane, server_epoch
        self._run = _Run()
        self._hand = ThreadPoolExecutor(1, "intake")
        self._written: Future[Arrived] | None = None
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

        def put(work: TillWork) -> Arrived:
            return work.arrivals.put(prepared, self._epoch)

        self._written = self._hand.submit(self._lane.run, put)

    def _wait(self) -> None:
        """For those written last; whom somebody knew is told with care."""
        if self._written is None:
            return
        arrived, self._written = self._written.result(), None
        for part in _parts(arrived.known, KNOWN_A_UNIT):
            self._lane.run(partial(_tell, part, self._epoch))
        if arrived.last >= arrived.first:
            self._run.add(arrived)

    def _end_run(self) -> None:
        self._wait()
        for found_by, part in self._run.findings():
            self._lane.run(partial(_find, found_by, part))
        if self._run.last:
            self._lane.run(partial(_found, self._run))
        self._run = _Run()


def _tell(told: Sequence[ConfirmedMember], epoch: int, work: TillWork) -> None:
    work.confirmed.tell(told, epoch)


def _find(found_by: FoundBy, part: Sequence[Finding], work: TillWork) -> None:
    work.arrivals.find(found_by, part)


def _found(run: _Run, work: TillWork) -> None:
    work.arrivals.found(run.first, run.last, [number for _, number in run.visits])


def _sorted(buckets: dict[str, list[Finding]]) -> Iterator[Finding]:
    for letters in sorted(buckets):
        yield from sorted(buckets.pop(letters))


def _parts(rows: Iterable[_T], size: int) -> Iterator[list[_T]]:
    left = iter(rows)
    while part := list(islice(left, size)):
        yield part

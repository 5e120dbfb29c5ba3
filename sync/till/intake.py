"""Intake: a snapshot's members, by the hundred thousand, into the till's store.

Owns: how many go into one unit of work, and that what finds them is written sorted: a row among
those of a million members costs a page of the file where rows come in any order. Does not own: the
rows (app/store/arrival.py), the snapshot's other events (inbox.py).

A run of members is written first, then what finds them. A till that is stopped in between finishes
them when it adopts its next snapshot; whoever is touched before is finished at once.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from heapq import nlargest
from itertools import islice
from typing import TypeVar

from app.domain.confirmed import ConfirmedMember, Finding, FoundBy
from sync.till.ports import TillLane

_T = TypeVar("_T")

RUN = 50_000
ARRIVALS_A_UNIT = 400
"""New members cost a quarter of known ones: a sale waits no longer than for a hundred of those."""
KNOWN_A_UNIT = 100
FINDINGS_A_UNIT = 2_000
SEEN_LAST = 400
"""Of a run, so many of those seen last are looked through by a search for a name."""
_BUCKET = 3
"""So many letters: a bucket is sorted in a moment, for the window needs the interpreter too."""


class Intake:
    """Takes members in, part by part; `end` finishes the last run."""

    def __init__(self, lane: TillLane, server_epoch: int) -> None:
        """What a till that was stopped left half written is finished first."""
        self._lane, self._epoch = lane, server_epoch
        self._forget()
        while lane.run(lambda work: work.arrivals.finish_some(KNOWN_A_UNIT)):
            pass

    def take(self, told: Sequence[ConfirmedMember]) -> None:
        """At most ARRIVALS_A_UNIT; the whole of them is told when this returns."""
        if not told:
            return
        arrived = self._lane.run(lambda work: work.arrivals.put(told, self._epoch))
        for part in _parts(arrived.known, KNOWN_A_UNIT):
            self._tell(part)
        if arrived.last < arrived.first:
            return
        self._first, self._last = min(self._first or arrived.first, arrived.first), arrived.last
        for found_by, rows in arrived.findings.items():
            for row in rows:
                self._buckets[found_by][row[0][:_BUCKET]].append(row)
        self._visits = nlargest(SEEN_LAST, [*self._visits, *arrived.visits])
        if self._last - self._first >= RUN:
            self.end()

    def end(self) -> None:
        """Write what finds those who were taken in."""
        for found_by, buckets in self._buckets.items():
            for part in _parts(_sorted(buckets), FINDINGS_A_UNIT):
                self._find(found_by, part)
        first, last, seen = self._first, self._last, [number for _, number in self._visits]
        if last:
            self._lane.run(lambda work: work.arrivals.found(first, last, seen))
        self._forget()

    def _tell(self, part: Sequence[ConfirmedMember]) -> None:
        self._lane.run(lambda work: work.confirmed.tell(part, self._epoch))

    def _find(self, found_by: FoundBy, part: Sequence[Finding]) -> None:
        self._lane.run(lambda work: work.arrivals.find(found_by, part))

    def _forget(self) -> None:
        self._first = self._last = 0
        self._visits: list[tuple[int, int]] = []
        self._buckets: dict[FoundBy, dict[str, list[Finding]]] = defaultdict(
            lambda: defaultdict(list)
        )


def _sorted(buckets: dict[str, list[Finding]]) -> Iterator[Finding]:
    for letters in sorted(buckets):
        yield from sorted(buckets.pop(letters))


def _parts(rows: Iterable[_T], size: int) -> Iterator[list[_T]]:
    left = iter(rows)
    while part := list(islice(left, size)):
        yield part

"""Forgetting what sync kept for a while: once a night, a few rows at a time.

Owns: from when on nothing asks for a row any more. Does not own: deleting (a repository), when the
night is (the caretaker), what the night does for members (nightly.py).

What is never forgotten: this till's own facts, their places and answers. What is, and why:

- *A signed pass that was accepted here* works once. It is good for seconds (18 hours at most, by
  its form), and a till whose knowledge of the server's time is older than 72 hours takes it for a
  card, which can be shown again anyway: after 35 days nobody asks whether it was used.
- *A reservation that ended* (refused, voided, used by a sale) says how the open basket or a held
  one may be paid; without it the question is asked anew. Those nobody answered stay until then.
- *What was spent without asking* counts against the limit since the server was last heard, by the
  clock of this start of the machine, and against a grant while that stands: of neither, nothing
  counts it.
- *A grant that ended* is not taken back when it is told again; 35 days after its own end it could
  not be spent if it were.
- *A day that both sides counted* gives its Z report the tick as long as a till keeps its days.
- *A sale of another till of this store* can be given back here within the return window; kept 35
  days longer, since a shop may lengthen it. It stays while a refund of this till names it. The
  refund of another till stays as long as this one holds its sale: else its pieces seemed free.
- *A photo that another till took* is fetched anew where somebody opens its record again.

Ages are judged by the server's clock, not by this machine's, which may be set to any year: while it
was not heard since this start nothing is forgotten, and little of all this grows.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from app.domain.moment import Moment
from app.domain.program import Program
from app.services.desk import today
from app.services.ports import Lane, UnitOfWork
from app.services.program import read_programs
from app.services.shop import Shop

ROWS_A_UNIT = 200
"""A scan in between waits no longer than for a hundred accounts."""
DAY_MS = 86_400_000
MARGIN_DAYS = 35
KEPT_DAYS = 400
"""As long as a till keeps the days of its shop."""

Forget = Callable[[UnitOfWork], int]


@dataclass(frozen=True, slots=True)
class Forgotten:
    """How many rows went."""

    rows: int


def forget_old(*, shop: Shop, lane: Lane) -> Forgotten:
    """Everything that may go by now. Off the lane thread. Changes: what sync kept, nothing else."""
    heard_ms = shop.server.contact().heard_monotonic_ms
    if heard_ms is None:
        return Forgotten(0)
    programs, rows = lane.run(lambda work: read_programs(work=work)), 0
    for forget in _rules(shop, programs, heard_ms):
        while gone := lane.run(forget):
            rows += gone
    return Forgotten(rows)


def _rules(shop: Shop, programs: Sequence[Program], heard_ms: int) -> list[Forget]:
    now = shop.now()
    server_ms = shop.server.contact().server_ms(now)
    day = today(programs[-1], Moment(server_ms, now.monotonic_ms, now.boot_id))
    return_days = max(each.prices.return_days for each in programs)
    before_ms = server_ms - MARGIN_DAYS * DAY_MS
    sold_before = day - timedelta(days=return_days + MARGIN_DAYS)
    compared_before = day - timedelta(days=KEPT_DAYS)
    return [
        lambda work: work.forgetting.passes(before_ms, ROWS_A_UNIT),
        lambda work: work.forgetting.reservations(before_ms, ROWS_A_UNIT),
        lambda work: work.forgetting.spends(now.boot_id, heard_ms, ROWS_A_UNIT),
        lambda work: work.forgetting.grants(before_ms, ROWS_A_UNIT),
        lambda work: work.forgetting.agreements(compared_before, ROWS_A_UNIT),
        lambda work: work.forgetting.known_facts(sold_before, ROWS_A_UNIT),
        lambda work: work.photos.forget_fetched(before_ms, ROWS_A_UNIT),
    ]

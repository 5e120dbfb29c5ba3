"""Papers of a day: the sales and refunds of the whole chain that name it, and in which hours.

Owns: finding them, whatever a till's clock said before and after. Does not own: what a paper says
(app/domain/paper_glance.py), the day's sums (figures.py), messages (told by behind_told.py).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import Connection, select

from app.domain.paper_glance import PAPER_KINDS, PaperGlance, glance_at, midnight_of
from sync.server import tables as t
from sync.server.rows import find
from sync.server.tables import shard_of

OPS_A_READ = 1_000
HOUR_PAPERS_MAX = 100_000


@dataclass(frozen=True, slots=True)
class HourSum:
    """The sales of one hour."""

    sales: int = 0
    paid_minor: int = 0
    member_sales: int = 0
    member_paid_minor: int = 0

    def plus(self, sale: PaperGlance) -> HourSum:
        """With one sale more."""
        is_member = sale.member_id is not None
        return HourSum(
            self.sales + 1,
            self.paid_minor + sale.paid_minor,
            self.member_sales + is_member,
            self.member_paid_minor + sale.paid_minor * is_member,
        )


def papers_page(
    connection: Connection, tenant: str, day: date, *, after: str, rows: int
) -> list[PaperGlance]:
    """Sales and refunds of a day, the newest first, from behind the one of this id."""
    op_ids = [each for each in ops_of_day(connection, tenant, day) if not after or each < after]
    found: list[PaperGlance] = []
    for some in _parts(op_ids, min(OPS_A_READ, 2 * rows)):
        found += _papers(connection, tenant, some)
        if len(found) >= rows:
            break
    return found[:rows]


def hours_of_day(connection: Connection, tenant: str, day: date, zone: str) -> dict[int, HourSum]:
    """The sales of a day by the hour; none of a day with more than are read at once."""
    op_ids = ops_of_day(connection, tenant, day)
    if len(op_ids) > HOUR_PAPERS_MAX:
        return {}
    midnight = midnight_of(day, zone)
    hours: dict[int, HourSum] = {}
    for some in _parts(op_ids, OPS_A_READ):
        for paper in _papers(connection, tenant, some):
            if not paper.is_refund:
                hour = paper.hour(midnight, zone)
                hours[hour] = hours.get(hour, HourSum()).plus(paper)
    return hours


def ops_of_day(connection: Connection, tenant: str, day: date) -> list[str]:
    """Everything that names this day, the newest first. What was pushed again stands in it once."""
    at = t.place.c
    asked = select(at.op_id).where(at.tenant_id == tenant, at.day == day.isoformat())
    return sorted(set(connection.execute(asked).scalars()), reverse=True)


def _parts(op_ids: Sequence[str], size: int) -> Iterator[Sequence[str]]:
    return (op_ids[start : start + size] for start in range(0, len(op_ids), size))


def _papers(connection: Connection, tenant: str, op_ids: Sequence[str]) -> list[PaperGlance]:
    """Those of them that are sales or refunds, in their order; as figures count them."""
    keys = [{"shard_key": shard_of(each), "op_id": each} for each in op_ids]
    columns = (t.op.c.op_id, t.op.c.kind, t.op.c.state, t.op.c.data)
    rows: dict[str, dict[str, Any]] = {
        row["op_id"]: row for row in find(connection, tenant, t.op, keys, columns=columns)
    }
    counted = (
        rows[each]
        for each in op_ids
        if rows[each]["kind"] in PAPER_KINDS
        and rows[each]["state"] != "unread"
        and rows[each]["data"] is not None
    )
    glances = ((row["op_id"], glance_at(row["data"])) for row in counted)
    # By the name it is kept under: of two facts with one id the second one has another.
    return [replace(paper, op_id=name) for name, paper in glances if paper is not None]

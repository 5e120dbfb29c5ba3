"""Held sales, open and ended.

Owns: the held_sale table. Does not own: the basket's stored form (open_basket.py), the steps.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import msgspec
from sqlalchemy import bindparam, func, insert, select, update

from app.domain.hold import HeldSale, HoldEnd, SeenPrices
from app.domain.open_basket import decode_basket, encode_basket
from app.store.changes import Changes
from app.store.errors import Damaged, StoreBug
from app.store.repository import Repository
from app.store.tables import held_sale as table

_ADD = insert(table)
_GET = select(table).where(table.c.hold_id == bindparam("key"))
_OPEN = (
    select(table)
    .where(table.c.outcome.is_(None))
    .order_by(table.c.held_ms.desc(), table.c.hold_id.desc())
)
_COUNT = select(func.count()).select_from(table).where(table.c.outcome.is_(None))
_NOTE = update(table).where(table.c.hold_id == bindparam("key")).values(note=bindparam("new_note"))
_END = (
    update(table)
    .where(table.c.hold_id == bindparam("key"), table.c.outcome.is_(None))
    .values(
        outcome=bindparam("new_outcome"), ended_by=bindparam("new_by"), ended_ms=bindparam("new_ms")
    )
)


class HoldRepository(Repository):
    """Held sales by the id of their basket. One that is held again replaces its former hold."""

    def add(self, held: HeldSale) -> None:
        self._execute(table.delete().where(table.c.hold_id == held.hold_id))
        self._execute(_ADD, _row(held))
        self._changed(Changes(holds=True))

    def get(self, hold_id: str) -> HeldSale | None:
        row = self._execute(_GET, {"key": hold_id}).mappings().first()
        return None if row is None else _held(row)

    def put_note(self, hold_id: str, note: str) -> None:
        self._execute(_NOTE, {"key": hold_id, "new_note": note})
        self._changed(Changes(holds=True))

    def end(self, hold_id: str, end: HoldEnd) -> None:
        row = {
            "key": hold_id, "new_outcome": end.outcome, "new_by": end.by, "new_ms": end.at_ms
        }  # fmt: skip
        if self._execute(_END, row).rowcount != 1:
            raise StoreBug("a hold that is not open cannot end")
        self._changed(Changes(holds=True))

    def open_holds(self) -> Sequence[HeldSale]:
        """Newest first."""
        return [_held(row) for row in self._execute(_OPEN).mappings()]

    def count_open(self) -> int:
        found: int = self._execute(_COUNT).scalar_one()
        return found


def _row(held: HeldSale) -> dict[str, object]:
    return {
        "hold_id": held.hold_id,
        "held_ms": held.held_ms,
        "business_day": held.business_day.isoformat(),
        "staff_id": held.staff_id,
        "pieces": held.pieces,
        "note": held.note,
        "seen": msgspec.json.encode(held.seen),
        "data": encode_basket(held.basket),
        "outcome": held.end.outcome if held.end else None,
        "ended_by": held.end.by if held.end else None,
        "ended_ms": held.end.at_ms if held.end else None,
    }


def _held(row: Mapping[Any, Any]) -> HeldSale:
    try:
        seen = msgspec.json.decode(row["seen"], type=SeenPrices)
        basket = decode_basket(row["data"])
    except msgspec.DecodeError as error:
        raise Damaged(f"held sale: {error}") from error
    end = None
    if row["outcome"] is not None:
        end = HoldEnd(row["outcome"], row["ended_by"], row["ended_ms"])
    return HeldSale(
        hold_id=row["hold_id"],
        held_ms=row["held_ms"],
        business_day=date.fromisoformat(row["business_day"]),
        staff_id=row["staff_id"],
        pieces=row["pieces"],
        seen=seen,
        basket=basket,
        note=row["note"],
        end=end,
    )

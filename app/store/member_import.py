"""An import of members on its way: what is left of its rows, and what is wrong in it.

Owns: the member_import, member_import_part and member_import_fault tables. Does not own: what a row
means, taking it in (app/services).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import msgspec
from sqlalchemy import Integer, LargeBinary, Text, bindparam, delete, func, insert, select, text

from app.domain.member_import import KeptImport, RowFault
from app.store.changes import Changes
from app.store.repository import Prepared, Repository, put_row
from app.store.tables import named_table

table = named_table(
    "member_import",
    only_row=Integer,
    name=Text,
    asked_ms=Integer,
    asked_by=Text,
    total=Integer,
    mapping=Text,
    state=Text,
    known=Integer,
)
part = named_table("member_import_part", place=Integer, rows=Integer, data=LargeBinary)
fault = named_table(
    "member_import_fault", row_no=Integer, column_name=Text, problem=Text, other_row=Integer
)

_PUT = Prepared(put_row(table, "only_row"))
_READ = select(table)
_LEFT = select(func.coalesce(func.sum(part.c.rows), 0))
_PUT_PART = Prepared(put_row(part, "place"))
_LAST = select(func.coalesce(func.max(part.c.place), 0))
_FIRST = select(part.c.place, part.c.data).order_by(part.c.place).limit(1)
_DROP_PART = delete(part).where(part.c.place == bindparam("key"))
_PUT_FAULT = Prepared(insert(fault).prefix_with("OR IGNORE"))
_FAULTS = select(fault).order_by(fault.c.row_no, fault.c.column_name)
_HOLDING = text("SELECT place, data FROM member_import_part WHERE instr(data, CAST(:key AS BLOB))")


class MemberImportRepository(Repository):
    """One import at a time, or none."""

    def read(self) -> KeptImport | None:
        """With how many rows are left."""
        row = self._execute(_READ).first()
        if row is None:
            return None
        left = int(self._execute(_LEFT).scalar() or 0)
        mapping = msgspec.json.decode(row.mapping, type=dict[str, str])
        return KeptImport(
            row.name, row.asked_ms, row.asked_by, row.total, mapping, row.state, row.known, left
        )

    def put(self, kept: KeptImport) -> None:
        """How it stands; its rows stay as they are."""
        row = {
            "only_row": 1, "name": kept.name, "asked_ms": kept.asked_ms,
            "asked_by": kept.asked_by, "total": kept.count,
            "mapping": msgspec.json.encode(dict(kept.mapping)).decode(), "state": kept.state,
            "known": kept.known,
        }  # fmt: skip
        self._write(_PUT, row)
        self._changed(Changes(members=True))

    def add_part(self, rows: int, data: bytes) -> None:
        """Behind those that are there."""
        place = int(self._execute(_LAST).scalar() or 0) + 1
        self._write(_PUT_PART, {"place": place, "rows": rows, "data": data})

    def first_part(self) -> tuple[int, bytes] | None:
        """The next rows, and their place."""
        row = self._execute(_FIRST).first()
        return None if row is None else (row.place, row.data)

    def drop_part(self, place: int) -> None:
        """They are in, in this transaction."""
        self._execute(_DROP_PART, {"key": place})

    def add_faults(self, faults: Iterable[RowFault]) -> None:
        rows = [
            {"row_no": each.row, "column_name": each.column, "problem": each.problem,
             "other_row": each.other_row}
            for each in faults
        ]  # fmt: skip
        if rows:
            self._write(_PUT_FAULT, rows)

    def faults(self) -> Sequence[RowFault]:
        """By row and column."""
        return [
            RowFault(row.row_no, row.column_name, row.problem, row.other_row)
            for row in self._execute(_FAULTS).all()
        ]

    def end_rows(self) -> None:
        """Nothing is left of the people in it."""
        self._execute(delete(part))
        self._transaction.forget_traces()

    def clear(self) -> None:
        """Nothing is left of it at all."""
        self.end_rows()
        for gone in (fault, table):
            self._execute(delete(gone))
        self._changed(Changes(members=True))

    def forget_person(self, phone: str, cards: Iterable[str]) -> None:
        """Nothing of somebody who was forgotten waits in a row: by his number, or by a card of his
        beside a number he had before."""
        if phone:
            self._forget("phone", phone)
        for card in cards:
            self._forget("card", card)

    def _forget(self, column: str, value: str) -> None:
        for place, data in self._execute(_HOLDING, {"key": value}).all():
            rows = msgspec.json.decode(data, type=list[dict[str, object]])
            kept = [row for row in rows if row.get(column) != value]
            if len(kept) < len(rows):
                fewer = {"fewer": len(rows) - len(kept)}
                self._execute(text("UPDATE member_import SET total = total - :fewer"), fewer)
                said = {"place": place, "rows": len(kept), "data": msgspec.json.encode(kept)}
                self._write(_PUT_PART, said)

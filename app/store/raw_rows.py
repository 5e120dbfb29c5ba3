"""A sale's rows by bare SQLCipher: what the least possible writing of the same sale costs.

Owns: reading back every row a confirmed sale left, and writing the same rows into a copy of the
file in one transaction, with no repository, rule or look-up between. For `main.py bench` only.
Does not own: how a sale is written at the till (unit_of_work.py and its repositories).
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from app.store.database import connect_writer
from app.store.opening import OpenStore
from app.store.sqlcipher import Row
from app.store.unit_of_work import UnitOfWork

# Children after what they refer to. `key`: the column that names the sale.
_INSERTED = (
    ("fact", "op_id"),
    ("outbox", "op_id"),
    ("sale", "sale_id"),
    ("sale_line", "sale_id"),
    ("sale_adjustment", "sale_id"),
    ("sale_tender", "sale_id"),
    ("not_applied", "sale_id"),
    ("shift_fact", "op_id"),
)
_OF_FACT = "SELECT m.* FROM fact_member m JOIN fact f USING (epoch, dseq) WHERE f.op_id = ?"
_LAST_AUDIT = "SELECT * FROM audit ORDER BY number DESC LIMIT 1"
_ACCOUNT = "SELECT data, member_id FROM account WHERE member_id = ?"
_VISIT = "SELECT last_visit, member_id FROM member WHERE member_id = ?"


@dataclass(frozen=True, slots=True)
class RowsOfSale:
    """Every row of one sale: statements with their rows, ready to be run."""

    statements: tuple[tuple[str, list[Row]], ...]

    @property
    def count(self) -> int:
        return sum(len(rows) for _, rows in self.statements)


def rows_of_sale(unit: UnitOfWork, sale_id: str, member_id: str) -> RowsOfSale:
    """What the last confirmed sale has left in the file. Ask right after it was confirmed."""
    found = [
        (table, unit.driver.execute(f"SELECT * FROM {table} WHERE {key} = ?", (sale_id,)))  # noqa: S608 - table and key stand in this module
        for table, key in _INSERTED
    ]
    rows = [(table, answer.fetchall()) for table, answer in found]
    rows.insert(1, ("fact_member", unit.driver.execute(_OF_FACT, (sale_id,)).fetchall()))
    rows.append(("audit", unit.driver.execute(_LAST_AUDIT).fetchall()))
    inserts = [(_insert(table, each[0]), each) for table, each in rows if each]
    basket = unit.driver.execute("SELECT data, slot FROM basket").fetchall()
    updates = [
        (
            "UPDATE account SET data = ? WHERE member_id = ?",
            unit.driver.execute(_ACCOUNT, (member_id,)).fetchall(),
        ),
        (
            "UPDATE member SET last_visit = ? WHERE member_id = ?",
            unit.driver.execute(_VISIT, (member_id,)).fetchall(),
        ),
        ("UPDATE basket SET data = ? WHERE slot = ?", basket),
    ]
    return RowsOfSale((*inserts, *updates))


def _insert(table: str, row: Row) -> str:
    return f"INSERT INTO {table} VALUES ({', '.join('?' * len(row))})"  # noqa: S608 - table stands in this module


class RawCopy:
    """A copy of an open store, written to by the bare driver. `close()` removes it."""

    def __init__(self, store: OpenStore, target: Path) -> None:
        """Copy the file as it is now."""
        target.unlink(missing_ok=True)
        store.lane.copy_to(target).result()
        self._target = target
        self._connection = connect_writer(target, store.secrets.database_key)

    def write(self, sale: RowsOfSale) -> None:
        """All rows in one durable transaction, with the same pragmas as the till's."""
        run, run_many = self._connection.execute, self._connection.executemany
        run("BEGIN IMMEDIATE")
        for statement, rows in sale.statements:
            if len(rows) == 1:
                run(statement, rows[0])
            else:
                run_many(statement, rows)
        run("COMMIT")

    def close(self) -> None:
        """Close and remove the copy."""
        self._connection.close()
        for path in self._target.parent.glob(f"{self._target.name}*"):
            path.unlink()

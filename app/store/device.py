"""Which till this is.

Owns: the device table (one row). Does not own: the device's secret (keys.py), enrolment (sync).
"""

from __future__ import annotations

from sqlalchemy import select

from app.domain.settings import Identity
from app.store.changes import Changes
from app.store.errors import StoreBug
from app.store.repository import Prepared, Repository, Transaction, put_row
from app.store.tables import device

_FIELDS = ("tenant", "store_id", "store_number", "till_number", "device", "epoch")
_READ = Prepared(select(*(device.c[name] for name in _FIELDS)))
_WRITE = Prepared(put_row(device, "only_row"))
_EPOCH = Prepared(select(device.c.epoch))


class DeviceRepository(Repository):
    """The identity of this till: written at set-up, its epoch raised at a restore."""

    def __init__(self, transaction: Transaction) -> None:
        super().__init__(transaction)
        self._epoch: int | None = None

    def read(self) -> Identity | None:
        """None before the set-up got that far."""
        row = self._first(_READ)
        return None if row is None else Identity(**dict(zip(_FIELDS, row, strict=True)))

    def write(self, identity: Identity) -> None:
        values = {name: getattr(identity, name) for name in _FIELDS}
        self._write(_WRITE, {"only_row": 1, **values})
        self._epoch = None
        self._changed(Changes(device=True))

    def epoch(self) -> int:
        """The epoch that facts and receipts are numbered in. Raises StoreBug before set-up."""
        if self._epoch is None:
            row = self._first(_EPOCH)
            self._epoch = None if row is None else row[0]
        if self._epoch is None:
            raise StoreBug("no identity yet: a till without one cannot number anything")
        return self._epoch

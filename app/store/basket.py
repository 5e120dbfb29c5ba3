"""The open basket, whole in one row: a kill leaves the one before a step or the one after it.

Owns: the basket table. Does not own: what a basket is and its stored form (app/domain).
"""

from __future__ import annotations

import msgspec
from sqlalchemy import bindparam, delete, select

from app.domain.open_basket import OpenBasket, decode_basket, encode_basket
from app.store.changes import Changes
from app.store.errors import Damaged
from app.store.repository import Prepared, Repository, put_row
from app.store.tables import basket

_OPEN_SLOT = 1

_LOAD = select(basket.c.data).where(basket.c.slot == bindparam("key"))
_SAVE = Prepared(put_row(basket, "slot"))
_CLEAR = Prepared(delete(basket).where(basket.c.slot == bindparam("key")))


class BasketRepository(Repository):
    """The open basket of this till."""

    def load(self) -> OpenBasket | None:
        """None where none was ever begun. Raises Damaged."""
        data: bytes | None = self._execute(_LOAD, {"key": _OPEN_SLOT}).scalar()
        if data is None:
            return None
        try:
            return decode_basket(data)
        except msgspec.DecodeError as error:
            raise Damaged(f"open basket: {error}") from error

    def save(self, open_basket: OpenBasket) -> None:
        self._write(_SAVE, {"slot": _OPEN_SLOT, "data": encode_basket(open_basket)})
        self._changed(Changes(basket=True))

    def clear(self) -> None:
        self._write(_CLEAR, {"key": _OPEN_SLOT})
        self._changed(Changes(basket=True))

"""Photos beside records, apart from the facts, on their way by themselves.

Owns: the photo table, sealing a picture for its way and opening what came. Does not own: making a
picture small (ui), which record it belongs to (a fact says so), sending it (sync), keys
(member_keys.py).
"""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256

from sqlalchemy import Integer, LargeBinary, Text, bindparam, exists, func, select, text, update
from sqlalchemy.dialects.sqlite import insert

from app.domain.fact_parts import Sealed
from app.domain.photo import (
    FETCHED_BYTES_MAX,
    PHOTO_BYTES_MAX,
    PhotoSought,
    PhotoState,
    SealedPhoto,
    StoredPhoto,
)
from app.store.changes import Changes
from app.store.cipher import NONCE_LENGTH
from app.store.member_keys import MemberKeys
from app.store.repository import Prepared, Repository
from app.store.tables import named_table, outbox

table = named_table(
    "photo",
    photo_id=Text,
    about=Text,
    taken_ms=Integer,
    state=Text,
    data=LargeBinary,
    holder=Text,
    told_epoch=Integer,
)

_PUT = insert(table).on_conflict_do_nothing()
_GET = select(table).where(table.c.photo_id == bindparam("key"))
# Head office takes no picture of a record that it refused. The picture waits with it: sent again,
# the record takes it along; let go, nothing is offered any more.
_IS_REFUSED = exists().where(
    outbox.c.op_id == table.c.about, text("outbox.state IN ('set_aside', 'given_up')")
)
_IS_WAITING = (table.c.state == text("'waiting'")) & ~_IS_REFUSED
_WAITING = (
    select(table.c.photo_id)
    .where(_IS_WAITING)
    .order_by(table.c.taken_ms, table.c.photo_id)
    .limit(bindparam("most"))
)
_COUNT = select(func.count()).select_from(table).where(_IS_WAITING)
_SENT = (
    update(table)
    .where(table.c.photo_id == bindparam("key"), table.c.state == text("'waiting'"))
    .values(state="sent", told_epoch=bindparam("epoch"))
)
_AGAIN = (
    update(table)
    .where(table.c.state == text("'sent'"), table.c.told_epoch.is_distinct_from(bindparam("epoch")))
    .values(state="waiting", told_epoch=None)
)
_IS_FORGOTTEN = Prepared(text("SELECT 1 FROM forgotten WHERE member_id IN (:holder, :about)"))
_DROP = table.delete().where(table.c.holder == bindparam("key"))
_FETCHED = text(
    "SELECT photo_id, length(data) FROM photo WHERE state = 'fetched'"
    " ORDER BY taken_ms DESC, photo_id DESC"
)
_DROP_FETCHED = text(
    "DELETE FROM photo WHERE photo_id IN (SELECT photo_id FROM photo"
    " WHERE state = 'fetched' AND taken_ms < :before LIMIT :most)"
)
_DROP_ONE = table.delete().where(table.c.photo_id == bindparam("key"))
_MADE_BY_SEALING = 64
"""More than what sealing adds."""


class PhotoRepository(Repository):
    """Bytes of pictures."""

    def put(self, photo: StoredPhoto) -> None:
        """Keep it; one that is there stays as it is. Nothing is kept of whoever was forgotten, also
        where it comes late from another till."""
        if self._first(_IS_FORGOTTEN, {"holder": photo.holder, "about": photo.about}) is not None:
            return
        row = {
            "photo_id": photo.photo_id,
            "about": photo.about,
            "holder": photo.holder,
            "taken_ms": photo.taken_ms,
            "state": photo.state,
            "data": photo.data,
        }
        self._execute(_PUT, row)
        self._changed(Changes(complaints=True))

    def get(self, photo_id: str) -> StoredPhoto | None:
        row = self._execute(_GET, {"key": photo_id}).first()
        if row is None:
            return None
        state: PhotoState = row.state
        return StoredPhoto(row.photo_id, row.about, row.holder, row.taken_ms, row.data, state)

    def waiting(self, limit: int = 10) -> Sequence[str]:
        """Ids of those still to be sent, oldest first; not those of a record that was refused."""
        return list(self._execute(_WAITING, {"most": limit}).scalars())

    def count_waiting(self) -> int:
        """How many head office does not have and would take."""
        return int(self._execute(_COUNT).scalar() or 0)

    def sent(self, photo_id: str, server_epoch: int) -> None:
        """Head office has it, in this life of its server."""
        self._execute(_SENT, {"key": photo_id, "epoch": server_epoch})
        self._changed(Changes(complaints=True))

    def send_again(self, server_epoch: int | None) -> None:
        """What was sent to another life of the server, which may have been restored from before, is
        offered again; None: all of it, to a server that is another one."""
        self._execute(_AGAIN, {"epoch": server_epoch})

    def sealed(self, photo_id: str) -> SealedPhoto | None:
        """As it travels; None where it is not here, or nobody could open it there."""
        photo = self.get(photo_id)
        if photo is None:
            return None
        keys = MemberKeys(self._transaction)
        found = keys.seal_alike(photo.holder, photo.data, name=_name(photo_id))
        if found is None:
            return None
        data = found.nonce + found.ciphertext
        return SealedPhoto(photo_id, photo.about, photo.holder, found.key, data)

    def take(self, sought: PhotoSought, came: SealedPhoto, at_ms: int) -> bool:
        """Keep what head office gave; False where it is not the picture that was sought."""
        if len(came.data) > PHOTO_BYTES_MAX + _MADE_BY_SEALING:
            return False
        sealed = Sealed(came.key_id, came.data[:NONCE_LENGTH], came.data[NONCE_LENGTH:])
        keys = MemberKeys(self._transaction)
        plain = keys.unseal_alike(sought.holder, sealed, name=_name(sought.photo_id))
        if plain is None or sha256(plain).hexdigest() != sought.sha256:
            return False
        self.put(
            StoredPhoto(sought.photo_id, sought.about, sought.holder, at_ms, plain, state="fetched")
        )
        self._make_room()
        return True

    def forget_fetched(self, before_ms: int, most: int) -> int:
        """Those of other tills that are here since before that moment, some of them; how many."""
        return self._execute(_DROP_FETCHED, {"before": before_ms, "most": most}).rowcount

    def forget(self, holder: str) -> None:
        """Nothing stays of the pictures of this person (or case)."""
        self._execute(_DROP, {"key": holder})
        self._transaction.forget_traces()
        self._changed(Changes(complaints=True))

    def _make_room(self) -> None:
        """Of those that can be fetched again, the ones that are here the longest go."""
        kept = 0
        for photo_id, size in self._execute(_FETCHED).all():
            kept += size
            if kept > FETCHED_BYTES_MAX:
                self._execute(_DROP_ONE, {"key": photo_id})


def _name(photo_id: str) -> str:
    return f"photo {photo_id}"

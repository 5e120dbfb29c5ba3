"""Pictures of complaints, apart from the facts, on their way by themselves.

Owns: the complaint_photo table. Does not own: making a picture small (ui), which case it belongs to
(a fact says so), sending it (sync).
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import bindparam, select, text, update
from sqlalchemy.dialects.sqlite import insert

from app.domain.complaint_photo import PhotoState, StoredPhoto
from app.store.changes import Changes
from app.store.complaint_tables import complaint_photo
from app.store.repository import Prepared, Repository

_PUT = insert(complaint_photo).on_conflict_do_nothing()
_GET = select(complaint_photo).where(complaint_photo.c.photo_id == bindparam("key"))
_WAITING = (
    select(complaint_photo.c.photo_id)
    .where(complaint_photo.c.state == text("'waiting'"))
    .order_by(complaint_photo.c.taken_ms, complaint_photo.c.photo_id)
    .limit(bindparam("most"))
)
_SENT = (
    update(complaint_photo)
    .where(complaint_photo.c.photo_id == bindparam("key"))
    .values(state="sent")
)
_IS_FORGOTTEN = Prepared(
    text(
        """
    SELECT 1 FROM forgotten WHERE member_id = :case
        OR member_id = (SELECT member_id FROM complaint WHERE case_id = :case)
    """
    )
)
_DROP = complaint_photo.delete().where(complaint_photo.c.case_id == bindparam("key"))


class ComplaintPhotoRepository(Repository):
    """Bytes of pictures."""

    def put(self, photo: StoredPhoto) -> None:
        """Keep it; one that is there stays as it is. Nothing is kept of whoever was forgotten, also
        where it comes late from another till."""
        if self._first(_IS_FORGOTTEN, {"case": photo.case_id}) is not None:
            return
        row = {
            "photo_id": photo.photo_id,
            "case_id": photo.case_id,
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
        return StoredPhoto(row.photo_id, row.case_id, row.taken_ms, row.data, state)

    def waiting(self, limit: int = 10) -> Sequence[str]:
        """Ids of those still to be sent, oldest first."""
        return list(self._execute(_WAITING, {"most": limit}).scalars())

    def sent(self, photo_id: str) -> None:
        """The server has it."""
        self._execute(_SENT, {"key": photo_id})
        self._changed(Changes(complaints=True))

    def forget_case(self, case_id: str) -> None:
        """Nobody looks at the pictures of this case again, and nothing of them stays."""
        self._execute(_DROP, {"key": case_id})
        self._transaction.forget_traces()
        self._changed(Changes(complaints=True))

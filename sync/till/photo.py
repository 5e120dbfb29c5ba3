"""Photos of this till: which one goes next, and keeping one that came.

Owns: that facts go first, when what was sent is offered again, the answer to whoever wants to see
one in the till's own values. Does not own: the lane (../photo.py), the table and the seal
(app/store/photo.py), who asks (joined.py).
"""

from __future__ import annotations

from collections.abc import Set

from app.domain.photo import PhotoBrought, PhotoSought, PhotoUnreadable, SealedPhoto
from sync.photo import PhotoLane
from sync.ports import Clock
from sync.till.ports import TillLane, TillWork


class TillPhotos:
    """Fits sync.ports.PhotoBox over the till's store."""

    def __init__(self, lane: TillLane) -> None:
        self._lane = lane
        self._told_epoch: int | None = None

    def next(self, put_off: Set[str]) -> str | None:
        """As the port says. A server that was restored may have lost some: all are offered again,
        and it says which it has."""

        def read(work: TillWork) -> tuple[int | None, str | None]:
            who = work.enrolment.read()
            epoch = None if who is None else who.server_epoch
            if not epoch or work.outbox.count().pending:
                return None, None
            if epoch != self._told_epoch:
                work.photos.send_again(epoch)
            # One more than are put off: however many are refused, the next one is among them.
            waiting = work.photos.waiting(len(put_off) + 1)
            return epoch, next((each for each in waiting if each not in put_off), None)

        epoch, found = self._lane.run(read)
        self._told_epoch = epoch or self._told_epoch
        return found

    def sealed(self, photo_id: str) -> SealedPhoto | None:
        """As the port says."""
        return self._lane.run(lambda work: work.photos.sealed(photo_id))

    def sent(self, photo_id: str, server_epoch: int) -> None:
        """As the port says."""
        self._lane.run(lambda work: work.photos.sent(photo_id, server_epoch))


def bring_photo(
    store: TillLane, clock: Clock, sought: PhotoSought, lane: PhotoLane
) -> PhotoBrought | PhotoUnreadable:
    """Fetch it and keep it, where it is the one that was taken."""
    came = lane.fetch(sought)
    at_ms = clock.wall_ms()
    is_it = store.run(lambda work: work.photos.take(sought, came, at_ms))
    return PhotoBrought(sought.photo_id) if is_it else PhotoUnreadable(sought.photo_id)

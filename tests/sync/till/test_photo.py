"""Which photo of a till goes next.

Owns: that those put off keep no other waiting. Does not own: the lane (tests/sync/test_photo.py).
"""

from __future__ import annotations

from app.domain.photo import StoredPhoto
from app.store.unit_of_work import UnitOfWork
from sync.till.photo import TillPhotos
from tests.sync.till.a_till import SyncedTill
from tests.sync.till.test_outbox import accept_all

REFUSED = 210


def test_however_many_are_refused_the_next_one_goes(till: SyncedTill) -> None:
    def keep(work: UnitOfWork) -> None:
        work.enrolment.put_server_epoch(1)
        for number in range(REFUSED + 1):
            work.photos.put(StoredPhoto(f"p{number:03}", "case", "member", number, b"\xff\xd8\xff"))

    accept_all(till)
    till.run(keep)
    box = TillPhotos(till.shop.store.lane)
    assert box.next(frozenset()) == "p000"
    put_off = frozenset(f"p{number:03}" for number in range(REFUSED))
    assert box.next(put_off) == f"p{REFUSED}"
    assert box.next(put_off | {f"p{REFUSED}"}) is None

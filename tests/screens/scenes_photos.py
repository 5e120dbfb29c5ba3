"""Scenes of photos on their way: the sync centre where head office has no room for them.

Owns: how they come about. Does not own: the sync centre's other scenes (scenes_sync.py), photos
beside their records (scenes_complaints.py, scenes_tiers.py).
"""

from __future__ import annotations

from dataclasses import replace

from app.domain.photo import StoredPhoto
from app.store.unit_of_work import UnitOfWork
from tests.screens.scene import TILL_SIZES, Scene, Shot
from tests.screens.scenes_sync import ToldLine, centre_busy
from ui.navigation import ToSync


def no_room(scene: Scene) -> None:
    """As on a busy day, and two photos wait besides."""
    scene.cashier.read(_put_photos)
    centre_busy(scene)
    line = scene.cashier.handle.parts.shop.server
    assert isinstance(line, ToldLine)
    assert line.how is not None
    line.tell(replace(line.how, photo_trouble="disk_full"))
    scene.cashier.settle()


def _put_photos(work: UnitOfWork) -> None:
    for number in range(2):
        photo = StoredPhoto(f"photo-{number}", "case", "member", number, b"\xff\xd8\xff")
        work.photos.put(photo)


SHOTS = (
    Shot("sync", "photos", no_room, ToSync, TILL_SIZES[:2]),
    Shot("sync", "photos-150", no_room, ToSync, TILL_SIZES[:2], scale_percent=150),
)

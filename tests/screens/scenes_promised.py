"""Scenes of a chain's till: what of a member's points can be used here, and very much that waits.

Owns: how each of them comes about, by what head office said. Does not own: the sync centre
(scenes_sync.py), opening the window.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from PySide6.QtCore import Qt
from sqlalchemy import text

from app.domain.account import account_bytes
from app.domain.confirmed import ConfirmedMember
from app.domain.grant import Promised
from app.domain.link import Contact
from app.store.unit_of_work import UnitOfWork
from tests.screens import scenes_sync as sync
from tests.screens.scene import TILL_SIZES, Scene, Shot
from tests.screens.scenes_desk import as_manager, wait
from tests.screens.scenes_till import benefits, story
from ui.navigation import ToSync, ToTill
from ui.till.benefits_sheet import BenefitsSheet

Key = Qt.Key
WHO = "张三丰"
SET_ASIDE, HEARD_MS = 500, 1


@dataclass
class HeardLine(sync.ToldLine):
    """The server was heard a moment ago, and answers or not."""

    is_there: bool = False

    def contact(self) -> Contact:
        return Contact(is_there=self.is_there, heard_monotonic_ms=HEARD_MS)


def belongs(scene: Scene, *, is_there: bool) -> None:
    """He is known at head office, which set a part of his points aside for another till."""
    how = sync.online(scene) if is_there else sync.offline(scene)
    parts, shop = scene.cashier.handle.parts, scene.cashier.shop
    line = HeardLine(how.how, None, is_there=is_there)
    parts.shop = replace(parts.shop, server=line)
    member = shop.members[WHO]

    def tell(work: UnitOfWork) -> None:
        account = work.accounts.get(member)
        assert account is not None
        aside = Promised("grant-1", "till-09", SET_ASIDE)
        known = work.members.get(member)
        assert known is not None
        told = ConfirmedMember(
            member, 1, account_bytes(account), cards=(known.card_code,), person=known.person,
            promises=(aside,),
        )  # fmt: skip
        work.confirmed.tell([told], 1)

    scene.cashier.read(tell)


def usable_here(scene: Scene) -> None:
    belongs(scene, is_there=True)
    story(scene)


def usable_offline(scene: Scene) -> None:
    belongs(scene, is_there=False)
    story(scene)


def usable_details(scene: Scene) -> None:
    belongs(scene, is_there=True)
    benefits(scene)


def long_alone(scene: Scene) -> None:
    """Weeks without a network."""
    as_manager(scene)
    sync.offline(scene, hours=26 * 24)
    scene.cashier.read(_write_many)
    sync.open_centre(scene)


def _write_many(work: UnitOfWork) -> None:
    work.connection.execute(
        text(
            """
            WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 4200)
            INSERT INTO fact SELECT
                printf('01a1fd8e-3dc0-7000-8000-%012d', i),
                CASE i % 9 WHEN 0 THEN 'refund_recorded.1' ELSE 'sale_recorded.1' END, 90, i,
                zeroblob(32), '2026-11-21', 1795255200000 + i, i, 'boot', NULL, zeroblob(9) FROM n
            """
        )
    )
    work.connection.execute(
        text(
            "INSERT INTO outbox (op_id, epoch, dseq, state)"
            " SELECT op_id, epoch, dseq, 'pending' FROM fact WHERE epoch = 90"
        )
    )


def exported(scene: Scene) -> None:
    """What waits lies on a stick now."""
    as_manager(scene)
    sync.offline(scene)
    sync.open_centre(scene)
    centre: Any = scene.cashier.handle.parts.navigation.current
    centre.export.folder = scene.cashier.shop.store.place.folder
    centre.export.begin()
    wait(scene, lambda: not centre.export.is_running)


SHOTS = (
    Shot("member", "usable-here", usable_here, ToTill, TILL_SIZES[:2]),
    Shot("member", "usable-offline", usable_offline, ToTill, TILL_SIZES[:2]),
    Shot("member", "usable-details", usable_details, BenefitsSheet, TILL_SIZES[:2]),
    Shot("sync", "long-alone", long_alone, ToSync, TILL_SIZES[:2]),
    Shot("sync", "exported", exported, ToSync, TILL_SIZES[:2]),
)

"""Scenes of a chain's till: what can be used here, what was used twice, very much that waits.

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
from app.domain.outbox import Answer, Difference
from app.store.unit_of_work import UnitOfWork
from tests.screens import scenes_sync as sync
from tests.screens.scene import TILL_SIZES, Scene, Shot
from tests.screens.scenes_desk import as_manager, wait
from tests.screens.scenes_till import benefits, story
from tests.services.conftest import use_program
from ui.navigation import ToExceptions, ToSync, ToTill
from ui.till.benefits_sheet import BenefitsSheet

Key = Qt.Key
PARKING = """
[[tiers.entitlements]]
id = "parking"
name = { zh = "免费停车", en = "Free parking" }
count = 2
period = "month"
"""
_GOLD = 'earn_rate = "1.5"\npoints_months = 24\n'
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
        aside = Promised("grant-1", "till-09", SET_ASIDE, entitlements={"parking": 1})
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


def benefits_here(scene: Scene) -> None:
    """Parking is in the rules of this chain, and one of both times is another till's."""
    use_program(scene.cashier.shop, "", swap=(_GOLD, _GOLD + PARKING))
    belongs(scene, is_there=True)
    benefits(scene)


def use_twice(scene: Scene, coupon: str) -> None:
    """A coupon was used in a sale here, and head office knows another sale with it."""
    sync.sell(scene)
    sold = sync.waiting(scene)[-1]
    sold_ms = scene.cashier.handle.parts.now().wall_ms
    said = {
        "coupon": coupon, "other_store": scene.say("城东店", "East Gate shop"),
        "other_till": "1", "other_at": str(sold_ms - 840_000),
        "other_receipt": "R001010101T000021",
    }  # fmt: skip
    twice = Difference(kind="coupon_used_twice", case=f"case-{coupon}", text=said)
    sync.settle(
        scene, Answer(sold.op_id, sold.epoch, sold.dseq, "accepted_adjusted", differences=(twice,))
    )


def coupon_of(scene: Scene, offer: str) -> str:
    """The code of the coupon of an offer that 张三丰 holds."""
    member = scene.cashier.shop.members["张三丰"]
    account = scene.cashier.read(lambda work: work.accounts.get(member))
    (code,) = (code for code, issued in account.coupons.items() if issued.offer == offer)
    return str(code)


def case_of_a_coupon(scene: Scene) -> None:
    """A coupon used twice in the list of exceptions, and which one it is."""
    as_manager(scene)
    sync.answer_all(scene)
    use_twice(scene, coupon_of(scene, "coupon-150-15"))
    sync.online(scene)
    scene.cashier.handle.parts.navigation.go(ToExceptions())
    scene.cashier.settle()


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
    Shot("member", "benefits-here", benefits_here, BenefitsSheet, TILL_SIZES[:2]),
    Shot(
        "member",
        "benefits-here-150",
        benefits_here,
        BenefitsSheet,
        TILL_SIZES[:2],
        scale_percent=150,
    ),
    Shot("sync", "case-coupon", case_of_a_coupon, ToExceptions, TILL_SIZES[:2]),
    Shot(
        "sync", "case-coupon-150", case_of_a_coupon, ToExceptions, TILL_SIZES[:2], scale_percent=150
    ),
    Shot("sync", "long-alone", long_alone, ToSync, TILL_SIZES[:2]),
    Shot("sync", "exported", exported, ToSync, TILL_SIZES[:2]),
)

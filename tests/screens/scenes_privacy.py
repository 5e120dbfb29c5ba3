"""Scenes of the privacy room: a member, the question before erasing, the list, what goes tonight.

Owns: how each of them comes about, by what a person does. Does not own: opening the window.
"""

from __future__ import annotations

import msgspec
from PySide6.QtCore import Qt

from app.domain.erasure import Erasure
from app.domain.erasure_fact import PersonErased, ReportingTill
from app.services.consent import change_consent
from app.services.reveal import reveal_phone
from tests.screens.scene import TILL_SIZES, Scene, Shot
from tests.screens.scenes_desk import ALT, as_manager
from ui.kit.pick_dialog import PickDialog
from ui.navigation import ToPrivacy
from ui.privacy.dialogs import EraseDialog, RetentionDialog

Key = Qt.Key


def room(scene: Scene) -> None:
    as_manager(scene)
    scene.cashier.handle.parts.navigation.go(ToPrivacy())
    scene.cashier.settle()


def member(scene: Scene) -> None:
    """张三丰 with consents, one of them withdrawn, and a look at his number."""
    as_manager(scene)
    shop = scene.cashier.shop
    of = {"member_id": shop.members["张三丰"]}
    for purpose, given in (("membership", True), ("marketing", True), ("marketing", False)):
        shop.do(change_consent, **of, purpose=purpose, given=given)
    shop.do(reveal_phone, **of, reason="member_asked")
    scene.cashier.handle.parts.navigation.go(ToPrivacy())
    scene.cashier.scan(shop.cards["张三丰"])
    scene.cashier.settle()


def question(scene: Scene) -> None:
    member(scene)
    scene.cashier.press(Key.Key_2, ALT)
    scene.cashier.settle()


def hindered(scene: Scene) -> None:
    """He stands on the open sale."""
    scene.cashier.scan(scene.cashier.shop.cards["张三丰"])
    question(scene)


def erased(scene: Scene) -> None:
    """One is done, one waits for a till that is away, one for head office."""
    as_manager(scene)
    shop = scene.cashier.shop
    tills = (
        ReportingTill(shop.shop.identity.device, "人民路店", 7, 2),
        ReportingTill("haidian-01", "海淀店", 8, 1),
    )
    now = shop.shop.now()
    mine = shop.members["王小红"]
    fact = PersonErased(
        op_id=shop.shop.op_id(now), store=shop.shop.identity.store_id,
        day=now.local("Asia/Shanghai").date(), clock=now, member=mine, ids=(mine,), tills=tills,
    )  # fmt: skip
    shop.store.lane.run(lambda work: work.erasures.take(fact))
    other = shop.members["陈静"]
    asked = Erasure(other, "asked", asked_ms=now.wall_ms, asked_by="w", request_id="r")
    shop.store.lane.run(lambda work: work.erasures.ask(asked))
    scene.cashier.handle.parts.navigation.go(ToPrivacy())
    scene.cashier.settle()


def retention(scene: Scene) -> None:
    as_manager(scene)
    settings = scene.cashier.shop.shop.desk.state.settings
    changed = msgspec.structs.replace(settings, keep_inactive_months=24)
    scene.cashier.shop.store.lane.run(lambda work: work.settings.write(changed))
    scene.cashier.handle.parts.navigation.go(ToPrivacy())
    scene.cashier.press(Key.Key_4, ALT)
    scene.cashier.settle()


def breach(scene: Scene) -> None:
    room(scene)
    scene.cashier.press(Key.Key_3, ALT)
    scene.cashier.settle()


SHOTS = (
    Shot("privacy", "empty", room, ToPrivacy),
    Shot("privacy", "member", member, ToPrivacy, TILL_SIZES),
    Shot("privacy", "member-150", member, ToPrivacy, TILL_SIZES[:2], scale_percent=150),
    Shot("privacy", "question", question, EraseDialog, TILL_SIZES[:2]),
    Shot("privacy", "question-150", question, EraseDialog, TILL_SIZES[:2], scale_percent=150),
    Shot("privacy", "hindered", hindered, EraseDialog),
    Shot("privacy", "erasures", erased, ToPrivacy, TILL_SIZES),
    Shot("privacy", "retention", retention, RetentionDialog),
    Shot("privacy", "breach", breach, PickDialog),
)

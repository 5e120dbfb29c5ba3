"""Scenes of the members' desk: the list, one member's page with its tabs.

Owns: how each of them comes about, by what a person does. Does not own: opening the window.
"""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt

from app.domain.member import PersonalData
from app.services.consent import change_consent
from tests.journeys.cashier import Cashier
from tests.real_shop import (
    APPLE_LABEL,
    GOLD_PHONE,
    MILK,
    OIL,
    SILVER_PHONE,
    TOWEL,
    add_member,
)
from tests.screens.scene import TILL_SIZES, Scene, Shot
from tests.screens.scenes_desk import as_manager
from ui.kit.dialogs import ConfirmDialog
from ui.kit.pick_dialog import PickDialog
from ui.member.adjust_dialog import AdjustDialog
from ui.member.edit_dialog import EditDialog
from ui.member.merge_dialogs import CompareDialog, MergeFindDialog
from ui.navigation import ToMember, ToMembers

Key = Qt.Key
CONTROL = Qt.KeyboardModifier.ControlModifier
ALT = Qt.KeyboardModifier.AltModifier


def bought_today(scene: Scene) -> None:
    """The gold member buys twice, the second time with points."""
    cashier = scene.cashier
    for goods in ((MILK, TOWEL), (OIL, APPLE_LABEL, MILK)):
        cashier.scan(cashier.shop.cards["张三丰"])
        for code in goods:
            cashier.scan(code)
        cashier.press(Key.Key_F9)
        cashier.press(Key.Key_F9)
        cashier.press(Key.Key_Escape)


def open_members(cashier: Cashier) -> None:
    """The desk, then the digit of the room, wherever it stands."""
    cashier.press(Key.Key_M, CONTROL)
    desk: Any = cashier.handle.parts.navigation.current
    names = [row.room.name for row in desk._rows]
    cashier.type(str(names.index("Members") + 1))
    cashier.settle()


def members(scene: Scene) -> None:
    """Ctrl+M, then its digit."""
    bought_today(scene)
    as_manager(scene)
    open_members(scene.cashier)


def tiers(scene: Scene) -> None:
    members(scene)
    scene.cashier.press(Key.Key_2, ALT)


def nobody(scene: Scene) -> None:
    members(scene)
    scene.cashier.type("赵钱孙")
    scene.cashier.press(Key.Key_Return)


def page(scene: Scene) -> None:
    """His phone number and Enter twice: row 2.13."""
    members(scene)
    scene.cashier.type(GOLD_PHONE)
    scene.cashier.press(Key.Key_Return)
    scene.cashier.press(Key.Key_Return)
    scene.cashier.settle()


def points(scene: Scene) -> None:
    page(scene)
    scene.cashier.type("2")


def coupons(scene: Scene) -> None:
    page(scene)
    scene.cashier.type("3")


def tier(scene: Scene) -> None:
    page(scene)
    scene.cashier.type("5")


def revealed(scene: Scene) -> None:
    page(scene)
    scene.cashier.press(Key.Key_P, CONTROL)
    scene.cashier.type("2")


def adjust(scene: Scene) -> None:
    page(scene)
    scene.cashier.press(Key.Key_2, ALT)
    scene.cashier.type("-160")


def notes(scene: Scene) -> None:
    page(scene)
    scene.cashier.press(Key.Key_1, ALT)
    scene.cashier.type(scene.say("茶友，VIP", "tea lover, VIP"))


def twice(scene: Scene) -> None:
    """王小红 once more, by another sign, with the same number."""
    person = PersonalData(phone=f"+86{SILVER_PHONE}", name=scene.say("王小洪", "Wang Xiao"),
                          tags=(scene.say("茶友", "tea lover"),),
                          note=scene.say("坚果过敏", "allergic to nuts"))  # fmt: skip
    add_member(scene.cashier.shop, person, points=((60, 12),), coupons=("coupon-100-8",))


def page_of_silver(scene: Scene) -> None:
    twice(scene)
    as_manager(scene)
    open_members(scene.cashier)
    scene.cashier.type(scene.say("王小红", "Wang Xiaohong"))
    scene.cashier.press(Key.Key_Return)
    scene.cashier.settle()
    scene.cashier.press(Key.Key_Return)
    scene.cashier.settle()


def find_other(scene: Scene) -> None:
    page_of_silver(scene)
    scene.cashier.press(Key.Key_3, ALT)
    scene.cashier.settle()


def compare(scene: Scene) -> None:
    """Alt+3, Enter: the one with the same number stands first."""
    find_other(scene)
    scene.cashier.press(Key.Key_Return)
    scene.cashier.settle()


def merged(scene: Scene) -> None:
    compare(scene)
    scene.cashier.type(scene.say("同一个人", "the same person"))
    scene.cashier.press(Key.Key_Return, CONTROL)
    scene.cashier.settle()
    open_merges(scene.cashier)


def open_merges(cashier: Cashier) -> None:
    """The tab by its digit, wherever it stands."""
    tabs = [tab.key for tab in cashier.handle.parts.member_tabs.tabs]
    cashier.type(str(tabs.index("merges") + 1))
    cashier.settle()


def part(scene: Scene) -> None:
    merged(scene)
    scene.cashier.press(Key.Key_Return)
    scene.cashier.settle()


def consents(scene: Scene) -> None:
    """He agreed to messages and took it back, both with the manager of today."""
    page(scene)
    cashier = scene.cashier
    member_id = cashier.shop.members["张三丰"]
    for given in (True, False, True):
        cashier.shop.clock.go_on(milliseconds=60_000)
        cashier.shop.do(change_consent, member_id=member_id, purpose="marketing", given=given)
    controller: Any = cashier.handle.parts.navigation.current
    tabs = [tab.key for tab in controller._tabs]
    cashier.type(str(tabs.index("consents") + 1))
    cashier.settle()
    cashier.press(Key.Key_Down)
    cashier.press(Key.Key_Down)


def consent_question(scene: Scene) -> None:
    consents(scene)
    scene.cashier.press(Key.Key_Return)


SHOTS = (
    Shot("members", "list", members, ToMembers, TILL_SIZES),
    Shot("members", "list-150", members, ToMembers, TILL_SIZES[:2], scale_percent=150),
    Shot("members", "tiers", tiers, PickDialog, TILL_SIZES[:1]),
    Shot("members", "nobody", nobody, ToMembers, TILL_SIZES[:1]),
    Shot("member-page", "orders", page, ToMember, TILL_SIZES),
    Shot("member-page", "orders-150", page, ToMember, TILL_SIZES[:2], scale_percent=150),
    Shot("member-page", "points", points, ToMember, TILL_SIZES[:2]),
    Shot("member-page", "coupons", coupons, ToMember, TILL_SIZES[:1]),
    Shot("member-page", "tier", tier, ToMember, TILL_SIZES[:1]),
    Shot("member-page", "consents", consents, ToMember, TILL_SIZES[:2]),
    Shot("member-page", "consents-150", consents, ToMember, TILL_SIZES[:1], scale_percent=150),
    Shot("member-page", "consent", consent_question, ConfirmDialog, TILL_SIZES[:2]),
    Shot("member-page", "adjust", adjust, AdjustDialog, TILL_SIZES[:2]),
    Shot("member-page", "adjust-150", adjust, AdjustDialog, TILL_SIZES[1:2], scale_percent=150),
    Shot("member-page", "notes", notes, EditDialog, TILL_SIZES[:1]),
    Shot("member-page", "notes-150", notes, EditDialog, TILL_SIZES[1:2], scale_percent=150),
    Shot("member-page", "merge-find", find_other, MergeFindDialog, TILL_SIZES[:2]),
    Shot("member-page", "merge", compare, CompareDialog, TILL_SIZES),
    Shot("member-page", "merge-150", compare, CompareDialog, TILL_SIZES[:2], scale_percent=150),
    Shot("member-page", "merged", merged, ToMember, TILL_SIZES[:1]),
    Shot("member-page", "part", part, CompareDialog, TILL_SIZES[:1]),
    Shot("member-page", "revealed", revealed, ToMember, TILL_SIZES[:1]),
)

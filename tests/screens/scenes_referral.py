"""Scenes of friends who send friends: the code at joining, the tab of a member's page.

Owns: how each of them comes about. Does not own: the dialog and the page they stand on.
"""

from __future__ import annotations

from PySide6.QtCore import Qt

from app.services.find_member import remove_member
from app.services.joining import NewMember, join_member
from tests.screens.scene import TILL_SIZES, Scene, Shot
from tests.screens.scenes_members import page
from tests.screens.scenes_till import join
from tests.services.conftest import use_program
from tests.services.test_nightly import buys, night
from ui.member.screen import TAB_KEYS
from ui.navigation import JoinMember, ToMember

Key = Qt.Key
DAY_MS = 24 * 3600 * 1000
STEPS = ("[referral]", "[referral]\nsteps = [{ friends = 3, points = 200 }]")


def sent(scene: Scene, number: int, name: str, *, buying: bool) -> None:
    """Somebody who joined with the gold member's card."""
    shop = scene.cashier.shop
    new = NewMember(
        phone=f"1391234{number:04d}",
        name=name,
        consents=frozenset({"membership"}),
        referrer_card=shop.cards["张三丰"],
    )
    joined = shop.do(join_member, new=new)
    shop.do(remove_member)
    if buying:
        buys(shop, joined)


def friends(scene: Scene) -> None:
    """One counts, one can still bring everything back, one has not bought."""
    shop = scene.cashier.shop
    use_program(shop, "", swap=STEPS)
    sent(scene, 1, scene.say("林小雨", "Lin Xiaoyu"), buying=True)
    night(shop)
    shop.clock.go_on(milliseconds=9 * DAY_MS)
    sent(scene, 2, scene.say("高敏", "Gao Min"), buying=True)
    night(shop)
    sent(scene, 3, scene.say("周文", "Zhou Wen"), buying=False)
    page(scene)
    tabs = [tab.key for tab in scene.cashier.handle.parts.member_tabs.tabs]
    scene.cashier.type(TAB_KEYS[tabs.index("referrals")].lower())
    scene.cashier.settle()


def by_friend(scene: Scene) -> None:
    """The friend's card, scanned while joining."""
    use_program(scene.cashier.shop, "", swap=STEPS)
    join(scene)
    scene.cashier.scan(scene.cashier.shop.cards["张三丰"])
    scene.cashier.settle()


def by_stranger(scene: Scene) -> None:
    join(scene)
    scene.cashier.scan("M0B47L7S7K7E31")
    scene.cashier.settle()


SHOTS = (
    Shot("member-page", "friends", friends, ToMember, TILL_SIZES),
    Shot("member-page", "friends-150", friends, ToMember, TILL_SIZES[:2], scale_percent=150),
    Shot("join", "by-friend", by_friend, JoinMember, TILL_SIZES[:2]),
    Shot("join", "by-friend-150", by_friend, JoinMember, TILL_SIZES[:2], scale_percent=150),
    Shot("join", "by-stranger", by_stranger, JoinMember, TILL_SIZES[:1]),
)

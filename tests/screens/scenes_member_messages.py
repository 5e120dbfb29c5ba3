"""Scenes of a member's messages: the tab, the dialog of his choice.

Owns: how each of them comes about. Does not own: the page they stand on (scenes_members.py).
"""

from __future__ import annotations

from PySide6.QtCore import Qt

from app.domain.message_record import MessageRecord
from app.services.consent import change_consent
from tests.screens.scene import TILL_SIZES, Scene, Shot
from tests.screens.scenes_members import page
from ui.member_messages.dialog import ChoiceDialog
from ui.navigation import ToMember

TOLD = (
    MessageRecord("birthday", "sent", 1_763_700_000_000, channel="sms"),
    MessageRecord("campaign", "skipped", 1_763_500_000_000, "cap"),
    MessageRecord("welcome", "failed", 1_763_000_000_000, channel="email"),
)


def messages(scene: Scene) -> None:
    """What he was sent, as head office told; he agreed to messages."""
    shop = scene.cashier.shop
    member = shop.members["张三丰"]
    shop.store.lane.run(
        lambda work: change_consent(
            shop=shop.shop, work=work, member_id=member, purpose="marketing", given=True
        )
    )
    shop.store.lane.run(lambda work: work.messages.put(member, TOLD, 1_763_710_000_000))
    page(scene)
    tabs = [tab.key for tab in scene.cashier.handle.parts.member_tabs.tabs]
    scene.cashier.type(str(tabs.index("messages") + 1))
    scene.cashier.settle()


def message_choice(scene: Scene) -> None:
    """Enter on the first row."""
    messages(scene)
    scene.cashier.press(Qt.Key.Key_Return)
    scene.cashier.settle()


SHOTS = (
    Shot("member-messages", "tab", messages, ToMember, TILL_SIZES[:2]),
    Shot("member-messages", "tab-150", messages, ToMember, TILL_SIZES[:1], scale_percent=150),
    Shot("member-messages", "choice", message_choice, ChoiceDialog, TILL_SIZES[:2]),
    Shot(
        "member-messages", "choice-150", message_choice, ChoiceDialog, TILL_SIZES[:1],
        scale_percent=150,
    ),
)  # fmt: skip

"""A member's messages at the desk: what he was sent, and how he wants to hear of the shop."""

from app.services.message import ask_messages, member_messages
from app.wording import N_
from ui.member_messages.acts import change_choice
from ui.member_messages.tab import messages_table
from ui.member_tabs import MemberTab
from ui.window_parts import WindowParts


def register(parts: WindowParts) -> None:
    """Add the tab to a member's page."""
    parts.member_tabs.add(
        MemberTab(
            "messages", N_("Messages"), 70, member_messages, messages_table, change_choice,
            ask_messages,
        )
    )  # fmt: skip

"""The list of members at the manager's desk: found, narrowed, in the order somebody chose."""

from ui import member_import, member_messages
from ui.members.controller import MembersController
from ui.navigation import ToMembers
from ui.window_parts import WindowParts


def register(parts: WindowParts) -> None:
    """Make the list reachable."""
    member_messages.register(parts)
    member_import.register(parts)
    parts.navigation.add_screen(ToMembers, lambda: MembersController(parts))

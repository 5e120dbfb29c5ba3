"""One member's page at the manager's desk: who he is, and every side of him in a tab."""

from ui.member.controller import MemberController
from ui.member.tabs import OWN_TABS
from ui.navigation import ToMember
from ui.window_parts import WindowParts


def register(parts: WindowParts) -> None:
    """Make the page reachable, with the tabs of the member himself."""
    for tab in OWN_TABS:
        parts.member_tabs.add(tab)
    parts.navigation.add_screen(ToMember, lambda: MemberController(parts))

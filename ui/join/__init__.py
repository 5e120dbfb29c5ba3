"""Joining at the till: phone, consent, the card at once, its welcome pack in this basket."""

from ui.join.controller import JoinController
from ui.navigation import JoinMember
from ui.window_parts import WindowParts


def register(parts: WindowParts) -> None:
    """Make this dialog reachable."""
    parts.navigation.add_dialog(JoinMember, lambda intent: JoinController(parts, intent))

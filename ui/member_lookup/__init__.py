"""The member look-up (F3): by phone, last digits, card, name or pinyin."""

from ui.member_lookup.controller import LookUpController
from ui.navigation import LookUpMember
from ui.window_parts import WindowParts


def register(parts: WindowParts) -> None:
    """Make this dialog reachable."""
    parts.navigation.add_dialog(LookUpMember, lambda intent: LookUpController(parts, intent))

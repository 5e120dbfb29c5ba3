"""Privacy: erasing a member on every till, a copy of his data, consents, reveals, breaches."""

from ui.navigation import ToPrivacy
from ui.privacy.controller import PrivacyController
from ui.window_parts import WindowParts


def register(parts: WindowParts) -> None:
    """Make the screen reachable."""
    parts.navigation.add_screen(ToPrivacy, lambda: PrivacyController(parts))

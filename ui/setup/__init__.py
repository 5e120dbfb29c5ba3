"""The first-run set-up: from an empty machine to the sign-in, resumed where it stopped."""

from ui.navigation import ToSetup
from ui.setup.controller import SetupController
from ui.setup.route import BackupFacts, Machine, RuleTemplate, SetupWishes
from ui.window_parts import WindowParts

__all__ = ["BackupFacts", "Machine", "RuleTemplate", "SetupWishes", "register"]


def register(parts: WindowParts, wishes: SetupWishes) -> None:
    """Make this room reachable."""
    parts.navigation.add_screen(ToSetup, lambda: SetupController(parts, wishes))

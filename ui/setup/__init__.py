"""The first-run set-up: from an empty machine to the sign-in, resumed where it stopped."""

from collections.abc import Sequence
from pathlib import Path

from ui.navigation import ToSetup
from ui.setup.controller import SetupController
from ui.setup.route import BackupFacts, Machine, RuleTemplate, SetupWishes
from ui.window_parts import WindowParts

__all__ = ["BackupFacts", "Machine", "RuleTemplate", "SetupWishes", "register", "templates_in"]


_TEMPLATES = {"retail": "default.toml", "cafe": "cafe.toml", "beauty": "beauty.toml"}


def templates_in(folder: Path) -> Sequence[RuleTemplate]:
    """The rules to begin with, from the programs that are shipped. Raises OSError."""
    return [
        RuleTemplate(kind, (folder / name).read_text("utf-8")) for kind, name in _TEMPLATES.items()
    ]


def register(parts: WindowParts, wishes: SetupWishes) -> None:
    """Make this room reachable."""
    parts.navigation.add_screen(ToSetup, lambda: SetupController(parts, wishes))

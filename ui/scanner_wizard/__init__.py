"""The wizard that learns a scanner: three scans of a known code, a proposal, a try."""

from ui.navigation import DialogController, LearnScanner
from ui.window_parts import WindowParts


def register(parts: WindowParts) -> None:
    """Make it reachable: `parts.navigation.open_dialog(LearnScanner())`."""
    parts.navigation.add_dialog(LearnScanner, lambda intent: _open(parts))


def _open(parts: WindowParts) -> DialogController:
    from ui.scanner_wizard.controller import WizardController  # serial ports: most need none

    return WizardController(parts)

"""The approval panel: a colleague says yes in place, and the act completes by itself."""

from ui.approval.controller import ApprovalController
from ui.navigation import AskApproval
from ui.window_parts import WindowParts


def register(parts: WindowParts) -> None:
    """Make this panel reachable from every screen."""
    parts.navigation.add_dialog(AskApproval, lambda intent: ApprovalController(parts, intent))

"""The audit log: who did what, looked through, proved whole, exported with a reason."""

from ui.audit.controller import AuditController
from ui.navigation import ToAudit
from ui.window_parts import WindowParts


def register(parts: WindowParts) -> None:
    """Make the screen reachable."""
    parts.navigation.add_screen(ToAudit, lambda: AuditController(parts))

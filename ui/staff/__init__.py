"""Staff: who works here, what each did last, and what changes when somebody comes or goes."""

from ui.navigation import ToStaff
from ui.staff.controller import StaffController
from ui.window_parts import WindowParts


def register(parts: WindowParts) -> None:
    """Make the screen reachable."""
    parts.navigation.add_screen(ToStaff, lambda: StaffController(parts))

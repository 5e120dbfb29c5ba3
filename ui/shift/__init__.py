"""Shift: opening it, cash in and out, X and Z, counting and closing; the drawer without a sale."""

from ui.navigation import CashDrawer, ToShift, ToShiftClose, ToShiftOpen
from ui.shift.close_controller import ShiftCloseController
from ui.shift.drawer_controller import DrawerController
from ui.shift.open_controller import ShiftOpenController
from ui.shift.overview_controller import ShiftController
from ui.window_parts import WindowParts


def register(parts: WindowParts) -> None:
    """Make these screens and the drawer's dialog reachable."""
    navigation = parts.navigation
    navigation.add_screen(ToShiftOpen, lambda: ShiftOpenController(parts))
    navigation.add_screen(ToShift, lambda: ShiftController(parts))
    navigation.add_screen(ToShiftClose, lambda: ShiftCloseController(parts))
    navigation.add_dialog(CashDrawer, lambda intent: DrawerController(parts, intent))

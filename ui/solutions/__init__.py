"""The library of problems and solutions as a room, and why people complained."""

from ui.navigation import ToSolutions
from ui.solutions.controller import SolutionsController
from ui.window_parts import WindowParts


def register(parts: WindowParts) -> None:
    """Make the library reachable from the desk of complaints."""
    parts.navigation.add_screen(ToSolutions, lambda: SolutionsController(parts))

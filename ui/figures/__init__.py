"""Figures of the shop: what was sold and to whom, with what stands behind each number."""

from ui.figure_intents import ToFigures
from ui.figures.controller import FiguresController
from ui.window_parts import WindowParts


def register(parts: WindowParts) -> None:
    """Make the dashboard reachable."""
    parts.navigation.add_screen(ToFigures, lambda: FiguresController(parts))

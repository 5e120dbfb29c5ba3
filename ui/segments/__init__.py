"""Segments and cohorts: who the members are, who slips away, and what to do about it."""

from ui.figure_intents import ToSegments
from ui.segments.controller import SegmentsController
from ui.window_parts import WindowParts


def register(parts: WindowParts) -> None:
    """Make the page reachable."""
    parts.navigation.add_screen(ToSegments, lambda: SegmentsController(parts))

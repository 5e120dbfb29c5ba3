"""The complaints desk: what customers complained about, its clocks, and what is done about it."""

from ui.complaints.controller import ComplaintsController
from ui.complaints.drafts import Drafts
from ui.navigation import ToComplaints
from ui.window_parts import WindowParts


def register(parts: WindowParts) -> None:
    """Make the desk of complaints reachable."""
    drafts = Drafts()
    parts.navigation.add_screen(ToComplaints, lambda: ComplaintsController(parts, drafts))

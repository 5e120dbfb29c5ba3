"""The complaints desk: what customers complained about, its clocks, and what is done about it."""

from ui.complaints.controller import ComplaintsController
from ui.complaints.drafts import Drafts
from ui.complaints.intake_acts import IntakeActs
from ui.complaints.member_tab import TAB
from ui.navigation import LogComplaint, ToComplaints
from ui.window_parts import WindowParts


def register(parts: WindowParts) -> None:
    """Make the desk of complaints and taking one down reachable."""
    drafts = Drafts()
    parts.member_tabs.add(TAB)
    parts.navigation.add_screen(ToComplaints, lambda: ComplaintsController(parts, drafts))
    parts.navigation.add_dialog(LogComplaint, lambda intent: IntakeActs(parts, intent, drafts))

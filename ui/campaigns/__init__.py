"""Campaigns: what is running and what it brought, and planning the next one in five pages."""

from ui.campaign_intents import ToCampaignDraft, ToCampaigns
from ui.campaigns.controller import CampaignsController
from ui.campaigns.wizard_controller import WizardController
from ui.window_parts import WindowParts


def register(parts: WindowParts) -> None:
    """Make both screens reachable."""
    parts.navigation.add_screen(ToCampaigns, lambda: CampaignsController(parts))
    parts.navigation.add_screen(ToCampaignDraft, lambda: WizardController(parts))

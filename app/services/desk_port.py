"""The ports of the manager's desk, together: campaigns, complaints, figures.

Owns: putting them together. Does not own: any of them (their own files).
"""

from __future__ import annotations

from typing import Protocol

from app.services.campaign_port import CampaignRepositories
from app.services.complaint_port import ComplaintRepositories
from app.services.figure_port import FigureRepositories


class DeskRepositories(CampaignRepositories, ComplaintRepositories, FigureRepositories, Protocol):
    """The part of a unit of work that the manager's desk uses most."""

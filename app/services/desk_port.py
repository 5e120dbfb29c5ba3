"""The ports of the manager's desk, together: campaigns, complaints, figures, imports, photos,
tiers.

Owns: putting them together. Does not own: any of them (their own files).
"""

from __future__ import annotations

from typing import Protocol

from app.services.campaign_port import CampaignRepositories
from app.services.complaint_port import ComplaintRepositories
from app.services.figure_port import FigureRepositories
from app.services.import_port import MemberImportRepositories
from app.services.photo_port import PhotoRepositories
from app.services.survey_port import SurveyRepositories
from app.services.tier_port import TierRepositories


class DeskRepositories(
    CampaignRepositories,
    ComplaintRepositories,
    FigureRepositories,
    MemberImportRepositories,
    PhotoRepositories,
    TierRepositories,
    SurveyRepositories,
    Protocol,
):
    """The part of a unit of work that the manager's desk uses most."""

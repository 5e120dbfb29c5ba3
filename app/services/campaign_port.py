"""The port of campaigns: what services need of the store for planning, giving and comparing.

Owns: that Protocol. Does not own: the other ports (ports.py), any implementation.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from app.domain.campaign_record import CampaignRecord, DrawnMember, SaleDays, SalePlace
from app.domain.campaign_result import GroupSums, OfferSums


class CampaignRepository(Protocol):
    """Campaigns, who belongs to them, and the sales they are tried on and compared by."""

    def get(self, campaign_id: str) -> CampaignRecord | None: ...

    def all_campaigns(self) -> Sequence[CampaignRecord]:
        """Newest first."""

    def put(self, record: CampaignRecord) -> None:
        """Add it, or replace what is kept of it."""

    def remove(self, campaign_id: str) -> None:
        """Only a draft: what was published stays."""

    def draw(self, campaign_id: str, members: Sequence[DrawnMember]) -> None:
        """Who belongs to it. Somebody who does already stays where he is."""

    def forget_draw(self, campaign_id: str) -> None:
        """The audience of a draft is drawn anew."""

    def waiting(self, campaign_id: str, limit: int) -> Sequence[DrawnMember]:
        """Drawn, with no fact about it yet; in the order of their ids."""

    def done(self, campaign_id: str, members: Sequence[str]) -> None:
        """The draw of these stands in a fact."""

    def leave_out(self, campaign_id: str, members: Sequence[str]) -> None:
        """These belong to neither group any more: no fact names them."""

    def count_waiting(self, campaign_id: str) -> int: ...

    def sales_behind(
        self, place: SalePlace, until_ms: int, limit: int
    ) -> tuple[Sequence[bytes], SalePlace | None]:
        """The facts of this till's next sales, and where to go on; None: there are no more."""

    def count_sales(self, from_ms: int, until_ms: int) -> int: ...

    def groups(
        self, campaign_id: str, after: str, limit: int, days: SaleDays
    ) -> tuple[GroupSums, GroupSums, str]:
        """What the next so many members did in these days: chosen, control, and the id to go on
        behind (empty at the end). What came back is taken off."""

    def tried(self, campaign_id: str, after: str, limit: int, days: SaleDays) -> Sequence[bytes]:
        """The facts of this till's sales in these days to those of the next so many members who
        were chosen."""

    def categories(self) -> Sequence[str]:
        """Of the goods of the catalogue, in order."""

    def offer_sums(self, offer_id: str) -> OfferSums:
        """What the offer gave, in all sales known here."""


class CampaignRepositories(Protocol):
    """The part of a unit of work that has to do with campaigns."""

    @property
    def campaigns(self) -> CampaignRepository: ...

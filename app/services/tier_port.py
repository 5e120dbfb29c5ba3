"""The ports of tiers: requests, decisions and grants, and the lists of the desk.

Owns: those Protocols. Does not own: the other ports (ports.py), any implementation.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Protocol

from app.domain.ids import OpId
from app.domain.tier_desk import DeskList, TierPlace
from app.domain.tier_fact import (
    TierDecided,
    TierGranted,
    TierGrantRevoked,
    TierRequested,
    TierReviewed,
)

TierFact = TierRequested | TierDecided | TierGranted | TierGrantRevoked | TierReviewed


class TierChangeRepository(Protocol):
    """What was asked, decided and given by hand, at every till."""

    def put(self, data: bytes, *, counted: bool) -> bool:
        """Keep a fact by its canonical bytes; `counted`: the authority took it."""

    def request(self, op_id: OpId) -> TierRequested | None: ...

    def grant(self, op_id: OpId) -> TierGranted | None: ...

    def decisions(self, request_id: OpId) -> Sequence[TierDecided]:
        """About one request; what counts stands first."""

    def is_closed(self, request_id: OpId) -> bool:
        """Whether a decision about it counts."""

    def open_requests(self, limit: int = 100) -> Sequence[TierRequested]:
        """Those nobody decided about, as far as counts; the oldest first."""

    def of_members(self, member_ids: Sequence[str]) -> Sequence[TierFact]:
        """Everything about these ids of one person, oldest first."""


class TierDeskRepository(Protocol):
    """Who stands on which list, as the last walk found."""

    def put(self, places: Mapping[str, TierPlace]) -> None:
        """Keep where these members stand; who stands nowhere is forgotten."""

    def page(self, which: DeskList, limit: int, passed: int = 0) -> Sequence[str]:
        """Member ids of one list: the nearest, the most urgent first."""

    def count(self, which: DeskList) -> int: ...

    def walked(self) -> tuple[str, date | None]:
        """Behind whom the walk goes on, and the last day on which it came to its end."""

    def put_walked(self, after: str, day: date | None) -> None: ...


class TierRepositories(Protocol):
    """The part of a unit of work that has to do with tiers."""

    @property
    def tier_changes(self) -> TierChangeRepository: ...
    @property
    def tier_desk(self) -> TierDeskRepository: ...

"""The ports of sync: what services see of a till's enrolment, outbox and inbox.

Owns: those Protocols. Does not own: the other ports (ports.py), sending and listening (sync).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Protocol

from app.domain.account import MemberAccount
from app.domain.agreement_record import DayCompared, SentCount
from app.domain.enrolment import Enrolment
from app.domain.erasure import Erasure, TillReport
from app.domain.erasure_fact import ErasureDone, PersonErased
from app.domain.grant import (
    FloorUsed,
    GrantEnd,
    OfflineSpend,
    PassKey,
    PointGrant,
    Promised,
    Reservation,
)
from app.domain.ids import OpId
from app.domain.inbox import Listened
from app.domain.outbox import MemberSecret, OutboxCount, OutboxState, PlacedFact, SentFact
from app.domain.settings import Identity
from app.services.message_port import MessageRepository


class EnrolmentRepository(Protocol):
    """Who this till is towards its server."""

    def read(self) -> Enrolment | None:
        """None: never enrolled, the shop is its own authority."""

    def learn_pages(self, public_url: str) -> None:
        """Head office has an address now that customers' phones reach."""


class DeviceRepository(Protocol):
    """The identity on receipts."""

    def read(self) -> Identity | None: ...


class OutboxRepository(Protocol):
    """This till's facts as the server knows them."""

    def count(self) -> OutboxCount: ...

    def pending_kinds(self, limit: int) -> Mapping[str, int]:
        """How many of the oldest pending facts are of each kind."""

    def get(self, op_id: OpId) -> SentFact | None: ...

    def in_state(self, state: OutboxState, limit: int = 100) -> Sequence[SentFact]:
        """Those answered last first."""

    def put_state(self, op_id: OpId, state: OutboxState) -> None:
        """What a person decided about a refused request."""

    def pending_after(self, epoch: int, dseq: int, limit: int) -> Sequence[PlacedFact]:
        """Pending facts in their newest envelopes, in order, from behind a place."""

    def written_after(self, epoch: int, dseq: int, limit: int) -> Sequence[PlacedFact]:
        """All facts in their first envelopes, in order, from behind a place."""

    def secrets_for(self, op_ids: Sequence[OpId]) -> Sequence[MemberSecret]:
        """The keys of members whose sealed data stands in these facts."""

    def count_all(self) -> int:
        """Every fact this till ever wrote."""

    def count_forked(self) -> int:
        """Pending facts whose places are another till's for the server."""


class InboxRepository(Protocol):
    """How far each stream was heard."""

    def listened(self) -> Sequence[Listened]: ...


class ConfirmedRepository(Protocol):
    """What the server says of members."""

    def account(self, member_id: str) -> MemberAccount | None:
        """As the server told it last, without anything of this till's own; None = never told."""

    def promised(self, member_id: str) -> Sequence[Promised]:
        """What of it is spoken for, by whichever till, as the server told it last."""

    def shown(self, member_id: str) -> MemberAccount | None:
        """Made anew from what is kept; None where the server never told of him."""


class AgreementRepository(Protocol):
    """Days as both sides counted them."""

    def of_day(self, day: date) -> Sequence[DayCompared]:
        """By epoch; empty where the day was never compared."""

    def sent_since(self, wall_ms: int) -> SentCount:
        """How much of what was written since then went over."""


class ForgettingRepository(Protocol):
    """Rows of sync that nothing asks for any more; each answers how many it deleted, at most
    `most`."""

    def passes(self, before_ms: int, most: int) -> int: ...

    def reservations(self, before_ms: int, most: int) -> int: ...

    def spends(self, boot_id: str, heard_ms: int, most: int) -> int: ...

    def grants(self, before_ms: int, most: int) -> int: ...

    def agreements(self, before: date, most: int) -> int: ...

    def known_facts(self, before: date, most: int) -> int: ...

    def inactive(self, before: date, after: str, most: int) -> tuple[Sequence[str], str]:
        """Of the next so many members: who was not here since that day; behind whom to go on."""

    def ownerless_cases(
        self, home: str, before_ms: int, after: tuple[int, str], most: int
    ) -> Sequence[tuple[str, int]]:
        """Complaints of nobody's member closed before that moment, and when they were."""

    def holds(self, before_ms: int, most: int) -> int: ...

    def count_holds(self, before_ms: int) -> int: ...


class GrantRepository(Protocol):
    """Parts of balances of this till, what is kept for its sales, keys of passes."""

    def of_member(self, member_id: str) -> Sequence[PointGrant]:
        """Those that have not ended."""

    def standing(self) -> Sequence[PointGrant]:
        """All that have not ended."""

    def end(self, grant_id: str, why: GrantEnd) -> None: ...

    def used_of(self, grant_id: str) -> Mapping[int, int]:
        """Points of it that sales here have used, by expiry month."""

    def uses_of(self, grant_id: str) -> Mapping[str, int]:
        """Benefits and rewards of it that were had here."""

    def floor_used(self, boot_id: str, since_ms: int) -> Mapping[str, FloorUsed]:
        """What was used by floor limits after a moment of this boot, by member."""

    def spend_offline(self, spent: OfflineSpend) -> None: ...

    def put_reservation(self, kept: Reservation) -> None: ...

    def reservation(self, reservation_id: str) -> Reservation | None: ...

    def reservation_of(self, sale_id: str) -> Reservation | None:
        """The newest that was asked for this sale."""

    def open_reservations(self) -> Sequence[Reservation]:
        """Asked for or held, oldest first."""

    def pass_keys(self) -> Sequence[PassKey]: ...

    def pass_seen(self, member_id: str, issued_ms: int) -> bool:
        """Whether this till accepted this very pass before."""

    def keep_pass(self, member_id: str, issued_ms: int, at_ms: int) -> None: ...


class ErasureRepository(Protocol):
    """People who were forgotten."""

    def get(self, member_id: str) -> Erasure | None:
        """By any of his ids."""

    def latest(self, limit: int) -> Sequence[Erasure]:
        """Those asked for here or told of, newest first."""

    def to_report(self) -> Sequence[Erasure]:
        """Those that are wiped here, which nobody was told yet."""

    def ask(self, asked: Erasure) -> None: ...

    def take(self, fact: PersonErased | ErasureDone) -> bool:
        """It holds: wipe him. False where this till knew and did so before."""

    def reported(self, erasure: Erasure) -> None: ...

    def report(self, told: TillReport) -> None:
        """A till says it has done it; this one included."""

    def reports(self, erasure_id: str) -> Sequence[TillReport]: ...

    def is_forgotten(self, member_id: str) -> bool:
        """Whether nothing may be written about him, or about whoever complained in this case."""

    def is_forgotten_by(self, phone: str) -> bool:
        """Whether somebody whom this till knew by this number was forgotten."""

    def end_claims(self) -> None:
        """Keep by no number any more who was forgotten, where every till has said so."""

    def wipe(self, ids: Sequence[str]) -> bool:
        """Leave nothing of this person; whether there was anything."""


class MemberAliases(Protocol):
    """Ids of before a merge under which nobody is kept here (app/store/member_alias.py)."""

    def survivor_of(self, alias: str) -> str | None:
        """For whom it stands; None where it is nobody's alias, or has a row of its own."""


class SyncRepositories(Protocol):
    """The part of a unit of work that has to do with sync."""

    @property
    def messages(self) -> MessageRepository: ...

    @property
    def device(self) -> DeviceRepository: ...
    @property
    def enrolment(self) -> EnrolmentRepository: ...
    @property
    def outbox(self) -> OutboxRepository: ...
    @property
    def inbox(self) -> InboxRepository: ...
    @property
    def agreements(self) -> AgreementRepository: ...
    @property
    def forgetting(self) -> ForgettingRepository: ...
    @property
    def grants(self) -> GrantRepository: ...
    @property
    def confirmed(self) -> ConfirmedRepository: ...
    @property
    def member_aliases(self) -> MemberAliases: ...
    @property
    def erasures(self) -> ErasureRepository: ...

    @property
    def holds_traces(self) -> bool:
        """Whether the file still holds something of who was forgotten before this."""

    def forget_traces(self) -> None:
        """Answer only when it does not, nor of who is forgotten in this."""

"""What the till's end needs of the till's store, in domain types; app/store fits by its shape.

Owns: those Protocols. Does not own: the ports of the heart (sync/ports.py), any implementation.
So neither room imports the other: the store knows no message, sync knows no table.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any, Protocol, TypeAlias, TypeVar

from app.domain.agreement_record import AnsweredFact, DayCompared
from app.domain.complaint_fact import CaseFact, SolutionNoted
from app.domain.confirmed import Arrived, ConfirmedMember, Finding, FoundBy
from app.domain.enrolment import Enrolment
from app.domain.erasure import TillReport
from app.domain.erasure_fact import ErasureDone, PersonErased
from app.domain.exception_case import ExceptionCase, ExceptionKind
from app.domain.grant import GrantEnd, PassKey, PointGrant
from app.domain.ids import OpId
from app.domain.link import Contact, Wire
from app.domain.message_record import MessageRecord
from app.domain.outbox import (
    Answer,
    ChainKept,
    MemberSecret,
    OutboxCount,
    PlacedFact,
    QueuedFact,
    SentFact,
)
from app.domain.photo import PhotoSought, SealedPhoto
from app.domain.product import Product
from app.domain.settings import Identity
from app.domain.staff import StaffMember
from app.domain.stored_fact import KnownFact
from app.domain.stored_program import StoredProgram
from app.domain.survey_fact import SurveyAnswered

T = TypeVar("T")

ReadSnapshot = Callable[[Path, bytes], Iterable[bytes]]
"""Every event of a snapshot file under its key, as JSON, one a line and some hundreds at a time."""


class FactsToSend(Protocol):
    """Facts on their way (app/store/outbox.py)."""

    def waiting(self, limit: int) -> Sequence[QueuedFact]: ...

    def load(self, op_ids: Sequence[OpId]) -> Sequence[PlacedFact]: ...

    def secrets_for(self, op_ids: Sequence[OpId]) -> Sequence[MemberSecret]: ...

    def settle(self, answers: Sequence[Answer], *, at_ms: int, decided: bool = False) -> None: ...

    def get(self, op_id: OpId) -> SentFact | None: ...

    def push_again(self, epoch: int, above: int) -> int: ...

    def pending_from(self, most: int) -> Mapping[int, int]: ...

    def disown(self, kept: ChainKept) -> int | None: ...

    def former_devices(self) -> Mapping[int, tuple[str, ...]]: ...

    def count(self) -> OutboxCount: ...

    def renew(self, epoch: int, limit: int) -> bool: ...


class Cases(Protocol):
    """What somebody should look at (app/store/exception_case.py)."""

    def get(self, case_id: str) -> ExceptionCase | None: ...

    def put(self, case: ExceptionCase) -> None: ...

    def open_of(self, kind: ExceptionKind) -> Sequence[ExceptionCase]: ...


class EnrolmentRecord(Protocol):
    """Who this till is (app/store/enrolment.py)."""

    def read(self) -> Enrolment | None: ...

    def epoch_to_ask(self) -> int: ...

    def adopt(self, identity: Identity, now: Enrolment, claim_secret: bytes) -> None: ...

    def put_server_epoch(self, epoch: int) -> None: ...

    def restored(self) -> None: ...


class Cursors(Protocol):
    """How far this till listened (app/store/inbox.py)."""

    def cursors(self) -> Mapping[str, int]: ...

    def move(self, name: str, cursor: int, *, head: int, at_ms: int) -> None: ...

    def put_contact(self, heard: Contact, boot_id: str) -> None: ...

    def last_contact(self, boot_id: str) -> Contact: ...

    def put_link(self, wire: Wire, reason: str, *, at_ms: int) -> None: ...


class Device(Protocol):
    """The identity on receipts (app/store/device.py)."""

    def read(self) -> Identity | None: ...


class ClaimKeys(Protocol):
    """The key under which phones are hashed (app/store/member_keys.py)."""

    def claim_secret(self) -> bytes: ...

    def learn(self, secrets_told: Iterable[MemberSecret]) -> None: ...


class Complaints(Protocol):
    """Cases (app/store/complaint.py)."""

    def take(self, fact: CaseFact) -> bool: ...


class Surveys(Protocol):
    """Answers about purchases (app/store/survey.py)."""

    def take(self, fact: SurveyAnswered) -> bool: ...


class Solutions(Protocol):
    """The library (app/store/solution.py)."""

    def take(self, fact: SolutionNoted) -> bool: ...


class ConfirmedAccounts(Protocol):
    """Members and their accounts as told (app/store/confirmed.py)."""

    def tell(self, told: Sequence[ConfirmedMember], server_epoch: int) -> int: ...

    def get(self, member_id: str) -> ConfirmedMember | None: ...

    def show_own(self, epoch: int, from_dseq: int) -> None: ...

    def doubt(self, after: str, limit: int) -> str | None: ...

    def untold(self, server_epoch: int, after: str, limit: int) -> tuple[list[str], str | None]: ...

    def known_to_none(self, member_id: str, server_epoch: int) -> None: ...


class Arrivals(Protocol):
    """Members by the hundred thousand (app/store/arrival.py)."""

    def prepared(self, told: Sequence[ConfirmedMember]) -> Sequence[Any]:
        """What needs no file, for `put`; also outside of a unit of work."""

    def put(self, prepared: Sequence[Any], server_epoch: int) -> Arrived: ...

    def welcome(
        self, told: Sequence[ConfirmedMember], server_epoch: int
    ) -> Sequence[ConfirmedMember]: ...

    def find(self, found_by: FoundBy, rows: Sequence[Finding]) -> int: ...

    def found(self, first: int, last: int, seen_last: Sequence[int]) -> None: ...

    def finish_some(self, limit: int) -> bool: ...


class KnownFacts(Protocol):
    """Sales and refunds of other tills (app/store/known_fact.py)."""

    def put(self, told: KnownFact) -> bool: ...


class TierChanges(Protocol):
    """Tiers asked for, decided and given by hand (app/store/tier_change.py)."""

    def put(self, data: bytes, *, counted: bool) -> bool: ...

    def close(self, request_id: OpId) -> None: ...


class Grants(Protocol):
    """What may be spent without asking, and pass keys (app/store/grant.py)."""

    def put(self, given: PointGrant) -> None: ...

    def end(self, grant_id: str, why: GrantEnd) -> None: ...

    def put_pass_keys(self, keys: Sequence[PassKey]) -> None: ...


class Messages(Protocol):
    """What a member was sent (app/store/message.py)."""

    def put(self, member_id: str, records: Sequence[MessageRecord], asked_ms: int) -> None: ...


class Photos(Protocol):
    """Pictures beside records (app/store/photo.py)."""

    def waiting(self, limit: int) -> Sequence[str]: ...

    def sealed(self, photo_id: str) -> SealedPhoto | None: ...

    def sent(self, photo_id: str, server_epoch: int) -> None: ...

    def send_again(self, server_epoch: int | None) -> None: ...

    def take(self, sought: PhotoSought, came: SealedPhoto, at_ms: int) -> bool: ...


class Agreements(Protocol):
    """What both sides count (app/store/agreement.py)."""

    def answered(self, epoch: int, after: int, most: int) -> Sequence[AnsweredFact]: ...

    def put(self, compared: DayCompared) -> None: ...

    def alike_up_to(self, epoch: int) -> Mapping[date, int]: ...


class Programs(Protocol):
    """Published rules (app/store/program.py)."""

    def tell(self, stored: StoredProgram) -> bool: ...


class Products(Protocol):
    """The catalogue (app/store/product.py)."""

    def put(self, new: Product) -> None: ...


class Staff(Protocol):
    """Who may work here (app/store/staff.py)."""

    def tell(self, person: StaffMember) -> None: ...


class Erasures(Protocol):
    """People who were forgotten (app/store/erasure.py)."""

    def take(self, fact: PersonErased | ErasureDone) -> bool: ...

    def report(self, told: TillReport) -> None: ...

    def end(self, erasure_id: str, at_ms: int) -> None: ...


class TillWork(Protocol):
    """One unit of work of the till's store, as much of it as sync uses."""

    @property
    def outbox(self) -> FactsToSend: ...
    @property
    def enrolment(self) -> EnrolmentRecord: ...
    @property
    def inbox(self) -> Cursors: ...
    @property
    def device(self) -> Device: ...
    @property
    def member_keys(self) -> ClaimKeys: ...
    @property
    def confirmed(self) -> ConfirmedAccounts: ...
    @property
    def arrivals(self) -> Arrivals: ...
    @property
    def known_facts(self) -> KnownFacts: ...
    @property
    def tier_changes(self) -> TierChanges: ...
    @property
    def grants(self) -> Grants: ...
    @property
    def messages(self) -> Messages: ...
    @property
    def photos(self) -> Photos: ...
    @property
    def agreements(self) -> Agreements: ...
    @property
    def exceptions(self) -> Cases: ...
    @property
    def erasures(self) -> Erasures: ...
    @property
    def complaints(self) -> Complaints: ...
    @property
    def solutions(self) -> Solutions: ...
    @property
    def surveys(self) -> Surveys: ...
    @property
    def programs(self) -> Programs: ...
    @property
    def products(self) -> Products: ...
    @property
    def staff(self) -> Staff: ...


Note: TypeAlias = Callable[[Any], object]
"""What somebody else writes in the transaction that makes this till another one. It is handed the
till's unit of work, of which this room sees a part and whoever wrote it another."""


def unnoted(work: TillWork) -> None:
    """Nobody keeps a trail of it."""


class TillLane(Protocol):
    """The store lane: one transaction at the lowest priority; waits for its end."""

    def run(self, work: Callable[[TillWork], T]) -> T: ...


class DeviceKey(Protocol):
    """Keys of this machine (app/store/device_key.py)."""

    def new(self) -> tuple[str, bytes]: ...

    def sign(self, key_id: str | None, data: bytes) -> bytes: ...

    def has(self, key_id: str | None) -> bool: ...

    def forget(self, key_id: str) -> None: ...

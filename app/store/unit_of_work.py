"""One unit of work: the repositories of one transaction, what it changed, what follows its commit.

Owns: handing out the repositories, gathering Changes and callbacks.
Does not own: begin, commit and rollback (lane.py), SQL (one file per noun).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeVar

from sqlalchemy import Connection

from app.store.account import AccountRepository
from app.store.agreement import AgreementRepository
from app.store.arrival import ArrivalRepository
from app.store.audit import AuditRepository
from app.store.basket import BasketRepository
from app.store.campaign import CampaignRepository
from app.store.changes import Changes, union
from app.store.churn import ChurnRepository
from app.store.complaint import ComplaintRepository
from app.store.confirmed import ConfirmedRepository
from app.store.coupon import CouponRepository
from app.store.database import driver_of
from app.store.device import DeviceRepository
from app.store.enrolment import EnrolmentRepository
from app.store.erasure import ErasureRepository
from app.store.exception_case import ExceptionRepository
from app.store.facts import FactRepository
from app.store.figure_count import FigureCountRepository
from app.store.figures import FigureRepository
from app.store.forgetting import ForgettingRepository
from app.store.grant import GrantRepository
from app.store.habit import HabitRepository
from app.store.hold import HoldRepository
from app.store.inbox import InboxRepository
from app.store.known_fact import KnownFactRepository
from app.store.member import MemberRepository
from app.store.member_alias import MemberAliases
from app.store.member_import import MemberImportRepository
from app.store.member_keys import MemberKeys
from app.store.member_list import MemberListRepository
from app.store.message import MessageRepository
from app.store.not_applied import NotAppliedRepository
from app.store.outbox import OutboxRepository
from app.store.payment import PaymentRepository
from app.store.photo import PhotoRepository
from app.store.product import ProductRepository
from app.store.program import ProgramRepository
from app.store.refund import RefundRepository
from app.store.rights import RightsRepository
from app.store.sale import SaleRepository
from app.store.segments import SegmentRepository
from app.store.settings import SettingsRepository
from app.store.shift import ShiftRepository
from app.store.solution import SolutionRepository
from app.store.staff import StaffRepository
from app.store.survey import SurveyRepository
from app.store.tier_change import TierChangeRepository
from app.store.tier_desk import TierDeskRepository

T = TypeVar("T")


class _Made(Generic[T]):
    """A repository of each unit of work, made when somebody asks for it: few ask for many."""

    def __init__(self, make: Callable[[UnitOfWork], T]) -> None:
        self._make = make

    def __set_name__(self, owner: type[UnitOfWork], name: str) -> None:
        self._name = name

    def __get__(self, unit: UnitOfWork, owner: type[UnitOfWork]) -> T:
        # Kept under the same name in the unit itself, which is looked at first from now on.
        made = unit.__dict__[self._name] = self._make(unit)
        return made


class UnitOfWork:
    """What a service gets: valid until the work returns, on the lane thread only."""

    device = _Made(DeviceRepository)
    members = _Made(MemberRepository)
    member_aliases = _Made(MemberAliases)
    member_keys = _Made(MemberKeys)
    member_list = _Made(MemberListRepository)
    products = _Made(ProductRepository)
    accounts = _Made(AccountRepository)
    coupons = _Made(CouponRepository)
    facts = _Made(lambda unit: FactRepository(unit, unit.device))
    sales = _Made(lambda unit: SaleRepository(unit, unit.device))
    baskets = _Made(BasketRepository)
    payments = _Made(PaymentRepository)
    staff = _Made(StaffRepository)
    audit = _Made(AuditRepository)
    settings = _Made(SettingsRepository)
    programs = _Made(ProgramRepository)
    not_applied = _Made(NotAppliedRepository)
    shifts = _Made(ShiftRepository)
    refunds = _Made(lambda unit: RefundRepository(unit, unit.device))
    rights = _Made(RightsRepository)
    habits = _Made(HabitRepository)
    surveys = _Made(SurveyRepository)
    messages = _Made(MessageRepository)
    holds = _Made(HoldRepository)
    exceptions = _Made(ExceptionRepository)
    erasures = _Made(ErasureRepository)
    outbox = _Made(OutboxRepository)
    enrolment = _Made(lambda unit: EnrolmentRepository(unit, unit.device))
    inbox = _Made(InboxRepository)
    confirmed = _Made(lambda unit: ConfirmedRepository(unit, unit.device, unit.outbox))
    arrivals = _Made(ArrivalRepository)
    known_facts = _Made(KnownFactRepository)
    agreements = _Made(AgreementRepository)
    forgetting = _Made(ForgettingRepository)
    grants = _Made(GrantRepository)
    complaints = _Made(ComplaintRepository)
    solutions = _Made(SolutionRepository)
    photos = _Made(PhotoRepository)
    member_imports = _Made(MemberImportRepository)
    tier_changes = _Made(TierChangeRepository)
    tier_desk = _Made(TierDeskRepository)
    campaigns = _Made(CampaignRepository)
    figure_counts = _Made(FigureCountRepository)
    figures = _Made(FigureRepository)
    segments = _Made(SegmentRepository)
    churn = _Made(ChurnRepository)

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.driver = driver_of(connection)
        self._said: set[Changes] = set()
        self.callbacks: list[Callable[[], None]] = []
        self.leaves_traces = self.holds_traces = False
        """Whether the log is to be emptied after this; whether it was still to be before."""
        self.is_waited_for: Callable[[], bool] = _nobody_waits
        """Whether a sale waits for the end of this: who does much asks, and does the rest later."""

    def changed(self, changes: Changes) -> None:
        """Repositories say what they wrote; subscribers hear it after the commit."""
        self._said.add(changes)

    @property
    def changes(self) -> Changes:
        """Everything that was said to have changed."""
        return union(self._said)

    def forget_traces(self) -> None:
        """Empty the write-ahead log after the commit: it still holds the pages as they were."""
        self.leaves_traces = True

    def after_commit(self, callback: Callable[[], None]) -> None:
        """Run it in the lane thread after the commit and before the caller gets its answer.

        Never run where the work raised or the commit failed.
        """
        self.callbacks.append(callback)


def _nobody_waits() -> bool:
    return False

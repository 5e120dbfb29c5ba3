"""One unit of work: the repositories of one transaction, what it changed, what follows its commit.

Owns: handing out the repositories, gathering Changes and callbacks.
Does not own: begin, commit and rollback (lane.py), SQL (one file per noun).
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property

from sqlalchemy import Connection

from app.store.account import AccountRepository
from app.store.agreement import AgreementRepository
from app.store.audit import AuditRepository
from app.store.basket import BasketRepository
from app.store.changes import Changes, union
from app.store.confirmed import ConfirmedRepository
from app.store.coupon import CouponRepository
from app.store.database import driver_of
from app.store.device import DeviceRepository
from app.store.enrolment import EnrolmentRepository
from app.store.exception_case import ExceptionRepository
from app.store.facts import FactRepository
from app.store.forgetting import ForgettingRepository
from app.store.grant import GrantRepository
from app.store.hold import HoldRepository
from app.store.inbox import InboxRepository
from app.store.known_fact import KnownFactRepository
from app.store.member import MemberRepository
from app.store.member_keys import MemberKeys
from app.store.not_applied import NotAppliedRepository
from app.store.outbox import OutboxRepository
from app.store.payment import PaymentRepository
from app.store.product import ProductRepository
from app.store.program import ProgramRepository
from app.store.refund import RefundRepository
from app.store.rights import RightsRepository
from app.store.sale import SaleRepository
from app.store.settings import SettingsRepository
from app.store.shift import ShiftRepository
from app.store.staff import StaffRepository


class UnitOfWork:
    """What a service gets: valid until the work returns, on the lane thread only."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.driver = driver_of(connection)
        self._said: set[Changes] = set()
        self.device = DeviceRepository(self)
        self.callbacks: list[Callable[[], None]] = []
        self.leaves_traces = False
        self.members = MemberRepository(self)
        self.member_keys = MemberKeys(self)
        self.products = ProductRepository(self)
        self.accounts = AccountRepository(self)
        self.coupons = CouponRepository(self)
        self.facts = FactRepository(self, self.device)
        self.sales = SaleRepository(self, self.device)
        self.baskets = BasketRepository(self)
        self.payments = PaymentRepository(self)
        self.staff = StaffRepository(self)
        self.audit = AuditRepository(self)
        self.settings = SettingsRepository(self)
        self.programs = ProgramRepository(self)
        self.not_applied = NotAppliedRepository(self)
        self.shifts = ShiftRepository(self)
        self.refunds = RefundRepository(self, self.device)
        self.rights = RightsRepository(self)
        self.holds = HoldRepository(self)
        self.exceptions = ExceptionRepository(self)

    # What a sale does not need is made when it is asked for: a sale makes a unit of work too.

    @cached_property
    def outbox(self) -> OutboxRepository:
        return OutboxRepository(self)

    @cached_property
    def enrolment(self) -> EnrolmentRepository:
        return EnrolmentRepository(self, self.device)

    @cached_property
    def inbox(self) -> InboxRepository:
        return InboxRepository(self)

    @cached_property
    def confirmed(self) -> ConfirmedRepository:
        return ConfirmedRepository(self, self.device, self.outbox)

    @cached_property
    def known_facts(self) -> KnownFactRepository:
        return KnownFactRepository(self)

    @cached_property
    def agreements(self) -> AgreementRepository:
        return AgreementRepository(self)

    @cached_property
    def forgetting(self) -> ForgettingRepository:
        return ForgettingRepository(self)

    @cached_property
    def grants(self) -> GrantRepository:
        return GrantRepository(self)

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

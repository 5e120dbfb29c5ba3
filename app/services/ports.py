"""Ports: what services need from the world, in domain types. Store and devices fit them.

Owns: the Protocols. Does not own: any implementation, and no rule.
A unit of work is one transaction of the store lane: it commits when the service returns and
rolls back when it raises. Repositories answer domain records; None means "there is none such".
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import Protocol, TypeVar

from app.domain.account import MemberAccount
from app.domain.facts import Sealed
from app.domain.member import CardHolder, Member
from app.domain.moment import Moment
from app.domain.money import Money
from app.domain.open_basket import OpenBasket
from app.domain.payment import AttemptState, PaymentAttempt
from app.domain.product import Product
from app.domain.quote import NotApplied
from app.domain.sale import Sale, SaleSummary
from app.domain.settings import Settings
from app.domain.shift import ClosedShift, SavedCount, Shift
from app.domain.staff import SignInRecord, StaffMember
from app.domain.stored_fact import AppendedFact, FactToAppend, StoredFact
from app.domain.stored_program import OfferUse, StoredProgram
from app.services.audit_port import AuditRepository
from app.services.counter_port import CounterRepositories
from app.services.desk_port import DeskRepositories
from app.services.device_port import Drawer as Drawer  # noqa: PLC0414 - every port is had from here
from app.services.device_port import PaymentTerminal as PaymentTerminal  # noqa: PLC0414 - as above
from app.services.device_port import PrintQueue as PrintQueue  # noqa: PLC0414 - as above
from app.services.habit_port import HabitRepository
from app.services.member_port import MemberListRepository
from app.services.refund_port import RefundRepository
from app.services.sync_port import SyncRepositories

T = TypeVar("T")


# ------------------------------------------------------------------ the world outside the store


class Clock(Protocol):
    """The machine's clocks."""

    def now(self) -> Moment: ...


class Ids(Protocol):
    """Chance and identity."""

    def op_id(self, wall_ms: int) -> str:
        """A new UUIDv7."""

    def code_bits(self) -> int:
        """60 random bits for a new card, coupon or badge (codes.random_code)."""


class Stopwatch(Protocol):
    """Measures work, not waiting: what else the machine does meanwhile is nobody's mistake."""

    def __call__(self) -> int:
        """Nanoseconds of work done so far; only differences mean something."""


class PinHasher(Protocol):
    """Slow hashes of PINs, peppered with a key of the device."""

    def hash_pin(self, pin: str) -> str: ...

    def is_right(self, pin: str, pin_hash: str) -> bool: ...


# ------------------------------------------------------------------ the store, noun by noun


class MemberRepository(Protocol):
    """Members with their cards; searching is over names, pinyin, initials, phones and cards."""

    def get(self, member_id: str) -> Member | None: ...

    def by_card(self, card_code: str) -> CardHolder | None: ...

    def by_phone(self, phone: str) -> Sequence[Member]:
        """All members with this number (E.164), oldest first; none that were erased."""

    def sent_by(self, member_ids: Sequence[str], limit: int) -> Sequence[Member]:
        """Whom these sent, who joined last first; of merged and erased ones too."""

    def by_last_digits(self, digits: str, limit: int) -> Sequence[Member]:
        """Members whose phone ends so: visited last first."""

    def search(self, text: str, limit: int) -> Sequence[Member]:
        """By prefix of name, pinyin or pinyin initials; visited last first."""

    def add(self, member: Member) -> None:
        """A new member with the card in use."""

    def update(self, member: Member) -> None:
        """The profile as it is now. A changed `card_code` puts the old card out of use."""

    def visited(self, member_id: str, day: date) -> None: ...

    def count(self) -> int: ...

    def all_ids(self, after: str = "", limit: int = 1000) -> Sequence[str]:
        """Member ids in order, from behind `after`: for checks in small units."""

    def page(self, after: str, limit: int) -> Sequence[Member]:
        """Members by id, from behind `after`: for nightly work in small units."""


class MemberKeys(Protocol):
    """One key per member; destroying it makes the person unreadable in every fact."""

    def seal(self, member_id: str, plain: bytes) -> Sealed:
        """Encrypt under the member's key, which is made at the first use."""

    def unseal(self, member_id: str, sealed: Sealed) -> bytes | None:
        """None where the key was destroyed."""

    def destroy(self, member_id: str) -> None: ...

    def claim(self, identity: str) -> str:
        """The keyed hash (HMAC of the shop's secret) of an identity such as "phone:+86138..."."""

    def claim_secret(self) -> bytes: ...


class ProductRepository(Protocol):
    """The catalogue."""

    def get(self, sku: str) -> Product | None: ...

    def by_barcode(self, code: str) -> Product | None:
        """By GTIN in its shortest form, another printed code, or the sku itself."""

    def by_scale_code(self, scale_code: str) -> Product | None: ...

    def search(self, text: str, limit: int) -> Sequence[Product]:
        """Active products by code, name, pinyin or initials: the best first."""

    def put(self, product: Product) -> None:
        """Add it or replace it (by sku)."""

    def page(self, after: str, limit: int) -> Sequence[Product]:
        """Products by sku, from behind `after`: all of them in small units."""

    def count(self) -> int: ...


class AccountRepository(Protocol):
    """Folded accounts. The store keeps what it is given; only account.fold makes one."""

    def get(self, member_id: str) -> MemberAccount | None: ...

    def get_many(self, member_ids: Sequence[str]) -> Mapping[str, MemberAccount]:
        """Those there are, by member id."""

    def put(self, member_id: str, account: MemberAccount) -> None: ...

    def remove(self, member_id: str) -> None:
        """Of a member whose facts stand in the account of whom he was merged into."""


class CouponRepository(Protocol):
    """Which member a coupon code belongs to; whether it is usable is for the account's view."""

    def owner(self, coupon_id: str) -> str | None: ...

    def issued(self, coupon_id: str, member_id: str) -> None: ...


class FactRepository(Protocol):
    """Facts: appended once, never changed. Appending also writes the outbox row."""

    def append(self, fact: FactToAppend) -> AppendedFact:
        """Next dseq, chain link over the bytes, outbox row. StoreError for an op_id known."""

    def get(self, op_id: str) -> StoredFact | None: ...

    def last_moment(self) -> Moment | None:
        """When the last fact was appended here, as far as the clocks were believed."""

    def of_member(self, member_id: str, latest: int | None = None) -> Sequence[StoredFact]:
        """In the order of this till; `latest`: only so many of the last ones."""

    def of_member_and_kinds(self, member_id: str, kinds: Iterable[str]) -> Sequence[StoredFact]: ...
    def shared_since(self, sales: Iterable[str]) -> Sequence[StoredFact]: ...
    def of_shift(self, shift_id: str) -> Sequence[StoredFact]: ...

    def all_facts(self, after_dseq: int = 0, limit: int = 1000) -> Sequence[StoredFact]: ...

    def epochs(self) -> Sequence[int]:
        """Those that facts were written in; each restore begins a new one."""

    def of_epoch(self, epoch: int, after_dseq: int, limit: int) -> Sequence[StoredFact]: ...


class SaleRepository(Protocol):
    """Finished sales for look-up; the fact is the truth."""

    def add(self, sale: Sale) -> None: ...

    def get(self, sale_id: str) -> Sale | None: ...

    def by_receipt(self, receipt_code: str) -> SaleSummary | None: ...

    def latest(self, limit: int = 1) -> Sequence[SaleSummary]: ...

    def of_member(self, member_id: str, limit: int = 10) -> Sequence[SaleSummary]:
        """Newest first."""

    def by_sequence(self, business_day: date, sequence: int) -> SaleSummary | None:
        """The sale with this number of that day."""

    def of_day(
        self, business_day: date, due: Money | None = None, limit: int = 50
    ) -> Sequence[SaleSummary]:
        """Newest first; `due`: only those that cost exactly so much."""

    def next_sequence(self, business_day: date) -> int:
        """1 + the highest sequence of this till's epoch on that day."""

    def count_of_member(self, member_id: str, business_day: date) -> int: ...

    def points_spent(self, member_id: str, business_day: date) -> int: ...

    def last_sold_ms(self) -> int | None:
        """The highest wall time of any sale here."""

    def sold_in_full(self, since_ms: int) -> Sequence[tuple[str, int, int]]:
        """Sku, thousandths and amount of lines since then from which nothing was taken off."""

    def count(self) -> int: ...


class BasketRepository(Protocol):
    """The open basket of this till, in one row."""

    def load(self) -> OpenBasket | None: ...

    def save(self, basket: OpenBasket) -> None: ...

    def clear(self) -> None: ...


class PaymentRepository(Protocol):
    """Attempts to take money by a terminal."""

    def add(self, attempt: PaymentAttempt) -> None: ...

    def get(self, attempt_id: str) -> PaymentAttempt | None: ...

    def update(self, attempt: PaymentAttempt) -> None: ...

    def in_states(self, states: Iterable[AttemptState]) -> Sequence[PaymentAttempt]:
        """Oldest first."""

    def of_basket(self, basket_id: str) -> Sequence[PaymentAttempt]: ...


class StaffRepository(Protocol):
    """Staff and their sign-in records."""

    def get(self, staff_id: str) -> StaffMember | None: ...

    def by_badge(self, badge_code: str) -> StaffMember | None: ...

    def all_staff(self) -> Sequence[StaffMember]:
        """By name."""

    def put(self, staff: StaffMember) -> None: ...

    def sign_in_record(self, staff_id: str) -> SignInRecord:
        """An empty one where nothing is kept."""

    def put_sign_in_record(self, record: SignInRecord) -> None: ...


class SettingsRepository(Protocol):
    """The shop's settings, and where a set-up stopped."""

    def read(self) -> Settings: ...

    def write(self, settings: Settings) -> None: ...

    def setup_step(self) -> str | None:
        """The step of the first-run set-up to go on with; None = not begun; "done"."""

    def put_setup_step(self, step: str) -> None: ...


class ProgramRepository(Protocol):
    """All versions ever received, and what offers have given."""

    def all_programs(self) -> Sequence[StoredProgram]:
        """By effective date, then version, oldest first."""

    def add(self, program: StoredProgram) -> None: ...

    def offer_uses(self) -> Sequence[OfferUse]: ...

    def member_offer_uses(self, member_id: str) -> Sequence[OfferUse]: ...

    def count_offer_use(self, use: OfferUse, member_id: str | None) -> None:
        """Add to what the offer has given, in the shop and to the member."""


class NotAppliedRepository(Protocol):
    """What was considered at a sale and not applied; local, kept 35 days."""

    def keep(self, sale_id: str, day: date, not_applied: Sequence[NotApplied]) -> None: ...

    def of_sale(self, sale_id: str) -> Sequence[NotApplied]: ...

    def forget_before(self, day: date) -> None: ...


class ShiftRepository(Protocol):
    """The drawer's shifts: one open at most; a closed one never changes."""

    def current(self) -> Shift | None: ...

    def begin(self, new: Shift) -> None:
        """Its fact is appended in the same transaction."""

    def put_state(self, changed: Shift) -> None:
        """Keep whose it is now and where its counting stands."""

    def add_count(self, shift_id: str, saved: SavedCount) -> None: ...

    def close(self, done: ClosedShift) -> None: ...

    def next_number(self) -> int: ...

    def closed(self, limit: int = 50, before: int | None = None) -> Sequence[ClosedShift]:
        """Newest first; `before`: only lower numbers."""

    def by_number(self, number: int) -> ClosedShift | None: ...

    def closed_by_id(self, shift_id: str) -> ClosedShift | None: ...


class UnitOfWork(SyncRepositories, CounterRepositories, DeskRepositories, Protocol):
    """One transaction: all repositories, and what to do once it is durable."""

    @property
    def members(self) -> MemberRepository: ...
    @property
    def member_keys(self) -> MemberKeys: ...
    @property
    def member_list(self) -> MemberListRepository: ...
    @property
    def products(self) -> ProductRepository: ...
    @property
    def accounts(self) -> AccountRepository: ...
    @property
    def coupons(self) -> CouponRepository: ...
    @property
    def facts(self) -> FactRepository: ...
    @property
    def sales(self) -> SaleRepository: ...
    @property
    def baskets(self) -> BasketRepository: ...
    @property
    def payments(self) -> PaymentRepository: ...
    @property
    def staff(self) -> StaffRepository: ...
    @property
    def audit(self) -> AuditRepository: ...
    @property
    def settings(self) -> SettingsRepository: ...
    @property
    def programs(self) -> ProgramRepository: ...
    @property
    def not_applied(self) -> NotAppliedRepository: ...
    @property
    def shifts(self) -> ShiftRepository: ...
    @property
    def refunds(self) -> RefundRepository: ...
    @property
    def habits(self) -> HabitRepository: ...

    def after_commit(self, callback: Callable[[], None]) -> None:
        """Run it in the lane thread after the commit and before the caller gets its answer.

        Never run where the work raised or the commit failed.
        """


class Lane(Protocol):
    """The store lane, for work that takes several units (nightly, import, replay)."""

    def run(self, work: Callable[[UnitOfWork], T]) -> T:
        """Run it in one transaction and wait; raises what it raised. Never on the lane thread."""

"""The shop as services see it: the ports, which till this is, and the desk.

Owns: the bundle every service gets, and the desk - the committed state of this till in memory.
Does not own: how the desk is changed (each service computes a new state), what is shown of it
(till_state.py).

The desk is read and changed only in the lane thread. A service computes a new immutable state,
saves what must survive a kill and adopts the state after the commit (`keep`), so a failed
transaction leaves the till exactly as it was.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from app.domain.account import MemberAccount
from app.domain.churn import NO_MODEL, ChurnModel
from app.domain.complaint_row import OpenComplaints
from app.domain.consent import ConsentText, Purpose
from app.domain.member import Member, PersonalData
from app.domain.moment import Moment
from app.domain.open_basket import MemberOnBasket, OpenBasket
from app.domain.payment import PaymentAttempt, TenderKind
from app.domain.product import Product
from app.domain.program import Program
from app.domain.quote import Quote
from app.domain.redeem_way import OWN, RedeemWay
from app.domain.rights import DEFAULT_RIGHTS, Rights
from app.domain.settings import Identity, Settings
from app.domain.shift import HeldAtHandover, Shift
from app.domain.staff import StaffMember
from app.domain.stored_program import OfferUse
from app.domain.view import AccountView
from app.services.open_approval import PendingApproval
from app.services.ports import (
    Clock,
    Drawer,
    Ids,
    PaymentTerminal,
    PinHasher,
    PrintQueue,
    Stopwatch,
    UnitOfWork,
)
from app.services.seal_port import NoSealHere, SealPort
from app.services.server_port import NoServerHere, ServerPort
from app.wording import Wording


@dataclass(frozen=True, slots=True)
class MemberSeat:
    """The member on the open basket: who it is, his folded account and today's view of it."""

    member: Member
    how: MemberOnBasket
    account: MemberAccount
    view: AccountView
    as_of: date
    """The business day the view was judged for."""
    is_new: bool = False
    """Joined during this basket: he is welcomed, not greeted."""
    offer_uses: Mapping[str, int] = field(default_factory=dict)
    """How often he has used each offer that limits it per member."""
    complaint: OpenComplaints | None = None
    """What of his is still to be settled."""
    redeem: RedeemWay = OWN
    """How his points are spent now, and how many of them."""
    beside: tuple[PersonalData, ...] = ()
    """Of members who were merged into him: what the shop wrote of them is read with his."""


@dataclass(frozen=True, slots=True)
class ClockBehind:
    """The clock stands before the last sale of this till. It warns, it never stops a sale."""

    last_sold_ms: int
    now_ms: int


@dataclass(frozen=True, slots=True)
class DeskState:
    """Everything a till knows between two acts."""

    basket: OpenBasket
    settings: Settings
    programs: tuple[Program, ...]
    """All versions this till may still need, by effective date."""
    program: Program
    """The version in force."""
    quote: Quote
    empty_quote: Quote | None = None
    """The quote of nothing under the program in force: the next basket starts with it."""
    quoted_ms: int = 0
    """Wall time of the quote: hours and days of offers are judged again when it is older."""
    gifts: Mapping[str, Product] = field(default_factory=dict)
    """The products that offers in force may give, by sku."""
    offer_uses: Mapping[str, OfferUse] = field(default_factory=dict)
    """What offers have given in this shop, counted against their budgets."""
    seat: MemberSeat | None = None
    staff: StaffMember | None = None
    locked: bool = False
    attempt: PaymentAttempt | None = None
    """A terminal was asked and has not answered: nothing about the basket may change."""
    clock: ClockBehind | None = None
    last_moment: Moment | None = None
    """As the store keeps it (FactRepository.last_moment): it bounds what is priced and shown."""
    last_sale_id: str | None = None
    shift: Shift | None = None
    """The open shift of this till's drawer."""
    rights: Rights = DEFAULT_RIGHTS
    """What each role may do, as the shop says."""
    holds: int = 0
    """How many sales are held."""
    approval: PendingApproval | None = None
    """An act that waits for somebody's yes."""


@dataclass(slots=True)
class Desk:
    """Holds the committed state of the till. `state` is None until the till was opened."""

    committed: DeskState | None = None

    @property
    def state(self) -> DeskState:
        if self.committed is None:
            raise RuntimeError("the till is not open yet: open_till comes first")
        return self.committed

    def bound_by(self, last: Moment) -> None:
        """A fact was written, whoever asked for it. Lane thread only."""
        if self.committed is not None:
            self.committed = replace(self.committed, last_moment=last)

    def adopt(self, state: DeskState) -> None:
        """Take over a state whose transaction has committed. Lane thread only."""
        self.committed = state


def _always() -> bool:
    return True


def _no_devices(settings: Settings) -> None:
    """Nothing beside the till follows its settings."""


def _nothing_held(work: UnitOfWork) -> Sequence[HeldAtHandover]:
    return ()


def _nobody_signed(public: bytes, signed: bytes, signature: bytes) -> bool:
    """A till without the arithmetic believes no pass."""
    return False


def _nothing_to_tell(window: Mapping[str, str]) -> bytes:
    """A till without its machine has nothing to tell of it."""
    return b"{}\n"


@dataclass(frozen=True, slots=True)
class Shop:
    """What every service gets: who and where we are, and how to reach the world."""

    identity: Identity
    clock: Clock
    ids: Ids
    pins: PinHasher
    terminals: Mapping[TenderKind, PaymentTerminal]
    printer: PrintQueue
    drawer: Drawer
    words_for: Callable[[str], Wording]
    """The catalogue of a language (app.wording.load, kept): for the few words on a receipt."""
    stopwatch: Stopwatch
    """Measures how long a new program's worst basket takes."""
    consent_texts: Mapping[Purpose, ConsentText] = field(default_factory=dict)
    """The texts customers agree to now (consents.load_consent_texts)."""
    churn_model: ChurnModel = NO_MODEL
    """The numbers behind the churn grade (churn.load_churn_model)."""
    open_holds: Callable[[UnitOfWork], Sequence[HeldAtHandover]] = _nothing_held
    """Held sales that a hand-over names."""
    has_room: Callable[[], bool] = _always
    """Whether the disk still takes new sales; asked each time a basket is begun."""
    equip: Callable[[Settings], None] = _no_devices
    """Lets printer and terminals follow changed settings; called after the commit, in the lane."""
    is_signed: Callable[[bytes, bytes, bytes], bool] = _nobody_signed
    """Whether a key (32 bytes) signed these bytes, by Ed25519: (key, signed, signature)."""
    server: ServerPort = field(default_factory=NoServerHere)
    """The server this till belongs to; asked outside the lane."""
    pending_seal: SealPort = field(default_factory=NoSealHere)
    """Seals the file of what waits, so that only this till's recovery code opens it."""
    diagnose: Callable[[Mapping[str, str]], bytes] = _nothing_to_tell
    """The diagnostics file of this till, without anybody's data, given what the window knows of
    itself. It waits for disks: never called in the lane, nor on the window's thread."""
    desk: Desk = field(default_factory=Desk)

    def now(self) -> Moment:
        return self.clock.now()

    def op_id(self, now: Moment) -> str:
        return self.ids.op_id(now.wall_ms)

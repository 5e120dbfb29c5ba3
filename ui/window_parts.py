"""Window parts: the bundle every controller gets, and the one way to ask a service.

Owns: `ask` (services in the store lane), `ask_aside` (slow work beside it), the latest snapshot of
the till, what to do when a service raises.
Does not own: making the parts (application.py), the services, the lane.

    parts.ask(scan_code, self._scanned, text=text)        # -> self._scanned(answer), GUI thread

Every answer that carries a `state` (a TillState) is adopted before `on_done` runs, so all screens
draw the same snapshot and no controller keeps one of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Literal, Protocol, TypeVar

import msgspec
from PySide6.QtCore import QObject, Signal

from app.domain.campaign_record import CampaignRecord
from app.domain.consent import ConsentText, Purpose
from app.domain.frame import GreyFrame, Sight
from app.domain.moment import Moment
from app.domain.page import Page
from app.domain.paper import Paper
from app.domain.phone_page import PageKind
from app.domain.settings import Identity, Settings
from app.services.backup_port import BackupKeeper
from app.services.shop import Shop
from app.services.till_state import TillState
from app.wording import Wording
from ui.device_log import DeviceLog
from ui.key_map import KeyMap
from ui.member_tabs import MemberTabs
from ui.navigation import Navigation
from ui.runner import Runner, is_alive
from ui.scan_burst import Outcome
from ui.scanner_line import ScannerLine
from ui.status_board import StatusBoard
from ui.survey_words import Told
from ui.theme.theme import Theme
from ui.wording import LanguageSwitch

Answer = TypeVar("Answer")

Matrix = Sequence[Sequence[bool]]


class Notifier(Protocol):
    """How the window says things: a sound with its edge bar, and what a screen reader hears."""

    def signal(self, sound: str) -> None:
        """scan_ok, member_ok, scan_error, need_attention or paid: the tone and its visual twin."""
        ...

    def announce(self, sentence: str, *, urgent: bool = False) -> None:
        """Say it to a screen reader."""
        ...


@dataclass(frozen=True, slots=True)
class PrinterFacts:
    """How the receipt printer is. `count`: receipts in line, or kept until it is back.

    "in_use": it serves another till or somebody feeds paper; "in_part": it stopped in the middle
    of a receipt.
    """

    state: Literal[
        "none", "ready", "busy", "not_there", "paper_out", "cover_open", "in_use", "in_part",
        "failed",
    ]  # fmt: skip
    count: int = 0


@dataclass(frozen=True, slots=True)
class Renderers:
    """What devices lay out for the window; main.py hands it in. Without one its place is empty.

    `member_qr`: card code -> QR matrix without quiet zone; `pay_qr`: the same of a payment QR's
    text. `receipt_page`: a receipt, a refund, an X or a Z as it lies on 80 mm paper. `card_page`:
    code, language, name of who carries a badge -> the card to print. Pages are painted here
    (ui/printing). `printer`: how the receipt printer is, asked anew each time.
    """

    member_qr: Callable[[str], Matrix] | None = None
    pay_qr: Callable[[str], Matrix] | None = None
    receipt_page: Callable[[Paper], Page] | None = None
    card_page: Callable[[str, str, str], Page] | None = None
    poster_pages: Callable[[CampaignRecord, str], Sequence[Page]] | None = None
    """A campaign that members claim and the link to where -> its poster, in each language."""
    bars: Callable[[str], Sequence[int]] | None = None
    """A text -> its Code 128 as widths in modules, black first."""
    code_reader: Callable[[], Callable[[GreyFrame], Sight]] | None = None
    """Makes what finds codes in the frames of one camera."""
    printer: Callable[[], PrinterFacts] | None = None
    waiting_papers: Callable[[], Sequence[str]] | None = None
    """The codes of the papers that are in line or kept."""
    watch_printer: Callable[[Callable[[PrinterFacts], None]], None] | None = None
    """Tells each change of the printer's state, on a thread of the printer's."""
    print_again: Callable[[], None] | None = None
    """Put the receipts in line again that found no printer."""


class CustomerScreen(Protocol):
    """The screen a customer reads, where he can answer for himself."""

    def ask_consent(
        self,
        texts: Sequence[ConsentText],
        answered: Callable[[frozenset[Purpose]], object],
    ) -> bool:
        """Let him read and tap it: what he agreed to. False: nobody can read it now."""
        ...

    def show_link(self, url: str, page: PageKind) -> bool:
        """Let his own phone open it. False: nobody can read it now."""
        ...

    def put_away(self) -> None:
        """Nothing is asked any more, and no link is shown."""
        ...

    def ask_score(self, told: Told, answered: Callable[[int], object]) -> None:
        """Beside the thanks for his purchase: the question, or that it is answered."""
        ...

    def put_score_away(self) -> None:
        """The sale is not in front any more."""
        ...


class LiveState(QObject):
    """The latest snapshot of the till.

    Signals:
        changed: There is a newer one. arg: TillState.
    """

    changed = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._state: TillState | None = None

    @property
    def state(self) -> TillState | None:
        return self._state

    def adopt(self, state: TillState) -> None:
        self._state = state
        self.changed.emit(state)


@dataclass(slots=True)
class WindowParts:
    """Everything a controller may use."""

    shop: Shop
    runner: Runner
    language: LanguageSwitch
    theme: Theme
    keys: KeyMap
    navigation: Navigation
    notifier: Notifier
    live: LiveState = field(default_factory=LiveState)
    renderers: Renderers = field(default_factory=Renderers)
    on_fault: Callable[[BaseException], object] | None = None
    """What to do when a service raised: the window shows `err.generic` with its code."""
    keeper: BackupKeeper | None = None
    """Who looks after the backups; None = nobody does here."""
    status: StatusBoard = field(default_factory=StatusBoard)
    """What the chip says: of the link, and of the backups."""
    on_cases: Callable[[int], object] | None = None
    """Where the number of open exceptions goes, once somebody counted or decided."""
    on_news: Callable[[Callable[[Wording], str], str], object] | None = None
    """Where a sentence goes that belongs to no screen, with its tone; it passes by itself."""
    devices: DeviceLog = field(default_factory=DeviceLog)
    """What came of the devices lately."""
    on_display: Callable[[bool], object] | None = None
    """Whether the customer's screen is missing that was there before: said quietly."""
    hear: Callable[[Outcome], object] | None = None
    """Where a code goes that was read by something without keys: the way of every scan."""
    scanner: ScannerLine | None = None
    """Every way a scanner reaches this till; lent to whoever learns one."""
    customer: CustomerScreen | None = None
    member_tabs: MemberTabs = field(default_factory=MemberTabs)
    """What rooms add to a member's page."""
    closers: list[Callable[[], object]] = field(default_factory=list)
    """What a room puts away when the window closes: windows and devices of its own."""

    @property
    def wording(self) -> Wording:
        return self.language.wording

    @property
    def state(self) -> TillState:
        """The snapshot to draw. The till is opened before any screen but set-up is shown."""
        state = self.live.state
        if state is None:
            raise RuntimeError("the till is not open yet")
        return state

    @property
    def settings(self) -> Settings:
        state = self.live.state
        return state.settings if state is not None else Settings()

    def renumber_till(self, number: int) -> None:
        """The set-up gave this register another number: the same desk, under that number."""
        identity = msgspec.structs.replace(self.shop.identity, till_number=number)
        self.shop = replace(self.shop, identity=identity)

    def use_identity(self, identity: Identity) -> None:
        """This till is somebody else from now on: the same desk, under another number."""
        self.shop = replace(self.shop, identity=identity)

    def now(self) -> Moment:
        return self.shop.now()

    def local_now(self) -> datetime:
        """The shop's wall clock, for what is shown; the zone is the program's."""
        return self.now().local(self.shop.desk.state.program.timezone)

    def ask(
        self,
        service: Callable[..., Answer],
        on_done: Callable[[Answer], object] | None = None,
        *,
        on_error: Callable[[BaseException], object] | None = None,
        **wanted: Any,
    ) -> None:
        """Ask a service in the store lane: `service(shop=, work=, **wanted)`. Never blocks."""
        shop = self.shop

        def in_lane(work: Any) -> Answer:
            return service(shop=shop, work=work, **wanted)

        self.runner.run(in_lane, _Arrival(self, on_done), on_error or self._fault)

    def read_page(
        self,
        service: Callable[..., Answer],
        on_done: Callable[[Answer], object],
        *,
        on_error: Callable[[BaseException], object] | None = None,
        **wanted: Any,
    ) -> None:
        """As `ask`, of a service that changes nothing and goes through much: a page of the desk. No
        sale waits for it; it sees whatever was asked for before."""
        shop = self.shop

        def beside_lane(work: Any) -> Answer:
            return service(shop=shop, work=work, **wanted)

        self.runner.look(beside_lane, on_done, on_error or self._fault)

    def look_up(
        self,
        service: Callable[..., Answer],
        on_done: Callable[[Answer], object],
        *,
        on_error: Callable[[BaseException], object] | None = None,
        **wanted: Any,
    ) -> None:
        """Ask a service that needs no till (`service(work=, **wanted)`), in the store lane."""

        def in_lane(work: Any) -> Answer:
            return service(work=work, **wanted)

        self.runner.run(in_lane, on_done, on_error or self._fault)

    def ask_aside(
        self,
        slow: Callable[..., Answer],
        on_done: Callable[[Answer], object],
        *,
        on_error: Callable[[BaseException], object] | None = None,
        **wanted: Any,
    ) -> None:
        """Ask what does not touch the store (a terminal): `slow(shop=, **wanted)`, beside it."""
        shop = self.shop
        self.runner.run_aside(lambda: slow(shop=shop, **wanted), on_done, on_error or self._fault)

    def tell(self, say: Callable[[Wording], str], tone: str = "success") -> None:
        """Say what came of an act whose dialog or screen is gone; it passes by itself."""
        if self.on_news is not None:
            self.on_news(say, tone)
        self.notifier.announce(say(self.wording))

    def _fault(self, error: BaseException) -> None:
        if self.on_fault is not None:
            self.on_fault(error)


class _Arrival:
    """Adopts the snapshot of an answer, then hands the answer on.

    The till changed whether or not the screen that asked still stands.
    """

    def __init__(self, parts: WindowParts, on_done: Callable[[Any], object] | None) -> None:
        self._parts = parts
        self._on_done = on_done

    def __call__(self, answer: Any) -> None:
        state = answer if isinstance(answer, TillState) else getattr(answer, "state", None)
        if isinstance(state, TillState):
            self._parts.live.adopt(state)
        if self._on_done is not None and is_alive(self._on_done):
            self._on_done(answer)

"""Navigation: which screen is in front, and how one screen opens another without knowing it.

Owns: the destinations and what travels to them, one controller per screen, the open dialog, who
gets a scan and a key.
Does not own: drawing the shell (main_window.py), what screens do (one folder per screen).

A controller never imports another screen: it calls `parts.navigation.go(ToPayment(...))` or
`open_dialog(LookUpMember())`. application.py registers the makers; a screen is made at its first
visit and kept. A dialog's controller lives as long as its dialog.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeVar

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from app.services.scan import PayByCode
from app.services.till_state import TillState
from app.wording import Wording
from ui.basket_intents import GiveDiscount as GiveDiscount  # noqa: PLC0414 - taken from here
from ui.basket_intents import RecallHeld as RecallHeld  # noqa: PLC0414 - taken from here
from ui.basket_intents import VoidSale as VoidSale  # noqa: PLC0414 - taken from here
from ui.campaign_intents import ToCampaignDraft, ToCampaigns
from ui.complaint_intents import LogComplaint as LogComplaint  # noqa: PLC0414 - taken from here
from ui.complaint_intents import ToComplaints as ToComplaints  # noqa: PLC0414 - taken from here
from ui.complaint_intents import ToSolutions as ToSolutions  # noqa: PLC0414 - taken from here
from ui.device_intents import LearnScanner as LearnScanner  # noqa: PLC0414 - taken from here
from ui.device_intents import ScanByCamera as ScanByCamera  # noqa: PLC0414 - taken from here
from ui.dialog_intents import AskApproval as AskApproval  # noqa: PLC0414 - taken from here
from ui.dialog_intents import CashDrawer as CashDrawer  # noqa: PLC0414 - taken from here
from ui.dialog_intents import JoinMember as JoinMember  # noqa: PLC0414 - taken from here
from ui.dialog_intents import LookUpMember as LookUpMember  # noqa: PLC0414 - taken from here
from ui.figure_intents import ToFigures, ToSegments
from ui.key_map import KeyAction
from ui.member_intents import ToMember as ToMember  # noqa: PLC0414 - taken from here
from ui.member_intents import ToMemberImport as ToMemberImport  # noqa: PLC0414 - taken from here
from ui.member_intents import ToMembers as ToMembers  # noqa: PLC0414 - taken from here
from ui.member_intents import ToTiers as ToTiers  # noqa: PLC0414 - taken from here
from ui.privacy_intents import ToPrivacy as ToPrivacy  # noqa: PLC0414 - taken from here

# ------------------------------------------------------------------ where one can go


@dataclass(frozen=True, slots=True)
class ToSetup:
    """The first-run set-up, at the step where it stopped."""


@dataclass(frozen=True, slots=True)
class ToSignIn:
    """Sign-in, or the lock screen over a basket that waits (`TillState.locked`)."""


@dataclass(frozen=True, slots=True)
class ToTill:
    """The till. The snapshot to draw is `parts.state`."""


@dataclass(frozen=True, slots=True)
class ToPayment:
    """Take money for the open basket; with `pay_by` charge the customer's code at once."""

    pay_by: PayByCode | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class ToReceipt:
    """The sale is done: the answer of the service that completed it, or of a reprint.

    `done` is app.services.checkout.SaleDone; None: show the last receipt of this till again.
    `back`: the case it was opened from; None: the next sale comes.
    """

    done: Any = None
    before: TillState | None = None
    """The snapshot that was paid: it knows why so many points."""
    back: ToComplaints | None = None


@dataclass(frozen=True, slots=True)
class ToRefund:
    """Take goods back: the refund that is not finished, else a look for the sale.

    `receipt`: a receipt's code that was scanned already.
    """

    receipt: str = ""


@dataclass(frozen=True, slots=True)
class ToShiftOpen:
    """No money moves yet: open the shift, go on with one, or take one over."""


@dataclass(frozen=True, slots=True)
class ToShift:
    """The open shift and the closed ones: X, cash in and out, Zs again."""


@dataclass(frozen=True, slots=True)
class ToShiftClose:
    """Count the drawer, compare, close; at the step where it stopped."""


@dataclass(frozen=True, slots=True)
class ToSettings:
    """What the shop sets about its till.

    `at`: a group, a page or one setting by its identifier; empty: where one was last.
    """

    at: str = ""


@dataclass(frozen=True, slots=True)
class ToDesk:
    """The manager's desk: which of its rooms?"""


@dataclass(frozen=True, slots=True)
class ToAudit:
    """Who did what: the audit trail.

    `about`: what to look for at once: a receipt's number, a member's card, an act's subject.
    """

    about: str = ""


@dataclass(frozen=True, slots=True)
class ToExceptions:
    """What somebody should look at."""


@dataclass(frozen=True, slots=True)
class ToStaff:
    """Who works here."""


@dataclass(frozen=True, slots=True)
class ToSync:
    """How this till and the server stand, and what there needs a person."""


@dataclass(frozen=True, slots=True)
class ToTraining:
    """Practise where nothing is real; at the practice till: its first tasks."""


Destination = (
    ToSetup
    | ToSignIn
    | ToTill
    | ToPayment
    | ToReceipt
    | ToRefund
    | ToShiftOpen
    | ToShift
    | ToShiftClose
    | ToSettings
    | ToDesk
    | ToAudit
    | ToMembers
    | ToMember
    | ToMemberImport
    | ToTiers
    | ToComplaints
    | ToSolutions
    | ToExceptions
    | ToStaff
    | ToSync
    | ToPrivacy
    | ToTraining
    | ToCampaigns
    | ToCampaignDraft
    | ToFigures
    | ToSegments
)


DialogIntent = (
    LookUpMember
    | ScanByCamera
    | LearnScanner
    | JoinMember
    | AskApproval
    | CashDrawer
    | GiveDiscount
    | RecallHeld
    | VoidSale
    | LogComplaint
)


# ------------------------------------------------------------------ who acts


class ScreenController(QObject):
    """What the window asks of a screen. A controller overrides what concerns it.

    It is a QObject so that answers for a screen that is gone are dropped by the runner.
    """

    @property
    def widget(self) -> QWidget:
        """The page; the same one for the controller's whole life."""
        raise LookupError(f"{type(self).__name__} has no page")

    def enter(self, to: Destination) -> None:
        """The screen comes to the front."""

    def leave(self) -> None:
        """Another screen comes to the front: close sheets, forget what was typed."""

    def may_leave(self) -> bool:
        """Whether a person may go elsewhere now. False: the screen has said why not."""
        return True

    def take_scan(self, text: str) -> bool:
        """A code was read while this screen was in front. False: nothing here wants codes."""
        return False

    def refuse_scan(self, length: int) -> None:
        """Something was read that can be no code."""

    def key_actions(self) -> Sequence[KeyAction]:
        """The keys that mean something on this screen now; F1 lists exactly these."""
        return ()

    def show_state(self, state: TillState) -> None:
        """The till changed, by whoever's act: draw this snapshot."""

    def speak(self, wording: Wording) -> None:
        """Another language: set every text again, keep everything typed and chosen."""


class DialogController(Protocol):
    """An open dialog over a screen. Scans and the till's changes are offered to it first."""

    def take_scan(self, text: str) -> bool:
        """True: the dialog used it. False: the screen below gets it, the dialog stays open."""
        ...

    def show_state(self, state: TillState) -> None: ...

    def speak(self, wording: Wording) -> None: ...

    def close(self) -> None:
        """Put it away without an answer (the screen below is left, the till is locked)."""
        ...


class Stage(Protocol):
    """The place where screens stand: the main window, wrapped by ui/open_window.py."""

    def show(self, kind: type[Destination], controller: ScreenController) -> None:
        """Bring the controller's page to the front; the first time it is added."""
        ...


Intent = TypeVar("Intent", bound=Destination | DialogIntent)


class Navigation(QObject):
    """Opens screens and dialogs by what is wanted.

    Signals:
        arrived: A screen came to the front. arg: its destination.
    """

    arrived = Signal(object)

    def __init__(self, stage: Stage, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._stage = stage
        self._makers: dict[type[Any], Callable[[], ScreenController]] = {}
        self._openers: dict[type[Any], Callable[[Any], DialogController]] = {}
        self._made: dict[type[Any], ScreenController] = {}
        self._current: ScreenController | None = None
        self._here: Destination | None = None
        self._dialog: DialogController | None = None

    # -- set up by application.py

    def add_screen(self, kind: type[Destination], make: Callable[[], ScreenController]) -> None:
        """Who makes the controller of a destination, at the first visit."""
        self._makers[kind] = make

    def add_dialog(
        self, kind: type[Intent], open_dialog: Callable[[Intent], DialogController]
    ) -> None:
        """Who opens a dialog: called each time with its intent."""
        self._openers[kind] = open_dialog

    # -- for controllers

    def go(self, to: Destination) -> None:
        """Bring a screen to the front."""
        self.close_dialog()
        if self._current is not None and type(to) is not type(self._here):
            self._current.leave()
        controller = self._controller(type(to))
        self._current, self._here = controller, to
        self._stage.show(type(to), controller)
        controller.enter(to)
        self.arrived.emit(to)

    def may_leave(self) -> bool:
        """Whether a person may leave the screen in front; where not, it says why."""
        return self._current is None or self._current.may_leave()

    def leave_for(self, to: Destination) -> bool:
        """As `go`, for what a person pressed around the screen. False: he may not leave it now."""
        is_free = self.may_leave()
        if is_free:
            self.go(to)
        return is_free

    def open_dialog(self, intent: DialogIntent) -> None:
        """Open a dialog over the screen in front; an open one is closed first."""
        self.close_dialog()
        self._dialog = self._openers[type(intent)](intent)

    def dialog_closed(self, dialog: DialogController) -> None:
        """A dialog says that it is gone (accepted or rejected)."""
        if self._dialog is dialog:
            self._dialog = None

    def close_dialog(self) -> None:
        dialog, self._dialog = self._dialog, None
        if dialog is not None:
            dialog.close()

    # -- for the window

    @property
    def current(self) -> ScreenController | None:
        return self._current

    @property
    def here(self) -> Destination | None:
        return self._here

    @property
    def dialog(self) -> DialogController | None:
        return self._dialog

    def can_go(self, kind: type[Destination]) -> bool:
        """Whether this window has that screen."""
        return kind in self._makers

    def can_open(self, kind: type[DialogIntent]) -> bool:
        """Whether this window has that dialog."""
        return kind in self._openers

    def take_scan(self, text: str) -> None:
        """Offer a code to the dialog, then to the screen in front."""
        if self._dialog is not None and self._dialog.take_scan(text):
            return
        if self._current is not None:
            self._current.take_scan(text)

    def refuse_scan(self, length: int) -> None:
        if self._current is not None:
            self._current.refuse_scan(length)

    def show_state(self, state: TillState) -> None:
        """A new snapshot for whoever is in front; the others draw when they are entered."""
        if self._current is not None:
            self._current.show_state(state)
        if self._dialog is not None:
            self._dialog.show_state(state)

    def speak(self, wording: Wording) -> None:
        """Every screen made so far speaks the new language, also the hidden ones."""
        for controller in self._made.values():
            controller.speak(wording)
        if self._dialog is not None:
            self._dialog.speak(wording)

    def _controller(self, kind: type[Any]) -> ScreenController:
        if kind not in self._made:
            self._made[kind] = self._makers[kind]()
        return self._made[kind]

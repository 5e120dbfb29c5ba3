"""The port to the server: what services may ask of it, and that most shops have none.

Owns: that Protocol, and the port of a till that nobody enrolled. Does not own: asking
(sync/till/joined.py fits it; main.py hands it in), what follows from an answer.
Every question blocks for at most two seconds, so it is asked outside the lane.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any, Protocol, TypeAlias

from app.domain.campaign_poster import PosterAnswer
from app.domain.campaign_result import ChainAnswer
from app.domain.chain_behind import BehindAnswer, BehindWanted
from app.domain.chain_figures import ChainSpansAnswer
from app.domain.figures import Days
from app.domain.grant import Reservation
from app.domain.link import NO_CONTACT, Contact, Link
from app.domain.message_record import MessagesAnswer
from app.domain.phone_page import PageAnswer, PageWanted
from app.domain.photo import PhotoAnswer, PhotoSought
from app.domain.server_answer import (
    CompareAnswer,
    EnrolAnswer,
    EnrolRefused,
    EnrolStep,
    GrantAnswer,
    GrantWanted,
    LookUpAnswer,
    LookUpWanted,
    NoServer,
    ReserveAnswer,
    VoidAnswer,
)

Note: TypeAlias = Callable[[Any], object]
"""What is written in the transaction that makes this till another one: it is handed the unit of
work, of which neither the port's other end nor this one knows the other's part."""


class ServerPort(Protocol):
    """The server as a till sees it. Questions raise nothing."""

    def contact(self) -> Contact:
        """What is known of it now; costs nothing."""

    def look_up(self, wanted: LookUpWanted) -> LookUpAnswer:
        """Members by card, phone or id; those it knows are in the store when this answers."""

    def reserve(self, wanted: Reservation) -> ReserveAnswer:
        """Keep points and coupons for a sale. The row stands in the store before it is asked."""

    def void(self, reservation_id: str) -> VoidAnswer:
        """The sale will not be."""

    def grant(self, wanted: GrantWanted) -> GrantAnswer:
        """A part of a balance to spend while offline."""

    def page(self, wanted: PageWanted) -> PageAnswer:
        """A link for a customer's own phone; each answer is another one."""

    def messages(self, member_id: str) -> MessagesAnswer:
        """What was sent to a member; in the store when this answers."""

    def campaign(self, campaign_id: str, first: date, last: date) -> ChainAnswer:
        """What a campaign brought in the whole chain between these days."""

    def figures(self, days: Days, beside: Days) -> ChainSpansAnswer:
        """What these days of the whole chain come to, and those they are compared with. Takes
        longer than the others where there is much to add up."""

    def behind(self, asked: BehindWanted) -> BehindAnswer:
        """What stands behind a figure of the whole chain, a page of it. As slow as `figures`."""

    def poster(self, campaign_id: str) -> PosterAnswer:
        """The link on the poster of a campaign that members claim."""

    def photo(self, sought: PhotoSought) -> PhotoAnswer:
        """A picture that another till took; in the store when this answers so. Takes longer than
        the others where the line is slow."""

    def compare(self) -> CompareAnswer:
        """Count with the server what this till sent; the days are kept for the Z. What differs is
        sent again, once. Reads much the first time."""

    def sync_now(self) -> None:
        """A person asks for it: waiting ends."""

    def switch(self, *, on: bool) -> None:
        """Pull the cable (nothing is said to the server any more), or put it back."""

    @property
    def cable(self) -> bool | None:
        """Whether the cable is in; None: this till has no switch for it (it is no demo)."""

    def link(self) -> Link | None:
        """How the link is now, at once; None: this till belongs to no server."""

    def listen(self, hear: Callable[[], object]) -> Callable[[], object]:
        """Call `hear` after every change of `link`, on any thread; the answer ends that."""

    def enrol(
        self,
        address: str,
        code: str,
        tell: Callable[[EnrolStep], object] = ...,
        name: str = "",
        note: Note = ...,
    ) -> EnrolAnswer:
        """Become a till of the server there, by a one-time code; `tell` hears each step, `name` is
        what head office calls this till. Slow: outside the lane."""


class ServerLine(ServerPort, Protocol):
    """The same for whoever runs the till: it begins, hears of commits, and ends."""

    def start(self) -> None:
        """Begin where this till was enrolled. Answers at once."""

    def wake(self) -> None:
        """Something was committed to the outbox. Costs the committing thread nothing."""

    def stop(self) -> None:
        """End at once; what was on its way is sent again. Never on the lane thread."""


def unnoted(work: object) -> None:
    """Nobody keeps a trail of it."""


def untold(step: EnrolStep) -> None:
    """Nobody watches the steps."""


class NoServerHere:
    """The port of a till that cannot be enrolled: a command, a practice till, a test."""

    def contact(self) -> Contact:
        return NO_CONTACT

    def look_up(self, wanted: LookUpWanted) -> NoServer:
        return NoServer()

    def reserve(self, wanted: Reservation) -> NoServer:
        return NoServer()

    def void(self, reservation_id: str) -> NoServer:
        return NoServer()

    def grant(self, wanted: GrantWanted) -> NoServer:
        return NoServer()

    def page(self, wanted: PageWanted) -> NoServer:
        return NoServer()

    def messages(self, member_id: str) -> NoServer:
        return NoServer()

    def campaign(self, campaign_id: str, first: date, last: date) -> NoServer:
        return NoServer()

    def figures(self, days: Days, beside: Days) -> NoServer:
        return NoServer()

    def behind(self, asked: BehindWanted) -> NoServer:
        return NoServer()

    def poster(self, campaign_id: str) -> NoServer:
        return NoServer()

    def photo(self, sought: PhotoSought) -> NoServer:
        return NoServer()

    def compare(self) -> NoServer:
        return NoServer()

    def sync_now(self) -> None:
        """There is nothing to hurry."""

    def switch(self, *, on: bool) -> None:
        """There is no cable."""

    @property
    def cable(self) -> None:
        return None

    def link(self) -> None:
        return None

    def listen(self, hear: Callable[[], object]) -> Callable[[], object]:
        return lambda: None

    def enrol(
        self,
        address: str,
        code: str,
        tell: Callable[[EnrolStep], object] = untold,
        name: str = "",
        note: Note = unnoted,
    ) -> EnrolRefused:
        return EnrolRefused("unreachable", address)

    def start(self) -> None:
        """There is nothing to begin."""

    def wake(self) -> None:
        """Nobody has to hear of it."""

    def stop(self) -> None:
        """Nothing was begun."""

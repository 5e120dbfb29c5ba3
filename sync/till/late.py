"""The line of an open till, made when it is needed: a till without a server never loads any of it.

Owns: beginning beside the window (loading what talks to a network takes longer than a frame may),
answering until then. Does not own: anything that is said (joined.py does it all).
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING

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
    EnrolStep,
    GrantAnswer,
    GrantWanted,
    LookUpAnswer,
    LookUpWanted,
    NoAnswer,
    NoServer,
    ReserveAnswer,
    VoidAnswer,
)
from sync.till.ports import Note, unnoted
from sync.till.room import TillRoom as TillRoom  # noqa: PLC0414 - main.py has both from here

if TYPE_CHECKING:
    from sync.till.joined import JoinedTill


class LateTill:
    """Fits the services' port to the server, and that of whoever runs the till."""

    def __init__(self, room: TillRoom) -> None:
        self._room = room
        self._making = threading.Lock()
        self._made: JoinedTill | None = None
        self._is_alone, self._runs, self._cable = True, False, True
        self._hearers: list[Callable[[], object]] = []
        self._beginning: threading.Thread | None = None

    def start(self) -> None:
        """As the port says; answers at once."""
        self._runs = True
        self._beginning = threading.Thread(target=self._begin, name="sync-begin", daemon=True)
        self._beginning.start()

    def stop(self) -> None:
        """As the port says."""
        with self._making:
            self._runs, made = False, self._made
        if made is not None:
            made.stop()
        if self._beginning is not None:
            self._beginning.join()

    @property
    def cable(self) -> bool | None:
        """As the port says."""
        return self._cable if self._room.has_cable else None

    def link(self) -> Link | None:
        """As the port says."""
        if self._made is None:
            return None if self._is_alone else Link()
        return self._made.link()

    def listen(self, hear: Callable[[], object]) -> Callable[[], object]:
        """As the port says."""
        self._hearers.append(hear)
        return lambda: self._hearers.remove(hear)

    def wake(self) -> None:
        """As the port says."""
        if self._made is not None:
            self._made.wake()

    def sync_now(self) -> None:
        """As the port says."""
        if self._made is not None:
            self._made.sync_now()

    def switch(self, *, on: bool) -> None:
        """As the port says."""
        with self._making:  # or one that is being made would not hear of it
            self._cable, made = on, self._made
        if made is not None:
            made.switch(on=on)

    def contact(self) -> Contact:
        """As the port says."""
        return NO_CONTACT if self._made is None else self._made.contact()

    def look_up(self, wanted: LookUpWanted) -> LookUpAnswer:
        """As the port says."""
        return self._nobody() if self._made is None else self._made.look_up(wanted)

    def reserve(self, wanted: Reservation) -> ReserveAnswer:
        """As the port says."""
        return self._nobody() if self._made is None else self._made.reserve(wanted)

    def void(self, reservation_id: str) -> VoidAnswer:
        """As the port says."""
        return self._nobody() if self._made is None else self._made.void(reservation_id)

    def grant(self, wanted: GrantWanted) -> GrantAnswer:
        """As the port says."""
        return self._nobody() if self._made is None else self._made.grant(wanted)

    def page(self, wanted: PageWanted) -> PageAnswer:
        """As the port says."""
        return self._nobody() if self._made is None else self._made.page(wanted)

    def messages(self, member_id: str) -> MessagesAnswer:
        """As the port says."""
        return self._nobody() if self._made is None else self._made.messages(member_id)

    def campaign(self, campaign_id: str, first: date, last: date) -> ChainAnswer:
        """As the port says."""
        if self._made is None:
            return self._nobody()
        return self._made.campaign(campaign_id, first, last)

    def figures(self, days: Days, beside: Days) -> ChainSpansAnswer:
        """As the port says."""
        return self._nobody() if self._made is None else self._made.figures(days, beside)

    def behind(self, asked: BehindWanted) -> BehindAnswer:
        """As the port says."""
        return self._nobody() if self._made is None else self._made.behind(asked)

    def poster(self, campaign_id: str) -> PosterAnswer:
        """As the port says."""
        return self._nobody() if self._made is None else self._made.poster(campaign_id)

    def photo(self, sought: PhotoSought) -> PhotoAnswer:
        """As the port says."""
        return self._nobody() if self._made is None else self._made.photo(sought)

    def compare(self) -> CompareAnswer:
        """As the port says."""
        return self._nobody() if self._made is None else self._made.compare()

    def enrol(
        self,
        address: str,
        code: str,
        tell: Callable[[EnrolStep], object] = lambda step: None,
        name: str = "",
        note: Note = unnoted,
    ) -> EnrolAnswer:
        """As the port says."""
        answer = self._make().enrol(address, code, tell, name, note)
        self._is_alone = self._is_alone and answer.trouble is not None
        return answer

    def _nobody(self) -> NoServer | NoAnswer:
        return NoServer() if self._is_alone else NoAnswer()

    def _begin(self) -> None:
        self._is_alone = self._room.lane.run(lambda work: work.enrolment.read()) is None
        if not self._is_alone:
            self._news()
            self._make()

    def _make(self) -> JoinedTill:
        """The joined till, begun where this till runs; made once."""
        from sync.till.joined import JoinedTill

        with self._making:
            if self._made is None:
                made = JoinedTill(self._room, self._news)
                made.switch(on=self._cable)
                if self._runs:
                    made.start()
                self._made = made
            return self._made

    def _news(self) -> None:
        for hear in tuple(self._hearers):
            hear()

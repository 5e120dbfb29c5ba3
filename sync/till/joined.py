"""A till joined to its server: its lanes while it runs, and every question a service asks.

Owns: when lanes are made, ended and made anew (also by an enrolment while the till runs), what an
answer is in the till's own words, what is known of the server now. Does not own: the lanes
(../lane.py), enrolling on the wire (../session.py, credential.py), what follows from an answer
(services: this fits their port by its shape; main.py hands it over).
"""

from __future__ import annotations

import logging
import secrets
import threading
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import TypeVar

from app.domain.grant import PointGrant, Reservation
from app.domain.link import NO_CONTACT, Contact, Link
from app.domain.message_record import MessagesAnswer
from app.domain.phone_page import PageAnswer, PageWanted
from app.domain.photo import PhotoAnswer, PhotoSought
from app.domain.server_answer import (
    CompareAnswer,
    Compared,
    Declined,
    EnrolAnswer,
    EnrolStep,
    GrantAnswer,
    Granted,
    GrantWanted,
    LookedUp,
    LookUpAnswer,
    LookUpWanted,
    NoAnswer,
    NoServer,
    ReserveAnswer,
    VoidAnswer,
    Voided,
)
from sync import protocol as wire
from sync.ask import LOOK_UP_S, AskLane, DeskLane
from sync.errors import Busy, Garbled, Refused, Unreachable
from sync.lane import Lanes, Till
from sync.photo import PhotoLane
from sync.status import Status
from sync.till.agreement import Comparison
from sync.till.campaign import CampaignAsks
from sync.till.clock import TillClock
from sync.till.credential import TillCredentials
from sync.till.enrolling import Enroller
from sync.till.event import grant_told
from sync.till.inbox import TillInbox
from sync.till.message import keep_messages
from sync.till.outbox import TillOutbox
from sync.till.page import phone_link
from sync.till.photo import TillPhotos, bring_photo
from sync.till.ports import Note
from sync.till.reservation import keep_for_sale
from sync.till.room import TillRoom

LOG = logging.getLogger(__name__)
KEEP_EVERY_MS = 60_000
ASK_S = LOOK_UP_S
"""Nobody at a till waits longer for the network."""

T = TypeVar("T")
L = TypeVar("L", AskLane, DeskLane, PhotoLane)


class JoinedTill(CampaignAsks):
    """One open till and its server. Fits the port of the services, and of whoever runs the till."""

    def __init__(self, room: TillRoom, news: Callable[[], None]) -> None:
        """`news` is called after every change of `link`, on a thread of ours."""
        self._room = room
        self._clock = TillClock(room.now)
        self._credentials = TillCredentials(room.lane, self._clock, room.keys)
        self._inbox = TillInbox(room.lane, self._clock, room.read_snapshot)
        self._enroller = Enroller(self._credentials, room.language)
        self._comparison = Comparison(room.lane, self._clock)
        self._joining, self._counting = threading.Lock(), threading.Lock()
        self._lanes: Lanes | None = None
        self._contact = NO_CONTACT
        self._heard_ms: int | None = None
        self._kept_ms: int | None = None
        self._link: Link | None = None
        self._last_ask: tuple[int, bool] | None = None
        self._news = news
        self._runs, self._cable_in = False, True
        self._is_free = False

    # ------------------------------------------------------------------ while the till runs

    def start(self) -> None:
        """Begin where this till was enrolled."""
        with self._joining:
            self._runs = True
            self._join()

    def wake(self) -> None:
        """Something was committed to the outbox."""
        lanes = self._lanes
        if lanes is not None:
            lanes.wake()

    def stop(self) -> None:
        """End at once. Never on the store lane's thread: the lanes may be waiting for it."""
        self._enroller.end()
        with self._joining:
            self._runs = False
            self._part()

    def sync_now(self) -> None:
        """A person asks for it."""
        lanes = self._lanes
        if lanes is not None:
            lanes.sync_now()

    def switch(self, *, on: bool) -> None:
        """Pull the cable, or put it back. It stays as it is for lanes made later."""
        self._cable_in, lanes = on, self._lanes
        if lanes is not None:
            lanes.switch(on=on)

    def contact(self) -> Contact:
        """What is known of the server now."""
        return self._contact

    def link(self) -> Link | None:
        """How the link is now; None: this till belongs to no server."""
        link, asked, lanes = self._link, self._last_ask, self._lanes
        if link is not None and lanes is not None:
            link = replace(link, photo_trouble=lanes.photos.trouble)
        if link is None or asked is None:
            return link
        return replace(link, last_ask_ms=asked[0], ask_failed=asked[1])

    # ------------------------------------------------------------------ questions

    def look_up(self, wanted: LookUpWanted) -> LookUpAnswer:
        """As the services' port says."""

        def ask(lane: AskLane) -> LookedUp:
            found = lane.look_up(_question(wanted))
            epoch = self._inbox.server_epoch()
            if epoch is not None:
                self._inbox.learn(found, server_epoch=epoch)
            return LookedUp(tuple(each.member for each in found.members))

        return self._asked(ask)

    def reserve(self, wanted: Reservation) -> ReserveAnswer:
        """As the services' port says."""
        return self._asked(partial(keep_for_sale, wanted, ASK_S))

    def void(self, reservation_id: str) -> VoidAnswer:
        """As the services' port says."""

        def ask(lane: AskLane) -> Voided:
            answer = lane.void(wire.Void(reservation=reservation_id), seconds=ASK_S)
            return Voided(reservation_id, answer.posted)

        return self._asked(ask)

    def grant(self, wanted: GrantWanted) -> GrantAnswer:
        """As the services' port says."""

        def ask(lane: AskLane) -> Granted | Declined:
            asked = wire.GrantWanted(
                grant=wanted.grant_id,
                member=wanted.member_id,
                points=wanted.points,
                coupons=wanted.coupons,
                entitlements=dict(wanted.entitlements),
                hours=wanted.hours,
            )
            answer = lane.grant(asked, seconds=ASK_S)
            if answer.given is None:
                refused = answer.refusal
                return Declined("refused") if refused is None else Declined(refused.code)
            given: PointGrant = grant_told(answer.given)
            self._room.lane.run(lambda work: work.grants.put(given))
            return Granted(given)

        return self._asked(ask)

    def page(self, wanted: PageWanted) -> PageAnswer:
        """As the services' port says."""
        return self._asked(partial(phone_link, wanted))

    def messages(self, member_id: str) -> MessagesAnswer:
        """As the services' port says."""
        return self._asked(partial(keep_messages, self._room.lane, member_id))

    def photo(self, sought: PhotoSought) -> PhotoAnswer:
        """As the services' port says."""
        lanes, ask = self._lanes, partial(bring_photo, self._room.lane, self._clock, sought)
        return NoServer() if lanes is None else _answered(lanes.photos, ask)

    def compare(self) -> CompareAnswer:
        """As the services' port says."""
        with self._counting:
            return self._asked_aside(lambda lane: Compared(self._comparison.compare(lane.compare)))

    def enrol(
        self,
        address: str,
        code: str,
        tell: Callable[[EnrolStep], object],
        name: str,
        note: Note,
    ) -> EnrolAnswer:
        """As the services' port says; a till that was joined is joined anew."""
        with self._joining:
            self._part()
            try:
                return self._enroller.enrol(address, code, name, tell, note)
            finally:
                self._join()

    def _asked(self, ask: Callable[[AskLane], T]) -> T | NoServer | NoAnswer | Declined:
        lanes = self._lanes
        if lanes is None:
            return NoServer()
        answer = _answered(lanes.ask, ask)
        self._last_ask = self._clock.wall_ms(), isinstance(answer, NoAnswer)
        self._news()
        return answer

    def _asked_aside(self, ask: Callable[[DeskLane], T]) -> T | NoServer | NoAnswer | Declined:
        """How the link is, the counter's questions tell: not one that merely took long."""
        lanes = self._lanes
        return NoServer() if lanes is None else _answered(lanes.desk, ask)

    # ------------------------------------------------------------------ joining

    def _join(self) -> None:
        """Make and start lanes, where this till is enrolled and runs. Holds `_joining`."""
        if not self._runs:
            return
        room = self._room
        who, here = room.lane.run(lambda work: (work.enrolment.read(), work.device.read()))
        self._recall()
        if who is None or here is None or who.key_id is None:
            again = Link("needs_person", reason="restored_till")
            self._tell(None if who is None else again)
            return
        till = Till(
            outbox=TillOutbox(room.lane, self._clock),
            inbox=self._inbox,
            clock=self._clock,
            credentials=self._credentials,
            url=who.server_url,
            epoch=here.epoch,
            workspace=room.workspace,
            language=room.language,
            photos=TillPhotos(room.lane),
        )
        self._tell(Link())
        self._comparison = Comparison(room.lane, self._clock)
        self._lanes = Lanes(till, chance=secrets.SystemRandom().random, on_status=self._hear)
        if not self._cable_in:
            self._lanes.switch(on=False)
        self._lanes.start()

    def _part(self) -> None:
        """End the lanes. Holds `_joining`."""
        lanes, self._lanes = self._lanes, None
        if lanes is not None:
            lanes.stop()
        self._contact, self._heard_ms = replace(self._contact, is_there=False), None

    def _hear(self, status: Status) -> None:
        """A thread of the lanes says how sync stands; never two at once."""
        heard = self._contact.heard_monotonic_ms
        if status.last_pull_ms != self._heard_ms:
            self._heard_ms, heard = status.last_pull_ms, self._clock.monotonic_ms()
        self._contact = _after(self._contact, contact_of(status, heard))
        self._free_for_photos(_is_there(status) and not status.backlog.pending)
        before, link = self._link, link_of(status)
        self._tell(link)
        self._keep_contact()
        if before is None or (before.wire, before.reason) != (link.wire, link.reason):
            self._keep_link(link)

    def _free_for_photos(self, is_free: bool) -> None:
        """Pictures may go from now on: everything else went."""
        was_free, self._is_free, lanes = self._is_free, is_free, self._lanes
        if is_free and not was_free and lanes is not None:
            lanes.photos.look()

    def _recall(self) -> None:
        """What was known of the server before this till was started, or tried to enrol, again.

        Nothing where it belongs to another server now: the store forgot it. Holds `_joining`.
        """
        boot_id = self._room.now().boot_id
        kept = self._room.lane.run(lambda work: work.inbox.last_contact(boot_id))
        if self._contact.heard_monotonic_ms is None or kept == NO_CONTACT:
            self._contact, self._kept_ms = kept, kept.heard_monotonic_ms

    def _keep_contact(self) -> None:
        """Once a minute: a till that is started again without a server goes on from there."""
        contact, boot_id = self._contact, self._room.now().boot_id
        heard, kept = contact.heard_monotonic_ms, self._kept_ms
        if heard is None or (kept is not None and 0 <= heard - kept < KEEP_EVERY_MS):
            return
        self._room.lane.run(lambda work: work.inbox.put_contact(contact, boot_id))
        self._kept_ms = heard

    def _keep_link(self, link: Link) -> None:
        """For whoever is called when it does not work."""
        at_ms = self._clock.wall_ms()
        self._room.lane.run(lambda w: w.inbox.put_link(link.wire, link.reason, at_ms=at_ms))

    def _tell(self, link: Link | None) -> None:
        self._link = link
        self._news()


def _answered(lane: L, ask: Callable[[L], T]) -> T | NoAnswer | Declined:
    try:
        return ask(lane)
    except (Unreachable, Garbled, Busy):
        return NoAnswer()
    except Refused as error:
        return Declined(error.code, error.detail)
    except Exception:  # the store's own errors: a sale goes on without the answer
        LOG.exception("an answer of the server could not be kept")
        return NoAnswer()


def contact_of(status: Status, heard_ms: int | None) -> Contact:
    """What is known of the server; `heard_ms`: when all of it was known last (monotonic)."""
    offset = status.offset
    return Contact(
        is_there=_is_there(status),
        heard_monotonic_ms=heard_ms,
        offset_ms=None if offset is None else offset.ms,
        offset_monotonic_ms=None if offset is None else offset.at.monotonic_ms,
        offset_server_ms=None if offset is None else offset.at.wall_ms + offset.ms,
    )


def _after(before: Contact, now: Contact) -> Contact:
    """What lanes made anew do not know yet is known from before."""
    now = replace(now, was_restarted=before.was_restarted and now.heard_monotonic_ms is None)
    if now.offset_ms is not None:
        return now
    return replace(
        now,
        offset_ms=before.offset_ms,
        offset_monotonic_ms=before.offset_monotonic_ms,
        offset_server_ms=before.offset_server_ms,
    )


def link_of(status: Status) -> Link:
    """The status as screens know it."""
    return Link(
        wire=status.state,
        since_ms=status.since_ms,
        reason=status.reason or "",
        sending=status.sending,
        last_ms=status.last_pull_ms,
        last_push_ms=status.last_push_ms,
        last_pull_ms=status.last_pull_ms,
        ahead_ms=None if status.offset is None else status.offset.ms,
    )


def _is_there(status: Status) -> bool:
    """A dead letter waits for a person while everything else goes on."""
    waits_for_person = status.state == "needs_person" and status.reason == "set_aside"
    return status.state in ("online", "behind") or waits_for_person


def _question(wanted: LookUpWanted) -> wire.LookUp:
    return wire.LookUp(
        card=wanted.card,
        claim=wanted.phone_claim,
        member=wanted.member_id,
        receipt=wanted.receipt,
    )

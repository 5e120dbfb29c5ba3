"""Ask: what a cashier waits for (members looked up, points reserved, grants), and the desk's sums.

Owns: the threads of both, their limits of time, trying again with the same id. Does not own:
pushing and pulling (lane.py), what is done where nobody answers (the services: offline rules).

The desk's questions take long to answer: they have a thread and a connection of their own, so that
the next customer's look-up never stands behind them.
"""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Any, ClassVar, TypeVar

from sync.errors import Busy, Garbled, NotAllowed, Unreachable
from sync.event import Heard, Now
from sync.ports import Clock
from sync.protocol import (
    AnswersBehind,
    AnswersBehindWanted,
    CampaignTold,
    CampaignWanted,
    CohortsBehind,
    CohortsBehindWanted,
    DaysBehind,
    DaysBehindWanted,
    Digest,
    DigestAnswer,
    FiguresTold,
    FiguresWanted,
    GrantAnswer,
    GrantWanted,
    HoursBehind,
    HoursBehindWanted,
    LookUp,
    LookUpAnswer,
    Message,
    MessagesTold,
    MessagesWanted,
    PageGiven,
    PageWanted,
    PeopleBehind,
    PeopleBehindWanted,
    PosterGiven,
    PosterWanted,
    ReceiptsBehind,
    ReceiptsBehindWanted,
    Reserve,
    Reserved,
    Void,
    Voided,
)
from sync.push import ANEW
from sync.session import Session
from sync.transport import Call, Transport
from sync.waiting import end, wait_for

LOOK_UP_S = 2.0
"""A cashier stands there; who is unknown by then is treated as unknown and offline."""
RESERVE_S = 5.0
CAMPAIGN_S = 10.0
"""Nobody stands at the till for it."""
FIGURES_S = 10.0
"""Somebody reads, and may stop waiting."""
TRIES = 3
"""The same id gets the same answer, so a lost one is asked for again."""

M = TypeVar(
    "M", LookUpAnswer, Reserved, Voided, GrantAnswer, PageGiven, DigestAnswer, MessagesTold,
    CampaignTold, PosterGiven, FiguresTold, DaysBehind, HoursBehind, PeopleBehind, ReceiptsBehind,
    AnswersBehind, CohortsBehind,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Job:
    path: str
    message: Message
    kind: Any
    tries: int
    seconds: float
    done: Future[Any]


class _Asking:
    """Questions with an answer. Each call blocks its caller for at most the time it names, and
    raises Unreachable, Garbled or Refused. After one of the first two it is not known whether the
    server acted: the same id may be sent again at any time.
    """

    _name: ClassVar[str]

    def __init__(
        self, transport: Transport, session: Session, clock: Clock, heard: Callable[[Heard], None]
    ) -> None:
        self._transport = transport
        self._session = session
        self._clock = clock
        self._heard = heard
        self._jobs: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        self.thread = threading.Thread(target=self._run, name=self._name, daemon=True)
        self._cut = threading.Event()

    def start(self) -> None:
        """Begin to answer."""
        self.thread.start()

    def stop(self) -> None:
        """End at once; who waits is told Unreachable."""
        self._cut.set()
        self._transport.abort()
        self._jobs.put(None)

    def switch(self, *, on: bool) -> None:
        """Pull the cable, or put it back."""
        (self._cut.clear if on else self._cut.set)()

    # ------------------------------------------------------------------ the lane

    def _ask(self, path: str, message: Message, kind: type[M], tries: int, seconds: float) -> M:
        if self._cut.is_set():
            raise Unreachable("nothing is said to the server at the moment")
        job = _Job(path, message, kind, tries, seconds, Future())
        self._jobs.put(job)
        answer: M = wait_for(job.done, seconds)
        return answer

    def _run(self) -> None:
        while (job := self._jobs.get()) is not None:
            if not job.done.cancelled():
                self._do(job)
        while not self._jobs.empty():
            left = self._jobs.get()
            if left is not None:
                end(left.done, Unreachable("sync stops"))

    def _do(self, job: _Job) -> None:
        for attempt in range(1, job.tries + 1):
            try:
                answer = self._said(job)
            except (Unreachable, Garbled, Busy) as error:
                if attempt == job.tries or job.done.cancelled():
                    end(job.done, error)
                    return
            except Exception as error:  # noqa: BLE001 - whoever waits is told, whatever it was
                end(job.done, error)
                return
            else:
                end(job.done, answer)
                return

    def _said(self, job: _Job) -> Any:
        sent = Now(self._clock.wall_ms(), self._clock.monotonic_ms())
        token = self._session.token(self._transport, job.seconds)
        try:
            answer = self._send(job, token)
        except NotAllowed as error:
            if error.code not in ANEW:
                raise
            self._session.renew(self._transport, token, job.seconds)
            sent = Now(self._clock.wall_ms(), self._clock.monotonic_ms())
            answer = self._send(job, self._session.token(self._transport, job.seconds))
        self._heard(Heard(answer.server_ms, sent))
        return answer

    def _send(self, job: _Job, token: str) -> Any:
        call = Call(job.path, job.message, token=token, answer_s=job.seconds)
        return self._transport.send(call, job.kind)


class AskLane(_Asking):
    """What somebody at the counter waits for."""

    _name = "sync-ask"

    def look_up(self, wanted: LookUp, *, seconds: float = LOOK_UP_S) -> LookUpAnswer:
        """Members by card, claim, id or receipt."""
        return self._ask("ask/lookup", wanted, LookUpAnswer, 1, seconds)

    def reserve(self, wanted: Reserve, *, seconds: float = RESERVE_S) -> Reserved:
        """Keep points, coupons or pieces for a sale. If nobody answers, sell by the offline rules:
        what was reserved in spite of that ends by itself, or with the sale that names it."""
        return self._ask("ask/reserve", wanted, Reserved, TRIES, seconds)

    def void(self, wanted: Void, *, seconds: float = RESERVE_S) -> Voided:
        """The sale will not be. Not reached, the reservation ends after its seconds."""
        return self._ask("ask/void", wanted, Voided, TRIES, seconds)

    def grant(self, wanted: GrantWanted, *, seconds: float = RESERVE_S) -> GrantAnswer:
        """A part of a balance for this till alone, to spend while offline."""
        return self._ask("ask/grant", wanted, GrantAnswer, TRIES, seconds)

    def page(self, wanted: PageWanted) -> PageGiven:
        """A link for a customer's own phone; each answer is another link, unused ones just end."""
        return self._ask("ask/page", wanted, PageGiven, 1, LOOK_UP_S)

    def messages(self, wanted: MessagesWanted) -> MessagesTold:
        """What was sent to a member."""
        return self._ask("ask/messages", wanted, MessagesTold, 1, LOOK_UP_S)

    def poster(self, wanted: PosterWanted) -> PosterGiven:
        """The link on the poster of a campaign; the same each time."""
        return self._ask("ask/poster", wanted, PosterGiven, TRIES, LOOK_UP_S)


class DeskLane(_Asking):
    """What adds up much: somebody reads it, or nobody waits at all."""

    _name = "sync-desk"

    def campaign(self, wanted: CampaignWanted) -> CampaignTold:
        """What a campaign brought in the whole chain; adds up much where many belong to it."""
        return self._ask("ask/campaign", wanted, CampaignTold, 1, CAMPAIGN_S)

    def figures(self, wanted: FiguresWanted) -> FiguresTold:
        """What the days of the whole chain come to; adds up much of a long span."""
        return self._ask("ask/figures", wanted, FiguresTold, 1, FIGURES_S)

    def figure_days(self, wanted: DaysBehindWanted) -> DaysBehind:
        """The sums of each day."""
        return self._ask("ask/figures/days", wanted, DaysBehind, 1, FIGURES_S)

    def figure_hours(self, wanted: HoursBehindWanted) -> HoursBehind:
        """The sales of a day by the hour."""
        return self._ask("ask/figures/hours", wanted, HoursBehind, 1, FIGURES_S)

    def figure_people(self, wanted: PeopleBehindWanted) -> PeopleBehind:
        """A page of the members behind a figure."""
        return self._ask("ask/figures/people", wanted, PeopleBehind, 1, FIGURES_S)

    def figure_receipts(self, wanted: ReceiptsBehindWanted) -> ReceiptsBehind:
        """A page of a day's receipts."""
        return self._ask("ask/figures/receipts", wanted, ReceiptsBehind, 1, FIGURES_S)

    def figure_answers(self, wanted: AnswersBehindWanted) -> AnswersBehind:
        """A page of what customers said."""
        return self._ask("ask/figures/answers", wanted, AnswersBehind, 1, FIGURES_S)

    def figure_cohorts(self, wanted: CohortsBehindWanted) -> CohortsBehind:
        """What became of whoever bought first in a month."""
        return self._ask("ask/figures/cohorts", wanted, CohortsBehind, 1, FIGURES_S)

    def compare(self, digest: Digest) -> DigestAnswer:
        """How the server counted what this till counted."""
        return self._ask("digest", digest, DigestAnswer, TRIES, RESERVE_S)

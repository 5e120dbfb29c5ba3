"""What the web side needs from the rest of the server.

Owns: the shape of an act, the acts there are, limits, and `Server`, which holds them all. Does not
own: any of them; main.py's command joins them.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol, TypeVar

from sqlalchemy import Connection

from app.wording import Wording
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
    MessagesTold,
    MessagesWanted,
    PageGiven,
    PageWanted,
    PeopleBehind,
    PeopleBehindWanted,
    PhotoGiven,
    PhotoKept,
    PhotoPart,
    PhotoWanted,
    PosterGiven,
    PosterWanted,
    PullAnswer,
    Push,
    PushAnswer,
    ReceiptsBehind,
    ReceiptsBehindWanted,
    Reserve,
    Reserved,
    Snapshot,
    SnapshotWanted,
    Void,
    Voided,
)
from sync.server.database import ServerDatabase
from sync.server.device import Device
from sync.server.secret import Chance, ServerSecret, system_chance

Asked_contra = TypeVar("Asked_contra", contravariant=True)
Answer_co = TypeVar("Answer_co", covariant=True)
Answer_contra = TypeVar("Answer_contra", contravariant=True)


class Act(Protocol[Asked_contra, Answer_co]):
    """One thing a device may ask for, inside one transaction; may run again where it was given up.

    What the device may do at all was checked; a `device` that is revoked only ever pushes.
    """

    def __call__(
        self, connection: Connection, device: Device, asked: Asked_contra, now_ms: int, /
    ) -> Answer_co: ...


class Then(Protocol[Asked_contra, Answer_contra]):
    """What an act that only read sets off: it looks first, and writes in a short transaction."""

    def __call__(
        self,
        database: ServerDatabase,
        device: Device,
        said: tuple[Asked_contra, Answer_contra],
        now_ms: int,
        /,
    ) -> None: ...


@dataclass(frozen=True, slots=True)
class PullWanted:
    """Events of a stream behind a place. The stream is one of the device's own."""

    stream: str
    after: int


StreamOf = tuple[str, str]
"""(tenant, stream)."""


@dataclass(frozen=True, slots=True)
class Acts:
    """What the server does; every function over one connection. Nothing is served that is None."""

    heads: Callable[[Connection, Collection[StreamOf]], Mapping[StreamOf, int]]
    """The newest place of each stream; absent = empty. Cheap: asked again and again."""
    server_epoch: Callable[[Connection, str], int]
    """Of a tenant; raised when the server was restored."""
    behind: tuple[Callable[[ServerDatabase, str, int], int], ...] = ()
    """Work for (tenant, now) that no push waits for, each in short transactions of its own; how
    much was done, zero: nothing is left."""
    tenants: Callable[[Connection], Collection[str]] | None = None
    """Whose work is looked for at times, whether anybody pushes or not; None = nobody's."""
    build: Callable[[ServerDatabase, str, int], int] | None = None
    """The same over transactions of its own, for what takes long: snapshots."""
    push: Act[Push, PushAnswer] | None = None
    pull: Act[PullWanted, PullAnswer] | None = None
    look_up: Act[LookUp, LookUpAnswer] | None = None
    reserve: Act[Reserve, Reserved] | None = None
    void: Act[Void, Voided] | None = None
    grant: Act[GrantWanted, GrantAnswer] | None = None
    digest: Act[Digest, DigestAnswer] | None = None
    """It only reads: it counts whole days of facts, and no push waits for that."""
    digest_told: Then[Digest, DigestAnswer] | None = None
    page: Act[PageWanted, PageGiven] | None = None
    messages: Act[MessagesWanted, MessagesTold] | None = None
    campaign: Act[CampaignWanted, CampaignTold] | None = None
    """It only reads: no push waits for its sums."""
    figures: Act[FiguresWanted, FiguresTold] | None = None
    """It only reads, too, and so does what is told of what stands behind it."""
    figure_days: Act[DaysBehindWanted, DaysBehind] | None = None
    figure_hours: Act[HoursBehindWanted, HoursBehind] | None = None
    figure_people: Act[PeopleBehindWanted, PeopleBehind] | None = None
    figure_receipts: Act[ReceiptsBehindWanted, ReceiptsBehind] | None = None
    figure_answers: Act[AnswersBehindWanted, AnswersBehind] | None = None
    figure_cohorts: Act[CohortsBehindWanted, CohortsBehind] | None = None
    poster: Act[PosterWanted, PosterGiven] | None = None
    photo: Act[PhotoPart, PhotoKept] | None = None
    photo_wanted: Act[PhotoWanted, PhotoGiven] | None = None
    snapshot: Act[SnapshotWanted, Snapshot] | None = None
    """Begins one, or says how far it is."""
    snapshot_file: Act[str, Path | None] | None = None
    """The finished file of a snapshot of this device; None = no such, or not yet."""


@dataclass(frozen=True, slots=True)
class Rate:
    """A bucket: so many at once, and so many more each second."""

    burst: int
    per_second: float


@dataclass(frozen=True, slots=True)
class Limits:
    """How much is let through. Buckets are each worker's own."""

    device: Rate = Rate(400, 200)
    """Requests of one device with a good token: stops a till that has gone mad, not a busy one."""
    knock: Rate = Rate(1_000, 20)
    """Challenges and tokens of one address: a whole chain may stand behind it."""
    enrol: Rate = Rate(30, 1)
    """Enrolments of one address."""
    wrong: Rate = Rate(100, 5)
    """Bad credentials of one address."""
    threads: int = 8
    """Transactions at one time."""
    waiting: int = 200
    """Requests that may wait for one of them; the next hears "busy"."""
    watch_ms: int = 500
    """How often the heads of awaited streams are read."""
    behind_s: int = 300
    """How often work is looked for that no push set off: a new day, a key that has to be turned."""
    body_s: int = 30
    """How long a body may take to arrive."""


@dataclass(frozen=True, slots=True)
class Server:
    """Everything the web side stands on."""

    database: ServerDatabase
    secret: ServerSecret
    acts: Acts
    clock: Clock
    wording: Callable[[str], Wording]
    """The sentences of a language of app.wording.LANGUAGES."""
    chance: Chance = system_chance
    limits: Limits = field(default_factory=Limits)

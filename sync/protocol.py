"""The protocol: what a till and the server say to each other. Both ends read this file first.

Owns: versions, limits, every message as a type, and how messages become bytes. Does not own: when
to say what (core.py), HTTP (transport.py, server/web), what the facts inside mean (app.domain).
Messages are JSON. Facts travel as the opaque bytes they were made of, in base64: nobody on the way
writes them anew. A message that has landed is never changed: a new shape is a new type beside it
and a new version. Times are milliseconds since 1970, money is minor units, no floats anywhere.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal, TypeAlias, TypeVar

import msgspec
from msgspec import Meta, Struct

from app.domain.ids import OpId

# ------------------------------------------------------------------ versions and limits

VERSION = 1
VERSIONS_SPOKEN = (1,)
"""This version and up to two before it. An older till may still push."""
VERSION_HEADER = "Zhanggui-Protocol"
RETRY_HEADER = "Retry-After"

PUSH_OPS_MAX = 200
PUSH_BYTES_MAX = 512 * 1024
"""Of one request, before compression. One fact of 64 KiB fits several times."""
ASK_BYTES_MAX = 64 * 1024
PULL_EVENTS_MAX = 100
"""A till applies one answer in one transaction; checkout waits for no longer one."""
PULL_BYTES_MAX = 4 * 1024 * 1024
PULL_WAIT_S_MAX = 25
EPOCH_MAX = 36**2 - 1
"""Two signs of a receipt code name the epoch."""
GZIP_LEVEL = 1
GZIP_FROM_BYTES = 1024
PATH_PREFIX = "/v1"

# ------------------------------------------------------------------ values in what a till sends
# The bounds stand in the types: a value no store could keep is refused with its path, before
# anybody looks at it. NUL is no text for PostgreSQL.

WireName: TypeAlias = Annotated[str, Meta(min_length=1, max_length=64, pattern=r"^[!-~]+$")]
"""An id or code: printable ASCII without spaces."""
WireText: TypeAlias = Annotated[str, Meta(max_length=200, pattern=r"^[^\x00]*$")]
WireCount: TypeAlias = Annotated[int, Meta(ge=0, le=2**53 - 1)]
WireSum: TypeAlias = Annotated[int, Meta(ge=-(2**53) + 1, le=2**53 - 1)]
WirePlace: TypeAlias = Annotated[int, Meta(ge=1, le=2**53 - 1)]
WireEpoch: TypeAlias = Annotated[int, Meta(ge=0, le=EPOCH_MAX)]
WireFact: TypeAlias = Annotated[bytes, Meta(max_length=PUSH_BYTES_MAX)]
WireSmall: TypeAlias = Annotated[bytes, Meta(max_length=256)]

# ------------------------------------------------------------------ every message


class Message(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The base of all messages: fields a reader does not know are passed over."""


class Problem(Message, frozen=True, kw_only=True, omit_defaults=True):
    """Why a whole request got no answer (`application/problem+json`, RFC 9457).

    It speaks of transport and rights only; what became of an op stands in its OpAnswer.
    """

    title: str
    status: int
    code: str
    """One of the codes of errors.py; what programs decide by."""
    detail: str = ""
    """A sentence for a person, in the language asked for by Accept-Language."""
    fields: dict[str, str] = {}
    """Path of a value that was not understood, and what is wrong with it."""
    retry_after_s: int | None = None


# ------------------------------------------------------------------ push


class Op(Message, frozen=True, kw_only=True, omit_defaults=True):
    """One fact or request in its envelope. The device is the one the token was made out for."""

    op_id: WireName
    epoch: WireEpoch
    dseq: WirePlace
    """Contiguous from 1 within device and epoch."""
    hash: WireSmall
    """chain.chain_hash of `data` linked to the op before."""
    data: WireFact
    """The canonical bytes, as stored when it happened."""


class MemberKey(Message, frozen=True, kw_only=True, omit_defaults=True):
    """The key under which a member's personal data stands in facts (32 bytes)."""

    member: WireName
    key_id: WireName
    secret: WireSmall


class Push(Message, frozen=True, kw_only=True, omit_defaults=True):
    """`POST /v1/push`: ops in the order of dseq, and the keys of members made on this till.

    Without ops it asks for the heads, and whether the link is there.
    """

    ops: Annotated[tuple[Op, ...], Meta(max_length=PUSH_OPS_MAX)]
    keys: tuple[MemberKey, ...] = ()
    offset_ms: WireSum | None = None
    """The last measured server offset; a big one warns, it orders nothing."""
    final: bool = False
    """Nothing else is pending: the till waits for nothing but answers."""


Outcome: TypeAlias = Literal[
    "accepted",
    "accepted_adjusted",  # counted; the account differs from what the receipt promised
    "quarantined",  # counted under held keys, until head office released it
    "rejected",  # requests only: a fact is never rejected
    "retry",  # not looked at: an op before it has to come first
    "fork",  # this key was used for other bytes: a cloned or restored till
]

FINAL_OUTCOMES = frozenset({"accepted", "accepted_adjusted", "quarantined", "rejected"})
"""Those the server keeps for ever, and gives again to every duplicate."""

AdjustmentKind: TypeAlias = Literal[
    "overdraft", "coupon_used_twice", "entitlement_used_twice", "piece_refunded_twice",
    "price_differs", "reservation_expired", "floor_exceeded", "grant_exceeded", "day_changed",
    "pass_used_twice", "occasion_given_twice", "phone_taken", "foreign_store", "unreadable",
    "revoked_device", "approved_by_unknown", "own_membership",
]  # fmt: skip


class Adjustment(Message, frozen=True, kw_only=True, omit_defaults=True):
    """In what the server's account differs from the receipt, which stands all the same."""

    kind: AdjustmentKind
    case: str
    """The exception that tells the story."""
    points: int = 0
    """By how much the balance differs from what the till showed; signed."""
    text: dict[str, str] = {}
    """Values for the sentence of this kind; never personal data."""


class Refusal(Message, frozen=True, kw_only=True, omit_defaults=True):
    """Why a request was rejected."""

    code: str
    text: str = ""
    fields: dict[str, str] = {}


class OpAnswer(Message, frozen=True, kw_only=True, omit_defaults=True):
    """What became of one op. Asked again, the server says the same again, for ever."""

    op_id: OpId
    epoch: int
    dseq: int
    outcome: Outcome
    duplicate: bool = False
    """It was known before: `outcome` and all else are those of the first time."""
    day: date | None = None
    """The business date it counts on."""
    adjustments: tuple[Adjustment, ...] = ()
    refusal: Refusal | None = None


class PushAnswer(Message, frozen=True, kw_only=True, omit_defaults=True):
    """One answer per op, in the order of the ops."""

    answers: tuple[OpAnswer, ...]
    server_ms: int
    server_epoch: int
    """Raised when the server was restored: the till bootstraps anew and pushes what it kept."""
    heads: dict[int, int] = {}
    """Per epoch of this device, the highest dseq below which the server misses nothing."""


# ------------------------------------------------------------------ pull


class ProgramPublished(
    Message, frozen=True, kw_only=True, omit_defaults=True, tag_field="kind", tag="program.1"
):
    """A program the owner put in force (stream chain)."""

    id: str
    version: str
    announced: date
    effective: date
    toml: str


class CatalogueItem(Message, frozen=True, kw_only=True, omit_defaults=True):
    """One product as head office wants it; fields as app.domain.shelf.Product."""

    sku: str
    name: str
    category: str = ""
    unit_price_minor: int | None = None
    member_price_minor: int | None = None
    tax_rate: str | None = None
    unit: str = ""
    weighed: bool = False
    scale_code: str | None = None
    active: bool = True
    codes: tuple[str, ...] = ()


class CatalogueChanged(
    Message, frozen=True, kw_only=True, omit_defaults=True, tag_field="kind", tag="catalogue.1"
):
    """Products new or changed (stream chain)."""

    items: tuple[CatalogueItem, ...]


class PassKey(Message, frozen=True, kw_only=True, omit_defaults=True):
    """A key that signed passes are checked with (Ed25519, 32 bytes). Two overlap at rotation."""

    key_id: str
    public: bytes
    from_ms: int
    until_ms: int


class PassKeysChanged(
    Message, frozen=True, kw_only=True, omit_defaults=True, tag_field="kind", tag="pass_keys.1"
):
    """All pass keys now in force (stream chain)."""

    keys: tuple[PassKey, ...]


class MemberConfirmed(
    Message, frozen=True, kw_only=True, omit_defaults=True, tag_field="kind", tag="member.1"
):
    """A member and his account as the server folded it (stream store).

    The till shows it with its own facts on top that no mark in it covers (account.covered).
    """

    member: str
    """The survivor: the smallest id of those the account includes."""
    version: int
    """Raised with every change of this account; a smaller one than known is passed over."""
    account: bytes
    """account.account_bytes."""
    days: dict[OpId, date] = {}
    """Confirmed business dates of sales that effects in it, or coming to it, may name."""
    cards: tuple[str, ...] = ()
    """The first is the one in use."""
    status: Literal["active", "frozen", "erased"] = "active"
    home_store: str = ""
    profile: bytes | None = None
    """Name, phone, birthday, salutation and note as JSON; None where erased."""
    keys: tuple[MemberKey, ...] = ()


class StaffCleared(Message, frozen=True, kw_only=True, omit_defaults=True):
    """Somebody who may work in this store; the verifier of his PIN travels nowhere else."""

    staff: str
    name: str
    role: str
    permissions: tuple[str, ...]
    pin_hash: str | None = None
    badge: str | None = None
    members: tuple[str, ...] = ()
    active: bool = True


class StaffChanged(
    Message, frozen=True, kw_only=True, omit_defaults=True, tag_field="kind", tag="staff.1"
):
    """Staff new, changed or no longer cleared (stream store)."""

    staff: tuple[StaffCleared, ...]


class FactKnown(
    Message, frozen=True, kw_only=True, omit_defaults=True, tag_field="kind", tag="fact.1"
):
    """A sale or refund of this store by another till: refundable here as long as it is held."""

    device: str
    epoch: int
    dseq: int
    day: date
    data: bytes


class AnswerChanged(
    Message, frozen=True, kw_only=True, omit_defaults=True, tag_field="kind", tag="answer.1"
):
    """A quarantined op was released, or a request decided (stream device)."""

    answer: OpAnswer


class GrantGiven(
    Message, frozen=True, kw_only=True, omit_defaults=True, tag_field="kind", tag="grant.1"
):
    """A part of a balance, coupons and uses that belong to this device alone (stream device)."""

    grant: str
    member: str
    buckets: dict[int, int] = {}
    """Points per expiry month (Month.index)."""
    coupons: tuple[str, ...] = ()
    entitlements: dict[str, int] = {}
    ends_ms: int


class GrantEnded(
    Message, frozen=True, kw_only=True, omit_defaults=True, tag_field="kind", tag="grant_ended.1"
):
    """A grant was released or written off (stream device)."""

    grant: str
    why: Literal["released", "written_off"]


class Commanded(
    Message, frozen=True, kw_only=True, omit_defaults=True, tag_field="kind", tag="command.1"
):
    """What this till has to do (stream device)."""

    command: Literal["push_again", "bootstrap", "enrol_again"]
    epoch: int | None = None
    above: int | None = None
    """push_again: the facts of `epoch` with a larger dseq."""


Event: TypeAlias = (
    ProgramPublished
    | CatalogueChanged
    | PassKeysChanged
    | MemberConfirmed
    | StaffChanged
    | FactKnown
    | AnswerChanged
    | GrantGiven
    | GrantEnded
    | Commanded
)


class Positioned(Message, frozen=True, kw_only=True, omit_defaults=True):
    """An event at its place: places of one stream are contiguous from 1."""

    at: int
    event: Event


class PullAnswer(Message, frozen=True, kw_only=True, omit_defaults=True):
    """`GET /v1/pull?stream=&after=&wait=`: what came after; empty when the wait went by.

    The cursor moves with the events in one transaction, or not at all. `too_old`: these places
    are no longer kept, a snapshot is needed.
    """

    stream: str
    events: tuple[Positioned, ...] = ()
    head: int
    """The newest place of the stream."""
    server_ms: int
    server_epoch: int
    too_old: bool = False


# ------------------------------------------------------------------ ask


class LookUp(Message, frozen=True, kw_only=True, omit_defaults=True):
    """`POST /v1/ask/lookup`: members by exactly one of these; the server keeps no open numbers."""

    card: WireName | None = None
    claim: WireText | None = None
    """The keyed hash of a phone or of an outside id."""
    member: WireName | None = None
    receipt: WireName | None = None


class LookUpAnswer(Message, frozen=True, kw_only=True, omit_defaults=True):
    """Empty = known to nobody. With `receipt` also the sale and its refunds, if any."""

    members: tuple[MemberConfirmed, ...] = ()
    facts: tuple[FactKnown, ...] = ()
    server_ms: int


class PiecesWanted(Message, frozen=True, kw_only=True, omit_defaults=True):
    """Pieces [start, end) of a line of a sale that another till sold."""

    line: WireText
    start: WireCount
    end: WireCount


class Reserve(Message, frozen=True, kw_only=True, omit_defaults=True):
    """`POST /v1/ask/reserve`: keep this for one sale. Sent again with the same id, the same
    answer comes; it ends by the sale that names it, by Void, or after `seconds`.
    """

    reservation: WireName
    member: WireName | None = None
    points: WireCount = 0
    coupons: tuple[WireName, ...] = ()
    entitlements: dict[WireName, WireCount] = {}
    sale: WireName | None = None
    pieces: tuple[PiecesWanted, ...] = ()
    seconds: Annotated[int, Meta(ge=1, le=86_400)] = 900


class Reserved(Message, frozen=True, kw_only=True, omit_defaults=True):
    """Kept, all of it or nothing (`refusal`)."""

    reservation: OpId
    ends_ms: int = 0
    refusal: Refusal | None = None
    available: int = 0
    """Points that could be reserved now."""
    server_ms: int


class Void(Message, frozen=True, kw_only=True, omit_defaults=True):
    """`POST /v1/ask/void`: the sale will not be. Unknown and ended ones are fine too."""

    reservation: WireName


class Voided(Message, frozen=True, kw_only=True, omit_defaults=True):
    """Nothing is kept under this id any more, unless `posted`: a sale has used it."""

    reservation: OpId
    posted: bool = False
    server_ms: int


class GrantWanted(Message, frozen=True, kw_only=True, omit_defaults=True):
    """`POST /v1/ask/grant`: points, coupons and uses to spend while offline."""

    grant: WireName
    member: WireName
    points: WireCount = 0
    coupons: tuple[WireName, ...] = ()
    entitlements: dict[WireName, WireCount] = {}
    hours: Annotated[int, Meta(ge=1, le=24 * 31)] = 24


class GrantAnswer(Message, frozen=True, kw_only=True, omit_defaults=True):
    """The grant, which also stands in the device's stream; or why not."""

    given: GrantGiven | None = None
    refusal: Refusal | None = None
    server_ms: int


class PageWanted(Message, frozen=True, kw_only=True, omit_defaults=True):
    """`POST /v1/ask/page`: a one-time link for a customer's own phone, shown as a code."""

    page: Literal["join", "claim"]
    """join: becoming a member; claim: the e-card of `member`."""
    member: str | None = None


class PageGiven(Message, frozen=True, kw_only=True, omit_defaults=True):
    """The link, which opens once before `ends_ms`; or why there is none."""

    url: str | None = None
    ends_ms: int = 0
    refusal: Refusal | None = None
    server_ms: int


# ------------------------------------------------------------------ agreement


class DaySums(Message, frozen=True, kw_only=True, omit_defaults=True):
    """What one device did on one business day, counted by one side."""

    day: date
    ops: WireCount
    sales: WireCount
    tenders: dict[WireText, WireSum] = {}
    """Money by kind of tender, refunds subtracted."""
    points: dict[WireText, WireSum] = {}
    """By kind: earned, spent, given_back, taken_back, adjusted."""


class Digest(Message, frozen=True, kw_only=True, omit_defaults=True):
    """`POST /v1/digest`: how this till counted; nothing of it is ever adopted."""

    epoch: WireEpoch
    dseq: WireCount
    """Up to this op."""
    head: WireSmall
    """Its chain hash."""
    sums: tuple[DaySums, ...] = ()


class BlockHead(Message, frozen=True, kw_only=True, omit_defaults=True):
    """The chain hash at one place: the first that differs names the block to push again."""

    dseq: int
    hash: bytes


class DigestAnswer(Message, frozen=True, kw_only=True, omit_defaults=True):
    """How the server counted the same. `blocks` only where `equal` is false."""

    equal: bool
    known: int
    """The highest dseq below which the server misses nothing."""
    sums: tuple[DaySums, ...] = ()
    blocks: tuple[BlockHead, ...] = ()
    server_ms: int
    server_epoch: int


# ------------------------------------------------------------------ snapshots


class SnapshotWanted(Message, frozen=True, kw_only=True, omit_defaults=True):
    """`POST /v1/snapshot`: everything of the streams of this device, at one exact place."""

    public: WireSmall
    """X25519 key of this request: the one-time key of the file is sealed to it."""


class Snapshot(Message, frozen=True, kw_only=True, omit_defaults=True):
    """A SQLCipher file of rows (stream, event) to fetch in ranges from `/v1/snapshot/{id}`."""

    id: str
    ready: bool
    size: int = 0
    sha256: bytes = b""
    sealed_key: bytes = b""
    positions: dict[str, int] = {}
    members: int = 0
    server_ms: int
    server_epoch: int


# ------------------------------------------------------------------ enrolment


class Enrol(Message, frozen=True, kw_only=True, omit_defaults=True):
    """`POST /v1/enrol`: a one-time code against a key made on this till."""

    code: WireText
    public_key: WireSmall
    """Ed25519, 32 bytes."""
    device: WireName
    """The id the till gave itself; kept where it is free."""
    name: WireText = ""
    epoch: WireEpoch
    """The till's epoch, raised by each restore."""
    claim_secret: WireSmall | None = None
    """The first till of a tenant brings the key under which phones are hashed."""


class Enrolled(Message, frozen=True, kw_only=True, omit_defaults=True):
    """Who this till is from now on."""

    tenant: str
    device: str
    epoch: int
    store: str
    store_number: int
    till_number: int
    store_name: str = ""
    rights: tuple[str, ...] = ()
    claim_secret: bytes
    public_url: str | None = None
    """Where members' phones find e-card and joining; None = no such pages."""
    server_ms: int
    server_epoch: int


class ChallengeWanted(Message, frozen=True, kw_only=True, omit_defaults=True):
    """`POST /v1/challenge`."""

    device: WireName


class Challenge(Message, frozen=True, kw_only=True, omit_defaults=True):
    """Bytes to sign, once, within `seconds`."""

    challenge: bytes
    seconds: int


class TokenWanted(Message, frozen=True, kw_only=True, omit_defaults=True):
    """`POST /v1/token`: the signature over `signed_part(device, challenge)`."""

    device: WireName
    challenge: WireSmall
    signature: WireSmall


class Token(Message, frozen=True, kw_only=True, omit_defaults=True):
    """A bearer token for `seconds`; asked for anew a minute before."""

    token: str
    seconds: int
    server_ms: int


def signed_part(device: str, challenge: bytes) -> bytes:
    """What the device key signs: never bare bytes that somebody else chose."""
    return b"zhanggui-device-1\0" + device.encode() + b"\0" + challenge


# ------------------------------------------------------------------ bytes

# Not order="deterministic": it refuses tables keyed by months and epochs (GrantGiven, PushAnswer).
_ENCODER = msgspec.json.Encoder()
M = TypeVar("M")


def encoded(message: Message) -> bytes:
    """The bytes of a message: compact JSON, defaults left out, tables in the order they have."""
    return _ENCODER.encode(message)


def decoded(data: bytes, kind: type[M]) -> M:
    """Read a message. Raises msgspec.DecodeError (ValidationError names the path)."""
    return msgspec.json.decode(data, type=kind)

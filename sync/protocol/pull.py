"""Pull: what the streams of the server tell a till.

Owns: events, their places, the answer to a pull. Does not own: what a till makes of them (till/).
"""

from __future__ import annotations

from datetime import date
from typing import Literal, TypeAlias

from msgspec import field

from app.domain.ids import OpId
from sync.protocol.base import Message
from sync.protocol.push import MemberKey, OpAnswer


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


class Promise(Message, frozen=True, kw_only=True, omit_defaults=True):
    """A part of a member's account that is spoken for: who else spends leaves it alone."""

    id: str
    """The reservation or grant."""
    device: str
    """Whose it is; its own grant a till may spend."""
    points: int = 0
    """What is left of it."""
    coupons: tuple[str, ...] = ()
    entitlements: dict[str, int] = field(default_factory=dict)
    ends_ms: int | None = None
    """A reservation's end; None = a grant, which stands until it was released."""


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
    days: dict[OpId, date] = field(default_factory=dict)
    """Confirmed business dates of sales that effects in it, or coming to it, may name."""
    cards: tuple[str, ...] = ()
    """Those in use first."""
    cards_in_use: int = 1
    """So many of them: each of merged members may have brought his own."""
    status: Literal["active", "frozen", "erased"] = "active"
    home_store: str = ""
    profile: bytes | None = None
    """Name, phone, birthday, salutation and note as JSON; None where erased."""
    keys: tuple[MemberKey, ...] = ()
    promises: tuple[Promise, ...] = ()
    """Reservations and grants, of every till: the account still holds what they name."""
    referrer: str | None = None
    """Who sent him when he joined, by the id he goes by."""


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


class SealedFactKnown(
    Message, frozen=True, kw_only=True, omit_defaults=True, tag_field="kind", tag="sealed_fact.1"
):
    """A fact of this store about nobody's member, with the key its words are sealed under: a
    complaint of somebody who left a phone number and no card (stream store)."""

    fact: FactKnown
    keys: tuple[MemberKey, ...]


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
    buckets: dict[int, int] = field(default_factory=dict)
    """Points per expiry month (Month.index)."""
    coupons: tuple[str, ...] = ()
    entitlements: dict[str, int] = field(default_factory=dict)
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
    | SealedFactKnown
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
    """`GET /v1/pull?stream=&after=&wait=&also=`: what came after; empty when the wait went by.

    The cursor moves with the events in one transaction, or not at all. `too_old`: these places
    are no longer kept, a snapshot is needed. `also=<stream>:<place>` (repeated) names the device's
    other streams: the wait ends too when one of them has come past that place.
    """

    stream: str
    events: tuple[Positioned, ...] = ()
    head: int
    """The newest place of the stream."""
    heads: dict[str, int] = field(default_factory=dict)
    """The newest places of the streams in `also`. Empty = this server does not watch them."""
    server_ms: int
    server_epoch: int
    too_old: bool = False
